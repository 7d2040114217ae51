"""The command ``ewtp``: each subcommand is loaded only when it is called, so that the quick ones stay quick."""

from __future__ import annotations

import importlib
import os
from importlib.metadata import version
from typing import TYPE_CHECKING

import click
import django

if TYPE_CHECKING:
    from collections.abc import Mapping

COMMANDS: Mapping[str, tuple[str, str]] = {
    "assess": ("ewtp.web.command_line.assess", "assess"),
    "doctor": ("ewtp.web.command_line.doctor", "doctor"),
    "duty": ("ewtp.web.command_line.duty", "duty"),
    "hs": ("ewtp.web.command_line.hs", "hs"),
    "rulebook": ("ewtp.web.command_line.rulebook", "rulebook"),
    "serve": ("ewtp.web.command_line.serve", "serve"),
    "token": ("ewtp.web.command_line.token", "token"),
}
# These compute from their arguments alone, and so start without the web site and its database.
WITHOUT_DATABASE = frozenset({"duty", "hs"})


class LazyGroup(click.Group):
    """A group that knows its commands by name and imports one when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in alphabetical order."""
        del ctx
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, imported now."""
        del ctx
        place = COMMANDS.get(cmd_name)
        if place is None:
            return None
        if cmd_name not in WITHOUT_DATABASE:
            os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ewtp.web.settings")
            django.setup()
        command: click.Command = getattr(importlib.import_module(place[0]), place[1])
        return command


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(version("ewtp"), prog_name="ewtp")
def main() -> None:
    """Find out what it takes to sell a product in another economy: cost, papers, savings, and what is not known."""
