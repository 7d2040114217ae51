"""Small firms vote in secret: ballots that nobody reads, counted by any three of five trustees."""

from __future__ import annotations

import base64
import json
import os
import random
import shutil
import subprocess

import pytest
from django.db import transaction

from ewtp.apps.log.actions.sequencer import sequence_events
from ewtp.apps.log.reading.event_trail import events_about
from ewtp.apps.proposals.actions.secret_ballots import decryption_give, secret_ballot_cast, secret_ballot_encrypt
from ewtp.apps.proposals.actions.secret_elections import secret_election_prepare
from ewtp.apps.proposals.actions.votes import ballot_cast, vote_close
from ewtp.apps.proposals.reading.election_record import archive_of, ballots_of, election_of, setup_of
from ewtp.apps.proposals.reading.vote_record import vote_of
from ewtp.apps.proposals.store.secret_models import SecretBallot
from ewtp.core.belenios import schnorr_group
from ewtp.core.belenios.election_audit import ElectionAudit, audit_election
from ewtp.core.belenios.public_board import PublicBoard, read_board, write_board
from ewtp.core.belenios.secret_ballot import credential_exponent, decrypt_share, encrypt_tally, make_ballot
from ewtp.core.log.bundle_format import archive_lines
from ewtp.core.organisations.house import House
from ewtp.core.recount.report_text import all_faults
from ewtp.core.values.refusal import Refusal
from ewtp.core.votes.ballot import BallotMode, SecretReceipt
from ewtp.core.votes.vote_state import VoteStage
from tests.actors import OPERATOR
from tests.apps.proposals.retold import checked, retold_with, run_program, told_lines
from tests.apps.proposals.test_pages import signed_in
from tests.apps.proposals.test_proposal_story import DAY, beat, code

pytestmark = pytest.mark.django_db
TOOL = shutil.which("belenios-tool")
ANSWERS = {"for": [1, 0, 0], "against": [0, 1, 0], "abstain": [0, 0, 1]}


def record(secret_vote):
    found = vote_of(secret_vote.proposal)
    assert found is not None
    return found


def group_of(secret_vote, actor):
    return record(secret_vote).roll.by_member[actor.on_behalf_of].group


def encrypted(secret_vote, actor, choice, seed=1):
    """A ballot as its voter makes it on a computer of its own."""
    row = election_of(secret_vote.proposal)
    assert row is not None
    setup = setup_of(row, record(secret_vote).roll)
    exponent = credential_exponent(secret_vote.credentials[group_of(secret_vote, actor)], row.uuid)
    return make_ballot(setup.opened, exponent, [ANSWERS[choice]], random.Random(seed).randrange)


def cast(secret_vote, actor, ballot):
    return secret_ballot_cast(proposal=secret_vote.proposal, ballot=ballot, actor=actor, now=secret_vote.now)


def given(secret_vote, trustee, now):
    """A trustee's partial decryption of what is to be counted."""
    row, vote = election_of(secret_vote.proposal), record(secret_vote)
    assert row is not None
    setup, counted = setup_of(row, vote.roll), ballots_of(row, vote, now).counted
    key = secret_vote.keys[trustee.on_behalf_of]
    share = decrypt_share(setup.opened, encrypt_tally(setup.opened, counted), key, random.Random(9).randrange)
    return decryption_give(proposal=secret_vote.proposal, share=share, actor=trustee, now=now)


def test_an_encrypted_ballot_is_taken_once_and_shows_no_choice(secret_vote):
    voter, other = secret_vote.houses["small"][:2]
    ballot = encrypted(secret_vote, voter, "against")
    assert code(ballot_cast(proposal=secret_vote.proposal, choice="for", actor=voter, now=secret_vote.now)) == (
        "secret_ballot_needed"
    )
    receipt = cast(secret_vote, voter, ballot)
    assert isinstance(receipt, SecretReceipt)
    assert "choice" not in receipt.as_json()
    told = [each.payload for each in events_about(receipt.vote) if each.kind == "votes:ballot:cast"]
    assert [each["choice"] for each in told] == [None]
    assert record(secret_vote).state(secret_vote.now).turnout[House.SMALL_FIRM] == 1
    # It is neither cast twice, nor under the name of another, nor changed.
    for actor, wrong in ((voter, ballot), (other, ballot), (voter, ballot.replace(b"1", b"2", 1)), (voter, b"{}")):
        assert code(cast(secret_vote, actor, wrong)) == "secret_ballot_invalid"
    government = secret_vote.houses["government"][0]
    assert code(cast(secret_vote, government, ballot)) == "not_on_the_roll"


