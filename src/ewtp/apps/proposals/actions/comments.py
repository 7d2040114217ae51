"""What organisations say about a proposal or one of its articles."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, ClassVar

from django.db import transaction

from ewtp.apps.log.actions.events import event_append
from ewtp.apps.proposals.reading.participation import participation_of
from ewtp.apps.proposals.reading.proposal_list import proposal_read
from ewtp.apps.proposals.reading.sentences import COMMENT_INVALID
from ewtp.apps.proposals.store import models
from ewtp.core.log.event import EventKind, EventPayload
from ewtp.core.proposals.sentences import (
    PROPOSAL_ARTICLE_UNKNOWN,
    PROPOSAL_PARTICIPANT_NEEDED,
    PROPOSAL_UNKNOWN,
)
from ewtp.core.values.immutable import immutable
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.fresh_ids import fresh_id

if TYPE_CHECKING:
    from datetime import datetime

    from ewtp.core.values.actor import Actor

PREFIX = "cmt"
LONGEST_COMMENT = 5_000
_LONGEST_ID = 40


class CommentEvent(EventKind):
    """What happens to comments."""

    COMMENTED = "proposals:comment:made"


@immutable
class CommentMade(EventPayload):
    """Somebody commented; ``text`` is the SHA-256 of the words, which stay in the database alone."""

    kind: ClassVar = CommentEvent.COMMENTED
    public: ClassVar = True
    id: str
    article: str
    by: str
    text: str


@transaction.atomic
def comment_add(*, proposal: str, article: str, text: str, actor: Actor, now: datetime) -> Refusal | None:
    """Comment on a proposal, or on the article named.

    Refuses with ``proposal_unknown``, ``proposal_participant_needed``, ``proposal_article_unknown`` or
    ``comment_invalid``.
    """
    found = proposal_read(proposal, actor.on_behalf_of)
    if found is None:
        return Refusal(PROPOSAL_UNKNOWN, {"id": proposal[:_LONGEST_ID]})
    taking_part = participation_of(actor, now.date())
    if taking_part.participant is None or not taking_part.may_take_part:
        return Refusal(PROPOSAL_PARTICIPANT_NEEDED)
    articles = found.version.content.articles
    if article and article not in articles:
        told = {"article": article[:_LONGEST_ID], "articles": list(articles)}
        return Refusal(PROPOSAL_ARTICLE_UNKNOWN, told, where="article")
    words = text.strip()
    if not 0 < len(words) <= LONGEST_COMMENT:
        return Refusal(COMMENT_INVALID, {"most": LONGEST_COMMENT}, where="text")
    made = models.Comment.objects.create(
        proposal_id=proposal,
        id=fresh_id(PREFIX, now),
        article=article,
        by=taking_part.participant.organisation,
        text=words,
        at=now,
    )
    digest = hashlib.sha256(words.encode()).hexdigest()
    event_append(subject=proposal, actor=actor, payload=CommentMade(made.id, article, made.by, digest), now=now)
    return None
