"""The database itself keeps the promises: no two rules of one key at once, and nothing is ever rewritten."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from ewtp.core.rulebook.territory import Group, Membership, TariffLine
from ewtp.core.values.period import Period
from ewtp.gateways.database.roles import owner_work
from tests.shared_rows import shared_rows

from .conftest import Desk, a_duty, a_source

if TYPE_CHECKING:
    from pathlib import Path

JANUARY = date(2026, 1, 1)
pytestmark = pytest.mark.usefixtures("filled")
REMEMBERED = ("measure", "tariffline", "group", "source")


@shared_rows
def constrained_rows(folder: Path) -> Desk:
    desk = Desk(folder)
    desk.bring(
        a_duty("0901", "5%", JANUARY),
        TariffLine("ZM", "09011100", Period(JANUARY)),
        Group("ZM-FTA", "Free trade", (Membership("KE", Period(JANUARY)),), a_source()),
    )
    return desk


@pytest.fixture
def filled(constrained_rows: Desk, desk: Desk) -> Desk:
    return desk.follow(constrained_rows)


def run(command: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(command)


def copy_of_measure(**changes: str) -> str:
    """The command that records the one measure a second time, with some columns changed."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = 'rulebook_measure'"
            " AND column_name <> 'id'",
        )
        columns = [name for (name,) in cursor.fetchall()]
    values = ", ".join(changes.get(name, name) for name in columns)
    return f"INSERT INTO rulebook_measure ({', '.join(columns)}) SELECT {values} FROM rulebook_measure"  # noqa: S608 - columns


def test_two_rules_of_one_key_cannot_hold_for_the_same_day() -> None:
    with pytest.raises(IntegrityError, match="measure_once"):
        run(copy_of_measure(validity="daterange('2030-01-01', NULL)"))
    run(copy_of_measure(validity="daterange('2020-01-01', '2026-01-01')"))


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"kind": "'toll'"}, "measure_kind"),
        ({"status": "'rumour'"}, "measure_status"),
        ({"expression": "''"}, "measure_charges"),
        ({"kind": "'requirement'"}, "measure_requires"),
        ({"prefix": "'09.01'"}, "measure_prefix"),
        ({"measure_id": "''"}, "measure_named"),
        ({"validity": "'empty'"}, "measure_validity"),
    ],
)
def test_the_tables_check_what_the_values_check(changes: dict[str, str], constraint: str) -> None:
    with pytest.raises(IntegrityError, match=constraint):
        run(copy_of_measure(key="gen_random_uuid()", **changes))


@pytest.mark.parametrize("table", [*REMEMBERED, "membership", "version"])
@pytest.mark.parametrize("command", ["DELETE FROM rulebook_{}", "TRUNCATE rulebook_{} CASCADE"])
def test_nothing_is_removed(table: str, command: str) -> None:
    # Not even for the owner of the tables.
    with owner_work(connection), pytest.raises(DatabaseError, match="only grows"), transaction.atomic():
        run(command.format(table))


@pytest.mark.parametrize(
    "command",
    [
        "UPDATE rulebook_measure SET expression = '0%'",
        "UPDATE rulebook_measure SET known = tstzrange(lower(known) - interval '1 day', NULL)",
        "UPDATE rulebook_measure SET known = tstzrange(lower(known), lower(known) + interval '1 day')",
        "UPDATE rulebook_group SET title = 'x'",
        "UPDATE rulebook_membership SET economy = 'UG'",
        "UPDATE rulebook_version SET digest = repeat('0', 64)",
    ],
)
def test_nothing_is_rewritten(command: str) -> None:
    with pytest.raises(DatabaseError, match="only grows"):
        run(command)


def test_nothing_is_slipped_into_the_past() -> None:
    with pytest.raises(DatabaseError, match="known from the moment"):
        run(copy_of_measure(key="gen_random_uuid()", known="tstzrange('2020-01-01', NULL)"))


def test_a_closed_row_stays_closed(filled: Desk) -> None:
    filled.bring(a_duty("0901", "4%", JANUARY))
    with pytest.raises(DatabaseError, match="only grows"):
        run("UPDATE rulebook_measure SET known = tstzrange(lower(known), NULL) WHERE NOT upper_inf(known)")
