"""Duties of one line: the duty that applies, additional duties that stack or yield, excise, and options not taken."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from ewtp.core.assessment.answer import Charge, Option, Unknown
from ewtp.core.assessment.line_facts import Circumstances, standing
from ewtp.core.rulebook.book import Book, Rule, matching_claims
from ewtp.core.rulebook.expressions.evaluation import Computation, Facts, evaluate
from ewtp.core.rulebook.expressions.tree import AdValorem
from ewtp.core.rulebook.measure import EVERY_ORIGIN, Kind
from ewtp.core.values.money import Money, round_amount
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# A duty that lacks one of these facts is not answered around: the question has to give it.
ASKED_OF_THE_TRADER = frozenset({"quantity_missing", "part_value_missing"})


@dataclass(frozen=True, slots=True)
class Rounding:
    """To how many decimals, and which way."""

    places: int
    mode: str


_NOTHING = Decimal(0)


@dataclass(slots=True)
class Work:
    """What has been found out about one line so far."""

    charges: list[Charge] = field(default_factory=list)
    unknowns: list[Unknown] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    complete: bool = True

    def open(self, code: str, message: str, *, costs: bool = True) -> None:
        """Note something unknown; where it may cost money the totals are no longer complete."""
        unknown = Unknown(code, message)
        if unknown not in self.unknowns:
            self.unknowns.append(unknown)
        self.complete = self.complete and not costs

    def sum(self, *kinds: str) -> Decimal:
        """The charges of these kinds, added up."""
        total = _NOTHING
        for charge in self.charges:
            if charge.kind in kinds:
                total += charge.amount.amount
        return total


_EVERYONE = (EVERY_ORIGIN,)


@dataclass(frozen=True, slots=True)
class Matched:
    """A rule that reaches the line, with the origin entries through which it does."""

    rule: Rule
    entries: tuple[str, ...]

    @property
    def rank(self) -> tuple[bool, int]:
        """A rule for named origins comes before one for all; then the longer prefix wins."""
        return (self.entries != _EVERYONE, len(self.rule.measure.product.prefix))


Sorted = dict[Kind, list[Matched]]


def sort_rules(rules: Iterable[Rule], facts: Circumstances) -> Sorted:
    """The rules in force today that reach this line's origin, by kind."""
    matched: Sorted = {}
    day, memberships = facts.day, facts.memberships
    for rule in rules:
        if rule.first_day <= day <= rule.last_day:
            entries: tuple[str, ...]
            if rule.everyone:
                entries = _EVERYONE
            elif memberships.isdisjoint(rule.named) and EVERY_ORIGIN not in rule.measure.origins.include:
                continue
            else:
                entries = matching_claims(rule.measure.origins, memberships)
            if entries:
                matched.setdefault(rule.measure.kind, []).append(Matched(rule, entries))
    return matched


def charge_duties(matched: Sorted, facts: Circumstances, rounding: Rounding) -> Work:
    """The duty and the additional duties of the line, given what is claimed."""
    work = Work()
    chosen = choose_duty(matched, facts, work)
    duty: Decimal | None = None
    if chosen is not None:
        charge = compute(chosen, "duty", facts, rounding, work, asked=True)
        if charge is not None:
            work.charges.append(charge)
            duty = charge.amount.amount
    if matched.get(Kind.ADDITIONAL_DUTY):
        _charge_additional(matched[Kind.ADDITIONAL_DUTY], facts, duty, rounding, work)
    return work


def choose_duty(matched: Sorted, facts: Circumstances, work: Work) -> Rule | None:
    """The one duty rule that applies: a claimed preference or quota, else the most specific duty."""
    if facts.claims:
        lower = matched.get(Kind.PREFERENCE, []) + matched.get(Kind.QUOTA, [])
        claimed = [m for m in lower if not facts.claims.isdisjoint(claims_of(m))]
        if claimed:
            return max(claimed, key=lambda m: m.rank).rule
    duties = [m for m in matched.get(Kind.DUTY, []) if standing(m.rule.measure, facts).met]
    if not duties:
        return None
    if len(duties) == 1:
        return duties[0].rule
    best_rank = max(m.rank for m in duties)
    best = [m.rule for m in duties if m.rank == best_rank]
    if len(best) > 1 and len({rule.measure.expression for rule in best}) > 1:
        codes = ", ".join(rule.measure.additional_code or rule.measure.title for rule in best)
        work.open(
            "duty_ambiguous",
            f"Several duties apply to {facts.code} ({codes}); which one depends on facts not asked here.",
        )
        return None
    return best[0]


