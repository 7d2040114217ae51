"""Which changes an import or the seed makes, table by table, and which records are refused."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import connection
from psycopg import sql

from ewtp.apps.rulebook.actions.import_report import RECORD_FAULTS
from ewtp.apps.rulebook.reading.sentences import FILE_SHRINKS
from ewtp.apps.rulebook.store.change_plan import plan_table
from ewtp.apps.rulebook.store.record_tables import LINES, MEASURES, RECORD_TABLES
from ewtp.apps.rulebook.store.temporary_tables import stage_table
from ewtp.core.rulebook.records import RowRefused
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ewtp.apps.rulebook.store.change_plan import ChangePlan
    from ewtp.apps.rulebook.store.record_tables import RecordTable
    from ewtp.apps.rulebook.store.temporary_tables import StagedRecords

# A file that lost more than this share of its rules is more often cut short than a reform.
_LEAST_SHARE = 0.75


def plan_changes(
    *,
    staged: StagedRecords,
    effective: date | None,
    seed_keeps: frozenset[str] | None = None,
    taken: date | None = None,
) -> dict[str, ChangePlan]:
    """The plans by table, for the tables that the records state anything of.

    ``effective`` replaces the first day of each statement. ``seed_keeps`` are the sources and statements that the seed
    leaves alone; all others that it brought once and no longer states are withdrawn. ``taken`` is the day on
    which a file was taken that speaks only of the products it names.
    """
    plans = {}
    for table in RECORD_TABLES:
        stated = dict(staged.first_days[table.name])
        if effective is not None and table.dated:
            stated = dict.fromkeys(stated, effective)
        if seed_keeps is not None:
            for stated_by in _statements_of_seed(table):
                if stated_by.partition(":")[2] not in seed_keeps and stated_by not in seed_keeps:
                    stated.setdefault(stated_by, date.min)
        if stated:
            plans[table.name] = plan_table(table, stated, taken=taken)
    return plans


def _statements_of_seed(table: RecordTable) -> list[str]:
    """The statements that the seed brought earlier; what it no longer mentions is withdrawn."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT DISTINCT r.stated_by FROM {table.db_table} r JOIN rulebook_version v ON v.number = r.version"  # noqa: S608 - our own name
            " WHERE upper_inf(r.known) AND v.origin = 'seed'",
        )
        return [stated_by for (stated_by,) in cursor.fetchall()]


def check_size(staged: StagedRecords) -> Refusal | None:
    """Refuses with ``file_shrinks`` where the file has far fewer rules or lines than its sources have now."""
    for table in (MEASURES, LINES):
        statements = list(staged.first_days[table.name])
        if not statements:
            continue
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT count(*) FROM {table.db_table} WHERE stated_by = ANY(%s) AND upper_inf(known)"  # noqa: S608 - our own name
                " AND upper_inf(validity)",
                [statements],
            )
            held = cursor.fetchone()[0]
        if staged.staged[table.name] < held * _LEAST_SHARE:
            return Refusal(
                FILE_SHRINKS,
                {"staged": staged.staged[table.name], "records": table.name, "held": held},
            )
    return None


def list_refused_records(staged: StagedRecords, plans: Mapping[str, ChangePlan]) -> list[RowRefused]:
    """The records that no table can hold, and those that contradict others."""
    refused = [RowRefused(RECORD_FAULTS[code], text=text) for _, code, text in staged.faults]
    for plan in plans.values():
        for record, code in plan.refused:
            refused.append(RowRefused(RECORD_FAULTS[code], text=staged.reference(plan.table, record)))
    return refused


def list_ended_measures(*, plans: Mapping[str, ChangePlan]) -> list[str]:
    """The ids of the measures that end because the file no longer states anything under their key, in order."""
    plan = plans.get(MEASURES.name)
    if plan is None or not plan.close:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL(
                "SELECT measure_id FROM rulebook_measure WHERE id = ANY(%s) AND key NOT IN (SELECT key FROM {staged})"
                " ORDER BY 1"
            ).format(staged=stage_table(MEASURES)),
            [list(plan.close)],
        )
        return [measure for (measure,) in cursor.fetchall()]


def count_changes(staged: StagedRecords, plans: Mapping[str, ChangePlan]) -> dict[str, dict[str, int]]:
    """How many records of each kind were read, and what is done with them."""
    return {
        name: {
            "read": staged.staged[name],
            **{what: plan.counts[what] for what in ("new", "superseded", "unchanged", "ended", "refused")},
        }
        for name, plan in plans.items()
    }
