"""``ewtp demo``: invented organisations and proposals, so that somebody can try what takes many people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click
from django.utils import timezone

from ewtp.apps.demonstration.actions.demonstration import demonstration_make
from ewtp.core.values.refusal import Refusal
from ewtp.web.command_line.installation_ready import prepare
from ewtp.web.command_line.output import refuse, say, say_json

if TYPE_CHECKING:
    from ewtp.apps.demonstration.actions.demonstration import Demonstration


@click.command("demo")
@click.option("--url", default="http://127.0.0.1:8000", show_default=True, help="Where the site is served.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, with the tokens of the organisations.")
def demo(url: str, as_json: bool) -> None:  # noqa: FBT001 - click passes flags as booleans
    """Make invented organisations in four houses and eight economies, and a proposal in every stage.

    If they exist already, only a new token for each organisation is made.
    """
    prepare(as_json=as_json)
    made = demonstration_make(now=timezone.now())
    if isinstance(made, Refusal):
        refuse(made, as_json=as_json)
    if as_json:
        say_json(_demonstration_json(made, url))
        return
    counts = (
        f"{len(made.organisations)} organisations, {len(made.barriers)} barriers and {len(made.proposals)} proposals"
    )
    say(f"{counts}, all of them invented.")
    for stage, identity in made.proposals:
        say(f"{stage:<10} {url}/proposals/{identity}")
    say("Print a token of each organisation with --json.")


def _demonstration_json(made: Demonstration, url: str) -> dict[str, Any]:
    return {
        "url": url,
        "organisations": [
            {
                "id": each.id,
                "name": each.name,
                "house": each.house,
                "economy": each.economy,
                "token": each.token,
                "scopes": ["read", "write"],
            }
            for each in made.organisations
        ],
        "orders": [],
        "proposals": [{"id": identity, "stage": stage} for stage, identity in made.proposals],
        "barriers": [{"id": identity} for identity in made.barriers],
    }
