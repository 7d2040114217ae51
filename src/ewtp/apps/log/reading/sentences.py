"""What can be wrong with a question about the log, and with the log's own state."""

from __future__ import annotations

from ewtp.core.values.sentence import Sentence

COSIGNATURE_ABSENT = Sentence(
    "cosignature_absent", "No checkpoint of this log has been cosigned; `ewtp log witness request` asks for it."
)
COSIGNATURE_UNKNOWN = Sentence(
    "cosignature_unknown", "This log signed no such checkpoint; give the note that the witness wrote, unchanged."
)
COSIGNATURE_WRONG = Sentence(
    "cosignature_wrong", "{witness:quoted} did not cosign the checkpoint of {size:number} entries."
)
ENTRY_ERASED = Sentence("log_entry_erased", "Entry {entry:number} of the log was erased before; only its hash is left.")
ENTRY_KEPT = Sentence(
    "log_entry_kept",
    "Entry {entry:number} states a key of the log or an erasure, which the log has to show; it cannot be erased.",
)
ENTRY_UNKNOWN = Sentence(
    "log_entry_unknown",
    "The log has no entry {entry:quoted}; give a number below its size, or the hash of a leaf in hexadecimal.",
)
LOG_EMPTY = Sentence("log_empty", "The log has no entries yet; ask again later.")
LOG_NODES_DAMAGED = Sentence(
    "log_nodes_damaged", "The entries and their leaves hold; the nodes above them do not: restore a backup."
)
LOG_SIZE_UNKNOWN = Sentence(
    "log_size_unknown", "The log never had {size:number} entries; give a size from 1 to {most:number}."
)
LOG_DAMAGED = Sentence(
    "log_damaged",
    "The stored log is not the one that was signed: run ewtp log check stored on the server, which names the place.",
)
REASON_MISSING = Sentence("log_reason_missing", "Give a reason for erasing of 1 to {most:number} characters.")
TILE_UNKNOWN = Sentence(
    "log_tile_unknown", "The log has no tile {tile:quoted}; tiles are addressed as 0/000 and, while partial, 0/000.p/7."
)
LOG_NAME_CHANGED = Sentence(
    "log_name_changed",
    "This log is named {name:quoted} and the key in log_key is for {found:quoted}; restore the log's own key.",
)
LOG_KEY_DIFFERS = Sentence(
    "log_key_differs",
    "log_key is not the key that signs this log now, {key:quoted}; restore that one, or, if it is lost, introduce "
    "another: `ewtp log key rotate --lost`.",
)
LOG_KEY_PRESENT = Sentence(
    "log_key_present", "The key of this log is not lost; replace it by `ewtp log key rotate` without --lost."
)
