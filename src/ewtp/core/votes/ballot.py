"""Ballots: open, sealed until the vote closes, or secret, and the receipt with which a voter proves a sealed one."""

from __future__ import annotations

import hashlib
import re
from enum import StrEnum
from typing import Any

from ewtp.core.values.canonical_json import canonical_json
from ewtp.core.values.immutable import immutable
from ewtp.core.values.refusal import Refusal
from ewtp.core.votes import sentences
from ewtp.core.votes.vote_tally import Choice

NONCE_BYTES = 32
# A nonce as a receipt and an opened ballot have it.
NONCE = re.compile(r"[0-9a-f]{64}\Z")


class BallotMode(StrEnum):
    """Who sees how somebody voted: everybody at once, everybody after closing, or nobody."""

    OPEN = "open"
    SEALED = "sealed"
    SECRET = "secret"  # noqa: S105 - a mode of voting


@immutable
class BallotReceipt:
    """What its voter keeps of a sealed ballot: with it anybody sees that the seal holds this choice and no other.

    ``nonce`` is 32 random bytes in hexadecimal digits; until the vote is closed they are a secret of voter and hub. Of
    an open ballot there is none, and no seal.
    """

    vote: str
    member: str
    choice: Choice
    nonce: str

    @property
    def seal(self) -> str:
        """SHA-256 over the nonce and the ballot's canonical JSON, in hexadecimal digits: what the log has."""
        body = canonical_json({"choice": str(self.choice), "member": self.member, "vote": self.vote})
        return hashlib.sha256(bytes.fromhex(self.nonce) + body).hexdigest()

    def as_json(self) -> dict[str, Any]:
        """The receipt as JSON has it."""
        kept = {"vote": self.vote, "member": self.member, "choice": str(self.choice), "nonce": self.nonce}
        return {**kept, "seal": self.seal if self.nonce else ""}


@immutable
class SecretReceipt:
    """What its voter keeps of a secret ballot: the tracker names it in the archive, and says nothing of the choice."""

    vote: str
    member: str
    tracker: str

    def as_json(self) -> dict[str, Any]:
        """The receipt as JSON has it."""
        return {"vote": self.vote, "member": self.member, "tracker": self.tracker}


def seal_ballot(vote: str, member: str, choice: Choice, nonce: bytes) -> BallotReceipt:
    """The receipt of a sealed ballot; ValueError unless the nonce has its 32 bytes."""
    if len(nonce) != NONCE_BYTES:
        msg = f"a nonce has {NONCE_BYTES} bytes, not {len(nonce)}"
        raise ValueError(msg)
    return BallotReceipt(vote, member, choice, nonce.hex())


def read_choice(text: str) -> Choice | Refusal:
    """What a ballot says, from a text."""
    if text not in [str(each) for each in Choice]:
        return Refusal(sentences.CHOICE_UNKNOWN, {"choices": [str(each) for each in Choice]}, where="choice")
    return Choice(text)
