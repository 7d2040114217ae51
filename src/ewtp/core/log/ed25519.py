"""Ed25519 with one criterion for what verifies, since libraries disagree at its edges.

Before a signature is verified, encodings that are not canonical (of the key A and of the point R) and keys of small
order are refused; whether S is below the group's order is left to the library, which follows RFC 8032 there.
"""

from __future__ import annotations

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

SEED_BYTES = KEY_BYTES = 32
SIGNATURE_BYTES = 64
_PRIME = 2**255 - 19
_SIGN = 1 << 255
_CURVE = -121665 * pow(121666, -1, _PRIME) % _PRIME


def sign(seed: bytes, message: bytes) -> bytes:
    """The signature of the private key with this seed; the same for the same message."""
    return Ed25519PrivateKey.from_private_bytes(seed).sign(message)


def public_key(seed: bytes) -> bytes:
    """The public key of the private key with this seed."""
    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()


def is_usable_key(key: bytes) -> bool:
    """Whether these are the canonical bytes of a public key that only its owner can sign for.

    A point of small order verifies signatures that nobody made. The order of a point divides 8 where y is 0, 1 or -1,
    or where doubling it gives a point with y = 0, which the curve's equation turns into d*y^4 + 2*y^2 = 1.
    """
    if len(key) != KEY_BYTES or not _is_canonical(key):
        return False
    y = int.from_bytes(key, "little") & ~_SIGN
    return y not in (0, 1, _PRIME - 1) and (_CURVE * y**4 + 2 * y * y - 1) % _PRIME != 0


def verifies(key: bytes, signature: bytes, message: bytes) -> bool:
    """Whether the owner of ``key`` signed the message."""
    if len(signature) != SIGNATURE_BYTES or not is_usable_key(key) or not _is_canonical(signature[:KEY_BYTES]):
        return False
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def _is_canonical(point: bytes) -> bool:
    """Whether a point is written in its one way: y below the prime, and no sign where x is zero."""
    number = int.from_bytes(point, "little")
    y = number & ~_SIGN
    return y < _PRIME and not (number & _SIGN and y in (1, _PRIME - 1))
