"""Lists in pages: a cursor names the place where the next page begins, and the moment that the list is read from."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ewtp.apps.http.surface.query import QueryParameter
from ewtp.apps.http.surface.sentences import CURSOR_UNREADABLE, PARAMETER_INVALID
from ewtp.core.values.moment import parse_moment
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from datetime import datetime

LARGEST_PAGE = 500
DEFAULT_PAGE = 100
_HIGHEST_NUMBER = 2**62
_LONGEST_LIMIT = 9
PAGE_PARAMETERS = (
    QueryParameter("cursor", "The `next` of the page before."),
    QueryParameter(
        "limit",
        f"How many items at most; {LARGEST_PAGE} where more are asked for.",
        2,
        schema={"type": "integer", "default": DEFAULT_PAGE},
    ),
)


@dataclass(frozen=True, slots=True)
class Cursor:
    """The place after which a page begins: the row's number (0: at the start), and the moment that the list shows."""

    moment: datetime | None = None
    after: int = 0

    def text(self) -> str:
        """The cursor as `next` gives it."""
        plain = f"{self.moment.isoformat() if self.moment else ''}|{self.after}"
        return base64.urlsafe_b64encode(plain.encode()).decode().rstrip("=")


def read_cursor(text: str) -> Cursor | Refusal:
    """The cursor that ``next`` gave; refuses with ``cursor_unreadable``."""
    unreadable = Refusal(CURSOR_UNREADABLE, where="cursor")
    try:
        plain = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
        written, _, after = plain.partition("|")
        number = int(after)
    except (ValueError, binascii.Error):
        return unreadable
    moment = parse_moment(written) if written else None
    if written and (moment is None or moment.tzinfo is None):
        return unreadable
    return Cursor(moment, min(max(number, 0), _HIGHEST_NUMBER))


def read_limit(text: str) -> int | Refusal:
    """The number of rows of a page, at most ``LARGEST_PAGE``; refuses other text with ``parameter_invalid``."""
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= _LONGEST_LIMIT):
        return Refusal(PARAMETER_INVALID, where="limit")
    return max(1, min(int(text), LARGEST_PAGE))
