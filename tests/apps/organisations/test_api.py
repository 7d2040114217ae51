"""Organisations over HTTP: what a token may see and change, and what the operator may."""

from __future__ import annotations

import json
import zlib
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from django.test import Client

from ewtp.apps.accounts.actions.tokens import NewToken, token_create
from ewtp.apps.http.store.models import IdempotencyRecord
from ewtp.apps.http.surface import callers
from ewtp.apps.organisations.actions.organisations import invitation_accept, organisation_register
from ewtp.core.organisations.organisation import Organisation
from ewtp.core.values.actor import Scope
from ewtp.gateways.database.row_security import system_rows
from tests.actors import OPERATOR, person, program
from tests.sent_mail import sent_mails

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 30, 12, 0, tzinfo=UTC)
OWN = (Scope.READ, Scope.WRITE, Scope.ADMINISTER)


@pytest.fixture(autouse=True)
def _tokens_are_looked_up(monkeypatch):
    monkeypatch.setattr(callers, "REMEMBERED_SECONDS", 0.0)


def secret(*scopes, organisation=""):
    made = token_create(name="test", scopes=scopes, now=NOW, actor=OPERATOR, organisation=organisation)
    assert isinstance(made, NewToken)
    return made.secret


def founded(name="Amina Textiles", kind="firm", economy="KE", founder="ann"):
    made = organisation_register(name=name, kind=kind, economy=economy, founder=founder, actor=OPERATOR, now=NOW)
    assert isinstance(made, Organisation)
    return made


@pytest.fixture
def ask(client):
    def asking(method, path, body=None, token="", **headers):
        return client.generic(
            method,
            f"/api/v1/{path}",
            b"" if body is None else json.dumps(body).encode(),
            "application/json",
            headers={"Authorization": f"Bearer {token}", **headers},
        )

    return asking


def refused(response, status, code):
    assert (response.status_code, response.json()["code"]) == (status, code), response.content
    return response.json()


def test_an_organisation_is_registered_by_the_operator_and_reads_itself(ask):
    operator = secret(*Scope)
    body = {"name": "Amina Textiles", "kind": "firm", "economy": "KE"}
    made = ask("POST", "organisations", body, operator)
    assert made.status_code == 201
    identity = made.json()["id"]
    assert made.headers["Location"] == f"/api/v1/organisations/{identity}"
    own = secret(*OWN, organisation=identity)
    assert ask("GET", f"organisations/{identity}", token=own).json() == made.json()
    assert [each["id"] for each in ask("GET", "organisations", token=own).json()["items"]] == [identity]
    refused(ask("POST", "organisations", body, own), 403, "scope_missing")


def test_a_repeat_with_a_key_makes_no_second_organisation(ask):
    operator = secret(*Scope)
    body = {"name": "Amina Textiles", "kind": "firm", "economy": "KE"}
    first, again = (ask("POST", "organisations", body, operator, **{"Idempotency-Key": "one"}) for _ in range(2))
    assert first.content == again.content
    assert len(ask("GET", "organisations", token=operator).json()["items"]) == 1


def test_an_organisation_sees_nothing_of_another(ask):
    mine, other = founded(), founded("Other", founder="bo")
    token = secret(*OWN, organisation=mine.id)
    hidden = secret(Scope.READ, organisation=other.id)
    refused(ask("GET", f"organisations/{other.id}", token=token), 404, "organisation_unknown")
    refused(ask("PATCH", f"organisations/{other.id}", {"name": "x"}, token), 404, "organisation_unknown")
    for path in ("members", "verifications-of-organisations"):
        refused(ask("GET", f"{path}?organisation={other.id}", token=token), 404, "organisation_unknown")
    body = {"email": "x@example.org", "role": "viewer", "organisation": other.id}
    refused(ask("POST", "members", body, token), 404, "organisation_unknown")
    body = {"name": "x", "scopes": ["read"], "organisation": other.id}
    refused(ask("POST", "tokens", body, token), 404, "organisation_unknown")
    refused(ask("PATCH", f"tokens/{hidden[:13]}", {"revoked": True}, token), 404, "token_unknown")
    refused(ask("PATCH", f"members/bo?organisation={other.id}", {"role": None}, token), 404, "organisation_unknown")
    listed = ask("GET", "tokens", token=token).json()["items"]
    assert {each["organisation"] for each in listed} == {mine.id}


