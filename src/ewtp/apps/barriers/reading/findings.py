"""What a report is about: found in an answer by its address, or given by a product and an economy."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from ewtp.apps.assessment.reading.answers import GivenAnswer, assessment_read, find_answer_of_question, question_answer
from ewtp.apps.assessment.reading.question_address import pack_question
from ewtp.apps.rulebook.reading.measure_list import measures_named
from ewtp.apps.rulebook.reading.versions import version_named
from ewtp.core.barriers.barrier import BarrierMatter, RuleReported
from ewtp.core.barriers.evidence import ReportedFinding, gather_finding
from ewtp.core.barriers.sentences import PRODUCT_UNREADABLE
from ewtp.core.values.codes import SUBHEADING_DIGITS, parse_commodity_code, parse_economy
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.reference.hs_texts import exists
from ewtp.gateways.reference.iso_codes import check_economy

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ewtp.core.rulebook.measure import Measure


def answer_for_line(address: str, place: int) -> dict[str, Any] | Refusal:
    """The answer under an address as JSON, for one of its lines alone, by its place from 0.

    Of several lines the one is asked again on its own, so that the report shows nothing of the others. Refuses as
    ``assessment_read`` does.
    """
    found = assessment_read(address)
    if isinstance(found, Refusal):
        return found
    answer = found.answer
    lines = answer["request"]["lines"]
    if len(lines) == 1:
        return answer
    alone = {**answer["request"], "lines": [lines[min(place, len(lines) - 1)]], "freight": None, "insurance": None}
    again = question_answer({name: value for name, value in alone.items() if value is not None})
    if isinstance(again, Refusal):
        return again
    written = again.as_json()
    given: GivenAnswer = find_answer_of_question(written, pack_question(again.rulebook_version, written["request"]))
    return given.answer


def gather_finding_of_answer(answer: Mapping[str, Any], subject: str) -> ReportedFinding | Refusal:
    """The finding of an answer of one line about a measure of it, ``"unknown:CODE"``, or empty for the whole line."""
    return gather_finding(answer, subject, _measures(answer, subject))


def _measures(answer: Mapping[str, Any], subject: str) -> dict[str, Measure]:
    version = version_named(answer["rulebook_version"]) if subject else None
    return {} if version is None else measures_named([subject], version.published_at)


def gather_finding_of_place(product: str, economy: str, words: str) -> ReportedFinding | Refusal:
    """The finding of a product and an economy, for who has no answer; either may be empty.

    Without both, the barrier is one of its own words. Refuses with
    ``barrier_product_unreadable`` or ``economy_unknown``.
    """
    refusals = []
    code = parse_commodity_code(product) if product else ""
    if isinstance(code, Refusal) or (code and not exists(code[:SUBHEADING_DIGITS])):
        refusals.append(Refusal(PRODUCT_UNREADABLE, where="product"))
    place = parse_economy(economy) if economy else ""
    if not isinstance(place, Refusal) and place and check_economy(place) != place:
        place = parse_economy("")
    if isinstance(place, Refusal):
        refusals.append(place.under("economy"))
    if refusals or isinstance(code, Refusal) or isinstance(place, Refusal):
        return Refusal.join(refusals)
    digest = hashlib.sha256(" ".join(words.split()).casefold().encode(errors="replace")).hexdigest()
    key = "" if code and place else f"words:{digest}"
    return ReportedFinding(BarrierMatter(key, code[:SUBHEADING_DIGITS], place), RuleReported(), {})
