"""Tariff books of the African Continental Free Trade Area: most-favoured-nation rate and the phase-down by year.

A book is a JSON array, one object a tariff line: ``mfn`` and ``t1`` to ``t13`` in percent, the category of
the offer (A liberalised, B sensitive, C and U without an offer) and the origin criterion. Year 1 is 2021:
the AfCFTA Secretariat counts the liberalisation from 1 January 2021 (its page on the schedules of
tariff concessions); another start can be given as ``effective``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from ewtp.core.rulebook.citation import Source
from ewtp.core.rulebook.measure import Kind, Measure, Origins, Product
from ewtp.core.rulebook.records import Importing, Record, RowRefused
from ewtp.core.rulebook.territory import OriginRule, TariffLine
from ewtp.core.values.period import Period
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.official_files.file_readers import (
    BROKEN,
    RETRIEVED,
    day_before,
    excerpt,
    json_rows,
    open_text,
    percent,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FIRST_DAY = date(2021, 1, 1)
_YEARS = tuple(f"t{year}" for year in range(1, 14))
_NEEDED = {"natTarLine", "mfn", "category", "no_Years", "roO_Category", *_YEARS}
_WITHOUT_OFFER = frozenset("CU")
_CATEGORIES = frozenset("ABCU")
# The start of the book's own words, the class it stands for, and the class in our words.
_CLASSES: tuple[tuple[str, str, str], ...] = (
    ("wholly obtained", "WO", "Wholly obtained"),
    ("change of tariff heading or other", "CTH OTHER", "Change of heading, or another criterion of the agreement"),
    ("change of tariff heading +", "CTH PLUS", "Change of heading, with a further condition"),
    ("change of tariff heading", "CTH", "Change of heading"),
    ("change of tariff sub-heading", "CTSH", "Change of subheading"),
    ("yet to be agreed", "OPEN", "Not agreed yet"),
    ("product-specific", "PSR", "A rule for the product"),
    ("specific process", "SP", "A specific process"),
    ("several criteria", "PSR", "A rule for the product"),
)
_VALUE_ADDED = re.compile(r"(\d+)% value added")


@dataclass(frozen=True, slots=True)
class _Book:
    territory: str
    nomenclature: str
    title: str
    digits: int


# The two books are told apart by the length of their national codes.
_BOOKS = {
    10: _Book(
        "ECOWAS",
        "ECOWAS2017",
        "AfCFTA e-Tariff Book: ECOWAS common external tariff and schedule of concessions",
        10,
    ),
    8: _Book("CEMAC", "CEMAC2017", "AfCFTA e-Tariff Book: CEMAC common external tariff and schedule of concessions", 8),
}


@lru_cache(maxsize=4)
def source(territory: str) -> Source:
    """The book of a customs union."""
    book = next(b for b in _BOOKS.values() if b.territory == territory)
    return Source(
        f"{territory.lower()}-afcfta-book",
        book.title,
        "AfCFTA Secretariat and UNCTAD",
        FIRST_DAY,
        RETRIEVED,
        url="https://etariff.au-afcfta.org/",
        carrier="UNCTAD AfCFTA e-Tariff Book",
    )


def read(path: Path, *, effective: date | None = None) -> Importing | Refusal:
    """Duties, dated AfCFTA steps, origin classes and lines; ``effective`` is the first day of year 1."""
    try:
        with open_text(path) as stream:
            first = next(json_rows(stream), {})
    except BROKEN as error:
        return Refusal("file_not_unctad_afcfta", f"{path.name} is not an AfCFTA tariff book: {excerpt(error)}.")
    book = _BOOKS.get(len(str(first.get("natTarLine", ""))))
    if book is None or not set(first) >= _NEEDED:
        return Refusal(
            "file_not_unctad_afcfta",
            f"{path.name} is not a tariff book of ECOWAS or CEMAC; a row should have natTarLine, mfn and t1 to t13.",
        )
    return Importing(source(book.territory), _records(path, book, effective or FIRST_DAY))


def _records(path: Path, book: _Book, start: date) -> Iterator[Record | RowRefused]:
    made = source(book.territory)
    number = 0
    rule: OriginRule | None = None
    seen: set[str] = set()
    try:
        with open_text(path) as stream:
            for number, row in enumerate(json_rows(stream), 1):
                found = _line(number, row, book, start)
                code = str(row.get("natTarLine"))
                if isinstance(found, RowRefused) or code in seen:
                    yield (
                        found
                        if isinstance(found, RowRefused)
                        else RowRefused(
                            number,
                            "code_repeated",
                            f"Line {code} stands in the book twice; the first is kept.",
                        )
                    )
                    continue
                seen.add(code)
                yield from found
                now = _origin_rule(code, str(row["roO_Category"]), book, made)
                # Lines that follow one another under the same criterion become one range.
                if rule is not None and now is not None and now.classes == rule.classes and now.first > rule.last:
                    rule = replace(rule, last=now.last)
                else:
                    if rule is not None:
                        yield rule
                    rule = now
        if rule is not None:
            yield rule
    except BROKEN as error:
        yield RowRefused(number, "file_broken", f"The file breaks off after row {number}: {excerpt(error)}.")


def _line(number: int, row: dict[str, Any], book: _Book, start: date) -> list[Record] | RowRefused:
    code = str(row.get("natTarLine", ""))
    if len(code) != book.digits or not code.isdigit() or not set(row) >= _NEEDED:
        return RowRefused(
            number,
            "row_misshapen",
            f"The row is not a line of {book.digits} digits with mfn and t1 to t13.",
            excerpt(row),
        )
    general = percent(row["mfn"])
    steps = [(year, percent(row[name])) for year, name in enumerate(_YEARS) if row[name] is not None]
    if general is None or row["category"] not in _CATEGORIES or any(rate is None for _, rate in steps):
        return RowRefused(
            number,
            "rate_unreadable",
            f"A rate or the category of line {code} is not one that the book uses.",
            excerpt(row),
        )
    opened = Period(start)
    records: list[Record] = [_measure(code, Kind.DUTY, general, opened, book)]
    records.append(TariffLine(book.territory, code, opened, (), str(row.get("descr") or "")))
    if row["category"] not in _WITHOUT_OFFER:
        for position, (year, rate) in enumerate(steps):
            if rate is None or rate == general:
                continue
            last = day_before(_anniversary(start, year + 1)) if position + 1 < len(steps) else None
            records.append(_measure(code, Kind.PREFERENCE, rate, Period(_anniversary(start, year), last), book))
    return records


def _anniversary(start: date, years: int) -> date:
    """The same day some years later; what began on 29 February counts its years from 1 March."""
    leap_day = (start.month, start.day) == (2, 29)
    return date(start.year + years, 3, 1) if leap_day and years else start.replace(year=start.year + years)


def _measure(code: str, kind: Kind, expression: str, validity: Period, book: _Book) -> Measure:
    title = "Common external tariff" if kind is Kind.DUTY else "AfCFTA preference"
    origins = Origins() if kind is Kind.DUTY else Origins((f"{book.territory}-AFCFTA",))
    return Measure(
        id=f"{book.territory}-{kind}-{code}-{validity.start}",
        territory=book.territory,
        kind=kind,
        product=Product(book.nomenclature, code),
        validity=validity,
        source=source(book.territory),
        reference=f"e-Tariff Book, {code}",
        title=title,
        origins=origins,
        expression=expression,
    )


def _origin_rule(code: str, criterion: str, book: _Book, made: Source) -> OriginRule | None:
    words = " ".join(criterion.split()).lower()
    added = _VALUE_ADDED.match(words)
    classes, text = "", ""
    if added:
        classes, text = f"VA{added[1]}", f"At least {added[1]}% value added"
    else:
        classes, text = next(((c, t) for start, c, t in _CLASSES if words.startswith(start)), ("", ""))
        # A few cells begin in the middle of a note and end with the criterion.
        if not classes and words.rpartition(";")[2].startswith("wholly obtained"):
            classes, text = "WO", "Wholly obtained"
    if not classes:
        return None
    return OriginRule(
        f"afcfta-{book.territory.lower()}",
        code.ljust(10, "0"),
        code.ljust(10, "9"),
        tuple(classes.split()),
        text,
        made,
    )
