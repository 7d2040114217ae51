"""What was read of the official files that the seed is from: ``rulebook/file_readings/file_readings.csv``.

A row has the source, the file, the unit, the total, and the unread units by reason (``reason: 12; another: 3``).
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING

from ewtp.core.rulebook.file_share import FileReading

if TYPE_CHECKING:
    from collections.abc import Iterable

PLACE = Path("file_readings") / "file_readings.csv"
_COLUMNS = ("source", "file", "unit", "total", "rest")


def read_file_readings(root: Path) -> tuple[FileReading, ...]:
    """The readings in order of row, none where there is no such file; ValueError or KeyError where it is broken."""
    path = root / PLACE
    if not path.is_file():
        return ()
    with path.open(encoding="utf-8", newline="") as stream:
        return tuple(
            FileReading(row["source"], row["file"], row["unit"], int(row["total"]), _read_rest(row["rest"]))
            for row in csv.DictReader(stream)
        )


def write_file_readings(root: Path, readings: Iterable[FileReading]) -> None:
    """Write the readings in the order given."""
    path = root / PLACE
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(_COLUMNS)
        for each in readings:
            rest = "; ".join(f"{reason}: {count}" for reason, count in each.rest)
            writer.writerow((each.source, each.file, each.unit, each.total, rest))


def _read_rest(cell: str) -> tuple[tuple[str, int], ...]:
    parts = (part.rpartition(": ") for part in cell.split("; ") if part)
    return tuple((reason, int(count)) for reason, _, count in parts)
