"""What an import did, as a value; and what is said when a record cannot be taken."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ewtp.core.rulebook.records import RowRefused

SENTENCES = {
    "contradicts_itself": "The file gives two different rules for the same product, origin and day; neither was taken.",
    "contradicts_other_source": "Another source already gives a rule under the same key; import that source instead.",
    "code_unreadable": "The tariff code is not made of digits.",
    "text_unreadable": "The text holds characters that cannot be stored.",
    "code_span_reversed": "The span of codes ends before it starts.",
    "rate_unreadable": "The rate or its currencies are not written as 1.2345, EUR and USD.",
    "date_unreadable": "A date is not written as 2026-01-31, or the period ends before it starts.",
    "memberships_overlap": "An economy is a member of the group twice on the same day.",
    "practices_overlap": "Two practices of the same name hold on the same day.",
    "currency_unknown": "The territory's currency is not three letters.",
    "limit_unreadable": "A condition's limit of value is not written as 150.00 EUR.",
    "bound_unreadable": "The floor or cap of a fee is not written as 33.58 USD.",
    "base_unknown": "The base of the charge is neither customs_value nor duty_paid.",
    "practice_unreadable": "A practice of the territory has no known name, or a value that is not in its form.",
}


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did. ``version`` is None where nothing changed.

    ``counts`` gives, for every kind of record, how many were ``"read"``, ``"new"``, ``"superseded"`` (they replace
    others), ``"unchanged"`` and ``"refused"``, and how many known ones ``"ended"`` because the file omits them.
    """

    source: str
    version: str | None
    counts: Mapping[str, Mapping[str, int]]
    refused: tuple[RowRefused, ...] = ()
    notes: tuple[str, ...] = field(default=())

    def as_json(self) -> dict[str, Any]:
        """The report for ``--json``; a row is null where the refusal is about a record rather than a row."""
        return {
            "source": self.source,
            "version": self.version,
            "counts": {name: dict(counts) for name, counts in self.counts.items()},
            "refused": [
                {"row": r.row or None, "code": r.code, "message": r.message, "text": r.text} for r in self.refused
            ],
            "notes": list(self.notes),
        }
