"""The progress bar of a long command."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@contextmanager
def draw_progress() -> Iterator[Callable[[str, int, int], None]]:
    """A progress function that draws a bar on standard error once there is something to report."""
    console = Console(stderr=True)
    bar = Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        transient=True,
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