def test_the_hub_encrypts_for_a_voter_whose_page_says_that_it_could_read_it(secret_vote, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: secret_vote.now)
    voter = secret_vote.houses["small"][3]
    client, address = signed_in(voter), f"/proposals/{secret_vote.proposal}"
    shown = client.get(address).content.decode()
    assert "so it could read it" in shown
    asked = {"do": "ballot", "choice": "for"}
    assert client.post(f"{address}/act", asked).status_code == 422
    wrong = client.post(f"{address}/act", asked | {"credential": "1AAAA-WRONG"})
    assert "not the credential" in wrong.content.decode()
    credential = secret_vote.credentials[group_of(secret_vote, voter)]
    done = client.post(f"{address}/act", asked | {"credential": credential})
    assert "tracker" in done.content.decode()
    assert SecretBallot.objects.count() == 1
    facts = client.get(f"/api/v1/proposals/{secret_vote.proposal}/election").json()
    assert (facts["uuid"], len(facts["trustees"]), facts["missing"]) == (secret_vote.uuid, 5, [])
    archive = client.get(f"/api/v1/proposals/{secret_vote.proposal}/archive").content
    assert isinstance(read_board(archive), PublicBoard)


def test_three_trustees_count_what_four_voters_cast(secret_vote, tmp_path):
    small, first = secret_vote.houses["small"], secret_vote.trustees[0]
    for number, (actor, choice) in enumerate(zip(small, ("for", "for", "against", "abstain"), strict=False)):
        assert isinstance(cast(secret_vote, actor, encrypted(secret_vote, actor, choice, number)), SecretReceipt)
    # The last ballot of a group counts.
    secret_ballot_encrypt(
        proposal=secret_vote.proposal,
        choice="against",
        credential=secret_vote.credentials[group_of(secret_vote, small[0])],
        actor=small[0],
        now=secret_vote.now,
    )
    for house in ("large", "civil", "government"):
        for actor in secret_vote.houses[house][:2]:
            ballot_cast(proposal=secret_vote.proposal, choice="for", actor=actor, now=secret_vote.now)
    assert code(given(secret_vote, first, secret_vote.now)) == "decryption_closed"
    beat(secret_vote.opened)
    over = secret_vote.opened + 15 * DAY
    closed = vote_close(proposal=secret_vote.proposal, now=over)
    assert not isinstance(closed, Refusal)
    assert (closed.stage, closed.started.mode) == (VoteStage.COUNTING, BallotMode.SEALED)
    # Any small firm may be the fifth trustee, whom the log draws.
    stranger = next(each for each in small if each not in secret_vote.trustees)
    assert code(decryption_give(proposal=secret_vote.proposal, share={}, actor=stranger, now=over)) == "trustee_needed"
    wrong = {"decryption_factors": [["1", "1", "1"]], "decryption_proofs": [[]]}
    refused = decryption_give(proposal=secret_vote.proposal, share=wrong, actor=first, now=over)
    assert code(refused) == "belenios_decryption_wrong"
    assert [given(secret_vote, each, over) for each in secret_vote.trustees[1:4]] == [1, 2, 3]
    state = record(secret_vote).state(over)
    assert state.tally is not None
    count = next(each for each in state.tally.counts if each.house is House.SMALL_FIRM)
    assert (count.yes, count.no, count.abstain) == (1, 2, 1)
    assert code(given(secret_vote, first, over)) == "decryption_closed"
    sequence_events(now=over)
    check_bundle_of(over, tmp_path)
    check_archive(secret_vote, over, tmp_path)


