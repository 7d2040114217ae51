"""Tables precompiled for the peers: prefixes, days and origins are settled, and only equality joins are left.

Three tables are read by code (``entry``, ``duty``) or list of rules (``additional``), two by destination (``context``,
``rate``). The outcome of rules is decided by the scalar path's own functions, once for each distinct list.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from bench.world.additional_duties import Extra, decide, extra_of, split
from bench.world.relations import bound_minor
from bench.world.rule_figures import figures_of, terms_of
from bench.world.world import write_manifest, write_rows
from ewtp.core.assessment.charges import Findings
from ewtp.core.assessment.duties import choose_duty
from ewtp.core.assessment.line_facts import LineFacts
from ewtp.core.assessment.rule_matches import sort_rules
from ewtp.core.assessment.taxes import specific_taxes
from ewtp.core.rulebook.expressions.evaluation import Facts
from ewtp.core.rulebook.measure import Kind
from ewtp.core.values.money import Money

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from bench.world.world import World
    from ewtp.core.rulebook.rule import Rule

_LOWER = (Kind.PREFERENCE, Kind.QUOTA)
_PAPERS = (Kind.REQUIREMENT, Kind.PROHIBITION)
_LEVIES = (Kind.FEE, Kind.TAX, Kind.RELIEF)
# The most taxes that one line bears, each rounded by itself.
TAXES = 3


class Numbers:
    """Numbers for values, in the order in which they are first met."""

    def __init__(self) -> None:
        self._places: dict[Any, int] = {}

    def place(self, value: Any) -> int:
        """The number of a value."""
        return self._places.setdefault(value, len(self._places))

    def listed(self) -> list[Any]:
        """Every value, by number."""
        return list(self._places)


def write_precompiled(world: World, folder: Path) -> None:
    """Write the tables as Parquet files into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    maker = _Maker(world)
    maker.make()
    tables = {
        "rate": maker.rates,
        "context": maker.contexts,
        "entry": maker.entries,
        "duty": maker.duties,
        "additional": maker.additional,
        "lesser": maker.lesser,
        "measure_set": [{"set": number, "ids": ids} for number, ids in enumerate(maker.sets.listed())],
        "destination": world.destinations(),
        "union_member": world.unions(),
    }
    for name, rows in tables.items():
        write_rows(rows, folder / f"{name}.parquet")
    write_manifest({**world.manifest(), "schedules": maker.schedules}, folder)


def facts_of(day: date, memberships: frozenset[str], claims: frozenset[str]) -> LineFacts:
    """A line of no value in particular."""
    value = Money(Decimal(1), "XXX")
    return LineFacts("", day, memberships, claims, value, value, {}, {}, None, None, lambda *_: None, Facts(value))


