"""The key with which an economy's authority signs: registered, replaced by the old one, or by three governments."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from ewtp.core.log.event import EventKind
from ewtp.core.log.note import NoteKey, read_key
from ewtp.core.proposals.authority_statement import key_text, read_authority_key, statement_refusal, write_backing_text
from ewtp.core.proposals.event_kinds import PublicEvent
from ewtp.core.proposals.sentences import AUTHORITY_KEY_MISSING, AUTHORITY_KEY_OWN, AUTHORITY_NEEDED
from ewtp.core.values.aggregate import Aggregate
from ewtp.core.values.immutable import immutable
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from datetime import datetime

# This many other governments give an authority another key where it has lost its own.
GOVERNMENTS_NEEDED = 3
_LONGEST_NAME = 40


class AuthorityEvent(EventKind):
    """What can happen to the key of an authority."""

    KEY_SET = "proposals:authority_key:set"
    KEY_BACKED = "proposals:authority_key:backed"
    KEY_RECOVERED = "proposals:authority_key:recovered"


@immutable
class AuthorityKey:
    """The state: the economy's key as text, whether the hub holds it for the authority, since when.

    ``backings`` are pairs of another key, as text, and a government that says the authority has that one now.
    """

    economy: str
    key: str
    hosted: bool
    at: datetime
    backings: tuple[tuple[str, str], ...] = ()

    @property
    def note_key(self) -> NoteKey:
        """The key that verifies; ValueError where the state was changed by hand."""
        read = read_key(self.key)
        if isinstance(read, Refusal):
            msg = f"{self.key} is not a key"
            raise ValueError(msg)  # noqa: TRY004 - it is of the wrong content, not of the wrong type
        return read


@immutable
class SetKey:
    """Sign with ``key`` from now on. ``signed`` is the statement about it, signed by it and by the old one."""

    key: str
    signed: str
    hosted: bool


@immutable
class BackKey:
    """Say for another government that the economy's authority has ``key`` now; signed with that government's key."""

    key: str
    signed: str
    by_key: str


@immutable
class KeyEnvelope:
    """A command with the economy that it is about; ``authority_of`` is that for which the actor may act, or empty."""

    economy: str
    command: SetKey | BackKey
    authority_of: str


@immutable
class AuthorityKeySet(PublicEvent):
    """The authority of the subject signs with this key from now on.

    ``statement`` is a signed note that states "key": signed by ``key``, and by ``replaces`` unless that is empty, which
    it is for the first one. A ``hosted`` key is held by the hub, which signs with it when the authority says so.
    """

    kind: ClassVar = AuthorityEvent.KEY_SET
    key: str
    replaces: str
    hosted: bool
    statement: str
    at: datetime


@immutable
class AuthorityKeyBacked(PublicEvent):
    """A government says that the authority of the subject has this key now; ``statement`` is signed by ``by_key``."""

    kind: ClassVar = AuthorityEvent.KEY_BACKED
    key: str
    by: str
    by_key: str
    statement: str
    at: datetime


@immutable
class AuthorityKeyRecovered(PublicEvent):
    """Three governments have given the authority of the subject this key, in place of the one it lost."""

    kind: ClassVar = AuthorityEvent.KEY_RECOVERED
    key: str
    replaces: str
    by: tuple[str, ...]
    at: datetime


KeyEvent = AuthorityKeySet | AuthorityKeyBacked | AuthorityKeyRecovered


def decide_key(state: AuthorityKey | None, envelope: KeyEnvelope, now: datetime) -> tuple[KeyEvent, ...] | Refusal:
    """The events of a command, or a refusal; ``state`` is None while the economy's authority has no key.

    Refuses with ``authority_needed``, ``authority_key_missing``, ``authority_key_own``, ``key_unreadable``,
    ``authority_key_name`` and ``authority_signature_invalid``.
    """
    command, economy = envelope.command, envelope.economy
    key = read_authority_key(economy, command.key)
    if isinstance(key, Refusal):
        return key
    if isinstance(command, BackKey):
        return _back(command, state, envelope, now)
    if envelope.authority_of != economy:
        return Refusal(AUTHORITY_NEEDED, {"territory": economy[:_LONGEST_NAME]}, where="economy")
    if state is not None and state.key == key.text:
        return ()
    replaces = "" if state is None else state.key
    signers = [key] if state is None else [key, state.note_key]
    refusal = statement_refusal(command.signed, key_text(economy=economy, key=key.text, replaces=replaces), *signers)
    return refusal or (AuthorityKeySet(key.text, replaces, command.hosted, command.signed, now),)


def _back(
    command: BackKey, state: AuthorityKey | None, envelope: KeyEnvelope, now: datetime
) -> tuple[KeyEvent, ...] | Refusal:
    by, economy = envelope.authority_of, envelope.economy
    if not by or by == economy:
        return Refusal(AUTHORITY_KEY_OWN)
    if state is None:
        return Refusal(AUTHORITY_KEY_MISSING, {"territory": economy})
    if command.key == state.key or (command.key, by) in state.backings:
        return ()
    signer = read_authority_key(by, command.by_key)
    if isinstance(signer, Refusal):
        return signer
    refusal = statement_refusal(command.signed, write_backing_text(economy=economy, key=command.key, by=by), signer)
    if refusal is not None:
        return refusal
    backed = AuthorityKeyBacked(command.key, by, signer.text, command.signed, now)
    governments = tuple(sorted({by, *(other for key, other in state.backings if key == command.key)}))
    if len(governments) < GOVERNMENTS_NEEDED:
        return (backed,)
    return backed, AuthorityKeyRecovered(command.key, state.key, governments, now)


def evolve_key(state: AuthorityKey | None, event: KeyEvent) -> AuthorityKey:
    """The state after an event; a new key forgets who backed others."""
    held = "" if state is None else state.economy
    match event:
        case AuthorityKeySet(key, _, hosted, _, at):
            return AuthorityKey(held or _economy_of(key), key, hosted, at)
        case AuthorityKeyBacked(key, by) if state is not None:
            return replace(state, backings=(*state.backings, (key, by)))
        case AuthorityKeyRecovered(key, _, _, at):
            return AuthorityKey(held, key, hosted=False, at=at)
    msg = f"no key was set before {event}"
    raise ValueError(msg)


def _economy_of(key: str) -> str:
    """The economy that the name of a key ends with."""
    return key.partition("+")[0].rpartition("/")[2]


AUTHORITY_KEY: Aggregate[AuthorityKey | None, KeyEnvelope, KeyEvent] = Aggregate(None, decide_key, evolve_key)
