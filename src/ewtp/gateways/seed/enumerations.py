"""The enumerations of legal texts in the seed: ``enumerations.csv`` in any folder below ``rulebook/``.

A row has the territory, the place in the text, the reference that rules cite, the day, and the provisions separated by
spaces.
"""

from __future__ import annotations

import csv
from datetime import date
from typing import TYPE_CHECKING

from ewtp.core.rulebook.enumeration import Enumeration

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

FILE_NAME = "enumerations.csv"
_COLUMNS = ("territory", "provision", "reference", "day", "codes")


def read_enumerations(root: Path) -> tuple[Enumeration, ...]:
    """Every enumeration below ``root``, in order of file and row; ValueError or KeyError where one is broken."""
    found = []
    for path in sorted(root.rglob(FILE_NAME)):
        with path.open(encoding="utf-8", newline="") as stream:
            found += [
                Enumeration(
                    row["territory"],
                    row["provision"],
                    row["reference"],
                    date.fromisoformat(row["day"]),
                    tuple(row["codes"].split()),
                )
                for row in csv.DictReader(stream)
            ]
    return tuple(found)


def write_enumerations(folder: Path, enumerations: Iterable[Enumeration]) -> None:
    """Write the enumerations of a folder, in order of reference."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / FILE_NAME).open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(_COLUMNS)
        for each in sorted(enumerations, key=lambda each: (each.territory, each.reference)):
            codes = " ".join(sorted(each.codes))
            writer.writerow((each.territory, each.provision, each.reference, each.day.isoformat(), codes))
