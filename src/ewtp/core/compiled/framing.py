"""What lines to one destination, in one currency, on one day share: built by the scalar path, kept as integers."""

from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_HALF_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Protocol

import numpy as np

from ewtp.core.assessment.question import Question, QuestionLine
from ewtp.core.assessment.taxes import tax_base_terms
from ewtp.core.compiled.arithmetic import DOWN, FINE, HALF_DOWN, HALF_EVEN, HALF_UP
from ewtp.core.compiled.entries import day_of
from ewtp.core.compiled.kernel import (
    F_BASIS_KNOWN,
    F_CIF,
    F_CURRENCY,
    F_DUTY_MODE,
    F_DUTY_UNIT,
    F_MANTISSA,
    F_MINOR,
    F_OUT_CURRENCY,
    F_SCALAR,
    F_SCALE,
    F_TAX_MODE,
    F_TAX_UNIT,
    F_VALUE_MODE,
    F_VALUE_UNIT,
    FRAME_FIELDS,
)
from ewtp.core.compiled.layout import Frames
from ewtp.core.compiled.programs import Names as Numbered
from ewtp.core.values.money import Money, minor_units

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ewtp.core.assessment.answer import Answer
    from ewtp.core.assessment.duties import Rounding
    from ewtp.core.assessment.frame import Frame
    from ewtp.core.assessment.question import Vocabulary
    from ewtp.core.compiled.reading import Read
    from ewtp.core.compiled.tables import Names
    from ewtp.core.values.refusals import Refusal

_MODES = {ROUND_HALF_UP: HALF_UP, ROUND_DOWN: DOWN, ROUND_HALF_EVEN: HALF_EVEN, ROUND_HALF_DOWN: HALF_DOWN}
_TERMS = ("customs_value", "freight", "duty", "additional_duty", "excise", "fee")
_MOST_MANTISSA, _MOST_SCALE = 10**10, 10**12


class Scalar(Protocol):
    """The scalar path on the same version of the rulebook, with the same exchange rates."""

    vocabulary: Vocabulary

    def frame(self, question: Question) -> Frame:
        """What all lines of the question share."""

    def answer(self, question: Question) -> Answer | Refusal:
        """The answer to the question."""


class Framer:
    """Builds frames as they are needed and keeps them for the tables to come."""

    def __init__(self, names: Names, scalar: Scalar) -> None:
        self._names = names
        self._scalar = scalar
        self._kept: dict[tuple[int, str, int], tuple[list[int], list[int], list[float]]] = {}
        # The currencies that answers are in.
        self.currencies = Numbered()

    def frames(self, read: Read) -> Frames:
        """The frames of a table; sets each line's place among them."""
        lines = read.lines
        usable = ~lines.scalar
        if not usable.any():
            return _arrays([_unsettled(len(self._names.currencies))])
        first = int(lines.day[usable].min())
        span = int(lines.day[usable].max()) - first + 1
        many = max(len(read.currencies), 1)
        keys = (lines.destination.astype(np.int64) * many + read.currency) * span + (lines.day - first)
        keys = np.where(usable, keys, keys[usable][0])
        distinct, back = _distinct(keys, len(self._names.economies) * many * span)
        lines.frame[:] = back
        rows = []
        for key in distinct:
            pair, day = divmod(int(key), span)
            target, currency = divmod(pair, many)
            rows.append(self._frame(target, read.currencies[currency], first + day))
        return _arrays(rows)

    def _frame(self, target: int, currency: str, day: int) -> tuple[list[int], list[int], list[float]]:
        key = (target, currency, day)
        found = self._kept.get(key)
        if found is None:
            found = self._kept[key] = self._built(target, currency, day)
        return found

    def _built(self, target: int, currency: str, day: int) -> tuple[list[int], list[int], list[float]]:
        names = self._names
        if currency not in self._scalar.vocabulary.currencies:
            return _unsettled(len(names.currencies))
        line = QuestionLine("000000", names.economies[target - 1], Money(Decimal(1), currency), {}, {}, ())
        frame = self._scalar.frame(
            Question(line.origin, names.economies[target], day_of(day), None, None, None, (line,), None, None),
        )
        return self._as_integers(frame, currency)

    def _as_integers(self, frame: Frame, currency: str) -> tuple[list[int], list[int], list[float]]:
        names = self._names
        minor = minor_units(frame.currency)
        conversion = _conversion(frame, currency)
        base = _tax_base(frame.tax_base)
        units = [_unit(rounding, minor) for rounding in (frame.rounding, frame.tax_rounding)]
        value = frame.value_rounding
        units.append(FINE if value is None else _unit(value, minor))
        if conversion is None or base is None or None in units:
            return _unsettled(len(names.currencies))
        fields = [0] * FRAME_FIELDS
        fields[F_CURRENCY] = names.currencies.index(frame.currency) if frame.currency in names.currencies else -1
        fields[F_OUT_CURRENCY] = self.currencies.place(frame.currency)
        fields[F_MINOR] = minor
        fields[F_MANTISSA], fields[F_SCALE] = conversion
        fields[F_CIF] = int(frame.basis == "CIF")
        fields[F_BASIS_KNOWN] = int(frame.basis_is_known)
        fields[F_DUTY_UNIT], fields[F_TAX_UNIT] = units[0] or 0, units[1] or 0
        fields[F_VALUE_UNIT] = (units[2] or 0) // FINE
        fields[F_VALUE_MODE] = _MODES[value.mode] if value else DOWN
        fields[F_DUTY_MODE] = _MODES[frame.rounding.mode]
        fields[F_TAX_MODE] = _MODES[frame.tax_rounding.mode]
        rates = []
        for name in names.currencies:
            rate = frame.rate(frame.currency, name)
            rates.append(0.0 if rate is None else float(rate.scaleb(minor_units(name) - minor)))
        return fields, base, rates


