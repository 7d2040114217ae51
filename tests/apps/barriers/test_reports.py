"""A barrier from an answer: reported by a form and by a program, merged, counted once per owner, and read by all."""

from __future__ import annotations

import itertools
import json
from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.test import Client

from ewtp.apps.accounts.actions.tokens import NewToken, token_create
from ewtp.apps.accounts.reading.scopes import Scope
from ewtp.apps.barriers.actions.barriers import VISITOR_REPORTS
from ewtp.apps.barriers.reading.barrier_list import BarrierFilter, barriers_now, open_barriers_forget
from ewtp.apps.barriers.store.models import BarrierRow, ClaimReplyRow
from ewtp.apps.organisations.actions.organisations import (
    organisation_change,
    organisation_register,
    organisation_verify,
)
from ewtp.apps.organisations.reading.owner_group import owner_group_of
from ewtp.core.organisations.commands import NameUltimateOwner
from ewtp.core.organisations.organisation import Organisation
from ewtp.gateways.database.row_security import system_rows
from tests.actors import OPERATOR, person
from tests.described_client import DescribedClient
from tests.hostile_texts import BODIES, IN_ADDRESSES, IN_JSON, assert_answered, with_field

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rulebook")]
NOW = datetime(2026, 6, 30, 12, 0, tzinfo=UTC)
QUESTION = {
    "from": "ZA",
    "to": "GB",
    "date": "2026-06-30",
    "lines": [{"hs": "6109100010", "value": {"amount": "1000.00", "currency": "GBP"}}],
}


@pytest.fixture(autouse=True)
def _fresh_figures():
    open_barriers_forget()
    yield
    open_barriers_forget()


def founded(name: str, *, kind: str = "firm", economy: str = "KE") -> Organisation:
    actor = person(name) if kind != "agency" else OPERATOR
    made = organisation_register(name=name, kind=kind, economy=economy, founder=name, actor=actor, now=NOW)
    assert isinstance(made, Organisation)
    return made


def token(organisation: Organisation, *scopes: Scope) -> dict[str, str]:
    given = scopes or (Scope.WRITE,)
    made = token_create(name="t", scopes=given, now=NOW, actor=OPERATOR, organisation=organisation.id)
    assert isinstance(made, NewToken)
    return {"Authorization": f"Bearer {made.secret}"}


def answered() -> dict[str, Any]:
    response = DescribedClient().post("/api/v1/assessments", json.dumps(QUESTION), "application/json")
    assert response.status_code == 201, response.content
    body: dict[str, Any] = response.json()
    return body


def post(address: str, headers: dict[str, str] | None = None, **body: Any) -> Any:
    return DescribedClient().post(f"/api/v1{address}", json.dumps(body), "application/json", headers=headers or {})


def duty(answer: dict[str, Any]) -> str:
    return str(next(each["measure"] for each in answer["lines"][0]["charges"] if each["kind"] == "duty"))


def test_a_report_attaches_its_evidence_by_itself():
    answer = answered()
    made = post("/barriers", text="Twelve percent on cotton is too much.", answer=answer["id"], measure=duty(answer))
    assert made.status_code == 201, made.content
    barrier = made.json()
    assert (barrier["economy"], barrier["product"], barrier["stage"]) == ("GB", "610910", "reported")
    assert barrier["rule"]["measure"] == duty(answer)
    assert barrier["reporters"] == {"groups": 0, "verified": 0, "visitors": 1}
    (report,) = barrier["reports"]
    evidence = report["evidence"]
    assert evidence["answer"] == answer["id"]
    assert evidence["rulebook_version"] == answer["rulebook_version"]
    assert evidence["cost"] == answer["lines"][0]["charges"][0]["amount"] == {"amount": "120.00", "currency": "GBP"}
    assert evidence["citation"]["source"]
    assert DescribedClient().get(made.headers["Location"]).json() == barrier


