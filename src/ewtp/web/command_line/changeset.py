"""``ewtp rulebook changeset``: a change of the rules as a file that is checked, read, compared and merged."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.text import Text

from ewtp.apps.rulebook.reading.changeset_file import changeset_file_read, law_around_changesets
from ewtp.core.rulebook.changeset.check import check
from ewtp.core.values.refusal import Refusal
from ewtp.web.command_line.installation_ready import prepare
from ewtp.web.command_line.output import refuse, say_json
from ewtp.web.command_line.terminal import Terminal

if TYPE_CHECKING:
    from ewtp.apps.rulebook.reading.changeset_file import ChangesetFile
    from ewtp.core.rulebook.changeset.fault import Fault
    from ewtp.core.rulebook.changeset.held_law import HeldLaw

_FAULTY = 1
_SHOWN = 20
_FILE = click.argument("file", type=click.Path(path_type=Path))
_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group("changeset")
def changeset() -> None:
    """Check, show and compare changes of the rules."""


@changeset.command("check")
@_FILE
@_JSON
def check_file(file: Path, as_json: bool) -> None:  # noqa: FBT001 - click passes flags as booleans
    """Say everything that is wrong with the change in FILE against the law in force; status 1 where something is."""
    change = _read(file, as_json=as_json)
    law = _law(change, as_json=as_json)
    faults = check(change.changeset, law)
    if as_json:
        say_json(
            {
                "digest": change.digest,
                "rulebook": law.book.version,
                "sound": not faults,
                "faults": [fault.as_json() for fault in faults],
            }
        )
    else:
        _show_faults(change, law, faults)
    if faults:
        raise SystemExit(_FAULTY)


@changeset.command("digest")
@_FILE
@_JSON
def digest(file: Path, as_json: bool) -> None:  # noqa: FBT001 - click passes flags as booleans
    """Print the digest of the change in FILE, which depends on its content alone."""
    change = _read(file, as_json=as_json)
    if as_json:
        say_json({"digest": change.digest, "counts": change.changeset.counts})
    else:
        click.echo(change.digest)


def _read(file: Path, *, as_json: bool) -> ChangesetFile:
    change = changeset_file_read(file)
    if isinstance(change, Refusal):
        refuse(change, as_json=as_json)
    return change


def _law(*changes: ChangesetFile, as_json: bool) -> HeldLaw:
    prepare(as_json=as_json)
    law = law_around_changesets(*(change.changeset for change in changes))
    if isinstance(law, Refusal):
        refuse(law, as_json=as_json)
    return law


def _show_faults(change: ChangesetFile, law: HeldLaw, faults: tuple[Fault, ...]) -> None:
    console = Terminal()
    for fault in faults[:_SHOWN]:
        place = f" (at {fault.where})" if fault.where else ""
        console.print(Text(f"{fault.number}  {fault.message}{place} [{fault.code}]"))
    if len(faults) > _SHOWN:
        console.print(f"{len(faults) - _SHOWN} more; --json lists them all.")
    counts = ", ".join(f"{count} {what}" for what, count in change.changeset.counts.items())
    verdict = "no fault" if not faults else f"{len(faults)} faults"
    console.print(f"{counts}; against rulebook {law.book.version}: {verdict}.")
    console.print(f"digest {change.digest}")
