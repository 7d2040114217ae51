"""What happens around an election by secret ballot, as the log has it; ballots and counts are events of the vote."""

from __future__ import annotations

from typing import ClassVar

from ewtp.core.log.event import EventKind, EventPayload
from ewtp.core.values.immutable import immutable


class SecretEventKind(EventKind):
    """What can happen around a secret ballot."""

    PREPARED = "elections:election:prepared"
    ISSUED = "elections:credentials:issued"
    DECRYPTED = "elections:decryption:given"


@immutable
class ElectionPrepared(EventPayload):
    """An election was prepared for a proposal: the file of the election, and who holds its keys.

    ``fingerprint`` names the election; ``trustees`` are organisations in the order of their keys, the last of them
    drawn by ``root``, that of the log of ``size`` entries; ``authority`` issues the credentials.
    """

    kind: ClassVar = SecretEventKind.PREPARED
    public: ClassVar[bool] = True
    election: str
    fingerprint: str
    trustees: tuple[str, ...]
    authority: str
    size: int
    root: str


@immutable
class CredentialsIssued(EventPayload):
    """The credential authority gave public keys of groups; ``digest`` is of the canonical JSON of keys by group."""

    kind: ClassVar = SecretEventKind.ISSUED
    public: ClassVar[bool] = True
    election: str
    groups: int
    digest: str


@immutable
class DecryptionGiven(EventPayload):
    """A trustee decrypted its part of the tally; ``digest`` is of the file in the archive."""

    kind: ClassVar = SecretEventKind.DECRYPTED
    public: ClassVar[bool] = True
    election: str
    trustee: int
    digest: str
