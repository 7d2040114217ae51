"""What row-level security costs a query: in the application's role, against the same in a role that sees every row.

Prints one JSON object for the query alone, in a transaction whose settings are made, and one for a whole transaction
with the two round trips that make them. Turns alternate; one client, a server of its own.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING

from bench.own_database import own_database
from ewtp.gateways.database.roles import APPLICATION_ROLE, SYSTEM_ROLE, role_take_on

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.db.backends.base.base import BaseDatabaseWrapper

ORGANISATIONS, MEMBERS_OF_EACH = 1_000, 200
QUERIES, TURNS = 500, 9
TARGET = 0.8
_FILL = """
INSERT INTO organisations_organisation (id, name, kind, economy, ultimate_owner, holders)
SELECT 'org_' || lpad(to_hex(n), 32, '0'), 'Organisation ' || n, 'firm', 'KE', '', '[]'
FROM generate_series(1, %(count)s) n;
INSERT INTO organisations_member (organisation_id, person, role, since)
SELECT 'org_' || lpad(to_hex(n), 32, '0'), 'per_' || m, 'trader', now()
FROM generate_series(1, %(members)s) m, generate_series(1, %(count)s) n;
"""
# The same statement on both sides: what an action asks, of which the policy is the second wall.
_QUERY = "SELECT id, person, role FROM organisations_member WHERE organisation_id = %s ORDER BY id DESC LIMIT 20"


def main() -> None:
    """Measure on a database made for this, and remove it."""
    with own_database():
        _measure()


def _measure() -> None:
    from django.db import connection, transaction  # noqa: PLC0415 - the settings come first

    from ewtp.gateways.database.row_security import own_rows, system_rows  # noqa: PLC0415 - the settings come first

    role_take_on(connection)
    with system_rows("a benchmark"), connection.cursor() as cursor:
        cursor.execute(_FILL, {"count": ORGANISATIONS, "members": MEMBERS_OF_EACH})
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE organisations_member")

    def ask(number: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute(_QUERY, [_identifier(number)])
            assert len(cursor.fetchall()) == 20

    def turn(*, secured: bool) -> float:
        spent = 0.0
        for number in range(1, QUERIES + 1):
            with own_rows(organisation=_identifier(number)) if secured else system_rows("a benchmark"):
                start = time.perf_counter()
                ask(number)
                spent += time.perf_counter() - start
        return QUERIES / spent

    def whole(*, secured: bool) -> float:
        with nullcontext() if secured else _as_system(connection):
            start = time.perf_counter()
            for number in range(1, QUERIES + 1):
                with own_rows(organisation=_identifier(number)) if secured else transaction.atomic():
                    ask(number)
            return QUERIES / (time.perf_counter() - start)

    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == (APPLICATION_ROLE,)
    _report("row_level_security", turn, TARGET)
    _report("row_level_security, whole transaction", whole, None)


def _identifier(number: int) -> str:
    return f"org_{number:032x}"


@contextmanager
def _as_system(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """The connection in the system's role, outside any transaction."""
    for role in (SYSTEM_ROLE, APPLICATION_ROLE):
        with connection.cursor() as cursor:
            cursor.execute(f"SET ROLE {role}")
        if role == SYSTEM_ROLE:
            yield


def _report(bench: str, turn: Callable[..., float], target: float | None) -> None:
    pairs = [(turn(secured=True), turn(secured=False)) for _ in range(TURNS + 1)][1:]
    ours, theirs = (statistics.median(side) for side in zip(*pairs, strict=True))
    ratio = statistics.median(mine / other for mine, other in pairs)
    row = {
        "bench": bench,
        "peer": "the same without policies",
        "ours": round(ours),
        "theirs": round(theirs),
        "unit": "queries a second, one client",
        "n": ORGANISATIONS * MEMBERS_OF_EACH,
        "times": TURNS,
        "ratio": round(ratio, 3),
    }
    if target is not None:
        row |= {"target": target, "reached": ratio >= target}
    sys.stdout.write(json.dumps(row) + "\n")


if __name__ == "__main__":
    main()
