"""Make the installation ready for a command: the server runs, the tables are there, the seed is loaded.

The modules of the web site and of the database are imported here at the top; ``main`` sets Django up first.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from ewtp.apps.rulebook.actions.publication import seed_load
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.database.server import database_url
from ewtp.gateways.installation.home import home_path
from ewtp.gateways.seed.reader import seed_root
from ewtp.web.command_line.output import refuse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def prepare(*, as_json: bool = False) -> None:
    """Start or join the database, migrate it, and load the seed if it is new; ends with status 2 where that fails."""
    url = database_url(home_path())
    if isinstance(url, Refusal):
        refuse(url, as_json=as_json)
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", interactive=False, verbosity=0)
    with progress_bar() as progress:
        loaded = seed_load(root=seed_root(), actor="seed", now=timezone.now(), progress=progress)
    if isinstance(loaded, Refusal):
        refuse(loaded, as_json=as_json)


@contextmanager
def progress_bar() -> Iterator[Callable[[str, int, int], None]]:
    """A progress function that draws a bar on standard error once there is something to report, and none in a pipe."""
    console = Console(stderr=True)
    bar = Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
    task: list[tuple[str, TaskID]] = []

    def progress(what: str, done: int, total: int) -> None:
        if not task or task[-1][0] != what:
            if not task:
                bar.start()
            task.append((what, bar.add_task(what, total=None)))
        bar.update(task[-1][1], completed=done, total=total or None)

    try:
        yield progress
    finally:
        bar.stop()
