"""The count of a vote in four houses, and whether it passes: in integers, so that every computer finds the same."""

from __future__ import annotations

from enum import StrEnum
from fractions import Fraction
from math import prod
from typing import TYPE_CHECKING, Any

from ewtp.core.organisations.house import House
from ewtp.core.values.immutable import immutable
from ewtp.core.values.sentence import Statement
from ewtp.core.votes import sentences

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ewtp.core.votes.procedure import VoteProcedure

HOUSES = tuple(House)


class Choice(StrEnum):
    """What a ballot says; an abstention counts for nothing."""

    FOR = "for"
    AGAINST = "against"
    ABSTAIN = "abstain"


class Majority(StrEnum):
    """By which majority something passes.

    ``AGAIN`` is that of a proposal which the house of small firms sent back before; a change of the procedure that
    weakens the house of small firms needs a share of that house as well.
    """

    ORDINARY = "ordinary"
    AGAIN = "again"
    PROCEDURE = "procedure"
    PROCEDURE_WEAKENING = "procedure_weakening"

    def mean_share(self, procedure: VoteProcedure) -> Fraction:
        """The mean over the houses of the shares that are for, which it takes to pass."""
        if self is Majority.ORDINARY:
            return procedure.pass_mean_share
        return procedure.pass_mean_share_again if self is Majority.AGAIN else procedure.pass_mean_share_procedure


@immutable
class HouseCount:
    """How a house voted: owner groups for, against and abstaining, of ``active`` groups on the roll."""

    house: House
    active: int
    yes: int
    no: int
    abstain: int = 0

    def __post_init__(self) -> None:
        if min(self.yes, self.no, self.abstain) < 0 or self.yes + self.no + self.abstain > self.active:
            msg = f"{self.house} has {self.active} groups, and {self.yes}, {self.no} and {self.abstain} voted"
            raise ValueError(msg)

    @property
    def cast(self) -> int:
        """Groups that voted for or against."""
        return self.yes + self.no

    def holds(self, quorum: Fraction) -> bool:
        """Whether there is a majority, and enough of the active groups are for."""
        return self.yes > self.no and reaches(self.yes, self.active, quorum)


@immutable
class VoteTally:
    """Whether a vote passed, and why not: a sentence for each condition that is not met. ``counts`` has every house."""

    counts: tuple[HouseCount, ...]
    majority: Majority
    mean_share: Fraction | None
    faults: tuple[Statement, ...]

    @property
    def passed(self) -> bool:
        """Whether every condition is met."""
        return not self.faults

    def as_json(self) -> dict[str, Any]:
        """The figures as JSON has them; the mean share as a fraction, null where a house cast no vote."""
        houses = {
            str(one.house): {"active": one.active, "for": one.yes, "against": one.no, "abstain": one.abstain}
            for one in self.counts
        }
        share = None if self.mean_share is None else str(self.mean_share)
        faults = [fault.as_json() for fault in self.faults]
        return {
            "houses": houses,
            "majority": str(self.majority),
            "mean_share": share,
            "passed": self.passed,
            "faults": faults,
        }


def reaches(part: int, whole: int, share: Fraction) -> bool:
    """Whether part / whole is the share or more."""
    return part * share.denominator >= share.numerator * whole


def tally_vote(counts: Iterable[HouseCount], procedure: VoteProcedure, majority: Majority) -> VoteTally:
    """The result of a vote; ValueError unless every house is counted once.

    It passes where every house has enough active groups and a majority, the groups for are the approval quorum of its
    active ones or more, and the mean over the houses of for / (for + against) is the share that the majority asks.
    """
    by_house = {one.house: one for one in counts}
    ordered = tuple(by_house[house] for house in HOUSES if house in by_house)
    if len(ordered) != len(HOUSES):
        msg = f"only {sorted(by_house)} are counted"
        raise ValueError(msg)
    faults = [fault for one in ordered for fault in _house_faults(one, procedure)]
    share, mean = majority.mean_share(procedure), None
    if all(one.cast for one in ordered):
        mean = sum((Fraction(one.yes, one.cast) for one in ordered), Fraction(0)) / len(ordered)
        if not _mean_reaches(ordered, share):
            faults.append(Statement(sentences.MEAN_SHARE_MISSED, {"mean": _percent(mean), "needed": str(share)}))
    if majority is Majority.PROCEDURE_WEAKENING:
        small, needed = by_house[House.SMALL_FIRM], procedure.pass_small_share_weakened
        if not (small.cast and reaches(small.yes, small.cast, needed)):
            faults.append(Statement(sentences.SMALL_FIRMS_NOT_ENOUGH, {"needed": str(needed)}))
    return VoteTally(ordered, majority, mean, tuple(faults))


def sends_back(count: HouseCount, procedure: VoteProcedure) -> bool:
    """Whether the house of small firms sends back what passed; ``count.yes`` are the groups that want to."""
    return count.house is House.SMALL_FIRM and count.holds(procedure.approval_quorum(House.SMALL_FIRM))


def _mean_reaches(counts: tuple[HouseCount, ...], share: Fraction) -> bool:
    """The comparison of the mean share over the common denominator of the houses."""
    common = prod(one.cast for one in counts)
    total = sum(one.yes * (common // one.cast) for one in counts)
    return reaches(total, common * len(counts), share)


def _percent(share: Fraction) -> str:
    return f"{float(share * 100):.2f}".rstrip("0").rstrip(".")


def _house_faults(count: HouseCount, procedure: VoteProcedure) -> Iterator[Statement]:
    house, quorum = f"house:{count.house}", procedure.approval_quorum(count.house)
    if count.active < procedure.house_active_groups:
        needed = {"active": count.active, "needed": procedure.house_active_groups}
        yield Statement(sentences.HOUSE_TOO_SMALL, {"house": house, **needed})
    if count.yes <= count.no:
        counted = {"yes": count.yes, "no": count.no}
        yield Statement(sentences.MAJORITY_MISSED, {"house": house, **counted})
    if not reaches(count.yes, count.active, quorum):
        shown = {"yes": count.yes, "active": count.active, "quorum": _percent(quorum)}
        yield Statement(sentences.QUORUM_MISSED, {"house": house, **shown})
