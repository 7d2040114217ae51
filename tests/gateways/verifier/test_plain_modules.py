"""Plain Python in the place of packages gives what the packages give."""

from __future__ import annotations

import orjson
import pytest
from cryptography.exceptions import InvalidSignature

from ewtp.core.log import ed25519
from ewtp.gateways.verifier import plain_ed25519, plain_json

SEED = bytes(range(32))


def holds(key: bytes, signature: bytes, message: bytes) -> bool:
    try:
        plain_ed25519.Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def test_signatures_hold_or_do_not_as_in_the_library():
    key, signature = ed25519.public_key(SEED), ed25519.sign(SEED, b"a log")
    assert holds(key, signature, b"a log")
    order = 2**252 + 27742317777372353535851937790883648493
    scalar = int.from_bytes(signature[32:], "little") + order
    for other_key, other, message in (
        (key, signature, b"another"),
        (key, bytes(32) + signature[32:], b"a log"),
        (key, signature[:32] + scalar.to_bytes(32, "little"), b"a log"),
        (ed25519.public_key(bytes(32)), signature, b"a log"),
        (b"\xff" * 32, signature, b"a log"),
    ):
        assert not holds(other_key, other, message)
        assert not ed25519.verifies(other_key, other, message)


@pytest.mark.parametrize(
    "value", [{"b": [1, None, True], "a": 'é"\\\n\x01'}, [], {"z": {"y": "\u2028/"}}, 2**53 - 1, "\x7f\U0001f600"]
)
def test_json_has_the_same_bytes(value):
    option = orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE
    assert plain_json.dumps(value, option=plain_json.OPT_SORT_KEYS | plain_json.OPT_APPEND_NEWLINE) == orjson.dumps(
        value, option=option
    )
    assert plain_json.loads(orjson.dumps(value)) == value


@pytest.mark.parametrize("text", [b"NaN", b"{", b"\xff", b"Infinity", b"[" * 100_000])
def test_what_is_no_json_is_none(text):
    with pytest.raises(plain_json.JSONDecodeError):
        plain_json.loads(text)
    with pytest.raises(orjson.JSONDecodeError):
        orjson.loads(text)
