"""``ewtp serve``: prepare the installation, compute a first answer, and serve the web site and the API."""

from __future__ import annotations

import errno
import importlib
import os
import signal
import socket
import sys
import time
from functools import partial
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

import click
from django.db import connections
from django.utils import timezone
from granian.constants import HTTPModes, Interfaces, Loops
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server.mp import MPServer

from ewtp.apps.assessment.actions.assessment import assessment_create
from ewtp.apps.markets.reading.compiled_finder import keep_finder_loaded
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.configuration import load_configuration
from ewtp.gateways.database.time_limits import TimeLimits, limit_process
from ewtp.gateways.installation.home import home_path
from ewtp.gateways.installation.memory_allocators import share_memory_pools
from ewtp.gateways.installation.metrics_folder import open_shared_metrics_folder
from ewtp.web.command_line.answer_table import print_answer
from ewtp.web.command_line.installation_ready import prepare
from ewtp.web.command_line.output import refuse, say
from ewtp.web.command_line.sentences import ADDRESS_UNUSABLE, HOST_UNUSABLE, PORT_TAKEN
from ewtp.web.garbage_collection import collect_rarely
from ewtp.web.gate.connection_bound import ConnectionBound
from ewtp.web.gate.file_limit import within_file_limit
from ewtp.web.gate.gate_limits import GateLimits
from ewtp.web.supervisor import Part, installation_supervised, processes_end

if TYPE_CHECKING:
    from django.core.handlers.wsgi import WSGIHandler

    from ewtp.web.gate.request_gate import RequestGate

# A cotton T-shirt from South Africa to Great Britain: one duty, one tax, one agreement that would save the duty.
FIRST_QUESTION = {
    "from": "ZA",
    "to": "GB",
    "date": "2026-06-30",
    "lines": [{"hs": "6109100010", "value": {"amount": "1000.00", "currency": "GBP"}}],
}

# How long requests that are being answered may take when the server ends.
_LAST_ANSWERS_SECONDS = 5
_PARENT_SECONDS = 0.5
# A process that answers and takes more is replaced by a new one. Its caches have bounds of their own, well below.
_MOST_BYTES_OF_PROCESS = 1_500_000_000
# For which the new one loads the site before the one that took too much is asked to end.
_OVERLAP_SECONDS = 10.0
# Between two new processes, so that one that cannot start does not take the whole processor.
_RESPAWN_SECONDS = 0.5


@click.command()
@click.option(
    "--port",
    type=click.IntRange(1, 65_535),
    default=lambda: load_configuration().port,
    help="Port to listen on (PORT, 8000).",
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    default=2,
    show_default=True,
    help="Number of processes that answer requests.",
)
@click.option(
    "--threads", type=click.IntRange(1, 64), default=2, show_default=True, help="Number of threads in each process."
)
@click.option(
    "--compile/--no-compile",
    "compiles",
    default=True,
    help="Compile the rulebook in the background, for fast market questions; needs 1.2 GB of memory for a minute.",
)
@click.option(
    "--demonstration",
    "demonstrates",
    is_flag=True,
    help="Make what `ewtp demo` makes, unless it is there already.",
)
def serve(*, port: int, host: str, workers: int, threads: int, compiles: bool, demonstrates: bool) -> None:
    """Serve the web site and the API; the first start loads the rulebook."""
    closed = _find_closed(host, port)
    if closed is not None:
        refuse(closed, as_json=False)
    say("Preparing the database and the rulebook …")
    prepare()
    stored = assessment_create(body={**FIRST_QUESTION, "keep": True}, now=timezone.now())
    if isinstance(stored, Refusal):
        # No space for kept answers is not a reason to refuse to serve.
        stored = assessment_create(body=FIRST_QUESTION, now=timezone.now())
    if isinstance(stored, Refusal):
        refuse(stored, as_json=False)
    print_answer(stored.answer)
    site = site_address(host, port)
    say(f"eWTP is at {site}  (this answer: {site}/answers/{stored.id})", bold=True)
    sys.stdout.flush()
    # A connection must not be shared with the processes that answer; the lock that keeps the server running stays here.
    connections.close_all()
    context = click.get_current_context()
    context.with_resource(open_shared_metrics_folder(home_path()))
    # The worker makes the demonstration while the site answers already.
    works = ("worker", *(["--demonstration"] if demonstrates else []), "--parent")
    parts = [Part(works), *([Part(("rulebook", "compile", "--follow"))] if compiles else [])]
    # Processes that answer inherit both.
    share_memory_pools()
    limits = within_file_limit(GateLimits())
    server = _Server(
        "ewtp.web.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.RSGI,
        workers=workers,
        # Only where the protocol is fixed does the time for a head begin before its first byte.
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=1_000 * limits.head_seconds),
        # More than the bound, which is kept once a second.
        backpressure=2 * limits.connections,
        loop=Loops.asyncio,
        websockets=False,
        log_level=LogLevels.warning,
        workers_kill_timeout=_LAST_ANSWERS_SECONDS,
        respawn_failed_workers=True,
        respawn_interval=_OVERLAP_SECONDS,
    )
    server.ending = context.with_resource(installation_supervised(home_path(), parts))
    server.serve(target_loader=partial(_load_site, limits, port=port, threads=threads), wrap_loader=False)


