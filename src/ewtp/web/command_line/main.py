"""The command ``ewtp``: a subcommand is imported only when it is called, so that quick ones stay quick."""

from __future__ import annotations

import gc
import importlib
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NoReturn

import click

from ewtp.core.values.refusal import Refusal
from ewtp.gateways.installation.memory_allocators import keep_used_memory
from ewtp.web.command_line.output import INTERRUPTED, drop_output, refuse
from ewtp.web.command_line.sentences import ARGUMENT_UNREADABLE, USAGE_WRONG
from ewtp.web.command_line.storage_failure import storage_refusal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

COMMANDS: Mapping[str, tuple[str, str]] = {
    "assess": ("ewtp.web.command_line.assess", "Assess a consignment: cost, options, documents, unknowns."),
    "authority": ("ewtp.web.command_line.authority", "Make an authority's key, and sign with it."),
    "barrier": ("ewtp.web.command_line.barrier", "List, show and report what stops trade."),
    "batch": ("ewtp.web.command_line.batch", "Answer a Parquet file of lines."),
    "demo": ("ewtp.web.command_line.demo", "Make invented organisations and proposals to try the site with."),
    "distance": ("ewtp.web.command_line.distance", "Compare the rules of economies: how far apart they are."),
    "doctor": ("ewtp.web.command_line.doctor", "Check that this installation works."),
    "duty": ("ewtp.web.command_line.duty", "Compute one duty expression."),
    "figures": ("ewtp.web.command_line.import_figures", "Import and list trade figures."),
    "hs": ("ewtp.web.command_line.hs", "Find tariff codes for a product in words."),
    "hub": ("ewtp.web.command_line.hub", "Give the log to other hubs, and follow theirs."),
    "log": ("ewtp.web.command_line.log", "Export the log of what was done, and check it."),
    "markets": ("ewtp.web.command_line.markets", "Rank the markets for a product by cost."),
    "operator": ("ewtp.web.command_line.operator", "List, grant and revoke operators of the site."),
    "organisation": ("ewtp.web.command_line.organisation", "List, show, register and verify organisations."),
    "origin": ("ewtp.web.command_line.origin", "Decide where goods made in several economies originate."),
    "outcomes": ("ewtp.web.command_line.outcomes", "Load the figures by which effects of rules are measured."),
    "power": ("ewtp.web.command_line.power", "Compute the power of each member of a weighted vote."),
    "prune": ("ewtp.web.command_line.prune", "Remove what has expired."),
    "proposal": ("ewtp.web.command_line.proposal", "Replay a proposal, and compare one's own lines with it."),
    "rulebook": ("ewtp.web.command_line.rulebook", "Import, list, compare, check and export the rulebook."),
    "screen": ("ewtp.web.command_line.screen", "Look for names in denied-party lists."),
    "screening": ("ewtp.web.command_line.screening_lists", "Load denied-party lists, and list those loaded."),
    "serve": ("ewtp.web.command_line.serve", "Serve the web site and the API."),
    "token": ("ewtp.web.command_line.token", "Create, list and revoke API tokens."),
    "backup": ("ewtp.web.command_line.backup", "Write the database and the keys to a file."),
    "restore": ("ewtp.web.command_line.restore", "Bring the database and the keys back from a file."),
    "outbox": ("ewtp.web.command_line.outbox", "List, retry and discard messages that were given up."),
    "vote": ("ewtp.web.command_line.vote", "Check an election by secret ballot, and take part in one."),
    "worker": ("ewtp.web.command_line.worker", "Deliver messages and fire timers."),
    "synthetic": ("ewtp.web.command_line.synthetic", "Generate a year of synthetic lines."),
}
# These compute from their arguments alone, and so start without the web site and its database.
WITHOUT_DATABASE = frozenset({"authority", "duty", "figures", "hs", "log", "power", "screen", "screening", "vote"})
# Only these need the parts of the web site, sign-in among them; loading them takes longer than a question. `doctor` and
# `restore` compare every table that there is; `demo` and `worker` ask who has a second factor.
WITH_PAGES = frozenset({"demo", "doctor", "operator", "restore", "serve", "worker"})
_AS_JSON = "ewtp.as_json"


class LazyGroup(click.Group):
    """A group that knows its commands by name and imports one when it is asked for.

    A usage error is refused like any other error: in one sentence, with a code, as JSON on request.
    """

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,
    ) -> click.Context:
        """Read the arguments before the command's name."""
        # Commands load Arrow when they are imported, which is later.
        keep_used_memory()
        as_json = "--json" in args
        if any(_has_stray_bytes(text) for text in args):
            refuse(
                Refusal(ARGUMENT_UNREADABLE),
                as_json=as_json,
            )
        try:
            with _ends_handled():
                context = super().make_context(info_name, args, parent, **extra)
        except click.UsageError as error:
            _refuse_usage(error, as_json=as_json)
        context.meta[_AS_JSON] = as_json
        return context

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that was named."""
        try:
            with _ends_handled(), _output_written():
                return super().invoke(ctx)
        except click.UsageError as error:
            _refuse_usage(error, as_json=ctx.meta[_AS_JSON])

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in alphabetical order."""
        del ctx
        return sorted(COMMANDS)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing any of them."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name][1]) for name in sorted(COMMANDS)])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, imported now."""
        place = COMMANDS.get(cmd_name)
        if place is None:
            return None
        with _keep_for_good():
            if cmd_name not in WITHOUT_DATABASE:
                setup = importlib.import_module("ewtp.web.django_setup")
                unusable = setup.set_up_django(with_pages=cmd_name in WITH_PAGES)
                if unusable is not None:
                    refuse(unusable, as_json=ctx.meta.get(_AS_JSON, False))
            command: click.Command = getattr(importlib.import_module(place[0]), cmd_name)
        return command


@contextmanager
def _keep_for_good() -> Iterator[None]:
    """Load modules without looking for garbage, then or later: what they hold stays until the process ends."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


@contextmanager
def _ends_handled() -> Iterator[None]:
    """End with status 130 on Ctrl-C, in silence without a reader, and with a sentence where the disk is full."""
    try:
        yield
    except KeyboardInterrupt:
        raise SystemExit(INTERRUPTED) from None
    except BrokenPipeError:
        drop_output()
        raise SystemExit(0) from None
    except Exception as error:
        refusal = storage_refusal(error)
        if refusal is None:
            raise
        # The output may be what cannot be written.
        refuse(refusal, as_json=False)


@contextmanager
def _output_written() -> Iterator[None]:
    """Write out what was printed while an error can still be reported."""
    try:
        yield
    finally:
        try:
            sys.stdout.flush()
        except OSError:
            drop_output()
            raise


def _has_stray_bytes(text: str) -> bool:
    """Whether the shell gave bytes that are not text; they would break whatever writes them out."""
    return any("\ud800" <= character <= "\udfff" for character in text)


def _refuse_usage(error: click.UsageError, *, as_json: bool) -> NoReturn:
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        raise error
    command = error.ctx.command_path if error.ctx else "ewtp"
    reason = error.format_message().rstrip(".")
    refuse(Refusal(USAGE_WRONG, {"reason": reason, "command": command}), as_json=as_json)


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="ewtp", prog_name="ewtp")
def main() -> None:
    """Find out what it takes to sell a product in another economy: cost, papers, savings, and what is not known."""
