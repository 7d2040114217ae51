"""Frames: the facts shared by lines to one destination, in one currency and span of days, as integers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from decimal import ROUND_DOWN, ROUND_HALF_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from threading import Lock
from typing import TYPE_CHECKING, Protocol

import numpy as np

from ewtp.core.assessment.consignment import in_currency, own_currency
from ewtp.core.assessment.question import Question, QuestionLine
from ewtp.core.assessment.unknowns import destination_gaps, is_untaxed
from ewtp.core.compiled.format import frame_field
from ewtp.core.compiled.format.kernel_arrays import Frames
from ewtp.core.compiled.format.pool import Pool
from ewtp.core.compiled.format.unknown_bits import unknown_bit
from ewtp.core.compiled.machine.epoch_days import NEVER, day_after, day_number, day_of
from ewtp.core.compiled.machine.fixed_point import DOWN, FINE, HALF_DOWN, HALF_EVEN, HALF_UP
from ewtp.core.compiled.table.rate_arrays import RateArrays
from ewtp.core.compiled.table.rate_currencies import currencies_by_destination
from ewtp.core.rulebook.tax_base import TERMS
from ewtp.core.values.money import Money, minor_units

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from numpy.typing import NDArray

    from ewtp.core.assessment.consignment import ConsignmentContext
    from ewtp.core.assessment.exchange import RateTable
    from ewtp.core.assessment.question import Vocabulary
    from ewtp.core.compiled.format.tables import CompiledBook
    from ewtp.core.rulebook.tax_base import TaxBase
    from ewtp.core.values.money import Rounding

_MODES = {ROUND_HALF_UP: HALF_UP, ROUND_DOWN: DOWN, ROUND_HALF_EVEN: HALF_EVEN, ROUND_HALF_DOWN: HALF_DOWN}


class FrameMaker(Protocol):
    """The part of the scalar path that builds frames, with its exchange rates."""

    @property
    def vocabulary(self) -> Vocabulary:
        """The names that questions may use."""

    @property
    def rates(self) -> RateTable:
        """The exchange rates."""

    def frame(self, question: Question) -> ConsignmentContext:
        """The facts that all lines of the question share; they need no more of the book than its territories."""


@dataclass(slots=True)
class _PackedFrame:
    """A frame as integers."""

    fields: list[int]
    tax_base: list[int]
    foreign: list[list[int]]


@dataclass(slots=True)
class _Kept:
    """The frames built so far; new ones are appended."""

    first: dict[tuple[int, str], int] = field(default_factory=dict)
    rows: list[_PackedFrame] = field(default_factory=list)


class Framer:
    """Builds frames on demand and caches them for later tables; threads may share it."""

    def __init__(self, book: CompiledBook, scalar: FrameMaker, rates: RateArrays | None = None) -> None:
        """``rates`` are those of another framer, if it has the same exchange rates."""
        self.rates = rates or RateArrays(scalar.rates)
        self._names = book.names
        # By destination and currency: whether limits of value are in it, and whether charges are.
        self._asked = currencies_by_destination(book.tables, len(book.names.currencies))
        self._scalar = scalar
        self._kept = _Kept()
        self._lock = Lock()
        self._made: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int32]] | None = None
        # The currencies that answers are in.
        self._currencies: Pool[str] = Pool()

    @property
    def currencies(self) -> tuple[str, ...]:
        """The currencies of answers, by number."""
        return tuple(self._currencies.listed)

    def frames(self, wanted: Iterable[tuple[int, int]], currencies: Sequence[str], days: NDArray[np.int32]) -> Frames:
        """The frames for pairs of a destination and a currency of a table, whose lines are of these days, in order."""
        with self._lock:
            first = np.full(len(self._names.economies) * max(len(currencies), 1), -1, np.int32)
            for target, place in wanted:
                first[target * len(currencies) + place] = self._first(target, currencies[place])
            fields, tax_base, foreign = self._arrays()
            return Frames(
                len(self._names.economies),
                max(len(currencies), 1),
                first,
                fields,
                tax_base,
                foreign,
                int(days[0]) if len(days) else 0,
                self.rates.build_arrays(days),
            )

    def _arrays(self) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int32]]:
        """All frames as arrays, rebuilt when a frame is added."""
        rows = self._kept.rows or [_build_unsettled_frame(len(self._names.currencies), NEVER)]
        if self._made is None or len(self._made[0]) != len(rows):
            self._made = (
                np.array([row.fields for row in rows], np.int64),
                np.array([row.tax_base for row in rows], np.int64),
                np.array([row.foreign or [[-1, -1]] for row in rows], np.int32),
            )
        return self._made

    def _first(self, target: int, currency: str) -> int:
        key = (target, currency)
        found = self._kept.first.get(key)
        if found is None:
            rows = self._kept.rows
            built = self._build_frames(target, currency)
            # Without a rate the answer is in the line's own currency, in the frame at the same distance.
            found = self._kept.first[key] = len(rows)
            for place, (row, without) in enumerate(built):
                if without is not None:
                    row.fields[frame_field.WITHOUT_RATE] = found + len(built) + place
                rows.append(row)
            rows += [without or _build_unsettled_frame(len(self._names.currencies), NEVER) for _, without in built]
        return found

    def _build_frames(self, target: int, currency: str) -> list[tuple[_PackedFrame, _PackedFrame | None]]:
        """The frames of a destination and a currency, by span of days, each with the frame for days without a rate."""
        many = len(self._names.currencies)
        if currency not in self._scalar.vocabulary.currencies:
            return [(_build_unsettled_frame(many, NEVER), None)]
        destination = self._names.economies[target]
        # Of any day: which of them apply may change.
        territories = self._frame(destination, currency, day_of(0)).book.territories_of(destination)
        turns = {turn for t in territories for p in t.practices for turn in _turns(p.validity.start, p.validity.end)}
        turns |= {last + timedelta(days=1) for t in territories if (last := t.schedule_known_until) is not None}
        starts = [0, *sorted(day_number(turn) for turn in turns if day_number(turn) > 0)]
        own = own_currency(destination, territories) or currency
        built = []
        for start, until in zip(starts, [*starts[1:], NEVER], strict=True):
            frame = self._frame(destination, own, day_of(start))
            row = self._row(frame, target, currency, until)
            without = self._row(in_currency(frame, currency), target, currency, until) if own != currency else None
            built.append((row, without))
        return built

    def _frame(self, destination: str, currency: str, day: date) -> ConsignmentContext:
        origin = next(economy for economy in self._names.economies if economy != destination)
        line = QuestionLine("000000", origin, Money(Decimal(1), currency), {}, {}, ())
        return self._scalar.frame(Question(origin, destination, day, None, None, None, (line,), None, None))

    def _row(self, frame: ConsignmentContext, target: int, currency: str, until: int) -> _PackedFrame:
        names = self._names
        minor = minor_units(frame.currency)
        base = _tax_base(frame.tax_base)
        units = [_unit(rounding, minor) for rounding in (frame.rounding, frame.tax_rounding)]
        value = frame.value_rounding
        units.append(FINE if value is None else _unit(value, minor))
        if base is None or None in units:
            return _build_unsettled_frame(len(names.currencies), until)
        fields = [0] * frame_field.WIDTH
        preferred = frame.list_rate_sources()
        fields[frame_field.UNTIL] = until
        fields[frame_field.CURRENCY] = (
            names.currencies.index(frame.currency) if frame.currency in names.currencies else -1
        )
        fields[frame_field.OUT_CURRENCY] = self._currencies.place(frame.currency)
        fields[frame_field.MINOR] = minor
        fields[frame_field.RATE] = (
            -1 if currency == frame.currency else self.rates.place_pair((currency, frame.currency, preferred))
        )
        fields[frame_field.CIF] = int(frame.basis == "CIF")
        fields[frame_field.BASIS_KNOWN] = int(frame.basis_is_known)
        fields[frame_field.DUTY_UNIT], fields[frame_field.TAX_UNIT] = units[0] or 0, units[1] or 0
        fields[frame_field.VALUE_UNIT] = (units[2] or 0) // FINE
        fields[frame_field.VALUE_MODE] = _MODES[value.mode] if value else DOWN
        fields[frame_field.DUTY_MODE] = _MODES[frame.rounding.mode]
        fields[frame_field.TAX_MODE] = _MODES[frame.tax_rounding.mode]
        # Two sentences may have one code, and so one bit.
        uncovered = sum({unknown_bit(unknown.code) for unknown in destination_gaps(frame)})
        # Of every line of every destination.
        fields[frame_field.UNCOVERED] = uncovered | unknown_bit("embargo_not_looked_at")
        fields[frame_field.UNTAXED] = int(is_untaxed(frame))
        fields[frame_field.BASE_DISPUTED] = int(frame.tax_base_is_open and not is_untaxed(frame))
        foreign = []
        for place, name in enumerate(names.currencies):
            asked = self._asked[target, place] if name != frame.currency else (False, False)
            ways = ((frame.currency, name, preferred), (name, frame.currency, preferred))
            foreign.append(
                [self.rates.place_pair(way) if wanted else -1 for way, wanted in zip(ways, asked, strict=True)]
            )
        fields[frame_field.FOREIGN] = int(any(rate >= 0 for ways in foreign for rate in ways))
        return _PackedFrame(fields, base, foreign)


def _turns(start: date, end: date | None) -> list[date]:
    after = day_after(end) if end is not None else None
    return [start] if after is None else [start, after]


def _build_unsettled_frame(currencies: int, until: int) -> _PackedFrame:
    fields = [0] * frame_field.WIDTH
    fields[frame_field.SCALAR], fields[frame_field.RATE], fields[frame_field.UNTIL] = 1, -1, until
    return _PackedFrame(fields, [0] * len(TERMS), [[-1, -1]] * currencies)


def _tax_base(base: TaxBase) -> list[int] | None:
    """Factors in hundredths, by term; None where one is finer."""
    factors = [Decimal(0)] * len(TERMS)
    for name, factor in base.terms:
        factors[TERMS.index(name)] += factor * 100
    if any(factor != factor.to_integral_value() for factor in factors):
        return None
    return [int(factor) for factor in factors]


def _unit(rounding: Rounding, minor: int) -> int | None:
    """The rounding's unit in hundred-millionths of a minor unit; None where it is finer than a minor unit."""
    return 10 ** (8 + minor - rounding.places) if rounding.places <= minor and rounding.mode in _MODES else None