def test_reports_on_one_matter_are_one_barrier_and_one_owner_counts_once():
    answer = answered()
    about = {"answer": answer["id"], "measure": duty(answer)}
    one, other, daughter = founded("ann"), founded("bo"), founded("cy")
    changed = organisation_change(
        organisation=daughter.id, command=NameUltimateOwner(one.id), actor=person("cy", daughter.id), now=NOW
    )
    assert isinstance(changed, Organisation)
    # Whoever merely says that it is owned speaks for itself: it could else answer in the name of its victim.
    assert owner_group_of(daughter.id, NOW.date()) == daughter.id
    confirmed = organisation_verify(
        organisation=daughter.id,
        subject="owner",
        evidence="Our own",
        digest="a" * 64,
        until=date(2099, 1, 1),
        actor=person("ann", one.id),
        now=NOW,
    )
    assert isinstance(confirmed, Organisation), confirmed
    texts = {one.id: "Too much.", daughter.id: "Trop cher.", other.id: "太贵了。"}
    for each in (one, daughter, other):
        made = post("/barriers", token(each), text=texts[each.id], **about)
        assert made.status_code == 201, made.content
    again = post("/barriers", token(one), text="Too  much.", **about).json()
    assert again["reporters"] == {"groups": 2, "verified": 0, "visitors": 0}
    assert [each["text"] for each in again["reports"]] == list(texts.values())
    assert len(barriers_now(BarrierFilter(), datetime.now(UTC))) == 1
    # Nobody is named anywhere.
    written = json.dumps(again) + DescribedClient().get(f"/barriers/{again['id']}").content.decode()
    assert not [each.id for each in (one, other, daughter) if each.id in written]


def under(firm: Organisation, owner: Organisation) -> None:
    """Have an owner confirmed, as the operator."""
    command = NameUltimateOwner(owner.id)
    assert isinstance(organisation_change(organisation=firm.id, command=command, actor=OPERATOR, now=NOW), Organisation)
    confirmed = organisation_verify(
        organisation=firm.id,
        subject="owner",
        evidence="Gazette",
        digest="a" * 64,
        until=date(2099, 1, 1),
        actor=OPERATOR,
        now=NOW,
    )
    assert isinstance(confirmed, Organisation), confirmed


def test_a_state_counts_once_and_is_no_reporter_of_its_own_rules():
    answer = answered()
    agencies = [founded(name, kind="agency") for name in ("customs", "food")]
    firms = founded("railway"), founded("bank", economy="GB")
    under(firms[0], agencies[0])
    under(firms[1], founded("treasury", kind="agency", economy="GB"))
    assert {owner_group_of(each.id, NOW.date()) for each in (*agencies, firms[0])} == {"state:KE"}
    about = {"answer": answer["id"], "measure": duty(answer)}
    *_, made = [post("/barriers", token(each), text=f"{each.id} waits.", **about) for each in (*agencies, *firms)]
    assert made.json()["reporters"] == {"groups": 1, "verified": 0, "visitors": 1}


def test_groups_of_agencies_that_were_stored_before_are_named_after_their_state():
    barrier = post("/barriers", text="x", product="610910", economy="US").json()["id"]
    agencies = [founded(name, kind="agency").id for name in ("customs", "food")]
    with system_rows("a test"):
        row, replies = BarrierRow.objects.get(id=barrier), ClaimReplyRow.objects
        for group, agrees in zip([*agencies, "org_firm"], (True, False, None), strict=True):
            replies.create(barrier=row, owner_group=group, agrees=agrees)
        import_module("ewtp.apps.barriers.store.migrations.0003_states_as_groups").name_states(apps, None)
        assert {*replies.values_list("owner_group", "agrees")} == {("state:KE", False), ("org_firm", None)}


def test_another_rule_and_another_product_are_other_barriers():
    answer = answered()
    ids = {
        post("/barriers", text="x", answer=answer["id"], measure=duty(answer)).json()["id"],
        post("/barriers", text="x", answer=answer["id"]).json()["id"],
        post("/barriers", text="x", product="610910", economy="US").json()["id"],
    }
    assert len(ids) == 3
    # All that a product meets is one matter, with an answer or without.
    assert post("/barriers", text="y", product="6109.10.00", economy="GB").json()["id"] in ids


