"""Sentences about what a border between two economies is: none for some charges, or closed."""

from __future__ import annotations

from ewtp.core.values.sentence import Sentence

EMBARGO_NOT_LOOKED_AT = Sentence(
    "embargo_not_looked_at",
    "This answer does not check whether sanctions or an embargo forbid this trade ({economies:and economy}), beyond "
    "the prohibitions that it names, nor the names of those who take part.",
)
EMBARGO_NOT_LOOKED_AT_REGIME = Sentence(
    "embargo_not_looked_at",
    "The UN Security Council keeps a sanctions regime on {regimes:and economy}. This answer does not check what that "
    "regime or other sanctions forbid in this trade ({economies:and economy}), beyond the prohibitions that it names, "
    "nor the names of those who take part.",
    form="regime",
)
EXPORT_CHARGE = Sentence(
    "export_charge",
    "{territory:territory} charges this when the goods leave ({title:sentence}): {rate:sentence}. The exporter pays it "
    "there, and it is in no sum of this answer.",
)
EXPORT_CHARGE_PART = Sentence(
    "export_charge",
    "{territory:territory} charges this when goods of {codes:and code} in its own schedule leave, which are some or "
    "all of those under {subheading:code} ({title:sentence}): {rate:sentence}. The exporter pays it there, and it is "
    "in no sum of this answer.",
    form="part",
)
EXPORT_CHARGE_OPEN = Sentence(
    "export_charge",
    "{territory:territory} may charge this when the goods leave, on a condition that is not checked here "
    "({title:sentence}): {rate:sentence}. The exporter pays it there, and it is in no sum of this answer.",
    form="open",
)
FEE_NOT_ON_ENTRY = Sentence(
    "fee_not_on_entry",
    "{origin:economy} and {destination:economy} are one customs territory, so the fees of an entry from abroad are not "
    "charged.",
)
TAX_NOT_ON_ENTRY = Sentence(
    "tax_not_on_entry",
    "{origin:economy} and {destination:economy} are one territory for VAT, so none is charged on entry; a sale is "
    "taxed like one inside {destination:economy}.",
)
TRADE_MAY_BE_PROHIBITED = Sentence(
    "trade_may_be_prohibited",
    "{destination:economy} has a sanctions programme named after {economies:and economy} ({list:english}), so entry "
    "may be prohibited; what the programme forbids, and whether it is still in force, is not in the rulebook.",
)
# Of a rule on papers on a longer code of the exporter's schedule.
CONDITION_OPEN_PART = Sentence(
    "condition_open",
    "{title:english} is on goods of {codes:and code} in the schedule of the economy that they leave, which are some or "
    "all of those under {subheading:code}; look there to settle it.",
    form="part",
)
PAPER_OPEN_PART = Sentence("paper_open", CONDITION_OPEN_PART.template, form="part")
