"""Additional duties as the peers' tables have them: the outcome of a rule list for a class of origins and claims."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bench.world.relations import topup_of
from bench.world.rule_figures import figures_of, terms_of
from ewtp.core.rulebook.measure import EVERY_ORIGIN

if TYPE_CHECKING:
    from ewtp.core.rulebook.rule import Rule

# The most additional duties that one line bears, each rounded by itself.
RATES = 4
_FEW_ORIGINS = 16


@dataclass(frozen=True, slots=True)
class Extra:
    """An additional duty as ``decide`` needs it."""

    id: str
    programme: str
    length: int
    all: bool
    include: frozenset[str]
    exclude: frozenset[str]
    claim: str
    unless: frozenset[str]
    yields: tuple[str, ...]
    free: bool
    rate: int | None
    topup: bool


def split(listed: tuple[int, ...], extras: list[Extra]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Programmes that distinguish many origins, and the rest; those that yield to one another stay together."""
    programmes = {extras[n].programme for n in listed}
    root = {name: name for name in programmes}
    for n in listed:
        for other in programmes.intersection(extras[n].yields):
            old, new = root[extras[n].programme], root[other]
            root = {name: new if found == old else found for name, found in root.items()}
    names: dict[str, set[str]] = {}
    for n in listed:
        names.setdefault(root[extras[n].programme], set()).update(extras[n].include, extras[n].exclude)
    wide = {name for name, named in names.items() if len(named) > _FEW_ORIGINS}
    first = tuple(n for n in listed if root[extras[n].programme] in wide)
    return first, tuple(n for n in listed if root[extras[n].programme] not in wide)


def extra_of(rule: Rule) -> Extra:
    """The rule as a row."""
    measure, terms, figures, topup = rule.measure, terms_of(rule), figures_of(rule.expression), topup_of(rule)
    return Extra(
        id=measure.id,
        programme=measure.programme,
        length=len(measure.product.prefix),
        all=EVERY_ORIGIN in measure.origins.include,
        include=frozenset(measure.origins.include) - {EVERY_ORIGIN},
        exclude=frozenset(measure.origins.exclude),
        claim=terms.claim,
        unless=frozenset(terms.unless),
        yields=measure.yields_to,
        free=figures is not None and figures.rate == 0,
        rate=topup if figures is None else figures.rate,
        topup=figures is None,
    )


def decide(rules: list[Extra], held: frozenset[str], claims: frozenset[str]) -> dict[str, Any] | None:
    """As ``core.assessment.duties`` does: within a programme the more specific rule, and rules that yield."""
    best: dict[str, tuple[bool, int]] = {}
    standing = []
    for rule in rules:
        entries = rule.include & held
        if rule.exclude & held or not (entries or rule.all) or rule.unless & claims:
            continue
        if rule.claim and rule.claim not in claims:
            continue
        # A rule that names every origin beside others is matched through both.
        rank = (bool(entries), rule.length)
        standing.append((rule, rank))
        best[rule.programme] = max(best.get(rule.programme, (False, -1)), rank)
    kept = [rule for rule, rank in standing if not rule.programme or rank == best[rule.programme]]
    charging = {rule.programme for rule in kept if not rule.free}
    due = [rule for rule in kept if charging.isdisjoint(rule.yields) and rule.rate is not None]
    if not due:
        return None
    rates = [rule.rate or 0 for rule in due if not rule.topup and rule.rate]
    assert len(rates) <= RATES, rates
    padded = rates + [0] * (RATES - len(rates))
    return {
        **{f"rate_{n}": rate for n, rate in enumerate(padded)},
        "topup": max((rule.rate or 0 for rule in due if rule.topup), default=0),
        "set": " ".join(sorted(rule.id for rule in due)),
    }
