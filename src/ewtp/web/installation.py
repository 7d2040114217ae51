"""Preparation of an installation: the server runs, the tables exist, the seed is loaded.

Django has to be set up before this module is imported.
"""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING

from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from ewtp.apps.rulebook.reading.seed_state import digest_seed, is_seed_loaded
from ewtp.core.values.actor import system_actor
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.database.migration_records import is_migrated
from ewtp.gateways.database.roles import owner_work, rights_refusal, role_take_on
from ewtp.gateways.database.server import database_url
from ewtp.gateways.installation.home import home_path
from ewtp.gateways.seed.root import seed_root

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from ewtp.apps.rulebook.actions.publication import CountReport


def prepare_installation(
    progress_bar: Callable[[], AbstractContextManager[CountReport | None]] = nullcontext,
) -> Refusal | None:
    """Start or join the database, migrate it, and load the seed if it is new; the refusal where that fails."""
    url = database_url(home_path())
    if isinstance(url, Refusal):
        return url
    with owner_work(connection):
        if not is_migrated(connection):
            lacking = rights_refusal(connection)
            if lacking is not None:
                return lacking
            call_command("migrate", interactive=False, verbosity=0)
    # A connection that was opened before the tables were there has not taken the role on.
    role_take_on(connection)
    root = seed_root()
    if is_seed_loaded(digest_seed(root)):
        return None
    # Importing the code that loads a seed takes longer than checking that the seed was loaded.
    from ewtp.apps.rulebook.actions.seed_loader import seed_load  # noqa: PLC0415 - see above

    with progress_bar() as progress:
        loaded = seed_load(root=root, actor=system_actor("seed"), now=timezone.now(), progress=progress)
    return loaded if isinstance(loaded, Refusal) else None
