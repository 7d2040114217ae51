"""The procedure: by which figures votes are opened, counted, stopped and closed, as it is in force on a day.

Each figure is a rule of procedure of the rulebook (territory EWTP); one that nobody has set yet has its first value. A
vote keeps the procedure that was in force when it was opened.
"""

from __future__ import annotations

from dataclasses import fields
from datetime import timedelta
from fractions import Fraction
from typing import TYPE_CHECKING

from ewtp.core.organisations.house import House
from ewtp.core.rulebook.service import PLATFORM
from ewtp.core.values.immutable import immutable
from ewtp.core.values.refusal import Refusal
from ewtp.core.votes import sentences
from ewtp.core.votes.procedure_figure import ProcedureFigure, figure_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from ewtp.core.rulebook.service import Procedure

_NONE, _HALF, _ALL = Fraction(0), Fraction(1, 2), Fraction(1)
_MOMENT, _DAY, _YEAR, _DECADE = timedelta(minutes=1), timedelta(days=1), timedelta(days=366), timedelta(days=3_660)
HOUSE_NAMES = {
    House.SMALL_FIRM: "small",
    House.CIVIL_SOCIETY: "civil",
    House.GOVERNMENT: "government",
    House.LARGE_FIRM: "large",
}
FIGURES = (
    ProcedureFigure("house.small.approval_quorum", "15%", Fraction(1, 100), _HALF),
    ProcedureFigure("house.civil.approval_quorum", "15%", Fraction(1, 100), _HALF),
    ProcedureFigure("house.government.approval_quorum", "25%", Fraction(1, 100), _HALF),
    ProcedureFigure("house.large.approval_quorum", "25%", Fraction(1, 100), _HALF),
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
    ProcedureFigure("adoption.months", "24", 1, 240),
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


@immutable
class VoteProcedure:
    """Every figure of the procedure, by its name with underscores in place of dots."""

    house_small_approval_quorum: Fraction
    house_civil_approval_quorum: Fraction
    house_government_approval_quorum: Fraction
    house_large_approval_quorum: Fraction
    house_active_groups: int
    pass_mean_share: Fraction
    pass_mean_share_again: Fraction
    pass_mean_share_procedure: Fraction
    pass_small_share_weakened: Fraction
    send_back_times: int
    member_waiting: timedelta
    member_active: timedelta
    sponsors_houses: int
    sponsors_economies: int
    sponsors_groups: int
    amendments_acceptance: Fraction
    clock_sponsors: timedelta
    clock_discussion: timedelta
    clock_frozen: timedelta
    clock_vote: timedelta
    clock_alarm: timedelta
    clock_opening: timedelta
    clock_send_back: timedelta
    adoption_months: int
    clock_procedure: timedelta
    outage_heartbeat: timedelta
    outage_window: timedelta
    outage_grace: timedelta
    alarm_alone_share: Fraction
    alarm_power_most: Fraction
    alarm_power_notable: Fraction
    alarm_power_multiple: int
    alarm_surge_p: Fraction
    alarm_surge_members: int
    alarm_surge_share: Fraction
    alarm_surge_window: timedelta
    alarm_lockstep_p: Fraction
    alarm_lockstep_ballots: int
    alarm_lockstep_votes: int
    alarm_roll_share: Fraction

    def approval_quorum(self, house: House) -> Fraction:
        """The share of a house's active groups that must be for a proposal."""
        quorum: Fraction = getattr(self, f"house_{HOUSE_NAMES[house]}_approval_quorum")
        return quorum

    def as_texts(self) -> dict[str, str]:
        """The figures by name as the log has them; ``procedure_from_texts`` reads them back."""
        return {one.name: figure_text(getattr(self, one.field)) for one in FIGURES}


_BY_NAME = {one.name: one for one in FIGURES}


def procedure_from_texts(texts: Mapping[str, str]) -> VoteProcedure | Refusal:
    """The procedure with these figures, and with the first value of every other; unknown names are refused."""
    unknown = sorted(texts.keys() - _BY_NAME.keys())
    refusals = [Refusal(sentences.PROCEDURE_NAME_UNKNOWN, {"name": name[:80]}) for name in unknown]
    values = {}
    for one in FIGURES:
        value = one.read(texts.get(one.name, one.first))
        if isinstance(value, Refusal):
            refusals.append(value)
        values[one.field] = value
    return Refusal.joined(refusals) if refusals else VoteProcedure(**values)  # type: ignore[arg-type]


def procedure_on(records: Iterable[Procedure], day: date) -> VoteProcedure | Refusal:
    """The procedure in force on a day, from the rules of procedure of the platform; those of others are left out.

    ``records`` are all that the rulebook has, such as ``book.procedures["EWTP"]``.
    """
    held = (record for record in records if record.territory == PLATFORM and day in record.validity)
    return procedure_from_texts({record.name: record.value for record in held})


def first_procedure() -> VoteProcedure:
    """The procedure while no rule has changed it."""
    found = procedure_from_texts({})
    if isinstance(found, Refusal):
        raise TypeError(found.message)
    return found


if [one.field for one in FIGURES] != [each.name for each in fields(VoteProcedure)]:  # pragma: no cover - a slip
    msg = "the table of figures and the fields of the procedure differ"
    raise TypeError(msg)
