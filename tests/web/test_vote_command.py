"""``ewtp vote verify``: an election is checked from its archive alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from ewtp.core.belenios.election_audit import SecretElection, read_ballot, read_election
from ewtp.core.belenios.election_board import read_circle
from ewtp.core.belenios.public_board import PublicBoard, read_board
from ewtp.core.belenios.trustee_keys import TrusteeCircle
from ewtp.web.command_line.main import main
from tests.core.belenios.test_secret_ballots import changed

pytestmark = pytest.mark.slow

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


def step(*words):
    return CliRunner().invoke(main, ["vote", *map(str, words)])


def test_five_trustees_make_a_circle_by_repeating_one_command(tmp_path):
    shared = tmp_path / "shared"
    keys = [tmp_path / f"key-{number}.json" for number in range(1, 6)]
    for _ in range(3):
        for number, key in enumerate(keys, start=1):
            found = step("trustee", key, shared, "--number", number)
            assert found.exit_code == 0, found.output
    circle = read_circle(json.loads((shared / "trustees.json").read_bytes()))
    assert isinstance(circle, TrusteeCircle)
    assert all(key.stat().st_mode & 0o077 == 0 for key in keys)
    # Whoever changes what another one dealt is told by number.
    dealing = json.loads((shared / "dealing-2.json").read_bytes())
    dealing["shares"][0]["sealed"] = "5"
    (shared / "dealing-2.json").write_text(json.dumps(dealing))
    (shared / "key-1.json").unlink()
    refused = step("trustee", keys[0], shared, "--number", 1)
    assert (refused.exit_code, "trustee 2" in refused.output) == (2, True)


def test_authority_voter_and_trustee_work_from_files(tmp_path):
    board = read_board(ARCHIVE.read_bytes())
    assert isinstance(board, PublicBoard)
    setup = json.loads(board.payloads("Setup")[0])
    election = json.loads(board.file(setup["election"]))
    facts = tmp_path / "election.json"
    facts.write_text(json.dumps({"uuid": election["uuid"], "election": election, "missing": ["a", "b"]}))
    assert "2 credentials" in step("credentials", facts, tmp_path / "own").output
    secrets = json.loads((tmp_path / "own/credentials.json").read_bytes())
    public = json.loads((tmp_path / "own/public.json").read_bytes())["credentials"]
    (tmp_path / "mine").write_text(secrets["a"] + "\n")
    cast = json.loads(step("ballot", facts, "for", "--credential", tmp_path / "mine").output)["ballot"].encode()
    read = read_election(board.file(setup["election"]))
    assert isinstance(read, SecretElection)
    found = read_ballot(read, {int(each): 1 for each in public.values()}, cast)
    assert found is not None
    assert str(found[0]) == public["a"]
    (tmp_path / "key.json").write_text('{"decrypting": "5"}')
    share = json.loads(step("decrypt", ARCHIVE, tmp_path / "key.json").output)
    assert [len(each) for each in share["decryption_factors"]] == [3]


def test_files_that_are_none_are_refused(tmp_path):
    nothing = tmp_path / "nothing.json"
    nothing.write_text("[]")
    for words in (
        ("trustee", nothing, tmp_path, "--number", "1"),
        ("credentials", nothing, tmp_path),
        ("ballot", nothing, "for", "--credential", nothing),
        ("decrypt", ARCHIVE, nothing),
    ):
        found = step(*words)
        assert (found.exit_code, "cannot be used here" in found.output) == (2, True), words
