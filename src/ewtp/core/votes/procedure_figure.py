"""One figure of the procedure: its name, its unit, the value it has unless a rule of procedure says otherwise."""

from __future__ import annotations

import re
from datetime import timedelta
from fractions import Fraction
from typing import Final

from ewtp.core.values.immutable import immutable
from ewtp.core.values.refusal import Refusal
from ewtp.core.votes import sentences

# A share is exact, a count whole, and a duration a whole number of seconds.
FigureValue = Fraction | int | timedelta

_SHARE: Final = re.compile(
    r"(?:(?P<percent>[0-9]{1,3}(?:\.[0-9]{1,6})?)%|(?P<above>[0-9]{1,6})/(?P<below>[1-9][0-9]{0,5})|"
    r"(?P<decimal>[0-9]{1,3}(?:\.[0-9]{1,9})?(?:e-[0-9]{1,2})?))\Z"
)
_COUNT = re.compile(r"[0-9]{1,6}\Z")
_DURATION = re.compile(r"([0-9]{1,6})(min|h|d)\Z")
_UNITS = {"d": timedelta(days=1), "h": timedelta(hours=1), "min": timedelta(minutes=1)}
_SHOWN = 40


@immutable
class ProcedureFigure:
    """``first`` is the value that holds until a rule of procedure sets another; it lies between the two bounds.

    The unit is that of the bounds: shares are fractions, counts integers, durations time spans.
    """

    name: str
    first: str
    least: FigureValue
    most: FigureValue

    @property
    def field(self) -> str:
        """The name as Python writes it."""
        return self.name.replace(".", "_")

    def read(self, text: str) -> FigureValue | Refusal:
        """The value that a rule of procedure states, such as 15%, 2/3, 1e-3, 5 or 14d."""
        value: FigureValue | None
        if isinstance(self.least, timedelta):
            value = _duration(text)
        elif isinstance(self.least, Fraction):
            value = _share(text)
        else:
            value = int(text) if _COUNT.match(text) else None
        # Both bounds are of the kind that was read.
        if value is None or not self.least <= value <= self.most:  # type: ignore[operator]
            bounds = {"least": figure_text(self.least), "most": figure_text(self.most)}
            return Refusal(sentences.PROCEDURE_VALUE_UNUSABLE, {"name": self.name, "value": text[:_SHOWN], **bounds})
        return value


def figure_text(value: FigureValue) -> str:
    """The one way in which the log writes a value; ``ProcedureFigure.read`` gives it back."""
    if not isinstance(value, timedelta):
        return str(value)
    unit, length = next((unit, length) for unit, length in _UNITS.items() if not value % length)
    return f"{value // length}{unit}"


def _share(text: str) -> Fraction | None:
    found = _SHARE.match(text)
    if found is None:
        return None
    if found["percent"]:
        return Fraction(found["percent"]) / 100
    return Fraction(int(found["above"]), int(found["below"])) if found["above"] else Fraction(found["decimal"])


def _duration(text: str) -> timedelta | None:
    found = _DURATION.match(text)
    return int(found[1]) * _UNITS[found[2]] if found else None
