"""Why another hub's address gives no bundle."""

from __future__ import annotations

from ewtp.core.values.sentence import Sentence

HUB_ADDRESS_UNREADABLE = Sentence(
    "hub_address_unreadable", "{address:quoted} gave no bundle ({reason}); give the address of another hub."
)
