"""What can be wrong with a file of lines or a change."""

from __future__ import annotations

from ewtp.core.values.sentence import Sentence

COLUMN_TYPE = Sentence(
    "column_type", "Column {column:quoted} is {kind:english}; a replay reads it as {wanted:english}.", form="replay"
)
BURDEN_NOT_SHOWN = Sentence(
    "burden_not_shown",
    "No report on what rules cost small firms is shown here; its operator can show one with `ewtp rulebook burden "
    "--show`.",
)
CELL_OVER_LINES = Sentence(
    "cell_over_lines",
    "A quotation mark opens a cell here that runs on over the next lines. Remove the mark, or write the cell on one "
    "line.",
)
# The page of an invoice says the same.
CELLS_TOO_MANY = Sentence(
    "cells_too_many",
    "This line has more cells than there are columns. Put cells with commas in quotation marks.",
)
CELLS_UNREADABLE = Sentence(
    "file_unreadable",
    "A quotation mark opens a cell of the file and is never closed; remove it, or close it.",
    form="cells",
)
DATABASE_UNREACHABLE = Sentence(
    "database_unreachable",
    "The database stopped answering; start it and run the same command again.",
    form="stopped",
)
FILE_UNREADABLE = Sentence(
    "file_unreadable", "{path} cannot be read beyond line {line:number}; give a complete file.", form="beyond"
)
FIRM_SIZE_MISSING = Sentence(
    "firm_size_missing",
    "The lines do not state the size of the firms; add a column firm_size with {sizes:or text} on each line.",
)
LINES_NONE = Sentence(
    "lines_missing", "The file has no lines below the names of its columns; add a row for each.", form="file"
)
LINES_TOO_LONG = Sentence(
    "lines_too_many", "The file has more than {most:number} lines; give a longer one to the command.", form="file"
)
SOURCE_CHANGED = Sentence(
    "source_changed", "{path} changed while it was read; run the same command again with --restart."
)
SPARK_FAILED = Sentence(
    "spark_failed", "Spark gave up ({reason:english}); give --restart to start over.", form="restart"
)
TARGET_IS_SOURCE = Sentence("target_is_source", "{path} is the file of lines itself; give the answers another name.")

PUBLISHED_UNREADABLE = Sentence(
    "published_unreadable",
    "{path} is not a report that `ewtp batch --publish` wrote, or was edited since; use the original.",
)
