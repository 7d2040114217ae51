"""``ewtp worker``: deliver messages and fire timers."""

from __future__ import annotations

import os
import random
import signal
from threading import Event, Thread

import click
from django.utils import timezone

from ewtp.apps.demonstration.actions.demonstration import demonstration_make
from ewtp.apps.demonstration.actions.demonstration_organisations import is_invented_there
from ewtp.core.values.refusal import Refusal
from ewtp.web.command_line.installation_ready import prepare
from ewtp.web.command_line.output import say, say_json
from ewtp.web.job_handlers import HANDLERS, LONG_HANDLERS
from ewtp.web.work_loop import keep_periodic_jobs, work, work_long, work_once

_PARENT_SECONDS = 0.5


@click.command()
@click.option("--once", is_flag=True, help="Do what is due, print how much that was, and end.")
@click.option("--parent", type=int, help="End with the process of this id.")
@click.option(
    "--demonstration",
    "demonstrates",
    is_flag=True,
    help="First make what `ewtp demo` makes, unless it is there.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON, with --once.")
def worker(*, once: bool, parent: int | None, demonstrates: bool, as_json: bool) -> None:
    """Deliver the messages of the outbox and fire timers; SIGTERM and Ctrl-C end it after the current batch.

    Any number of workers, on any number of computers, share the work of one database. ``ewtp serve`` starts one.
    """
    prepare(as_json=as_json)
    if once:
        _work_off(as_json=as_json)
        return
    stopped = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    if parent is not None:
        Thread(target=_follow_parent, args=(parent, stopped), daemon=True).start()
    else:
        say("The worker runs; Ctrl-C ends it.", error=True)
    # A replay that is cut off by the end of the process is undone, and made by the next worker.
    Thread(target=work_long, args=(LONG_HANDLERS, stopped), name="long", daemon=True).start()
    if demonstrates:
        _demonstrate()
    work(HANDLERS, stopped)


def _demonstrate() -> None:
    """Make the invented organisations, barriers and proposals, all or nothing, where they are not there yet."""
    if is_invented_there():
        return
    say("Making the demonstration in the background: invented organisations, barriers and proposals …")
    made = demonstration_make(now=timezone.now())
    if isinstance(made, Refusal):
        # The site serves without it, as on a rulebook that lacks the rules it is about.
        say(f"There is no demonstration: {made.message}", error=True)
    else:
        say("The demonstration is there: see /proposals and /barriers.")


def _work_off(*, as_json: bool) -> None:
    keep_periodic_jobs(timezone.now())
    total = 0
    while done := work_once({**HANDLERS, **LONG_HANDLERS}, timezone.now, random.SystemRandom().random):
        total += done
    if as_json:
        say_json({"done": total})
    else:
        say(f"Fired timers and handled messages: {total}.")


def _follow_parent(parent: int, stopped: Event) -> None:
    """End with the process that started this one, however that ends."""
    while os.getppid() == parent:
        if stopped.wait(_PARENT_SECONDS):
            return
    stopped.set()