def claims_of(matched: Matched) -> tuple[str, ...]:
    """The ids by which this preference or quota is claimed."""
    measure = matched.rule.measure
    if measure.kind is Kind.QUOTA:
        return (f"quota:{measure.order_number}",)
    return matched.entries


def _charge_additional(
    found: list[Matched],
    facts: Circumstances,
    duty: Decimal | None,
    rounding: Rounding,
    work: Work,
) -> None:
    due = [
        (rule, compute(rule, "additional_duty", facts, rounding, work, inherited=duty))
        for rule in additional_rules(found, facts, work)
    ]
    charging = charging_programmes(rule for rule, _ in due)
    for rule, charge in due:
        if charge is not None and charging.isdisjoint(rule.measure.yields_to):
            work.charges.append(charge)


def charging_programmes(due: Iterable[Rule]) -> frozenset[str]:
    """The programmes of additional duties that switch off the rules which yield to them."""
    # A programme that says Free exempts the line; one whose top-up comes to nothing has still taken it in.
    return frozenset(rule.measure.programme for rule in due if not _is_free(rule))


def _is_free(rule: Rule) -> bool:
    return isinstance(rule.expression, AdValorem) and rule.expression.percent == 0


def additional_rules(found: list[Matched], facts: Circumstances, work: Work) -> list[Rule]:
    """Within one programme a rule for a named origin or a longer code replaces the general one."""
    best: dict[str, tuple[bool, int]] = {}
    standing_by: list[Matched] = []
    for matched in found:
        measure = matched.rule.measure
        judged = standing(measure, facts)
        if judged.met is None:
            work.open("condition_open", judged.why)
        if not judged.met:
            continue
        standing_by.append(matched)
        if measure.programme:
            best[measure.programme] = max(best.get(measure.programme, (False, -1)), matched.rank)
    return [m.rule for m in standing_by if not m.rule.measure.programme or m.rank == best[m.rule.measure.programme]]


def compute(
    rule: Rule,
    kind: str,
    facts: Circumstances,
    rounding: Rounding,
    work: Work,
    *,
    inherited: Decimal | None = None,
    base: Money | None = None,
    asked: bool = False,
) -> Charge | None:
    """Evaluate one rule; what cannot be computed is noted in ``work`` (as a refusal if the trader must say)."""
    taken_on = facts.customs_value if base is None else base
    result: Computation | Refusal
    if rule.expression is None or isinstance(rule.expression, Refusal):
        result = rule.expression or Refusal("expression_missing", "The rule has no expression.")
    else:
        known = facts.facts
        if base is not None or rule.inherits:
            known = Facts(taken_on, known.quantities, known.parts, inherited, known.rates, known.date)
        result = evaluate(rule.expression, known)
    measure = rule.measure
    if isinstance(result, Refusal):
        name = measure.title or measure.id
        if asked and result.code in ASKED_OF_THE_TRADER:
            work.refusals.append(result)
        work.open(
            "expression_unreadable" if result.code == "expression_unreadable" else result.code,
            f"{name} ({measure.expression[:120]}) could not be computed: {result.message}",
        )
        return None
    amount = Money(round_amount(result.amount, rounding.places, rounding.mode), taken_on.currency)
    return Charge(kind, rule, taken_on, amount, result.trace)


def charge_excise(matched: Sorted, facts: Circumstances, rounding: Rounding, work: Work) -> None:
    """Excise on top of the duty-paid value."""
    paid = facts.customs_value.amount + work.sum("duty", "additional_duty")
    for found in matched.get(Kind.EXCISE, []):
        judged = standing(found.rule.measure, facts)
        if judged.met is None:
            work.open("condition_open", judged.why)
        if not judged.met:
            continue
        on_paid = found.rule.measure.base == "duty_paid"
        base = Money(paid, facts.customs_value.currency) if on_paid else None
        charge = compute(found.rule, "excise", facts, rounding, work, base=base, asked=True)
        if charge is not None:
            work.charges.append(charge)


