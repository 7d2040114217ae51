"""The commands as a person or a script calls them: words in, words or JSON out, status 2 for a refusal."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from ewtp.web.command_line.main import main
from ewtp.web.command_line.serve import site_address
from tests.apps.conftest import write_seed
from tests.server_process import free_port

if TYPE_CHECKING:
    from pathlib import Path


def run(*words, **settings):
    return CliRunner().invoke(main, list(words), **settings)


@pytest.mark.parametrize(
    ("words", "amount"),
    [
        (("8%", "--value", "1000", "--currency", "GBP"), "80.00 GBP"),
        (("5.1¢/kg + 8.5%", "--value", "1000", "--currency", "USD", "--quantity", "kg=100"), "90.10 USD"),
        (
            (
                "13.80 % MIN 13.00 GBP / 100 kg MAX 15.00 GBP / 100 kg",
                *("--value", "1000", "--currency", "GBP", "--quantity", "kg=500"),
            ),
            "75.00 GBP",
        ),
        (("10 EUR/100 kg", "--currency", "GBP", "--quantity", "t=1", "--rate", "EUR/GBP=0.8571"), "85.71 GBP"),
        (
            ("450c/kg with a maximum of 96%", "--value", "1000", "--currency", "ZAR", "--quantity", "kg=100"),
            "450.00 ZAR",
        ),
        (("12.5 % but not less than $1.74/kg", "--value", "10", "--currency", "CAD", "--quantity", "kg=2"), "3.48 CAD"),
        (("6% on the case", "--value", "100", "--currency", "USD", "--part", "case=50"), "3.00 USD"),
        (("Free", "--value", "1000", "--currency", "USD"), "0.00 USD"),
    ],
)
def test_a_duty_is_computed_and_explained(words, amount):
    result = run("duty", *words)
    assert result.exit_code == 0, result.output
    assert result.output.splitlines()[-1] == amount
    answer = json.loads(run("duty", *words, "--json").output)
    assert f"{answer['amount']} {answer['currency']}" == amount
    assert answer["trace"]
    assert answer["expression"]["kind"]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("6% on the case", "--value", "100", "--currency", "USD"), "part_value_missing"),
        (("5¢/kg", "--currency", "USD"), "quantity_missing"),
        (("8%",), "value_missing"),
        (("8%", "--value", "1000"), "currency_missing"),
        (("8%", "--value", "-1", "--currency", "GBP"), "amount_negative"),
        (("8%", "--value", "1e9", "--currency", "GBP"), "amount_unreadable"),
        (("8 potatoes", "--value", "1", "--currency", "GBP"), "expression_unreadable"),
        (("5 EUR/kg", "--value", "1", "--currency", "GBP", "--quantity", "kg=1"), "exchange_rate_missing"),
        (("8%", "--value", "1", "--currency", "GBP", "--quantity", "kg"), "option_unreadable"),
        (("8%", "--value", "1", "--currency", "GBP", "--quantity", "furlong=1"), "unit_unknown"),
        (("8%", "--value", "1", "--currency", "GBP", "--rate", "EURGBP=1"), "rate_unreadable"),
        (("8%", "--value", "1", "--currency", "GBP", "--date", "tomorrow"), "date_unreadable"),
    ],
)
def test_what_cannot_be_computed_ends_with_status_two_and_a_code(words, code):
    result = run("duty", *words, "--json")
    assert result.exit_code == 2, result.output
    error = json.loads(result.output)["error"]
    assert error["code"] == code
    assert error["message"].endswith(".")
    plain = run("duty", *words)
    assert plain.exit_code == 2
    assert f"[{code}]" in plain.output


def test_an_unreadable_expression_says_where():
    error = json.loads(run("duty", "8% + potatoes", "--value", "1", "--currency", "GBP", "--json").output)["error"]
    assert error["at"] == 5


ASKED = ("assess", "--from", "ZA", "--to", "GB", "--value", "1000", "--currency", "GBP", "--date", "2026-06-30")


@pytest.mark.usefixtures("small_rulebook")
def test_an_assessment_for_people_and_for_programs():
    result = run(*ASKED, "--hs", "6109.10.00")
    assert result.exit_code == 0, result.output
    assert "1344.00 GBP" in result.output
    assert "Could save 120.00 GBP" in result.output
    answer = json.loads(run(*ASKED, "--hs", "6109.10.00", "--json").output)
    assert answer["totals"]["landed_cost"] == {"amount": "1344.00", "currency": "GBP"}
    claimed = json.loads(run(*ASKED, "--hs", "61091000", "--claim", "GB-TEST", "--json").output)
    assert claimed["totals"]["duty"]["amount"] == "0.00"
    weighed = json.loads(run(*ASKED, "--hs", "090111", "--quantity", "kg=200", "--freight", "50", "--json").output)
    assert weighed["totals"]["duty"]["amount"] == "20.00"
    assert weighed["lines"][0]["customs_value"] == {"amount": "1050.00", "currency": "GBP", "basis": "CIF"}


@pytest.mark.usefixtures("small_rulebook")
@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--hs", "090111"), "quantity_missing"),
        (("--hs", "999999"), "code_unknown"),
        (("--hs", "610910", "--origin", "ZZ"), "economy_unknown"),
        (("--hs", "610910", "--known-at", "2020-01-01T00:00:00Z"), "known_at_too_early"),
        ((), "option_missing"),
    ],
)
def test_a_refused_assessment_ends_with_status_two(words, code):
    result = run(*ASKED, *words, "--json")
    assert result.exit_code == 2, result.output
    assert json.loads(result.output)["error"]["code"] == code


@pytest.mark.usefixtures("small_rulebook")
def test_a_file_is_answered_line_by_line_and_a_bad_line_is_no_stop(tmp_path: Path):
    good = {"from": "ZA", "to": "GB", "lines": [{"hs": "610910", "value": {"amount": "1.00", "currency": "GBP"}}]}
    lines = [json.dumps(good), "nonsense", "", json.dumps({**good, "to": "ZZ"}), json.dumps(good)]
    path = tmp_path / "lines.jsonl"
    path.write_text("\n".join(lines))
    result = run("assess", "--file", str(path), "--json")
    assert result.exit_code == 1, result.output
    answers = [json.loads(line) for line in result.output.splitlines()]
    assert ["error" in answer for answer in answers] == [False, True, True, False]
    assert [answer["error"]["code"] for answer in answers[1:3]] == ["json_unreadable", "economy_unknown"]
    path.write_text(json.dumps(good))
    assert run("assess", "--file", str(path), "--json").exit_code == 0
    missing = run("assess", "--file", str(tmp_path / "none"), "--json")
    assert (missing.exit_code, json.loads(missing.output)["error"]["code"]) == (2, "file_missing")


@pytest.mark.usefixtures("small_rulebook")
def test_everything_that_is_wrong_is_printed_at_once(tmp_path: Path):
    asked = ("assess", "--from", "ZZ", "--to", "GB", "--hs", "six", "--value", "1", "--currency", "GBP")
    codes = ["economy_unknown", "code_unreadable"]
    error = json.loads(run(*asked, "--json").output)["error"]
    assert (error["code"], [each["code"] for each in error["errors"]]) == ("economy_unknown", codes)
    printed = run(*asked).output.splitlines()
    assert [line.rpartition("[")[2].rstrip("]") for line in printed] == codes
    assert json.loads(run("assess", "--json").output)["error"]["errors"][4]["message"].startswith("Give --currency;")
    path = tmp_path / "line.jsonl"
    path.write_text('{"from": "ZZ", "to": "ZZ", "lines": []}')
    (line,) = run("assess", "--file", str(path), "--json").output.splitlines()
    found = json.loads(line)["error"]["errors"]
    assert [each["where"] for each in found] == ["from", "to", "lines"]


@pytest.mark.usefixtures("small_rulebook")
def test_tokens_are_made_listed_and_revoked():
    made = json.loads(run("token", "create", "--name", "till", "--json").output)
    assert made["token"].startswith(made["prefix"])
    assert [token["name"] for token in json.loads(run("token", "list", "--json").output)] == ["till"]
    assert json.loads(run("token", "revoke", made["prefix"], "--json").output)["revoked"]
    refused = run("token", "create", "--scope", "everything", "--json")
    assert (refused.exit_code, json.loads(refused.output)["error"]["code"]) == (2, "token_scope_unknown")


@pytest.mark.usefixtures("small_rulebook")
def test_the_doctor_finds_a_sound_installation_and_says_what_ails_another(monkeypatch):
    run(*ASKED, "--hs", "610910")
    report = json.loads(run("doctor", "--json").output)
    assert report["sound"], report
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing")
    ill = run("doctor", "--json")
    assert ill.exit_code == 1
    assert not json.loads(ill.output)["sound"]


@pytest.mark.server
def test_the_doctor_finds_a_new_installation_without_its_tables(tmp_path: Path):
    environment = {**os.environ, "EWTP_HOME": str(tmp_path / "home")}
    environment.pop("DATABASE_URL", None)
    command = [sys.executable, "-c", "from ewtp.web.command_line.main import main; main()", "doctor", "--json"]
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert ended.returncode == 1, ended.stderr
    checks = {check["name"]: check for check in json.loads(ended.stdout)["checks"]}
    assert checks["database"]["sound"], ended.stdout
    assert not checks["tables"]["sound"]
    # Those of every app count, also of signing in.
    every = len(MigrationLoader(None).graph.nodes)
    assert checks["tables"]["message"].startswith(f"{every} migrations are missing")
    assert "rulebook" not in checks


@pytest.mark.django_db
def test_the_doctor_misses_a_table_of_signing_in_unless_the_site_was_never_served():
    def tables() -> tuple[bool, bool]:
        checks = json.loads(run("doctor", "--json").output)["checks"]
        return next((check["sound"], check["warns"]) for check in checks if check["name"] == "tables")

    recorder = MigrationRecorder(connection)
    assert tables() == (True, False)
    *others, last = sorted(name for label, name in recorder.applied_migrations() if label == "mfa")
    recorder.record_unapplied("mfa", last)
    assert tables() == (False, False)
    for name in others:
        recorder.record_unapplied("mfa", name)
    assert tables() == (True, True)


@pytest.mark.django_db
def test_the_doctor_warns_of_pages_that_cannot_be_printed(monkeypatch):
    monkeypatch.setattr("ewtp.web.command_line.doctor.find_missing_characters", lambda _: ["中"])
    (told,) = [line for line in run("doctor").output.splitlines() if " fonts: " in line]
    assert told.startswith("warn fonts: a PDF with 中 is refused; install ")


@pytest.mark.server
def test_serve_prints_a_first_answer_serves_and_stops(tmp_path: Path):
    write_seed(tmp_path / "rulebook", "12%")
    port = free_port()
    environment = {
        **os.environ,
        "EWTP_HOME": str(tmp_path / "home"),
        "EWTP_RULEBOOK": str(tmp_path / "rulebook"),
        "PORT": str(port),
    }
    environment.pop("DATABASE_URL", None)
    command = [sys.executable, "-c", "from ewtp.web.command_line.main import main; main()", "serve", "--workers", "2"]
    server = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        assert _ready(port, server), "it is not ready after two minutes"
        for _ in range(10):
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/v1/hs?q=t-shirt", timeout=10) as answer:
                assert json.load(answer)["results"]
        # Whichever of the two processes is asked, it answers for both.
        for _ in range(5):
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
                counted = 'ewtp_http_requests_total{method="GET",route="/api/v1/hs",status="200"} 10.0'
                assert counted in answer.read().decode().splitlines()
        taken = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert taken.returncode == 2
        assert "[port_taken]" in taken.stderr
    finally:
        server.send_signal(signal.SIGTERM)
        output, _ = server.communicate(timeout=30)
    assert f"http://127.0.0.1:{port}" in output
    assert "1344.00 GBP" in output


def _ready(port: int, server: subprocess.Popen[str]) -> bool:
    until = time.monotonic() + 120
    while time.monotonic() < until:
        assert server.stdout is not None
        assert server.poll() is None, server.stdout.read()
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            time.sleep(0.1)
    return False


def test_the_address_that_serve_prints_can_be_opened():
    assert site_address("127.0.0.1", 8000) == "http://127.0.0.1:8000"
    assert site_address("::", 18731) == "http://[::]:18731"
