"""``ewtp log export``, ``head`` and ``erase``: the log, written here and checked anywhere."""

from __future__ import annotations

import os
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ewtp.core.values.refusal import Refusal
from ewtp.web.command_line.log_installation import (
    import_installed,
    number_events,
    sequence_log,
)
from ewtp.web.command_line.log_verify import bundle_beside
from ewtp.web.command_line.output import refuse, say, say_json
from ewtp.web.command_line.sentences import LOG_FILE_UNWRITABLE
from ewtp.web.command_line.shell_actor import shell_actor

if TYPE_CHECKING:
    from collections.abc import Iterable


FAILED = 1
_MOST_SIZE = 2**63 - 1
_STANDARD_INPUT = Path("-")


@click.command()
@click.argument("target", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--since", type=click.IntRange(0, _MOST_SIZE), default=0, help="Leave out the entries before this size.")
@click.option("--public", is_flag=True, help="Leave out what names persons or trades; its hashes stay.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def export(*, target: Path, since: int, public: bool, as_json: bool) -> None:
    """Write the log, or what was added since a size, to FILE, which anybody can verify without this installation."""
    sequence_log(as_json=as_json)
    lines = import_installed("ewtp.apps.log.reading.log_bundle").bundle_lines(since, public=public)
    if isinstance(lines, Refusal):
        refuse(lines, as_json=as_json)
    failed = write_lines(chain(lines, bundle_beside(since)), target)
    if failed is not None:
        refuse(failed, as_json=as_json)
    head = import_installed("ewtp.apps.log.reading.log_tree").log_head()
    said = {"file": str(target), "bytes": target.stat().st_size, "since": since, "size": head.size, "key": head.key}
    if as_json:
        say_json(said)
    else:
        say(f"The entries {since} to {head.size} of the log are in {target}; its key is {head.key}.")


@click.command()
@click.option("--cosigned", is_flag=True, help="The newest that a witness cosigned.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def head(*, cosigned: bool, as_json: bool) -> None:
    """Print the newest checkpoint, a signed note to keep: a later bundle can be checked against it."""
    sequence_log(as_json=as_json)
    stored = import_installed("ewtp.apps.log.reading.log_tree")
    found = stored.read_cosigned_head() if cosigned else stored.log_head()
    if found is None:
        sentences = import_installed("ewtp.apps.log.reading.sentences")
        refuse(Refusal(sentences.COSIGNATURE_ABSENT if cosigned else sentences.LOG_EMPTY), as_json=as_json)
    if as_json:
        say_json({"size": found.size, "checkpoint": found.note, "key": found.key})
    else:
        # A note has no control characters but the ends of its lines.
        click.echo(found.note, nl=False)


@click.command()
@click.argument("index", type=click.IntRange(0, _MOST_SIZE))
@click.option("--reason", required=True, help="Why it has to be erased, such as the article of the law.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def erase(*, index: int, reason: str, as_json: bool) -> None:
    """Erase the content of entry INDEX for good; its hash stays, so everything else can still be checked."""
    sequence_log(as_json=as_json)
    actor = shell_actor()
    now = import_installed("django.utils.timezone").now()
    noted = import_installed("ewtp.apps.log.actions.events").event_erase(
        index=index, reason=reason, actor=actor, now=now
    )
    if isinstance(noted, Refusal):
        refuse(noted, as_json=as_json)
    # Until its event has a number, an erased entry looks like one that was removed.
    number_events(as_json=as_json)
    if as_json:
        say_json({"erased": index, "noted": noted.hex()})
    else:
        say(f"The content of entry {index} is erased; that is noted in the log.")


def write_lines(lines: Iterable[bytes], target: Path) -> Refusal | None:
    """Write the lines; the file takes its name when it is whole."""
    draft = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with draft.open("wb") as file:
            file.writelines(lines)
        draft.replace(target)
    except OSError as error:
        return Refusal(LOG_FILE_UNWRITABLE, {"path": target, "reason": error.strerror or str(error)})
    finally:
        draft.unlink(missing_ok=True)
    return None
