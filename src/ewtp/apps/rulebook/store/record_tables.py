"""The rulebook's record tables: how each kind of record becomes a row of its table, and which rows belong together.

A row is *stated by* a statement (all that an edition of a source states at once, as ``us-hts`` or ``lines:GB``) and has
a *key* and a *content* (everything else in it); the last two are kept as 128-bit digests. Two rows of one key and
*layer* never hold for the same day: a rule that an economy adopted is stored beside the law that it amends. The layer
of a measure is its status.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from typing import TYPE_CHECKING, Any

import orjson

from ewtp.core.rulebook.changeset.law_record import LawRecord, record_key, record_period
from ewtp.core.rulebook.changeset.law_record_json import law_record_as_json
from ewtp.core.rulebook.citation import Source
from ewtp.core.rulebook.measure import Measure
from ewtp.core.rulebook.records import CodeReplaced, ExchangeRate
from ewtp.core.rulebook.territory import ALL_TIME, Group, OriginRule, TariffLine, Territory
from ewtp.core.values.period import Period

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_PREFIX = re.compile(r"[0-9]{0,14}\Z")
_LINE = re.compile(r"[0-9]{2,14}\Z")
_RATE = re.compile(r"[0-9]+(\.[0-9]+)?\Z")
_CURRENCY = re.compile(r"[A-Z]{3}\Z")


@dataclass(frozen=True, slots=True)
class RecordRow:
    """A record ready to be stored; ``values`` follow the table's columns, ``children`` the child's."""

    stated_by: str
    key: str
    content: str
    validity: Period
    values: tuple[Any, ...]
    children: tuple[tuple[Any, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class RecordTable:
    """A table of the rulebook and how a record is put into it.

    ``row`` returns the record's row, or the stable code of a refusal when the table cannot hold it.
    ``layer`` is the column of a row's layer, and ``product`` that of the code it is about, where it has such.
    ``adoption_columns`` are set by an adoption, and have their defaults in rows of law.
    """

    name: str
    db_table: str
    columns: tuple[str, ...]
    row: Callable[[Any], RecordRow | str]
    dated: bool = False
    layer: str = ""
    product: str = ""
    child: str = ""
    child_parent: str = ""
    child_columns: tuple[str, ...] = ()
    adoption_columns: tuple[str, ...] = ()

    @property
    def stored_columns(self) -> tuple[str, ...]:
        """Every column but those that all tables of the rulebook have."""
        return (*self.columns, *self.adoption_columns)


def digest(text: str) -> str:
    """128 bits that stand for a text, as PostgreSQL's ``uuid`` reads them."""
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


@lru_cache(maxsize=8192)
def range_text(period: Period) -> str:
    """The period as PostgreSQL's ``daterange`` reads it."""
    return f"[{period.start.isoformat()},{period.end.isoformat() if period.end else ''}]"


@lru_cache(maxsize=8192)
def _array(texts: tuple[str, ...]) -> str:
    quoted = ('"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"' for text in texts)
    return "{" + ",".join(quoted) + "}"


def _json(value: Any) -> str:
    return orjson.dumps(value).decode() if value else "[]"


def _make_practice(
    stated_by: str,
    key: str,
    validity: Period,
    values: tuple[Any, ...],
    *,
    unsaid: int = 0,
    children: tuple[tuple[Any, ...], ...] = (),
) -> RecordRow | str:
    """``unsaid`` first values are names or dates of editions, which do not make a row say something else."""
    content = "\x1f".join([stated_by, *map(str, values[unsaid:]), *map(repr, children)])
    if "\x00" in content or not _encodable(content):
        return "text_unreadable"
    return RecordRow(stated_by, digest(key), digest(content), validity, values, children)


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _source_row(source: Source) -> RecordRow | str:
    values = (
        source.retrieved.isoformat(),
        source.id,
        source.title,
        source.publisher,
        source.published_text,
        source.licence,
        source.url,
        source.carrier,
    )
    # Taking the same edition down again on another day changes nothing.
    return _make_practice(source.id, source.id, ALL_TIME, values, unsaid=1)


