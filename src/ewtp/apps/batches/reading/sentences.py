"""What can be wrong with a file of lines or a change."""

from __future__ import annotations

from ewtp.core.values.sentence import Sentence

COLUMN_TYPE = Sentence(
    "column_type", "Column {column:quoted} is {kind:english}; a replay reads it as {wanted:english}.", form="replay"
)
DATABASE_UNREACHABLE = Sentence(
    "database_unreachable",
    "The database stopped answering; start it and run the same command again.",
    form="stopped",
)
FILE_UNREADABLE = Sentence(
    "file_unreadable", "{path} cannot be read beyond line {line:number}; give a whole file.", form="beyond"
)
SOURCE_CHANGED = Sentence(
    "source_changed", "{path} changed while it was read; run the same command again with --restart."
)
SPARK_FAILED = Sentence(
    "spark_failed", "Spark gave up ({reason:english}); give --restart to start over.", form="restart"
)
TARGET_IS_SOURCE = Sentence("target_is_source", "{path} is the file of lines itself; give the answers another name.")
