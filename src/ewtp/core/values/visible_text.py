"""Text in which nothing is hidden: characters that would act on a terminal or a log are shown instead of sent."""

from __future__ import annotations

import re

# C0 without tab and line feed, DEL, and C1, in which terminals begin their commands; and what turns the direction of
# writing around, which makes a text read differently from what it is.
_ACTING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_ACTING_OR_BREAK = re.compile(f"[\n{_ACTING.pattern[1:]}")


def has_controls(text: str) -> bool:
    """Whether some character of the text would act instead of being seen, line breaks apart."""
    return _ACTING.search(text) is not None


def show_controls(text: str) -> str:
    """The text with each control character as its escape; tabs and line breaks stay."""
    return _ACTING.sub(_escape, text)


def show_controls_and_breaks(text: str) -> str:
    """The text on one line: a line break too is shown as its escape."""
    return _ACTING_OR_BREAK.sub(_escape, text)


def escape_json_controls(json_text: str) -> str:
    """The same JSON value, with control characters that JSON allows in a string written as escapes."""
    return _ACTING.sub(lambda found: f"\\u{ord(found[0]):04x}", json_text)


def _escape(found: re.Match[str]) -> str:
    return found[0].encode("unicode_escape").decode("ascii")
