"""``ewtp vote verify``: an election is checked from its archive alone."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from ewtp.web.command_line.main import main
from tests.core.belenios.test_secret_ballots import changed

ARCHIVE = Path(__file__).parents[1] / "core/belenios/threshold.bel"


def run(*words):
    return CliRunner().invoke(main, ["vote", "verify", *map(str, words)])


def test_an_election_that_holds():
    found = run(ARCHIVE)
    assert found.exit_code == 0
    assert "4 voters, 5 ballots, 4 counted\nDoes it pass?: for 1, against 2, abstain 1\n" in found.output
    body = json.loads(run(ARCHIVE, "--json").output)
    assert (body["holds"], body["result"], body["faults"]) == (True, [[1, 2, 1]], [])


def test_what_is_no_election_is_refused_with_status_2(tmp_path):
    broken = tmp_path / "broken.bel"
    broken.write_bytes(ARCHIVE.read_bytes().replace(b'"num_tallied":4', b'"num_tallied":5'))
    refused = run(broken, "--json")
    assert refused.exit_code == 2
    assert json.loads(refused.output)["error"]["code"] == "belenios_file_changed"
    missing = run(tmp_path / "nothing.bel", "--json")
    assert missing.exit_code == 2
    assert json.loads(missing.output)["error"]["code"] == "file_missing"


def test_an_election_that_does_not_hold_has_status_1(tmp_path):

    broken = tmp_path / "broken.bel"
    broken.write_bytes(changed("Result", lambda _: {"result": [[2, 1, 1]]}))
    found = run(broken)
    assert found.exit_code == 1
    assert "The result is not the one that the trustees decrypted." in found.output
