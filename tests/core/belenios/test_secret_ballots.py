"""Elections by secret ballot: one made by Belenios' own tool, and one made here that this tool accepts."""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import subprocess
from functools import lru_cache
from pathlib import Path

import pytest

from ewtp.core.belenios import schnorr_group, secret_ballot
from ewtp.core.belenios.election_audit import ElectionAudit, audit_election, read_ballot, read_election
from ewtp.core.belenios.public_board import PublicBoard, compact, read_board, write_board
from ewtp.core.belenios.schnorr_group import GENERATOR, MODULUS, ORDER, in_range, interpolate, is_element, power
from ewtp.core.belenios.secret_ballot import (
    count_votes,
    credential_exponent,
    decrypt_share,
    encrypt_tally,
    make_ballot,
    make_trustee,
)
from ewtp.core.belenios.zero_knowledge import Ciphertext
from ewtp.core.values.refusal import Refusal

pytestmark = pytest.mark.slow

# Made by belenios-tool 2.0 of Debian: one trustee who must decrypt and three of five, four voters, one of whom votes
# again. What was asked, and every name, is invented.
ARCHIVE = Path(__file__).with_name("threshold.bel")
TOOL = shutil.which("belenios-tool")
UUID = "12345678123456"


def audited(content: bytes) -> ElectionAudit:
    board = read_board(content)
    assert isinstance(board, PublicBoard)
    audit = audit_election(board)
    assert isinstance(audit, ElectionAudit)
    return audit


@lru_cache
def files() -> tuple[tuple[str, tuple[bytes, ...]], ...]:
    """The events of the archive with their files, for tests to change."""
    board = read_board(ARCHIVE.read_bytes())
    assert isinstance(board, PublicBoard)
    found = []
    for event in board.events:
        body = json.loads(event.payload) if event.payload else {}
        named = [
            body[name] for name in ("election", "trustees", "credentials", "encrypted_tally", "payload") if name in body
        ]
        found.append((event.kind, (*(board.file(each) for each in named), *([event.payload] if event.payload else []))))
    return tuple(found)


def changed(kind: str, change, place: int = 0) -> bytes:
    """The archive with one file of an event changed, and every hash that names it."""
    events = list(files())
    at = next(number for number, event in enumerate(events) if event[0] == kind)
    parts = list(events[at][1])
    before = hashlib.sha256(parts[place]).hexdigest()
    parts[place] = compact(change(json.loads(parts[place])))
    after = hashlib.sha256(parts[place]).hexdigest()
    parts = [
        parts[place] if number == place else part.replace(before.encode(), after.encode())
        for number, part in enumerate(parts)
    ]
    events[at] = (kind, tuple(parts))
    return write_board(events, 0)


def with_number(body, *path):
    """The JSON with one more at a place that holds a number as text."""
    inside = body
    for step in path[:-1]:
        inside = inside[step]
    inside[path[-1]] = str(int(inside[path[-1]]) + 1)
    return body


def fault(content: bytes) -> str:
    (found,) = audited(content).faults
    return found.code


def test_an_election_of_belenios_holds():
    audit = audited(ARCHIVE.read_bytes())
    assert audit.holds
    assert (audit.voters, audit.ballots, audit.counted, audit.result) == (4, 5, 4, ((1, 2, 1),))
    # Written again it is the same to the byte.
    assert write_board(files(), 1_796_097_999) == ARCHIVE.read_bytes()


def test_an_election_that_runs_has_no_result_yet():
    running = audited(write_board(files()[:4], 0))
    assert running.holds
    assert (running.ballots, running.counted, running.result) == (3, 3, None)


@pytest.mark.parametrize(
    ("kind", "place", "path", "code"),
    [
        ("Setup", 0, ("public_key",), None),
        ("Setup", 1, (0, 1, "pok", "response"), "belenios_trustee_wrong"),
        ("Setup", 1, (1, 1, "certs", 2, "signature", "response"), "belenios_trustee_wrong"),
        ("Setup", 1, (1, 1, "coefexps", 0, "signature", "response"), "belenios_trustee_wrong"),
        ("Setup", 1, (1, 1, "verification_keys", 4, "pok", "challenge"), "belenios_trustee_wrong"),
        ("Ballot", 0, ("answers", 0, "individual_proofs", 1, 0, "response"), "belenios_ballot_wrong"),
        ("Ballot", 0, ("answers", 0, "overall_proof", 0, "challenge"), "belenios_ballot_wrong"),
        ("Ballot", 0, ("signature", "proof", "response"), "belenios_ballot_wrong"),
        ("Ballot", 0, ("credential",), "belenios_ballot_wrong"),
        ("EncryptedTally", 0, (0, 0, "beta"), "belenios_tally_wrong"),
        ("PartialDecryption", 0, ("decryption_proofs", 0, 2, "response"), "belenios_decryption_wrong"),
        ("PartialDecryption", 0, ("decryption_factors", 0, 0), "belenios_decryption_wrong"),
    ],
)
def test_what_is_changed_is_found(kind, place, path, code):
    content = changed(kind, lambda body: with_number(body, *path), place)
    if code is None:
        board = read_board(content)
        assert isinstance(board, PublicBoard)
        assert isinstance(audit_election(board), Refusal)
    else:
        assert fault(content) == code


