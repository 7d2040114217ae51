"""Tariff books of the African Continental Free Trade Area: most-favoured-nation rate and the phase-down by year.

A book is a JSON array, one object a tariff line: ``mfn`` and ``t1`` to ``t13`` in percent, and the category of the
offer (A liberalised, B sensitive, C and U without an offer). Its origin criterion is not read: Appendix IV states the
rules. Year 1 is 2021: the AfCFTA Secretariat counts the liberalisation from 1 January 2021 (its page on the schedules
of tariff concessions); another start can be given as ``effective``. The book states no date.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from ewtp.core.rulebook.citation import Source
from ewtp.core.rulebook.measure import Kind, Measure, Origins, Product
from ewtp.core.rulebook.records import Importing, Record, RowRefused
from ewtp.core.rulebook.territory import TariffLine
from ewtp.core.values.period import Period
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.official_files.file_readers import (
    BROKEN,
    day_before,
    open_text,
    read_json_rows,
    refuse_at_break,
    shorten_text,
    write_percent,
)
from ewtp.gateways.official_files.sentences import (
    AFCFTA_RATE_UNREADABLE,
    AFCFTA_ROW_MISSHAPEN,
    CODE_REPEATED,
    NOT_AFCFTA_BOOK,
    NOT_ECOWAS_OR_CEMAC,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FIRST_DAY = date(2021, 1, 1)
_YEARS = tuple(f"t{year}" for year in range(1, 14))
_NEEDED = {"natTarLine", "mfn", "category", "no_Years", *_YEARS}
_WITHOUT_OFFER = frozenset("CU")
_CATEGORIES = frozenset("ABCU")
# The length of the national codes distinguishes the books of the two customs unions.
_UNIONS = {10: "ECOWAS", 8: "CEMAC"}


@dataclass(frozen=True, slots=True)
class _TariffBook:
    """The book of a customs union; ``start`` is the first day of year 1."""

    territory: str
    digits: int
    source: Source
    start: date

    @property
    def nomenclature(self) -> str:
        return f"{self.territory}2017"


def _source(territory: str, published: date | None, retrieved: date) -> Source:
    return Source(
        f"{territory.lower()}-afcfta-book",
        f"AfCFTA e-Tariff Book: {territory} common external tariff and schedule of concessions",
        "AfCFTA Secretariat and UNCTAD",
        published,
        retrieved,
        url="https://etariff.au-afcfta.org/",
        carrier="UNCTAD AfCFTA e-Tariff Book",
    )


def read(
    path: Path, *, retrieved: date, published: date | None = None, effective: date | None = None
) -> Importing | Refusal:
    """Duties, dated AfCFTA steps and lines; ``effective`` is the first day of year 1."""
    try:
        with open_text(path) as stream:
            first = next(read_json_rows(stream), {})
    except BROKEN as error:
        return Refusal(NOT_AFCFTA_BOOK, {"file": path.name, "reason": shorten_text(error)})
    digits = len(str(first.get("natTarLine", "")))
    territory = _UNIONS.get(digits)
    if territory is None or not set(first) >= _NEEDED:
        return Refusal(NOT_ECOWAS_OR_CEMAC, {"file": path.name})
    book = _TariffBook(territory, digits, _source(territory, published, retrieved), effective or FIRST_DAY)
    return Importing(book.source, refuse_at_break(_records(path, book)))


def _records(path: Path, book: _TariffBook) -> Iterator[Record | RowRefused]:
    seen: set[str] = set()
    with open_text(path) as stream:
        for number, row in enumerate(read_json_rows(stream), 1):
            found = _line(number, row, book)
            if isinstance(found, RowRefused):
                yield found
                continue
            code = str(row["natTarLine"])
            if code in seen:
                yield RowRefused(CODE_REPEATED, {"code": code}, row=number)
                continue
            seen.add(code)
            yield from found


def _line(number: int, row: dict[str, Any], book: _TariffBook) -> list[Record] | RowRefused:
    code = str(row.get("natTarLine", ""))
    if len(code) != book.digits or not code.isdigit() or not set(row) >= _NEEDED:
        return RowRefused(AFCFTA_ROW_MISSHAPEN, {"digits": book.digits}, row=number, text=shorten_text(row))
    general = write_percent(row["mfn"])
    steps = [(year, write_percent(row[name])) for year, name in enumerate(_YEARS) if row[name] is not None]
    if general is None or row["category"] not in _CATEGORIES or any(rate is None for _, rate in steps):
        return RowRefused(AFCFTA_RATE_UNREADABLE, {"code": code}, row=number, text=shorten_text(row))
    opened = Period(book.start)
    records: list[Record] = [_measure(code, Kind.DUTY, general, opened, book)]
    records.append(TariffLine(book.territory, code, opened, (), str(row.get("descr") or "")))
    if row["category"] not in _WITHOUT_OFFER:
        for position, (year, rate) in enumerate(steps):
            if rate is None or rate == general:
                continue
            last = day_before(_anniversary(book.start, year + 1)) if position + 1 < len(steps) else None
            records.append(_measure(code, Kind.PREFERENCE, rate, Period(_anniversary(book.start, year), last), book))
    return records


def _anniversary(start: date, years: int) -> date:
    """The same day some years later; years that begin on 29 February are counted from 1 March."""
    leap_day = (start.month, start.day) == (2, 29)
    return date(start.year + years, 3, 1) if leap_day and years else start.replace(year=start.year + years)


def _measure(code: str, kind: Kind, expression: str, validity: Period, book: _TariffBook) -> Measure:
    title = "Common external tariff" if kind is Kind.DUTY else "AfCFTA preference"
    origins = Origins() if kind is Kind.DUTY else Origins((f"{book.territory}-AFCFTA",))
    return Measure(
        id=f"{book.territory}-{kind}-{code}-{validity.start}",
        territory=book.territory,
        kind=kind,
        product=Product(book.nomenclature, code),
        validity=validity,
        source=book.source,
        reference=f"e-Tariff Book, {code}",
        title=title,
        origins=origins,
        expression=expression,
    )
