"""Lookup tables for drawing lines, built from a profile, a seed and assumptions."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from ewtp.core.synthetic.import_profile import DeclarableProduct
from ewtp.core.synthetic.line_quantities import (
    choose_columns,
    choose_supplementary_units,
    choose_units,
    model_quantity,
)
from ewtp.core.synthetic.random_draws import Shuffler, build_choice_table, build_spread_table, power_law_weights
from ewtp.core.values.money import minor_units

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from ewtp.core.synthetic.assumptions import Assumptions
    from ewtp.core.synthetic.import_profile import ImportProfile
    from ewtp.core.synthetic.line_quantities import QuantityModel

# Amounts have as many decimals as the finest currency.
AMOUNT_DECIMALS = 4
_DOLLAR, _EURO = "USD", "EUR"
_FRIDAY = 4


@dataclass(frozen=True, slots=True, eq=False)
class SamplingTables:
    """Lookup tables, each named ``<value>_of_<index>``. A *state* is one schedule during one run of days."""

    assumptions: Assumptions
    year: int
    # Dictionaries of the text columns.
    economies: pa.Array
    codes: pa.Array
    currencies: pa.Array
    claims: pa.Array
    firms: pa.Array
    # Indexed by sixteen random bits.
    destination_of_bits: NDArray[Any]
    dispatch_of_bits: NDArray[Any]
    currency_of_bits: NDArray[Any]
    size_of_bits: NDArray[Any]
    business_transport_of_bits: NDArray[Any]
    consumer_transport_of_bits: NDArray[Any]
    # By destination: its economy; by destination and economy drawn, the economy of dispatch, outside the same union.
    economy_of_destination: NDArray[np.int32]
    dispatch_of_destination: NDArray[np.int32]
    currencies_of_destination: NDArray[np.int32]
    state_of_destination_day: NDArray[np.int32]
    # By state: its slice of ``product_order``, and where its claims start.
    first_of_state: NDArray[np.int64]
    count_of_state: NDArray[np.uint64]
    claims_of_state: NDArray[np.int64]
    product_order: NDArray[np.int32]
    code_of_product: NDArray[np.int32]
    class_of_product: NDArray[np.int32]
    option_of_claim: NDArray[np.int32]
    first_of_option: NDArray[np.int32]
    count_of_option: NDArray[np.uint32]
    claim_order: NDArray[np.int32]
    # Quantities, those with columns first, and the number of columns; by set of units, the columns that it fills and
    # the quantity that it states as supplementary (or None); by product, its set.
    quantities: tuple[QuantityModel, ...]
    columns: int
    columns_of_set: tuple[tuple[int, ...], ...]
    supplementary_of_set: tuple[int | None, ...]
    set_of_product: NDArray[np.uint16]
    step_of_currency: NDArray[np.int64]
    value_spread: NDArray[np.int64]
    kilogram_spread: NDArray[np.int64]
    # By day, the share of the year's lines that come before its end, in millionths of a millionth.
    day_ends: NDArray[np.int64]


def build_sampling_tables(profile: ImportProfile, seed: int, assumptions: Assumptions) -> SamplingTables:
    """The tables for a file; the rankings that weights follow are drawn from the seed."""
    return _SamplingTableBuilder(profile, seed, assumptions).build()


class _SamplingTableBuilder:
    def __init__(self, profile: ImportProfile, seed: int, assumptions: Assumptions) -> None:
        self.profile = profile
        self.assumptions = assumptions
        self.shuffler = Shuffler(seed)
        self.claim_places: dict[str, int] = {"": 0}
        self.options: dict[tuple[str, ...], int] = {(): 0}
        # Six-digit products, for destinations and days without a schedule, follow the products of all schedules.
        plain = choose_units({}, ())
        year = (date(profile.year, 1, 1), date(profile.year, 12, 31))
        self.products: list[DeclarableProduct] = [p for schedule in profile.schedules for p in schedule.products]
        self.six_digits_from = len(self.products)
        self.products += [DeclarableProduct(code, *year, plain, 0) for code in profile.subheadings]

    def build(self) -> SamplingTables:
        profile, assumptions = self.profile, self.assumptions
        economies = {name: place for place, name in enumerate(profile.economies)}
        currencies = sorted({d.currency for d in profile.destinations} | {_DOLLAR, _EURO})
        codes = sorted({product.code for product in self.products})
        code_places = {code: place for place, code in enumerate(codes)}
        states = self._states()
        option_sizes = np.array([len(option) for option in self.options], np.int64)
        return SamplingTables(
            assumptions=assumptions,
            year=profile.year,
            economies=pa.array(profile.economies, pa.string()),
            codes=pa.array(codes, pa.string()),
            currencies=pa.array(currencies, pa.string()),
            claims=pa.array(list(self.claim_places), pa.string()),
            firms=self._firms(),
            destination_of_bits=self._destinations(),
            dispatch_of_bits=self._rank_table(range(len(economies)), np.uint16),
            currency_of_bits=build_choice_table(assumptions.currency_weights),
            size_of_bits=build_choice_table(assumptions.size_weights),
            business_transport_of_bits=build_choice_table(assumptions.transport_business),
            consumer_transport_of_bits=build_choice_table(assumptions.transport_consumer),
            economy_of_destination=np.array([economies[d.economy] for d in profile.destinations], np.int32),
            dispatch_of_destination=self._dispatches(),
            currencies_of_destination=np.array(
                [[currencies.index(c) for c in (d.currency, _DOLLAR, _EURO)] for d in profile.destinations],
                np.int32,
            ),
            **states,
            code_of_product=np.array([code_places[product.code] for product in self.products], np.int32),
            class_of_product=np.array([product.preferences for product in self.products], np.int32),
            first_of_option=(np.cumsum(option_sizes) - option_sizes).astype(np.int32),
            count_of_option=option_sizes.astype(np.uint32),
            claim_order=np.array(
                [self.claim_places[name] for option in self.options for name in option] or [0], np.int32
            ),
            **self._quantities(),
            step_of_currency=np.array([10 ** (AMOUNT_DECIMALS - minor_units(name)) for name in currencies], np.int64),
            value_spread=build_spread_table(assumptions.value_spread),
            kilogram_spread=build_spread_table(assumptions.kilogram_spread),
            day_ends=self._day_ends(),
        )

    def _quantities(self) -> dict[str, Any]:
        """The sets of units that products have, and where each unit is stated."""
        sets = Counter(sorted(product.units for product in self.products))
        columns = choose_columns(sets)
        supplementary = choose_supplementary_units(sets, columns)
        keys = [*columns, *sorted({key for key in supplementary if key is not None})]
        places = {units: place for place, units in enumerate(sets)}
        return {
            "quantities": tuple(model_quantity(key) for key in keys),
            "columns": len(columns),
            "columns_of_set": tuple(
                tuple(place for place, key in enumerate(columns) if key in units) for units in sets
            ),
            "supplementary_of_set": tuple(None if key is None else keys.index(key) for key in supplementary),
            "set_of_product": np.array([places[product.units] for product in self.products], np.uint16),
        }

    def _firms(self) -> pa.Array:
        count = len(self.profile.destinations) * sum(self.assumptions.firms_by_size)
        return pa.array([f"synthetic-{number:06d}" for number in range(count)], pa.string())

    def _rank_table(self, among: Sequence[int], kind: Any) -> NDArray[Any]:
        """A table from sixteen bits to the given indices, weighted by a ranking drawn from the seed."""
        shuffled = np.array(list(among), kind)[self.shuffler.order(len(among))]
        weights = power_law_weights(len(among), self.assumptions.economy_exponent)
        table: NDArray[Any] = shuffled[build_choice_table(weights, np.uint16)]
        return table

    def _destinations(self) -> NDArray[Any]:
        """Chooses whether there is a schedule, then the schedule, then one of its economies."""
        by_schedule: dict[int, list[int]] = {}
        elsewhere: list[int] = []
        for place, destination in enumerate(self.profile.destinations):
            if destination.schedule is None:
                elsewhere.append(place)
            else:
                by_schedule.setdefault(destination.schedule, []).append(place)
        share = self.assumptions.scheduled_share
        if not elsewhere or not self.profile.subheadings:
            share = Decimal(1)
        if not by_schedule:
            share = Decimal(0)
        weights = [Decimal(0)] * len(self.profile.destinations)
        groups = [(members, share / len(by_schedule)) for _, members in sorted(by_schedule.items())]
        for members, part in [*groups, (elsewhere, 1 - share)]:
            falling = power_law_weights(len(members), self.assumptions.economy_exponent)
            for place, weight in zip(self.shuffler.order(len(members)), falling, strict=True):
                weights[members[place]] = part * weight / sum(falling)
        return build_choice_table(weights, np.uint16)

    def _dispatches(self) -> NDArray[np.int32]:
        """By destination and economy, the economy itself, or the next one outside the destination's customs union."""
        names = self.profile.economies
        rows = np.tile(np.arange(len(names), dtype=np.int32), (len(self.profile.destinations), 1))
        for row, destination in zip(rows, self.profile.destinations, strict=True):
            outside = [place for place, name in enumerate(names) if name not in destination.inside] or [0]
            for place, name in enumerate(names):
                if name in destination.inside:
                    row[place] = next((other for other in outside if other > place), outside[0])
        return rows

    def _states(self) -> dict[str, Any]:
        """The states of every schedule; the last state is that of six-digit codes."""
        profile = self.profile
        start = date(profile.year, 1, 1)
        days = (date(profile.year + 1, 1, 1) - start).days
        counts: list[int] = []
        claims_from: list[int] = []
        orders: list[NDArray[np.int64]] = []
        cells: list[NDArray[np.int32]] = []
        state_of_schedule_day = np.zeros((len(profile.schedules), days), np.int32)
        first_product = first_claim = 0
        for number, schedule in enumerate(profile.schedules):
            places = np.array([self._option(option) for option in schedule.options], np.int32)
            cells.append(places[schedule.claims].reshape(-1))
            order = self.shuffler.order(len(schedule.products))
            first = np.array([product.first.toordinal() for product in schedule.products], np.int64)
            last = np.array([product.last.toordinal() for product in schedule.products], np.int64)
            for run, day in enumerate(schedule.days):
                ordinal = day.toordinal()
                in_force = order[(first[order] <= ordinal) & (ordinal <= last[order])]
                state_of_schedule_day[number, (day - start).days :] = len(counts) if len(in_force) else -1
                if len(in_force):
                    counts.append(len(in_force))
                    orders.append(in_force + first_product)
                    claims_from.append(first_claim + run * schedule.claims[0].size)
            first_product += len(schedule.products)
            first_claim += schedule.claims.size
        six_digits = len(counts)
        counts.append(len(profile.subheadings))
        orders.append(self.shuffler.order(len(profile.subheadings)) + self.six_digits_from)
        claims_from.append(first_claim)
        cells.append(np.zeros(len(profile.economies), np.int32))
        # Before a schedule enters into force, its destinations declare six-digit codes.
        state_of_schedule_day[state_of_schedule_day < 0] = six_digits
        everywhere = np.full(days, six_digits, np.int32)
        return {
            "state_of_destination_day": np.array(
                [everywhere if d.schedule is None else state_of_schedule_day[d.schedule] for d in profile.destinations],
            ),
            "first_of_state": (np.cumsum(counts) - counts).astype(np.int64),
            "count_of_state": np.array(counts, np.uint64),
            "claims_of_state": np.array(claims_from, np.int64),
            "product_order": np.concatenate(orders).astype(np.int32),
            "option_of_claim": np.concatenate(cells),
        }

    def _option(self, option: tuple[str, ...]) -> int:
        for name in option:
            self.claim_places.setdefault(name, len(self.claim_places))
        return self.options.setdefault(option, len(self.options))

    def _day_ends(self) -> NDArray[np.int64]:
        start = date(self.profile.year, 1, 1)
        weights = []
        for number in range((date(self.profile.year + 1, 1, 1) - start).days):
            weekend = (start + timedelta(days=number)).weekday() > _FRIDAY
            weights.append(self.assumptions.weekend_weight if weekend else Decimal(1))
        total, running = sum(weights), Decimal(0)
        ends = []
        for weight in weights:
            running += weight
            ends.append(int(running / total * 10**12))
        return np.array(ends, np.int64)
