"""The rulebook's own exchange form: JSON lines, as ``ewtp rulebook export`` writes them.

The first line is the source, ``{"record": "source", ...}``; every other line is a record with the source it
cites inside it. A file that does not end with a newline was cut short.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson

from ewtp.core.rulebook.citation import Source
from ewtp.core.rulebook.record_json import record_from_json
from ewtp.core.rulebook.records import Importing, Record, RowRefused
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.official_files.archive_reader import open_unpacked
from ewtp.gateways.official_files.sentences import NOT_EWTP_JSONL, ROW_CUT_SHORT, ROW_NOT_JSON

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from pathlib import Path

# A line without an end in that many bytes is reported as one that breaks off.
_LONGEST_LINE = 1 << 24
_NOT_THIS = Refusal(NOT_EWTP_JSONL)


def read(
    path: Path, *, retrieved: date, published: date | None = None, effective: date | None = None
) -> Importing | Refusal:
    """The records of an exported rulebook; every record and source carries its own dates, so none given is used."""
    del retrieved, published, effective
    try:
        with open_unpacked(path) as stream:
            first = orjson.loads(stream.readline(_LONGEST_LINE))
    except (OSError, EOFError, ValueError):
        return _NOT_THIS
    source = record_from_json(first) if isinstance(first, dict) else None
    if not isinstance(source, Source):
        return _NOT_THIS
    return Importing(source, _records(path))


def _records(path: Path) -> Iterator[Record | RowRefused]:
    with open_unpacked(path) as stream:
        stream.readline(_LONGEST_LINE)
        for number, line in enumerate(iter(lambda: stream.readline(_LONGEST_LINE), b""), start=2):
            text = line[:80].decode(errors="replace").rstrip()
            if not line.endswith(b"\n"):
                yield RowRefused(ROW_CUT_SHORT, {"row": number}, row=number, text=text)
                return
            try:
                body = orjson.loads(line)
            except ValueError:
                yield RowRefused(ROW_NOT_JSON, {"row": number}, row=number, text=text)
                return
            record = record_from_json(body)
            if isinstance(record, Refusal):
                yield RowRefused(record.sentence, record.params, row=number, text=text)
            elif not isinstance(record, Source):
                yield record