def _measure_row(measure: Measure) -> RecordRow | str:
    product, origins = measure.product, measure.origins
    if not _PREFIX.match(product.prefix):
        return "code_unreadable"
    if measure.unreadable:
        return measure.unreadable
    conditions = [{"kind": c.kind, "value": c.value, "text": c.text} for c in measure.conditions]
    values = (
        measure.id,
        measure.territory,
        measure.direction.value,
        measure.kind.value,
        measure.status.value,
        product.nomenclature,
        product.prefix,
        _array(product.exclusions),
        _array(origins.include),
        _array(origins.exclude),
        measure.reference,
        measure.title,
        measure.expression,
        measure.currency,
        measure.programme,
        _array(measure.yields_to),
        measure.base,
        measure.minimum,
        measure.maximum,
        measure.agency,
        measure.document,
        measure.stage,
        measure.mast_chapter,
        _json(conditions),
        measure.additional_code,
        measure.order_number,
    )
    return _make_practice(measure.source.id, measure.key, measure.validity, values, unsaid=1)


def _line_row(line: TariffLine) -> RecordRow | str:
    if not _LINE.match(line.code):
        return "code_unreadable"
    values = (line.territory, line.code, _array(line.units), line.description, line.indent)
    return _make_practice(f"lines:{line.territory}", f"{line.territory}:{line.code}", line.validity, values)


def _territory_row(territory: Territory) -> RecordRow | str:
    practices = tuple(
        (place, p.name, p.value, range_text(p.validity), p.source.id, p.reference)
        for place, p in enumerate(territory.practices)
    )
    if _find_overlap((p.name, p.validity) for p in territory.practices):
        return "practices_overlap"
    if not _CURRENCY.match(territory.currency):
        return "currency_unknown"
    if not all(practice.readable for practice in territory.practices):
        return "practice_unreadable"
    values = (
        territory.code,
        territory.name,
        _array(territory.members),
        territory.currency,
        territory.nomenclature,
        territory.hs_edition,
        territory.digits,
        territory.schedule.id if territory.schedule else "",
        _json([list(name) for name in territory.names]),
    )
    return _make_practice("territories", territory.code, ALL_TIME, values, children=practices)


def _group_row(group: Group) -> RecordRow | str:
    if group.validity != ALL_TIME:
        return "days_not_law"
    if _find_overlap((m.economy, m.validity) for m in group.members):
        return "memberships_overlap"
    members = tuple((place, m.economy, range_text(m.validity)) for place, m in enumerate(group.members))
    values = (group.id, group.title, group.source.id, group.reference, group.proof, group.origin_scheme)
    return _make_practice(f"groups:{group.source.id}", group.id, ALL_TIME, values, children=members)


def _origin_rule_row(rule: OriginRule) -> RecordRow | str:
    if rule.first > rule.last:
        return "code_span_reversed"
    if rule.validity != ALL_TIME:
        return "days_not_law"
    values = (rule.scheme, rule.first, rule.last, _array(rule.classes), rule.text, rule.source.id, rule.reference)
    # A scheme may offer several rules for one product, so that a rule is identified by everything it states.
    return _make_practice(f"origin_rules:{rule.source.id}", "\x1f".join(map(str, values)), ALL_TIME, values)


def _build_adopted_row(record: LawRecord) -> RecordRow | str:
    body = law_record_as_json(record)
    return _make_practice("", record_key(record), record_period(record), (body["record"], _json(body)))


def _build_replaced_row(change: CodeReplaced) -> RecordRow | str:
    values = (change.old_edition, change.old_code, change.new_edition, change.new_code)
    return _make_practice(f"replaced:{change.old_edition}:{change.new_edition}", "\x1f".join(values), ALL_TIME, values)


