"""Make the installation ready for a command: the server runs, the tables are there, the seed is loaded.

The modules of the web site and of the database are imported here at the top; ``main`` sets Django up first.
"""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from ewtp.apps.rulebook.reading.loaded_seed import digest_seed, is_seed_loaded
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.database.recorded_migrations import is_migrated
from ewtp.gateways.database.server import database_url
from ewtp.gateways.installation.home import home_path
from ewtp.gateways.seed.root import seed_root
from ewtp.web.command_line.output import refuse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def prepare(*, as_json: bool = False) -> None:
    """Start or join the database, migrate it, and load the seed if it is new; ends with status 2 where that fails."""
    url = database_url(home_path())
    if isinstance(url, Refusal):
        refuse(url, as_json=as_json)
    if not is_migrated(connection):
        call_command("migrate", interactive=False, verbosity=0)
    root = seed_root()
    if is_seed_loaded(digest_seed(root)):
        return
    # Importing what loads a seed takes longer than seeing that it was loaded.
    from ewtp.apps.rulebook.actions.publication import seed_load  # noqa: PLC0415 - see above

    with progress_bar() as progress:
        loaded = seed_load(root=root, actor="seed", now=timezone.now(), progress=progress)
    if isinstance(loaded, Refusal):
        refuse(loaded, as_json=as_json)


@contextmanager
def progress_bar() -> Iterator[Callable[[str, int, int], None]]:
    """A progress function that draws a bar on standard error once there is something to report, and none in a pipe."""
    if not sys.stderr.isatty():
        yield lambda *_: None
        return
    # What draws is only loaded where it is seen.
    from ewtp.web.command_line.progress import draw_progress  # noqa: PLC0415 - see above

    with draw_progress() as progress:
        yield progress
