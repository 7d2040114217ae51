"""A measure's key no longer names its status, which becomes a column of the constraint on keys instead.

So an adopted rule and the law that it amends share a key and may hold for the same days. Nothing else of a row changes:
only the digest in ``key`` is computed again.
"""

from __future__ import annotations

import hashlib
from typing import Any, ClassVar

import django.contrib.postgres.constraints
from django.db import migrations, models

_ROWS_AT_ONCE = 10_000
_COLUMNS = (
    "id",
    "territory",
    "direction",
    "kind",
    "nomenclature",
    "prefix",
    "exclusions",
    "origins",
    "excluded_origins",
    "programme",
    "agency",
    "document",
    "additional_code",
    "order_number",
    "status",
)


def keys_without_status(_apps: Any, editor: Any) -> None:
    """Compute every key as the text without the status."""
    _compute(editor, with_status=False)


def keys_with_status(_apps: Any, editor: Any) -> None:
    """Compute every key as it was before."""
    _compute(editor, with_status=True)


def _compute(editor: Any, *, with_status: bool) -> None:
    with editor.connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE computed (id bigint, key uuid) ON COMMIT DROP")
        last = 0
        while rows := _rows_after(cursor, last):
            with cursor.copy("COPY computed FROM STDIN") as copy:
                for row in rows:
                    text = "|".join((_key(row), row[-1]) if with_status else (_key(row),))
                    copy.write_row((row[0], hashlib.blake2b(text.encode(), digest_size=16).hexdigest()))
            last = rows[-1][0]
        cursor.execute("ANALYZE computed")
        # The trigger that keeps rows from being rewritten is off for this statement and no longer.
        cursor.execute("ALTER TABLE rulebook_measure DISABLE TRIGGER rulebook_only_closes")
        cursor.execute("UPDATE rulebook_measure AS m SET key = c.key FROM computed AS c WHERE c.id = m.id")
        cursor.execute("ALTER TABLE rulebook_measure ENABLE TRIGGER rulebook_only_closes")
        cursor.execute("DROP TABLE computed")


def _rows_after(cursor: Any, last: int) -> list[tuple[Any, ...]]:
    cursor.execute(
        f"SELECT {', '.join(_COLUMNS)} FROM rulebook_measure WHERE id > %s ORDER BY id LIMIT %s",  # noqa: S608 - our own names
        [last, _ROWS_AT_ONCE],
    )
    rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _key(row: tuple[Any, ...]) -> str:
    """The text of a key, as ``Measure.key`` wrote it when this migration was made."""
    _, territory, direction, kind, nomenclature, prefix, exclusions, origins, excluded_origins, *rest, _ = row
    product = f"{nomenclature}:{prefix}-{','.join(sorted(exclusions))}"
    scope = f"{','.join(sorted(origins))}-{','.join(sorted(excluded_origins))}"
    return "|".join((territory, direction, kind, product, scope, *rest))


def _constraint(*equal: str) -> django.contrib.postgres.constraints.ExclusionConstraint:
    return django.contrib.postgres.constraints.ExclusionConstraint(
        name="measure_once",
        expressions=[
            *((models.F(column), "=") for column in equal),
            (models.F("validity"), "&&"),
            (models.F("known"), "&&"),
        ],
    )


class Migration(migrations.Migration):
    dependencies: ClassVar = [("rulebook", "0003_origin_rules_across_chapters")]

    operations: ClassVar = [
        migrations.RemoveConstraint(model_name="measure", name="measure_once"),
        migrations.RunPython(keys_without_status, keys_with_status),
        migrations.AddConstraint(model_name="measure", constraint=_constraint("key", "status")),
    ]
