"""The agencies of a government, and what it owns, report as one group: that of their state."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import migrations

from ewtp.gateways.database.row_security import system_rows

if TYPE_CHECKING:
    from django.apps.registry import Apps
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def name_states(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Name the groups of agencies after their states; of several replies of one state a denial stays."""
    reporters, replies = (apps.get_model("barriers", name).objects for name in ("ReporterRow", "ClaimReplyRow"))
    with system_rows("the owner groups of reports that are there already"):
        agencies = apps.get_model("organisations", "Organisation").objects.filter(kind="agency")
        for agency, economy in agencies.values_list("id", "economy"):
            state = f"state:{economy}"
            reporters.filter(owner_group=agency).update(owner_group=state)
            for reply in replies.filter(owner_group=agency):
                other = replies.filter(barrier=reply.barrier_id, owner_group=state).first()
                if other is None:
                    replies.filter(pk=reply.pk).update(owner_group=state)
                    continue
                said = [each.agrees for each in (reply, other) if each.agrees is not None]
                replies.filter(pk=other.pk).update(agrees=all(said) if said else None)
                replies.filter(pk=reply.pk).delete()


class Migration(migrations.Migration):
    dependencies: ClassVar = [("barriers", "0002_own_rows"), ("organisations", "0007_holders")]
    operations: ClassVar = [migrations.RunPython(name_states, migrations.RunPython.noop)]
