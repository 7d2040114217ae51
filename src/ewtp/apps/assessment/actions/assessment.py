"""Answer a question, and store the answer."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

import orjson
from django.db import connection
from django.utils import timezone

from ewtp.apps.assessment.reading.queries import hs_texts, today
from ewtp.apps.assessment.reading.sentences import KNOWN_AT_IN_FUTURE, KNOWN_AT_TOO_EARLY
from ewtp.apps.assessment.store.answer_store import store_answer
from ewtp.apps.http.surface.problems import read_body
from ewtp.apps.rulebook.reading.book_cache import cached_book, law_for_question
from ewtp.apps.rulebook.reading.sentences import RULEBOOK_EMPTY
from ewtp.core.assessment.assess import assess
from ewtp.core.assessment.question import Question, read_question
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.reference.iso_codes import vocabulary

if TYPE_CHECKING:
    from datetime import date
    from typing import Any

    from ewtp.core.assessment.answer import Answer

# A few thousand answers of a few kilobytes each; a longer one is recomputed, so that memory stays bounded.
_MOST_REMEMBERED = 4_096
_LONGEST_REMEMBERED_BYTES = 32_768


class _Recent:
    """Answers given lately by this process, by the very bytes of the question.

    The same question gets the same answer as long as the rulebook's version and the day are the same, and that
    answer is already stored, so a repeated question costs neither a computation nor a write.
    """

    def __init__(self) -> None:
        self._answers: OrderedDict[tuple[bytes, str, date], StoredAnswer] = OrderedDict()
        self._lock = Lock()

    def get(self, key: tuple[bytes, str, date]) -> StoredAnswer | None:
        """The answer to this question, if it was given lately."""
        return self._answers.get(key)

    def add(self, key: tuple[bytes, str, date], answer: StoredAnswer) -> None:
        """Remember one more, forgetting the oldest beyond the limit."""
        with self._lock:
            self._answers[key] = answer
            if len(self._answers) > _MOST_REMEMBERED:
                self._answers.popitem(last=False)


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """An answer under its permanent address; ``content`` is the JSON of the contract."""

    id: str
    content: bytes

    @property
    def answer(self) -> dict[str, Any]:
        """The answer as JSON values."""
        read: dict[str, Any] = orjson.loads(self.content)
        return read


def question_answer(body: object) -> Answer | Refusal:
    """Read a question and answer it, without storing the answer. Changes nothing."""
    question = read_question(body, today=today(), vocabulary=vocabulary())
    if isinstance(question, Refusal):
        return question
    return _answer(question)


def _answer(question: Question) -> Answer | Refusal:
    if question.known_at is not None and question.known_at > timezone.now():
        return Refusal(
            KNOWN_AT_IN_FUTURE,
            where="known_at",
        )
    asked = [(economy, line.hs) for line in question.lines for economy in (question.destination, question.origin)]
    law = law_for_question(asked, question.known_at)
    if not law.book.version:
        if question.known_at is not None:
            return Refusal(
                KNOWN_AT_TOO_EARLY,
                where="known_at",
            )
        return Refusal(RULEBOOK_EMPTY)
    return assess(question, law.book, law.rates, hs_texts())


def assessment_create(*, body: object) -> StoredAnswer | Refusal:
    """Answer a question and store the answer under its address.

    The address is made from the question, the rulebook's version and the rates, so asking the same again finds
    the same bytes. A stored answer is never rewritten.
    """
    answer = question_answer(body)
    if isinstance(answer, Refusal):
        return answer
    written = answer.as_json()
    content = orjson.dumps(written)
    store_answer(written["id"], answer.rulebook_version, content)
    return StoredAnswer(written["id"], content)


def assessment_create_from(*, content: bytes) -> StoredAnswer | Refusal:
    """Answer the question that a JSON text asks, as ``assessment_create`` does; ``json_unreadable`` when it is none."""
    key = (content, cached_book().version(), today())
    recent = _recent.get(key)
    if recent is not None:
        return recent
    body = read_body(content)
    stored = body if isinstance(body, Refusal) else assessment_create(body=body)
    # Only committed answers are sure to be stored; inside a larger transaction a write may yet be undone.
    short = isinstance(stored, StoredAnswer) and len(content) + len(stored.content) <= _LONGEST_REMEMBERED_BYTES
    if isinstance(stored, StoredAnswer) and short and not connection.in_atomic_block:
        _recent.add(key, stored)
    return stored


_recent = _Recent()
