"""What authorities of economies signed, held to the keys that the log has for them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from ewtp.core.proposals.authority_key import GOVERNMENTS_NEEDED
from ewtp.core.proposals.authority_statement import (
    adoption_text,
    decline_text,
    key_text,
    read_authority_key,
    renewal_text,
    statement_refusal,
    withdrawal_text,
    write_backing_text,
)
from ewtp.core.recount import sentences
from ewtp.core.values.refusal import Refusal
from ewtp.core.values.sentence import Statement

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    KeyReader = Callable[["AuthorityRecount", int, dict[str, Any]], None]


@dataclass(slots=True)
class AuthorityRecount:
    """The keys of authorities, entry by entry.

    ``is_whole`` is False where entries before are not shown, so that a key may have been set in one of them.
    ``unkeyed`` counts what cannot be held to a key for that reason, or since an earlier version signed nothing.
    """

    is_whole: bool = True
    unkeyed: int = 0
    faults: list[Statement] = field(default_factory=list)
    _keys: dict[str, str] = field(default_factory=dict)
    # By economy, which governments say that it has which key.
    _backings: dict[str, set[tuple[str, str]]] = field(default_factory=dict)

    def check_adoption(self, index: int, event: dict[str, Any]) -> None:
        """Hold an adoption to the signature that it states."""
        body = event["payload"]
        text = adoption_text(
            proposal=event["subject"],
            changeset=body.get("changeset", ""),
            territory=body["territory"],
            articles=body["articles"],
            effective=date.fromisoformat(body["effective"]),
            act=body.get("cited", {}),
        )
        self._check(index, body, text)

    def check_decline(self, index: int, event: dict[str, Any]) -> None:
        """Hold what an economy declined to the signature."""
        body = event["payload"]
        territory, reason = body["territory"], body["reason"]
        changeset = body.get("changeset", "")
        stated = decline_text(proposal=event["subject"], changeset=changeset, territory=territory, reason=reason)
        self._check(index, body, stated)

    def check_withdrawal(self, index: int, event: dict[str, Any]) -> None:
        """Hold the end of an adoption to the signature."""
        body = event["payload"]
        text = withdrawal_text(
            proposal=event["subject"],
            act=body["act"],
            territory=body["territory"],
            last_day=date.fromisoformat(body["last_day"]),
            reason=body["reason"],
        )
        self._check(index, body, text)

    def check_renewal(self, index: int, event: dict[str, Any]) -> None:
        """Hold the renewal of an adoption to the signature."""
        body = event["payload"]
        text = renewal_text(
            proposal=event["subject"],
            act=body["act"],
            territory=body["territory"],
            last_day=date.fromisoformat(body["last_day"]),
            cited=body["cited"],
        )
        self._check(index, body, text)

    def _check(self, index: int, body: Mapping[str, Any], text: str) -> None:
        territory, note = body["territory"], body.get("statement", "")
        key = self._keys.get(territory)
        # Earlier versions signed nothing; where a key is known, nothing that lacks its signature passes.
        if key is None and (not note or not self.is_whole):
            self.unkeyed += 1
        elif key is None or not _is_signed(territory, note, text, key):
            self._fault(sentences.STATEMENT_UNSIGNED, index, territory)

    def _set(self, index: int, event: dict[str, Any]) -> None:
        body, economy = event["payload"], event["subject"]
        key, replaces = body["key"], body["replaces"]
        known = self._keys.get(economy, "")
        self._keys[economy] = key
        self._backings.pop(economy, None)
        signers = [key, *([replaces] if replaces else [])]
        text = key_text(economy=economy, key=key, replaces=replaces)
        is_next = replaces == known or (not known and not self.is_whole)
        if not is_next or not _is_signed(economy, body["statement"], text, *signers):
            self._fault(sentences.KEY_UNFOUNDED, index, economy)

    def _read_backing(self, index: int, event: dict[str, Any]) -> None:
        body, economy = event["payload"], event["subject"]
        by, key = body["by"], body["key"]
        own = self._keys.get(by, "" if self.is_whole else body["by_key"])
        text = write_backing_text(economy=economy, key=key, by=by)
        if by == economy or own != body["by_key"] or not _is_signed(by, body["statement"], text, body["by_key"]):
            self._fault(sentences.KEY_UNFOUNDED, index, economy)
            return
        self._backings.setdefault(economy, set()).add((key, by))

    def _read_recovery(self, index: int, event: dict[str, Any]) -> None:
        body, economy = event["payload"], event["subject"]
        governments = sorted(by for key, by in self._backings.pop(economy, set()) if key == body["key"])
        known = self._keys.get(economy, "" if self.is_whole else body["replaces"])
        self._keys[economy] = body["key"]
        enough = governments == sorted(body["by"]) and len(governments) >= GOVERNMENTS_NEEDED
        if not (enough or not self.is_whole) or known != body["replaces"]:
            self._fault(sentences.KEY_UNFOUNDED, index, economy)

    def _fault(self, sentence: Any, index: int, territory: str) -> None:
        self.faults.append(Statement(sentence, {"index": index, "territory": territory}))

    @classmethod
    def handlers(cls) -> dict[str, KeyReader]:
        """What takes in each kind of entry."""
        return {
            "proposals:authority_key:set": cls._set,
            "proposals:authority_key:backed": cls._read_backing,
            "proposals:authority_key:recovered": cls._read_recovery,
        }


def _is_signed(economy: str, note: str, text: str, *keys: str) -> bool:
    """Whether a note is this text, signed by all of the keys, each named as the authority's of an economy."""
    read = [read_authority_key(economy, each) for each in keys]
    known = [each for each in read if not isinstance(each, Refusal)]
    return len(known) == len(read) and statement_refusal(note, text, *known) is None
