"""CBP's report of partner-agency flags: the US tariff lines for which a border agency requires data.

The report has two banner lines, a header, and a line for each ten-digit number with up to ten flags (``FD3``)
and whether an anti-dumping or countervailing duty case names it. A flag that every line below a shorter number
bears is written once for that number. Whether a flag means "required" or "may be required", and what it asks for, is
stated only where an official or published key was read (``flag_meanings``); elsewhere the document says "may apply".
"""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

from ewtp.core.rulebook.citation import Source
from ewtp.core.rulebook.measure import Condition, Kind, Measure, Product
from ewtp.core.rulebook.records import Importing, RowRefused
from ewtp.core.values.period import Period
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.official_files.file_readers import BROKEN, open_text
from ewtp.gateways.official_files.sentences import (
    FLAG_UNKNOWN,
    LINE_EXPIRED,
    NOT_PGA_REPORT,
    REPORT_GARBLED,
    TARIFF_NUMBER_MISSING,
)
from ewtp.gateways.official_files.us.flag_meanings import MEANINGS
from ewtp.gateways.official_files.us.hts import NOMENCLATURE, TERRITORY
from ewtp.gateways.official_files.us.hts_rows import is_product

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_HEADER = "Tariff Number"
_FIRST_FLAG = 9
_DIGITS = 10
_SHORTER = (8, 6, 4)
# Agencies by the first two letters of their flags, as the publications of the flags name them.
AGENCIES = {
    "AL": "APHIS",
    "AM": "AMS",
    "AQ": "APHIS",
    "DE": "DEA",
    "DT": "NHTSA",
    "EH": "EPA",
    "EP": "EPA",
    "FD": "FDA",
    "FS": "FSIS",
    "FW": "FWS",
    "NM": "NMFS",
    "OM": "OMC",
    "TB": "TTB",
}
# Flags of which the published key was read and gives no more than this.
_MAY_BE_REQUIRED = frozenset({"DT1"})
# Chapters of food, feed and drink, where the FDA's concern is sanitary (MAST chapter A) rather than technical (B).
_FOOD_CHAPTERS = frozenset(f"{chapter:02}" for chapter in range(2, 25))
_MAST = {"AQ": "A", "FS": "A", "DT": "B", "EP": "B", "EH": "B"}
_CASES = {
    "AD": ("US-anti-dumping", "Anti-dumping duty"),
    "CV": ("US-countervailing", "Countervailing duty"),
}
_OF_A_CASE = Condition(
    "case",
    "order",
    "whether its order, which names the line, covers these goods, and at what rate",
)


@dataclass(slots=True)
class _Flags:
    """The content of the report: its lines in order, and the lines of each flag."""

    lines: list[str] = field(default_factory=list)
    by_flag: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    refused: list[RowRefused] = field(default_factory=list)


def read(
    path: Path, *, retrieved: date, published: date | None = None, effective: date | None = None
) -> Importing | Refusal:
    """Open the report; measures start at ``effective`` or on the report's own date.

    The report states its own date, which prevails over ``published``. Another file is refused as
    ``file_not_pga_report``. Lines that expired before the report are refused row by row.
    """
    try:
        with open_text(path) as stream:
            banner = next(csv.reader([stream.readline()]), [])
            stream.readline()
            header = next(csv.reader([stream.readline()]), [])
    except BROKEN:
        banner, header = [], []
    published = _day(banner[1]) if len(banner) > 1 and banner[0].startswith("HTS Date") else None
    if published is None or not header or header[0] != _HEADER or "PGA 1" not in header:
        return Refusal(NOT_PGA_REPORT, {"file": path.name})
    source = Source(
        "us-cbp-pga",
        "ACE HTS partner government agency report",
        "U.S. Customs and Border Protection",
        published,
        retrieved,
        "public domain",
        "https://www.cbp.gov/trade/ace",
    )
    return Importing(source, _records(path, source, effective or published))


def _day(text: str) -> date | None:
    try:
        return datetime.strptime(text.strip(), "%m/%d/%Y").date()  # noqa: DTZ007 - only the day is kept
    except ValueError:
        return None


