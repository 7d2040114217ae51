"""What the log has of a vote, read back: the payload of an entry as the event that it was."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ewtp.core.organisations.house import House
from ewtp.core.votes import vote_events as happened
from ewtp.core.votes.ballot import BallotMode
from ewtp.core.votes.vote_events import AlarmKind, AlarmVerdict, UnsealedBallot, VoteEventKind
from ewtp.core.votes.vote_tally import Choice, Majority

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ewtp.core.votes.vote_events import VoteEvent


def read_vote_event(kind: str, payload: Mapping[str, Any]) -> VoteEvent:
    """The event of an entry of ``kind``; KeyError, TypeError or ValueError where it is none that can be read."""
    # A kind is found as text: making it one takes longer than all else, where there are a million ballots.
    return _READERS[kind](payload)


CHOICES: Mapping[str | None, Choice | None] = {None: None, **{str(each): each for each in Choice}}


def _read_start(body: Mapping[str, Any]) -> happened.VoteStarted:
    return happened.VoteStarted(
        vote=body["vote"],
        on=body["on"],
        majority=Majority(body["majority"]),
        mode=BallotMode(body["mode"]),
        roll_root=body["roll_root"],
        procedure=body["procedure"],
        secret=tuple(House(each) for each in body["secret"]),
        sent_back=body["sent_back"],
        election=body.get("election", ""),
    )


def _cast(body: Mapping[str, Any]) -> happened.BallotCast:
    return happened.BallotCast(body["member"], CHOICES[body["choice"]], body["seal"])


def _read_unsealing(body: Mapping[str, Any]) -> happened.BallotsUnsealed:
    return happened.BallotsUnsealed(
        tuple(UnsealedBallot(each["index"], Choice(each["choice"]), each["nonce"]) for each in body["ballots"])
    )


def _read_opinion(body: Mapping[str, Any]) -> happened.OpinionStated:
    verdict, struck = AlarmVerdict(body["verdict"]), tuple(body["struck"])
    return happened.OpinionStated(AlarmKind(body["alarm"]), body["member"], verdict, body["reason"], struck)


def _read_answer(body: Mapping[str, Any]) -> happened.AlarmAnswered:
    return happened.AlarmAnswered(
        AlarmKind(body["alarm"]), AlarmVerdict(body["verdict"]), body["reason"], tuple(body["struck"])
    )


def _read_count(body: Mapping[str, Any]) -> happened.VoteCounted:
    return happened.VoteCounted({house: tuple(figures) for house, figures in body["houses"].items()})


def _read_result(body: Mapping[str, Any]) -> happened.ResultPublished:
    houses = {house: tuple(figures) for house, figures in body["houses"].items()}
    return happened.ResultPublished(body["stage"], houses, body["mean_share"])


_READERS: Mapping[str, Callable[[Mapping[str, Any]], VoteEvent]] = {
    VoteEventKind.STARTED: _read_start,
    VoteEventKind.CAST: _cast,
    VoteEventKind.UNSEALED: _read_unsealing,
    VoteEventKind.STRUCK: lambda body: happened.MembersStruck(tuple(body["members"]), body["reason"]),
    VoteEventKind.JOINED: lambda body: happened.GroupsJoined(tuple(body["groups"]), body["into"], body["reason"]),
    VoteEventKind.ALARMED: lambda body: happened.AlarmRaised(AlarmKind(body["alarm"]), body["bloc"], body["figures"]),
    VoteEventKind.MEASURED: lambda body: happened.PowerMeasured(tuple(body["blocs"])),
    VoteEventKind.DRAWN: lambda body: happened.BodyDrawn(
        AlarmKind(body["alarm"]), body["size"], body["root"], tuple(body["groups"])
    ),
    VoteEventKind.OPINED: _read_opinion,
    VoteEventKind.ANSWERED: _read_answer,
    VoteEventKind.BEAT: lambda _body: happened.HeartbeatSent(),
    VoteEventKind.CLOSED: lambda _body: happened.VoteClosed(),
    VoteEventKind.SEND_BACK_CAST: lambda body: happened.SendBackCast(
        body["member"], Choice(body["choice"]), body["reason"]
    ),
    VoteEventKind.COUNTED: _read_count,
    VoteEventKind.PUBLISHED: _read_result,
}
