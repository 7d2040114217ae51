"""A barrier by text message and by a phone menu: signed, once, in the sender's language, and without a number kept."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from ewtp.apps.barriers.actions.barriers import VISITOR_REPORTS
from ewtp.apps.barriers.actions.text_messages import TEXT_MESSAGE
from ewtp.apps.barriers.reading.barrier_list import BarrierFilter, barriers_now
from ewtp.apps.barriers.surface.phone_menu import (
    PhoneReport,
    menu_languages,
    menu_sentences,
    menu_step,
    phone_text,
    read_message,
    receipt_text,
)
from ewtp.apps.jobs.actions.outbox import outbox_drain
from ewtp.core.barriers.sentence_language import sentence_language
from ewtp.core.values.sentence import Statement
from ewtp.gateways.installation.home import home_path
from ewtp.gateways.sms.text_parts import text_parts
from ewtp.gateways.webhooks.webhook_signature import sign_webhook
from ewtp.web.job_handlers import HANDLERS

KEY = b"k" * 24
NUMBER = "+233200000000"
SENTENCES = {
    "en": "Two offices ask for the same paper and it takes three weeks.",
    "fr": "Deux bureaux demandent le même papier et il faut trois semaines.",
    "es": "Dos oficinas piden el mismo papel y tardan tres semanas.",
    "ar": "مكتبان يطلبان الورقة نفسها ويستغرق ذلك ثلاثة أسابيع.",
    "zh-hans": "两个机构要求同一份文件,要三个星期。",
    "sw": "Ofisi mbili zinataka karatasi hiyo hiyo na inachukua wiki tatu.",
}
ADDRESS = "trade.example.org/barriers/123456"


@pytest.fixture(autouse=True)
def _secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EWTP_HOOK_SECRET", f"whsec_{base64.b64encode(KEY).decode()}")


def called(address: str, body: bytes, kind: str, identity: str = "msg_1", **changes: str) -> Any:
    at = int(timezone.now().timestamp())
    headers = {
        "webhook-id": identity,
        "webhook-timestamp": str(at),
        "webhook-signature": sign_webhook(KEY, identity, at, body),
        **{name.replace("_", "-"): text for name, text in changes.items()},
    }
    return Client().post(f"/api/v1/hooks/{address}", body, kind, headers=headers)


def message(text: str, *, identity: str = "msg_1", convention: str = "kannel", **changes: str) -> Any:
    fields = {"from": NUMBER, "to": "1234", "text": text}
    if convention == "kannel":
        body, kind = urlencode(fields).encode(), "application/x-www-form-urlencoded"
    else:
        body, kind = json.dumps({**fields, "id": "7", "channel": "c"}).encode(), "application/json"
    return called(f"sms/{convention}", body, kind, identity, **changes)


def step(typed: str, session: str = "s1") -> str:
    fields = {"sessionId": session, "phoneNumber": NUMBER, "serviceCode": "*384#", "text": typed}
    response = called("ussd", urlencode(fields).encode(), "application/x-www-form-urlencoded")
    assert response.status_code == 200, response.content
    return str(response.content.decode())


def reports() -> list[tuple[str, str, str, int]]:
    found = barriers_now(BarrierFilter(), datetime.now(UTC))
    return [(each.words, each.matter.economy, each.matter.product, each.visitors) for each in found]


@pytest.mark.django_db
@pytest.mark.parametrize("language", SENTENCES)
def test_a_sentence_reports_and_is_answered_in_its_language(language: str) -> None:
    answer = message(SENTENCES[language])
    assert answer.status_code == 200, answer.content
    (barrier,) = barriers_now(BarrierFilter(), datetime.now(UTC))
    assert answer.content.decode() == receipt_text(
        barrier.number, f"127.0.0.1:8000/barriers/{barrier.number}", language
    )
    assert reports() == [(SENTENCES[language], "", "", 1)]
    led = Client().get(f"/barriers/{barrier.number}")
    assert led.headers["Location"] == f"/barriers/{barrier.id}"


@pytest.mark.django_db
def test_a_call_that_is_sent_again_reports_once():
    assert message("Slow.").content
    again = message("Slow.")
    assert (again.status_code, again.content) == (200, b"")
    assert message("Slower.").status_code == 409
    assert reports() == [("Slow.", "", "", 1)]


@pytest.mark.django_db
def test_a_step_without_a_session_is_refused_and_is_no_repeat_of_another_phone():
    for session in ("", "x" * 201):
        fields = {"sessionId": session, "phoneNumber": NUMBER, "text": "1*0*0*Slow."}
        refused = called("ussd", json.dumps(fields).encode(), "application/json")
        assert (refused.status_code, refused.json()["code"]) == (422, "hook_unreadable")
    assert reports() == []


@pytest.mark.django_db
def test_what_is_not_signed_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    for changes in ({"webhook_signature": "v1,x"}, {"webhook_id": "msg_2"}, {"webhook_timestamp": "1"}):
        refused = message("Slow.", **changes)
        assert (refused.status_code, refused.json()["code"]) == (401, "hook_unsigned")
    assert Client().post("/api/v1/hooks/ussd", b"{}", "application/json").status_code == 401
    monkeypatch.delenv("EWTP_HOOK_SECRET")
    closed = message("Slow.")
    assert (closed.status_code, closed.json()["code"]) == (404, "hook_closed")
    assert reports() == []


@pytest.mark.django_db
def test_what_cannot_be_read_is_refused():
    for body in (b"", b"{", b"[]", b'{"from": 1, "text": "a"}', b"from=1", b"from=1&text=%00", b"\xff"):
        refused = called("sms/kannel", body or b" ", "application/json", f"msg_{body!r}"[:40])
        assert (refused.status_code, refused.json()["code"]) == (422, "hook_unreadable"), body
    assert message("Slow.", convention="smpp").status_code == 404
    assert message(" ").content.decode().startswith("Not kept. Say in 1 to")


@pytest.mark.django_db
def test_with_rapidpro_the_receipt_leaves_through_the_outbox():
    answer = message("GH 6109.10 Slow.", convention="rapidpro")
    assert (answer.status_code, answer.content) == (200, b"")
    outbox_drain(topic=TEXT_MESSAGE, handler=HANDLERS[TEXT_MESSAGE], now=timezone.now(), chance=lambda: 0.0)
    written = [json.loads(each.read_bytes()) for each in (home_path() / "sms").glob("*.json")]
    (barrier,) = barriers_now(BarrierFilter(), datetime.now(UTC))
    assert (NUMBER, f"127.0.0.1:8000/barriers/{barrier.number}") in [
        (each["to"], each["text"].rpartition(" ")[2]) for each in written
    ]
    assert reports() == [("Slow.", "GH", "610910", 1)]


@pytest.mark.django_db
def test_no_phone_number_is_kept():
    message("Slow.", convention="rapidpro")
    step("1*GH*610910*Slow.")
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
        for (table,) in cursor.fetchall():
            cursor.execute(f"SELECT count(*) FROM {table} AS t WHERE t::text LIKE %s", ["%233200000000%"])  # noqa: S608 - a table's name
            assert cursor.fetchone() == (0,), table


@pytest.mark.django_db
def test_a_phone_is_limited_like_a_visitor():
    for number in range(VISITOR_REPORTS.most):
        message(f"Slow {number}.", identity=f"msg_{number}")
    assert message("Slow.", identity="msg_last").content.decode().startswith("Not kept. ")
    assert len(reports()) == VISITOR_REPORTS.most


@pytest.mark.django_db
def test_a_menu_asks_and_reports():
    assert step("").startswith("CON eWTP\n1 English\n2 ")
    assert step("1") == "CON Where do the goods go? Two letters, such as GH. 0: not said"
    assert step("1*gh") == "CON Tariff code of six digits. 0: not said"
    assert step("1*gh*610910") == "CON What stops you? One sentence."
    assert step("1*gh*610910*Two * three weeks.").startswith("END Kept as barrier ")
    assert step("1*gh*610910*Two * three weeks.") == "END eWTP"
    assert reports() == [("Two * three weeks.", "GH", "610910", 1)]
    assert step("2*XQ*0*Lent.", "s2").startswith("END ")
    assert step("9").startswith("CON eWTP\n1 English")
    assert len(reports()) == 1
    assert step("1*0*0*Slow.", "s3").startswith("END Kept")


def test_what_a_message_says_of_its_place():
    assert read_message("GH 610910 Slow.") == PhoneReport("Slow.", "GH", "610910")
    assert read_message("6109.10.00, GH: Slow.") == PhoneReport("Slow.", "GH", "6109.10.00")
    assert read_message("GH ٦١٠٩١٠ بطيء") == PhoneReport("بطيء", "GH", "610910")
    assert menu_step("٤*GH*٦١٠٩١٠*بطيء") == menu_step("4*GH*610910*بطيء")
    assert read_message("IT IS SLOW") == PhoneReport("IT IS SLOW")
    assert read_message("610910 is slow") == PhoneReport("610910 is slow")


@pytest.mark.parametrize("language", SENTENCES)
def test_the_language_of_a_sentence(language: str) -> None:
    assert sentence_language(SENTENCES[language]) == language


def test_where_nothing_tells_it_is_english():
    assert sentence_language("") == sentence_language("610910") == sentence_language("xyzzy") == "en"


def test_every_text_fits_a_phone():
    """A receipt takes one message in Latin letters and two at most in others; a screen is one screen."""
    assert menu_languages() == tuple(SENTENCES)
    first = menu_step("")[1]
    assert isinstance(first, str)
    assert text_parts(f"CON {first}").fits_ussd
    for language in menu_languages():
        text = receipt_text(123_456, ADDRESS, language)
        receipt, wide = text_parts(text), language in {"ar", "zh-hans"}
        assert (receipt.encoding, receipt.parts) == (("UCS-2", 1 + (receipt.units > 70)) if wide else ("GSM-7", 1))
        assert receipt.parts <= 2, (language, receipt)
        assert text_parts(f"END {text}").fits_ussd, (language, text_parts(text))
        for sentence in menu_sentences():
            written = text_parts(f"CON {phone_text(Statement(sentence), language)}")
            assert written.fits_ussd, (language, sentence.code, written)
            assert written.encoding == ("UCS-2" if wide else "GSM-7"), (language, sentence.code)
