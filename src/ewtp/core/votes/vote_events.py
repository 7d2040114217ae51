"""What happens in a vote, as the log has it."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar

from ewtp.core.log.event import EventKind, EventPayload
from ewtp.core.values.immutable import immutable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from ewtp.core.organisations.house import House
    from ewtp.core.votes.ballot import BallotMode
    from ewtp.core.votes.vote_tally import Choice, Majority

    # Index, time stamp, member, choice and seal: a vote may have a million ballots, and a tuple is the least of each.
    CastBallot = tuple[int, datetime, str, Choice | None, str]


class VoteEventKind(EventKind):
    """What can happen in a vote."""

    STARTED = "votes:vote:started"
    CAST = "votes:ballot:cast"
    UNSEALED = "votes:ballots:unsealed"
    STRUCK = "votes:members:struck"
    JOINED = "votes:groups:joined"
    ALARMED = "votes:alarm:raised"
    MEASURED = "votes:power:measured"
    DRAWN = "votes:body:drawn"
    OPINED = "votes:opinion:stated"
    ANSWERED = "votes:alarm:answered"
    BEAT = "votes:heartbeat:sent"
    CLOSED = "votes:vote:closed"
    SEND_BACK_CAST = "votes:send_back:cast"
    COUNTED = "votes:vote:counted"
    PUBLISHED = "votes:result:published"


class AlarmKind(StrEnum):
    """What an alarm is about; the first four stop the clock of the vote, the others are told."""

    ALONE = "alone"
    POWER = "power"
    SURGE = "surge"
    ROLL = "roll"
    HINGE = "hinge"
    LOCKSTEP = "lockstep"

    @property
    def stops(self) -> bool:
        """Whether the clock of the vote stands still until the alarm is answered."""
        return self not in (AlarmKind.HINGE, AlarmKind.LOCKSTEP)


class AlarmVerdict(StrEnum):
    """What the answering body decides: let the vote stand, strike members, or vote again on a new roll."""

    STANDS = "stands"
    STRIKES = "strikes"
    NEW_ROLL = "new_roll"


class _VotePayload(EventPayload):
    __slots__ = ()
    public: ClassVar[bool] = True


@immutable
class VoteStarted(_VotePayload):
    """A vote on something with the digest ``on`` was opened.

    ``roll_root`` is the root of its roll in hexadecimal digits; ``procedure`` has every figure that holds for it;
    ``secret`` are the houses that asked for secret ballots, and ``mode`` is that of the others; ``sent_back`` is how
    often the house of small firms has sent this back before; ``election`` is the fingerprint of the secret one.
    """

    kind: ClassVar = VoteEventKind.STARTED
    vote: str
    on: str
    majority: Majority
    mode: BallotMode
    roll_root: str
    procedure: Mapping[str, str]
    secret: tuple[House, ...] = ()
    sent_back: int = 0
    election: str = ""


@immutable
class BallotCast(_VotePayload):
    """A member cast a ballot: ``choice`` where it is open, else ``seal`` (or the digest of a secret ballot)."""

    kind: ClassVar = VoteEventKind.CAST
    member: str
    choice: Choice | None = None
    seal: str = ""


@immutable
class UnsealedBallot:
    """A sealed ballot that was opened: the index of its entry in the log, the choice and the nonce."""

    index: int
    choice: Choice
    nonce: str

    def as_json(self) -> dict[str, Any]:
        """The ballot as JSON has it."""
        return {"index": self.index, "choice": str(self.choice), "nonce": self.nonce}


@immutable
class BallotsUnsealed(_VotePayload):
    """After closing, the hub or a voter with a receipt opened sealed ballots."""

    kind: ClassVar = VoteEventKind.UNSEALED
    ballots: tuple[UnsealedBallot, ...]


@immutable
class MembersStruck(_VotePayload):
    """Members were struck from the roll, with the reason."""

    kind: ClassVar = VoteEventKind.STRUCK
    members: tuple[str, ...]
    reason: str


@immutable
class GroupsJoined(_VotePayload):
    """Groups were found to have one owner: from now on they are the group ``into``, one of them."""

    kind: ClassVar = VoteEventKind.JOINED
    groups: tuple[str, ...]
    into: str
    reason: str


@immutable
class PowerMeasured(_VotePayload):
    """The power of some of the blocs of a vote, as it was opened: each as the JSON of a measured bloc has it."""

    kind: ClassVar = VoteEventKind.MEASURED
    blocs: tuple[Mapping[str, Any], ...]


@immutable
class AlarmRaised(_VotePayload):
    """An alarm; ``bloc`` is whom it is about, ``figures`` what was measured, as texts."""

    kind: ClassVar = VoteEventKind.ALARMED
    alarm: AlarmKind
    bloc: str
    figures: Mapping[str, str]


@immutable
class BodyDrawn(_VotePayload):
    """The groups that answer an alarm were drawn: ``root`` is that of the first checkpoint behind the alarm.

    ``size`` is the number of entries of the log that the root, in hexadecimal digits, is over.
    """

    kind: ClassVar = VoteEventKind.DRAWN
    alarm: AlarmKind
    size: int
    root: str
    groups: tuple[str, ...]


@immutable
class OpinionStated(_VotePayload):
    """A member of the answering body says how it would answer an alarm, and why; ``struck`` are members."""

    kind: ClassVar = VoteEventKind.OPINED
    alarm: AlarmKind
    member: str
    verdict: AlarmVerdict
    reason: str
    struck: tuple[str, ...] = ()


@immutable
class AlarmAnswered(_VotePayload):
    """The answering body answered every open alarm of a kind, with its reasons; ``struck`` are members.

    It counts where most of the body said the same before.
    """

    kind: ClassVar = VoteEventKind.ANSWERED
    alarm: AlarmKind
    verdict: AlarmVerdict
    reason: str
    struck: tuple[str, ...] = ()


@immutable
class HeartbeatSent(_VotePayload):
    """The hub was up."""

    kind: ClassVar = VoteEventKind.BEAT


@immutable
class VoteClosed(_VotePayload):
    """The sequencer closed the vote before it numbered anything that is stamped later."""

    kind: ClassVar = VoteEventKind.CLOSED


@immutable
class SendBackCast(_VotePayload):
    """A member of the house of small firms is for or against sending back what passed."""

    kind: ClassVar = VoteEventKind.SEND_BACK_CAST
    member: str
    choice: Choice
    reason: str = ""


@immutable
class VoteCounted(_VotePayload):
    """The houses of a secret ballot were counted by their trustees: for, against and abstaining, by house."""

    kind: ClassVar = VoteEventKind.COUNTED
    houses: Mapping[str, tuple[int, int, int]]


@immutable
class ResultPublished(_VotePayload):
    """The result of the vote as the hub found it, for everybody to compare with what the entries give.

    ``houses`` has, by house, the active groups and those for, against and abstaining; ``mean_share`` is a fraction, or
    empty.
    """

    kind: ClassVar = VoteEventKind.PUBLISHED
    stage: str
    houses: Mapping[str, tuple[int, int, int, int]]
    mean_share: str


VoteEvent = (
    VoteStarted
    | BallotCast
    | BallotsUnsealed
    | MembersStruck
    | GroupsJoined
    | PowerMeasured
    | AlarmRaised
    | BodyDrawn
    | OpinionStated
    | AlarmAnswered
    | HeartbeatSent
    | VoteClosed
    | SendBackCast
    | VoteCounted
    | ResultPublished
)


@immutable
class VoteEntry:
    """An event with its index in the log and its time stamp."""

    index: int
    at: datetime
    event: VoteEvent


def cast_ballots(entries: Iterable[VoteEntry]) -> list[CastBallot]:
    """The ballots among entries, in order of their index."""
    found = [(one.index, one.at, one.event) for one in entries if type(one.event) is BallotCast]
    return sorted((index, at, cast.member, cast.choice, cast.seal) for index, at, cast in found)
