"""Where proposals are kept: rows that are written after every event, and the log of those."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ewtp.apps.log.actions.events import event_append
from ewtp.apps.proposals.store import models
from ewtp.apps.proposals.store.proposal_tables import proposal_store, proposal_value

if TYPE_CHECKING:
    from datetime import datetime

    from ewtp.apps.decisions.actions.row_locks import RowLocks
    from ewtp.core.proposals.proposal import Proposal
    from ewtp.core.proposals.proposal_events import AnyProposalEvent
    from ewtp.core.values.actor import Actor
    from ewtp.core.values.aggregate import CommandOutcome


@dataclass(frozen=True, slots=True)
class ProposalRows:
    """The rows of proposals by identifier, changed for whoever acts."""

    actor: Actor

    def load(self, key: str, locks: RowLocks) -> Proposal | None:
        """The proposal, locked; None while nothing was drafted under the identifier."""
        rows = locks.lock_rows(models.Proposal.objects.filter(id=key))
        return proposal_value(rows[0]) if rows else None

    def save(self, key: str, outcome: CommandOutcome[Proposal | None, AnyProposalEvent], now: datetime) -> None:
        """Write the state, and the events."""
        if outcome.state is None:
            msg = f"nothing was drafted under {key}"
            raise ValueError(msg)
        proposal_store(outcome.state, now)
        for event in outcome.events:
            event_append(subject=key, actor=self.actor, payload=event, now=now)
