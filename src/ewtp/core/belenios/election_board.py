"""An election that an installation holds: its public files, its ballots as they are checked, and its archive.

One question with the answers for, against and abstain, of which each voter gives one; one circle of trustees.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from ewtp.core.belenios import sentences
from ewtp.core.belenios.election_audit import fingerprint, read_ballot, read_election, read_factors
from ewtp.core.belenios.public_board import compact, write_board
from ewtp.core.belenios.schnorr_group import GENERATOR, GROUP, MODULUS, interpolate, is_element, quotient
from ewtp.core.belenios.secret_ballot import encrypt_tally
from ewtp.core.belenios.trustee_keys import UnprovedTrusteeError, read_element, read_trustees
from ewtp.core.values.immutable import immutable
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ewtp.core.belenios.election_audit import SecretElection
    from ewtp.core.belenios.trustee_keys import TrusteeCircle
    from ewtp.core.belenios.zero_knowledge import Ciphertext

ANSWERS = ("for", "against", "abstain")
THRESHOLD, TRUSTEES = 3, 5
_DIGITS = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_UUID_LENGTH = 14
_UNREADABLE = (ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError)


@immutable
class ElectionSetup:
    """The public files of an election: itself, its trustees, and the public keys of its voters, in their order."""

    election: bytes
    trustees: bytes
    credentials: bytes

    @property
    def opened(self) -> SecretElection:
        """The election; ValueError where its file is none, which the one that was stored is not."""
        found = read_election(self.election)
        if isinstance(found, Refusal):
            raise ValueError(found.message)  # noqa: TRY004 - it is of the wrong content, not of the wrong type
        return found

    @property
    def circle(self) -> TrusteeCircle:
        """The trustees."""
        return read_trustees(json.loads(self.trustees))[0]


def election_uuid(seed: str) -> str:
    """The identifier of an election, from what it is about: 14 digits of base 58."""
    number, digits = int.from_bytes(hashlib.sha256(seed.encode()).digest()), ""
    for _ in range(_UUID_LENGTH):
        number, digit = divmod(number, len(_DIGITS))
        digits += _DIGITS[digit]
    return digits


def read_circle(body: Any) -> TrusteeCircle | Refusal:
    """The circle of five trustees of whom three decrypt; refuses any other, and one that is not proved."""
    try:
        circles = read_trustees(body)
    except UnprovedTrusteeError as error:
        return Refusal(sentences.BELENIOS_TRUSTEE_WRONG, {"trustee": error.number})
    except _UNREADABLE:
        return Refusal(sentences.BELENIOS_CIRCLE_NEEDED, {"threshold": THRESHOLD, "trustees": TRUSTEES})
    if len(circles) != 1 or (circles[0].threshold, len(circles[0].keys)) != (THRESHOLD, TRUSTEES):
        return Refusal(sentences.BELENIOS_CIRCLE_NEEDED, {"threshold": THRESHOLD, "trustees": TRUSTEES})
    return circles[0]


def make_election(*, uuid: str, name: str, change: str, public_key: int, hub: str, authority: str) -> bytes:
    """The file of an election about a change of the rules."""
    question = {"answers": list(ANSWERS), "min": 1, "max": 1, "question": "Does it pass?"}
    body: dict[str, Any] = {"version": 1, "description": change, "name": name, "group": GROUP}
    body |= {"public_key": str(public_key), "questions": [question], "uuid": uuid}
    return compact({**body, "administrator": hub, "credential_authority": authority})


def is_credential(text: str) -> bool:
    """Whether a text is the public key of a voter."""
    try:
        return is_element(read_element(text))
    except ValueError:
        return False


def ballot_credential(setup: ElectionSetup, ballot: bytes) -> str | None:
    """The public key that signed a ballot of this election whose proofs all hold; None where something is wrong."""
    weights = {int(each): 1 for each in json.loads(setup.credentials)}
    found = read_ballot(setup.opened, weights, ballot)
    return None if found is None else str(found[0])


def tracker(ballot: bytes) -> str:
    """By what a voter finds its ballot in the archive."""
    return fingerprint(ballot)


def ballot_digest(ballot: bytes) -> str:
    """The same hash in hexadecimal digits, as the log has it and the archive names the file."""
    return hashlib.sha256(ballot).hexdigest()


def share_file(share: Any) -> bytes:
    """The file of a checked partial decryption, with its fields in the order of Belenios: databases keep another."""
    proofs = [
        [{name: each[name] for name in ("challenge", "response")} for each in row] for row in share["decryption_proofs"]
    ]
    return compact({"decryption_factors": share["decryption_factors"], "decryption_proofs": proofs})


def share_holds(setup: ElectionSetup, ballots: Sequence[bytes], owner: int, share: Any) -> bool:
    """Whether a partial decryption of the tally is the one of a trustee, by its number from 1."""
    try:
        read_factors(setup.opened, _tally(setup, ballots), setup.circle.keys[owner - 1], share)
    except _UNREADABLE:
        return False
    return True


def read_result(setup: ElectionSetup, ballots: Sequence[bytes], shares: Mapping[int, Any]) -> list[int] | None:
    """The votes by answer, from the checked partial decryptions by trustee; None while they are too few."""
    if len(shares) < setup.circle.threshold:
        return None
    chosen = sorted(shares)[: setup.circle.threshold]
    logarithms, reached = {1: 0}, 1
    for count in range(1, len(ballots) + 1):
        reached = reached * GENERATOR % MODULUS
        logarithms[reached] = count
    return [
        logarithms[
            quotient(
                ciphertext.beta,
                interpolate({owner: int(shares[owner]["decryption_factors"][0][answer]) for owner in chosen}),
            )
        ]
        for answer, ciphertext in enumerate(_tally(setup, ballots)[0])
    ]


def write_election(
    setup: ElectionSetup,
    ballots: Iterable[bytes],
    counted: Sequence[bytes],
    shares: Mapping[int, Any],
    *,
    closed: bool,
    timestamp: int,
) -> bytes:
    """The archive of an election: ``ballots`` in the order in which they were cast, ``counted`` the last of each voter.

    ``timestamp`` is in seconds since 1970. With the shares that suffice it has the result.
    """
    files = (setup.election, setup.trustees, setup.credentials)
    named = zip(("election", "trustees", "credentials"), map(ballot_digest, files), strict=True)
    events: list[tuple[str, tuple[bytes, ...]]] = [("Setup", (*files, compact(dict(named))))]
    events += [("Ballot", (each,)) for each in ballots]
    if closed and counted:
        events.append(("EndBallots", ()))
        encrypted = compact([[each.as_json() for each in row] for row in _tally(setup, counted)])
        sized = {"num_tallied": len(counted), "total_weight": len(counted), "encrypted_tally": ballot_digest(encrypted)}
        events.append(("EncryptedTally", (encrypted, compact(sized))))
        for owner in sorted(shares)[: setup.circle.threshold]:
            given = share_file(shares[owner])
            events.append(("PartialDecryption", (given, compact({"owner": owner, "payload": ballot_digest(given)}))))
        result = read_result(setup, counted, shares)
        if result is not None:
            events.append(("Result", (compact({"result": [result]}),)))
    return write_board(events, timestamp)


def _tally(setup: ElectionSetup, ballots: Sequence[bytes]) -> list[list[Ciphertext]]:
    return encrypt_tally(setup.opened, ballots)
