"""A changeset's file, and the law around it against which it is checked."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import orjson

from ewtp.apps.rulebook.reading.measure_list import MeasureFilter, lines_known, measures_known
from ewtp.apps.rulebook.reading.rulebook_reader import RulebookReader
from ewtp.apps.rulebook.reading.sentences import CHANGESET_FILE_UNREADABLE, CHANGESET_TOO_LARGE, RULEBOOK_EMPTY
from ewtp.apps.rulebook.reading.version_records import origin_rules_covering
from ewtp.apps.rulebook.reading.versions import latest_version
from ewtp.core.rulebook.book import build_book
from ewtp.core.rulebook.changeset.canonical import changeset_digest
from ewtp.core.rulebook.changeset.changeset import added_by, ends_of
from ewtp.core.rulebook.changeset.changeset_json import changeset_from_json
from ewtp.core.rulebook.changeset.held_law import HeldLaw
from ewtp.core.rulebook.changeset.overlay import places_of
from ewtp.core.rulebook.charge_kinds import LOWER_DUTIES
from ewtp.core.rulebook.measure import Kind, Measure
from ewtp.core.rulebook.service import Service
from ewtp.core.rulebook.territory import OriginRule, TariffLine
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.reference.hs_texts import subheadings
from ewtp.gateways.reference.iso_codes import vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ewtp.core.rulebook.changeset.changeset import Changeset
    from ewtp.core.rulebook.changeset.law_record import LawRecord

# A changeset of every measure of the seed is half of this.
LARGEST_CHANGESET = 512 * 2**20


@dataclass(frozen=True, slots=True)
class ChangesetFile:
    """A changeset as it was read.

    ``digest`` is that of its content; ``file_digest`` also distinguishes the ids of measures, which answers name.
    """

    changeset: Changeset[LawRecord]
    digest: str
    file_digest: str


def changeset_file_read(path: Path) -> ChangesetFile | Refusal:
    """The changeset in a file; ``changeset_unreadable``, ``changeset_too_large``, or as ``changeset_from_json``."""
    try:
        if path.stat().st_size > LARGEST_CHANGESET:
            return Refusal(CHANGESET_TOO_LARGE, {"path": path, "most": LARGEST_CHANGESET >> 20})
        text = path.read_bytes()
        body = orjson.loads(text)
    except (OSError, ValueError):
        return Refusal(CHANGESET_FILE_UNREADABLE, {"path": path})
    changeset = changeset_from_json(body)
    if isinstance(changeset, Refusal):
        return changeset
    return ChangesetFile(changeset, changeset_digest(changeset), hashlib.sha256(text).hexdigest())


def law_around_changesets(*changesets: Changeset[LawRecord]) -> HeldLaw | Refusal:
    """The part of the latest version's law that a check or a rebase of the changesets needs; ``rulebook_empty``."""
    version = latest_version()
    if version is None:
        return Refusal(RULEBOOK_EMPTY)
    reader = RulebookReader(version.ref)
    frame = reader.frame
    added = [record for changeset in changesets for record in added_by(changeset)]
    named = [*added, *(end.record for changeset in changesets for end in ends_of(changeset))]
    places = sorted({place for changeset in changesets for place in places_of(changeset.measures)})
    measures = dict.fromkeys(reader.measures_at(places))
    lower = [record for record in added if isinstance(record, Measure) and record.kind in LOWER_DUTIES]
    territories = {record.territory for record in lower}
    measures |= dict.fromkeys(reader.measures_around(lower, territories=territories, kinds=[Kind.DUTY]))
    for territory in sorted(set(_asked(added))):
        wanted = MeasureFilter(territory=territory, kind=Kind.REQUIREMENT.value, known_at=version.published_at)
        measures |= dict.fromkeys(measures_known(wanted))
    tariffs = {record.territory for record in named if isinstance(record, Measure | TariffLine)}
    spans = [record for record in named if isinstance(record, OriginRule)]
    codes = sorted({code for rule in spans for code in (rule.first, rule.last)})
    schemes = {rule.scheme for rule in spans}
    book = build_book(
        version.label,
        territories=frame.territories.values(),
        groups=frame.groups.values(),
        measures=measures,
        lines=[line for territory in sorted(tariffs) for line in lines_known(territory, version.published_at)],
        origin_rules=origin_rules_covering(
            schemes, codes, version.published_at, reader.sources, reader.adopted_origin_rules
        ),
        coverage=frame.coverage,
        schedule_starts=frame.schedule_starts,
    )
    law = replace(book, services=frame.services, procedures=frame.procedures)
    return HeldLaw(law, version.digest, vocabulary().economies, subheadings())


def _asked(added: list[LawRecord]) -> Iterator[str]:
    """The territories whose requirements the new records are about."""
    for record in added:
        if isinstance(record, Service) or (isinstance(record, Measure) and record.kind is Kind.RELIEF):
            yield record.territory
