"""The first canonical form of a changeset: what digests were taken of that logs and files may still have.

It takes rates as they are written, and a period as it is divided. New digests are those of ``canonical``; one of these
is told by the form that its bytes name, and is only ever compared.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.core.rulebook.changeset.record_content import describe_content, normal_form
from ewtp.core.values.canonical_json import canonical_digest, canonical_json

if TYPE_CHECKING:
    from datetime import date

    from ewtp.core.rulebook.changeset.changeset import Changeset
    from ewtp.core.rulebook.changeset.law_record import LawRecord

_FORM = "ewtp-changeset-1"


def record_digest_first(record: LawRecord) -> str:
    """The digest that the first form has of a record."""
    return canonical_digest(describe_content(record))


def changeset_digest_first(changes: Changeset[LawRecord]) -> str:
    """The digest that the first form has of the changes."""
    ends, added = normal_form(changes, describe_content)
    body = {
        "form": _FORM,
        "added": sorted((describe_content(record) for record in added), key=canonical_json),
        "ended": [[digest, day or None] for digest, day in sorted({_end(record, day) for record, day in ends})],
    }
    return canonical_digest(body)


def _end(record: LawRecord, last_day: date | None) -> tuple[str, str]:
    return record_digest_first(record), last_day.isoformat() if last_day else ""
