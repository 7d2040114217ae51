"""A submitted form and the problems to show at its fields.

A refusal of core names a field of the request. Each form maps those fields to its own once, so that every refusal
appears at the field where the reader can correct it.
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

# No field needs more characters; a longer text would only be sent back.
LONGEST_TEXT = 300
# A text in the reader's language, or a refusal that the page translates.
Problem = str | Refusal
# The key for problems of the form as a whole.
WHOLE = ""


@dataclass(slots=True)
class Form:
    """Submitted values (``texts``) and problems to show (``problems``), both by field name."""

    texts: dict[str, str] = field(default_factory=dict)
    problems: dict[str, list[Problem]] = field(default_factory=dict)

    @property
    def is_clean(self) -> bool:
        """Whether no problem is known."""
        return not self.problems

    def note(self, name: str, problem: Problem) -> None:
        """Add a problem to a field, once."""
        noted = self.problems.setdefault(name, [])
        if problem not in noted:
            noted.append(problem)

    def note_missing(self, sentences: Mapping[str, str]) -> None:
        """Add to each empty field of ``sentences`` its sentence, which asks for a value."""
        for name, sentence in sentences.items():
            if not self.texts.get(name):
                self.note(name, sentence)

    def note_refusal(self, refusal: Refusal, fields: Mapping[str, str]) -> None:
        """Add every refusal to its field; ``fields`` maps paths of the request to fields of the form.

        A field that already has a problem is skipped, because a value that the form could not read is refused again.
        """
        noted = frozenset(self.problems)
        for each in refusal.every:
            name = field_of(each.where or "", fields)
            if name not in noted or name == WHOLE:
                self.note(name, each)

    def amount(self, name: str) -> str:
        """The field's amount in plain digits; empty if it is missing or, with a problem added, unreadable."""
        typed = self.texts.get(name, "")
        plain = plain_amount(typed) if typed else ""
        if plain is None:
            self.note(name, unclear_amount())
        return plain or ""


def field_of(path: str, fields: Mapping[str, str]) -> str:
    """The form's field for a path of the request, or for its nearest parent; ``WHOLE`` if none is mapped."""
    while path:
        if path in fields:
            return fields[path]
        path = path[: max(path.rfind("."), path.rfind("["), 0)]
    return WHOLE


def clean_text(text: str) -> str:
    """The text trimmed, cut to ``LONGEST_TEXT`` and without control characters, which PostgreSQL and HTML reject."""
    kept = "".join(c for c in text[:LONGEST_TEXT] if unicodedata.category(c) not in ("Cc", "Cs"))
    return kept.strip()


def form_texts(query: QueryDict, names: Iterable[str]) -> dict[str, str]:
    """The submitted values of these fields, without the empty ones."""
    texts = {name: clean_text(query.get(name, "")) for name in names}
    return {name: text for name, text in texts.items() if text}


def unclear_amount() -> str:
    """The sentence for an amount that could be read as two numbers, or as none."""
    return gettext("Write the number in digits without separators between thousands, such as 1250 or 1250.50.")
