"""Everything below /api/ that goes wrong is a problem document with a stable code, wherever it goes wrong."""

from __future__ import annotations

import base64
import logging

import pytest
from django.test import Client

from ewtp.web.log_line import LogLine

pytestmark = pytest.mark.django_db
BASE = "/api/v1"


def problem(response, status, code):
    assert (response.status_code, response.headers["Content-Type"]) == (status, "application/problem+json"), response
    body = response.json()
    assert (body["status"], body["code"]) == (status, code)
    assert body["detail"].endswith(".")


@pytest.mark.parametrize("path", ["/assessments", "/hs", "/rulebook/measures", "/rulebook/versions", "/assessments/a1"])
@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW"])
def test_a_method_that_is_not_allowed(path, method):
    response = Client(enforce_csrf_checks=True).generic(method, BASE + path)
    problem(response, 405, "method_not_allowed")
    assert response.headers["Allow"] in {"GET", "POST"}


@pytest.mark.parametrize(
    "address",
    [
        "/api",
        "/api/",
        "/api/v1",
        "/api/v1/",
        "/api/v1/nope",
        "/api/v1/hs/",
        "/api/v1//hs",
        "/api/v1/%0Ax",
        "/api/v2/hs",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_an_address_that_leads_nowhere(address, method):
    problem(Client(enforce_csrf_checks=True).generic(method, address), 404, "address_unknown")


def test_pages_keep_their_own_errors():
    assert Client().get("/nope").headers["Content-Type"].startswith("text/html")
    assert Client().get("/apiary").headers["Content-Type"].startswith("text/html")


def test_a_host_that_is_not_served():
    problem(Client().get(BASE + "/hs?q=tea", headers={"host": "evil.example"}), 400, "request_refused")


def test_head_is_answered_like_get():
    head, body = (getattr(Client(), method)(BASE + "/rulebook/versions") for method in ("head", "get"))
    assert (head.status_code, head.headers["Content-Type"]) == (body.status_code, body.headers["Content-Type"])


def test_a_body_in_pieces_is_asked_for_in_one():
    response = Client().generic("POST", BASE + "/assessments", b"", headers={"transfer-encoding": "chunked"})
    problem(response, 411, "length_required")


def test_an_answer_whose_address_the_database_could_not_hold():
    problem(Client().get(BASE + "/assessments/a%00"), 404, "address_unknown")


@pytest.mark.parametrize("path", ["/proposals/%00", "/proposals/%00/tally", "/proposals/%00/words", "/barriers/%00"])
def test_an_address_with_a_character_that_no_text_has(path):
    response = Client().get(BASE + path)
    problem(response, 404, "address_unknown")


def test_a_parameter_with_a_character_that_no_text_has():
    problem(Client().get(BASE + "/adoptions?territory=%00"), 422, "field_unreadable")


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00%2B23:59", "9999-12-31T23:59:59-23:59"])
def test_a_moment_outside_the_calendar(moment):
    problem(Client().get(f"{BASE}/rulebook/measures?known_at={moment}"), 422, "known_at_unreadable")


@pytest.mark.parametrize(
    "text",
    ["", "|", "|x", "0001-01-01T00:00:00+23:59|1", "9999-12-31T23:59:59-23:59|1", "2026-01-01T00:00:00|1", "\0|\0"],
)
@pytest.mark.parametrize("path", ["measures", "versions"])
def test_a_cursor_that_no_page_gave(path, text):
    cursor = base64.urlsafe_b64encode(text.encode()).decode() or "A"
    problem(Client().get(f"{BASE}/rulebook/{path}?cursor={cursor}"), 422, "cursor_unreadable")


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("/hs?q=tea&economy=ZZ", "economy_unknown"),
        ("/hs?q=tea&economie=GB", "parameter_unknown"),
        ("/hs?q=tea&q=coffee", "parameter_twice"),
        ("/hs/suggestions?q=tea&economy=GB", "parameter_unknown"),
        ("/rulebook/measures?economy=ZZ", "economy_unknown"),
        ("/rulebook/measures?econmy=GB", "parameter_unknown"),
        ("/rulebook/measures?economy=GB&economy=FR", "parameter_twice"),
        ("/rulebook/measures?limit=many", "parameter_invalid"),
        ("/rulebook/measures?limit=%00", "parameter_invalid"),
        ("/hs?q=%00", "field_unreadable"),
        ("/rulebook/versions?page=2", "parameter_unknown"),
    ],
)
def test_a_parameter_that_would_silently_change_the_list(address, code):
    problem(Client().get(BASE + address), 422, code)


QUESTION = b'{"from": "ZA", "to": "GB", "lines": []}'


@pytest.mark.parametrize(
    ("kind", "headers", "status"),
    [
        ("text/plain", {}, 415),
        ("text/plain;charset=UTF-8", {"origin": "https://evil.example"}, 415),
        ("multipart/form-data; boundary=x", {}, 415),
        ("application/x-www-form-urlencoded", {"origin": "https://evil.example"}, 415),
        ("application/x-www-form-urlencoded", {"sec-fetch-site": "cross-site"}, 415),
        # What curl sends by itself, which no browser does.
        ("application/x-www-form-urlencoded", {}, 422),
        ("application/json", {"origin": "https://trade.example"}, 422),
        ("application/json; charset=utf-8", {}, 422),
    ],
)
def test_a_body_that_a_page_of_another_site_could_send_is_refused(kind, headers, status):
    response = Client(enforce_csrf_checks=True).generic("POST", BASE + "/assessments", QUESTION, kind, headers=headers)
    problem(response, status, "body_not_json" if status == 415 else "lines_missing")


@pytest.mark.parametrize("digits", [101, 4_300, 4_301, 100_000])
@pytest.mark.parametrize("place", ['{"date": %s}', '{"lines": [{"value": {"amount": %s, "currency": "GBP"}}]}', "%s"])
def test_a_number_of_too_many_digits(digits, place):
    body = (place % ("7" * digits)).encode()
    problem(Client().post(BASE + "/assessments", body, content_type="application/json"), 400, "json_unreadable")


def test_a_host_that_is_not_served_is_logged_in_one_line(caplog):
    Client().get(BASE + "/hs?q=tea", headers={"host": "evil.example"})
    (record,) = [record for record in caplog.records if record.name == "django.security.DisallowedHost"]
    assert record.exc_info is None


def test_a_line_of_the_log_cannot_be_forged():
    record = logging.LogRecord("x", logging.WARNING, "", 0, "%s", ("/a\n2026 ERROR forged\x1b[2J",), None)
    line = LogLine("%(levelname)s %(message)s").format(record)
    assert line == r"WARNING /a\n2026 ERROR forged\x1b[2J"


def test_a_line_of_the_log_says_when_in_utc():
    record = logging.LogRecord("x", logging.WARNING, "", 0, "told", (), None)
    record.created, record.msecs = 1_767_225_599.25, 250.0
    assert LogLine("%(asctime)s %(message)s").format(record) == "2025-12-31T23:59:59.250Z told"


def test_messages_go_to_standard_error_alone(settings):
    assert [each["class"] for each in settings.LOGGING["handlers"].values()] == ["logging.StreamHandler"]
    assert "filename" not in str(settings.LOGGING)
