"""An answer: every charge with its arithmetic and citation, what could be saved, what is needed, what is not known."""

from __future__ import annotations

import hashlib
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

import orjson

from ewtp.core.assessment.question import Question, moment_text
from ewtp.core.rulebook.accepted_paper import find_accepted_paper
from ewtp.core.rulebook.measure import ConditionKind
from ewtp.core.rulebook.phrases.phrase_reader import read_phrase
from ewtp.core.rulebook.rule import cite
from ewtp.core.values.immutable import immutable

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from ewtp.core.assessment.effects import Bounds, Unknown
    from ewtp.core.assessment.exchange import RateUsed
    from ewtp.core.assessment.export_charge import ExportCharge
    from ewtp.core.assessment.line_span import Range
    from ewtp.core.assessment.sum_state import SumState
    from ewtp.core.rulebook.charge_kinds import Total
    from ewtp.core.rulebook.citation import Source
    from ewtp.core.rulebook.expressions.steps import Step
    from ewtp.core.rulebook.measure import Kind
    from ewtp.core.rulebook.rule import Rule
    from ewtp.core.rulebook.service import Procedure, Service
    from ewtp.core.values.money import Money
    from ewtp.core.values.sentence import Statement

# Part of an answer's identity: a change to how answers are computed or written starts new answers.
ANSWER_EDITION = "22"
# 128 bits: enough that no two answers ever meet.
_IDENTITY_DIGITS = 32


