"""The report of an import in a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from ewtp.apps.rulebook.actions.import_report import ImportReport
    from ewtp.web.command_line.terminal import Terminal

_SHOWN = 20


def show_import(console: Terminal, report: ImportReport) -> None:
    """Print what of each kind of record was new, replaced or ended, and what was refused or displaced."""
    table = plain_table("records", "read >", "new >", "superseded >", "unchanged >", "ended >", "refused >")
    for name, counts in report.counts.items():
        cells = (counts[what] for what in ("read", "new", "superseded", "unchanged", "ended", "refused"))
        table.add_row(name.replace("_", " "), *(f"{count:,}" for count in cells))
    if report.counts:
        console.print(table)
    for row in report.refused[:_SHOWN]:
        place = f"row {row.row}: " if row.row else ""
        console.print(Text(f"{place}{row.message} [{row.code}] {row.text}"))
    if len(report.refused) > _SHOWN:
        console.print(f"{len(report.refused) - _SHOWN} more refused; --json lists them all.")
    _show_displaced(console, report)
    for note in report.notes:
        console.print(Text(note))


def _show_displaced(console: Terminal, report: ImportReport) -> None:
    for one in report.displaced[:_SHOWN]:
        until = f" until {one.days.end}" if one.days.end else ""
        law = one.law.expression or one.law.title or one.law.id
        console.print(
            Text(
                f"{one.adopted.id} of {one.adopted.source.id} is displaced from {one.days.start}{until}: "
                f"{one.law.source.id} now states {law}."
            )
        )
    if len(report.displaced) > _SHOWN:
        console.print(f"{len(report.displaced) - _SHOWN} more displaced; --json lists them all.")


def plain_table(*columns: str) -> Table:
    """A plain table; a column whose name ends with ``>`` is right-aligned."""
    table = Table(box=None, pad_edge=False)
    for column in columns:
        name = column.removesuffix(" >")
        table.add_column(name, justify="right" if name != column else "left")
    return table