class _Maker:
    """Holds what is met on the way."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.book = world.book
        self.sets = Numbers()
        self.sets.place("")
        self.lists = Numbers()
        self.lists.place(())
        self.rates: list[dict[str, Any]] = []
        self.contexts: list[dict[str, Any]] = []
        self.entries: list[dict[str, Any]] = []
        self.duties: list[dict[str, Any]] = []
        self.schedules: dict[str, dict[str, int]] = {}
        self.additional: list[dict[str, Any]] = []
        self.lesser: list[dict[str, Any]] = []
        self._classes = Numbers()
        self._signatures = Numbers()
        self._signature_of: dict[int, int] = {}
        self._extras: list[Extra] = []
        self._spans: dict[str, list[date]] = {}
        self._names: dict[str, tuple[frozenset[str], frozenset[str]]] = {}
        self._column: dict[str, frozenset[str]] = {}
        self._duty_spans: dict[str, list[date]] = {}
        self._claimed = frozenset(claim for pairs in world.asked.claims.values() for _, claim in pairs)

    def make(self) -> None:
        """Every table, schedule by schedule."""
        schedules: dict[str, list[str]] = {}
        for to in self.world.asked.codes:
            schedules.setdefault(self.world.schedule(to), []).append(to)
        for schedule, members in schedules.items():
            self._schedule(schedule, members)
        for row in self.world.rates():
            spans = self._spans[self.world.schedule(row["to"])]
            duty_spans = self._duty_spans[self.world.schedule(row["to"])]
            self.rates.append(
                {
                    **row,
                    "span": sum(start <= row["day"] for start in spans) - 1,
                    "duty_span": sum(start <= row["day"] for start in duty_spans) - 1,
                },
            )
        self._decide_lists()

    def _in_force(self, rules: Iterable[Rule]) -> list[Rule]:
        asked = self.world.asked
        return [r for r in rules if r.first_day <= asked.last and r.last_day >= asked.first]

    def _schedule(self, schedule: str, members: list[str]) -> None:
        asked = self.world.asked
        codes = sorted({code for to in members for code in asked.codes[to]})
        tariff = self.world.tariff(members[0])
        covering = {code: self._in_force(self.book.rules_for(tariff.code, code) if tariff else ()) for code in codes}
        own = {to: self._levies_of(to) for to in members}
        kept = [rule for rules in covering.values() for rule in rules] + [r for rules in own.values() for r in rules]
        turns = {asked.first}
        for rule in kept:
            turns |= {rule.first_day, _after(rule.last_day)}
        spans = self._spans[schedule] = sorted(day for day in turns if asked.first <= day <= asked.last)
        turns = {asked.first}
        for rule in kept:
            if rule.measure.kind is Kind.DUTY or (rule.measure.kind in _LOWER and self._may_be_claimed(rule)):
                turns |= {rule.first_day, _after(rule.last_day)}
        self._duty_spans[schedule] = sorted(day for day in turns if asked.first <= day <= asked.last)
        additional = [r for rules in covering.values() for r in rules if r.measure.kind is Kind.ADDITIONAL_DUTY]
        names = frozenset(n for r in additional for n in (*r.measure.origins.include, *r.measure.origins.exclude))
        claims = frozenset(c for r in additional for t in [terms_of(r)] for c in (t.claim, *t.unless) if c)
        self._names[schedule] = names, claims
        numbers: dict[int, int] = {}
        for rule in additional:
            if id(rule) not in numbers:
                numbers[id(rule)] = len(self._extras)
                self._extras.append(extra_of(rule))
        excepting = sorted({r.measure.id for rules in own.values() for r in rules if r.measure.product.exclusions})
        levies = {r.measure.id: r for rules in own.values() for r in rules}
        self.schedules[schedule] = {"spans": len(spans), "codes": len(codes)}
        # Lines of economies without a schedule need no row by code.
        for code in codes if tariff else ():
            mask = sum(1 << n for n, name in enumerate(excepting) if not levies[name].measure.product.covers(code))
            self._code(schedule, code, covering[code], mask, numbers)
        masks = sorted({row["mask"] for row in self.entries if row["schedule"] == schedule}) or [0]
        for to in members:
            self._contexts(to, own[to], masks=masks, excepting=excepting)

    def _levies_of(self, to: str) -> list[Rule]:
        return self._in_force(
            rule
            for territory in self.book.territories_of(to)
            for rule in self.book.rules.get((territory.code, ""), ())
            if rule.measure.kind in _LEVIES
        )

    def _code(self, schedule: str, code: str, rules: list[Rule], mask: int, numbers: dict[int, int]) -> None:
        """The duties of a code by span and claim, its list of additional duties and its papers."""
        duties = [r for r in rules if r.measure.kind is Kind.DUTY]
        lower = [r for r in rules if r.measure.kind in _LOWER and self._may_be_claimed(r)]
        # What the question leaves open is never charged.
        extras = [r for r in rules if r.measure.kind is Kind.ADDITIONAL_DUTY and not terms_of(r).open]
        demands = [r for r in rules if r.measure.kind in _PAPERS]
        for span, day in enumerate(self._spans[schedule]):
            extra = tuple(numbers[id(r)] for r in _on(extras, day))
            papers = sorted(r.measure.id for r in _on(demands, day))
            wide, narrow = split(extra, self._extras)
            narrow_list, narrow_signature = self._listed(schedule, narrow)
            wide_list, wide_signature = self._listed(schedule, wide)
            self.entries.append(
                {
                    "schedule": schedule,
                    "code": code,
                    "span": span,
                    "mask": mask,
                    "list": narrow_list,
                    "signature": narrow_signature,
                    "wide_list": wide_list,
                    "wide_signature": wide_signature,
                    "papers": self.sets.place(" ".join(papers)),
                },
            )
        for span, day in enumerate(self._duty_spans[schedule]):
            self._duties(schedule, code, span, _on(duties, day), _on(lower, day))

    def _listed(self, schedule: str, extra: tuple[int, ...]) -> tuple[int, int]:
        """The number of a list of additional duties, and of its signature."""
        number = self.lists.place(extra)
        if number not in self._signature_of:
            found = [self._extras[n] for n in extra]
            names = frozenset(name for rule in found for name in rule.include | rule.exclude)
            claims = frozenset(name for rule in found for name in {rule.claim, *rule.unless} if name)
            self._signature_of[number] = self._signatures.place((schedule, names, claims))
        return number, self._signature_of[number]

    def _duties(self, schedule: str, code: str, span: int, duties: list[Rule], lower: list[Rule]) -> None:
        day = self._duty_spans[schedule][span]
        chosen: dict[str, Rule | None] = {}
        # Duties differ by origin only where some name their origins: column 2.
        nobody = facts_of(day, frozenset(), frozenset())
        chosen[""] = choose_duty(sort_rules([r for r in duties if r.everyone], nobody), nobody, Findings())
        if self._column_two(schedule):
            facts = facts_of(day, self._column_two(schedule), frozenset())
            chosen["column 2"] = choose_duty(sort_rules(duties, facts), facts, Findings())
        for rule in sorted(lower, key=lambda r: len(r.measure.product.prefix)):
            # The longer prefix comes later and stays.
            chosen.update((claim, rule) for claim in _claims_of(rule) if claim in self._claimed)
        for claim, taken in chosen.items():
            figures = figures_of(taken.expression) if taken is not None else None
            self.duties.append(
                {
                    "schedule": schedule,
                    "code": code,
                    "span": span,
                    "claim": claim,
                    "known": figures is not None,
                    "rate": figures.rate if figures else 0,
                    "amount": figures.amount if figures else 0,
                    "slot": figures.slot if figures else 0,
                    "amount_currency": figures.currency if figures else "",
                    "measure": self.sets.place("" if taken is None else taken.measure.id),
                },
            )

    def _may_be_claimed(self, rule: Rule) -> bool:
        return not self._claimed.isdisjoint(_claims_of(rule))

    def _contexts(self, to: str, levies: list[Rule], *, masks: list[int], excepting: list[str]) -> None:
        """What lines to a destination share by span, origin, claims and the exceptions that the code falls under."""
        schedule = self.world.schedule(to)
        for span, day in enumerate(self._spans[schedule]):
            now = [r for r in levies if r.first_day <= day <= r.last_day]
            for origin, claim in self.world.asked.claims[to]:
                memberships = self.book.groups_of(origin, day)
                claims = frozenset(claim.split())
                number = self._class(schedule, memberships, claims)
                column = "column 2" if memberships & self._column_two(schedule) else ""
                for mask in masks:
                    out = {name for n, name in enumerate(excepting) if mask >> n & 1}
                    reached = [r for r in now if r.measure.id not in out]
                    self.contexts.append(
                        {
                            "to": to,
                            "span": span,
                            "origin": origin,
                            "claims": claim,
                            "mask": mask,
                            "duty_claim": claim or column,
                            "class": number,
                            **self._levies(reached, facts_of(day, memberships, claims)),
                        },
                    )

    def _column_two(self, schedule: str) -> frozenset[str]:
        """The origins that a schedule's duties name; empty where they are the same for all."""
        if schedule not in self._column:
            self._column[schedule] = frozenset(
                name
                for (territory, _), rules in self.book.rules.items()
                if territory == schedule
                for rule in rules
                if rule.measure.kind is Kind.DUTY and not rule.everyone
                for name in rule.measure.origins.include
            )
        return self._column[schedule]

    def _class(self, schedule: str, memberships: frozenset[str], claims: frozenset[str]) -> int:
        """The class of origins and claims that the schedule's additional duties tell apart."""
        names, telling = self._names[schedule]
        return self._classes.place((schedule, memberships & names, claims & telling))

    def _decide_lists(self) -> None:
        """The outcome of each list of additional duties for the classes that its own rules distinguish.

        Lists that name the same origins and claims have one signature; a class is a lesser class of a signature.
        """
        classes = self._classes.listed()
        lesser: list[dict[tuple[frozenset[str], frozenset[str]], int]] = []
        for number, (schedule, names, telling) in enumerate(self._signatures.listed()):
            found: dict[tuple[frozenset[str], frozenset[str]], int] = {}
            for place, (of_schedule, held, claims) in enumerate(classes):
                if of_schedule == schedule:
                    sub = found.setdefault((held & names, claims & telling), len(found))
                    self.lesser.append({"signature": number, "class": place, "lesser": sub})
            lesser.append(found)
        for listed, rules in enumerate(self.lists.listed()):
            for (held, claims), sub in lesser[self._signature_of[listed]].items() if rules else ():
                row = decide([self._extras[n] for n in rules], held, claims)
                if row is not None:
                    self.additional.append({"list": listed, "lesser": sub, **row, "set": self.sets.place(row["set"])})

    def _levies(self, rules: list[Rule], facts: LineFacts) -> dict[str, Any]:
        """Fees by how they are taken, the limit of low value, and taxes."""
        matched = sort_rules(rules, facts)
        fees = [m.rule for m in matched.get(Kind.FEE, [])]
        fees = [r for r in fees if facts.claims.isdisjoint(terms_of(r).unless) and not terms_of(r).open]
        plain, sea, business, bounded = 0, 0, 0, 0
        least, most = -1, -1
        for rule in fees:
            figures, terms = figures_of(rule.expression), terms_of(rule)
            rate = figures.rate if figures else 0
            if terms.transport:
                sea = rate
            elif terms.buyer:
                business = rate
            elif rule.measure.minimum:
                bounded = rate
                least, most = bound_minor(rule.measure.minimum) or 0, bound_minor(rule.measure.maximum) or 0
            else:
                plain = rate
        taxes = [m.rule for m in specific_taxes(matched.get(Kind.TAX, []))] if matched.get(Kind.TAX) else []
        priced = [(r, f) for r in taxes if (f := figures_of(r.expression))]
        rates = [f.rate for _, f in priced]
        relief = [terms_of(m.rule).most for m in matched.get(Kind.RELIEF, [])]
        limit = next((int(most_value * 100) for most_value in relief if most_value is not None), -1)
        return {
            "fee": plain,
            "fee_sea": sea,
            "fee_business": business,
            "fee_bounded": bounded,
            "fee_least": least,
            "fee_most": most,
            "relief_limit": limit,
            **{f"tax_{n}": rate for n, rate in enumerate(rates + [0] * (TAXES - len(rates)))},
            "tax_on_value": any(r.measure.base != "duty_paid" for r, _ in priced),
            "taxed": bool(taxes),
            "fee_set": self.sets.place(" ".join(sorted(r.measure.id for r in fees))),
            "tax_set": self.sets.place(" ".join(sorted(r.measure.id for r, _ in priced))),
        }


def _on(rules: list[Rule], day: date) -> list[Rule]:
    return [r for r in rules if r.first_day <= day <= r.last_day]


def _claims_of(rule: Rule) -> tuple[str, ...]:
    measure = rule.measure
    return (f"quota:{measure.order_number}",) if measure.kind is Kind.QUOTA else measure.origins.include


def _after(day: date) -> date:
    return day if day == date.max else day + timedelta(days=1)
