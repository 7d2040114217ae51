"""A change of the procedure: what it may set, from when, and by which majority it passes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.core.rulebook.service import Procedure
from ewtp.core.values.refusal import Refusal
from ewtp.core.votes import sentences
from ewtp.core.votes.procedure import FIGURES, VoteProcedure, procedure_from_texts
from ewtp.core.votes.vote_tally import Majority

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

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


def check_procedure_start(added: Iterable[LawRecord], procedure: VoteProcedure, passed_on: date) -> tuple[Refusal, ...]:
    """Each rule of procedure that starts sooner than its notice after the day on which it would pass."""
    first = passed_on + procedure.clock_procedure
    return tuple(
        Refusal(sentences.PROCEDURE_TOO_SOON, {"name": record.name, "start": record.validity.start, "first": first})
        for record in added
        if isinstance(record, Procedure) and record.validity.start < first
    )