def _distinct(keys: NDArray[np.int64], most: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The distinct keys, and each key's place among them; a table of all possible keys is quicker than sorting."""
    if most > max(4 * len(keys), 1_000_000):
        distinct, back = np.unique(keys, return_inverse=True)
        return distinct, back
    places = np.zeros(most, np.int64)
    places[keys] = 1
    distinct = np.flatnonzero(places)
    places[distinct] = np.arange(len(distinct))
    return distinct, places[keys]


def _unsettled(currencies: int) -> tuple[list[int], list[int], list[float]]:
    fields = [0] * FRAME_FIELDS
    fields[F_SCALAR] = 1
    return fields, [0] * len(_TERMS), [0.0] * currencies


def _arrays(rows: list[tuple[list[int], list[int], list[float]]]) -> Frames:
    width = len(rows[0][2]) or 1
    return Frames(
        np.array([row[0] for row in rows], np.int64),
        np.array([row[1] for row in rows], np.int64),
        np.array([row[2] or [0.0] for row in rows], np.float64).reshape(len(rows), width),
    )


def _conversion(frame: Frame, currency: str) -> tuple[int, int] | None:
    """A factor from minor units to minor units as a fraction, (0, 0) where nothing is converted."""
    if currency == frame.currency:
        return 0, 0
    rate = frame.rate(currency, frame.currency)
    if rate is None:
        return None
    _, digits, exponent = rate.normalize().as_tuple()
    mantissa = int("".join(map(str, digits)))
    places = int(exponent) + minor_units(frame.currency) - minor_units(currency)
    if places > 0:
        mantissa, places = mantissa * 10**places, 0
    scale = 10**-places
    return (mantissa, scale) if mantissa <= _MOST_MANTISSA and scale <= _MOST_SCALE else None


def _tax_base(text: str) -> list[int] | None:
    """Factors in hundredths, by term; None where one is finer."""
    factors = [Decimal(0)] * len(_TERMS)
    for name, factor in tax_base_terms(text):
        if name in _TERMS:
            factors[_TERMS.index(name)] += factor * 100
    if any(factor != factor.to_integral_value() for factor in factors):
        return None
    return [int(factor) for factor in factors]


def _unit(rounding: Rounding, minor: int) -> int | None:
    """The rounding's unit in hundred-millionths of a minor unit; None where it is finer than a minor unit."""
    return 10 ** (8 + minor - rounding.places) if rounding.places <= minor and rounding.mode in _MODES else None
