"""Who asks for an answer to be kept finds it for ever; any other is computed again from its address, and not stored."""

from __future__ import annotations

import zlib
from base64 import urlsafe_b64encode
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import orjson
import pytest
from django.conf import settings as django_settings
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from ewtp.apps.assessment.actions import storage_limits
from ewtp.apps.assessment.actions.assessment import assessment_keep
from ewtp.apps.assessment.actions.expiry import unkept_expire
from ewtp.apps.assessment.store.models import Assessment, UnkeptQuestion
from ewtp.apps.http.actions import repeat_storage
from ewtp.apps.http.store.models import IdempotencyRecord
from ewtp.core.values.actor import Scope
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.database.roles import owner_work
from tests.actors import program
from tests.apps.assessment.test_api import ADDRESS, LINE, QUESTION, post, problem

pytestmark = pytest.mark.usefixtures("rulebook", "_sizes")
KEEP = {**QUESTION, "keep": True}


@pytest.fixture
def _sizes(monkeypatch):
    """Sizes are asked for at every look, not every ten seconds."""
    monkeypatch.setattr(storage_limits, "_LOOK_SECONDS", 0.0)


def limited(settings, **limits):
    settings.ANSWER_STORAGE = replace(django_settings.ANSWER_STORAGE, **limits)
    # What another test had stored is not what is stored now.
    repeat_storage._stored = repeat_storage._StoredSize()


def long_question(**fields):
    """A question that no address can carry; comparing its answer with the description would take a second."""
    values = [
        {"amount": f"{1_000 + number * 7919 % 99_991}.{number % 100:02d}", "currency": "GBP"} for number in range(300)
    ]
    return {**QUESTION, "lines": [{**LINE, "value": value} for value in values], **fields}


def rows():
    return Assessment.objects.count(), UnkeptQuestion.objects.count()


def later(days):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE assessment_unkeptquestion SET expires = expires - make_interval(days => %s)", [days])


def test_an_answer_that_nobody_keeps_is_not_stored_and_is_computed_again(client):
    made = post(client, QUESTION)
    body = made.json()
    assert (made.status_code, body["kept"], body["expires"]) == (201, False, None)
    assert made.headers["Location"] == f"{ADDRESS}/{body['id']}"
    assert len(body["id"]) < 110
    assert rows() == (0, 0)
    again = client.get(made.headers["Location"])
    assert again.content == made.content
    assert "immutable" not in again.headers["Cache-Control"]
    assert post(client, {**QUESTION, "keep": False}).content == made.content


def test_an_answer_that_is_kept_is_stored_compressed_and_never_another(client, publish):
    made = post(client, KEEP)
    body = made.json()
    assert (made.status_code, body["kept"], body["expires"]) == (201, True, None)
    assert rows() == (1, 0)
    row = Assessment.objects.get()
    assert zlib.decompress(bytes(row.content)) == made.content
    assert len(row.content) < len(made.content) / 2
    # The digest of the answer is the same, kept or not.
    assert post(client, QUESTION).json()["id"].startswith(body["id"])
    publish("5%", datetime(2026, 3, 1, tzinfo=UTC))
    kept = client.get(made.headers["Location"])
    assert kept.content == made.content
    assert "immutable" in kept.headers["Cache-Control"]
    # It is kept as it was, not as another program would write it today.
    assert post(client, {**KEEP, "known_at": "2026-02-15T00:00:00Z"}).json()["id"] != body["id"]


def test_keeping_twice_stores_once(client):
    assert post(client, KEEP).content == post(client, {**KEEP, "buyer": None}).content
    assert rows() == (1, 0)


def test_an_answer_stored_by_an_earlier_version_stays_as_it_was(client):
    content = post(client, QUESTION).content
    earlier = "a" + "0" * 32
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO assessment_assessment (id, rulebook_version, content) VALUES (%s, 'x', %s)", [earlier, content]
        )
    assert client.get(f"{ADDRESS}/{earlier}").content == content
    assert "kept permanently" in client.get(f"/answers/{earlier}").content.decode()


def test_an_address_holds_its_question_and_no_other_answer(client):
    address = post(client, QUESTION).json()["id"]
    other = post(client, {**QUESTION, "date": "2026-07-01"}).json()["id"]
    mixed = address[:33] + other[33:]
    body = problem(client.get(f"{ADDRESS}/{mixed}"), 410, "assessment_not_kept")
    assert body["question"]["date"] == "2026-07-01"
    page = client.get(f"/answers/{mixed}")
    assert page.status_code == 410
    assert "date=2026-07-01" in page.content.decode()


@pytest.mark.parametrize(
    "ending", ["", "-", "-1", "-1AAAA", "-2AAAA", "-1" + "A" * 2_000, "-1" + "A" * 2_001, "-1=", "x"]
)
def test_an_address_that_is_none_is_unknown(client, ending):
    problem(client.get(f"{ADDRESS}/a{'0' * 32}{ending}"), 404, "assessment_unknown")


