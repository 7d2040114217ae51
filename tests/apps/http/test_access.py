"""Every route of the API, for every kind of caller: the scope that a route declares is the one that it asks for."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import path
from django.utils import timezone
from ninja import NinjaAPI

from ewtp.apps.accounts.actions.rate_limit import RateLimit
from ewtp.apps.accounts.actions.tokens import NewToken, token_create, token_revoke
from ewtp.apps.accounts.reading.scopes import PUBLIC_SCOPES, Scope
from ewtp.apps.accounts.reading.tokens import Token
from ewtp.apps.http.surface import callers
from ewtp.apps.http.surface.access import admit_caller, needs
from ewtp.apps.http.surface.problems import json_response
from ewtp.web.api import api
from tests.actors import OPERATOR

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 6, 30, tzinfo=UTC)
ORGANISATION = "org_" + 32 * "0"
ROUTES = [
    (
        method,
        re.sub(r"{\w+}", "a" + 32 * "0", route),
        vars(operation.view_func)["needed_scope"],
        vars(operation.view_func)["own"],
        vars(operation.view_func)["visitors"],
    )
    for router in api._get_bound_routers()
    for route, view in router.path_operations.items()
    for operation in view.operations
    for method in operation.methods
]


def token(*scopes: str, organisation: str = "") -> NewToken:
    made = token_create(name="test", now=timezone.now(), scopes=scopes, actor=OPERATOR, organisation=organisation)
    assert isinstance(made, NewToken)
    return made


def call(method, route, secret=""):
    headers = {"Authorization": f"Bearer {secret}"} if secret else {}
    return Client(enforce_csrf_checks=True).generic(method, route, b"{}", "application/json", headers=headers)


def refused(response, status, code):
    assert (response.status_code, response.headers["Content-Type"]) == (status, "application/problem+json")
    body = response.json()
    assert body["code"] == code
    assert response.headers["WWW-Authenticate"].startswith("Bearer")
    return body


def let_in(response):
    """Whether the route itself answered, be it to say that something is missing from the request."""
    return response.status_code not in {401, 403} and "WWW-Authenticate" not in response.headers


def test_the_routes_are_found():
    assert ("POST", "/assessments", Scope.READ, False, False) in ROUTES
    assert len(ROUTES) >= 7


@pytest.fixture
def nothing_remembered(monkeypatch):
    monkeypatch.setattr(callers, "REMEMBERED_SECONDS", 0.0)


@pytest.mark.usefixtures("nothing_remembered")
@pytest.mark.parametrize(("method", "route", "scope", "own", "visitors"), ROUTES)
def test_a_route_asks_for_its_scope(method, route, scope, own, visitors):
    address = f"/api/v1{route}"
    without = call(method, address)
    if visitors or (scope in PUBLIC_SCOPES and not own):
        assert let_in(without)
    else:
        refused(without, 401, "token_missing")
    good = token(scope, organisation=ORGANISATION if own and scope != Scope.OPERATE else "")
    assert let_in(call(method, address, good.secret))
    others = [other for other in Scope if other != scope]
    body = refused(call(method, address, token(*others).secret), 403, "scope_missing")
    assert (body["scope"], body["scopes"]) == (scope, sorted(others))
    assert isinstance(token_revoke(prefix=good.token.prefix, now=NOW, actor=OPERATOR), Token)
    refused(call(method, address, good.secret), 401, "token_unknown")
    refused(call(method, address, "ewtp_wrong"), 401, "token_unknown")


@pytest.mark.parametrize(("method", "route", "scope", "own"), [each[:4] for each in ROUTES if each[3]])
def test_a_route_of_an_organisation_needs_one(method, route, scope, own):
    del own
    response = call(method, f"/api/v1{route}", token(scope).secret)
    if scope == Scope.OPERATE:
        assert let_in(response)
    else:
        assert (response.status_code, response.json()["code"]) == (403, "token_without_organisation")


def test_who_was_kept_out_is_logged_without_the_secret(caplog):
    call("GET", "/api/v1/rulebook/versions", "ewtp_wrong")
    made = token("write")
    call("GET", "/api/v1/rulebook/versions", made.secret)
    unknown, missing = [record for record in caplog.records if record.name == "ewtp.security"]
    assert unknown.getMessage() == "GET /api/v1/rulebook/versions refused to anonymous: token_unknown"
    assert missing.getMessage() == f"GET /api/v1/rulebook/versions refused to token:{made.token.prefix}: scope_missing"
    assert "ewtp_wrong" not in caplog.text
    assert made.secret not in caplog.text


def call_from(address, secret):
    headers = {"Authorization": f"Bearer {secret}"}
    return Client().get("/api/v1/rulebook/versions", headers=headers, REMOTE_ADDR=address)


@pytest.mark.usefixtures("nothing_remembered")
def test_whoever_tries_tokens_is_stopped(monkeypatch):
    monkeypatch.setattr(callers, "BAD_TOKENS", RateLimit("test", 3, timedelta(minutes=10)))
    good = token("read")
    # One subscriber of IPv6 has many addresses, and an address of IPv4 is written in two ways.
    for first, other, stranger in (
        ("2001:db8::1", "2001:db8:0:0:ffff::2", "2001:db8:0:1::1"),
        ("192.0.2.1", "::ffff:192.0.2.1", "192.0.2.2"),
    ):
        for number in range(3):
            refused(call_from(first, f"ewtp_wrong{number}"), 401, "token_unknown")
        for stopped in (call_from(first, "ewtp_wrong"), call_from(other, "ewtp_wrong")):
            assert (stopped.status_code, stopped.json()["code"]) == (429, "rate_exceeded")
            assert 0 < int(stopped.headers["Retry-After"]) <= 600
        refused(call_from(stranger, "ewtp_wrong"), 401, "token_unknown")
        assert call_from(first, good.secret).status_code == 200
    assert call("GET", "/api/v1/rulebook/versions").status_code == 200


# Routes that need more than anybody has, and one that needs nothing.

private = NinjaAPI(urls_namespace="private", docs_url=None, openapi_url=None)


@private.post("/write")
@needs(Scope.WRITE)
def write(request, amount: int):
    caller = admit_caller(request)
    return json_response(f'{{"actor": "{caller.actor}", "amount": {amount}}}'.encode())


@private.get("/open")
@needs(None)
def open_to_all(request):
    del request
    return json_response(b"{}")


urlpatterns = [path("", private.urls)]


@pytest.mark.urls(__name__)
def test_what_is_not_public_needs_a_token_before_anything_is_read():
    body = refused(call("POST", "/write?amount=none"), 401, "token_missing")
    assert body["scope"] == "write"
    refused(call("POST", "/write?amount=none", token("read").secret), 403, "scope_missing")
    made = token("write", "read")
    answer = call("POST", "/write?amount=7", made.secret)
    assert answer.json() == {"actor": f"token:{made.token.prefix}", "amount": 7}


@pytest.mark.urls(__name__)
def test_what_needs_nothing_looks_at_no_token():
    assert call("GET", "/open").status_code == 200
    assert call("GET", "/open", "ewtp_wrong").status_code == 200
