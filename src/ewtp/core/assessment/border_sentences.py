"""Sentences about what a border between two economies is: none for some charges, or closed."""

from __future__ import annotations

from ewtp.core.values.sentence import Sentence

EMBARGO_NOT_LOOKED_AT = Sentence(
    "embargo_not_looked_at",
    "Whether sanctions or an embargo forbid this trade ({economies:and economy}) was not looked at, beyond the "
    "prohibitions that the answer names; nor were names of those who take part.",
)
EMBARGO_NOT_LOOKED_AT_REGIME = Sentence(
    "embargo_not_looked_at",
    "The UN Security Council keeps a sanctions regime on {regimes:and economy}. What it or other sanctions forbid in "
    "this trade ({economies:and economy}) was not looked at, beyond the prohibitions that the answer names; nor were "
    "names of those who take part.",
    form="regime",
)
FEE_NOT_ON_ENTRY = Sentence(
    "fee_not_on_entry",
    "{origin:economy} and {destination:economy} are one customs territory, so the fees of an entry from abroad are not "
    "charged.",
)
TAX_NOT_ON_ENTRY = Sentence(
    "tax_not_on_entry",
    "{origin:economy} and {destination:economy} are one territory for VAT, so none is charged on entry; a sale bears "
    "it as one inside {destination:economy} does.",
)
TRADE_MAY_BE_PROHIBITED = Sentence(
    "trade_may_be_prohibited",
    "{destination:economy} has a sanctions programme named after {economies:and economy} ({list:english}), so entry "
    "may be prohibited; what the programme forbids, and whether it still stands, is not in the rulebook.",
)