@pytest.mark.parametrize(
    "content", [b"null", b'["x"]', b'["x", null]', b"[1, {}]", b'["x", {"from": "ZA"}]', b" " * 20_000]
)
def test_an_address_with_something_else_in_it_is_unknown(client, content):
    from ewtp.apps.assessment.reading.question_address import _DICTIONARY  # noqa: PLC0415 - for this test alone

    packer = zlib.compressobj(9, zlib.DEFLATED, -15, 8, zlib.Z_DEFAULT_STRATEGY, _DICTIONARY)
    packed = urlsafe_b64encode(packer.compress(content) + packer.flush()).rstrip(b"=").decode()
    problem(client.get(f"{ADDRESS}/a{'0' * 32}-1{packed}"), 404, "assessment_unknown")


def test_a_question_of_a_version_that_is_not_here_has_no_answer(client, monkeypatch):
    monkeypatch.setattr("ewtp.core.assessment.answer.ANSWER_EDITION", "0")
    address = post(client, QUESTION).json()["id"]
    monkeypatch.undo()
    problem(client.get(f"{ADDRESS}/{address}"), 410, "assessment_not_kept")


def test_an_answer_kept_meanwhile_is_found_from_its_longer_address(client, monkeypatch):
    address = post(client, QUESTION).json()["id"]
    kept = post(client, KEEP)
    monkeypatch.setattr("ewtp.core.assessment.answer.ANSWER_EDITION", "later")
    assert client.get(f"{ADDRESS}/{address}").content == kept.content


def test_a_question_too_long_for_an_address_is_stored_until_it_expires(client):
    made = post(Client(), long_question())
    body = made.json()
    assert (made.status_code, body["kept"], len(body["id"])) == (201, False, 33)
    assert rows() == (0, 1)
    assert len(UnkeptQuestion.objects.get().packed) < len(made.content) / 100
    expires = datetime.fromisoformat(body["expires"])
    assert timedelta(days=30) < expires - timezone.now() <= timedelta(days=31)
    assert client.get(made.headers["Location"]).content == made.content
    assert "can be opened until" in client.get(f"/answers/{body['id']}").content.decode()
    later(32)
    problem(client.get(made.headers["Location"]), 404, "assessment_unknown")
    assert client.get(f"/answers/{body['id']}").status_code == 404
    assert unkept_expire(before=timezone.now(), limit=10) == 1
    assert rows() == (0, 0)


def test_asking_again_stores_once_and_moves_the_expiry(client):
    first = post(Client(), long_question())
    assert post(Client(), long_question()).content == first.content
    later(5)
    assert post(Client(), long_question()).content == first.content
    assert rows() == (0, 1)
    assert client.get(first.headers["Location"]).content == first.content


def test_what_is_kept_survives_and_what_is_not_goes_in_batches(client):
    kept = post(Client(), long_question(keep=True))
    for day in range(1, 4):
        post(Client(), long_question(date=f"2026-06-0{day}"))
    assert rows() == (1, 3)
    later(32)
    assert [unkept_expire(before=timezone.now(), limit=2) for _ in range(3)] == [2, 1, 0]
    assert client.get(kept.headers["Location"]).content == kept.content


def test_where_there_is_no_space_an_answer_is_refused_to_be_kept_and_given_all_the_same(client, settings):
    held = post(client, KEEP)
    limited(settings, kept_bytes=1_000)
    body = problem(post(client, {**KEEP, "date": "2026-07-01"}), 507, "kept_full")
    assert "without keep" in body["detail"]
    assert post(client, {**QUESTION, "date": "2026-07-01"}).status_code == 201
    # What is kept already takes no more space.
    assert post(client, KEEP).content == held.content
    long = post(Client(), long_question())
    assert (long.status_code, long.json()["kept"], "Location" in long.headers) == (200, False, False)
    assert datetime.fromisoformat(long.json()["expires"]) <= timezone.now()
    assert rows() == (1, 0)
    problem(client.get(f"{ADDRESS}/{long.json()['id']}"), 404, "assessment_unknown")


def test_a_client_keeps_so_much_in_a_day(client, settings):
    limited(settings, client_bytes=3_000)
    statuses = [post(client, {**KEEP, "date": f"2026-07-0{day}"}).status_code for day in range(1, 8)]
    assert statuses[0] == 201
    assert statuses[-1] == 429
    assert statuses == sorted(statuses)
    refused = post(client, {**KEEP, "date": "2026-07-07"})
    assert int(refused.headers["Retry-After"]) > 80_000
    problem(refused, 429, "kept_too_much")
    assert rows()[0] == statuses.count(201)
    # Others keep theirs.
    other = client.post(ADDRESS, orjson.dumps(KEEP), content_type="application/json", REMOTE_ADDR="192.0.2.7")
    assert other.status_code == 201


