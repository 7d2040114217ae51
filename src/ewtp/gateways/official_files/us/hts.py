"""The Harmonized Tariff Schedule of the United States: rates of its three columns and its declarable lines.

The exports list headings, text rows, legal lines of eight digits and statistical lines of ten, in order,
with an indent. A rate is given once, on the legal line or on its only statistical line; the measure is stored
under the eight digits, which the statistical lines below inherit. Chapters 98 and 99 are not ordinary
products: their rows yield nothing here, except the headings that replace column 2 for one economy.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ewtp.core.rulebook.citation import Source
from ewtp.core.rulebook.expressions.us_special_column import split_special
from ewtp.core.rulebook.measure import Condition, Kind, Measure, Origins, Product
from ewtp.core.rulebook.records import Importing, Record, RowRefused
from ewtp.core.rulebook.territory import TariffLine
from ewtp.core.values.period import Period
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.official_files.sentences import EFFECTIVE_DATE_MISSING, PROGRAMME_MISSING, RATE_REPEATED
from ewtp.gateways.official_files.us.chapter_99 import Heading, make_heading
from ewtp.gateways.official_files.us.hts_rows import (
    LEGAL_DIGITS,
    STATISTICAL_DIGITS,
    HtsRow,
    has_footnotes,
    is_product,
    open_rows,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from pathlib import Path

TERRITORY = "US"
NOMENCLATURE = "HTS2026"
COLUMN_2 = "US-COLUMN2"
_EDITION = re.compile(r"(20\d\d)_(basic|rev_\d+)")
_NOTES = (
    "Provisions of chapters 98 and 99 are no ordinary products and no lines; chapter 99 comes with its product lists.",
    "The CSV export has no footnotes; where they put another rate in place of column 2, the duty is kept as unknown.",
)


def read(
    path: Path,
    *,
    retrieved: date,
    published: date | None = None,
    effective: date | None = None,
    edition: str = "",
) -> Importing | Refusal:
    """Open an HTS export and stream its measures and lines.

    The export carries no date, so ``effective`` is the day its revision took effect; without it the file is
    refused (``effective_date_missing``). A revision is published on that day unless ``published`` names another.
    Another file is refused as ``file_not_hts_export``.
    """
    if effective is None:
        return Refusal(EFFECTIVE_DATE_MISSING)
    rows = open_rows(path)
    if isinstance(rows, Refusal):
        return rows
    source = _source(published or effective, retrieved, edition or read_edition(path))
    return Importing(
        source, _records(rows, _RateReader(source, Period(effective), footnotes=has_footnotes(path))), _NOTES
    )


def read_edition(path: Path) -> str:
    """``2026 revision 10`` from a file name such as ``hts_2026_rev_10.json.gz``; empty where it names none."""
    found = _EDITION.search(path.name)
    return f"{found[1]} {found[2].replace('rev_', 'revision ')}" if found else ""


def _source(published: date, retrieved: date, edition: str) -> Source:
    title = "Harmonized Tariff Schedule of the United States" + (f", {edition}" if edition else "")
    return Source(
        "us-hts",
        title,
        "United States International Trade Commission",
        published,
        retrieved,
        "public domain",
        "https://hts.usitc.gov/",
    )


def _records(rows: Iterator[HtsRow | RowRefused], rates: _RateReader) -> Iterator[Record | RowRefused]:
    above: list[str] = []
    legal: tuple[HtsRow, str] | None = None
    for row in rows:
        if isinstance(row, RowRefused):
            yield row
            continue
        del above[row.indent :]
        above += [""] * (row.indent - len(above)) + [row.description.rstrip(":")]
        if not row.code or not is_product(row.code):
            rates.note_heading(row)
            continue
        if legal is not None and not row.code.startswith(legal[0].code):
            # A legal line without statistical suffix is declared with two zeros added.
            yield _line(legal[0], legal[0].code + "00", legal[1], rates.validity)
        legal = None
        description = ": ".join(text for text in above if text)
        if len(row.code) == STATISTICAL_DIGITS:
            yield _line(row, row.code, description, rates.validity)
        elif len(row.code) == LEGAL_DIGITS:
            legal = (row, description)
        if row.general or row.special or row.other:
            yield from rates.of(row)
    if legal is not None:
        yield _line(legal[0], legal[0].code + "00", legal[1], rates.validity)
    yield from rates.replace_rates()


def _line(row: HtsRow, code: str, description: str, validity: Period) -> TariffLine:
    return TariffLine(TERRITORY, code, validity, row.units, description, row.indent)


class _RateReader:
    """The rates of an export as measures.

    A footnote on column 2 may point to a heading that replaces it for one economy; such a rate waits for chapter 99,
    the end of the schedule, where the heading names the economy and the rate. An export without footnotes does not
    show which lines these are, so it gives those economies no column 2 at all.
    """

    def __init__(self, source: Source, validity: Period, *, footnotes: bool) -> None:
        self.source = source
        self.validity = validity
        self.footnotes = footnotes
        self._rated: set[str] = set()
        self._waiting: list[tuple[str, str, str]] = []
        self._headings: dict[str, Heading] = {}

    def of(self, row: HtsRow) -> Iterator[Measure | RowRefused]:
        """The general rate, column 2 and each special rate of a row."""
        code = row.code[:LEGAL_DIGITS]
        if code in self._rated:
            shown = f"{row.code} {row.general}"[:80]
            yield RowRefused(RATE_REPEATED, {"code": code}, row=row.number, text=shown)
            return
        self._rated.add(code)
        if row.general:
            links = tuple(Condition("note", link) for link in row.links)
            yield make_rate_measure(
                Kind.DUTY,
                code,
                row.general,
                ("*",),
                source=self.source,
                validity=self.validity,
                conditions=links,
            )
        if row.other and (row.column_2_links or not self.footnotes):
            self._waiting.append((code, row.other, row.column_2_links[0] if row.column_2_links else ""))
        elif row.other:
            yield make_rate_measure(Kind.DUTY, code, row.other, (COLUMN_2,), source=self.source, validity=self.validity)
        if row.special:
            yield from self._special(row, code)

    def _special(self, row: HtsRow, code: str) -> Iterator[Measure | RowRefused]:
        rates = split_special(row.special)
        if isinstance(rates, Refusal):
            yield RowRefused(rates.sentence, rates.params, row=row.number, text=row.special[:80])
            return
        for expression, symbols in rates:
            if symbols:
                groups = tuple(sorted(f"US-{symbol}" for symbol in symbols))
                yield make_rate_measure(
                    Kind.PREFERENCE,
                    code,
                    expression,
                    groups,
                    source=self.source,
                    validity=self.validity,
                )
            else:
                yield RowRefused(PROGRAMME_MISSING, row=row.number, text=expression[:80])

    def note_heading(self, row: HtsRow) -> None:
        """Remember a heading of chapter 99 that replaces column 2."""
        if row.code.startswith("99"):
            heading = make_heading(row.code, row.description, row.general, row.special, row.other)
            if heading.replaces_column_2 and heading.economies:
                self._headings[heading.code] = heading

    def replace_rates(self) -> Iterator[Measure]:
        """Column 2 of the rows that waited, and its replacement for some economies."""
        untold = {} if self.footnotes else self._headings
        unsettled = tuple(sorted({economy for heading in untold.values() for economy in heading.economies}))
        for code, other, link in self._waiting:
            heading = self._headings.get(link)
            economies = heading.economies if heading else unsettled
            yield make_rate_measure(
                Kind.DUTY,
                code,
                other,
                (COLUMN_2,),
                source=self.source,
                validity=self.validity,
                excluded=economies,
            )
            if heading is not None and heading.replaces_column_2:
                yield make_rate_measure(
                    Kind.DUTY,
                    code,
                    heading.replaces_column_2,
                    economies,
                    source=self.source,
                    validity=self.validity,
                    heading=heading.code,
                )
        if unsettled:
            names = " or ".join(sorted(untold))
            yield make_rate_measure(
                Kind.DUTY,
                "",
                f"that of column 2, or of heading {names} where a footnote of the line puts it in its place",
                unsettled,
                source=self.source,
                validity=self.validity,
                heading=names,
            )


def make_rate_measure(
    kind: Kind,
    code: str,
    expression: str,
    groups: tuple[str, ...],
    *,
    source: Source,
    validity: Period,
    excluded: tuple[str, ...] = (),
    conditions: tuple[Condition, ...] = (),
    heading: str = "",
) -> Measure:
    """A rate of the schedule's columns as a measure; its column follows from its kind and origins.

    ``heading`` is cited where a heading of chapter 99 gives the rate in place of column 2.
    """
    if kind is Kind.PREFERENCE:
        reference, title = f"HTS {code}, column 1 special", "Preference"
    elif heading:
        reference, title = f"HTS {heading}", "Duty in place of column 2"
    elif groups == (COLUMN_2,):
        reference, title = f"HTS {code}, column 2", "Duty, column 2"
    else:
        reference, title = f"HTS {code}, column 1 general", "Duty, column 1 general"
    who = "" if groups == ("*",) else "-" + "+".join(group.removeprefix("US-") for group in groups)
    return Measure(
        id=f"US-{kind}-{code}{who}-{validity.start.isoformat()}",
        territory=TERRITORY,
        kind=kind,
        product=Product(NOMENCLATURE, code),
        validity=validity,
        source=source,
        reference=reference,
        title=title,
        origins=Origins(groups, excluded),
        expression=expression,
        currency="USD",
        conditions=conditions,
    )
