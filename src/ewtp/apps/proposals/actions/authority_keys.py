"""Keys of authorities, and what they sign: by the hub with a key that it holds for them, or offline with their own."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction

from ewtp.apps.decisions.actions.decision import decision_make
from ewtp.apps.log.actions.events import event_append
from ewtp.apps.proposals.reading.authority_key_list import authority_key_read
from ewtp.apps.proposals.reading.participation import participation_of
from ewtp.apps.proposals.store import models
from ewtp.apps.proposals.store.authority_key_table import authority_key_value
from ewtp.core.log.ed25519 import SEED_BYTES
from ewtp.core.log.note import NoteSigner, read_signer
from ewtp.core.proposals.authority_key import AUTHORITY_KEY, BackKey, KeyEnvelope, SetKey
from ewtp.core.proposals.authority_statement import (
    key_name,
    key_text,
    sign_statement,
    statement_refusal,
    write_backing_text,
)
from ewtp.core.proposals.sentences import (
    AUTHORITY_KEY_MISSING,
    AUTHORITY_KEY_OWN,
    AUTHORITY_NEEDED,
    AUTHORITY_SIGNATURE_NEEDED,
)
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.installation.text_seal import seal_text, unseal_text
from ewtp.gateways.reference.iso_codes import vocabulary

if TYPE_CHECKING:
    from datetime import datetime

    from ewtp.apps.decisions.actions.row_locks import RowLocks
    from ewtp.core.proposals.authority_key import AuthorityKey, KeyEvent
    from ewtp.core.values.actor import Actor
    from ewtp.core.values.aggregate import CommandOutcome

_PURPOSE = "authority_key"
_TABLE = "proposals_authoritykey"
_LONGEST_NAME = 40


@dataclass(frozen=True, slots=True)
class AuthorityKeyRows:
    """The rows of authorities' keys by economy; ``sealed`` is the private key, where the hub holds the new one."""

    actor: Actor
    sealed: str = ""

    def load(self, key: str, locks: RowLocks) -> AuthorityKey | None:
        """The key, locked; two first ones wait for one another."""
        locks.lock_key(_TABLE, key)
        rows = locks.lock_rows(models.AuthorityKey.objects.filter(economy=key))
        return authority_key_value(rows[0]) if rows else None

    def save(self, key: str, outcome: CommandOutcome[AuthorityKey | None, KeyEvent], now: datetime) -> None:
        """Write the state, and the events."""
        state = outcome.state
        if state is None:
            msg = f"{outcome.events} left no key"
            raise ValueError(msg)
        changed = {"key": state.key, "at": state.at, "backings": [list(each) for each in state.backings]}
        row = models.AuthorityKey.objects.filter(economy=key).first()
        if row is None or row.key != state.key:
            changed["sealed"] = self.sealed if state.hosted else ""
        models.AuthorityKey.objects.update_or_create(economy=key, defaults=changed)
        for event in outcome.events:
            event_append(subject=key, actor=self.actor, payload=event, now=now)


@transaction.atomic
def authority_key_set(*, economy: str, key: str, signed: str, actor: Actor, now: datetime) -> AuthorityKey | Refusal:
    """Sign with another key from now on, or have the hub hold one where ``key`` is empty.

    ``signed`` is the statement about it, signed by the new key and by the one that it replaces; with the latter the
    hub signs itself while it holds that. Refuses as ``decide_key`` does, and with ``authority_signature_needed``.
    """
    if economy not in vocabulary().economies or participation_of(actor, now.date()).authority_of != economy:
        return Refusal(AUTHORITY_NEEDED, {"territory": economy[:_LONGEST_NAME]}, where="economy")
    held = authority_key_read(economy)
    old = _find_hosted_signer(economy)
    if not key:
        if held is not None and held.hosted:
            return held
        signer = NoteSigner(key_name(economy), secrets.token_bytes(SEED_BYTES))
        text = key_text(economy=economy, key=signer.public.text, replaces="" if held is None else held.key)
        if held is not None and not signed:
            return Refusal(
                AUTHORITY_SIGNATURE_NEEDED, {"territory": economy}, where="signed", details=(("statement", text),)
            )
        return _decide(
            economy, SetKey(signer.public.text, sign_statement(text, signer), hosted=True), actor, now, signer
        )
    if old is not None and held is not None:
        # The hub holds the old key, and hands it over because the authority says so.
        text = key_text(economy=economy, key=key, replaces=held.key)
        signed += sign_statement(text, old).rpartition("\n\n")[2] if signed.startswith(text) else ""
    return _decide(economy, SetKey(key, signed, hosted=False), actor, now)