def test_what_cannot_be_reported():
    answer = answered()
    for body, code in (
        ({"text": ""}, "report_unreadable"),
        ({"text": "a" * 1_001}, "report_unreadable"),
        ({"text": "a\u202eb"}, "report_unreadable"),
        ({}, "field_missing"),
        ({"text": "a", "answer": "a" * 33}, "assessment_unknown"),
        ({"text": "a", "answer": answer["id"], "measure": "no-such-rule"}, "evidence_unknown"),
        ({"text": "a", "answer": answer["id"], "measure": "unknown:no_such_code"}, "evidence_unknown"),
        ({"text": "a", "product": "999999"}, "barrier_product_unreadable"),
        ({"text": "a", "economy": "XQ"}, "economy_unknown"),
        ({"text": "a", "line": -1}, "field_unreadable"),
        ({"text": "a", "who": "me"}, "field_unknown"),
    ):
        response = post("/barriers", **body)
        assert response.json()["code"] == code, (body, response.json())
    assert barriers_now(BarrierFilter(), datetime.now(UTC)) == ()


def test_visitors_are_limited_and_organisations_are_not():
    for number in range(VISITOR_REPORTS.most):
        assert post("/barriers", text=f"sentence {number}").status_code == 201
    refused = post("/barriers", text="one more")
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0
    assert post("/barriers", token(founded("ann")), text="one more").status_code == 201


def test_a_token_that_may_only_read_reports_nothing():
    refused = post("/barriers", token(founded("ann"), Scope.READ), text="a")
    assert (refused.status_code, refused.json()["code"]) == (403, "scope_missing")


def test_the_form_reports_in_one_step():
    answer, client = answered(), DescribedClient()
    page = client.get(f"/answers/{answer['id']}").content.decode()
    assert f"/barriers/report?answer={answer['id']}" in page
    form = client.get("/barriers/report", {"answer": answer["id"], "measure": duty(answer)})
    assert form.status_code == 200
    assert "120.00" in form.content.decode()
    fields = {"answer": answer["id"], "line": "0", "measure": duty(answer), "text": "Too much."}
    sent = client.post("/barriers/report", fields)
    assert sent.status_code == 303
    shown = client.get(sent.headers["Location"]).content.decode()
    assert "Too much." in shown
    assert "1 report by a visitor, not counted" in shown
    listed = client.get("/barriers").content.decode()
    assert "1 barrier is open." in listed
    assert "1 barrier is open." in client.get("/").content.decode()
    empty = client.post("/barriers/report", {**fields, "text": " "})
    assert empty.status_code == 422
    assert "characters what stops you." in empty.content.decode()


def test_a_market_row_leads_to_the_same_form():
    client = DescribedClient()
    query = {"product": "6109100010", "from": "ZA", "to": "GB", "value": "1000", "currency": "GBP"}
    to_form = client.get("/barriers/report", query)
    assert to_form.status_code == 302
    assert to_form.headers["Location"].startswith("/barriers/report?answer=a")
    unanswerable = client.get("/barriers/report", {**query, "to": "XQ"})
    assert unanswerable.headers["Location"] == "/barriers/report?product=6109100010&economy=XQ"


def test_the_list_is_narrowed_and_saved():
    answer, client = answered(), DescribedClient()
    post("/barriers", text="a", answer=answer["id"], measure=duty(answer))
    post("/barriers", text="b", product="090121", economy="US")
    for query, count in (
        ({}, 2),
        ({"economy": "US"}, 1),
        ({"product": "6109.10"}, 1),
        ({"product": "09"}, 1),
        ({"stage": "open"}, 2),
        ({"stage": "confirmed"}, 0),
        ({"agency": "FDA"}, 0),
    ):
        rows = client.get("/barriers.csv", query).content.decode().splitlines()
        assert len(rows) == count + 1, query
        if "6109.10" not in query.values():
            assert len(client.get("/api/v1/barriers", query).json()["items"]) == count
    assert client.get("/api/v1/barriers", {"stage": "x"}).json()["code"] == "stage_unknown"
    first = client.get("/api/v1/barriers", {"limit": 1}).json()
    second = client.get("/api/v1/barriers", {"limit": 1, "cursor": first["next"]}).json()
    assert [first["items"][0]["product"], second["items"][0]["product"], second["next"]] == ["610910", "090121", None]


