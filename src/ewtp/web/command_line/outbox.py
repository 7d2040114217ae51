"""``ewtp outbox``: messages that were given up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from django.utils import timezone

from ewtp.apps.jobs.actions.outbox import message_discard, message_revive
from ewtp.apps.jobs.reading.backlog import dead_messages
from ewtp.core.values.refusal import Refusal
from ewtp.web.command_line.installation_ready import prepare
from ewtp.web.command_line.output import refuse, say_json
from ewtp.web.command_line.shell_actor import shell_actor

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

_MOST_LISTED = 1_000


@click.group()
def outbox() -> None:
    """List messages that were given up, try them again, or discard them."""


@outbox.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_messages(as_json: bool) -> None:  # noqa: FBT001 - click passes flags as booleans
    """List the messages that were given up, latest first, each with the reason."""
    prepare(as_json=as_json)
    found = dead_messages(limit=_MOST_LISTED)
    if as_json:
        say_json([message.as_json() for message in found])
        return
    for message in found:
        click.echo(
            f"{message.message_id}  {message.topic}  {message.enqueued:%Y-%m-%d %H:%M}  "
            f"tried {message.attempts} times: {message.reason['message']} [{message.reason['code']}]"
        )


@outbox.command("retry")
@click.argument("message", type=click.UUID)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def retry(message: UUID, as_json: bool) -> None:  # noqa: FBT001 - click passes flags as booleans
    """Retry a message, starting now, as often as a new one."""
    _change(message_revive, message, "tried again", as_json=as_json)


@outbox.command("discard")
@click.argument("message", type=click.UUID)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def discard(message: UUID, as_json: bool) -> None:  # noqa: FBT001 - click passes flags as booleans
    """Remove a message that was given up."""
    _change(message_discard, message, "discarded", as_json=as_json)


def _change(change: Callable[..., Refusal | None], message: UUID, what: str, *, as_json: bool) -> None:
    prepare(as_json=as_json)
    refused = change(message_id=message, actor=shell_actor(), now=timezone.now())
    if isinstance(refused, Refusal):
        refuse(refused, as_json=as_json)
    if as_json:
        say_json({"id": str(message)})
    else:
        click.echo(f"Message {message} is {what}.")
