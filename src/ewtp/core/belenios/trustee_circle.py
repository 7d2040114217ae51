"""How trustees set up a circle of which a threshold decrypts (4.6), each on a computer of its own.

In three steps, each of which needs what all others published in the one before: a certificate with keys to sign and to
be written to, a dealing (commitments to a polynomial, and a share of it for each trustee, encrypted), and the key that
follows from all dealings. Nobody ever holds the private key of the circle.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from ewtp.core.belenios.public_board import compact
from ewtp.core.belenios.schnorr_group import (
    GENERATOR,
    MODULUS,
    ORDER,
    hash_to_exponent,
    power,
    product_of,
    raise_fixed_base,
)
from ewtp.core.belenios.secret_ballot import make_trustee
from ewtp.core.belenios.trustee_keys import UnprovedTrusteeError, read_element, read_proof
from ewtp.core.belenios.zero_knowledge import ZeroKnowledgeProof, is_message_signed
from ewtp.core.values.immutable import immutable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ewtp.core.belenios.secret_ballot import Draw

_SHARE_BYTES = -(-ORDER.bit_length() // 8)


@immutable
class TrusteeSecrets:
    """What a trustee keeps: exponents to sign with, to be written to with, and the coefficients of its polynomial."""

    signing: int
    reading: int
    coefficients: tuple[int, ...]

    def as_json(self) -> dict[str, Any]:
        """The secrets as the file of the trustee has them."""
        return {
            "signing": str(self.signing),
            "reading": str(self.reading),
            "coefficients": [str(each) for each in self.coefficients],
        }


def read_secrets(body: Any) -> TrusteeSecrets:
    """The secrets from JSON; ValueError, KeyError or TypeError where they are none."""
    coefficients = tuple(int(each) for each in body["coefficients"])
    return TrusteeSecrets(int(body["signing"]), int(body["reading"]), coefficients)


def draw_secrets(threshold: int, draw: Draw) -> TrusteeSecrets:
    """Fresh secrets for a circle of trustees, of whom ``threshold`` decrypt."""
    return TrusteeSecrets(draw(ORDER), draw(ORDER), tuple(draw(ORDER) for _ in range(threshold)))


def make_certificate(secrets: TrusteeSecrets, draw: Draw) -> dict[str, Any]:
    """The first thing that a trustee publishes: its keys, signed."""
    keys = {
        "verification": str(raise_fixed_base(GENERATOR, secrets.signing)),
        "encryption": str(raise_fixed_base(GENERATOR, secrets.reading)),
    }
    return _sign_message(compact(keys).decode(), secrets.signing, draw)


def make_dealing(secrets: TrusteeSecrets, certificates: Sequence[Any], draw: Draw) -> dict[str, Any]:
    """The second: commitments to the polynomial, signed, and its value for each trustee, encrypted for that one.

    UnprovedTrusteeError names a certificate that its trustee did not sign.
    """
    keys = [
        _read_certificate(certificate, number)["encryption"] for number, certificate in enumerate(certificates, start=1)
    ]
    commitments = [str(raise_fixed_base(GENERATOR, each)) for each in secrets.coefficients]
    signed = _sign_message(compact({"coefexps": commitments}).decode(), secrets.signing, draw)
    shares = []
    for index, key in enumerate(keys, start=1):
        random = draw(ORDER)
        shares.append({"alpha": str(raise_fixed_base(GENERATOR, random)), "sealed": ""})
        value = sum(each * index**place for place, each in enumerate(secrets.coefficients)) % ORDER
        shares[-1]["sealed"] = str(value ^ _mask(power(read_element(key), random), index))
    return {"coefexps": signed, "shares": shares}


def finish_key(
    secrets: TrusteeSecrets, number: int, certificates: Sequence[Any], dealings: Sequence[Any], draw: Draw
) -> tuple[int, dict[str, Any]]:
    """The third: the private key of the trustee with this number, from 1, and what it publishes about it.

    UnprovedTrusteeError names a trustee whose dealing is not signed, or whose share is not what it committed to.
    """
    private_key = 0
    for dealer, (certificate, dealing) in enumerate(zip(certificates, dealings, strict=True), start=1):
        key = read_element(_read_certificate(certificate, dealer)["verification"])
        signed, sealed = dealing["coefexps"], dealing["shares"][number - 1]
        if not is_message_signed(key, signed["message"], read_proof(signed["signature"])):
            raise UnprovedTrusteeError(dealer)
        shared = power(read_element(sealed["alpha"]), secrets.reading)
        share = int(sealed["sealed"]) ^ _mask(shared, number)
        commitments = [read_element(each) for each in json.loads(signed["message"])["coefexps"]]
        if power(GENERATOR, share) != product_of(power(each, number**place) for place, each in enumerate(commitments)):
            raise UnprovedTrusteeError(dealer)
        private_key = (private_key + share) % ORDER
    return private_key, make_trustee(private_key, draw)


def circle_of(
    threshold: int, certificates: Sequence[Any], dealings: Sequence[Any], keys: Sequence[Any]
) -> list[list[Any]]:
    """The trustees of an election as Belenios has them: one circle; ``read_trustees`` checks it."""
    circle = {
        "threshold": threshold,
        "certs": list(certificates),
        "coefexps": [each["coefexps"] for each in dealings],
        "verification_keys": list(keys),
    }
    return [["Pedersen", circle]]


def _read_certificate(certificate: Any, number: int) -> dict[str, str]:
    """The keys of a certificate; UnprovedTrusteeError where its trustee did not sign them."""
    keys: dict[str, str] = json.loads(certificate["message"])
    if not is_message_signed(
        read_element(keys["verification"]), certificate["message"], read_proof(certificate["signature"])
    ):
        raise UnprovedTrusteeError(number)
    return keys


def _sign_message(message: str, exponent: int, draw: Draw) -> dict[str, Any]:
    """A message with the signature of a trustee (4.6.1)."""
    secret = draw(ORDER)
    challenge = hash_to_exponent(f"sigmsg|{message}|{raise_fixed_base(GENERATOR, secret)}")
    proof = ZeroKnowledgeProof(challenge, (secret - exponent * challenge) % ORDER)
    return {"message": message, "signature": proof.as_json()}


def _mask(shared: int, index: int) -> int:
    """What hides a share: it is checked against commitments, so that nothing else has to show that it is whole."""
    text = f"{shared % MODULUS}|{index}".encode()
    return int.from_bytes(hashlib.shake_256(text).digest(_SHARE_BYTES))
