"""The procedure: by which figures votes are opened, counted, stopped and closed, as it is in force on a day.

Each figure is a rule of procedure of the rulebook (territory EWTP); one that nobody has set yet has its first value. A
vote keeps the procedure that was in force when it was opened.
"""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

from ewtp.core.organisations.house import House
from ewtp.core.rulebook.procedure_figure import FIGURES, figure_text, read_figure
from ewtp.core.rulebook.service import PLATFORM
from ewtp.core.values.immutable import immutable
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, timedelta
    from fractions import Fraction

    from ewtp.core.rulebook.service import Procedure

HOUSE_NAMES = {
    House.SMALL_FIRM: "small",
    House.CIVIL_SOCIETY: "civil",
    House.GOVERNMENT: "government",
    House.LARGE_FIRM: "large",
}


@immutable
class VoteProcedure:
    """Every figure of the procedure, by its name with underscores in place of dots."""

    house_small_approval_quorum: Fraction
    house_civil_approval_quorum: Fraction
    house_government_approval_quorum: Fraction
    house_large_approval_quorum: Fraction
    house_small_ballot: str
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
    clock_appeal: timedelta
    adoption_months: int
    clock_renewal: timedelta
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


def procedure_from_texts(texts: Mapping[str, str]) -> VoteProcedure | Refusal:
    """The procedure with these figures, and with the first value of every other; unknown names are refused."""
    unknown = sorted(texts.keys() - {one.name for one in FIGURES})
    refusals = [found for name in unknown if isinstance(found := read_figure(name, texts[name]), Refusal)]
    values = {}
    for one in FIGURES:
        value = read_figure(one.name, texts.get(one.name, one.first))
        if isinstance(value, Refusal):
            refusals.append(value)
        values[one.field] = value
    return Refusal.join(refusals) if refusals else VoteProcedure(**values)  # type: ignore[arg-type]


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