class _Server(MPServer):
    """The HTTP server, which never gives up on a process that answers; ``ending`` is set when it is told to end."""

    ending: Event

    def startup(self, *given: Any, **options: Any) -> None:
        # Not an option of the server, which would then warn at every start of what a rare restart may do to a
        # connection that is being opened.
        self.workers_rss = _MOST_BYTES_OF_PROCESS
        super().startup(*given, **options)  # type: ignore[no-untyped-call]

    def signal_handler_interrupt(self, *given: Any, **options: Any) -> None:
        # A service manager may end every process at once, and what ended for that is not started again.
        self.ending.set()
        super().signal_handler_interrupt(*given, **options)  # type: ignore[no-untyped-call]

    def _stop_workers(self) -> None:
        # The server's own way asks once whether a process has ended, and warns of killing one that has.
        processes_end(self.wrks, _LAST_ANSWERS_SECONDS)
        self.wrks.clear()

    def _respawn_workers(self, *given: Any, **options: Any) -> None:
        super()._respawn_workers(*given, **options)
        # The server takes two ends of one process within seconds for a fault at its start, and would end itself.
        self.respawned_wrks.clear()
        # One that ended while another was being replaced may have been overlooked.
        for number, process in enumerate(self.wrks):
            if number not in self.interrupt_children and not process.inner.is_alive():
                self.interrupt_children.append(number)
                self.main_loop_interrupt.set()
        time.sleep(_RESPAWN_SECONDS)


def _load_site(limits: GateLimits, *, port: int, threads: int) -> RequestGate:
    """Load the site in a process that answers, which ends when the process that started it says so or is gone.

    Ctrl-C reaches all of a terminal's processes at once. One that is asked to end by SIGINT and, at the same moment, by
    the SIGTERM of the process that started it misses both and never ends, so that the command never returns.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    Thread(target=_follow_parent, args=(os.getppid(),), daemon=True).start()
    limit_process(TimeLimits())
    application: WSGIHandler = importlib.import_module("ewtp.web.wsgi").application
    # Its metrics are shared by processes only where the library that counts is imported after their folder is made.
    gate = importlib.import_module("ewtp.web.gate.request_gate")
    keep_finder_loaded()
    collect_rarely()
    proxied = load_configuration().https
    bound = ConnectionBound(limits, port=port, proxied=proxied)
    Thread(target=bound.keep, name="connections", daemon=True).start()
    made: RequestGate = gate.RequestGate(application, limits, threads=threads, proxied=proxied)
    return made


def _follow_parent(parent: int) -> None:
    """End this process once its parent is gone: nobody would start it again, and it would keep the port."""
    while os.getppid() == parent:
        time.sleep(_PARENT_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)


def site_address(host: str, port: int) -> str:
    """Where a browser finds the site; an address of IPv6 stands in brackets there (RFC 3986, 3.2.2)."""
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _find_closed(host: str, port: int) -> Refusal | None:
    """The reason why the address cannot be listened on."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return Refusal(PORT_TAKEN, {"port": str(port), "other": str(port % 65_535 + 1)})
            reason = error.strerror or "it cannot be looked up"
            return Refusal(ADDRESS_UNUSABLE, {"host": host, "port": str(port), "reason": reason})
        except UnicodeError:
            return Refusal(HOST_UNUSABLE, {"host": host[:60]})
        return None
