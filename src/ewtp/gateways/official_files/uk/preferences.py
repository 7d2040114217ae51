"""The United Kingdom's preferences: three workbooks notified to the World Trade Organization in 2022.

The workbook of preferences gives, for 44 partners, the rate of 2022 of codes at 2 to 10 digits, by season
where it has seasons. Rates marked as staged fall year by year: the staging workbook beside it gives each
year, and becomes dated steps. Where a rate is staged and its years are not in that workbook, only 2022 is
known, and from 2023 on the measure says so instead of giving a rate. The quota workbook is read by ``quotas``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from ewtp.core.rulebook.measure import Condition, Kind, Measure
from ewtp.core.rulebook.records import Importing, Record, RowRefused
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.official_files.file_readers import refuse_at_break
from ewtp.gateways.official_files.sentences import NOT_UK_PREFERENCES, NOT_UK_STAGING
from ewtp.gateways.official_files.uk import quotas
from ewtp.gateways.official_files.uk.cells import quote_cells, read_prefix, read_rate, tidy_text
from ewtp.gateways.official_files.uk.partner_rates import PartnerRates, make_dated_measures, read_rate_row
from ewtp.gateways.official_files.uk.schemes import Partner, read_partners
from ewtp.gateways.official_files.uk.workbooks import (
    EFFECTIVE,
    PREFERENCES,
    QUOTAS,
    STAGING,
    YEAR,
    find_last_change,
    find_sheet,
    find_workbook_beside,
    make_workbook_source,
    read_sheet,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from ewtp.core.rulebook.citation import Source

_FIRST_YEAR_COLUMN = 3
_LAST_YEAR = 2034
_STAGED = ("X", "Y")
# 5.20 and 5.2, 4.00 and 4 are the same number.
_FINAL_ZEROS = re.compile(r"(\.[0-9]*?[1-9])0+(?![0-9])|\.0+(?![0-9])")


def read(
    path: Path,
    *,
    retrieved: date,
    published: date | None = None,
    effective: date | None = None,
    staging: Path | None = None,
) -> Importing | Refusal:
    """The preferences in ``path`` (or, where it is the quota workbook, the quotas).

    ``staging`` is the workbook of yearly rates; without it, one in the same folder is used. Records:
    ``Measure`` of kind preference, one a partner, code and period. Rows refused: ``partner_unknown``,
    ``code_unreadable``, ``season_unreadable``, ``rate_blank``, ``row_repeated`` (says the same as another
    row), ``row_contradicts`` (gives a second rate for the same time; the measure is kept as unknown).
    Refusals: ``file_not_uk_preferences``, ``file_not_uk_staging``.
    """
    if find_sheet(path, QUOTAS) is not None:
        return quotas.read(path, retrieved=retrieved, published=published, effective=effective)
    sheet = find_sheet(path, PREFERENCES)
    if sheet is None:
        return Refusal(NOT_UK_PREFERENCES, {"file": path.name, "header": list(PREFERENCES[:3])})
    years = staging or find_workbook_beside(path, STAGING)
    if years is not None and find_sheet(years, STAGING) is None:
        return Refusal(NOT_UK_STAGING, {"file": years.name, "columns": list(STAGING)})
    notes = () if years else ("No staging workbook was given: rates that fall year by year are known for 2022 only.",)
    stated = find_last_change(path) or published
    source = make_workbook_source(
        "uk-preferences", "UK preferential tariffs 2022, notified to the WTO", stated, retrieved
    )
    return Importing(source, refuse_at_break(_records(path, sheet, years, source, effective or EFFECTIVE)), notes)


@dataclass(slots=True)
class _Preference(PartnerRates):
    """Everything the workbook states about one partner's rate for one code."""

    staged: str = ""
    notes: list[str] = field(default_factory=list)


def _records(path: Path, sheet: str, years: Path | None, source: Source, start: date) -> Iterator[Record | RowRefused]:
    table = read_partners()
    steps = _read_staging(years, table) if years else {}
    # Each season of a code has a row of its own, and the rows are not always adjacent, so a partner is read whole.
    found: dict[tuple[str, str], _Preference] = {}
    for number, row in read_sheet(path, sheet):
        refused = _add_row(number, row, table, found)
        if refused is not None:
            yield refused
    for preference in found.values():
        yield from _measures(preference, steps, source, start)