def test_details_are_changed_all_or_none(ask):
    mine = founded()
    token = secret(*OWN, organisation=mine.id)
    size = {"employees": 12, "turnover_eur": "900000", "balance_sheet_eur": "400000"}
    body = {"name": "New", "size": size, "identifiers": {"company_number": "C-1"}}
    wrong = {**body, "identifiers": {"company_number": "C-1", "lei": "wrong"}}
    refused(ask("PATCH", f"organisations/{mine.id}", wrong, token), 422, "identifier_invalid")
    assert ask("GET", f"organisations/{mine.id}", token=token).json()["name"] == "Amina Textiles"
    changed = ask("PATCH", f"organisations/{mine.id}", body, token).json()
    assert (changed["name"], changed["size"]) == ("New", size)
    assert changed["house"] == {"name": "small_firm", "verified": False}
    assert changed["identifiers"] == [{"scheme": "company_number", "value": "C1", "check": "form"}]
    gone = ask("PATCH", f"organisations/{mine.id}", {"identifiers": {"company_number": None}}, token).json()
    assert gone["identifiers"] == []


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"nmae": "x"}, "field_unknown"),
        ({"name": 7}, "field_unreadable"),
        ({"name": "a\x00b"}, "field_unreadable"),
        ({"size": "large"}, "field_unreadable"),
        ({"size": {"employees": 1, "turnover_eur": 5, "balance_sheet_eur": "1"}}, "size_unreadable"),
        ({"ultimate_owner": "org_" + "0" * 32}, "organisation_unknown"),
        ({"holders": [{"owner": "org_" + "0" * 32, "share": "30"}]}, "organisation_unknown"),
        ({"holders": ["30"]}, "field_unreadable"),
        ({"holders": [{"owner": 3, "share": "30"}]}, "holders_unreadable"),
        ([], "json_unreadable"),
    ],
)
def test_what_cannot_be_changed(ask, body, code):
    mine = founded()
    response = ask("PATCH", f"organisations/{mine.id}", body, secret(*OWN, organisation=mine.id))
    refused(response, 400 if code == "json_unreadable" else 422, code)


def mailed_secret():
    """The secret in the mail that was sent last."""
    mail = sent_mails()[-1]
    assert mail.to == ["bo@example.org"]
    return str(mail.body).partition("http://testserver/invitations/")[2].strip()


def test_a_member_is_invited_joins_and_leaves(ask):
    mine = founded()
    token = secret(*OWN, organisation=mine.id)
    made = ask("POST", "members", {"email": "bo@example.org", "role": "trader"}, token)
    assert made.status_code == 201
    listed = ask("GET", "members", token=token).json()
    assert listed["invitations"] == [{name: made.json()[name] for name in ("id", "email", "role", "expires")}]
    assert set(made.json()) == {"id", "email", "role", "expires"}
    joined = invitation_accept(secret=mailed_secret(), emails=("bo@example.org",), actor=person("bo"), now=NOW)
    assert isinstance(joined, Organisation)
    changed = ask("PATCH", "members/bo", {"role": "viewer"}, token).json()
    assert changed["members"] == [{"person": "ann", "role": "owner"}, {"person": "bo", "role": "viewer"}]
    refused(ask("PATCH", "members/ann", {"role": None}, token), 403, "owner_needed")
    refused(ask("PATCH", "members/eve", {"role": None}, token), 404, "member_unknown")
    assert len(ask("PATCH", "members/bo", {"role": None}, token).json()["members"]) == 1


def test_an_act_that_a_role_does_not_allow_is_logged(ask, caplog):
    mine = founded()
    token = secret(*OWN, organisation=mine.id)
    refused(ask("PATCH", "members/ann", {"role": None}, token), 403, "owner_needed")
    ask("GET", "members", token=token)
    ask("GET", "members")
    stranger = Client(enforce_csrf_checks=True)
    assert stranger.post("/invoice", {"table": "a secret"}).status_code == 403
    found = [record.getMessage() for record in caplog.records if record.name == "ewtp.security"]
    prefix = token[:13]
    assert [line.removeprefix("PATCH ").removeprefix("GET ") for line in found] == [
        f"/api/v1/members/ann refused to token:{prefix}: 403",
        "/api/v1/members refused to anonymous: token_unreadable",
        "POST /invoice refused to anonymous: 403",
    ]
    assert token not in caplog.text
    assert "a secret" not in caplog.text


