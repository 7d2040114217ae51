"""Answers with the secret of a token, stored for repeats, are emptied: they were compressed and not sealed."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

# Emptied and marked as sealed, an answer opens with no key, so a repeat is refused and makes no second token. The owner
# of the table is bound by its policies, except for this statement.
_EMPTIED = """
ALTER TABLE http_idempotencyrecord NO FORCE ROW LEVEL SECURITY;
UPDATE http_idempotencyrecord SET answer = '', packing = 2
WHERE route = 'POST /api/v1/tokens' AND status = 201 AND packing < 2;
ALTER TABLE http_idempotencyrecord FORCE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("http", "0003_own_rows")]
    operations: ClassVar = [migrations.RunSQL(_EMPTIED, migrations.RunSQL.noop)]
