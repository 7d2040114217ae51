"""Files of lines for the small rulebook of these tests, and the command that answers them, as a process."""

from __future__ import annotations

import os
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from django.db import connection

from ewtp.gateways.database.address import Address

if TYPE_CHECKING:
    import random

MONEY = pa.decimal128(18, 2)


def some_lines(chance: random.Random, count: int) -> pa.Table:
    """Lines of every sort: preferences, weights known and not, codes that are none, another currency, nulls."""

    def column(*choices: Any) -> list[Any]:
        return [chance.choice(choices) for _ in range(count)]

    return pa.table(
        {
            "from": column("ZA", "CN", "KE"),
            "to": column("GB", "GB", "XK"),
            "date": pa.array(column(date(2026, 6, 30), date(2026, 7, 1), None), pa.date32()),
            "hs": column("61091000", "6109.10.00", "610910", "09011100", "999999", "no code"),
            "value": pa.array([Decimal(chance.randrange(1, 10**7)) / 100 for _ in range(count)], MONEY),
            "currency": column("GBP", "GBP", "EUR"),
            "freight": pa.array(column(Decimal(10), None), MONEY),
            "quantity_kg": pa.array(column(Decimal(100), None), MONEY),
            "note": [f"note {number}" for number in range(count)],
        },
    )


def command(*words: str | Path) -> list[str]:
    """``ewtp`` with these words."""
    return [str(Path(sys.executable).parent / "ewtp"), *map(str, words)]


def environment(seed: Path) -> dict[str, str]:
    """Where such a process finds the test's database and its small rulebook."""
    given = connection.settings_dict
    address = Address.of(
        dbname=given["NAME"],
        user=given["USER"],
        password=given["PASSWORD"],
        host=given["HOST"],
        port=str(given["PORT"]),
    )
    return {**os.environ, "DATABASE_URL": address.url(), "EWTP_RULEBOOK": str(seed)}
