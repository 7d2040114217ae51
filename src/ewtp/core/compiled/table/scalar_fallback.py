"""The scalar path's answers as rows of the table: for unsettled lines, and for comparison in tests."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Protocol

import pyarrow as pa
import pyarrow.compute as pc

from ewtp.core.assessment.assess import assess
from ewtp.core.assessment.consignment import build_context
from ewtp.core.assessment.question import Question, read_question
from ewtp.core.assessment.sentences import DATE_ABSURD
from ewtp.core.compiled.format import rule_set
from ewtp.core.compiled.format.kernel_arrays import DECIMALS, NO_BOUND, TOO_MUCH
from ewtp.core.compiled.format.unknown_bits import unknown_bit, unknown_codes
from ewtp.core.compiled.machine.arrow_columns import in_one_piece
from ewtp.core.compiled.machine.epoch_days import day_number
from ewtp.core.compiled.table.quantities import QUANTITY, SUPPLEMENTARY_QUANTITY, SUPPLEMENTARY_UNIT
from ewtp.core.compiled.table.sentences import DATE_MISSING, SUPPLEMENTARY_INCOMPLETE
from ewtp.core.rulebook.charge_kinds import CHARGE_KINDS, charge_kind_of
from ewtp.core.rulebook.expressions.steps import name_unit
from ewtp.core.values.immutable import immutable
from ewtp.core.values.refusal import Refusal
from ewtp.core.values.sentences import AMOUNT_ABSURD, QUANTITY_TWICE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ewtp.core.assessment.answer import Answer
    from ewtp.core.assessment.consignment import ConsignmentContext, HsTexts
    from ewtp.core.assessment.exchange import RateTable
    from ewtp.core.assessment.question import Vocabulary
    from ewtp.core.rulebook.book import Book


@immutable
class AnswerRow:
    """One answer as a row of the table: amounts in ten-thousandths, codes and measures' ids joined by spaces.

    ``at_most`` is NO_BOUND where nothing bounds the total.
    """

    currency: str
    amounts: tuple[int, ...]
    at_most: int
    complete: bool
    unknowns: str
    sets: tuple[str, ...]


class BookReader(Protocol):
    """Reads books of one version of the rulebook; threads may share it."""

    @property
    def frame(self) -> Book:
        """The territories, the groups and the kinds of rule that there are; it need not have rules."""

    def read_book(self, asked: Iterable[tuple[str, str]]) -> Book:
        """The law of all (economy, code) pairs, in one read."""


@immutable
class WholeBook:
    """A book in memory as the reader of its version."""

    frame: Book

    def read_book(self, asked: Iterable[tuple[str, str]]) -> Book:
        """The book itself."""
        del asked
        return self.frame


@immutable
class Scalar:
    """The scalar path on one version of the rulebook, with its exchange rates; threads may share it."""

    reader: BookReader
    rates: RateTable
    texts: HsTexts
    vocabulary: Vocabulary

    def frame(self, question: Question) -> ConsignmentContext:
        """The part of the answer that all lines of the question share."""
        return build_context(question, self.reader.frame, self.rates, self.texts)

    def answers(self, questions: Sequence[Question]) -> Iterator[Answer | Refusal]:
        """The answer to each question, in order; the law is read once for all questions."""
        asked = {
            (economy, line.hs)
            for question in questions
            for line in question.lines
            for economy in (question.destination, question.origin)
        }
        book = self.reader.read_book(asked)
        return (assess(question, book, self.rates, self.texts) for question in questions)


def rows_of(bodies: Sequence[dict[str, Any] | Refusal], scalar: Scalar) -> list[AnswerRow | Refusal]:
    """The scalar path's answers to questions of one line each, as rows of the table."""
    questions = read_questions(bodies, scalar.vocabulary)
    asked = [question for question in questions if isinstance(question, Question)]
    found = iter(scalar.answers(asked))
    return [question if isinstance(question, Refusal) else _row(next(found)) for question in questions]


def read_questions(bodies: Iterable[dict[str, Any] | Refusal], known: Vocabulary) -> list[Question | Refusal]:
    """The questions of the bodies, in order; a refused body stays as it is."""
    return [body if isinstance(body, Refusal) else _question(body, known) for body in bodies]


def _question(body: dict[str, Any], known: Vocabulary) -> Question | Refusal:
    day = body["day"]
    rest = {name: part for name, part in body.items() if name != "day"}
    return read_question({**rest, "date": day.isoformat()}, today=day, vocabulary=known)


