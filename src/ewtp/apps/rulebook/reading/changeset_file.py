"""A change's file, as a changeset or as acts that are compiled on the law in force, and the law around it."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import orjson

from ewtp.apps.rulebook.reading.measure_list import MeasureFilter, lines_known, measures_known, programmes_of_duties
from ewtp.apps.rulebook.reading.rulebook_reader import RulebookReader
from ewtp.apps.rulebook.reading.sentences import (
    CHANGESET_FILE_MISSING,
    CHANGESET_FILE_UNREADABLE,
    CHANGESET_TOO_LARGE,
    RULEBOOK_EMPTY,
)
from ewtp.apps.rulebook.reading.version_records import origin_rules_covering
from ewtp.apps.rulebook.reading.versions import latest_version
from ewtp.core.acts.act import Acts
from ewtp.core.acts.acts_json import acts_from_json
from ewtp.core.acts.acts_text import read_acts
from ewtp.core.acts.compilation import compile_acts
from ewtp.core.acts.selection import kinds_needed, territories_named
from ewtp.core.acts.sentences import ARTICLE_UNKNOWN
from ewtp.core.rulebook.book import build_book
from ewtp.core.rulebook.changeset.canonical import changeset_digest
from ewtp.core.rulebook.changeset.changeset import ends_of, find_added_records
from ewtp.core.rulebook.changeset.changeset_json import changeset_as_json, changeset_from_json
from ewtp.core.rulebook.changeset.idle_rule import REPLACED, charges_nothing
from ewtp.core.rulebook.changeset.law_in_effect import HeldLaw
from ewtp.core.rulebook.changeset.overlay import places_of
from ewtp.core.rulebook.charge_kinds import LOWER_DUTIES
from ewtp.core.rulebook.measure import Kind, Measure
from ewtp.core.rulebook.rule import Rule
from ewtp.core.rulebook.service import Service
from ewtp.core.rulebook.territory import Group, OriginRule, TariffLine
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.reference.hs_texts import subheadings
from ewtp.gateways.reference.iso_codes import vocabulary

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from datetime import datetime
    from pathlib import Path

    from ewtp.core.acts.compilation import Compilation
    from ewtp.core.rulebook.changeset.changeset import Changeset
    from ewtp.core.rulebook.changeset.law_record import LawRecord
    from ewtp.core.rulebook.rule import CodePlace

# A changeset of every measure of the seed is half of this.
LARGEST_CHANGESET = 512 * 2**20


@dataclass(frozen=True, slots=True)
class ChangesetFile:
    """A changeset as it was read.

    ``digest`` is that of its content; ``file_digest`` also distinguishes the ids of measures, which answers name.
    ``compiled`` is what it was made of, where the file holds acts.
    """

    changeset: Changeset[LawRecord]
    digest: str
    file_digest: str
    compiled: CompiledActs | None = None


@dataclass(frozen=True, slots=True)
class CompiledActs:
    """Acts compiled on the law in force, of which ``law`` is the part that they are about."""

    compilation: Compilation
    law: HeldLaw


def changeset_file_read(path: Path) -> ChangesetFile | Refusal:
    """The changeset in a file, or that which the acts in it make of the law in force.

    Refuses as ``change_file_read`` does, and of acts with ``rulebook_empty``.
    """
    read = change_file_read(path)
    return compile_written_acts(read) if isinstance(read, Acts) else read


def change_file_read(path: Path) -> ChangesetFile | Acts | Refusal:
    """The changeset or the acts in a file; no database is asked.

    Refuses with ``changeset_unreadable``, ``changeset_too_large``, and as ``changeset_from_json``,
    ``acts_from_json`` and ``read_acts`` do.
    """
    try:
        if path.stat().st_size > LARGEST_CHANGESET:
            return Refusal(CHANGESET_TOO_LARGE, {"path": path, "most": LARGEST_CHANGESET >> 20})
        content = path.read_bytes()
    except FileNotFoundError:
        return Refusal(CHANGESET_FILE_MISSING, {"path": path})
    except OSError:
        return Refusal(CHANGESET_FILE_UNREADABLE, {"path": path})
    body = _acts_in(content, path)
    if isinstance(body, Refusal | Acts):
        return body
    changeset = changeset_from_json(body)
    if isinstance(changeset, Refusal):
        return changeset
    return ChangesetFile(changeset, changeset_digest(changeset), hashlib.sha256(content).hexdigest())


def _acts_in(content: bytes, path: Path) -> Acts | Refusal | Any:
    """The acts that a file holds, as JSON or as text; else its JSON."""
    if content.lstrip()[:1] in (b"{", b"[", b""):
        try:
            body = orjson.loads(content)
        except ValueError:
            return Refusal(CHANGESET_FILE_UNREADABLE, {"path": path})
        return acts_from_json(body) if isinstance(body, dict) and "articles" in body else body
    try:
        return read_acts(content.decode())
    except UnicodeDecodeError:
        return Refusal(CHANGESET_FILE_UNREADABLE, {"path": path})


def compile_written_acts(acts: Acts, articles: frozenset[str] = frozenset()) -> ChangesetFile | Refusal:
    """The change that acts make of the law in force; of the articles named with all that they require, or of all.

    Refuses with ``article_requires_wrong`` where there is no such article, and with ``rulebook_empty``.
    """
    known = {article.name for article in acts.articles}
    for name in sorted(articles - known):
        return Refusal(ARTICLE_UNKNOWN, {"article": name, "articles": sorted(known)})
    law = law_around_acts(acts)
    if isinstance(law, Refusal):
        return law
    made = compile_acts(acts, law, articles)
    content = orjson.dumps(changeset_as_json(made.changeset), option=orjson.OPT_SORT_KEYS)
    file_digest = hashlib.sha256(content).hexdigest()
    return ChangesetFile(made.changeset, changeset_digest(made.changeset), file_digest, CompiledActs(made, law))


def law_around_acts(acts: Acts) -> HeldLaw | Refusal:
    """The part of the latest version's law that acts are compiled on: the rules of the kinds that they are about.

    Refuses with ``rulebook_empty``.
    """
    version = latest_version()
    if version is None:
        return Refusal(RULEBOOK_EMPTY)
    frame = RulebookReader(version.ref).frame
    places = territories_named(acts)
    measures: list[Measure] = []
    for territory in sorted(places):
        for kind in kinds_needed(acts, territory) or ("",):
            measures += measures_known(MeasureFilter(territory=territory, kind=kind, known_at=version.published_at))
    book = build_book(
        version.label,
        territories=frame.territories.values(),
        groups=frame.groups.values(),
        measures=measures,
        lines=[line for territory in sorted(places) for line in lines_known(territory, version.published_at)],
        coverage=frame.coverage,
        schedule_starts=frame.schedule_starts,
    )
    law = replace(book, services=frame.services, procedures=frame.procedures)
    given = (version.digest, vocabulary().economies, vocabulary().currencies, subheadings())
    return HeldLaw(law, *given, programmes=_programmes_beside(measures, frame.territories, version.published_at))


def law_around_changesets(*changesets: Changeset[LawRecord]) -> HeldLaw | Refusal:
    """The part of the latest version's law that a check or a rebase of the changesets needs; ``rulebook_empty``."""
    version = latest_version()
    if version is None:
        return Refusal(RULEBOOK_EMPTY)
    reader = RulebookReader(version.ref)
    frame = reader.frame
    added = [record for changeset in changesets for record in find_added_records(changeset)]
    named = [*added, *(end.record for changeset in changesets for end in ends_of(changeset))]
    places = sorted({place for changeset in changesets for place in places_of(changeset.measures)})
    measures = dict.fromkeys(reader.measures_at(places))
    # A duty is compared with the longer codes below it only where another measure stands at its place.
    shared = {place for place, rules in _keys_at((*measures, *added)).items() if len(rules) > 1}
    lower = [
        record
        for record in added
        if isinstance(record, Measure)
        and (record.kind in LOWER_DUTIES or (record.kind is Kind.DUTY and _duty_place(record) in shared))
    ]
    territories = {record.territory for record in lower}
    measures |= dict.fromkeys(reader.measures_around(lower, territories=territories, kinds=[Kind.DUTY]))
    nothing = [record for record in added if isinstance(record, Measure) and charges_nothing(record, Rule(record))]
    places_free = {record.territory for record in nothing}
    measures |= dict.fromkeys(reader.measures_around(nothing, territories=places_free, kinds=REPLACED))
    for territory in sorted(set(_find_asked_territories(added))):
        wanted = MeasureFilter(territory=territory, kind=Kind.REQUIREMENT.value, known_at=version.published_at)
        measures |= dict.fromkeys(measures_known(wanted))
    tariffs = {record.territory for record in named if isinstance(record, Measure | TariffLine)}
    spans = [record for record in named if isinstance(record, OriginRule)]
    codes = sorted({code for rule in spans for code in (rule.first, rule.last)})
    schemes = {rule.scheme for rule in spans}
    # A new group names a scheme that has some rule, whatever its codes are.
    named_schemes = {record.origin_scheme for record in added if isinstance(record, Group)} - {""}
    if named_schemes:
        schemes, codes = schemes | named_schemes, list("0123456789")
    book = build_book(
        version.label,
        territories=frame.territories.values(),
        groups=frame.groups.values(),
        measures=measures,
        lines=[line for territory in sorted(tariffs) for line in lines_known(territory, version.published_at)],
        origin_rules=origin_rules_covering(
            schemes, codes, version.published_at, reader.sources, reader.read_adopted_origin_rules
        ),
        coverage=frame.coverage,
        schedule_starts=frame.schedule_starts,
    )
    law = replace(book, services=frame.services, procedures=frame.procedures)
    given = (version.digest, vocabulary().economies, vocabulary().currencies, subheadings())
    return HeldLaw(law, *given, programmes=_programmes_beside(added, frame.territories, version.published_at))


def _programmes_beside(
    records: Iterable[LawRecord], territories: Collection[str], moment: datetime
) -> frozenset[tuple[str, str]]:
    """The programmes that records may yield to, whatever codes their rules are for; none where none yields."""
    yields = any(isinstance(record, Measure) and record.yields_to for record in records)
    return programmes_of_duties(territories, moment) if yields else frozenset()


def _keys_at(records: Iterable[LawRecord]) -> dict[CodePlace, set[str]]:
    """The keys of the duties at each place."""
    found: dict[CodePlace, set[str]] = defaultdict(set)
    for record in records:
        if isinstance(record, Measure) and record.kind is Kind.DUTY:
            found[_duty_place(record)].add(record.key)
    return found


def _duty_place(measure: Measure) -> CodePlace:
    return measure.territory, measure.product.prefix


def _find_asked_territories(added: list[LawRecord]) -> Iterator[str]:
    """The territories whose requirements the new records are about."""
    for record in added:
        if isinstance(record, Service) or (isinstance(record, Measure) and record.kind is Kind.RELIEF):
            yield record.territory
