"""Real questions on the seed, drawn with a fixed seed: what benchmarks ask."""

from __future__ import annotations

import random
from datetime import date
from typing import TYPE_CHECKING, Any

from ewtp.core.assessment.exchange import RateTable, find_recorded_series, rate_table
from ewtp.core.rulebook.book import Book, build_book
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.reference.exchange_rates import ECB, ecb_rates
from ewtp.gateways.seed.reader import SeedBook, read_packs
from ewtp.gateways.seed.root import seed_root

if TYPE_CHECKING:
    from collections.abc import Iterable

DAY = date(2026, 6, 30)
CORRIDORS = (
    ("ZA", "GB", "GBP"),
    ("CN", "US", "USD"),
    ("KE", "ZA", "ZAR"),
    ("US", "CA", "CAD"),
    ("VN", "DE", "EUR"),
    ("AU", "US", "USD"),
)
QUANTITIES = {"kg": "120", "number": "500", "litre": "90", "m2": "40", "pair": "60"}


def read_seed() -> SeedBook:
    """The seed, or an end with its refusal."""
    seed = read_packs(seed_root())
    if isinstance(seed, Refusal):
        raise SystemExit(seed.message)
    return seed


def seed_rates() -> RateTable:
    """The seed's exchange rates and the ECB's archive."""
    packs = read_packs(seed_root() / "exchange_rates")
    if isinstance(packs, Refusal):
        raise SystemExit(packs.message)
    return rate_table(find_recorded_series(packs.rates), {ECB: ecb_rates()})


def seed_book(seed: SeedBook, territories: Iterable[str]) -> Book:
    """The seed's law of some territories as one book in memory."""
    wanted = frozenset(territories)
    return build_book(
        "seed",
        territories=seed.territories,
        groups=seed.groups,
        measures=[m for m in seed.measures if m.territory in wanted],
        lines=[line for line in seed.lines if line.territory in wanted],
        origin_rules=seed.origin_rules,
        replaced=seed.replaced,
    )


def questions(seed: SeedBook, count: int) -> list[dict[str, Any]]:
    """``count`` one-line questions over the corridors, every national line equally likely."""
    chance = random.Random(20_260_630)
    tariffs = {"GB": "GB", "US": "US", "ZA": "SACU", "CA": "CA", "DE": "EU"}
    lines = {
        territory: sorted({line.code for line in seed.lines if line.territory == territory and line.code < "98"})
        for territory in set(tariffs.values())
    }
    asked = []
    for number in range(count):
        source, destination, currency = CORRIDORS[number % len(CORRIDORS)]
        amount = f"{chance.randrange(1_000, 5_000_000) / 100:.2f}"
        asked.append(
            {
                "from": source,
                "to": destination,
                "date": DAY.isoformat(),
                "lines": [
                    {
                        "hs": chance.choice(lines[tariffs[destination]]),
                        "value": {"amount": amount, "currency": currency},
                        "quantities": QUANTITIES,
                    },
                ],
            },
        )
    return asked
