"""Signatures of webhooks, against the example of the specification."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta

import pytest

from ewtp.gateways.webhooks.webhook_signature import sign_webhook, verify_webhook_id, webhook_key

# The example of the libraries of standard-webhooks.
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
ID, AT, BODY = "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}'
SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
NOW = datetime.fromtimestamp(AT, UTC)


def key() -> bytes:
    found = webhook_key(SECRET)
    assert found is not None
    return found


def headers(**changes: str) -> dict[str, str]:
    given = {"webhook-id": ID, "webhook-timestamp": str(AT), "webhook-signature": SIGNATURE}
    return given | {name.replace("_", "-"): text for name, text in changes.items()}


def test_the_example_of_the_specification():
    assert sign_webhook(key(), ID, AT, BODY) == SIGNATURE
    assert verify_webhook_id(key(), headers(), BODY, NOW) == ID


def test_one_of_several_signatures_is_enough():
    several = f"v1,bm9uZQ== v1a,x {SIGNATURE}"
    assert verify_webhook_id(key(), headers(webhook_signature=several), BODY, NOW) == ID


@pytest.mark.parametrize(
    ("given", "body", "late"),
    [
        ({"webhook_signature": "v1,bm9uZQ=="}, BODY, 0),
        ({"webhook_signature": ""}, BODY, 0),
        ({"webhook_signature": SIGNATURE.removeprefix("v1,")}, BODY, 0),
        ({"webhook_signature": "v1,é"}, BODY, 0),
        ({"webhook_id": "another"}, BODY, 0),
        ({"webhook_id": ""}, BODY, 0),
        ({"webhook_timestamp": str(AT + 1)}, BODY, 0),
        ({"webhook_timestamp": "١٦١٤٢٦٥٣٣٠"}, BODY, 0),
        ({"webhook_timestamp": "-1"}, BODY, 0),
        ({}, BODY + b" ", 0),
        ({}, BODY, 301),
        ({}, BODY, -301),
    ],
)
def test_what_was_changed_or_is_late_is_not_taken(given: dict[str, str], body: bytes, late: int) -> None:
    assert verify_webhook_id(key(), headers(**given), body, NOW + timedelta(seconds=late)) is None


@pytest.mark.parametrize(
    "secret",
    ["", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_", "whsec_*", "whsec_" + base64.b64encode(b"x" * 23).decode()],
)
def test_what_is_no_secret(secret: str) -> None:
    assert webhook_key(secret) is None
