"""Answer a question, and keep the answer where somebody asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection

from ewtp.apps.assessment.actions.storage_limits import refuse_keeping, unkept_expiry
from ewtp.apps.assessment.reading.answers import (
    GivenAnswer,
    answer_again,
    answer_content,
    answer_of,
    find_answer_of_question,
    read_request,
    write_packed_question,
)
from ewtp.apps.assessment.reading.code_faults import refuse_codes_too
from ewtp.apps.assessment.reading.queries import find_kept
from ewtp.apps.assessment.reading.question_address import pack_question, read_answer_address
from ewtp.apps.assessment.reading.sentences import ASSESSMENT_UNKNOWN
from ewtp.apps.assessment.store.answer_store import pack_content, store_answer, store_question
from ewtp.apps.http.reading.lru_map import LruMap
from ewtp.apps.http.surface.problems import read_body
from ewtp.apps.http.surface.sentences import SCOPE_MISSING
from ewtp.apps.rulebook.reading.book_cache import read_cached_book
from ewtp.core.values.actor import ActorKind, Scope
from ewtp.core.values.refusal import Refusal
from ewtp.core.values.sentences import OPERATOR_NEEDED

if TYPE_CHECKING:
    from datetime import date, datetime
    from typing import Any

    from ewtp.apps.assessment.actions.storage_limits import Client
    from ewtp.apps.assessment.reading.question_address import PackedQuestion
    from ewtp.core.values.actor import Actor

# A longer answer is recomputed. All that are remembered take so much of a process at most.
_MOST_REMEMBERED = 4_096
_LONGEST_REMEMBERED_BYTES = 32_768
_REMEMBERED_BYTES = 32 * 1024 * 1024


def assessment_create(*, body: object, now: datetime, client: Client | None = None) -> GivenAnswer | Refusal:
    """Answer a question, and keep the answer under its address where the question has ``keep``.

    The address is made from the question, the rulebook's version and the rates, so asking the same again finds the
    same bytes. A kept answer is never rewritten. What a ``client`` may have stored in a day is limited; None is
    somebody at the installation itself. A question without a day is about that of ``now``.
    """
    question = read_request(body, now.date())
    if isinstance(question, Refusal):
        return refuse_codes_too(body, question, now.date())
    answer = answer_of(question)
    if isinstance(answer, Refusal):
        return answer
    written = answer.as_json()
    if question.keep:
        return _keep(written, client, now)
    packed = pack_question(answer.rulebook_version, written["request"])
    return find_answer_of_question(written, packed) if packed.fits_address else _leave(written, packed, client, now)


def assessment_create_from(*, content: bytes, now: datetime, client: Client | None = None) -> GivenAnswer | Refusal:
    """Answer the question that a JSON text asks, as ``assessment_create`` does; ``json_unreadable`` when it is none."""
    key = (content, read_cached_book().version(), now.date())
    recent = _recent.get(key)
    if recent is not None:
        return recent
    body = read_body(content)
    given = body if isinstance(body, Refusal) else assessment_create(body=body, now=now, client=client)
    if isinstance(given, GivenAnswer) and _may_be_remembered(content, given):
        _recent.keep_value(key, given)
    return given


def assessment_keep(
    *, address: str, actor: Actor, now: datetime, client: Client | None = None
) -> GivenAnswer | Refusal:
    """Keep the answer under an address, exactly as it is, for anybody who may ask.

    Refuses with ``scope_missing`` for a token that may not ask, ``operator_needed`` for whoever keeps without a limit
    and does not operate the installation, as ``assessment_read`` does, or for want of space.
    """
    if actor.kind is ActorKind.TOKEN and Scope.READ not in actor.scopes:
        return Refusal(SCOPE_MISSING, {"scope": Scope.READ, "held": sorted(actor.scopes)})
    if client is None and not actor.is_operator:
        return Refusal(OPERATOR_NEEDED)
    parts = read_answer_address(address)
    if parts is None:
        return Refusal(ASSESSMENT_UNKNOWN)
    kept = find_kept(parts.digest)
    if kept is not None:
        return GivenAnswer(parts.digest, kept, kept=True)
    found = write_packed_question(parts, now)
    written = Refusal(ASSESSMENT_UNKNOWN) if found is None else answer_again(parts.digest, found[0])
    return written if isinstance(written, Refusal) else _keep(written, client, now)


def _keep(written: dict[str, Any], client: Client | None, now: datetime) -> GivenAnswer | Refusal:
    digest = written["id"]
    kept = find_kept(digest)
    if kept is None:
        content = answer_content(written, address=digest, kept=True, expires=None)
        packed = pack_content(content)
        refused = refuse_keeping(client=client, size=len(packed), now=now)
        if refused is not None:
            return refused
        # Where another request kept it a moment ago, its bytes count.
        kept = content if store_answer(digest, written["rulebook_version"], packed) else find_kept(digest)
    assert kept is not None, digest  # noqa: S101 - an answer that is kept is never removed
    return GivenAnswer(digest, kept, kept=True)


def _leave(written: dict[str, Any], packed: PackedQuestion, client: Client | None, now: datetime) -> GivenAnswer:
    """Store a question that is too long for an address, if there is space for it."""
    digest = written["id"]
    expires = unkept_expiry(client=client, size=len(packed.content), now=now)
    if expires is not None:
        store_question(digest, packed.content, expires)
    content = answer_content(written, address=digest, kept=False, expires=expires or now)
    return GivenAnswer(digest, content, kept=False, expires=expires or now, has_address=expires is not None)


def _may_be_remembered(content: bytes, given: GivenAnswer) -> bool:
    """Whether a repeat may get the same answer without another look.

    Only what was committed is sure to be kept; inside a larger transaction a write may yet be undone.
    """
    short = len(content) + len(given.content) <= _LONGEST_REMEMBERED_BYTES
    return short and given.expires is None and not connection.in_atomic_block


# Answers given lately by this process, by the very bytes of the question. The same question gets the same answer as
# long as the rulebook's version and the day are the same. One that is to be kept is kept already, so a repeated
# question costs neither a computation nor a write.
_recent: LruMap[tuple[bytes, str, date], GivenAnswer] = LruMap(
    _MOST_REMEMBERED, most_weight=_REMEMBERED_BYTES, weigh=lambda given: len(given.content)
)