def _rate_row(rate: ExchangeRate) -> RecordRow | str:
    # A rate of zero would make an amount vanish, or divide by nothing.
    if (
        not _RATE.match(rate.units_per_base)
        or not rate.units_per_base.strip("0.")
        or not (_CURRENCY.match(rate.base) and _CURRENCY.match(rate.currency))
    ):
        return "rate_unreadable"
    try:
        validity = _iso_period(rate.valid_from, rate.valid_to)
    except ValueError:
        return "date_unreadable"
    values = (rate.source, rate.base, rate.currency, rate.units_per_base)
    return _make_practice(f"rates:{rate.source}", f"{rate.source}:{rate.base}:{rate.currency}", validity, values)


@lru_cache(maxsize=4096)
def _iso_period(start: str, end: str) -> Period:
    from_day = _day(start)
    return Period(from_day, _day(end) if end else None)


def _day(text: str) -> Any:
    return ALL_TIME.start.fromisoformat(text)


def _find_overlap(named: Iterable[tuple[str, Period]]) -> bool:
    return any(a == b and one.overlaps(other) for (a, one), (b, other) in combinations(named, 2))


SOURCES = RecordTable(
    "sources",
    "rulebook_source",
    ("retrieved", "source_id", "title", "publisher", "published", "licence", "url", "carrier"),
    _source_row,
)
TERRITORIES = RecordTable(
    "territories",
    "rulebook_territory",
    ("code", "name", "members", "currency", "nomenclature", "hs_edition", "digits", "schedule", "names"),
    _territory_row,
    child="rulebook_practice",
    child_parent="territory_id",
    child_columns=("position", "name", "value", "validity", "source", "reference"),
)
GROUPS = RecordTable(
    "groups",
    "rulebook_group",
    ("group_id", "title", "source", "reference", "proof", "origin_scheme"),
    _group_row,
    child="rulebook_membership",
    child_parent="group_id",
    child_columns=("position", "economy", "validity"),
)
MEASURES = RecordTable(
    "measures",
    "rulebook_measure",
    (
        "measure_id",
        "territory",
        "direction",
        "kind",
        "status",
        "nomenclature",
        "prefix",
        "exclusions",
        "origins",
        "excluded_origins",
        "reference",
        "title",
        "expression",
        "currency",
        "programme",
        "yields_to",
        "base",
        "minimum",
        "maximum",
        "agency",
        "document",
        "stage",
        "mast_chapter",
        "conditions",
        "additional_code",
        "order_number",
    ),
    _measure_row,
    dated=True,
    layer="status",
    product="prefix",
    adoption_columns=("adopted_from", "abolishes"),
)
LINES = RecordTable(
    "lines",
    "rulebook_tariffline",
    ("territory", "code", "units", "description", "indent"),
    _line_row,
    dated=True,
    layer="layer",
    product="code",
    adoption_columns=("layer", "adopted_from", "abolishes"),
)
ORIGIN_RULES = RecordTable(
    "origin_rules",
    "rulebook_originrule",
    ("scheme", "first", "last", "classes", "text", "source", "reference"),
    _origin_rule_row,
)
REPLACED = RecordTable(
    "codes_replaced",
    "rulebook_codereplaced",
    ("old_edition", "old_code", "new_edition", "new_code"),
    _build_replaced_row,
)
RATES = RecordTable(
    "exchange_rates",
    "rulebook_exchangerate",
    ("source", "base", "currency", "units_per_base"),
    _rate_row,
    dated=True,
)
# Adopted records of the kinds that no table with layers holds.
ADOPTED = RecordTable(
    "adopted_records",
    "rulebook_adoptedrecord",
    ("kind", "content"),
    _build_adopted_row,
    dated=True,
    adoption_columns=("adopted_from", "abolishes"),
)
RECORD_TABLES = (SOURCES, TERRITORIES, GROUPS, MEASURES, LINES, ORIGIN_RULES, REPLACED, RATES, ADOPTED)
TABLE_OF: dict[type, RecordTable] = {
    Source: SOURCES,
    Territory: TERRITORIES,
    Group: GROUPS,
    Measure: MEASURES,
    TariffLine: LINES,
    OriginRule: ORIGIN_RULES,
    CodeReplaced: REPLACED,
    ExchangeRate: RATES,
}
