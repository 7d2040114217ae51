"""A circle of three of five set up step by step, and an election on it that our verifier and Belenios' accept."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
from functools import lru_cache

import pytest

from ewtp.core.belenios.election_audit import ElectionAudit, audit_election
from ewtp.core.belenios.election_board import (
    ElectionSetup,
    ballot_credential,
    election_uuid,
    make_election,
    read_circle,
    read_result,
    share_holds,
    write_election,
)
from ewtp.core.belenios.public_board import PublicBoard, compact, read_board
from ewtp.core.belenios.schnorr_group import GENERATOR, raise_fixed_base
from ewtp.core.belenios.secret_ballot import credential_exponent, decrypt_share, encrypt_tally, make_ballot
from ewtp.core.belenios.trustee_circle import (
    circle_of,
    draw_secrets,
    finish_key,
    make_certificate,
    make_dealing,
    read_secrets,
)
from ewtp.core.belenios.trustee_keys import TrusteeCircle, UnprovedTrusteeError
from ewtp.core.values.refusal import Refusal

pytestmark = pytest.mark.slow

TOOL = shutil.which("belenios-tool")
UUID = election_uuid("prp_1")


@lru_cache
def circle():
    """Five trustees of whom three decrypt: what each published, and their private keys."""
    draw = random.Random(3).randrange
    secrets = [draw_secrets(3, draw) for _ in range(5)]
    certificates = [make_certificate(each, draw) for each in secrets]
    dealings = [make_dealing(each, certificates, draw) for each in secrets]
    finished = [finish_key(each, number, certificates, dealings, draw) for number, each in enumerate(secrets, start=1)]
    published = circle_of(3, certificates, dealings, [each for _, each in finished])
    assert read_secrets(json.loads(json.dumps(secrets[0].as_json()))) == secrets[0]
    return secrets, certificates, dealings, published, [key for key, _ in finished]


@lru_cache
def voted():
    """An election of four voters, the first of whom votes twice: its setup, all ballots, and those that count."""
    draw = random.Random(4).randrange
    *_, published, _ = circle()
    held = read_circle(published)
    assert isinstance(held, TrusteeCircle)
    exponents = [credential_exponent(f"{number}AAAAAAAAAAAAAA", UUID) for number in range(1, 5)]
    election = make_election(
        uuid=UUID, name="Vote", change="a" * 64, public_key=held.public_key, hub="hub", authority="chamber"
    )
    credentials = compact(sorted(str(raise_fixed_base(GENERATOR, each)) for each in exponents))
    setup = ElectionSetup(election, compact(published), credentials)
    answers = ([1, 0, 0], [0, 1, 0], [1, 0, 0], [0, 0, 1])
    cast = [make_ballot(setup.opened, each, [answer], draw) for each, answer in zip(exponents, answers, strict=True)]
    again = make_ballot(setup.opened, exponents[0], [[0, 1, 0]], draw)
    return setup, [*cast, again], [*cast[1:], again]


def shares(*owners):
    setup, _, counted = voted()
    *_, keys = circle()
    draw = random.Random(5).randrange
    tally = encrypt_tally(setup.opened, counted)
    return {owner: decrypt_share(setup.opened, tally, keys[owner - 1], draw) for owner in owners}


def test_an_election_on_the_circle_is_counted_by_any_three_and_holds():
    setup, ballots, counted = voted()
    given = shares(2, 3, 5)
    assert all(share_holds(setup, counted, owner, each) for owner, each in given.items())
    assert not share_holds(setup, counted, 1, given[2])
    assert not share_holds(setup, counted, 1, {})
    assert read_result(setup, counted, given) == [1, 2, 1]
    assert read_result(setup, counted, {2: given[2]}) is None
    content = write_election(setup, ballots, counted, given, closed=True, timestamp=1_780_000_000)
    board = read_board(content)
    assert isinstance(board, PublicBoard)
    audit = audit_election(board)
    assert isinstance(audit, ElectionAudit)
    assert (audit.holds, audit.voters, audit.ballots, audit.counted, audit.result) == (True, 4, 5, 4, ((1, 2, 1),))


@pytest.mark.skipif(TOOL is None, reason="belenios-tool is not installed (Debian's package belenios-tool)")
def test_belenios_accepts_it(tmp_path):
    setup, ballots, counted = voted()
    content = write_election(setup, ballots, counted, shares(1, 4, 5), closed=True, timestamp=1_780_000_000)
    (tmp_path / f"{UUID}.bel").write_bytes(content)
    command = [str(TOOL), "election", "verify", "--dir", str(tmp_path)]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env={**os.environ, "BELENIOS_USE_URANDOM": "1"}
    )
    assert "all checks passed" in done.stderr + done.stdout, done.stderr


def test_whoever_deals_wrongly_is_named():
    secrets, certificates, dealings, _, _ = circle()
    draw = random.Random(6).randrange
    wrong = json.loads(json.dumps(dealings))
    wrong[3]["shares"][0]["sealed"] = str(int(wrong[3]["shares"][0]["sealed"]) ^ 1)
    with pytest.raises(UnprovedTrusteeError) as raised:
        finish_key(secrets[0], 1, certificates, wrong, draw)
    assert raised.value.number == 4
    forged = [*certificates[:2], {**certificates[2], "signature": certificates[1]["signature"]}, *certificates[3:]]
    with pytest.raises(UnprovedTrusteeError) as raised:
        make_dealing(secrets[0], forged, draw)
    assert raised.value.number == 3


def test_another_circle_is_refused():
    *_, published, _ = circle()
    for wrong in ([], [*published, *published], {"threshold": 3}, [["Pedersen", {}]]):
        refused = read_circle(wrong)
        assert isinstance(refused, Refusal)
        assert refused.code == "belenios_circle_needed"
    changed = json.loads(json.dumps(published))
    changed[0][1]["verification_keys"][0] = changed[0][1]["verification_keys"][1]
    refused = read_circle(changed)
    assert isinstance(refused, Refusal)
    assert refused.code == "belenios_trustee_wrong"


def test_a_ballot_is_named_by_its_credential_or_refused():
    setup, ballots, _ = voted()
    credential = ballot_credential(setup, ballots[0])
    assert credential in json.loads(setup.credentials)
    body = json.loads(ballots[0])
    other = json.loads(ballots[1])
    assert ballot_credential(setup, compact({**body, "answers": other["answers"]})) is None
    assert ballot_credential(setup, b"{}") is None
    assert ballot_credential(setup, b"no ballot") is None
