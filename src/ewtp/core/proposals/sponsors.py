"""Whether the organisations behind a proposal are enough, and different enough."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.core.values.immutable import immutable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ewtp.core.proposals.proposal import Sponsorship
    from ewtp.core.votes.procedure import VoteProcedure


@immutable
class Backing:
    """From how many houses, economies and owner groups the sponsors come."""

    houses: int
    economies: int
    groups: int

    def suffices(self, procedure: VoteProcedure) -> bool:
        """Whether each is as many as the procedure asks for."""
        asked = (procedure.sponsors_houses, procedure.sponsors_economies, procedure.sponsors_groups)
        return all(held >= least for held, least in zip((self.houses, self.economies, self.groups), asked, strict=True))


def withdraws(sponsors: Iterable[Sponsorship], asking: Iterable[str]) -> bool:
    """Whether more than half of the sponsors, by owner groups, ask that a proposal be withdrawn; at least one."""
    groups = {each.participant.organisation: each.participant.group for each in sponsors}
    behind = {groups[each] for each in asking if each in groups}
    return 2 * len(behind) > len(set(groups.values()))


def count_backing(sponsors: Iterable[Sponsorship]) -> Backing:
    """The backing of a proposal; organisations under one owner are one group, and so count once."""
    first: dict[str, Sponsorship] = {}
    for each in sponsors:
        first.setdefault(each.participant.group, each)
    participants = [each.participant for each in first.values()]
    return Backing(
        len({one.house for one in participants}), len({one.economy for one in participants}), len(participants)
    )