def test_a_tally_of_other_ballots_or_another_result_is_found():
    assert fault(changed("EncryptedTally", lambda body: {**body, "num_tallied": 5}, 1)) == "belenios_tally_wrong"
    assert fault(changed("Result", lambda _: {"result": [[2, 1, 1]]})) == "belenios_result_wrong"
    assert fault(changed("Result", lambda _: {"result": [[1, 2]]})) == "belenios_result_wrong"
    assert fault(changed("Result", lambda _: {"result": []})) == "belenios_result_wrong"


def test_a_ballot_that_was_dropped_changes_the_tally():
    events = [event for number, event in enumerate(files()) if number != 2]
    assert fault(write_board(events, 0)) == "belenios_tally_wrong"


def test_a_ballot_that_another_voter_copied_is_refused():
    ballots = [json.loads(parts[0]) for kind, parts in files() if kind == "Ballot"]
    copied = changed("Ballot", lambda body: {**body, "answers": ballots[1]["answers"]})
    assert fault(copied) == "belenios_ballot_wrong"


def test_three_of_five_are_needed_and_the_single_one_too():
    decryptions = [number for number, event in enumerate(files()) if event[0] == "PartialDecryption"]
    for missing in decryptions:
        events = [event for number, event in enumerate(files()) if number != missing]
        assert fault(write_board(events, 0)) == "belenios_decryptions_missing"


def test_the_key_is_that_of_all_trustees():
    assert fault(changed("Setup", lambda body: body[:1], 1)) == "belenios_key_wrong"


def test_an_archive_whose_events_are_moved_or_changed_is_refused():
    content = ARCHIVE.read_bytes()
    at = content.index(b'"num_tallied":4')
    for broken, code in (
        (content.replace(b'"num_tallied":4', b'"num_tallied":5'), "belenios_file_changed"),
        (content[: at - 200], "belenios_archive_unreadable"),
        (b"", "belenios_archive_unreadable"),
        (b"no archive", "belenios_archive_unreadable"),
        (write_board([files()[0], *files()[7:]], 0), "belenios_chain_broken"),
        (write_board([*files(), files()[1]], 0), "belenios_chain_broken"),
    ):
        refusal = read_board(broken)
        assert isinstance(refusal, Refusal), code
        assert refusal.code in {code, "belenios_archive_unreadable"}


def test_an_election_of_another_kind_is_refused():
    for change in ({"group": "Ed25519"}, {"version": 2}, {"questions": [{"type": "NonHomomorphic", "value": {}}]}):
        board = read_board(changed("Setup", lambda body, change=change: {**body, **change}))
        assert isinstance(board, PublicBoard)
        refusal = audit_election(board)
        assert isinstance(refusal, Refusal)
        assert refusal.code == "belenios_kind_unknown"


def test_the_group_is_one_of_prime_order():
    assert is_element(GENERATOR)
    assert not is_element(MODULUS - 1)
    assert not is_element(0)
    shares = {index: power(GENERATOR, 7 + 5 * index + 3 * index**2) for index in (1, 3, 5)}
    assert interpolate(shares) == power(GENERATOR, 7)


# Made here


