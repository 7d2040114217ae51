"""Words, files and environments that try to break a command: a sentence with a code and status 2, never a trace."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from rich.text import Text

from ewtp.web.command_line.main import main
from ewtp.web.command_line.storage_failure import storage_refusal
from ewtp.web.command_line.terminal import Terminal
from ewtp.web.django_setup import set_up_django
from tests.apps.conftest import write_seed

QUESTION = ("--from", "ZA", "--to", "GB", "--hs", "610910", "--value", "1000", "--currency", "GBP")
GOOD = (
    b'{"from":"ZA","to":"GB","date":"2026-06-30","lines":[{"hs":"61091000","value":{"amount":"1","currency":"GBP"}}]}'
)


FULL = Path("/dev/full")


def run(*words, **settings):
    return CliRunner().invoke(main, list(words), **settings)


def code_of(*words, **settings):
    """The code of the refusal, which is one sentence."""
    result = run(*words, "--json", **settings)
    assert result.exit_code == 2, result.output
    error = json.loads(result.stdout)["error"]
    assert error["message"].endswith(".")
    return error["code"]


@pytest.mark.parametrize(
    "words",
    [
        ("duty", "\udcff%"),
        ("assess", *QUESTION, "--part", "\udcff=1"),
        ("assess", "--file", "\udcff"),
        ("rulebook", "diff", "\udcff", "b"),
        ("rulebook", "export", "--territory", "\udcff"),
        ("token", "create", "--name", "\udcff"),
    ],
)
def test_bytes_that_are_no_text(words):
    assert code_of(*words) == "argument_unreadable"


@pytest.mark.parametrize(
    "words",
    [
        ("duty",),
        ("duty", "8%", "--bogus"),
        ("duty", "-5%"),
        ("bogus",),
        ("--bogus",),
        ("hs", "tea", "--limit", "0"),
        ("rulebook", "export", "--date", "2026-13-01"),
    ],
)
def test_what_was_typed_wrong(words):
    assert code_of(*words) == "usage_wrong"


def test_a_command_alone_shows_its_help():
    result = run("rulebook")
    assert "Usage: " in result.output


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("8%", "--value", "1", "--currency", "XYZ"), "currency_unknown"),
        (("8%", "--value", "1", "--currency", "USD", "--schedule-currency", "rand"), "currency_unknown"),
        (("2 USD/kg", "--currency", "USD", "--quantity", "kg=1", "--quantity", "t=5"), "quantity_twice"),
        (("2 USD/kg", "--currency", "USD", "--quantity", "kg=0"), "quantity_zero"),
    ],
)
def test_a_duty_on_facts_that_cannot_be(words, code):
    assert code_of("duty", *words) == code


def test_the_longest_figures_multiply_without_an_error():
    words = ("--value", "999999999999999", "--currency", "USD")
    answer = json.loads(run("duty", "999999999999999999999%", *words, "--json").stdout)
    assert answer["amount"] == "9999999999999989999990000000000000.01"


def test_an_economy_that_does_not_exist():
    assert code_of("hs", "tea", "--economy", "ZZ") == "economy_unknown"


@pytest.mark.parametrize("port", ["abc", "0", "65536"])
def test_a_port_that_is_none(port):
    assert code_of_text("serve", env={"PORT": port}) == "usage_wrong"


@pytest.mark.parametrize("host", ["nonsense.invalid", "256.1.1.1", "x" * 300])
def test_a_host_that_is_not_ours(host):
    assert code_of_text("serve", "--host", host, "--port", "18761") == "address_unusable"


def code_of_text(*words, **settings):
    """The code at the end of a refusal for people."""
    result = run(*words, **settings)
    assert result.exit_code == 2, result.output
    return result.stderr.strip().rpartition("[")[2].rstrip("]")


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("EWTP_HOME", "/dev/null/home", "home_unusable"),
        ("EWTP_HOME", "/etc/hostname", "home_unusable"),
        ("DATABASE_URL", "postgresql://[::1", "database_url_unreadable"),
        ("DATABASE_URL", "postgresql://host:port/name", "database_url_unreadable"),
        ("DATABASE_URL", "postgresql://host:99999/name", "database_url_unreadable"),
    ],
)
def test_an_environment_that_cannot_be_used(name, value, code):
    command = [
        sys.executable,
        "-c",
        "from ewtp.web.command_line.main import main; main()",
        "rulebook",
        "list",
        "--json",
    ]
    made = subprocess.run(command, env={**os.environ, name: value}, capture_output=True, check=False, timeout=60)
    assert made.returncode == 2, made.stderr
    assert json.loads(made.stdout)["error"]["code"] == code


@pytest.fixture
def small_rulebook(db, tmp_path, monkeypatch):
    """The small rulebook of the tests instead of the seed."""
    from ewtp.apps.rulebook.reading.book_cache import read_cached_book  # noqa: PLC0415 - Django is set up after this file

    del db
    write_seed(tmp_path / "rulebook", "12%")
    monkeypatch.setenv("EWTP_RULEBOOK", str(tmp_path / "rulebook"))
    # What an earlier test had the process read is in no database any more.
    read_cached_book().forget()
    yield
    read_cached_book().forget()


def test_packs_that_cannot_be_written(small_rulebook):
    del small_rulebook
    assert code_of("rulebook", "export", "--territory", "GB", "--seed", "/etc/hostname/x") == "folder_unusable"


def test_lines_are_numbered_as_in_the_file_and_its_mark_is_no_part_of_it(small_rulebook, tmp_path):
    del small_rulebook
    path = tmp_path / "lines.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + GOOD + b"\r\n\n  \nnull\n" + b"x" * 2_000_000 + b"\n" + GOOD)
    result = run("assess", "--file", str(path), "--json")
    assert result.exit_code == 1, result.output
    first, null, long, last = map(json.loads, result.stdout.splitlines())
    assert first["id"] == last["id"]
    assert (null["line"], null["error"]["code"]) == (4, "question_unreadable")
    assert (long["line"], long["error"]["code"]) == (5, "line_too_long")


@pytest.mark.parametrize(
    "words",
    [
        ("duty", "\x1b[2J8x%"),
        ("duty", "8%", "--\x1b[31mred"),
        ("assess", "--file", "/nowhere/\x9b2J\rgone"),
        ("\x1b]0;title\x07",),
    ],
)
@pytest.mark.parametrize("form", [(), ("--json",)])
def test_what_was_typed_cannot_command_the_terminal(words, form):
    result = run(*words, *form)
    assert result.exit_code == 2
    assert not {"\x1b", "\x9b", "\r", "\x07"} & set(result.output)


def test_a_table_cannot_command_the_terminal():
    console = Terminal()
    with console.capture() as captured:
        console.print(Text("\x1b[2Jgone\x9b"))
    assert captured.get() == "\\x1b[2Jgone\\x9b\n"


@pytest.mark.skipif(not FULL.exists(), reason="no device that is always full")
def test_a_full_disk_is_reported_in_a_sentence():
    with FULL.open("w") as full:
        done = subprocess.run(
            [Path(sys.executable).with_name("ewtp"), "duty", "8%", "--value", "100", "--currency", "USD"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert line.endswith("[disk_unusable]")


class DiskFullError(Exception):
    """As the database's driver raises it."""

    sqlstate = "53100"


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (OSError(errno.EROFS, "Read-only file system", "/data/x"), "disk_unusable"),
        (PermissionError(errno.EACCES, "Permission denied", "/data/x"), "disk_unusable"),
        (DiskFullError("could not extend file"), "disk_unusable"),
        (ConnectionResetError(errno.ECONNRESET, "reset"), None),
        (ValueError("a bug"), None),
    ],
)
def test_a_disk_is_distinguished_from_a_bug(error, code):
    for raised in (error, RuntimeError("outer")):
        if raised is not error:
            raised.__cause__ = error
        refusal = storage_refusal(raised)
        assert (refusal.code if refusal else None) == code


def test_a_home_on_a_full_disk_is_named(monkeypatch, tmp_path):
    def full(_):
        # As a write meets it, which names no file.
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setenv("EWTP_HOME", str(tmp_path))
    monkeypatch.setattr("ewtp.web.django_setup.secret_key", full)
    refusal = set_up_django(with_pages=False)
    assert refusal is not None
    assert refusal.code == "home_unusable"
    assert f"{tmp_path}: No space left on device" in refusal.message
