"""``ewtp prune``: remove what has expired."""

from __future__ import annotations

import click
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.utils import timezone

from ewtp.apps.http.actions.idempotency import idempotency_expire
from ewtp.apps.http.surface.idempotency import keys_expired_before
from ewtp.web.command_line.installation_ready import prepare
from ewtp.web.command_line.output import say_json

# So that no statement holds its locks for long.
_BATCH = 10_000


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def prune(as_json: bool) -> None:  # noqa: FBT001 - click passes flags as booleans
    """Remove idempotency keys and sessions that have expired; law, answers and the log are never removed."""
    prepare(as_json=as_json)
    removed = remove_expired()
    if as_json:
        say_json(removed)
    else:
        click.echo(
            f"Removed what had expired: {removed['idempotency_keys']} idempotency keys, {removed['sessions']} sessions."
        )


def remove_expired() -> dict[str, int]:
    """Remove everything that has expired; how much of each kind was removed."""
    keys = 0
    while removed := idempotency_expire(before=keys_expired_before(), limit=_BATCH):
        keys += removed
    sessions = Session.objects.filter(expire_date__lt=timezone.now()).count()
    SessionStore.clear_expired()
    return {"idempotency_keys": keys, "sessions": sessions}