@transaction.atomic
def authority_key_back(*, economy: str, key: str, signed: str, actor: Actor, now: datetime) -> AuthorityKey | Refusal:
    """Say as a government that the authority of another economy, which has lost its key, has this one now.

    The third government's word replaces the key. Refuses as ``decide_key`` and ``statement_sign`` do.
    """
    by = participation_of(actor, now.date()).authority_of
    if not by:
        return Refusal(AUTHORITY_NEEDED, {"territory": economy[:_LONGEST_NAME]}, where="economy")
    if by == economy:
        return Refusal(AUTHORITY_KEY_OWN)
    text = write_backing_text(economy=economy, key=key, by=by)
    note = statement_sign(economy=by, text=text, signed=signed, actor=actor, now=now)
    if isinstance(note, Refusal):
        return note
    own = authority_key_read(by)
    command = BackKey(key, note, "" if own is None else own.key)
    return _decide(economy, command, actor, now)


@transaction.atomic
def statement_sign(*, economy: str, text: str, signed: str, actor: Actor, now: datetime) -> str | Refusal:
    """The statement of an economy's authority as a signed note: ``signed`` where it was signed offline, else the hub's.

    An authority without a key gets one that the hub holds, which the log says. Refuses with ``authority_key_missing``,
    ``authority_signature_needed`` where the authority's own key has to sign, with the text to sign, and
    ``authority_signature_invalid``. The caller has shown that the actor may act for the authority.
    """
    held = authority_key_read(economy)
    if signed:
        if held is None:
            return Refusal(AUTHORITY_KEY_MISSING, {"territory": economy}, where="signed")
        return statement_refusal(signed, text, held.note_key) or signed
    if held is None:
        made = authority_key_set(economy=economy, key="", signed="", actor=actor, now=now)
        if isinstance(made, Refusal):
            return made
    signer = _find_hosted_signer(economy)
    if signer is None:
        return Refusal(
            AUTHORITY_SIGNATURE_NEEDED, {"territory": economy}, where="signed", details=(("statement", text),)
        )
    return sign_statement(text, signer)


def _find_hosted_signer(economy: str) -> NoteSigner | None:
    """The private key that the hub holds for an authority."""
    sealed = models.AuthorityKey.objects.filter(economy=economy).values_list("sealed", flat=True).first()
    return read_signer(unseal_text(sealed, purpose=_PURPOSE, key=settings.SECRET_KEY)) if sealed else None


def _decide(
    economy: str, command: SetKey | BackKey, actor: Actor, now: datetime, signer: NoteSigner | None = None
) -> AuthorityKey | Refusal:
    sealed = "" if signer is None else seal_text(signer.text, purpose=_PURPOSE, key=settings.SECRET_KEY)
    envelope = KeyEnvelope(economy, command, participation_of(actor, now.date()).authority_of)
    rows = AuthorityKeyRows(actor, sealed)
    outcome = decision_make(aggregate=AUTHORITY_KEY, rows=rows, key=economy, command=envelope, now=now)
    if isinstance(outcome, Refusal):
        return outcome
    if outcome.state is None:
        msg = f"{command} left no key"
        raise ValueError(msg)
    return outcome.state
