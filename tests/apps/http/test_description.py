"""The API's description: complete, sound, and with examples that are answered as they stand."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import orjson
import pytest
from jsonschema import Draft202012Validator
from jsonschema.validators import validator_for

from ewtp.apps.accounts.actions.tokens import NewToken, token_create
from ewtp.apps.accounts.reading.scopes import PUBLIC_SCOPES, Scope
from ewtp.apps.assessment.surface.openapi import EXAMPLES
from ewtp.apps.batches.surface import api as batches_api
from ewtp.apps.log.actions.sequencer import sequence_events
from ewtp.apps.organisations.actions.organisations import organisation_register
from ewtp.core.organisations.organisation import Organisation
from ewtp.web.api import api
from tests.actors import OPERATOR
from tests.described_client import (
    DescribedClient,
    answer_faults,
    description,
    example_addresses,
    example_bodies,
    faults,
    operations,
)

_PHONES = dict.fromkeys(("hook_sms", "hook_ussd"), "text/plain; charset=utf-8")
# What answers in another form than JSON, as the programs that ask for it expect.
OTHER_KINDS = {
    "log_checkpoint": "text/plain; charset=utf-8",
    "hub_bundle": "application/jsonl; charset=utf-8",
    "log_tile": "application/octet-stream",
    "election_archive": "application/octet-stream",
    **_PHONES,
}
# What keeps nothing of the question, and so no answer for a repeat either.
_UNKEPT = {"proposal_shipments"}
REFERENCE = re.compile(r'"\$ref": ?"#/components/schemas/(\w+)"')


@pytest.mark.parametrize(("method", "path", "operation"), operations())
def test_every_operation_says_what_it_does_and_what_may_go_wrong(method, path, operation):
    assert path.startswith("/api/v1/")
    assert re.fullmatch(r"[a-z][a-z_]+", operation["operationId"])
    assert operation["summary"]
    assert operation["description"].endswith(".")
    assert "``" not in operation["description"]
    assert set(operation["tags"]) <= {tag["name"] for tag in description()["tags"]}
    for parameter in operation.get("parameters", ()):
        assert parameter["description"].endswith("."), parameter
        assert parameter["schema"], parameter
    successes = [status for status in operation["responses"] if int(status) < 400]
    # A question may be answered with an address for its answer or without one.
    assert len(successes) == (2 if operation["operationId"] == "assessment_create" else 1)
    for status, response in operation["responses"].items():
        (kind,) = response["content"]
        usual = OTHER_KINDS.get(operation["operationId"], "application/json")
        assert kind == (usual if status in successes else "application/problem+json")
        assert re.fullmatch(r"#/components/schemas/\w+", response["content"][kind]["schema"]["$ref"])
    assert {"401", "403", "500"} <= set(operation["responses"])
    if method == "POST":
        assert example_bodies(operation), "a body that nobody can try"
        # A signed call has an id of its own, by which it counts once.
        keyed = any(parameter["name"] == "Idempotency-Key" for parameter in operation.get("parameters", ()))
        assert keyed != (operation["operationId"] in {*_PHONES, *_UNKEPT})
        assert ("409" in operation["responses"]) != (operation["operationId"] in _UNKEPT)
        assert {"413", "422"} <= set(operation["responses"])


def test_operations_have_names_of_their_own():
    names = [operation["operationId"] for _, _, operation in operations()]
    assert len(names) == len(set(names))


def test_every_operation_names_the_scope_that_it_needs():
    declared = api.declarations()
    for _, _, operation in operations():
        *anybody, needed = operation["security"]
        (scope,) = needed["token"]
        _, own, visitors = declared[operation["operationId"]]
        assert (anybody == [{}]) == (visitors or (Scope(scope) in PUBLIC_SCOPES and not own))
    assert description()["components"]["securitySchemes"]["token"]["scheme"] == "bearer"


def test_the_server_is_the_one_that_is_asked():
    assert description()["servers"] == [{"url": "/"}]


def test_every_schema_is_sound_and_used():
    schemas = description()["components"]["schemas"]
    used = set(REFERENCE.findall(orjson.dumps(description()["paths"]).decode()))
    for _ in schemas:
        used |= {name for one in used for name in REFERENCE.findall(orjson.dumps(schemas[one]).decode())}
    assert used == set(schemas)
    for schema in schemas.values():
        assert validator_for(schema, default=Draft202012Validator) is Draft202012Validator
        Draft202012Validator.check_schema(schema)
        assert [fault for example in schema.get("examples", ()) for fault in faults(schema, example)] == []


def test_examples_of_bodies_follow_their_schema():
    found = [
        fault
        for _, _, operation in operations()
        if "requestBody" in operation
        for body in example_bodies(operation)
        for fault in faults(operation["requestBody"]["content"]["application/json"]["schema"], body)
    ]
    assert found == []


@pytest.mark.usefixtures("rulebook")
def test_examples_of_addresses_are_answered(client, monkeypatch):
    addresses = [
        address for method, path, one in operations() if method == "GET" for address in example_addresses(path, one)
    ]
    assert len(addresses) >= 5
    made = organisation_register(
        name="Amina", kind="firm", economy="KE", founder="", actor=OPERATOR, now=datetime(2026, 6, 30, tzinfo=UTC)
    )
    assert isinstance(made, Organisation)
    token = token_create(
        name="test", now=datetime(2026, 6, 30, tzinfo=UTC), scopes=["read"], actor=OPERATOR, organisation=made.id
    )
    assert isinstance(token, NewToken)
    # The routes of the log answer once there is one.
    sequence_events(now=datetime(2026, 6, 30, tzinfo=UTC))
    monkeypatch.setattr(batches_api, "read_burden", lambda _home: None)
    headers = {"Authorization": f"Bearer {token.secret}"}
    answered = {address: client.get(address, headers=headers).status_code for address in addresses}
    # Where no report on the burden of rules is shown, its address says so.
    assert answered == dict.fromkeys(addresses, 200) | {"/api/v1/rulebook/burden": 404}


@pytest.mark.usefixtures("rulebook")
def test_the_first_example_is_answered_and_read_again():
    first = next(iter(EXAMPLES.values()))
    client = DescribedClient()
    made = client.post("/api/v1/assessments", orjson.dumps(first), content_type="application/json")
    assert made.status_code == 201, made.content
    assert client.get(made.headers["Location"]).content == made.content


@pytest.mark.usefixtures("rulebook")
def test_an_answer_that_differs_from_its_description_is_noticed(client):
    good = client.get("/api/v1/rulebook/versions").json()

    def found(body, status=200, kind="application/json"):
        return answer_faults("GET", "/api/v1/rulebook/versions", status, kind, orjson.dumps(body))

    assert found(good) == []
    assert "extra" in found({**good, "extra": 1})[0]
    assert "rulebook_version" in found({"items": [], "next": None})[0]
    assert "next" in found({**good, "next": 7})[0]
    assert "418" in found(good, status=418)[0]
    assert "text/html" in found(good, kind="text/html")[0]


def test_the_description_is_read_without_a_token_and_allowed_to_be_old(client):
    response = client.get("/api/v1/openapi.json")
    assert response.status_code == 200
    assert response.json() == description()
