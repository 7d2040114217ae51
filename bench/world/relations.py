"""The law of a book as plain relations, for a peer that resolves prefixes, origins and days in SQL of its own."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from bench.world.rule_figures import figures_of, terms_of
from bench.world.world import write_manifest, write_rows
from ewtp.core.rulebook.expressions.tree import AdValorem, Difference, Inherited
from ewtp.core.rulebook.measure import EVERY_ORIGIN, Kind, Origins
from ewtp.core.rulebook.rule import find_matching_claims
from ewtp.core.values.money import minor_units

if TYPE_CHECKING:
    from pathlib import Path

    from bench.world.world import World
    from ewtp.core.rulebook.rule import Rule

_LAST = date(9999, 12, 31)


def topup_of(rule: Rule) -> int | None:
    """The rate that an additional duty tops the ordinary duty up to, in millionths of the value."""
    node = rule.expression
    if (
        isinstance(node, Difference)
        and isinstance(node.reduction, Inherited)
        and isinstance(node.expression, AdValorem)
    ):
        figures = figures_of(node.expression)
        return figures.rate if figures else None
    return None


def bound_minor(text: str) -> int | None:
    """A floor, a cap or a limit in minor units of its own currency, None where there is none."""
    amount, _, currency = text.partition(" ")
    return int(Decimal(amount).scaleb(minor_units(currency))) if amount else None


def write_relations(world: World, folder: Path) -> None:
    """Write every relation as a Parquet file into the folder."""
    writer = _Relations(world)
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in writer.relations().items():
        write_rows(rows, folder / f"{name}.parquet")
    write_manifest(world.manifest(), folder)


class _Relations:
    """Rows gathered from every rule that is in force on some day of the lines."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.scopes: dict[Origins, int] = {}
        self.measures: list[dict[str, Any]] = []
        self.exclusions: list[dict[str, Any]] = []
        self.unless: list[dict[str, Any]] = []
        self.yields: list[dict[str, Any]] = []
        self.claims: list[dict[str, Any]] = []

    def relations(self) -> dict[str, list[dict[str, Any]]]:
        """Every relation by name."""
        world, asked = self.world, self.world.asked
        for rules in world.book.rules.values():
            for rule in rules:
                if rule.first_day <= asked.last and rule.last_day >= asked.first:
                    self._add(rule)
        groups = world.book.groups.values()
        return {
            "measure": self.measures,
            "exclusion": self.exclusions,
            "unless": self.unless,
            "yields": self.yields,
            "claimed": self.claims,
            "scope": list(self._scopes()),
            "membership": [
                {"claim": g.id, "economy": m.economy, "first": m.validity.start, "last": m.validity.end or _LAST}
                for g in groups
                for m in g.members
            ],
            "reach": [
                {"to": to, "territory": territory.code}
                for to in asked.currencies
                for territory in world.book.territories_of(to)
            ],
            "destination": world.destinations(),
            "union_member": world.unions(),
            "rate": world.rates(),
            "line": [
                {
                    "schedule": territory,
                    "code": line.code,
                    "first": line.validity.start,
                    "last": line.validity.end or _LAST,
                }
                for territory, lines in world.book.lines.items()
                for line in lines
            ],
        }

    def _add(self, rule: Rule) -> None:
        measure, terms = rule.measure, terms_of(rule)
        number = len(self.measures)
        figures, topup = figures_of(rule.expression), topup_of(rule)
        scope = self.scopes.setdefault(measure.origins, len(self.scopes))
        self.measures.append(
            {
                "m": number,
                "id": measure.id,
                "territory": measure.territory,
                "kind": measure.kind.value,
                "prefix": measure.product.prefix,
                "first": rule.first_day,
                "last": rule.last_day,
                "everyone": rule.everyone,
                "named": measure.origins.include != (EVERY_ORIGIN,),
                "scope": scope,
                "programme": measure.programme,
                "rate": topup if figures is None else figures.rate,
                "amount": figures.amount if figures else 0,
                "slot": figures.slot if figures else 0,
                "amount_currency": figures.currency if figures else "",
                "topup": figures is None and topup is not None,
                "priced": figures is not None or topup is not None or measure.kind in _PRICELESS,
                "free": figures is not None and figures.rate == 0 and figures.amount == 0,
                "on_paid": measure.base == "duty_paid",
                "least": bound_minor(measure.minimum),
                "most": bound_minor(measure.maximum),
                "limit": None if terms.most is None else int(terms.most * 100),
                "claim": terms.claim,
                "buyer": terms.buyer,
                "transport": terms.transport,
                "left_open": terms.open,
            },
        )
        self.exclusions += [{"m": number, "prefix": out} for out in measure.product.exclusions]
        self.unless += [{"m": number, "claim": claim} for claim in terms.unless]
        self.yields += [{"m": number, "programme": name} for name in measure.yields_to]
        if measure.kind is Kind.PREFERENCE:
            self.claims += [{"m": number, "claim": claim} for claim in measure.origins.include]
        elif measure.kind is Kind.QUOTA:
            self.claims.append({"m": number, "claim": f"quota:{measure.order_number}"})

    def _scopes(self) -> list[dict[str, Any]]:
        """From which day to which day each scope holds each economy, over the days of the lines."""
        asked, book = self.world.asked, self.world.book
        economies = sorted({origin for pairs in asked.claims.values() for origin, _ in pairs})
        turns = {asked.first}
        for group in book.groups.values():
            for member in group.members:
                turns.add(member.validity.start)
                if member.validity.end:
                    turns.add(member.validity.end + timedelta(days=1))
        days = sorted(day for day in turns if asked.first <= day <= asked.last)
        rows = []
        for origins, scope in self.scopes.items():
            if origins == Origins():
                continue
            for place, day in enumerate(days):
                last = days[place + 1] - timedelta(days=1) if place + 1 < len(days) else asked.last
                rows += [
                    {"scope": scope, "economy": economy, "first": day, "last": last}
                    for economy in economies
                    if find_matching_claims(origins, book.groups_of(economy, day))
                ]
        return rows


_PRICELESS = frozenset({Kind.REQUIREMENT, Kind.PROHIBITION, Kind.RELIEF})
