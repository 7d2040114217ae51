"""What an answer tells of a tariff quota that may be claimed."""

from __future__ import annotations

from ewtp.core.values.sentence import Sentence

QUOTA_BALANCE = Sentence(
    "quota_balance",
    "Quota {order} is open only while its volume lasts ({volume:sentence}); ask for its balance before you rely on it.",
)
QUOTA_BALANCE_UNKNOWN = Sentence(
    "quota_balance",
    "Quota {order} is open only while its volume lasts; ask for its balance before you rely on it.",
    form="volume_unknown",
)