def made_election(answers=((1, 0, 0), (0, 1, 0), (1, 0, 0), (0, 0, 1))) -> bytes:
    """An election with two trustees in which each voter votes once, and the first one again."""
    drawn = random.Random(11)
    draw = drawn.randrange
    keys = [draw(ORDER) for _ in range(2)]
    public = power(GENERATOR, sum(keys) % ORDER)
    question = {"answers": ["for", "against", "abstain"], "min": 1, "max": 1, "question": "Does it pass?"}
    body = {
        "version": 1,
        "description": "Invented.",
        "name": "Vote p-1",
        "group": "BELENIOS-2048",
        "public_key": str(public),
    }
    body |= {"questions": [question], "uuid": UUID, "administrator": "hub", "credential_authority": "chamber"}
    content = compact(body)
    election = read_election(content)
    assert not isinstance(election, Refusal)
    exponents = [credential_exponent(f"{number}AAAAAAAAAAAAAA", UUID) for number in range(1, 5)]
    credentials = sorted(str(power(GENERATOR, exponent)) for exponent in exponents)
    setup = [content, compact([["Single", make_trustee(key, draw)] for key in keys]), compact(credentials)]
    names = ("election", "trustees", "credentials")
    setup.append(compact(dict(zip(names, (hashlib.sha256(each).hexdigest() for each in setup), strict=True))))
    cast = [
        make_ballot(election, exponent, [answer], draw) for exponent, answer in zip(exponents, answers, strict=True)
    ]
    again = make_ballot(election, exponents[0], [answers[1]], draw)
    tally = encrypt_tally(election, [*cast[1:], again])
    encrypted = compact([[each.as_json() for each in row] for row in tally])
    sized = compact({"num_tallied": 4, "total_weight": 4, "encrypted_tally": hashlib.sha256(encrypted).hexdigest()})
    shares = [decrypt_share(election, tally, key, draw) for key in keys]
    events = [("Setup", tuple(setup)), *(("Ballot", (each,)) for each in (*cast, again)), ("EndBallots", ())]
    events.append(("EncryptedTally", (encrypted, sized)))
    for owner, share in enumerate(shares, start=1):
        given = compact(share)
        events.append(
            ("PartialDecryption", (given, compact({"owner": owner, "payload": hashlib.sha256(given).hexdigest()})))
        )
    events.append(("Result", (compact({"result": count_votes(tally, shares, 4)}),)))
    return write_board(events, 1_780_000_000)


def test_an_election_made_here_holds():
    audit = audited(made_election())
    assert audit.faults == ()
    assert (audit.ballots, audit.counted, audit.result) == (5, 4, ((1, 2, 1),))


@pytest.mark.skipif(TOOL is None, reason="belenios-tool is not installed")
def test_an_election_made_here_is_accepted_by_belenios(tmp_path):
    (tmp_path / f"{UUID}.bel").write_bytes(made_election())
    command = [str(TOOL), "election", "verify", "--dir", str(tmp_path)]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env={**os.environ, "BELENIOS_USE_URANDOM": "1"}
    )
    assert "all checks passed" in done.stderr + done.stdout, done.stderr


@pytest.mark.parametrize("least", [0, 10_000])
def test_a_ciphertext_outside_the_group_is_found_among_many_and_alone(monkeypatch, least):
    """Its proofs hold where their challenges are even: minus alpha has the same even powers as alpha."""
    monkeypatch.setattr(schnorr_group, "_LEAST_BATCH", least)
    body, trustees = files()[0][1][:2]
    election = read_election(body)
    assert not isinstance(election, Refusal)
    public, draw = power(GENERATOR, 5), random.Random(2).randrange
    good = make_ballot(election, 5, [[1, 0, 0]], draw)
    signs = [MODULUS - 1]
    with monkeypatch.context() as patched:
        patched.setattr(
            secret_ballot,
            "Ciphertext",
            lambda alpha, beta: Ciphertext(alpha * (signs.pop() if signs else 1) % MODULUS, beta),
        )
        while (
            read_ballot(election, {public: 1}, wrong := make_ballot(election, 5, [[1, 0, 0]], draw), in_range) is None
        ):
            signs.append(MODULUS - 1)
    assert read_ballot(election, {public: 1}, wrong) is None
    setup = [body, trustees, compact([str(public)])]
    named = zip(
        ("election", "trustees", "credentials"), (hashlib.sha256(each).hexdigest() for each in setup), strict=True
    )
    setup.append(compact(dict(named)))
    for ballots, number in (((good,), None), ((good, wrong, good), 2)):
        events = [("Setup", tuple(setup)), *(("Ballot", (each,)) for each in ballots)]
        faults = audited(write_board(events, 1_780_000_000)).faults
        assert [each.params for each in faults] == ([] if number is None else [{"number": number}])


def test_an_answer_that_is_not_allowed_is_not_encrypted():
    election = read_election(files()[0][1][0])
    assert not isinstance(election, Refusal)
    for answer in ([0, 0, 0], [1, 1, 0], [2, 0, 0], [1, 0], [-1, 1, 1]):
        with pytest.raises(ValueError, match="is no answer"):
            make_ballot(election, 5, [answer], random.Random(1).randrange)