def _records(path: Path, source: Source, start: date) -> Iterator[Measure | RowRefused]:
    flags = _Flags()
    try:
        with open_text(path) as stream:
            rows = csv.reader(stream, strict=True)
            for number, row in enumerate(rows, start=1):
                if number > 3 and row:  # noqa: PLR2004 - two banner lines and the header come first
                    _gather(number, row, flags, start)
    except BROKEN as error:
        yield RowRefused(REPORT_GARBLED, row=len(flags.lines) + 4, text=str(error)[:80])
        return
    yield from flags.refused
    for flag, codes in sorted(flags.by_flag.items()):
        for prefix in _collapse_lines(flags.lines, codes):
            yield _case(flag, prefix, source, start) if flag in _CASES else _requirement(flag, prefix, source, start)


def _gather(number: int, row: list[str], flags: _Flags, start: date) -> None:
    code = row[0].strip()
    if len(row) < _FIRST_FLAG or not (code.isascii() and code.isdigit() and len(code) == _DIGITS):
        flags.refused.append(
            RowRefused(TARIFF_NUMBER_MISSING, row=number, text=",".join(row)[:80]),
        )
        return
    ends = _day(row[3])
    if ends is not None and ends < start:
        flags.refused.append(RowRefused(LINE_EXPIRED, {"day": ends}, row=number, text=code))
        return
    # The report lists provisions of chapter 98 with two zeros before them.
    if not is_product(code) or code.startswith("00"):
        return
    flags.lines.append(code)
    for text in row[_FIRST_FLAG:]:
        flag = text.strip()
        if not flag:
            continue
        if flag[:2] not in AGENCIES:
            flags.refused.append(
                RowRefused(FLAG_UNKNOWN, row=number, text=f"{code} {flag}"[:80]),
            )
            continue
        flags.by_flag[flag].add(code)
    for case, column in (("AD", 7), ("CV", 8)):
        if row[column].strip() == "Y":
            flags.by_flag[case].add(code)


def _collapse_lines(lines: list[str], flagged: set[str]) -> Iterable[str]:
    """The shortest numbers that cover exactly the flagged lines."""
    prefixes: set[str] = set()
    left = set(flagged)
    for length in sorted(_SHORTER):
        whole: dict[str, bool] = {}
        for line in lines:
            whole[line[:length]] = whole.get(line[:length], True) and line in flagged
        covered = {line for line in left if whole[line[:length]]}
        prefixes |= {line[:length] for line in covered}
        left -= covered
    return sorted(prefixes | left)


def _requirement(flag: str, prefix: str, source: Source, start: date) -> Measure:
    meaning = MEANINGS.get(flag)
    unexplained = "may be required" if flag in _MAY_BE_REQUIRED else "may apply"
    need = meaning.need if meaning else unexplained
    letters = flag[:2]
    mast = _MAST.get(letters, "")
    if letters == "FD":
        mast = "A" if prefix[:2] in _FOOD_CHAPTERS else "B"
    return Measure(
        id=f"US-requirement-{prefix}-{flag}-{start.isoformat()}",
        territory=TERRITORY,
        kind=Kind.REQUIREMENT,
        product=Product(NOMENCLATURE, prefix),
        validity=Period(start),
        source=source,
        reference=f"flag {flag}" + (f"; its meaning: {meaning.source}" if meaning else ""),
        title=meaning.text if meaning else "",
        agency=AGENCIES[letters],
        document=f"{flag} data: {need}",
        stage="entry",
        mast_chapter=mast,
    )


def _case(flag: str, prefix: str, source: Source, start: date) -> Measure:
    programme, title = _CASES[flag]
    return Measure(
        id=f"{programme}-{prefix}-{start.isoformat()}",
        territory=TERRITORY,
        kind=Kind.ADDITIONAL_DUTY,
        product=Product(NOMENCLATURE, prefix),
        validity=Period(start),
        source=source,
        reference=f"{flag} duty flag",
        title=title,
        expression="[rate: set by the order of the case]",
        currency="USD",
        programme=programme,
        conditions=(_OF_A_CASE,),
    )
