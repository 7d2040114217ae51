"""The unknowns of an answer as bits, one for each code of the scalar path and for forms with an effect of their own."""

from __future__ import annotations

from ewtp.core.assessment.effects import Effect, effect_of

# The order is part of the written form. What a book's own lists can leave open has to be among the first 31; what only
# a question does comes after them. A form stands after a colon.
UNKNOWN_CODES = (
    "relief_open",
    "duty_ambiguous",
    "condition_open",
    "expression_unreadable",
    "expression_missing",
    "amount_not_held",
    "fact_missing",
    "part_value_missing",
    "quantity_missing",
    "exchange_rate_missing",
    "inherited_duty_missing",
    "alternative_undetermined",
    "season_missing",
    "date_missing",
    "economy_not_in_rulebook",
    "tariff_not_in_rulebook",
    "flat_duty_open",
    "duty_not_in_rulebook",
    "tax_depends_on_member",
    "tax_not_in_rulebook",
    "tax_base_incomplete",
    "sources_disagree",
    "reduced_rate_possible",
    "valuation_not_in_rulebook",
    "not_in_rulebook",
    "direct_transport",
    "code_not_national",
    "fee_assumes",
    "origin_depends_on_member",
    "other",
    "rate_not_confirmed",
    "paper_open",
    "code_finer_than_schedule",
    "code_of_other_edition",
    "direct_transport:offered",
    "inside_customs_union",
    "charges_not_held",
    "charges_not_looked_at",
    "freight_not_given",
    "schedule_for_earlier_days",
    "embargo_not_looked_at",
    "tax_not_on_entry",
    "fee_not_on_entry",
    "trade_may_be_prohibited",
    "schedule_not_in_force",
    "tax_base_incomplete:sources_disagree",
)
_BITS = {code: 1 << place for place, code in enumerate(UNKNOWN_CODES)}
# By code, the bits of all its forms.
_MASKS = {
    code: sum(bit for name, bit in _BITS.items() if name.partition(":")[0] == code)
    for code in UNKNOWN_CODES
    if ":" not in code
}
# A failure is -1; the reasons for leaving a charge out are the numbers below it.
_FIRST_REFUSED = -2
# Every unknown without a bit of its own; the scalar answer names it.
OTHER = _BITS["other"]


def unknown_bit(code: str) -> int:
    """The bit of a code."""
    return _BITS.get(code, OTHER)


def unknown_codes(bits: int) -> tuple[str, ...]:
    """The codes that the bits stand for, each once."""
    return tuple(code for code, mask in _MASKS.items() if bits & mask)


def result_of_refusal(code: str) -> int:
    """The result of a charge whose expression is refused for this reason: a number below that of a failure."""
    return _FIRST_REFUSED - UNKNOWN_CODES.index(code)


def bit_of_refused(refused: int) -> int:
    """The bit of the unknown that a refused charge leaves."""
    return 1 << (_FIRST_REFUSED - refused)


_EFFECTS = {bit: effect_of(*code.split(":")) for code, bit in _BITS.items()}
# The unknowns that may raise what is owed, and those that may lower it by an amount that is not known.
RAISING = sum(bit for bit, effect in _EFFECTS.items() if effect.raises)
LOWERING = sum(bit for bit, effect in _EFFECTS.items() if effect.lowers) & ~_BITS["reduced_rate_possible"]
# The unknowns that may do anything.
EFFECTIVE = sum(bit for bit, effect in _EFFECTS.items() if effect is not Effect.NONE)
# The unknowns that leave duties, and so the base of a tax, as they are.
COSTLESS = sum(bit for bit, effect in _EFFECTS.items() if effect is Effect.NONE) | sum(
    _BITS[code]
    for code in (
        "reduced_rate_possible",
        "valuation_not_in_rulebook",
        "freight_not_given",
        "direct_transport",
        "charges_not_held",
        "charges_not_looked_at",
        "schedule_for_earlier_days",
    )
)
