"""What the authority of an economy states and signs: a text that anybody can make again from the event that has it.

A statement is two lines, signed as a note (C2SP signed-note) with the authority's key, whose name is ``authority/``
with the economy's code. The first line is ``ewtp authority statement``, the second the canonical JSON of what is
stated, whose ``states`` says what that is. The signed note is in the event, so that a bundle of the log is enough to
check it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ewtp.core.log.note import NoteKey, is_key_name, read_key, read_note, sign_note
from ewtp.core.proposals.sentences import AUTHORITY_KEY_NAME, AUTHORITY_SIGNATURE_INVALID
from ewtp.core.values.canonical_json import canonical_json
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from ewtp.core.log.note import NoteSigner

FIRST_LINE = "ewtp authority statement"
KEY_NAME = "authority/"


def statement_text(states: str, **stated: Any) -> str:
    """The text of a statement; ``stated`` are texts, numbers below 2**53, and lists and objects of them."""
    return f"{FIRST_LINE}\n{canonical_json({'states': states, **stated}).decode()}\n"


def adoption_text(
    *, proposal: str, changeset: str, territory: str, articles: Sequence[str], effective: date, act: Mapping[str, str]
) -> str:
    """That an economy gives effect to articles of a proposal, whose change has the digest ``changeset``.

    ``act`` is its own publication: ``title``, ``publisher``, ``reference``, ``published`` (ISO 8601 or empty), ``url``.
    """
    return statement_text(
        "adoption",
        proposal=proposal,
        changeset=changeset,
        territory=territory,
        articles=list(articles),
        effective=effective.isoformat(),
        act=dict(act),
    )


def decline_text(*, proposal: str, changeset: str, territory: str, reason: str) -> str:
    """That an economy does not give effect to a proposal, and why."""
    return statement_text("decline", proposal=proposal, changeset=changeset, territory=territory, reason=reason)


def withdrawal_text(*, proposal: str, act: str, territory: str, last_day: date, reason: str) -> str:
    """That an adoption has effect for the last time on a day, and why."""
    return statement_text(
        "withdrawal", proposal=proposal, act=act, territory=territory, last_day=last_day.isoformat(), reason=reason
    )


def renewal_text(*, proposal: str, act: str, territory: str, last_day: date, cited: Mapping[str, str]) -> str:
    """That an adoption by the act ``act`` has effect until a later day, by another act that is ``cited``."""
    return statement_text(
        "renewal", proposal=proposal, adoption=act, territory=territory, last_day=last_day.isoformat(), act=dict(cited)
    )


def key_text(*, economy: str, key: str, replaces: str) -> str:
    """That an authority signs with a key from now on, in place of another unless it is the first."""
    return statement_text("key", economy=economy, key=key, replaces=replaces)


def write_backing_text(*, economy: str, key: str, by: str) -> str:
    """That the authority of another economy knows the key of an authority which has lost its own."""
    return statement_text("key_backing", economy=economy, key=key, by=by)


def sign_statement(text: str, *signers: NoteSigner) -> str:
    """The signed note of a statement."""
    return sign_note(text, *signers)


def statement_refusal(note: str, text: str, *keys: NoteKey) -> Refusal | None:
    """``authority_signature_invalid`` unless the note is this text, signed by every key; with the text to sign."""
    read = read_note(note)
    if not isinstance(read, Refusal) and read.text == text and all(map(read.is_signed_by, keys)):
        return None
    names = [each.name for each in keys]
    return Refusal(AUTHORITY_SIGNATURE_INVALID, {"keys": names}, where="signed", details=(("statement", text),))


def read_authority_key(economy: str, text: str) -> NoteKey | Refusal:
    """The key of an economy's authority; refuses with ``key_unreadable`` or ``authority_key_name``."""
    key = read_key(text)
    if isinstance(key, Refusal):
        return key.under("key")
    name = key_name(economy)
    return key if key.name == name else Refusal(AUTHORITY_KEY_NAME, {"name": name}, where="key")


def key_name(economy: str) -> str:
    """The name of the key of an economy's authority; ValueError for anything but a code."""
    name = f"{KEY_NAME}{economy}"
    if not is_key_name(name):
        msg = f"{economy!r} is not the code of an economy"
        raise ValueError(msg)
    return name
