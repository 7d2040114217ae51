"""What is wrong with a file of lines, or with the files that a batch writes."""

from __future__ import annotations

from ewtp.core.values.sentence import Sentence

BATCH_BROKEN = Sentence("batch_broken", "{path} lacks files that an earlier run wrote; give --restart to start over.")
BATCH_CHANGED = Sentence(
    "batch_changed",
    "{folder} holds the pieces of an earlier run with another state of {differ:and term}; give --restart to start "
    "over.",
)
BATCH_RUNNING = Sentence("batch_running", "Another batch is writing {path}; wait for it or stop it.")
LINES_MISSING = Sentence(
    "file_unreadable", "There is no file {path}; give a Parquet file of lines.", form="lines_missing"
)
LINES_TOO_WIDE = Sentence(
    "file_unsafe", "{path} has more than {most:number} columns; leave out those that are not needed.", form="columns"
)
LINES_UNPACK_TOO_LARGE = Sentence(
    "file_unsafe",
    "{path} unpacks to far more than its size explains; write it again, with smaller row groups.",
    form="row_group",
)
LINES_UNREADABLE = Sentence(
    "file_unreadable", "{path} cannot be read as Parquet; give a file of lines in that format.", form="lines"
)
TARGET_EXISTS = Sentence("target_exists", "{path} exists already; give --overwrite to replace it.")
TARGET_UNWRITABLE = Sentence(
    "target_unwritable", "{path} cannot be written ({reason:english}); fix that and run the same command again."
)
