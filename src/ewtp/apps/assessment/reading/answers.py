"""Answers to questions, computed; and answers by their address, kept or computed again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson
from django.utils import timezone

from ewtp.apps.assessment.reading.queries import find_kept, find_question, hs_texts, today
from ewtp.apps.assessment.reading.question_address import (
    AnswerAddress,
    PackedQuestion,
    read_answer_address,
    unpack_question,
    write_question_address,
)
from ewtp.apps.assessment.reading.sentences import (
    ASSESSMENT_NOT_KEPT,
    ASSESSMENT_UNKNOWN,
    KNOWN_AT_IN_FUTURE,
    KNOWN_AT_TOO_EARLY,
)
from ewtp.apps.rulebook.reading.book_cache import law_for_question, law_of_version
from ewtp.apps.rulebook.reading.sentences import RULEBOOK_EMPTY
from ewtp.core.assessment.assess import assess
from ewtp.core.assessment.question import Question, read_question
from ewtp.core.rulebook.changeset.overlay import overlaid
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.reference.iso_codes import vocabulary

if TYPE_CHECKING:
    from datetime import date, datetime

    from ewtp.core.assessment.answer import Answer
    from ewtp.core.rulebook.changeset.changeset import Changeset
    from ewtp.core.rulebook.changeset.law_record import LawRecord


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """An answer as it is sent: ``id`` is its address, ``content`` the JSON of the contract.

    It is ``kept`` permanently, or its address answers until it ``expires``. None means no end: the address of an answer
    that is not kept then carries its question. Without ``has_address`` it cannot be read again.
    """

    id: str
    content: bytes
    kept: bool
    expires: datetime | None = None
    has_address: bool = True

    @property
    def answer(self) -> dict[str, Any]:
        """The answer as JSON values."""
        read: dict[str, Any] = orjson.loads(self.content)
        return read


def read_request(body: object, day: date | None = None) -> Question | Refusal:
    """The question of a request; ``day``, or today, is the day of import where it names none."""
    return read_question(body, today=day or today(), vocabulary=vocabulary())


def question_answer(body: object, change: Changeset[LawRecord] | None = None) -> Answer | Refusal:
    """Read a question and answer it, from the rulebook or from that with a change. Changes nothing."""
    question = read_request(body)
    return question if isinstance(question, Refusal) else answer_of(question, change)


def answer_of(question: Question, change: Changeset[LawRecord] | None = None) -> Answer | Refusal:
    """The answer of the rulebook as it is or was known at the question's moment, with a change where one is given."""
    if question.known_at is not None and question.known_at > timezone.now():
        return Refusal(
            KNOWN_AT_IN_FUTURE,
            where="known_at",
        )
    law = law_for_question(_list_asked_codes(question), question.known_at)
    if not law.book.version:
        if question.known_at is not None:
            return Refusal(
                KNOWN_AT_TOO_EARLY,
                where="known_at",
            )
        return Refusal(RULEBOOK_EMPTY)
    return assess(question, law.book if change is None else overlaid(law.book, change), law.rates, hs_texts())


def find_answer_of_question(written: dict[str, Any], packed: PackedQuestion) -> GivenAnswer:
    """An answer (the JSON of ``Answer.as_json``) that nobody asked to keep, under the address that carries it."""
    address = write_question_address(written["id"], packed.content)
    return GivenAnswer(address, answer_content(written, address=address, kept=False, expires=None), kept=False)


def answer_content(written: dict[str, Any], *, address: str, kept: bool, expires: datetime | None) -> bytes:
    """The JSON of an answer with what becomes of it."""
    state = {"id": address, "kept": kept, "expires": expires.isoformat().replace("+00:00", "Z") if expires else None}
    return orjson.dumps({**state, **written, "id": address})


def assessment_read(address: str) -> GivenAnswer | Refusal:
    """The answer under an address: the bytes that were kept, or those that its question gives again.

    Refuses with ``assessment_unknown``, or with ``assessment_not_kept`` where the question is known and its answer is
    not the same any more; the ``question`` is then among the refusal's details.
    """
    parts = read_answer_address(address)
    if parts is None:
        return Refusal(ASSESSMENT_UNKNOWN)
    kept = None if parts.packed else find_kept(parts.digest)
    if kept is not None:
        return GivenAnswer(parts.digest, kept, kept=True)
    found = write_packed_question(parts, timezone.now())
    if found is None:
        return Refusal(ASSESSMENT_UNKNOWN)
    again = _recompute_answer(parts.digest, *found)
    if isinstance(again, Refusal) and parts.packed:
        # Somebody may have kept it while it could be computed.
        kept = find_kept(parts.digest)
    return again if kept is None else GivenAnswer(parts.digest, kept, kept=True)


def write_packed_question(address: AnswerAddress, now: datetime) -> tuple[PackedQuestion, datetime | None] | None:
    """The question of an answer that nobody kept, from its address or the store, and when it expires there."""
    if address.packed is not None:
        return PackedQuestion(address.packed, fits_address=True), None
    stored = find_question(address.digest, now)
    return None if stored is None else (PackedQuestion(bytes(stored.packed), fits_address=False), stored.expires)


def answer_again(digest: str, packed: PackedQuestion) -> dict[str, Any] | Refusal:
    """The JSON of the answer that a packed question gets from the version that it names, if it is still the same."""
    pinned = unpack_question(packed.content, carried=packed.fits_address)
    question = Refusal(ASSESSMENT_UNKNOWN) if pinned is None else read_request(pinned.body)
    if pinned is None or isinstance(question, Refusal):
        return Refusal(ASSESSMENT_UNKNOWN)
    law = law_of_version(_list_asked_codes(question), pinned.version, question.known_at)
    answer = assess(question, law.book, law.rates, hs_texts()) if law.book.version else None
    if answer is None or isinstance(answer, Refusal) or answer.id != digest:
        return Refusal(ASSESSMENT_NOT_KEPT, details=(("question", question.as_json()),))
    return answer.as_json()


def _recompute_answer(digest: str, packed: PackedQuestion, expires: datetime | None) -> GivenAnswer | Refusal:
    written = answer_again(digest, packed)
    if isinstance(written, Refusal):
        return written
    if packed.fits_address:
        return find_answer_of_question(written, packed)
    content = answer_content(written, address=digest, kept=False, expires=expires)
    return GivenAnswer(digest, content, kept=False, expires=expires)


def _list_asked_codes(question: Question) -> list[tuple[str, str]]:
    return [(economy, line.hs) for line in question.lines for economy in (question.destination, question.origin)]
