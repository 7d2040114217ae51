"""Options of one line: preferences, quotas and exemptions, claimed or not, with the duty that each would save."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from ewtp.core.assessment.answer import Option
from ewtp.core.assessment.claims import may_claim
from ewtp.core.assessment.duties import charge_duties
from ewtp.core.assessment.quota_sentences import QUOTA_BALANCE, QUOTA_BALANCE_UNKNOWN
from ewtp.core.assessment.sentences import ORIGIN_RULE_NOT_AGREED, SAVING_OPEN
from ewtp.core.rulebook.charge_kinds import DUTIES, LOWER_DUTIES
from ewtp.core.rulebook.duty_rank import claims_of
from ewtp.core.rulebook.measure import ConditionKind, Kind
from ewtp.core.rulebook.origin_class import OPEN
from ewtp.core.rulebook.phrases.phrase_reader import read_phrase
from ewtp.core.values.money import Money
from ewtp.core.values.sentence import Statement

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ewtp.core.assessment.charges import Findings
    from ewtp.core.assessment.line_facts import LineFacts
    from ewtp.core.assessment.rule_matches import RulesByKind
    from ewtp.core.rulebook.book import Book
    from ewtp.core.rulebook.duty_rank import Matched
    from ewtp.core.rulebook.measure import Measure
    from ewtp.core.rulebook.territory import Group, OriginRule
    from ewtp.core.values.money import Rounding


# The kinds that a claim decides, and those of which nothing stays open.
_CLAIMED = frozenset({ConditionKind.CLAIM, ConditionKind.UNLESS_CLAIM})
_SETTLED = frozenset(ConditionKind)


def list_options(
    matched: RulesByKind,
    facts: LineFacts,
    rounding: Rounding,
    now: Findings,
    book: Book,
) -> tuple[Option, ...]:
    """What the line could claim and did not: preferences, quotas, exemptions; with the duty each would save."""
    options: dict[str, Option] = {}
    paid_now = now.sum(DUTIES)
    # What a lower duty saves is not known where no duty is held.
    held = bool(matched.get(Kind.DUTY)) or any(charge.kind is Kind.DUTY for charge in now.charges)
    for found, claims in _open_claims(matched, facts, book):
        for claim in claims:
            then = charge_duties(matched, facts.add_claim(claim), rounding)
            saving: Money | None = None
            if now.duties_settled and then.complete and (held or found.rule.measure.kind not in LOWER_DUTIES):
                saved = paid_now - then.sum(DUTIES)
                if saved <= 0:
                    continue
                saving = Money(saved, facts.customs_value.currency)
            option = _option(found, claim, facts, book, matched, saving=saving)
            if saving is None and option.note is None:
                option = replace(option, note=Statement(SAVING_OPEN))
            options.setdefault(claim, option)
    return tuple(options[claim] for claim in sorted(options, key=lambda c: _by_saving(options[c])))


def list_claimed(matched: RulesByKind, facts: LineFacts, book: Book) -> tuple[Option, ...]:
    """The preferences and quotas that the line does claim, with the origin rule to meet and the proof to show."""
    claimed: dict[str, Option] = {}
    for kind in LOWER_DUTIES:
        for found in matched.get(kind, ()):
            for claim in claims_of(found):
                if claim in facts.claims:
                    claimed.setdefault(claim, _option(found, claim, facts, book, matched))
    return tuple(claimed[claim] for claim in sorted(claimed))


def _open_claims(
    matched: RulesByKind,
    facts: LineFacts,
    book: Book,
) -> Iterator[tuple[Matched, tuple[str, ...]]]:
    """Each rule that a claim would bring into play, with the claims not made yet."""
    for kind in LOWER_DUTIES:
        for found in matched.get(kind, ()):
            yield found, tuple(claim for claim in claims_of(found) if claim not in facts.claims)
    yield from open_reductions(matched.get(Kind.ADDITIONAL_DUTY, ()), facts, book)


def open_reductions(
    found: Sequence[Matched], facts: LineFacts, book: Book
) -> Iterator[tuple[Matched, tuple[str, ...]]]:
    """Each additional duty that a claim not made yet would end or bring into play, with those claims.

    A claim that answers an open question, such as whether goods are parts of vehicles, is a fact to be told and no
    option; neither is a declared use, which makes a duty due.
    """
    questions = {
        condition.claim
        for each in found
        if not all(condition.kind in _SETTLED for condition in each.rule.judged)
        for condition in each.rule.measure.conditions
    }
    for each in found:
        if not (each.rule.needed or each.rule.barred):
            continue
        claims = tuple(
            condition.claim
            for condition in each.rule.measure.conditions
            if condition.kind in _CLAIMED
            and condition.claim not in questions
            and condition.claim not in facts.claims
            and may_claim(condition.claim, facts, book)
        )
        if claims:
            yield each, claims


def _by_saving(option: Option) -> tuple[bool, Decimal, str]:
    amount = option.saving.amount if option.saving else Decimal(0)
    return (option.saving is None, -amount, option.claim)


def _option(
    found: Matched, claim: str, facts: LineFacts, book: Book, matched: RulesByKind, *, saving: Money | None = None
) -> Option:
    measure = found.rule.measure
    named = (book.group_on(name, facts.day) for name in (claim, *found.entries))
    group = next((each for each in named if each is not None), None)
    scheme = group.origin_scheme if group is not None else ""
    rules = book.origin_rules(scheme, facts.code, facts.day) if scheme else ()
    return Option(
        claim=claim,
        title=(group.title if group and measure.kind is not Kind.QUOTA else measure.title),
        rule=found.rule,
        saving=saving,
        origin_rule="; or ".join(rule.text for rule in rules) or None,
        proof="; ".join(dict.fromkeys(list_proofs(group, claim, matched))) or None,
        note=_quota_note(measure) if measure.kind is Kind.QUOTA else state_open_rule(rules),
        condition=next((c.text for c in measure.conditions if c.kind in _CLAIMED and c.claim == claim), ""),
        ends=any(c.kind is ConditionKind.UNLESS_CLAIM and c.claim == claim for c in measure.conditions),
    )


def list_proofs(group: Group | None, claim: str, matched: RulesByKind) -> Iterator[str]:
    """The proof of the agreement, and the papers that its rule on the longest code asks for beside it."""
    if group is not None and group.proof:
        yield group.proof
    measures = [
        found.rule.measure
        for kind in LOWER_DUTIES
        for found in matched.get(kind, ())
        if claim in claims_of(found) and any(c.kind is ConditionKind.PROOF for c in found.rule.measure.conditions)
    ]
    longest = max((len(measure.product.prefix) for measure in measures), default=0)
    for measure in measures:
        if len(measure.product.prefix) == longest:
            yield from (c.value for c in measure.conditions if c.kind is ConditionKind.PROOF)


def state_open_rule(rules: Sequence[OriginRule]) -> Statement | None:
    """That nobody can meet the rule, where the parties had agreed none."""
    return Statement(ORIGIN_RULE_NOT_AGREED) if rules and all(OPEN in rule.classes for rule in rules) else None


def _quota_note(measure: Measure) -> Statement:
    volume = next(
        (c.text or c.value for c in measure.conditions if c.kind in {ConditionKind.VOLUME, ConditionKind.QUOTA}), ""
    )
    if not volume:
        return Statement(QUOTA_BALANCE_UNKNOWN, {"order": measure.order_number})
    return Statement(QUOTA_BALANCE, {"order": measure.order_number, "volume": read_phrase(volume)})