def check_bundle_of(now, folder):
    """The bundle has the archive, and what contradicts the log, there or in another entry, is named."""
    lines = told_lines(now)
    report, recount = checked(lines)
    assert all_faults(report, recount) == ()
    status, said = run_program(lines, folder)
    assert (status, said["votes"]) == (0, [each.as_json() for each in recount.votes])
    left = [each.code for each in recount.left]
    assert ("left_trustees" in left, "left_secret" in left) == (True, False)
    at = next(at for at, line in enumerate(lines) if line.startswith(b'{"archive"'))
    given = json.loads(lines[at])
    board = read_board(base64.b64decode(given["part"]))
    assert isinstance(board, PublicBoard)
    events = [json.loads(line)["event"] for line in lines if b'"event"' in line[:9]]
    cast = [index for index, event in enumerate(events) if event["payload"].get("seal")]
    first, second, *_ = board.payloads("Ballot")
    # Ballots that were dropped, moved or cast by nobody are found before any proof is looked at.
    for kept, index in (([second], cast[0]), ([first, first], cast[1])):
        other = archive_lines(given["archive"], write_board(begun(board, kept), 0))
        found = all_faults(*checked([*lines[:at], *other, *lines[at + 1 :]]))
        assert [(each.params["name"], each.params["index"]) for each in found] == [("ballots", index)]
    # The same where the rows of the database were changed, from which the archive is made.
    ballots = SecretBallot.objects.filter(digest=events[cast[0]]["payload"]["seal"])
    for change in (lambda: ballots.update(content=second.decode()), ballots.delete):
        with transaction.atomic():
            change()
            found = all_faults(*checked(told_lines(now)))
            transaction.set_rollback(True)
        assert [(each.params["name"], each.params["index"]) for each in found] == [("ballots", cast[0])]
    without = checked([*lines[:at], *lines[at + 1 :]])[1]
    assert "left_secret" in [each.code for each in without.left]
    for kind, path, value, told in (
        ("votes:vote:counted", "payload.houses.small_firm", [2, 1, 1], "result"),
        ("elections:decryption:given", "payload.digest", "0" * 64, "decryptions"),
        ("elections:election:prepared", "payload.fingerprint", "another", "election"),
        ("elections:election:prepared", "payload.root", "0" * 64, "recount_draw_root"),
    ):
        faults = retold_with(lines, kind, path, value)
        assert told in {each.params.get("name", each.code) for each in faults}, kind


def begun(board, ballots):
    """The events of a board that has other ballots, as far as the last of them."""
    setup = board.payloads("Setup")[0]
    files = [board.file(each) for each in json.loads(setup).values()]
    return [("Setup", (*files, setup)), *(("Ballot", (each,)) for each in ballots)]


def check_archive(secret_vote, now, folder):
    """Our verifier accepts the archive, and so does Belenios' where it is installed."""
    archive = archive_of(secret_vote.proposal, now)
    assert archive is not None
    board = read_board(archive)
    assert isinstance(board, PublicBoard)
    audit = audit_election(board)
    assert isinstance(audit, ElectionAudit)
    assert (audit.holds, audit.voters, audit.ballots, audit.counted, audit.result) == (True, 6, 5, 4, ((1, 2, 1),))
    if TOOL is None:
        pytest.skip("belenios-tool is not installed (Debian's package belenios-tool)")
    (folder / f"{secret_vote.uuid}.bel").write_bytes(archive)
    done = subprocess.run(
        [TOOL, "election", "verify", "--dir", str(folder)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "BELENIOS_USE_URANDOM": "1"},
    )
    assert "all checks passed" in done.stderr + done.stdout, done.stderr


def test_a_house_that_casts_nothing_needs_no_trustee(secret_vote):
    beat(secret_vote.opened)
    over = secret_vote.opened + 15 * DAY
    closed = vote_close(proposal=secret_vote.proposal, now=over)
    assert not isinstance(closed, Refusal)
    assert closed.stage is VoteStage.FAILED


def test_without_gmpy2_the_site_says_what_to_install(secret_vote, monkeypatch):
    monkeypatch.setattr(schnorr_group, "IS_FAST", False)
    refused = secret_election_prepare(
        proposal=secret_vote.proposal,
        authority="",
        members=[],
        trustees=[],
        hub="hub",
        actor=OPERATOR,
        now=secret_vote.now,
    )
    assert code(refused) == "secret_ballots_extra_missing"
    monkeypatch.setattr(schnorr_group, "IS_FAST", True)
    again = secret_election_prepare(
        proposal=secret_vote.proposal,
        authority="",
        members=[],
        trustees=[],
        hub="hub",
        actor=OPERATOR,
        now=secret_vote.now,
    )
    assert code(again) == "secret_election_unwanted"
