"""The rates that a United Kingdom workbook gives a partner for a code: rows gathered by season, steps as measures."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from ewtp.core.rulebook.measure import Condition, Kind, Measure, Product
from ewtp.core.rulebook.records import RowRefused
from ewtp.core.values.period import Period
from ewtp.gateways.official_files.file_readers import day_before
from ewtp.gateways.official_files.sentences import (
    PARTNER_CODE_UNREADABLE,
    PARTNER_UNKNOWN,
    RATE_BLANK,
    ROW_CONTRADICTS,
    ROW_REPEATED,
    SEASON_UNREADABLE,
)
from ewtp.gateways.official_files.uk.cells import (
    CURRENCY,
    TERRITORY,
    join_seasons,
    read_prefix,
    read_rate,
    read_season,
    tidy_text,
)
from ewtp.gateways.official_files.uk.workbooks import NOMENCLATURE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from ewtp.core.rulebook.citation import Source
    from ewtp.gateways.official_files.uk.schemes import Partner


class RateRow(NamedTuple):
    """One row of a workbook: a rate for a season, which is empty for the whole year."""

    partner: Partner
    prefix: str
    rate: str
    season: str


@dataclass(slots=True)
class PartnerRates:
    """All rates that a workbook gives one partner for one code, as pairs of rate and season."""

    partner: Partner
    prefix: str
    rates: list[tuple[str, str]] = field(default_factory=list)

    def add(self, row: RateRow, number: int, text: str) -> RowRefused | None:
        """Add a row's rate; refused where an earlier row repeats it or gives another rate for the same time."""
        repeated = (row.rate, row.season) in self.rates
        self.rates.append((row.rate, row.season))
        if repeated:
            return RowRefused(ROW_REPEATED, row=number, text=text)
        if join_seasons(self.rates) is None:
            return RowRefused(ROW_CONTRADICTS, row=number, text=text)
        return None

    @property
    def expression(self) -> str:
        """The rates as one expression; one that cannot be computed where the rows contradict each other."""
        listed = ", ".join(f"{rate} {season}".strip() for rate, season in dict.fromkeys(self.rates))
        return join_seasons(self.rates) or f"disputed in the schedule: {listed}"


def read_rate_row(
    number: int,
    known: Mapping[str, Partner],
    cells: tuple[object, object, object, object],
    text: str,
) -> RateRow | RowRefused:
    """The row of the cells partner, code, rate and validity.

    Refused as ``partner_unknown``, ``code_unreadable``, ``season_unreadable`` or ``rate_blank``, with ``text``.
    """
    name, code, rate, validity = cells
    partner = known.get(tidy_text(name))
    if partner is None:
        return RowRefused(PARTNER_UNKNOWN, row=number, text=text)
    prefix = read_prefix(code)
    if prefix is None:
        return RowRefused(PARTNER_CODE_UNREADABLE, row=number, text=text)
    season = read_season(validity)
    if season is None:
        return RowRefused(SEASON_UNREADABLE, row=number, text=text)
    written = read_rate(rate)
    if written is None:
        return RowRefused(RATE_BLANK, row=number, text=text)
    return RateRow(partner, prefix, written, season)


def make_dated_measures(
    rates: PartnerRates,
    steps: Sequence[tuple[date, str]],
    *,
    kind: Kind,
    source: Source,
    reference: str,
    title: str,
    order_number: str = "",
    conditions: tuple[Condition, ...] = (),
) -> Iterator[Measure]:
    """A measure for each step, pairs of first day and expression; each step ends the day before the next."""
    ends = [day_before(day) for day, _ in steps[1:]]
    order = f"{order_number}-" if order_number else ""
    for (day, expression), end in zip(steps, [*ends, None], strict=True):
        yield Measure(
            id=f"{TERRITORY}-{kind}-{rates.prefix}-{rates.partner.slug}-{order}{day}",
            territory=TERRITORY,
            kind=kind,
            product=Product(NOMENCLATURE, rates.prefix),
            validity=Period(day, end),
            source=source,
            reference=f"{reference}, {rates.prefix}",
            title=title,
            origins=rates.partner.origins,
            expression=expression,
            currency=CURRENCY,
            order_number=order_number,
            conditions=conditions,
        )
