"""The mails that a worker has handed over by now."""

from __future__ import annotations

from datetime import UTC, datetime

from django.core import mail

from ewtp.apps.jobs.actions.outbox import outbox_drain
from ewtp.web.job_handlers import HANDLERS


def sent_mails() -> list[mail.EmailMessage]:
    """Deliver what is enqueued, and return every mail of this test, oldest first."""
    while outbox_drain(topic="mail", handler=HANDLERS["mail"], now=datetime.now(UTC), chance=lambda: 0.0).delivered:
        pass
    return mail.outbox
