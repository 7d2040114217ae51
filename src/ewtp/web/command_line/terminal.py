"""The terminal that tables are printed to."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from rich.console import Console
from rich.segment import Segment

from ewtp.core.values.visible_text import show_controls

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import ConsoleOptions, RenderableType


class Terminal(Console):
    """Standard output for rich; a closed pipe is left to the command line, which exits without a message.

    What a table repeats of an argument or a file is shown, and cannot command the terminal.
    """

    def __init__(self) -> None:
        super().__init__(highlight=False)

    def on_broken_pipe(self) -> NoReturn:
        """Raise the caught exception again; rich itself would exit with status 1."""
        raise BrokenPipeError

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterator[Segment]:
        """The segments to print; only those that rich makes to control the terminal keep their escapes."""
        for text, style, control in super().render(renderable, options):
            yield Segment(text if control else show_controls(text), style, control)
