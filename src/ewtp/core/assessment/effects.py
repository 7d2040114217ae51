"""The unknowns of an answer and their effects: whether each may raise or lower what is owed, and by how much."""

from __future__ import annotations

from dataclasses import field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from ewtp.core.values.immutable import immutable
from ewtp.core.values.sentence import Statement

if TYPE_CHECKING:
    from ewtp.core.values.money import Money


class Effect(StrEnum):
    """What an unknown may do to what is owed: ``raises`` says whether more may be owed, ``lowers`` whether less."""

    raises: bool
    lowers: bool

    NONE = "none"
    RAISES = "raises"
    LOWERS = "lowers"
    EITHER = "either"

    def __init__(self, value: str) -> None:
        # Every unknown of every line is asked, so these are plain fields and not properties.
        self.raises = value in {"raises", "either"}
        self.lowers = value in {"lowers", "either"}


# By code; the forms of a code with another effect stand in ``_OF_FORMS``. What could be claimed and is not has no
# effect, because an answer is about the claims of its question. A code that is not here may do either.
EFFECTS = {
    "inside_customs_union": Effect.RAISES,
    "duty_ambiguous": Effect.RAISES,
    "condition_open": Effect.RAISES,
    "relief_open": Effect.LOWERS,
    "flat_duty_open": Effect.EITHER,
    "expression_unreadable": Effect.RAISES,
    "expression_missing": Effect.RAISES,
    "amount_not_held": Effect.RAISES,
    "fact_missing": Effect.RAISES,
    "part_value_missing": Effect.RAISES,
    "quantity_missing": Effect.RAISES,
    "exchange_rate_missing": Effect.RAISES,
    "inherited_duty_missing": Effect.RAISES,
    "alternative_undetermined": Effect.RAISES,
    "season_missing": Effect.RAISES,
    "date_missing": Effect.RAISES,
    "economy_not_in_rulebook": Effect.RAISES,
    "tariff_not_in_rulebook": Effect.RAISES,
    "schedule_for_earlier_days": Effect.EITHER,
    "schedule_not_in_force": Effect.RAISES,
    "duty_not_in_rulebook": Effect.RAISES,
    "tax_depends_on_member": Effect.RAISES,
    "tax_not_in_rulebook": Effect.RAISES,
    # Between economies that are one territory for these charges nothing is owed, which is not a gap.
    "tax_not_on_entry": Effect.NONE,
    "fee_not_on_entry": Effect.NONE,
    "tax_base_incomplete": Effect.RAISES,
    "sources_disagree": Effect.EITHER,
    "reduced_rate_possible": Effect.LOWERS,
    "valuation_not_in_rulebook": Effect.LOWERS,
    "freight_not_given": Effect.RAISES,
    "charges_not_held": Effect.RAISES,
    "charges_not_looked_at": Effect.RAISES,
    "not_in_rulebook": Effect.NONE,
    # An embargo is not a charge.
    "embargo_not_looked_at": Effect.NONE,
    # Where entry is prohibited, no sum is enough.
    "trade_may_be_prohibited": Effect.RAISES,
    "direct_transport": Effect.RAISES,
    "code_not_national": Effect.RAISES,
    "fee_assumes": Effect.EITHER,
    "origin_depends_on_member": Effect.EITHER,
    "code_finer_than_schedule": Effect.NONE,
    "code_of_other_edition": Effect.NONE,
    "rate_not_confirmed": Effect.EITHER,
    "paper_open": Effect.NONE,
}
_OF_FORMS = {
    ("code_not_national", "same"): Effect.NONE,
    ("code_not_national", "papers"): Effect.NONE,
    ("code_not_national", "by_value"): Effect.NONE,
    ("code_not_national", "one_by_value"): Effect.NONE,
    ("code_not_national", "taxes"): Effect.EITHER,
    ("direct_transport", "offered"): Effect.NONE,
    ("tax_base_incomplete", "sources_disagree"): Effect.EITHER,
}


def effect_of(code: str, form: str = "") -> Effect:
    """The effect of an unknown by its code and form."""
    of_form = _OF_FORMS.get((code, form)) if form else None
    return of_form or EFFECTS.get(code, Effect.EITHER)


@immutable
class Unknown(Statement):
    """Something the rulebook or the question leaves open, in one sentence.

    ``amount`` is the most by which it can raise or lower what is owed, where that is known.
    """

    amount: Money | None = None
    # What ``as_json`` wrote first: what is open of a whole economy is the same unknown in every answer.
    _written: dict[str, Any] | None = field(default=None, init=False, repr=False, compare=False)

    @property
    def effect(self) -> Effect:
        """Whether it may raise or lower what is owed."""
        sentence = self.sentence
        return effect_of(sentence.code, sentence.form)

    def as_json(self) -> dict[str, Any]:
        """The sentence with ``effect``, and ``amount``, null where it is not known."""
        body = self._written
        if body is None:
            body = Statement.as_json(self)
            body["effect"] = self.effect.value
            body["amount"] = self.amount.as_json() if self.amount else None
            object.__setattr__(self, "_written", body)
        return dict(body)


@immutable
class Bounds:
    """What is known of a sum, and what it is at least and at most; ``at_most`` is None where nothing bounds it."""

    known: Money
    at_least: Money
    at_most: Money | None

    @property
    def settled(self) -> bool:
        """Whether the two bounds meet."""
        return self.at_most == self.at_least

    def as_json(self) -> dict[str, Any]:
        """``{"known", "at_least", "at_most"}``; ``at_most`` is null where nothing bounds it."""
        return {
            "known": self.known.as_json(),
            "at_least": self.at_least.as_json(),
            "at_most": self.at_most.as_json() if self.at_most else None,
        }