def test_a_token_gives_no_scope_that_it_lacks(ask):
    mine = founded()
    token = secret(Scope.READ, Scope.ADMINISTER, organisation=mine.id)
    made = ask("POST", "tokens", {"name": "list", "scopes": ["read"]}, token)
    assert made.status_code == 201
    assert made.json()["token"]["made_by"].startswith("token:ewtp_")
    for scopes in (["write"], ["operate"], ["read", "write"], []):
        refused(ask("POST", "tokens", {"name": "x", "scopes": scopes}, token), 422, "token_scope_unknown")
    gone = ask("PATCH", f"tokens/{made.json()['token']['prefix']}", {"revoked": True}, token)
    assert gone.json()["revoked"]
    refused(ask("GET", "members", token=made.json()["secret"]), 401, "token_unknown")


def test_the_secret_of_a_token_is_not_in_the_row_that_repeats_its_answer(ask):
    token = secret(Scope.READ, Scope.ADMINISTER, organisation=founded().id)
    body = {"name": "list", "scopes": ["read"]}
    first, again = (ask("POST", "tokens", body, token, **{"Idempotency-Key": "one"}) for _ in range(2))
    assert (first.status_code, again.status_code, again.content) == (201, 201, first.content)
    with system_rows("a test"):
        row = IdempotencyRecord.objects.get()
    made = first.json()["secret"].encode()
    stored = bytes(row.answer)
    # Neither as it is, nor within anything compressed.
    assert made not in stored
    for start in range(len(stored)):
        with suppress(zlib.error):
            assert made not in zlib.decompressobj().decompress(stored[start:])
    assert len(ask("GET", "tokens", token=token).json()["items"]) == 2


def test_who_verifies(ask):
    mine = founded()
    body = {
        "organisation": mine.id,
        "subject": "identity",
        "evidence": "Extract of the register",
        "sha256": "a" * 64,
        "until": "2099-01-01",
    }
    refused(
        ask("POST", "verifications-of-organisations", body, secret(*OWN, organisation=mine.id)),
        403,
        "verification_of_itself",
    )
    for until in ("", "2099-13-01"):
        refused(
            ask("POST", "verifications-of-organisations", {**body, "until": until}, secret(*Scope)),
            422,
            "field_unreadable",
        )
    agency = founded("Customs", "agency", founder="")
    acting = secret(*OWN, organisation=agency.id)
    refused(ask("POST", "verifications-of-organisations", body, acting), 403, "verifier_unentitled")
    about_agency = {**body, "organisation": agency.id}
    assert ask("POST", "verifications-of-organisations", about_agency, secret(*Scope)).status_code == 201
    stated = ask("POST", "verifications-of-organisations", body, acting)
    assert stated.status_code == 201
    assert stated.json()["by_organisation"] == agency.id
    own = secret(*OWN, organisation=mine.id)
    assert ask("GET", "verifications-of-organisations", token=own).json()["items"] == [stated.json()]
    elsewhere = founded("Abroad", economy="UG", founder="bo")
    refused(
        ask("POST", "verifications-of-organisations", {**body, "organisation": elsewhere.id}, acting),
        403,
        "verifier_unentitled",
    )
    refused(ask("POST", "verifications-of-organisations", {**body, "until": "soon"}, acting), 422, "field_unreadable")


def test_a_verification_is_revoked_by_the_authority_that_stated_it(ask):
    mine, agency = founded(), founded("Customs", "agency", founder="")
    acting, own = (secret(*OWN, organisation=each.id) for each in (agency, mine))
    body = {"subject": "identity", "evidence": "Extract", "sha256": "a" * 64, "until": "2099-01-01"}
    address = "verifications-of-organisations"
    assert ask("POST", address, {**body, "organisation": agency.id}, secret(*Scope)).status_code == 201
    stated = ask("POST", address, {**body, "organisation": mine.id}, acting).json()
    assert (stated["ended"], stated["reason"]) == (None, None)
    change = {"revoked": True, "reason": "The extract was forged."}
    refused(ask("PATCH", f"{address}/{stated['id']}", change, own), 403, "verification_of_another")
    refused(ask("PATCH", f"{address}/ver_none", change, acting), 404, "verification_unknown")
    refused(ask("PATCH", f"{address}/{stated['id']}", {"reason": "x"}, acting), 422, "field_unreadable")
    refused(
        ask("PATCH", f"{address}/{stated['id']}", {**change, "reason": " "}, acting), 422, "revocation_reason_missing"
    )
    revoked = ask("PATCH", f"{address}/{stated['id']}", change, acting).json()
    assert revoked["reason"] == "The extract was forged."
    assert ask("PATCH", f"{address}/{stated['id']}", change, secret(*Scope)).json() == revoked
    assert ask("GET", address, token=own).json()["items"] == [revoked]