def _row(answer: Answer | Refusal) -> AnswerRow | Refusal:
    """An answer of one line as a row; refuses with ``amount_absurd`` an amount that the columns cannot hold."""
    if isinstance(answer, Refusal):
        return answer
    line, totals = answer.lines[0], answer.totals

    def scale_amount(amount: Decimal) -> int:
        found = amount.scaleb(DECIMALS)
        assert found == found.to_integral_value()  # noqa: S101 - no charge is finer than a currency's coin
        return int(found)

    sums = {row.kind: 0 for row in CHARGE_KINDS}
    sets: list[list[str]] = [[] for _ in range(rule_set.COUNT)]
    for charge in line.charges:
        sums[charge.kind] += scale_amount(charge.amount.amount)
        sets[charge_kind_of(charge.kind).step].append(charge.rule.measure.id)
    sets[rule_set.REQUIREMENT] = [rule.measure.id for rule in line.requirements]
    sets[rule_set.PROHIBITION] = [rule.measure.id for rule in line.prohibitions]
    bits = 0
    for unknown in line.unknowns:
        bits |= unknown_bit(unknown.code)
    amounts = (
        scale_amount(totals.customs_value.amount),
        scale_amount(totals.goods.amount),
        *sums.values(),
        scale_amount(totals.freight.amount),
        scale_amount(totals.insurance.amount),
        scale_amount(totals.landed_cost.amount),
        scale_amount(totals.at_least.amount),
    )
    texts = tuple(" ".join(ids) for ids in sets)
    if max(amounts) >= TOO_MUCH:
        # One such line must not prevent the answers to the others.
        return Refusal(AMOUNT_ABSURD, {"field": "value"})
    at_most = NO_BOUND if totals.at_most is None else scale_amount(totals.at_most.amount)
    return AnswerRow(
        totals.landed_cost.currency, amounts, at_most, totals.complete, " ".join(unknown_codes(bits)), texts
    )


def bodies(lines: pa.Table) -> list[dict[str, Any] | Refusal]:
    """Each line as the body of a question, with its day as a date; a line without a day is refused.

    Arrow's days reach further than the calendar of Python, so a day outside of it is refused before it is converted.
    """
    found: list[dict[str, Any] | Refusal] = []
    numbers = in_one_piece(lines["date"]).view(pa.int32())
    odd = pc.or_(pc.less(numbers, day_number(date.min)), pc.greater(numbers, day_number(date.max)))
    place = lines.schema.get_field_index("date")
    readable = lines.set_column(place, "date", pc.if_else(odd, None, in_one_piece(lines["date"])))
    for line, is_odd in zip(readable.to_pylist(), odd.to_pylist(), strict=True):
        if is_odd:
            found.append(Refusal(DATE_ABSURD, where="date"))
            continue
        if line["date"] is None:
            found.append(Refusal(DATE_MISSING))
            continue

        def money(name: str, line: dict[str, Any] = line) -> dict[str, Any] | None:
            amount = line.get(name)
            return None if amount is None else {"amount": _text(amount), "currency": line["currency"]}

        quantities = {
            name.removeprefix(QUANTITY): _text(amount)
            for name, amount in line.items()
            if name.startswith(QUANTITY) and amount is not None
        }
        unit, supplementary = line.get(SUPPLEMENTARY_UNIT), line.get(SUPPLEMENTARY_QUANTITY)
        if (unit is None) != (supplementary is None):
            found.append(Refusal(SUPPLEMENTARY_INCOMPLETE))
            continue
        if unit is not None and supplementary is not None:
            if unit in quantities:
                found.append(Refusal(QUANTITY_TWICE, {"unit": name_unit(unit[:40])}))
                continue
            quantities[unit] = _text(supplementary)
        found.append(
            {
                "from": line["from"],
                "to": line["to"],
                "day": line["date"],
                "buyer": line.get("buyer"),
                "transport": line.get("transport"),
                "lines": [
                    {
                        "hs": line["hs"],
                        "origin": line.get("origin"),
                        "value": money("value"),
                        "quantities": quantities,
                        "claims": (line.get("claims") or "").split(),
                    },
                ],
                "freight": money("freight"),
                "insurance": money("insurance"),
            },
        )
    return found


def _text(amount: Decimal | int) -> str:
    """Plain digits."""
    return format(amount, "f") if isinstance(amount, Decimal) else str(amount)
