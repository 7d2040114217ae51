"""The API does without what pages need: sessions, sign-in, messages; and its requests are freed with their answers."""

from __future__ import annotations

import gc
import weakref

import pytest
from django.core.handlers.wsgi import WSGIRequest
from django.test import RequestFactory
from django.utils import translation

from ewtp.web.api import api
from ewtp.web.wsgi import application

pytestmark = pytest.mark.django_db

VERSIONS = "/api/v1/rulebook/versions"
OF_PAGES = ("session", "user", "_messages", "htmx")


@pytest.fixture
def seen(monkeypatch):
    """The requests that are made meanwhile, by weak references, with the attributes that they had in the end."""
    made: list[tuple[weakref.ref[WSGIRequest], frozenset[str]]] = []
    close = WSGIRequest.close

    def noted(request):
        made.append((weakref.ref(request), frozenset(vars(request))))
        close(request)

    monkeypatch.setattr(WSGIRequest, "close", noted)
    return made


def test_a_page_has_what_the_api_has_not(client, seen):
    client.get("/trade")
    client.get(VERSIONS)
    (_, of_page), (_, of_api) = seen
    assert of_page.issuperset(OF_PAGES)
    assert of_api.isdisjoint(OF_PAGES)


def test_a_request_to_the_api_is_freed_without_a_search_for_garbage():
    # The client of tests keeps its requests, so the handler is called without it.
    environ = RequestFactory().generic("GET", VERSIONS).environ
    gc.collect()
    gc.disable()
    try:
        request = weakref.ref(made := WSGIRequest(environ))
        answer = application.get_response(made)
        assert answer.status_code == 200
        del made, answer
        assert request() is None
    finally:
        gc.enable()


def test_a_cookie_of_a_session_opens_nothing_of_the_api(client, django_user_model):
    person = django_user_model.objects.create(email="a@b.example", username="a")
    client.force_login(person)
    assert client.get("/api/v1/organisations").status_code == 401


@pytest.mark.parametrize(("header", "language"), [("", "en"), ("fr", "fr"), ("ar;q=0.9", "ar")])
def test_the_api_works_in_the_language_asked_for_and_not_in_that_of_the_request_before(
    client, monkeypatch, header, language
):
    spoken = []
    run = type(api).create_temporal_response

    def noted(self, request):
        spoken.append(translation.get_language())
        return run(self, request)

    monkeypatch.setattr(type(api), "create_temporal_response", noted)
    client.get("/trade", headers={"Accept-Language": "sw"})
    client.get(VERSIONS, headers={"Accept-Language": header} if header else {})
    assert spoken == [language]


def test_every_route_answers_with_a_response_of_its_own():
    for router in api._get_bound_routers():
        for view in router.path_operations.values():
            for operation in view.operations:
                assert operation.view_func.__annotations__["return"] == "HttpResponse", operation.operation_id
