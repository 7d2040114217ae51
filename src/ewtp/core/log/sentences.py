"""What can be wrong with checkpoints, keys and bundles of the log."""

from __future__ import annotations

from ewtp.core.values.sentence import Sentence

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
