"""OFAC's list of Specially Designated Nationals in its delimited form: sdn.csv, with alt.csv and add.csv where given.

The files have no header and twelve, five and six columns, of which the first is the entry's number; ``-0-`` stands for
nothing (OFAC's data specification, https://ofac.treasury.gov/sdn-list-data-formats-data-schemas/). No file states its
day. Weak aliases and dates of birth stand in the remarks of sdn.csv.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from datetime import date, datetime
from typing import TYPE_CHECKING

from ewtp.core.screening.listed_party import (
    BirthDate,
    DeniedPartyList,
    ListedName,
    ListedParty,
    NameKind,
    PartyKind,
)
from ewtp.gateways.official_files.file_readers import open_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LIST_ID = "us-ofac-sdn"
SDN_COLUMNS, ALT_COLUMNS, ADD_COLUMNS = 12, 5, 6
_KINDS = {"individual": PartyKind.PERSON, "vessel": PartyKind.VESSEL, "aircraft": PartyKind.AIRCRAFT}
_NOTHING = "-0-"
# The end that DOS gave to its texts still closes the files.
_END_OF_TEXT = "\x1a"
_ALIAS = re.compile(r"(?P<weak>(?:alt\. )?[afn]\.k\.a\.) (?:'(?P<quoted>[^']+)'|(?P<bare>[^;.]+))")
_BORN = re.compile(
    r"DOB (?:circa |approximately )?"
    r"(?P<first>(?:\d{1,2} )?(?:[A-Z][a-z]{2} )?\d{4})"
    r"(?: to (?:\d{1,2} )?(?:[A-Z][a-z]{2} )?(?P<last>\d{4}))?"
)
_LONGEST_CELL = 1 << 16


def read_sdn_list(
    path: Path, *, alternate: Path | None = None, addresses: Path | None = None, published: date | None = None
) -> DeniedPartyList:
    """The list in sdn.csv with alt.csv's names and add.csv's economies; ValueError where a file is another."""
    names: dict[str, list[ListedName]] = defaultdict(list)
    if alternate is not None:
        for row in read_ofac_rows(alternate, ALT_COLUMNS):
            if row[3]:
                names[row[0]].append(ListedName(row[3], NameKind.ALIAS))
    economies: dict[str, list[str]] = defaultdict(list)
    if addresses is not None:
        for row in read_ofac_rows(addresses, ADD_COLUMNS):
            if row[4]:
                economies[row[0]].append(row[4])
    parties = tuple(_party(row, names[row[0]], economies[row[0]]) for row in read_ofac_rows(path, SDN_COLUMNS))
    if not parties:
        msg = "the file lists nobody"
        raise ValueError(msg)
    title = "Specially Designated Nationals and Blocked Persons List"
    return DeniedPartyList(LIST_ID, title, "U.S. Office of Foreign Assets Control", published, parties)


def read_ofac_rows(path: Path, columns: int) -> Iterator[list[str]]:
    """The rows of one of the files, without a header of words, nothing as empty text; ValueError at another file."""
    with open_text(path) as stream:
        for number, row in enumerate(csv.reader(stream), start=1):
            cells = [cell.strip() for cell in row]
            if not any(cells) or (cells[0] == _END_OF_TEXT and not any(cells[1:])):
                continue
            if len(cells) != columns or any(len(cell) > _LONGEST_CELL for cell in cells):
                msg = f"row {number} has {len(cells)} columns, not {columns}"
                raise ValueError(msg)
            cells = ["" if cell == _NOTHING else cell for cell in cells]
            if cells[0].isascii() and cells[0].isdigit():
                yield cells
            elif number > 1:
                msg = f"row {number} begins with no entry's number"
                raise ValueError(msg)


def _party(row: list[str], names: list[ListedName], economies: list[str]) -> ListedParty:
    remarks = row[11]
    kind = _KINDS.get(row[2], PartyKind.BODY)
    aliases = [
        ListedName((found["quoted"] or found["bare"]).strip(), NameKind.WEAK_ALIAS)
        for found in _ALIAS.finditer(remarks)
    ]
    return ListedParty(
        entry=row[0],
        kind=kind,
        names=tuple(dict.fromkeys([ListedName(row[1]), *names, *aliases])),
        births=tuple(dict.fromkeys(_births(remarks))) if kind is PartyKind.PERSON else (),
        economies=tuple(dict.fromkeys(economies)),
        programmes=tuple(filter(None, re.split(r"\]?\s*\[|\]", row[3]))),
    )


def _births(remarks: str) -> Iterator[BirthDate]:
    for found in _BORN.finditer(remarks):
        first = int(found["first"][-4:])
        last = int(found["last"]) if found["last"] else first
        if last < first:
            continue
        try:
            day = None if found["last"] else datetime.strptime(found["first"], "%d %b %Y").date()  # noqa: DTZ007
        except ValueError:
            day = None
        yield BirthDate(first, last, day)
