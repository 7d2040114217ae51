"""The text of a proposal or an amendment as a request states it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from ewtp.apps.proposals.reading.proposal_text import acts_compiled, changeset_checked
from ewtp.apps.proposals.reading.sentences import DAY_INVALID, PROPOSAL_TEXT_MISSING
from ewtp.core.acts.acts_json import acts_from_json
from ewtp.core.acts.acts_text import read_acts
from ewtp.core.proposals.proposal_decisions import read_title
from ewtp.core.rulebook.changeset.changeset_json import changeset_from_json
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from ewtp.apps.http.surface.body_fields import BodyReader
    from ewtp.apps.proposals.reading.proposal_text import ProposalText

TEXT_FIELDS = ("acts", "source", "changeset", "title", "text", "language")
_LONGEST_LANGUAGE = 8
_LONGEST_WORDS = 20_000


def read_text_fields(body: BodyReader) -> ProposalText | Refusal:
    """The text, compiled on the law in force.

    Refuses with ``proposal_text_missing`` unless exactly one of ``acts``, ``source`` and ``changeset`` is there, and as
    the readers of those do.
    """
    given = [name for name in ("acts", "source", "changeset") if body.has(name)]
    language = body.text("language", required=False)[:_LONGEST_LANGUAGE]
    title, words = body.text("title", required=False), body.text("text", required=False)[:_LONGEST_WORDS]
    acts = body.read_object("acts") if "acts" in given else {}
    operations = body.read_object("changeset") if "changeset" in given else {}
    source = body.text("source") if "source" in given else ""
    if body.refusal is not None:
        return body.refusal
    if len(given) != 1:
        return Refusal(PROPOSAL_TEXT_MISSING)
    if given[0] == "changeset":
        return _changeset_text(dict(operations), title, words, language)
    read = read_acts(source) if given[0] == "source" else acts_from_json(dict(acts))
    return read.under(given[0]) if isinstance(read, Refusal) else acts_compiled(read, language)


def day_of_field(text: str, where: str) -> date | Refusal | None:
    """A day in ISO 8601; None where the field is empty. Refuses with ``day_invalid``."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return Refusal(DAY_INVALID, where=where)


def _changeset_text(operations: dict[str, object], title: str, words: str, language: str) -> ProposalText | Refusal:
    named = read_title(title)
    if isinstance(named, Refusal):
        return named
    changeset = changeset_from_json(operations)
    if isinstance(changeset, Refusal):
        return changeset.under("changeset")
    return changeset_checked(changeset, named, words, language)
