"""What can be wrong with checkpoints, keys and bundles of the log."""

from __future__ import annotations

from ewtp.core.values.sentence import Sentence

BUNDLE_BEGINS_LATER = Sentence(
    "bundle_begins_later",
    "This bundle begins at size {since:number}, after your checkpoint; export one with --since {kept:number}.",
)
BUNDLE_CHECKPOINT_MISSING = Sentence(
    "bundle_checkpoint_missing", "The bundle ends without the signed checkpoint of its size, {size:number} entries."
)
BUNDLE_ENTRY_CHANGED = Sentence("bundle_entry_changed", "Entry {index:number} is not the one that was logged.")
BUNDLE_ENTRY_MISSING = Sentence("bundle_entry_missing", "Entry {index:number} is missing.")
BUNDLE_ENTRY_MOVED = Sentence("bundle_entry_moved", "Entry {index:number} is given after entries that follow it.")
BUNDLE_ERASURE_UNNOTED = Sentence(
    "bundle_erasure_unnoted",
    "Entry {index:number} is shown as erased, but no later entry of the log notes that it was erased for that reason.",
)
BUNDLE_GROWTH_BROKEN = Sentence(
    "bundle_growth_broken",
    "The log does not begin with the {size:number} entries of the checkpoint that you kept: it was rewritten.",
)
BUNDLE_HANDOVER_BROKEN = Sentence(
    "bundle_handover_broken", "Nothing shows that the previous key handed the log on to {key:quoted}."
)
BUNDLE_KEY_HIDDEN = Sentence(
    "bundle_key_hidden",
    "Entry {index:number} states a key of the log, which everybody may read, and the bundle does not show it.",
)
BUNDLE_KEY_RETIRED = Sentence(
    "bundle_key_retired",
    "The checkpoint of {size:number} entries is signed by {key:quoted}, which does not sign logs of that size.",
)
BUNDLE_LEAVES_MISSING = Sentence(
    "bundle_leaves_missing", "The hashes of the leaves from entry {first:number} on are missing or out of order."
)
BUNDLE_LINE_UNREADABLE = Sentence(
    "bundle_unreadable", "Line {line:number} of the bundle cannot be read; export the bundle again.", form="line"
)
BUNDLE_LONGER = Sentence(
    "bundle_longer", "The bundle continues after the {size:number} entries that its first line states."
)
BUNDLE_OLDER = Sentence(
    "bundle_older",
    "The log has {size:number} entries, fewer than the {kept:number} of the checkpoint that you kept.",
)
BUNDLE_OTHER_LOG = Sentence(
    "bundle_other_log", "This is the log {origin:quoted}, and the checkpoint that you kept is of {kept:quoted}."
)
BUNDLE_PUBLIC_WITHHELD = Sentence(
    "bundle_public_withheld",
    "Entry {index:number} is withheld, though the log states that everybody may read it; ask for it.",
)
BUNDLE_PUBLIC_WITHHELD_AMONG = Sentence(
    "bundle_public_withheld",
    "The entries withheld from {index:number} to {last:number} are not those that the log keeps from the public; ask "
    "for the others.",
    form="among",
)
BUNDLE_ROOT_DIFFERS = Sentence(
    "bundle_root_differs",
    "The entries from {first:number} on do not give the root that was signed for {size:number} entries.",
)
BUNDLE_UNREADABLE = Sentence(
    "bundle_unreadable", "This is not a bundle of a log; give a file that `ewtp log export` wrote."
)
BUNDLE_UNSIGNED = Sentence("bundle_unsigned", "The checkpoint of {size:number} entries is not signed by {key:quoted}.")
BUNDLE_UNWITNESSED = Sentence(
    "bundle_unwitnessed", "The bundle has no checkpoint that {witness:quoted} cosigned; ask for one that has."
)
CHECKPOINT_UNREADABLE = Sentence(
    "checkpoint_unreadable",
    "This is not a checkpoint of a log: give the name, the size and the root, each on a line, with a signature below.",
)
KEY_UNREADABLE = Sentence(
    "key_unreadable", "{text:quoted} is not a public key of a log; give it as name+id+key, as its operator shows it."
)
NOTE_UNREADABLE = Sentence(
    "note_unreadable", "This is not a signed note; give a text with an empty line and its signatures below."
)
WITNESS_KEY_UNREADABLE = Sentence(
    "witness_key_unreadable",
    "{text:quoted} is not a public key of a witness; give it as name+id+key, as the witness shows it.",
)
WITNESS_LOG_UNKNOWN = Sentence(
    "witness_log_unknown", "No key that was given signed this checkpoint of {origin:quoted}; give the log's own --key."
)
WITNESS_PROOF_BROKEN = Sentence(
    "witness_proof_broken",
    "The proof does not show that the log begins with the {size:number} entries that were cosigned last; "
    "keep the request: it may show that the log was rewritten.",
)
WITNESS_REQUEST_UNREADABLE = Sentence(
    "witness_request_unreadable", "This is not a request to a witness; give what `ewtp log witness request` wrote."
)
WITNESS_ROOT_DIFFERS = Sentence(
    "witness_root_differs",
    "The log signed two different roots for {size:number} entries; keep both checkpoints: they prove it.",
)
WITNESS_SIZE_DIFFERS = Sentence(
    "witness_size_differs",
    "The witness saw {seen:number} entries last, and the request leads from {old:number} to {size:number}; "
    "ask with --old {seen:number}.",
)
