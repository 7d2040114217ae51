"""What the fields of a request to a barrier ask for: a finding, or a command."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.utils import timezone

from ewtp.apps.barriers.reading.findings import answer_for_line, gather_finding_of_answer, gather_finding_of_place
from ewtp.core.barriers.barrier_commands import AnswerBarrier, ClaimResolved, ReplyToClaim
from ewtp.core.barriers.sentences import PROMISED_UNREADABLE
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from ewtp.apps.http.surface.body_fields import BodyReader
    from ewtp.core.barriers.evidence import ReportedFinding

_MOST_LINES = 1_000


def read_reported_finding(body: BodyReader) -> ReportedFinding | Refusal:
    """What a report is about: a line of an answer, or a product and an economy."""
    text = body.text("text")
    names = ("answer", "measure", "product", "economy", "language")
    address, subject, product, economy, _ = (body.text(name, required=False) for name in names)
    place = body.whole("line", most=_MOST_LINES)
    if body.refusal is not None:
        return body.refusal
    if not address:
        return gather_finding_of_place(product, economy, text)
    return _find_finding(address, place, subject)


def read_support(body: BodyReader) -> ReportedFinding | Refusal | None:
    """The finding of the answer that supports a reopening; None where words alone do."""
    names = ("text", "answer", "measure", "language")
    _, address, subject, _ = (body.text(name, required=name == "text") for name in names)
    if body.refusal is not None:
        return body.refusal
    return _find_finding(address, 0, subject) if address else None


def _find_finding(address: str, place: int, subject: str) -> ReportedFinding | Refusal:
    answer = answer_for_line(address, place)
    return answer.under("answer") if isinstance(answer, Refusal) else gather_finding_of_answer(answer, subject)


def answer_command(body: BodyReader) -> AnswerBarrier | Refusal:
    """The answer of an authority."""
    kind, reason, written = (body.text(name, required=name != "promised") for name in ("kind", "reason", "promised"))
    promised = read_promised_day(written)
    refusals = [each for each in (body.refusal, promised) if isinstance(each, Refusal)]
    if isinstance(promised, Refusal) or refusals:
        return Refusal.join(refusals)
    return AnswerBarrier(kind, reason, promised)


def read_promised_day(text: str) -> date | Refusal | None:
    """The day by which a rule will change; None where none is named. Refuses with ``promised_unreadable``."""
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return Refusal(PROMISED_UNREADABLE, where="promised")
    return day if day >= timezone.now().date() else Refusal(PROMISED_UNREADABLE, where="promised")


def claim_command(body: BodyReader) -> ClaimResolved | Refusal:
    """The claim of an authority."""
    reason = body.text("reason")
    return body.refusal or ClaimResolved(reason)


def reply_command(body: BodyReader) -> ReplyToClaim | Refusal:
    """The word of a reporter; without one, nothing is taken for a no."""
    if not body.has("resolved"):
        body.text("resolved")
    agrees = body.is_true("resolved")
    return body.refusal or ReplyToClaim(agrees)
