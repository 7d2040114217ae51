"""Proofs without knowledge, as section 4 of the specification of Belenios 2.0 has them: how they are checked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.core.belenios.schnorr_group import (
    GENERATOR,
    GROUP,
    MODULUS,
    ORDER,
    hash_to_exponent,
    negative_power,
    power,
    raise_fixed_base,
)
from ewtp.core.values.immutable import immutable

if TYPE_CHECKING:
    from collections.abc import Sequence


@immutable
class ZeroKnowledgeProof:
    """A challenge and a response, both exponents."""

    challenge: int
    response: int

    def commitment(self, base: int, element: int) -> int:
        """What the prover committed to: base^response · element^challenge, with the generator or a key as base."""
        return raise_fixed_base(base, self.response) * power(element, self.challenge) % MODULUS

    def commitment_of(self, base: int, element: int) -> int:
        """The same with any base."""
        return power(base, self.response) * power(element, self.challenge) % MODULUS

    def as_json(self) -> dict[str, str]:
        """The proof as Belenios writes it."""
        return {"challenge": str(self.challenge), "response": str(self.response)}


@immutable
class Ciphertext:
    """An encryption: alpha = g^r, beta = y^r · g^m."""

    alpha: int
    beta: int

    def as_json(self) -> dict[str, str]:
        """The ciphertext as Belenios writes it."""
        return {"alpha": str(self.alpha), "beta": str(self.beta)}


def knows_key(public_key: int, proof: ZeroKnowledgeProof) -> bool:
    """Whether the proof shows that somebody knows the private key of a trustee (4.5)."""
    commitment = proof.commitment(GENERATOR, public_key)
    return proof.challenge == hash_to_exponent(f"pok|{GROUP}|{public_key}|{commitment}")


def is_message_signed(key: int, message: str, proof: ZeroKnowledgeProof) -> bool:
    """Whether a trustee signed a message (4.6.1)."""
    commitment = proof.commitment(GENERATOR, key)
    return proof.challenge % ORDER == hash_to_exponent(f"sigmsg|{message}|{commitment}")


def is_ballot_signed(credential: int, digest: str, proof: ZeroKnowledgeProof) -> bool:
    """Whether the owner of a credential signed a ballot (4.14)."""
    commitment = proof.commitment(GENERATOR, credential)
    return proof.challenge == hash_to_exponent(f"sig|{digest}|{commitment}")


def within(
    context: str, key: int, ciphertext: Ciphertext, values: Sequence[int], proofs: Sequence[ZeroKnowledgeProof]
) -> bool:
    """Whether the proofs show that a ciphertext holds one of the values (4.12)."""
    if len(values) != len(proofs):
        return False
    commitments = []
    for value, proof in zip(values, proofs, strict=True):
        less = ciphertext.beta * negative_power(value) % MODULUS
        commitments += [proof.commitment(GENERATOR, ciphertext.alpha), proof.commitment(key, less)]
    return sum(proof.challenge for proof in proofs) % ORDER == interval_challenge(context, ciphertext, commitments)


def interval_challenge(context: str, ciphertext: Ciphertext, commitments: Sequence[int]) -> int:
    """The challenge of a proof that a ciphertext holds one of some values (4.12)."""
    numbers = ",".join(map(str, commitments))
    return hash_to_exponent(f"prove|{context}|{ciphertext.alpha},{ciphertext.beta}|{numbers}")


def check_decryption(election: str, public_key: int, alpha: int, factor: int, proof: ZeroKnowledgeProof) -> bool:
    """Whether a factor is alpha to the private key of a trustee (4.18); ``election`` is its fingerprint."""
    own, other = proof.commitment(GENERATOR, public_key), proof.commitment_of(alpha, factor)
    return proof.challenge == decryption_challenge(election, public_key, own, other)


def decryption_challenge(election: str, public_key: int, own: int, other: int) -> int:
    """The challenge of the proof of a partial decryption (4.18)."""
    return hash_to_exponent(f"decrypt|{election}|{public_key}|{own},{other}")
