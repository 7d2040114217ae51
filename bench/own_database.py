"""An installation of a benchmark's own: a server with an empty database, which ends with the benchmark."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def own_database() -> Iterator[None]:
    """Set Django up on a database with the tables and no rows, and remove it afterwards."""
    home = Path(tempfile.mkdtemp(prefix="ewtp-bench-"))
    os.environ |= {"EWTP_HOME": str(home), "DJANGO_SETTINGS_MODULE": "ewtp.web.command_settings"}
    os.environ.pop("DATABASE_URL", None)
    import django  # noqa: PLC0415 - the settings read the environment that is set above

    from ewtp.gateways.database.server import database_stop  # noqa: PLC0415 - see above

    try:
        django.setup()
        from django.core.management import call_command  # noqa: PLC0415 - see above

        call_command("migrate", interactive=False, verbosity=0)
        yield
    finally:
        database_stop(home)
        shutil.rmtree(home)