def test_the_history_of_an_organisation_is_its_own_in_pages(ask):
    mine, other = founded(), founded("Other", founder="bo")
    own = secret(*OWN, organisation=mine.id)
    ask("POST", "members", {"email": "bo@example.org", "role": "viewer"}, own)
    address = f"organisations/{mine.id}/history"
    first = ask("GET", f"{address}?limit=2", token=own).json()
    assert [each["kind"] for each in first["items"]] == [
        "organisations:organisation:registered",
        "organisations:member:joined",
    ]
    last = ask("GET", f"{address}?limit=2&cursor={first['next']}", token=own).json()
    assert last["next"] is None
    (invited,) = last["items"]
    assert invited["facts"]["invitation"]["email"] == "bo@example.org"
    assert "digest" not in invited["facts"]["invitation"]
    refused(ask("GET", f"organisations/{other.id}/history", token=own), 404, "organisation_unknown")
    refused(ask("GET", address, token=secret(Scope.WRITE, organisation=mine.id)), 403, "scope_missing")
    refused(ask("GET", f"{address}?cursor=x", token=own), 422, "cursor_unreadable")


def test_an_owner_who_is_no_member_of_the_house_is_known_by_size(ask):
    mine, owner = founded(), founded("Holding", founder="bo")
    small = {"employees": 1, "turnover_eur": "1", "balance_sheet_eur": "1"}
    own, other = (secret(*OWN, organisation=each.id) for each in (mine, owner))
    changed = ask("PATCH", f"organisations/{mine.id}", {"size": small, "ultimate_owner": owner.id}, own).json()
    assert (changed["ultimate_owner"], changed["house"]) == (owner.id, None)
    ask("PATCH", f"organisations/{owner.id}", {"size": {**small, "employees": 900}}, other)
    found = ask("GET", f"organisations/{mine.id}", token=own).json()
    assert found["house"] == {"name": "large_firm", "verified": False}
    body = {"organisation": mine.id, "subject": "owner", "evidence": "Ours", "sha256": "a" * 64, "until": "2099-01-01"}
    stranger = secret(*OWN, organisation=founded("Stranger", founder="eve").id)
    refused(ask("POST", "verifications-of-organisations", body, stranger), 403, "owner_confirms")
    stated = ask("POST", "verifications-of-organisations", body, other).json()
    assert (stated["subject"], stated["by_organisation"]) == ("owner", owner.id)
    held = {"holders": [{"owner": owner.id, "share": "33.30"}]}
    shown = ask("PATCH", f"organisations/{mine.id}", held, own).json()
    assert shown["holders"] == [{"owner": owner.id, "share": "33.3"}]
    gone = ask("PATCH", f"organisations/{mine.id}", {"ultimate_owner": ""}, own)
    assert gone.status_code == 200, gone.content
    (ended,) = ask("GET", "verifications-of-organisations", token=own).json()["items"]
    assert ended["ended"] is not None


def test_a_person_joins_by_the_invitation_of_her_address_alone(ask):
    mine = founded()
    ask("POST", "members", {"email": "bo@example.org", "role": "viewer"}, secret(*OWN, organisation=mine.id))
    wrong = invitation_accept(secret=mailed_secret(), emails=("eve@example.org",), actor=person("eve"), now=NOW)
    assert not isinstance(wrong, Organisation)
    assert wrong.code == "invitation_of_another"
    lost = invitation_accept(secret="nonsense", emails=("eve@example.org",), actor=person("eve"), now=NOW)
    assert not isinstance(lost, Organisation)
    assert lost.code == "invitation_unknown"
    own = "bo@example.org"
    by_program = invitation_accept(secret=mailed_secret(), emails=(own,), actor=program(mine.id, *OWN), now=NOW)
    assert not isinstance(by_program, Organisation)
    assert by_program.code == "invitation_of_another"
    assert person("eve").label == "person:eve"