@immutable
class Charge:
    """One amount to pay, under one rule; ``amount`` is rounded as the law of the territory has it."""

    kind: Kind
    rule: Rule
    base: Money
    amount: Money
    steps: tuple[Step, ...]
    notes: tuple[Statement, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The charge as `docs/api.md` describes it, with its arithmetic in ``trace`` and, as data, in ``steps``."""
        measure = self.rule.measure
        steps = [step.statement.as_json() for step in self.steps] + [note.as_json() for note in self.notes]
        return {
            "kind": self.kind.value,
            "measure": measure.id,
            "title": measure.title,
            "expression": measure.rate_text,
            "base": self.base.as_json(),
            "amount": self.amount.as_json(),
            "status": measure.status.value,
            "trace": [step.pop("message") for step in steps],
            "steps": steps,
            "citation": self.rule.citation,
        }


@immutable
class Option:
    """A claim that was not made, and what it would bring: a lower duty, papers that fall away, or both.

    ``saving`` is the duty saved, None where it cannot be computed or the claim is not about duties. ``lifts`` are the
    requirements and prohibitions that the line would no longer have to meet. ``condition`` says in the law's words for
    which goods the claim is; empty for a preference, whose rule of origin says it.
    """

    claim: str
    title: str
    rule: Rule
    saving: Money | None
    origin_rule: str | None
    proof: str | None
    note: Statement | None = None
    lifts: tuple[Rule, ...] = ()
    condition: str = ""
    ends: bool = False

    def as_json(self) -> dict[str, Any]:
        """The option as `docs/api.md` describes it."""
        return {
            "claim": self.claim,
            "title": self.title,
            "measure": self.rule.measure.id,
            "expression": "" if self.ends else self.rule.measure.rate_text,
            "saving": self.saving.as_json() if self.saving else None,
            "condition": self.condition or None,
            "condition_sentence": read_phrase(self.condition).reference() if self.condition else None,
            "origin_rule": self.origin_rule,
            "proof": self.proof,
            "note": self.note.message if self.note else None,
            "note_sentence": self.note.reference() if self.note else None,
            "lifts": [_paper_json(rule) for rule in self.lifts],
            "status": self.rule.measure.status.value,
            "citation": self.rule.citation,
        }


@immutable
class Lifted:
    """Requirements or a prohibition that the line need not meet, and the rule that says so.

    ``rule`` is a relief, a recognition, or the lifted rule itself, which a claim switches off; ``claim`` is empty where
    none was needed.
    """

    rule: Rule
    claim: str
    lifts: tuple[Rule, ...]

    def as_json(self) -> dict[str, Any]:
        """The entry as `docs/api.md` describes it; ``document`` and ``authority`` are those of a recognised paper."""
        measure = self.rule.measure
        paper = find_accepted_paper(measure)
        return {
            "claim": self.claim or None,
            "title": measure.title,
            "measure": measure.id,
            "document": (paper.document if paper else "") or None,
            "authority": (paper.authority if paper else "") or None,
            "lifts": [_paper_json(rule) for rule in self.lifts],
            "status": measure.status.value,
            "citation": self.rule.citation,
        }


def _paper_json(rule: Rule) -> dict[str, Any]:
    """A requirement or a prohibition by name."""
    measure = rule.measure
    return {
        "measure": measure.id,
        "agency": measure.agency,
        "document": measure.document,
        "title": measure.title,
    }


@immutable
class AskedFact:
    """A fact that would settle something, and the titles of the rules that wait for it.

    ``fact`` is ``"transport"``, ``"buyer"``, ``"freight"`` or ``"date"`` (of the consignment), or, of the line,
    ``"part"`` (the value of the part ``name``), ``"unit"`` (the quantity in the unit ``name``) or ``"claim"``.
    ``choices`` are pairs of a value and its words in the law, where it can be one of a few; ``reference`` is the place
    in the law that decides between rates, else empty.
    """

    fact: str
    titles: tuple[str, ...]
    name: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    reference: str = ""

    def as_json(self) -> dict[str, Any]:
        """The fact as `docs/api.md` describes it."""
        return {
            "fact": self.fact,
            "titles": list(self.titles),
            "name": self.name or None,
            "choices": [{"value": value, "text": text or None} for value, text in self.choices],
            "reference": self.reference or None,
        }


@immutable
class LineAnswer:
    """The answer for one line of the consignment.

    ``options`` would lower its duties; ``paper_options`` would only lift ``requirements`` or ``prohibitions``. What is
    ``lifted`` already is in neither of these two. ``owed`` are its charges together; ``sum_states`` says of each sum of
    them whether it is a figure.
    """

    hs: str
    description: str
    origin: str
    customs_value: Money
    basis: str
    charges: tuple[Charge, ...]
    options: tuple[Option, ...]
    claimed: tuple[Option, ...]
    requirements: tuple[Rule, ...]
    prohibitions: tuple[Rule, ...]
    unknowns: tuple[Unknown, ...]
    owed: Bounds
    sum_states: Mapping[Total, SumState]
    span: Range | None = None
    paper_options: tuple[Option, ...] = ()
    lifted: tuple[Lifted, ...] = ()
    # By requirement, in their order; None where its agency promises no time.
    promises: tuple[Service | None, ...] = ()
    # What the question could state to settle what is open.
    asks: tuple[AskedFact, ...] = ()
    export_charges: tuple[ExportCharge, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The line as `docs/api.md` describes it."""
        return {
            "hs": self.hs,
            "description": self.description,
            "origin": self.origin,
            "customs_value": {**self.customs_value.as_json(), "basis": self.basis},
            "charges": [charge.as_json() for charge in self.charges],
            "options": [option.as_json() for option in (*self.options, *self.paper_options)],
            "claimed": [option.as_json() for option in self.claimed],
            "requirements": [
                _requirement_json(rule, promise) for rule, promise in zip_longest(self.requirements, self.promises)
            ],
            "prohibitions": [_prohibition_json(rule) for rule in self.prohibitions],
            "lifted": [each.as_json() for each in self.lifted],
            "export_charges": [charge.as_json() for charge in self.export_charges],
            "unknowns": [unknown.as_json() for unknown in self.unknowns],
            "asks": [fact.as_json() for fact in self.asks],
            "owed": self.owed.as_json(),
            "sums": dict(self.sum_states),
            "range": self.span.as_json() if self.span else None,
        }


def _requirement_json(rule: Rule, promise: Service | None) -> dict[str, Any]:
    measure = rule.measure
    electronic = next((each for each in measure.conditions if each.kind is ConditionKind.ELECTRONIC), None)
    promised = None
    if promise is not None:
        citation = cite(promise.source, promise.reference, promise.validity)
        promised = {"days": promise.days, "citation": citation}
    return {
        "agency": measure.agency,
        "document": measure.document,
        "stage": measure.stage,
        "title": measure.title,
        "measure": measure.id,
        "mast_chapter": measure.mast_chapter or None,
        "promise": promised,
        "electronic": None if electronic is None else {"standard": electronic.value or None},
        "status": measure.status.value,
        "citation": rule.citation,
    }


def _prohibition_json(rule: Rule) -> dict[str, Any]:
    measure = rule.measure
    return {
        "measure": measure.id,
        "title": measure.title,
        "status": measure.status.value,
        "citation": rule.citation,
    }


def _procedure_json(rule: Procedure) -> dict[str, Any]:
    citation = cite(rule.source, rule.reference, rule.validity)
    return {"territory": rule.territory, "name": rule.name, "value": rule.value, "citation": citation}


@immutable
class PracticeUsed:
    """How the territory's law has the answer computed; ``source`` and ``reference`` are None where a default was used.

    ``url`` is the address of the source, None where it has none.
    """

    name: str
    value: str
    territory: str
    source: str | None
    reference: str | None
    url: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The practice with its source; ``source`` is null where a default was used, not law."""
        return {
            "name": self.name,
            "value": self.value,
            "territory": self.territory,
            "source": self.source,
            "url": self.url,
            "reference": self.reference,
        }


@immutable
class Totals:
    """The sums over all lines, in one currency, and the state of each; ``at_most`` is None where nothing bounds it."""

    customs_value: Money
    goods: Money
    duty: Money
    tax: Money
    fees: Money
    freight: Money
    insurance: Money
    landed_cost: Money
    at_least: Money
    at_most: Money | None
    sum_states: Mapping[Total, SumState]

    @property
    def complete(self) -> bool:
        """Whether all that is owed is known: the two bounds meet."""
        return self.at_most == self.at_least

    def as_json(self) -> dict[str, Any]:
        """The totals as `docs/api.md` describes them."""
        return {
            "customs_value": self.customs_value.as_json(),
            "goods": self.goods.as_json(),
            "duty": self.duty.as_json(),
            "tax": self.tax.as_json(),
            "fees": self.fees.as_json(),
            "freight": self.freight.as_json(),
            "insurance": self.insurance.as_json(),
            "landed_cost": self.landed_cost.as_json(),
            "at_least": self.at_least.as_json(),
            "at_most": self.at_most.as_json() if self.at_most else None,
            "complete": self.complete,
            "sums": dict(self.sum_states),
        }


@immutable
class StaleSource:
    """A source published ``age_days`` before the day asked about; ``described`` where its title is ours."""

    title: str
    published: date | None
    age_days: int | None
    described: Statement | None = None

    def as_json(self) -> dict[str, Any]:
        """The source, its date and age; ``source_sentence`` is what a title of ours is written from."""
        body: dict[str, Any] = {
            "source": self.title,
            "published": self.published.isoformat() if self.published else None,
            "age_days": self.age_days,
        }
        if self.described is not None:
            body["source_sentence"] = self.described.reference()
        return body


@immutable
class Answer:
    """The answer of one version of the rulebook to one question."""

    rulebook_version: str
    question: Question
    lines: tuple[LineAnswer, ...]
    totals: Totals
    rates: tuple[RateUsed, ...]
    practices: tuple[PracticeUsed, ...]
    stale: tuple[StaleSource, ...]
    # The figures by which the authorities of the destination decide; they change no amount.
    procedures: tuple[Procedure, ...] = ()

    def identity(self, request: dict[str, Any]) -> str:
        """The answer's address: the same question to the same rulebook, at the same rates, has the same one."""
        asked = orjson.dumps(request, option=orjson.OPT_SORT_KEYS).decode()
        rates = "".join(f"{r.source}{r.currency}{r.target}{r.rate}" for r in self.rates)
        text = f"{ANSWER_EDITION}\n{self.rulebook_version}\n{asked}\n{rates}"
        return "a" + hashlib.sha256(text.encode()).hexdigest()[:_IDENTITY_DIGITS]

    @property
    def id(self) -> str:
        """The answer's address."""
        return self.identity(self.question.as_json())

    def as_json(self) -> dict[str, Any]:
        """The answer as `docs/api.md` describes it."""
        request = self.question.as_json()
        return {
            "id": self.identity(request),
            "rulebook_version": self.rulebook_version,
            "date": self.question.day.isoformat(),
            "known_at": moment_text(self.question.known_at),
            "request": request,
            "lines": [line.as_json() for line in self.lines],
            "totals": self.totals.as_json(),
            "exchange_rates": [rate.as_json() for rate in self.rates],
            "practices": [practice.as_json() for practice in self.practices],
            "procedures": [_procedure_json(rule) for rule in self.procedures],
            "stale": [source.as_json() for source in self.stale],
        }


def age_days(source: Source, day: date) -> int | None:
    """How old the edition of a source is on a day; zero where it is newer, None where its date is not stated."""
    return None if source.published is None else max(0, (day - source.published).days)
