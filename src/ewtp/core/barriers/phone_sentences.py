"""What is said to a phone, in few characters: a message has 160, a screen 182, of which some languages have fewer."""

from __future__ import annotations

from ewtp.core.values.sentence import Sentence

PHONE_RECEIPT = Sentence("phone_receipt", "Kept as barrier {number}. Your number is not kept. See {address}")
PHONE_REFUSED = Sentence("phone_refused", "Not kept. {why:sentence}")
PHONE_ECONOMY = Sentence("phone_economy", "Where do the goods go? Two letters, such as GH. 0: not said")
PHONE_PRODUCT = Sentence("phone_product", "Tariff code of six digits. 0: not said")
PHONE_WORDS = Sentence("phone_words", "What stops you? One sentence.")
HOOK_UNSIGNED = Sentence(
    "hook_unsigned", "Sign the call by the Standard Webhooks convention with the secret of this installation."
)
HOOK_CLOSED = Sentence(
    "hook_closed", "This installation takes no such calls: its operator has set no EWTP_HOOK_SECRET."
)
HOOK_UNREADABLE = Sentence("hook_unreadable", "Send the fields {fields:list text} as a form or as JSON.")
