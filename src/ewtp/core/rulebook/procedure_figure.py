"""The figures of the procedure: names, units, and the values they have unless a rule of procedure says otherwise."""

from __future__ import annotations

import re
from datetime import timedelta
from fractions import Fraction
from typing import Final

from ewtp.core.rulebook import sentences
from ewtp.core.values.immutable import immutable
from ewtp.core.values.refusal import Refusal

# A share is exact, a count whole, and a duration a whole number of seconds.
FigureValue = Fraction | int | timedelta | str

_SHARE: Final = re.compile(
    r"(?:(?P<percent>[0-9]{1,3}(?:\.[0-9]{1,6})?)%|(?P<above>[0-9]{1,6})/(?P<below>[1-9][0-9]{0,5})|"
    r"(?P<decimal>[0-9]{1,3}(?:\.[0-9]{1,9})?(?:e-[0-9]{1,2})?))\Z"
)
_COUNT = re.compile(r"[0-9]{1,6}\Z")
_DURATION = re.compile(r"([0-9]{1,6})(min|h|d)\Z")
_UNITS = {"d": timedelta(days=1), "h": timedelta(hours=1), "min": timedelta(minutes=1)}
_SHOWN, _NAME_SHOWN = 40, 80
_NONE, _HALF, _ALL = Fraction(0), Fraction(1, 2), Fraction(1)
_MOMENT, _DAY, _YEAR, _DECADE = timedelta(minutes=1), timedelta(days=1), timedelta(days=366), timedelta(days=3_660)


@immutable
class ProcedureFigure:
    """``first`` is the value that holds until a rule of procedure sets another; it lies between the two bounds.

    The unit is that of the bounds: shares are fractions, counts integers, durations time spans. Of ``choices`` it is
    one, and the bounds are the first and the last.
    """

    name: str
    first: str
    least: FigureValue
    most: FigureValue
    choices: tuple[str, ...] = ()

    @property
    def field(self) -> str:
        """The name as Python writes it."""
        return self.name.replace(".", "_")

    def read(self, text: str) -> FigureValue | Refusal:
        """The value that a rule of procedure states, such as 15%, 2/3, 1e-3, 5 or 14d."""
        value: FigureValue | None
        if self.choices:
            given = {"name": self.name, "value": text[:_SHOWN], "choices": list(self.choices)}
            return text if text in self.choices else Refusal(sentences.PROCEDURE_CHOICE_UNKNOWN, given)
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


FIGURES = (
    ProcedureFigure("house.small.approval_quorum", "15%", Fraction(1, 100), _HALF),
    ProcedureFigure("house.civil.approval_quorum", "15%", Fraction(1, 100), _HALF),
    ProcedureFigure("house.government.approval_quorum", "25%", Fraction(1, 100), _HALF),
    ProcedureFigure("house.large.approval_quorum", "25%", Fraction(1, 100), _HALF),
    ProcedureFigure("house.small.ballot", "sealed", "sealed", "secret", ("sealed", "secret")),
    ProcedureFigure("house.active_groups", "5", 1, 1_000),
    ProcedureFigure("pass.mean_share", "2/3", _HALF, _ALL),
    ProcedureFigure("pass.mean_share.again", "3/4", _HALF, _ALL),
    ProcedureFigure("pass.mean_share.procedure", "3/4", _HALF, _ALL),
    ProcedureFigure("pass.small_share.weakened", "2/3", _HALF, _ALL),
    ProcedureFigure("send_back.times", "1", 0, 5),
    ProcedureFigure("member.waiting", "90d", timedelta(0), _YEAR),
    ProcedureFigure("member.active", "365d", 30 * _DAY, 3 * _YEAR),
    ProcedureFigure("sponsors.houses", "2", 1, 4),
    ProcedureFigure("sponsors.economies", "3", 1, 100),
    ProcedureFigure("sponsors.groups", "5", 1, 1_000),
    ProcedureFigure("amendments.acceptance", "1/3", Fraction(1, 100), _ALL),
    ProcedureFigure("clock.sponsors", "60d", _DAY, _YEAR),
    ProcedureFigure("clock.discussion", "30d", _DAY, _YEAR),
    ProcedureFigure("clock.frozen", "7d", _DAY, _YEAR),
    ProcedureFigure("clock.vote", "14d", _DAY, _YEAR),
    ProcedureFigure("clock.alarm", "14d", _DAY, _YEAR),
    ProcedureFigure("clock.opening", "7d", _MOMENT, _YEAR),
    ProcedureFigure("clock.send_back", "7d", _DAY, _YEAR),
    ProcedureFigure("clock.appeal", "7d", _DAY, _YEAR),
    ProcedureFigure("adoption.months", "24", 1, 240),
    ProcedureFigure("clock.renewal", "120d", _DAY, _YEAR),
    ProcedureFigure("clock.procedure", "180d", _DAY, _DECADE),
    ProcedureFigure("outage.heartbeat", "15min", _MOMENT, _DAY),
    ProcedureFigure("outage.window", "24h", timedelta(0), 14 * _DAY),
    ProcedureFigure("outage.grace", "12h", timedelta(0), 14 * _DAY),
    ProcedureFigure("alarm.alone.share", "1/2", Fraction(1, 100), _ALL),
    ProcedureFigure("alarm.power.most", "15%", Fraction(1, 100), _ALL),
    ProcedureFigure("alarm.power.notable", "5%", Fraction(1, 1000), _ALL),
    ProcedureFigure("alarm.power.multiple", "3", 1, 100),
    ProcedureFigure("alarm.surge.p", "1e-3", _NONE, _HALF),
    ProcedureFigure("alarm.surge.members", "5", 1, 1_000),
    ProcedureFigure("alarm.surge.share", "3%", _NONE, _ALL),
    ProcedureFigure("alarm.surge.window", "90d", _DAY, _YEAR),
    ProcedureFigure("alarm.lockstep.p", "1e-4", _NONE, _HALF),
    ProcedureFigure("alarm.lockstep.ballots", "8", 2, 1_000),
    ProcedureFigure("alarm.lockstep.votes", "8", 1, 100),
    ProcedureFigure("alarm.roll.share", "2%", _NONE, _ALL),
)
_BY_NAME = {one.name: one for one in FIGURES}


def read_figure(name: str, value: str) -> FigureValue | Refusal:
    """What a rule of procedure of that name states; refused where there is no such figure, or it cannot be that."""
    figure = _BY_NAME.get(name)
    return (
        Refusal(sentences.PROCEDURE_NAME_UNKNOWN, {"name": name[:_NAME_SHOWN]})
        if figure is None
        else figure.read(value)
    )
