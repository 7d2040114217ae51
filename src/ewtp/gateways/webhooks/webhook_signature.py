"""Signed calls from other systems, by the Standard Webhooks convention (standardwebhooks.com, specification 1.0.0)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

ID_HEADER, TIME_HEADER, SIGNATURE_HEADER = "webhook-id", "webhook-timestamp", "webhook-signature"
_PREFIX = "whsec_"
# A call that is older or newer than this may be a recorded one.
TOLERANCE_SECONDS = 300
_LONGEST_ID, _DIGITS = 200, 12
# The specification asks for 24 to 64 bytes.
_FEWEST_BYTES, _MOST_BYTES = 24, 64


def webhook_key(secret: str) -> bytes | None:
    """The key of a secret ``whsec_…`` (base64 of 24 to 64 bytes); None for any other text."""
    if not secret.startswith(_PREFIX):
        return None
    try:
        key = base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    except binascii.Error:
        return None
    return key if _FEWEST_BYTES <= len(key) <= _MOST_BYTES else None


def sign_webhook(key: bytes, message_id: str, timestamp: int, body: bytes) -> str:
    """The signature of a call, ``v1,`` and the base64 of HMAC-SHA256 over id, time in seconds and body."""
    signed = hmac.new(key, f"{message_id}.{timestamp}.".encode() + body, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(signed).decode()}"


def verify_webhook_id(key: bytes, headers: Mapping[str, str], body: bytes, now: datetime) -> str | None:
    """The id of a call whose signature holds and whose time is within five minutes of ``now``; None of any other.

    Several signatures may be given, separated by spaces, while a secret is changed.
    """
    message_id, written = headers.get(ID_HEADER, ""), headers.get(TIME_HEADER, "")
    readable = written.isascii() and written.isdigit() and len(written) <= _DIGITS
    if not (0 < len(message_id) <= _LONGEST_ID) or not message_id.isprintable() or not readable:
        return None
    if abs(now.timestamp() - int(written)) > TOLERANCE_SECONDS:
        return None
    expected = sign_webhook(key, message_id, int(written), body).encode()
    given = headers.get(SIGNATURE_HEADER, "").split(" ")
    return message_id if any(hmac.compare_digest(expected, each.encode()) for each in given) else None
