"""``ewtp rulebook update``: fetch the newest official files from their publishers and take them in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click
from django.utils import timezone

from ewtp.apps.updates.actions.source_update import source_update
from ewtp.apps.updates.reading.look_outcome import LookOutcome
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.publishers.publisher_table import PUBLISHED_SOURCES
from ewtp.gateways.publishers.sentences import UPDATE_SOURCE_UNKNOWN
from ewtp.gateways.publishers.update_settings import read_updated_sources
from ewtp.web.command_line.import_table import show_import
from ewtp.web.command_line.installation_ready import prepare, progress_bar
from ewtp.web.command_line.output import refuse, say_json
from ewtp.web.command_line.shell_actor import shell_actor
from ewtp.web.command_line.terminal import Terminal

if TYPE_CHECKING:
    from ewtp.apps.updates.actions.source_update import UpdateReport

_FAILED = 1
_SOURCES = "".join(f"\n\n{one.name}: {one.title}" for one in PUBLISHED_SOURCES.values())
_OUTCOMES = {
    LookOutcome.LANDED: "updated",
    LookOutcome.UNCHANGED: "nothing has changed",
    LookOutcome.WOULD_CHANGE: "would change; nothing was taken in",
}


@click.command(
    help=f"Fetch the newest files of each SOURCE from its publisher, and take them in.\n\nSources:{_SOURCES}"
)
@click.argument("sources", nargs=-1, metavar="[SOURCE]...")
@click.option("--check", is_flag=True, help="Show what would change, and change nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def update(*, sources: tuple[str, ...], check: bool, as_json: bool) -> None:
    """Update sources one after another, each whole or not at all; exits with status 1 where one failed."""
    prepare(as_json=as_json)
    unknown = next((name for name in sources if name not in PUBLISHED_SOURCES), None)
    if unknown is not None:
        refuse(
            Refusal(UPDATE_SOURCE_UNKNOWN, {"name": unknown[:40], "names": list(PUBLISHED_SOURCES)}), as_json=as_json
        )
    names = tuple(dict.fromkeys(sources)) or read_updated_sources()
    if isinstance(names, Refusal):
        refuse(names, as_json=as_json)
    done: dict[str, UpdateReport | Refusal] = {}
    for name in names:
        with progress_bar() as progress:
            done[name] = source_update(
                name=name, check=check, actor=shell_actor(), now=timezone.now(), progress=progress
            )
        if not as_json:
            _show(name, done[name])
    if as_json:
        say_json({"sources": [_as_json(name, made) for name, made in done.items()]})
    if any(isinstance(made, Refusal) for made in done.values()):
        raise SystemExit(_FAILED)


def _as_json(name: str, made: UpdateReport | Refusal) -> dict[str, Any]:
    return {"source": name, "error": made.as_json()} if isinstance(made, Refusal) else made.as_json()


def _show(name: str, made: UpdateReport | Refusal) -> None:
    console = Terminal()
    if isinstance(made, Refusal):
        console.print(f"{name}: failed, nothing has changed: {made.message} [{made.code}]", markup=False)
        return
    edition = f" ({made.edition})" if made.edition else ""
    version = made.report.version if made.report and made.outcome is LookOutcome.LANDED else None
    published = f", published version {version}" if version else ""
    console.print(f"{name}{edition}: {_OUTCOMES[made.outcome]}{published}.", markup=False)
    if made.report is not None:
        show_import(console, made.report)
