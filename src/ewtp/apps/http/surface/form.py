"""A form as it was typed, and what has to be changed in it.

A refusal of core names the field of a request that it is about. A form says once which of its own fields stands for
which of those, and each refusal then appears where it can be mended.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.utils.translation import gettext

from ewtp.apps.http.surface.amount_text import plain_amount
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.http import QueryDict

# A field longer than this is nonsense that would only be sent back.
LONGEST_TEXT = 300
# A text in the reader's language, or a refusal, which the page writes in it.
Problem = str | Refusal
# The name under which a form keeps what belongs to none of its fields.
WHOLE = ""


@dataclass(slots=True)
class Form:
    """``texts`` holds what was typed by the name of its field; ``problems`` what is wrong with a field."""

    texts: dict[str, str] = field(default_factory=dict)
    problems: dict[str, list[Problem]] = field(default_factory=dict)

    @property
    def is_clean(self) -> bool:
        """Whether nothing has to be changed as far as is known."""
        return not self.problems

    def note(self, name: str, problem: Problem) -> None:
        """Show the problem at the field; the same one is shown once."""
        noted = self.problems.setdefault(name, [])
        if problem not in noted:
            noted.append(problem)

    def note_missing(self, sentences: Mapping[str, str]) -> None:
        """Show at each of these fields that is empty its sentence, which says what to put there."""
        for name, sentence in sentences.items():
            if not self.texts.get(name):
                self.note(name, sentence)

    def note_refusal(self, refusal: Refusal, fields: Mapping[str, str]) -> None:
        """Show everything that was refused; ``fields`` gives the form's field for a path of the request.

        A field that has a problem already is left alone: what could not be read here was not read there either.
        """
        noted = frozenset(self.problems)
        for each in refusal.every:
            name = field_of(each.where or "", fields)
            if name not in noted or name == WHOLE:
                self.note(name, each)

    def amount(self, name: str) -> str:
        """The amount in the field in plain digits; empty where there is none or it cannot be read."""
        typed = self.texts.get(name, "")
        plain = plain_amount(typed) if typed else ""
        if plain is None:
            self.note(name, unclear_amount())
        return plain or ""


def field_of(path: str, fields: Mapping[str, str]) -> str:
    """The form's field for a path of the request, or for the nearest path above it; empty where there is none."""
    while path:
        if path in fields:
            return fields[path]
        path = path[: max(path.rfind("."), path.rfind("["), 0)]
    return WHOLE


def clean_text(text: str) -> str:
    """The text without control characters, which neither the database nor a page can hold, and not too long."""
    kept = "".join(c for c in text[:LONGEST_TEXT] if unicodedata.category(c) not in ("Cc", "Cs"))
    return kept.strip()


def form_texts(query: QueryDict, names: Iterable[str]) -> dict[str, str]:
    """What was sent for these fields, without the empty ones."""
    texts = {name: clean_text(query.get(name, "")) for name in names}
    return {name: text for name, text in texts.items() if text}


def unclear_amount() -> str:
    """What to do about an amount that cannot be read without doubt."""
    return gettext("Write the number in digits without separators between thousands, such as 1250 or 1250.50.")
