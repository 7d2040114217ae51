"""Why a bundle of another hub is not taken in."""

from __future__ import annotations

from ewtp.core.values.sentence import Sentence

HUB_BUNDLE_GAP = Sentence(
    "hub_bundle_gap", "The bundle begins with entry {since:number}; export one since {size:number} or earlier."
)
HUB_BUNDLE_LARGE = Sentence(
    "hub_bundle_large", "The bundle has more than {most:number} bytes; export it in parts, with a later --since each."
)
HUB_BUNDLE_WRONG = Sentence(
    "hub_bundle_wrong", "The bundle does not verify, and nothing of it was taken in: {fault:sentence}"
)
HUB_IS_OWN = Sentence("hub_is_own", "This is the log of this installation; give the bundle of another hub.")
HUB_KEY_DIFFERS = Sentence(
    "hub_key_differs",
    "{origin:quoted} is followed by the key {key:quoted}; leave --key out, or give that one. Where the hub lost it, "
    "`ewtp hub trust` takes another.",
)
HUB_KEY_KNOWN = Sentence(
    "hub_key_known", "{origin:quoted} is followed by the key {key:quoted} already; there is nothing to change."
)
HUB_KEY_NEEDED = Sentence(
    "hub_key_needed",
    "{origin:quoted} is not followed yet; give its public key with --key, which its operator can give you.",
)
HUB_KEY_OF_ANOTHER = Sentence(
    "hub_key_of_another", "The key is one of the log {name:quoted}; give a key of {origin:quoted}."
)
HUB_KEY_RETIRED = Sentence(
    "hub_key_retired", "{origin:quoted} replaced the key {key:quoted} before; give the one that signs its log now."
)
HUB_NAME_UNUSABLE = Sentence(
    "hub_name_unusable",
    "The bundle's log has no name of at most {most:number} characters without spaces; ask its operator for another.",
)
HUB_UNKNOWN = Sentence("hub_unknown", "No hub {name:quoted} is followed here; import a bundle of it first.")
HUB_TRUST_UNEXPLAINED = Sentence(
    "hub_trust_unexplained",
    "Say in one line of at most {most:number} characters how you know that the key is the hub's.",
)
