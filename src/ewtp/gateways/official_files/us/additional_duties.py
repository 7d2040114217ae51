"""Every duty that chapter 99 adds to the US schedule, from a folder of product lists, exports and parameters.

Sections 201, 301, 232 and 122 and the duties under IEEPA, each a programme with its own dates. Where the lists leave a
question open (which goods of a line, the value of the metal), the measure has a condition or a named value, never an
estimate: the calibrated shares of the compilation are not read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.core.rulebook.records import Importing, Record, RowRefused
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.official_files.file_readers import BROKEN
from ewtp.gateways.official_files.sentences import LIST_GARBLED, LISTS_NOT_FOLDER
from ewtp.gateways.official_files.us.certified_parts import read_certified_parts
from ewtp.gateways.official_files.us.chapter_99_lists import Chapter99Lists, open_lists
from ewtp.gateways.official_files.us.emergency_duties import emergency_duties, emergency_groups
from ewtp.gateways.official_files.us.section_122 import section_122
from ewtp.gateways.official_files.us.section_201 import section_201
from ewtp.gateways.official_files.us.section_232 import metal_groups, metals
from ewtp.gateways.official_files.us.section_232_goods import goods
from ewtp.gateways.official_files.us.section_301 import section_301

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from pathlib import Path

# A list without one of its columns and a note of other words are LookupErrors, an empty cell in place of a figure is a
# TypeError.
_BROKEN = (*BROKEN, LookupError, TypeError)
NOTES = (
    "Nothing is dated before the first edition of the schedule in the folder; earlier additional duties are not held.",
    (
        "Told beside the charges and not computed: U.S. content of 20% or more (9903.01.34), goods in transit when a "
        "duty began, transshipped goods (9903.02.01), donations and informational materials, derivative steel of note "
        "16(j)."
    ),
    "Not held: note 35(c) on aircraft of Taiwan, whose heading is offered for the provisions of note 35(b).",
    "Parts certified for vehicles (9903.94.07 and its like, 9903.74.09) are held where they would owe for their metal.",
    "The days of 9903.94.67, 9903.76.24 and 9903.96.03, on Taiwan, are those of the compilation (2026-05-01).",
    "Not held: the list of patented medicines; what it may reach is answered as unknown.",
    (
        "Goods are those that the notes of revision 6 of 2026 enumerate; the amendments of 2026-06-08 to note 16(c) "
        "are taken from the compilation."
    ),
    "Not held: agricultural safeguards (9904), exclusions whose period no text states.",
)


def read(
    path: Path, *, retrieved: date, published: date | None = None, effective: date | None = None
) -> Importing | Refusal:
    """Open the folder ``path``; every measure carries its own dates, so ``effective`` shifts none.

    The lists are published with the newest edition of the schedule that the folder dates.
    """
    del effective, published
    if not path.is_dir():
        return Refusal(LISTS_NOT_FOLDER, {"file": path.name})
    lists = open_lists(path, retrieved=retrieved)
    return lists if isinstance(lists, Refusal) else import_lists(lists)


def import_lists(lists: Chapter99Lists) -> Importing:
    """The measures and groups of lists that are open already."""
    return Importing(lists.source, _records(lists), NOTES)


def _records(lists: Chapter99Lists) -> Iterator[Record | RowRefused]:
    parts = (
        metal_groups,
        emergency_groups,
        section_201,
        section_301,
        metals,
        goods,
        read_certified_parts,
        emergency_duties,
        section_122,
    )
    for part in parts:
        try:
            yield from part(lists)
        except _BROKEN as error:
            # One list that is missing, cut short or of other columns makes the whole folder unusable.
            yield RowRefused(LIST_GARBLED, {"list": part.__name__.replace("_", " ")}, row=0, text=str(error)[:80])
            return
