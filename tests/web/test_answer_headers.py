"""What every answer tells a browser: what it is, what it may do, and whether it may be kept."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.test import Client

from ewtp.apps.accounts.actions.tokens import NewToken, token_create
from ewtp.apps.accounts.reading.scopes import Scope
from tests.actors import OPERATOR

pytestmark = pytest.mark.django_db
VERSIONS = "/api/v1/rulebook/versions"
STYLE = "/static/ewtp/ewtp.css"
ADDRESSES = ("/", "/trade", "/account/login/", "/nowhere", "/healthz", "/metrics", STYLE, VERSIONS, "/api/v1/nowhere")
DIRECTIVES = ("default-src 'none'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'")


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_answer_has_its_type_and_the_policies(client, address):
    answer = client.get(address, headers={"origin": "https://elsewhere.example"})
    answer.close()
    kind = answer.headers["Content-Type"]
    assert "charset=" in kind or not kind.startswith("text/")
    directives = {each.strip() for each in answer.headers["Content-Security-Policy"].split(";")}
    assert set(DIRECTIVES) - directives == set()
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    # No page of another site may read what a browser is told here.
    assert not [name for name in answer.headers if name.startswith("Access-Control-")]


@pytest.mark.parametrize(
    "address",
    ["/static/", "/static/ewtp/", "/static/../settings.py", "/static/ewtp/%2e%2e/%2e%2e/settings.py", "/.git/config"],
)
def test_neither_a_folder_nor_what_is_beside_it_is_served(client, address):
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("address", ["/", "/trade", "/account/login/", STYLE, VERSIONS])
def test_no_address_answers_trace(client, address):
    answer = client.trace(address, headers={"x-secret": "told"})
    assert answer.status_code == 405
    assert b"told" not in answer.getvalue()
    answer.close()


def test_what_a_token_was_shown_is_in_no_cache(client):
    made = token_create(name="t", scopes=[Scope.READ], actor=OPERATOR, now=datetime.now(UTC))
    assert isinstance(made, NewToken)
    shown = client.get(VERSIONS, headers={"authorization": f"Bearer {made.secret}"})
    assert (shown.status_code, shown.headers["Cache-Control"]) == (200, "no-store")


def test_what_came_without_https_is_sent_there_or_refused(settings):
    settings.HTTPS = True
    plain, sealed = ({"x-forwarded-proto": scheme} for scheme in ("http", "https"))
    page = Client().get("/trade?a=1", headers=plain)
    assert (page.status_code, page.headers["Location"]) == (308, "https://testserver/trade?a=1")
    answer = Client().get(VERSIONS, headers=plain)
    assert (answer.status_code, answer.json()["code"]) == (403, "https_needed")
    for headers in (sealed, {}):
        assert Client().get("/trade", headers=headers).status_code == 200
        assert Client().get(VERSIONS, headers=headers).status_code == 200
