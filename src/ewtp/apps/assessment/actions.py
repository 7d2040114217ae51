"""Answer a question, and keep the answer."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

import orjson
from django.db import connection

from ewtp.apps.assessment.keeping import Row, keep
from ewtp.apps.assessment.queries import hs_texts, rate_table, today
from ewtp.apps.rulebook.books import book_for_question
from ewtp.core.assessment.assess import assess
from ewtp.core.assessment.question import Question, read_question
from ewtp.core.values.refusals import Refusal
from ewtp.gateways.vocabulary import vocabulary

if TYPE_CHECKING:
    from typing import Any

    from ewtp.core.assessment.answer import Answer

_MOST_REMEMBERED = 20_000


class _Kept:
    """The addresses this process is sure are stored, so that a repeated question costs no write."""

    def __init__(self) -> None:
        self._ids: OrderedDict[str, None] = OrderedDict()
        self._lock = Lock()

    def __contains__(self, assessment_id: str) -> bool:
        return assessment_id in self._ids

    def add(self, assessment_id: str) -> None:
        """Remember one more, forgetting the oldest beyond the limit."""
        with self._lock:
            self._ids[assessment_id] = None
            if len(self._ids) > _MOST_REMEMBERED:
                self._ids.popitem(last=False)


_kept = _Kept()


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
    """Read a question and answer it, without keeping the answer. Changes nothing."""
    question = read_question(body, today=today(), vocabulary=vocabulary())
    if isinstance(question, Refusal):
        return question
    return _answer(question)


def _answer(question: Question) -> Answer | Refusal:
    asked = [(economy, line.hs) for line in question.lines for economy in (question.destination, question.origin)]
    book = book_for_question(asked, question.known_at)
    if not book.version:
        if question.known_at is not None:
            return Refusal(
                "known_at_too_early",
                "The rulebook knew nothing at that moment; ask with a later known_at.",
                where="known_at",
            )
        return Refusal("rulebook_empty", "No rulebook is loaded yet; `ewtp serve` loads the seed.")
    return assess(question, book, rate_table(), hs_texts())


def assessment_create(*, body: object) -> StoredAnswer | Refusal:
    """Answer a question and keep the answer under its address.

    The address is made from the question, the rulebook's version and the rates, so asking the same again finds
    the same bytes. What was kept before is never written again.
    """
    answer = question_answer(body)
    if isinstance(answer, Refusal):
        return answer
    body_given = answer.as_json()
    content = orjson.dumps(body_given)
    address: str = body_given["id"]
    if address not in _kept:
        keep(Row(address, answer.rulebook_version, content))
        # Only what was committed is sure to be there; inside a larger transaction it may yet be undone.
        if not connection.in_atomic_block:
            _kept.add(address)
    return StoredAnswer(address, content)
