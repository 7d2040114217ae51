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
