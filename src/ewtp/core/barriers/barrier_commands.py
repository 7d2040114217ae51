"""What can be asked of a barrier, one value a command."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Any

from ewtp.core.values.immutable import immutable

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from ewtp.core.barriers.barrier import BarrierMatter, Means, RuleReported
    from ewtp.core.barriers.stage import RuleChange


@immutable
class ReportBarrier:
    """Report a barrier in words, with the evidence of an answer; ``focal_point`` is its economy's, or empty."""

    id: str
    matter: BarrierMatter
    rule: RuleReported
    text: str
    language: str
    means: Means
    evidence: Mapping[str, Any] = field(hash=False)
    focal_point: str = ""


@immutable
class NameOwner:
    """Name who has to answer: ``owner`` is the secretariat, or an agency of ``economy``."""

    owner: str
    economy: str = ""


@immutable
class AnswerBarrier:
    """Answer for an authority; ``promised`` is the day by which it will change, if it says one."""

    kind: str
    reason: str
    promised: date | None = None


@immutable
class ClaimResolved:
    """Claim, in words, that the barrier is gone."""

    reason: str


@immutable
class ReplyToClaim:
    """Say as a reporter whether the barrier is gone."""

    agrees: bool


@immutable
class ReopenBarrier:
    """Reopen as a reporter, with new evidence."""

    id: str
    text: str
    language: str
    means: Means
    evidence: Mapping[str, Any] = field(hash=False)


@immutable
class WithholdReport:
    """Do not show the words of a report, for a reason, as the operator."""

    id: str
    reason: str


@immutable
class EscalateSilence:
    """The time for an answer is over: every government is told."""


BarrierCommand = (
    ReportBarrier
    | NameOwner
    | AnswerBarrier
    | ClaimResolved
    | ReplyToClaim
    | ReopenBarrier
    | WithholdReport
    | EscalateSilence
)


@immutable
class Speaker:
    """For whom somebody speaks: an ``organisation`` with its owner ``group``, or a visitor, for whom both are empty.

    ``state`` is the economy whose agencies and firms its group is, ``agency_of`` the economy whose agency it is itself,
    both empty where there is none; ``speaks`` is whether the actor may act in its name; ``operates`` whether it is the
    operator, or the system.
    """

    organisation: str = ""
    group: str = ""
    state: str = ""
    verified: bool = False
    agency_of: str = ""
    speaks: bool = False
    operates: bool = False


@immutable
class BarrierEnvelope:
    """A command with the barrier that it is for, who gives it, and how the rulebook has changed the rule by now."""

    barrier: str
    command: BarrierCommand
    speaker: Speaker
    change: RuleChange | None = None
