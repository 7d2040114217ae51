"""Mail is enqueued with the action, sealed, sent once by a worker, and tried again where no server takes it."""

from __future__ import annotations

import base64
import smtplib
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.fernet import InvalidToken
from django.core import mail as sent
from django.core.mail.backends.locmem import EmailBackend
from django.db import transaction

from ewtp.apps.accounts.actions.mail import Mail, mail_enqueue, mail_send
from ewtp.apps.jobs.actions.outbox import outbox_drain
from ewtp.apps.jobs.store.models import OutboxMessage
from ewtp.gateways.installation.text_seal import seal_text, unseal_text
from ewtp.web.job_handlers import HANDLERS

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 30, 12, 0, tzinfo=UTC)
CODE = Mail("ann@example.org", "Your code", "ABC-123")


def drain(now):
    return outbox_drain(topic="mail", handler=HANDLERS["mail"], now=now, chance=lambda: 1.0)


def test_a_mail_waits_sealed_and_is_sent_once():
    mail_enqueue(mail=CODE, now=NOW)
    row = OutboxMessage.objects.get()
    assert "ABC" not in str(row.payload)
    assert "ann" not in str(row.payload)
    assert sent.outbox == []
    assert drain(NOW).delivered == 1
    assert drain(NOW + timedelta(hours=1)).claimed == 0
    (message,) = sent.outbox
    assert (message.to, message.subject, message.body) == (["ann@example.org"], "Your code", "ABC-123")
    # By this a receiver recognises one that is sent again.
    assert str(row.message_id) in message.extra_headers["Message-ID"]


def test_an_action_that_is_undone_sends_no_mail():
    with transaction.atomic():
        mail_enqueue(mail=CODE, now=NOW)
        transaction.set_rollback(True)
    assert drain(NOW).claimed == 0


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (ConnectionRefusedError(111, "Connection refused"), "Connection refused"),
        (smtplib.SMTPRecipientsRefused({"ann@example.org": (550, b"ann@example.org is unknown")}), "SMTPRecipients"),
    ],
)
def test_a_server_that_takes_nothing_is_tried_again(monkeypatch, error, reason):
    def refuse(*_):
        raise error

    mail_enqueue(mail=CODE, now=NOW)
    with monkeypatch.context() as patched:
        patched.setattr(EmailBackend, "send_messages", refuse)
        assert drain(NOW).failed == 1
    kept = OutboxMessage.objects.get().reason
    assert kept is not None
    assert kept["code"] == "mail_not_taken"
    assert reason in kept["message"]
    assert "ann" not in str(kept)
    assert drain(NOW + timedelta(minutes=1)).delivered == 1
    assert len(sent.outbox) == 1


def test_what_was_sealed_with_another_key_is_not_read(settings):
    mail_enqueue(mail=CODE, now=NOW)
    row = OutboxMessage.objects.get()
    settings.SECRET_KEY = "another"
    with pytest.raises(InvalidToken):
        mail_send(**row.payload, message_id=row.message_id)
    assert drain(NOW).failed == 1
    assert OutboxMessage.objects.get().reason["code"] == "handler_failed"  # type: ignore[index]


@pytest.mark.parametrize(
    "mail",
    [
        Mail("ann@example.org\nBcc: eve@example.org", "Your code", "ABC-123"),
        Mail("ann@example.org", "Your code\nBcc: eve@example.org", "ABC-123"),
    ],
)
def test_a_line_break_in_an_address_or_a_subject_adds_no_header(mail):
    mail_enqueue(mail=mail, now=NOW)
    assert drain(NOW).failed == 1
    assert sent.outbox == []


def test_what_was_sealed_is_not_read_once_a_byte_is_another():
    sealed = base64.urlsafe_b64decode(seal_text("ABC-123", purpose="mail", key="key"))
    assert unseal_text(base64.urlsafe_b64encode(sealed).decode(), purpose="mail", key="key") == "ABC-123"
    for place in range(len(sealed)):
        changed = sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :]
        with pytest.raises(InvalidToken):
            unseal_text(base64.urlsafe_b64encode(changed).decode(), purpose="mail", key="key")
