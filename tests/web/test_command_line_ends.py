"""How commands end: Ctrl-C, a closed pipe, refused lines in a file, and tables that fit the terminal."""

from __future__ import annotations

import importlib
import io
import os
import signal
import subprocess
import sys

import click
import pytest
from click.testing import CliRunner
from rich.console import Console

from ewtp.web.command_line.batch import print_totals
from ewtp.web.command_line.main import main

pytestmark = pytest.mark.slow

SUMS = {
    currency: {
        "lines": 1_234_567,
        **dict.fromkeys(("customs_value", "duty", "tax", "total"), "123456789012.34"),
        "additional_duty": "0.00",
        "excise": "0.00",
        "fees": "99999.99",
    }
    for currency in ("GBP", "USD")
}


@pytest.mark.parametrize("width", [80, 100, 200])
def test_sums_of_a_batch_fit_the_terminal_and_are_all_there(width: int) -> None:
    printed = io.StringIO()
    print_totals(SUMS, Console(file=printed, width=width))
    lines = printed.getvalue().splitlines()
    assert max(map(len, lines)) <= width
    for name in ("customs value", "duty", "tax", "fees", "total"):
        assert name in printed.getvalue()
    assert printed.getvalue().count("123456789012.34") == 8
    assert printed.getvalue().count("99999.99") == 2


@pytest.mark.parametrize("words", [("hs", "cotton shirt"), ("hs", "cotton shirt", "--json"), ("--help",)])
def test_a_reader_that_has_seen_enough_ends_a_command_in_silence(words: tuple[str, ...]) -> None:
    read_end, write_end = os.pipe()
    # The reader goes before the command has written anything.
    os.close(read_end)
    ended = subprocess.run(
        [sys.executable, "-c", "from ewtp.web.command_line.main import main; main()", *words],
        check=False,
        stdout=write_end,
        stderr=subprocess.PIPE,
    )
    os.close(write_end)
    assert (ended.returncode, ended.stderr) == (0, b"")


def test_ctrl_c_ends_any_command_with_the_status_of_an_interrupt(monkeypatch: pytest.MonkeyPatch) -> None:
    @click.command()
    def duty() -> None:
        os.kill(os.getpid(), signal.SIGINT)

    monkeypatch.setattr(importlib, "import_module", lambda _name: type("Module", (), {"duty": duty}))
    # A shell that starts tests in the background has them ignore the signal.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        ended = CliRunner().invoke(main, ["duty"])
    finally:
        signal.signal(signal.SIGINT, before)
    assert ended.exit_code == 130
    assert "Traceback" not in ended.output
