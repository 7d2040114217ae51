"""What every page shares: the navigation, the languages, messages, and parts that say that they are not built."""

from __future__ import annotations

import re

import pytest
from django.contrib import messages
from django.contrib.messages.storage.fallback import FallbackStorage
from django.template.loader import render_to_string
from django.test import Client

pytestmark = pytest.mark.django_db
PARTS = ("/", "/markets", "/trade", "/clear", "/rules")


def text_of(response):
    return response.content.decode()


@pytest.mark.parametrize("address", PARTS)
def test_every_part_is_reached_from_every_part_and_shows_where_the_reader_is(client, address):
    response = client.get(address)
    assert response.status_code == 200
    navigation = re.search(r"<nav .*?</nav>", text_of(response), re.DOTALL)
    assert navigation is not None
    assert re.findall(r'<a href="([^"]+)"', navigation.group()) == list(PARTS)
    assert re.findall(r'<a href="([^"]+)" aria-current="page"', navigation.group()) == [address]


@pytest.mark.parametrize("address", ["/trade", "/clear"])
def test_a_part_that_is_not_built_says_so_before_and_after_it_is_opened(client, address):
    assert re.search(rf'<a href="{address}"[^>]*>[^<]+<small>not here yet</small>', text_of(client.get("/")))
    assert "This part has not been built" in text_of(client.get(address))


def test_an_unknown_address_keeps_the_navigation(client):
    response = client.get("/nowhere")
    assert response.status_code == 404
    assert 'href="/markets"' in text_of(response)
    assert 'aria-current="page"' not in text_of(response)


def test_messages_are_shown_once_and_their_text_is_no_markup(rf):
    request = rf.get("/")
    request.session = {}
    request._messages = FallbackStorage(request)
    messages.warning(request, "<b>Look</b> here")
    shown = render_to_string("pages/not_here.html", {"part": "trade", "messages": messages.get_messages(request)})
    assert '<p class="notice warning">&lt;b&gt;Look&lt;/b&gt; here</p>' in shown
    assert "notice warning" not in render_to_string("pages/not_here.html", {"part": "trade"})


def test_the_language_is_kept_and_the_page_stays(client):
    sent, ours = {"language": "fr", "next": "/trade"}, {"Origin": "http://testserver"}
    response = client.post("/language", sent, headers=ours)
    assert (response.status_code, response.headers["Location"]) == (303, "/trade")
    assert '<html lang="fr"' in text_of(client.get("/trade"))


@pytest.mark.parametrize("address", ["//elsewhere.example/", "https://elsewhere.example/", "javascript:alert(1)"])
def test_choosing_a_language_never_leads_elsewhere(client, address):
    assert client.post("/language", {"language": "fr", "next": address}).headers["Location"] == "/"


def test_an_unknown_language_changes_nothing(client):
    response = client.post("/language", {"language": "xx", "next": "/"})
    assert response.status_code == 303
    assert not response.cookies


def test_the_form_comes_back_with_everything_typed(client):
    sent = {"language": "es", "csrfmiddlewaretoken": "secret", "product": "caf\u00e9 & t\u00e9", "from": "KE"}
    response = client.post(
        "/language/ask", {**sent, "quantity_amount": ["1", "2"]}, headers={"Origin": "http://testserver"}
    )
    assert response.headers["Location"] == "/?product=caf%C3%A9+%26+t%C3%A9&from=KE&quantity_amount=1&quantity_amount=2"
    page = text_of(client.get(response.headers["Location"]))
    assert '<html lang="es"' in page
    assert 'value="caf\u00e9 &amp; t\u00e9"' in page
    assert '<option value="KE" selected>' in page


SENT = {"language": "es", "hs": "6109", "from": "KE"}


@pytest.mark.parametrize(
    "sender", [{"Origin": "http://testserver"}, {"Referer": "http://testserver/markets"}], ids=["origin", "referer"]
)
def test_a_form_without_a_token_is_taken_from_this_site(sender):
    response = Client(enforce_csrf_checks=True).post("/language/markets", SENT, headers=sender)
    assert response.headers["Location"] == "/markets?hs=6109&from=KE"
    assert response.cookies["django_language"].value == "es"


@pytest.mark.parametrize(
    "sender",
    [
        {},
        {"Origin": "null"},
        {"Origin": "https://elsewhere.example", "Referer": "http://testserver/"},
        {"Referer": "http://testserver.elsewhere.example/"},
        {"Origin": "https://testserver"},
    ],
    ids=["unknown", "opaque", "another", "alike", "scheme"],
)
def test_another_site_sets_no_language(sender):
    client = Client(enforce_csrf_checks=True)
    response = client.post("/language/markets", SENT, headers=sender)
    assert response.headers["Location"] == "/markets?hs=6109&from=KE"
    assert not response.cookies
    assert not client.post("/language", {"language": "es", "next": "/trade"}, headers=sender).cookies


@pytest.mark.parametrize("address", ["/language", "/language/ask", "/language/markets"])
def test_reading_an_address_sets_no_language(client, address):
    response = client.get(address, SENT)
    assert response.status_code == 405
    assert not response.cookies


def test_only_pages_with_a_form_come_back_with_one(client):
    assert client.post("/language/nowhere", {"language": "es"}).status_code == 404
