"""Mail: enqueued in the transaction of an action, and handed to the mail server by a worker."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import orjson
from django.conf import settings
from django.core.mail import EmailMessage

from ewtp.apps.accounts.reading.sentences import MAIL_NOT_TAKEN
from ewtp.apps.jobs.actions.outbox import messages_enqueue
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.installation.text_seal import seal_text, unseal_text

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

MAIL = "mail"
_DOMAIN = "ewtp.invalid"


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail of plain text to one address."""

    to: str
    subject: str
    text: str


def mail_enqueue(*, mail: Mail, now: datetime) -> None:
    """Have a mail sent if and only if the transaction that this is called in is committed.

    Mails hold secrets (codes, the addresses of invitations), so they wait sealed with the key of the installation.
    """
    sealed = seal_text(orjson.dumps(asdict(mail)).decode(), purpose=MAIL, key=settings.SECRET_KEY)
    messages_enqueue(topic=MAIL, payloads=[{"sealed": sealed}], now=now)


def mail_send(*, sealed: str, message_id: UUID) -> Refusal | None:
    """Hand a mail to the mail server; refuses with ``mail_not_taken``, and is then tried again.

    A mail that is sent again because the process ended after the server took it has the same Message-ID.
    """
    mail = Mail(**orjson.loads(unseal_text(sealed, purpose=MAIL, key=settings.SECRET_KEY)))
    headers = {"Message-ID": f"<{message_id}@{_DOMAIN}>"}
    try:
        EmailMessage(mail.subject, mail.text, None, [mail.to], headers=headers).send()
    except OSError as error:
        # What the server answered may name the address, which is not for lists and logs.
        return Refusal(MAIL_NOT_TAKEN, {"reason": error.strerror or type(error).__name__})
    return None
