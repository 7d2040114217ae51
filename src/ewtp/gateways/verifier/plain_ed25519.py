"""Ed25519 signatures verified with whole numbers alone (RFC 8032), with the names that ``cryptography`` has for it.

A signature holds where the point of S less that of the key is written as R, as OpenSSL has it. It takes milliseconds
and needs no protection against being timed, since a signature and a public key are not secret.
"""

from __future__ import annotations

import hashlib

# In the program inside a bundle this is the plain one as well.
from cryptography.exceptions import InvalidSignature

_P = 2**255 - 19
_ORDER = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, -1, _P) % _P
_ROOT = pow(2, (_P - 1) // 4, _P)
_HALF = 1 << 255
_KEY_BYTES = 32

# A point of the curve as (X, Y, Z, T) with x = X/Z, y = Y/Z and xy = T/Z.
Point = tuple[int, int, int, int]
_NEUTRAL: Point = (0, 1, 1, 0)


class Ed25519PublicKey:
    """A public key."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._point = _read_point(key)

    @classmethod
    def from_public_bytes(cls, data: bytes) -> Ed25519PublicKey:
        """The key with these bytes; ValueError where they are not a point of the curve."""
        return cls(data)

    def verify(self, signature: bytes, data: bytes) -> None:
        """InvalidSignature unless the owner of the key signed the data."""
        point, scalar = signature[:_KEY_BYTES], int.from_bytes(signature[_KEY_BYTES:], "little")
        hashed = hashlib.sha512(point + self._key + data).digest()
        challenge = int.from_bytes(hashed, "little") % _ORDER
        x, y, z, t = self._point
        negative = (-x % _P, y, z, -t % _P)
        found = _add(_multiply(scalar, _BASE), _multiply(challenge, negative))
        if scalar >= _ORDER or _write_point(found) != point:
            raise InvalidSignature


class Ed25519PrivateKey:
    """Nothing here signs."""

    @classmethod
    def from_private_bytes(cls, data: bytes) -> Ed25519PrivateKey:
        """NotImplementedError: whoever checks a log has no secret of it."""
        raise NotImplementedError

    def sign(self, data: bytes) -> bytes:
        """NotImplementedError, as above."""
        raise NotImplementedError

    def public_key(self) -> Ed25519PublicKey:
        """NotImplementedError, as above."""
        raise NotImplementedError


def _read_point(data: bytes) -> Point:
    number = int.from_bytes(data, "little")
    sign, y = number >> 255, number & (_HALF - 1)
    square = (y * y - 1) * pow(_D * y * y + 1, -1, _P) % _P
    x = pow(square, (_P + 3) // 8, _P)
    if (x * x - square) % _P:
        x = x * _ROOT % _P
    if (x * x - square) % _P or len(data) != _KEY_BYTES or y >= _P:
        msg = "the bytes are no point of the curve"
        raise ValueError(msg)
    if x % 2 != sign:
        x = _P - x
    return (x, y, 1, x * y % _P)


def _write_point(point: Point) -> bytes:
    x, y, z, _ = point
    inverse = pow(z, -1, _P)
    return ((y * inverse % _P) | (x * inverse % _P % 2) << 255).to_bytes(_KEY_BYTES, "little")


def _add(one: Point, other: Point) -> Point:
    """The sum of two points (RFC 8032, 5.1.4)."""
    a = (one[1] - one[0]) * (other[1] - other[0]) % _P
    b = (one[1] + one[0]) * (other[1] + other[0]) % _P
    c = 2 * one[3] * other[3] * _D % _P
    d = 2 * one[2] * other[2] % _P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % _P, g * h % _P, f * g % _P, e * h % _P)


def _multiply(scalar: int, point: Point) -> Point:
    found = _NEUTRAL
    while scalar:
        if scalar & 1:
            found = _add(found, point)
        point = _add(point, point)
        scalar >>= 1
    return found


_BASE_Y = 4 * pow(5, -1, _P) % _P
_BASE = _read_point(_BASE_Y.to_bytes(_KEY_BYTES, "little"))
