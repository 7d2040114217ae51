"""Text messages to phones: enqueued in the transaction of an action, and handed to the gateway by a worker."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson
from django.conf import settings

from ewtp.apps.jobs.actions.outbox import messages_enqueue
from ewtp.gateways.installation.home import home_path
from ewtp.gateways.installation.text_seal import seal_text, unseal_text
from ewtp.gateways.sms.sms_folder import sms_write

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

TEXT_MESSAGE = "text_message"


def text_message_enqueue(*, to: str, text: str, now: datetime) -> None:
    """Have a message sent if and only if the transaction that this is called in is committed.

    A phone number is somebody's: until the message leaves it is sealed with the key of the installation, and then gone.
    """
    sealed = seal_text(orjson.dumps([to, text]).decode(), purpose=TEXT_MESSAGE, key=settings.SECRET_KEY)
    messages_enqueue(topic=TEXT_MESSAGE, payloads=[{"sealed": sealed}], now=now)


def text_message_send(*, sealed: str, message_id: UUID) -> None:
    """Write a message where the operator's gateway takes it from; OSError where it cannot be written."""
    to, text = orjson.loads(unseal_text(sealed, purpose=TEXT_MESSAGE, key=settings.SECRET_KEY))
    sms_write(home=home_path(), message_id=message_id, to=to, text=text)
