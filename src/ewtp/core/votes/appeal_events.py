"""What happens to an appeal against the result of a vote."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar

from ewtp.core.log.event import EventKind, EventPayload
from ewtp.core.values.immutable import immutable

if TYPE_CHECKING:
    from datetime import datetime


class AppealMatter(StrEnum):
    """What is appealed: how the vote was held and counted, an alarm and its answer, or who was let vote."""

    VOTE = "vote"
    ALARM = "alarm"
    BALLOT = "ballot"


class AppealVerdict(StrEnum):
    """What the body decides: the result stands, or the vote is held again on a new roll."""

    DISMISSED = "dismissed"
    UPHELD = "upheld"


class AppealEventKind(EventKind):
    """What can happen to an appeal."""

    LODGED = "appeals:appeal:lodged"
    DRAWN = "appeals:body:drawn"
    OPINED = "appeals:opinion:stated"
    DECIDED = "appeals:appeal:decided"


class _AppealPayload(EventPayload):
    __slots__ = ()
    public: ClassVar[bool] = True


@immutable
class AppealLodged(_AppealPayload):
    """An organisation appeals against the result of the vote that is the subject, for a reason.

    ``about`` names the alarm or the member, empty where it is the vote itself; ``group`` is the owner group of ``by``,
    and ``until`` the moment at which the result stands if nobody has decided.
    """

    kind: ClassVar = AppealEventKind.LODGED
    appeal: str
    matter: AppealMatter
    about: str
    by: str
    group: str
    reason: str
    until: datetime
    at: datetime


@immutable
class AppealBodyDrawn(_AppealPayload):
    """The log drew who decides, by the root that it had with ``size`` entries: five owner groups at most."""

    kind: ClassVar = AppealEventKind.DRAWN
    appeal: str
    size: int
    root: str
    groups: tuple[str, ...]


@immutable
class AppealOpinionStated(_AppealPayload):
    """A member of the drawn group ``group`` says in public how it decides, and why; its last word counts."""

    kind: ClassVar = AppealEventKind.OPINED
    appeal: str
    member: str
    group: str
    verdict: AppealVerdict
    reason: str


@immutable
class AppealDecided(_AppealPayload):
    """Most of the body agree on this verdict; ``reason`` is what they gave, joined."""

    kind: ClassVar = AppealEventKind.DECIDED
    appeal: str
    verdict: AppealVerdict
    reason: str
    at: datetime


AppealEvent = AppealLodged | AppealBodyDrawn | AppealOpinionStated | AppealDecided
