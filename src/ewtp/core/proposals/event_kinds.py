"""The kinds of events of a proposal, and who may read them."""

from __future__ import annotations

from typing import ClassVar

from ewtp.core.log.event import EventKind, EventPayload


class ProposalEvent(EventKind):
    """What can happen to a proposal."""

    DRAFTED = "proposals:proposal:drafted"
    REVISED = "proposals:draft:revised"
    SUBMITTED = "proposals:proposal:submitted"
    SPONSORED = "proposals:sponsor:joined"
    SPONSORSHIP_ENDED = "proposals:sponsor:left"
    AMENDMENT_SUGGESTED = "proposals:amendment:suggested"
    AMENDMENT_SUPPORTED = "proposals:amendment:supported"
    AMENDMENT_MERGED = "proposals:amendment:merged"
    AMENDMENT_CLOSED = "proposals:amendment:closed"
    REPLAYED = "proposals:replay:recorded"
    VOTE_OPENED = "proposals:vote:opened"
    DECIDED = "proposals:vote:decided"
    WITHDRAWN = "proposals:proposal:withdrawn"
    WITHDRAWAL_SUPPORTED = "proposals:withdrawal:supported"
    SUPERSEDED = "proposals:proposal:superseded"
    ADOPTED = "proposals:adoption:stated"
    ADOPTION_ENDED = "proposals:adoption:ended"
    ADOPTION_RENEWED = "proposals:adoption:renewed"
    DECLINED = "proposals:adoption:declined"


class PublicEvent(EventPayload):
    """An event that anybody may read."""

    __slots__ = ()
    public: ClassVar = True
