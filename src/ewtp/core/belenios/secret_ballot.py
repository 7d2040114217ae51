"""Secret ballots and their count, as voters and trustees make them; whoever makes them draws the random numbers.

``draw`` returns a random number from zero to below its argument, from a source that nobody can foresee.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from ewtp.core.belenios.election_audit import (
    SecretElection,
    SecretQuestion,
    answer_context,
    ballot_context,
    fingerprint,
    multiply,
)
from ewtp.core.belenios.public_board import compact
from ewtp.core.belenios.schnorr_group import (
    GENERATOR,
    GROUP,
    MODULUS,
    ORDER,
    hash_to_exponent,
    interpolate,
    power,
    product_of,
    quotient,
    raise_fixed_base,
)
from ewtp.core.belenios.zero_knowledge import (
    Ciphertext,
    ZeroKnowledgeProof,
    decryption_challenge,
    interval_challenge,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Draw = Callable[[int], int]

_ROUNDS = 1_000


def credential_exponent(credential: str, uuid: str) -> int:
    """The secret exponent of a credential as its voter was given it (4.8)."""
    found = hashlib.pbkdf2_hmac("sha256", credential.replace("-", "").encode(), uuid.encode(), _ROUNDS)
    return int.from_bytes(found) % ORDER


def make_trustee(private_key: int, draw: Draw) -> dict[str, Any]:
    """What a single trustee publishes: its public key, and the proof that it knows the private one (4.5)."""
    public_key, secret = raise_fixed_base(GENERATOR, private_key), draw(ORDER)
    challenge = hash_to_exponent(f"pok|{GROUP}|{public_key}|{raise_fixed_base(GENERATOR, secret)}")
    proof = ZeroKnowledgeProof(challenge, (secret - private_key * challenge) % ORDER)
    return {"pok": proof.as_json(), "public_key": str(public_key)}


def make_ballot(election: SecretElection, exponent: int, answers: Sequence[Sequence[int]], draw: Draw) -> bytes:
    """A ballot with one list of zeros and ones for each question; ValueError where an answer is not allowed."""
    credential = raise_fixed_base(GENERATOR, exponent)
    context = ballot_context(election, credential)
    encrypted = [
        _make_answer(election, question, answer, context, draw)
        for question, answer in zip(election.questions, answers, strict=True)
    ]
    body: dict[str, Any] = {"election_uuid": election.uuid, "election_hash": election.fingerprint}
    body |= {"credential": str(credential), "answers": encrypted}
    digest, secret = fingerprint(compact(body)), draw(ORDER)
    challenge = hash_to_exponent(f"sig|{digest}|{raise_fixed_base(GENERATOR, secret)}")
    proof = ZeroKnowledgeProof(challenge, (secret - exponent * challenge) % ORDER)
    return compact({**body, "signature": {"hash": digest, "proof": proof.as_json()}})


def encrypt_tally(election: SecretElection, ballots: Sequence[bytes]) -> list[list[Ciphertext]]:
    """The encrypted tally of checked ballots, one of each voter, without weights (4.16)."""
    bodies = [json.loads(ballot)["answers"] for ballot in ballots]
    return [
        [
            multiply([_ciphertext(body[place]["choices"][answer]) for body in bodies])
            for answer in range(len(question.answers))
        ]
        for place, question in enumerate(election.questions)
    ]


def decrypt_share(
    election: SecretElection, tally: Sequence[Sequence[Ciphertext]], private_key: int, draw: Draw
) -> dict[str, Any]:
    """The partial decryption of a trustee with its proofs (4.18)."""
    public_key = raise_fixed_base(GENERATOR, private_key)
    factors, proofs = [], []
    for question in tally:
        row, proved = [], []
        for ciphertext in question:
            secret = draw(ORDER)
            commitments = raise_fixed_base(GENERATOR, secret), power(ciphertext.alpha, secret)
            challenge = decryption_challenge(election.fingerprint, public_key, *commitments)
            row.append(str(power(ciphertext.alpha, private_key)))
            proved.append(ZeroKnowledgeProof(challenge, (secret - private_key * challenge) % ORDER).as_json())
        factors.append(row)
        proofs.append(proved)
    return {"decryption_factors": factors, "decryption_proofs": proofs}


def count_votes(tally: Sequence[Sequence[Ciphertext]], shares: Sequence[dict[str, Any]], most: int) -> list[list[int]]:
    """The votes by question and answer from the partial decryptions of single trustees; none is above ``most``."""
    logarithms = {1: 0}
    reached = 1
    for count in range(1, most + 1):
        reached = reached * GENERATOR % MODULUS
        logarithms[reached] = count
    return [
        [
            logarithms[
                quotient(
                    ciphertext.beta,
                    product_of(interpolate({1: int(share["decryption_factors"][place][answer])}) for share in shares),
                )
            ]
            for answer, ciphertext in enumerate(question)
        ]
        for place, question in enumerate(tally)
    ]


def _make_answer(
    election: SecretElection, question: SecretQuestion, answer: Sequence[int], context: str, draw: Draw
) -> dict[str, Any]:
    allowed = len(answer) == len(question.answers) and {*answer} <= {0, 1}
    if not allowed or not question.least <= sum(answer) <= question.most:
        msg = f"{list(answer)} is no answer to {question.question}"
        raise ValueError(msg)
    randoms = [draw(ORDER) for _ in answer]
    choices = [
        Ciphertext(
            raise_fixed_base(GENERATOR, random),
            raise_fixed_base(election.public_key, random) * raise_fixed_base(GENERATOR, value) % MODULUS,
        )
        for random, value in zip(randoms, answer, strict=True)
    ]
    individual = [
        _prove_value(election.public_key, context, choice, random, (value, (0, 1)), draw)
        for choice, random, value in zip(choices, randoms, answer, strict=True)
    ]
    values = tuple(range(question.least, question.most + 1))
    whole = answer_context(context, choices)
    overall = _prove_value(
        election.public_key, whole, multiply(choices), sum(randoms) % ORDER, (sum(answer), values), draw
    )
    return {
        "choices": [choice.as_json() for choice in choices],
        "individual_proofs": individual,
        "overall_proof": overall,
    }


def _prove_value(  # noqa: PLR0917 - the parts of one proof
    key: int, context: str, ciphertext: Ciphertext, random: int, value: tuple[int, Sequence[int]], draw: Draw
) -> list[dict[str, str]]:
    """The proof that a ciphertext holds one of the values, without showing which (4.12); ``value`` is it, and all."""
    held, values = value
    proofs = {each: ZeroKnowledgeProof(draw(ORDER), draw(ORDER)) for each in values if each != held}
    secret = draw(ORDER)
    commitments: list[int] = []
    for each in values:
        if each == held:
            commitments += [raise_fixed_base(GENERATOR, secret), raise_fixed_base(key, secret)]
        else:
            rest = quotient(ciphertext.beta, raise_fixed_base(GENERATOR, each))
            commitments += [proofs[each].commitment(GENERATOR, ciphertext.alpha), proofs[each].commitment(key, rest)]
    others = sum(proof.challenge for proof in proofs.values())
    challenge = (interval_challenge(context, ciphertext, commitments) - others) % ORDER
    proofs[held] = ZeroKnowledgeProof(challenge, (secret - random * challenge) % ORDER)
    return [proofs[each].as_json() for each in values]


def _ciphertext(body: dict[str, str]) -> Ciphertext:
    return Ciphertext(int(body["alpha"]), int(body["beta"]))