def test_long_questions_of_a_client_are_stored_so_much_in_a_day(settings):
    limited(settings, client_bytes=3_000)
    statuses = [post(Client(), long_question(date=f"2026-07-0{day}")).status_code for day in range(1, 5)]
    assert (statuses[0], statuses[-1]) == (201, 200)
    assert rows() == (0, statuses.count(201))


def test_a_refusal_for_want_of_space_is_not_repeated_by_its_key(client, settings):
    for day in range(1, 13):
        assert post(client, {**KEEP, "date": f"2026-07-{day:02}"}).status_code == 201
    # Enough for what is stored for repeats, which may take a part of it, and less than the answers that are kept.
    limited(settings, kept_bytes=13_000)
    problem(post(client, KEEP, **{"Idempotency-Key": "one"}), 507, "kept_full")
    limited(settings, kept_bytes=10**9)
    assert post(client, KEEP, **{"Idempotency-Key": "one"}).status_code == 201


def test_what_is_stored_for_repeats_is_bounded_as_well(client, settings):
    key = {"Idempotency-Key": "first"}
    first = post(Client(), long_question(), **key)
    assert len(IdempotencyRecord.objects.get().answer) < len(first.content) / 10
    assert post(Client(), long_question(), **key).content == first.content
    limited(settings, client_bytes=3_000)
    refused = post(client, QUESTION, **{"Idempotency-Key": "second"})
    assert int(refused.headers["Retry-After"]) > 80_000
    problem(refused, 429, "rate_exceeded")
    assert post(client, QUESTION).status_code == 201
    other = {"headers": {"Idempotency-Key": "second"}, "REMOTE_ADDR": "192.0.2.7"}
    assert client.post(ADDRESS, orjson.dumps(QUESTION), content_type="application/json", **other).status_code == 201


def ask_page(client):
    form = {"product": "6109.10", "from": "ZA", "to": "GB", "value": "1000", "currency": "GBP", "date": "2026-06-30"}
    return client.post("/", form).headers["Location"]


def test_a_page_keeps_its_answer_as_it_is_shown(client, publish):
    address = ask_page(client)
    publish("5%", datetime(2026, 3, 1, tzinfo=UTC))
    page = client.get(address).content.decode()
    assert "Keep this answer" in page
    assert "1,344.00\u00a0GBP" in page
    assert rows() == (0, 0)
    kept = client.post(f"{address}/keep?product=shirt")
    assert (kept.status_code, kept.headers["Location"]) == (303, f"{address[:42]}?product=shirt")
    shown = client.get(kept.headers["Location"]).content.decode()
    assert "This answer is kept. Its address is permanent." in shown
    assert "1,344.00\u00a0GBP" in shown
    assert "Keep this answer" not in shown
    assert rows() == (1, 0)
    assert client.post(f"{address}/keep").headers["Location"] == address[:42]


def test_a_page_says_why_an_answer_cannot_be_kept(client, settings):
    address = ask_page(client)
    limited(settings, kept_bytes=1_000)
    refused = client.post(f"{address}/keep")
    assert refused.status_code == 507
    page = refused.content.decode()
    assert "no space left for answers to keep" in page
    assert "1,344.00\u00a0GBP" in page
    assert client.post(f"/answers/a{'0' * 32}/keep").status_code == 404


def test_a_token_that_may_not_ask_keeps_nothing():
    actor = program("org_1", Scope.WRITE)
    refused = assessment_keep(address="a" + 32 * "0", actor=actor, now=timezone.now(), client=lambda: "x")
    assert isinstance(refused, Refusal)
    assert (refused.code, rows()) == ("scope_missing", (0, 0))


def test_every_document_of_an_answer_that_nobody_keeps(client):
    address = ask_page(client)
    assert client.get(f"{address}.pdf").content.startswith(b"%PDF")
    named = client.get(f"{address}.csv").headers["Content-Disposition"]
    assert len(named) < 80
    for ending in ("/change", "/ruling", "/ruling.txt"):
        assert client.get(f"{address}{ending}").status_code == 200
    again = client.post(f"{address}/again", {"line": "0", "claim": "GB-TEST"})
    assert (again.status_code, rows()) == (303, (0, 0))
    assert client.get(again.headers["Location"]).status_code == 200


# What PostgreSQL says of a row for which the disk has no space.
_FULL = """
CREATE FUNCTION pg_temp.disk_is_full() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$;
CREATE TRIGGER full_disk BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION pg_temp.disk_is_full()
"""


@pytest.mark.parametrize(
    ("table", "question"),
    [("assessment_assessment", KEEP), ("assessment_unkeptquestion", long_question())],
    ids=["kept", "too long for an address"],
)
def test_an_answer_that_the_disk_has_no_space_for_is_told_so(client, table, question):
    with owner_work(connection), connection.cursor() as cursor:
        cursor.execute(_FULL.format(table=table))
    before = transaction.savepoint()
    problem(post(client, question), 503, "disk_full")
    transaction.savepoint_rollback(before)
