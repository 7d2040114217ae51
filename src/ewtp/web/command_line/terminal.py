"""The terminal that tables are printed to."""

from __future__ import annotations

from typing import NoReturn

from rich.console import Console


class Terminal(Console):
    """Standard output for rich; a closed pipe is left to the command line, which exits without a message."""

    def __init__(self) -> None:
        super().__init__(highlight=False)

    def on_broken_pipe(self) -> NoReturn:
        """Raise the caught exception again; rich itself would exit with status 1."""
        raise BrokenPipeError
