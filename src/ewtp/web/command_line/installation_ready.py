"""The installation, prepared for a command, with a progress bar."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ewtp.web.command_line.output import refuse
from ewtp.web.installation import prepare_installation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def prepare(*, as_json: bool = False) -> None:
    """Start or join the database, migrate it, and load the seed if it is new; exits with status 2 on failure."""
    refused = prepare_installation(progress_bar)
    if refused is not None:
        refuse(refused, as_json=as_json)


@contextmanager
def progress_bar() -> Iterator[Callable[[str, int, int], None]]:
    """A progress function that draws a bar on standard error once there is something to report, and none in a pipe."""
    if not sys.stderr.isatty():
        yield lambda *_: None
        return
    # The drawing code is only loaded where its output is seen.
    from ewtp.web.command_line.progress import draw_progress  # noqa: PLC0415 - see above

    with draw_progress() as progress:
        yield progress
