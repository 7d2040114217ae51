"""A change of the procedure: what it may set, from when, and by which majority it passes."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from ewtp.core.rulebook.changeset.changeset import ends_of, find_added_records
from ewtp.core.rulebook.procedure_figure import FIGURES
from ewtp.core.rulebook.service import Procedure
from ewtp.core.values.refusal import Refusal
from ewtp.core.votes import sentences
from ewtp.core.votes.procedure import VoteProcedure, procedure_from_texts
from ewtp.core.votes.vote_tally import Majority

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from ewtp.core.rulebook.changeset.changeset import Changeset
    from ewtp.core.rulebook.changeset.law_record import LawRecord

# Whoever lowers one of these takes weight or time from the house of small firms.
GUARDS_OF_SMALL_FIRMS = frozenset(
    {
        "house.small.approval_quorum",
        "house.active_groups",
        "pass.mean_share",
        "pass.mean_share.again",
        "pass.mean_share.procedure",
        "pass.small_share.weakened",
        "send_back.times",
        "clock.send_back",
        "clock.appeal",
    }
)


def weakens_small_firms(before: VoteProcedure, after: VoteProcedure) -> bool:
    """Whether one of the guards of the house of small firms is lower after a change."""
    return any(
        getattr(after, one.field) < getattr(before, one.field) for one in FIGURES if one.name in GUARDS_OF_SMALL_FIRMS
    )


def procedure_after(
    procedure: VoteProcedure, set_to: Mapping[str, str], ended: Iterable[str] = ()
) -> VoteProcedure | Refusal:
    """The procedure with some figures set, and with the first value again of those that ended."""
    kept = {name: text for name, text in procedure.as_texts().items() if name not in set(ended)}
    return procedure_from_texts({**kept, **set_to})


def majority_for(
    added: Iterable[LawRecord], ended: Iterable[LawRecord], procedure: VoteProcedure
) -> Majority | Refusal:
    """By which majority a change passes, given the records that it brings and ends; ``procedure`` is that in force.

    A refusal where a figure of the procedure cannot be read or is none.
    """
    sets = {record.name: record.value for record in added if isinstance(record, Procedure)}
    ends = [record.name for record in ended if isinstance(record, Procedure)]
    if not sets and not ends:
        return Majority.ORDINARY
    after = procedure_after(procedure, sets, ends)
    if isinstance(after, Refusal):
        return after
    return Majority.PROCEDURE_WEAKENING if weakens_small_firms(procedure, after) else Majority.PROCEDURE


def check_procedure_notice(
    changeset: Changeset[LawRecord], procedure: VoteProcedure, opened_on: date
) -> Refusal | None:
    """Why a change that is voted on from a day on starts before its notice; None where it does not.

    The notice is counted from the day on which the change would pass: when the time to vote and to send back is over.
    """
    first = opened_on + procedure.clock_vote + procedure.clock_send_back + procedure.clock_procedure
    starts = [(one, one.validity.start) for one in find_added_records(changeset) if isinstance(one, Procedure)]
    for end in ends_of(changeset):
        if isinstance(end.record, Procedure):
            # Without a last day a rule is withdrawn from its first.
            start = end.record.validity.start if end.last_day is None else end.last_day + timedelta(days=1)
            starts.append((end.record, start))
    early = [
        Refusal(sentences.PROCEDURE_TOO_SOON, {"name": record.name, "start": start, "first": first})
        for record, start in starts
        if start < first
    ]
    return Refusal.join(early) if early else None