def _add_row(
    number: int,
    row: tuple[object, ...],
    table: dict[str, Partner],
    found: dict[tuple[str, str], _Preference],
) -> RowRefused | None:
    name, code, rate, validity, staged, note = (*row, None, None, None, None, None, None)[:6]
    text = quote_cells(name, code, rate, validity)
    read = read_rate_row(number, table, (name, code, rate, validity), text)
    if isinstance(read, RowRefused):
        return read
    preference = found.setdefault((read.partner.slug, read.prefix), _Preference(read.partner, read.prefix))
    if tidy_text(staged) in _STAGED:
        preference.staged = tidy_text(staged)
    if tidy_text(note) not in ("", "-"):
        preference.notes.append(tidy_text(note))
    return preference.add(read, number, text)


def _measures(
    preference: _Preference,
    steps: dict[tuple[str, str], list[tuple[int, str]]],
    source: Source,
    start: date,
) -> Iterator[Measure]:
    # An edition taken to start later does not reach back.
    known = [(max(day, start), text) for day, text in _date_rates(preference, preference.expression, steps)]
    dated = [
        (day, text) for position, (day, text) in enumerate(known) if day > start or position == _last(known, start)
    ]
    notes = dict.fromkeys(preference.notes)
    return make_dated_measures(
        preference,
        dated,
        kind=Kind.PREFERENCE,
        source=source,
        reference="UK preferences",
        title="Tariff preference",
        conditions=tuple(Condition("note", note, "a note of the notification") for note in notes),
    )


def _last(known: list[tuple[date, str]], start: date) -> int:
    return max(position for position, (day, _) in enumerate(known) if day == start)


def _date_rates(
    entry: _Preference, rate: str, steps: dict[tuple[str, str], list[tuple[int, str]]]
) -> Iterator[tuple[date, str]]:
    """The rate from each date on; disputed for a year about which the two workbooks disagree.

    The workbook of preferences gives the rate of 2022 alone where it marks it as staged, and of every year where it
    does not.
    """
    found = _years_of(entry, steps) if entry.staged else steps.get((entry.partner.slug, entry.prefix))
    if found is None:
        yield EFFECTIVE, rate
        if entry.staged:
            yield date(YEAR + 1, 1, 1), f"staged rate, known for {YEAR} only"
        return
    before = None
    for year, text in found:
        doubtful = (year == YEAR or not entry.staged) and _alike(text) != _alike(rate)
        told = f"disputed in the schedule: {rate}, {text}" if doubtful else text
        if entry.staged and year == YEAR and doubtful and len(found) > 1 and found[1][0] > YEAR + 1:
            # Only 2022 is in doubt; the later years are in the staging workbook alone.
            yield date(year, 1, 1), told
            yield date(year + 1, 1, 1), text
        elif told != before:
            yield date(year, 1, 1), told
        before = told


def _alike(rate: str) -> frozenset[str]:
    """The parts of a rate regardless of spaces and final zeros, for comparing the two workbooks."""
    bare = _FINAL_ZEROS.sub(r"\1", "".join(rate.split()))
    return frozenset(bare.split(";"))


def _years_of(entry: _Preference, steps: dict[tuple[str, str], list[tuple[int, str]]]) -> list[tuple[int, str]] | None:
    """The yearly rates of the code, of a code above it, or of all codes below it where they agree."""
    slug = entry.partner.slug
    for length in range(len(entry.prefix), 1, -2):
        found = steps.get((slug, entry.prefix[:length]))
        if found is not None:
            return found
    below = [text for (who, code), text in steps.items() if who == slug and code.startswith(entry.prefix)]
    return below[0] if below and all(text == below[0] for text in below) else None


def _read_staging(path: Path, table: dict[str, Partner]) -> dict[tuple[str, str], list[tuple[int, str]]]:
    """By partner and code, the rate from 1 January of each year in which it changes; the last one continues.

    The columns of the workbook are headed by years, so a year's rate is taken to apply from 1 January.
    """
    sheet = find_sheet(path, STAGING)
    steps: dict[tuple[str, str], list[tuple[int, str]]] = {}
    if sheet is None:
        return steps
    for _, row in read_sheet(path, sheet):
        partner, prefix = table.get(tidy_text(row[0])), read_prefix(row[1])
        cells = row[_FIRST_YEAR_COLUMN : _FIRST_YEAR_COLUMN + _LAST_YEAR - YEAR + 1]
        if partner is not None and prefix is not None:
            steps[(partner.slug, prefix)] = list(_changes(read_rate(cell) for cell in cells))
    return steps


def _changes(rates: Iterable[str | None]) -> Iterator[tuple[int, str]]:
    previous = None
    for year, rate in enumerate(rates, start=YEAR):
        if rate is not None and rate != previous:
            yield year, rate
            previous = rate
