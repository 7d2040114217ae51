"""A charge of the economy of dispatch on goods that leave it: told beside an answer, and no part of its sums."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ewtp.core.values.immutable import immutable

if TYPE_CHECKING:
    from ewtp.core.rulebook.rule import Rule
    from ewtp.core.values.sentence import Statement


@immutable
class ExportCharge:
    """A charge on exports that the goods bear, or may bear; ``stated`` says it, and on which of the goods.

    ``rules`` differ in the codes that they are on alone. The exporter pays it where the
    goods leave, so the sums of an answer, which are owed on arrival, leave it out.
    """

    rules: tuple[Rule, ...]
    stated: Statement

    def as_json(self) -> dict[str, Any]:
        """The charge as `docs/api.md` describes it; the standing and the citation are those of the first rule."""
        first = self.rules[0]
        measure = first.measure
        return {
            "territory": measure.territory,
            "codes": [rule.measure.product.prefix for rule in self.rules],
            "measure": measure.id,
            "title": measure.title,
            "expression": measure.rate_text,
            "note": self.stated.message,
            "note_sentence": self.stated.reference(),
            "status": measure.status.value,
            "citation": first.citation,
        }
