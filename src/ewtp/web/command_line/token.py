"""``ewtp token``: API tokens."""

from __future__ import annotations

import click
from django.utils import timezone

from ewtp.apps.accounts.actions.tokens import token_revoke
from ewtp.apps.accounts.reading.scopes import Scope
from ewtp.apps.accounts.reading.tokens import Token, token_list
from ewtp.apps.organisations.actions.organisation_tokens import organisation_token_create
from ewtp.core.values.refusal import Refusal
from ewtp.web.command_line.installation_ready import prepare
from ewtp.web.command_line.output import refuse, say, say_json
from ewtp.web.command_line.shell_actor import shell_actor


@click.group()
def token() -> None:
    """Create, list and revoke API tokens."""


def _as_json(value: Token) -> dict[str, object]:
    return {
        "prefix": value.prefix,
        "name": value.name,
        "scopes": list(value.scopes),
        "organisation": value.organisation or None,
        "made_by": value.made_by or None,
        "created": value.created.isoformat(),
        "last_used": value.last_used.isoformat() if value.last_used else None,
        "revoked": value.revoked.isoformat() if value.revoked else None,
    }


@token.command("create")
@click.option("--name", default="token", show_default=True, help="What the token is for.")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    default=(Scope.READ, Scope.WRITE),
    show_default=True,
    help=f"One of {', '.join(Scope)}; repeat for more.",
)
@click.option("--organisation", default="", metavar="ID", help="The organisation that the token acts for.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def create(name: str, scopes: tuple[str, ...], organisation: str, as_json: bool) -> None:  # noqa: FBT001 - click passes flags as booleans
    """Create a token and print its secret, which cannot be shown again."""
    prepare(as_json=as_json)
    made = organisation_token_create(
        name=name, scopes=scopes, organisation=organisation, actor=shell_actor(), now=timezone.now()
    )
    if isinstance(made, Refusal):
        refuse(made, as_json=as_json)
    if as_json:
        say_json({"token": made.secret, **_as_json(made.token)})
    else:
        say(made.secret)


@token.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_tokens(as_json: bool) -> None:  # noqa: FBT001 - click passes flags as booleans
    """List all tokens, without their secrets."""
    prepare(as_json=as_json)
    if as_json:
        say_json([_as_json(value) for value in token_list()])
        return
    for value in token_list():
        state = f"revoked {value.revoked:%Y-%m-%d}" if value.revoked else "in use"
        say(f"{value.prefix}…  {value.name}  {' '.join(value.scopes)}  {state}")


@token.command("revoke")
@click.argument("prefix")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def revoke(prefix: str, as_json: bool) -> None:  # noqa: FBT001 - click passes flags as booleans
    """Revoke the token that starts with PREFIX."""
    prepare(as_json=as_json)
    gone = token_revoke(prefix=prefix, now=timezone.now(), actor=shell_actor())
    if isinstance(gone, Refusal):
        refuse(gone, as_json=as_json)
    if as_json:
        say_json(_as_json(gone))
    else:
        say(f"{gone.prefix}… is revoked.")
