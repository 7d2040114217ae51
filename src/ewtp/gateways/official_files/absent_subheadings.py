"""Subheadings of the Harmonized System of which a table has no line.

A schedule on HS 2022 has all of its subheadings, so one that is not in the table was lost on the way. It is kept as a
line without a duty, so that an answer says that none is held: left out, its goods would be refused as goods that do not
exist, or bear the rate of their heading.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.core.rulebook.records import Record, RowRefused
from ewtp.core.values.codes import SUBHEADING_DIGITS
from ewtp.gateways.official_files.sentences import CHAPTER_ABSENT, SUBHEADING_ABSENT
from ewtp.gateways.reference.hs_texts import subheadings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ewtp.gateways.official_files.tariff_table import TariffTable


def keep_absent(codes: Iterable[str], table: TariffTable) -> Iterator[Record | RowRefused]:
    """A line for every subheading of HS 2022 that none of the codes is in, and a report of each.

    Of a chapter without any line the report names the chapter alone.
    """
    held = {code[:SUBHEADING_DIGITS] for code in codes}
    chapters = {code[:2] for code in held}
    absent = [code for code in subheadings() if code not in held]
    for code in absent:
        yield table.line(code)
    for chapter in sorted({code[:2] for code in absent} - chapters):
        yield RowRefused(CHAPTER_ABSENT, {"chapter": chapter}, row=0)
    for code in absent:
        if code[:2] in chapters:
            yield RowRefused(SUBHEADING_ABSENT, {"code": code}, row=0)