def test_of_an_invoice_only_the_line_is_shown():
    lines = [
        {"hs": "6109100010", "value": {"amount": amount, "currency": "GBP"}} for amount in ("1000.00", "123456.00")
    ]
    response = DescribedClient().post(
        "/api/v1/assessments", json.dumps({**QUESTION, "lines": lines}), "application/json"
    )
    answer = response.json()
    made = post("/barriers", text="a", answer=answer["id"], line=0, measure=duty(answer))
    evidence = made.json()["reports"][0]["evidence"]
    assert evidence["answer"] != answer["id"]
    shown = DescribedClient().get(f"/api/v1/assessments/{evidence['answer']}").json()
    assert [each["value"]["amount"] for each in shown["request"]["lines"]] == ["1000.00"]


def test_ages_are_of_the_first_report():
    post("/barriers", text="a", product="610910", economy="GB")
    later = datetime.now(UTC) + timedelta(days=31)
    (found,) = barriers_now(BarrierFilter(), later)
    assert (found.age, found.stage) == (31, "silent")


@pytest.mark.parametrize("name", IN_ADDRESSES)
def test_whatever_is_asked_for_is_answered_or_refused(name: str):
    client, value = Client(), IN_ADDRESSES[name]
    for address in ("/api/v1/barriers", "/barriers", "/barriers.csv"):
        together = "&".join(f"{each}={value}" for each in ("economy", "product", "agency", "stage", "page", "sort"))
        assert_answered(client.get(f"{address}?{together}"))
    for query in (f"cursor={value}", f"limit={value}", f"agency={value}", f"other={value}"):
        assert_answered(client.get(f"/api/v1/barriers?{query}"))
    for query in (f"answer={value}&line=0", f"product={value}&economy={value}&measure={value}&line={value}"):
        assert_answered(client.get(f"/barriers/report?{query}"))
    for address in (f"/api/v1/barriers/{value}", f"/barriers/{value}"):
        assert_answered(client.get(address))


def test_whatever_a_report_or_an_act_holds_is_taken_or_refused():
    answer, client = answered(), Client()
    agency = token(founded("gra", kind="agency", economy="GB"))
    made = post("/barriers", text="x", answer=answer["id"], measure=duty(answer)).json()["id"]
    about = {"text": "x", "product": "610910", "economy": "US"}
    of_answer = {"text": "x", "answer": answer["id"]}
    fields: list[tuple[str, dict[str, object], tuple[str, ...]]] = [
        ("", {**about}, ("text", "language", "product", "economy", "other")),
        ("", {**of_answer}, ("answer", "line", "measure")),
        (f"/{made}/answer", {"kind": "disagree", "reason": "r"}, ("kind", "reason", "promised")),
        (f"/{made}/claim", {}, ("reason",)),
        (f"/{made}/confirmation", {}, ("resolved",)),
        (f"/{made}/reopening", {"text": "x"}, ("text", "language", "answer", "measure")),
    ]
    for route, others, names in fields:
        for each, value in itertools.product(names, IN_JSON.values()):
            body = with_field(others, each, value)
            assert_answered(client.post(f"/api/v1/barriers{route}", body, "application/json", headers=agency))


def test_a_body_that_is_no_object_is_refused():
    agency = token(founded("gra", kind="agency", economy="GB"))
    routes = ("", "/bar_none/answer", "/bar_none/claim", "/bar_none/confirmation", "/bar_none/reopening")
    for route, body in itertools.product(routes, BODIES.values()):
        sent = Client().post(f"/api/v1/barriers{route}", body, "application/json", headers=agency)
        assert_answered(sent)
        assert 400 <= sent.status_code < 500