def list_options(
    matched: Sorted,
    facts: Circumstances,
    rounding: Rounding,
    now: Work,
    book: Book,
) -> tuple[Option, ...]:
    """What the line could claim and did not: preferences, quotas, exemptions; with the duty each would save."""
    options: dict[str, Option] = {}
    paid_now = now.sum("duty", "additional_duty")
    for found, claims in _open_claims(matched, facts, book):
        for claim in claims:
            then = charge_duties(matched, facts.claiming(claim), rounding)
            saving: Money | None = None
            if now.complete and then.complete:
                saved = paid_now - then.sum("duty", "additional_duty")
                if saved <= 0:
                    continue
                saving = Money(saved, facts.customs_value.currency)
            options.setdefault(claim, _option(found, claim, saving, facts, book))
    return tuple(options[claim] for claim in sorted(options, key=lambda c: _by_saving(options[c])))


def list_claimed(matched: Sorted, facts: Circumstances, book: Book) -> tuple[Option, ...]:
    """The preferences and quotas that the line does claim, with the origin rule to meet and the proof to show."""
    claimed: dict[str, Option] = {}
    for kind in (Kind.PREFERENCE, Kind.QUOTA):
        for found in matched.get(kind, ()):
            for claim in claims_of(found):
                if claim in facts.claims:
                    claimed.setdefault(claim, _option(found, claim, None, facts, book))
    return tuple(claimed[claim] for claim in sorted(claimed))


def _open_claims(
    matched: Sorted,
    facts: Circumstances,
    book: Book,
) -> Iterator[tuple[Matched, tuple[str, ...]]]:
    """Each rule that a claim would bring into play, with the claims not made yet."""
    for kind in (Kind.PREFERENCE, Kind.QUOTA):
        for found in matched.get(kind, ()):
            yield found, tuple(claim for claim in claims_of(found) if claim not in facts.claims)
    for found in matched.get(Kind.ADDITIONAL_DUTY, ()):
        claims = open_exemptions(found, facts, book)
        if claims:
            yield found, claims


def open_exemptions(found: Matched, facts: Circumstances, book: Book) -> tuple[str, ...]:
    """The claims not made yet that an exemption from an additional duty waits for."""
    if not found.rule.measure.conditions or not _is_free(found.rule):
        return ()
    wanted = (c.value for c in found.rule.measure.conditions if c.kind == "claim")
    return tuple(c for c in wanted if c not in facts.claims and may_claim(c, facts, book))


def may_claim(claim: str, facts: Circumstances, book: Book) -> bool:
    """Whether the claim is open to this origin: a programme only to its members, anything else to all."""
    return claim not in book.groups or claim in facts.memberships


def _by_saving(option: Option) -> tuple[bool, Decimal, str]:
    amount = option.saving.amount if option.saving else Decimal(0)
    return (option.saving is None, -amount, option.claim)


def _option(found: Matched, claim: str, saving: Money | None, facts: Circumstances, book: Book) -> Option:
    measure = found.rule.measure
    group = book.groups.get(claim) or next((book.groups[e] for e in found.entries if e in book.groups), None)
    origin_rule = None
    if group is not None and group.origin_scheme:
        rules = book.origin_rules(group.origin_scheme, facts.code)
        origin_rule = "; or ".join(rule.text for rule in rules) or None
    note = None
    if measure.kind is Kind.QUOTA:
        volume = next((c.text or c.value for c in measure.conditions if c.kind in ("volume", "quota")), "")
        note = (
            f"Quota {measure.order_number} is open only while its volume lasts ({volume}); ask for its balance before "
            "you rely on it."
        )
    return Option(
        claim=claim,
        title=(group.title if group and measure.kind is not Kind.QUOTA else measure.title),
        rule=found.rule,
        saving=saving,
        origin_rule=origin_rule,
        proof=(group.proof or None) if group else None,
        note=note,
    )


def claimable(matched: Sorted, facts: Circumstances, book: Book) -> frozenset[str]:
    """Every claim that some rule reaching the line knows and that is open to its origin."""
    known: set[str] = set()
    for rules in matched.values():
        for found in rules:
            measure = found.rule.measure
            if measure.kind in (Kind.PREFERENCE, Kind.QUOTA):
                known.update(claims_of(found))
            for condition in measure.conditions:
                if condition.kind in ("claim", "unless_claim"):
                    known.add(condition.value)
                elif condition.kind == "end_use":
                    known.add(f"end_use:{condition.value}")
    return frozenset(claim for claim in known if may_claim(claim, facts, book))
