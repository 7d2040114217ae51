"""The UK Trade Tariff API (version 2): one commodity with every measure, or the list of geographical areas."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from itertools import chain
from typing import TYPE_CHECKING, Any

from ewtp.core.rulebook.citation import Source
from ewtp.core.rulebook.measure import EVERY_ORIGIN, Direction, Kind, Measure, Origins, Product
from ewtp.core.rulebook.records import Importing, Record, RowRefused
from ewtp.core.rulebook.territory import Group, TariffLine
from ewtp.core.values.period import Period
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.official_files.file_readers import BROKEN, open_text, read_json_document, refuse_at_break
from ewtp.gateways.official_files.sentences import (
    MEASURE_OF_EU_TARIFF,
    MEASURE_TYPE_UNKNOWN,
    MEASURE_UNDATED,
    MEASURE_WITHOUT_DUTY,
    NOT_GREAT_BRITAIN,
    NOT_TRADE_TARIFF_API,
    SUPPLEMENTARY_UNIT_UNKNOWN,
)
from ewtp.gateways.official_files.uk.api_json import Json, flatten_document, read_day, read_list, write_expression
from ewtp.gateways.official_files.uk.areas import (
    EVERYONE,
    ISO_NAMES,
    has_unlisted_members,
    make_area_group,
    make_area_groups,
    read_areas,
)
from ewtp.gateways.official_files.uk.cells import CURRENCY, TERRITORY, quote_cells, strip_padding, tidy_text
from ewtp.gateways.official_files.uk.measure_conditions import find_deciding, list_conditions, name_documents
from ewtp.gateways.official_files.uk.measure_types import (
    CHARGING_SERIES,
    SUPPLEMENTARY,
    find_kind,
    list_acts,
    read_series,
    read_type,
)
from ewtp.gateways.official_files.uk.schemes import AUTHORISED_USE, SUSPENSION, group_id, make_claim_groups

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date
    from pathlib import Path

NOMENCLATURE = "CN2022"
# Regulation (EEC) No 2658/87 on the tariff and the nomenclature of the European Union, as the API names it.
_EU_TARIFF = "R2658/87"
DEPENDS = "the rate depends on a condition of the measure"
# Expressions of measures that cannot be read.
TYPE_UNKNOWN = "not known: a type of measure that is not read"
UNDATED = "not known: the days of the measure cannot be read"
WITHOUT_DUTY = "not known: the measure names no duty"
_DIGITS = 10
_CLAIMED = {
    "112": SUSPENSION,
    "105": AUTHORISED_USE,
    "115": AUTHORISED_USE,
    "117": AUTHORISED_USE,
    "119": AUTHORISED_USE,
}
_REC20 = {
    "NAR": "C62",
    "NPR": "NPR",
    "KGM": "KGM",
    "LTR": "LTR",
    "LPA": "LPA",
    "MTK": "MTK",
    "MTR": "MTR",
    "MTQ": "MTQ",
    "GRM": "GRM",
    "CEN": "CEN",
    "MIL": "MIL",
    "TNE": "TNE",
    "HLT": "HLT",
    "DTN": "DTN",
    "CTM": "CTM",
    "NCL": "NCL",
    "KWH": "KWH",
    "TJO": "TJO",
}
# Under this condition code the entry price decides the rate.
_ENTRY_PRICE = "V"


def read(
    path: Path, *, retrieved: date, published: date | None = None, effective: date | None = None
) -> Importing | Refusal:
    """A commodity's line and measures (each with dates of its own), or the groups of the list of areas.

    Accepts the API's JSON:API and its flattened form, plain or gzipped, or a folder of such answers. ``effective`` does
    not move a measure; it is the first day of the groups, which have no dates of their own, else the day they were
    retrieved. An answer does not state when it was published.
    Rows refused: ``measure_type_unknown``, ``measure_undated``, ``measure_without_duty`` (each is kept as a measure
    that cannot be computed), ``unit_unknown``.
    Refusals: ``file_not_uk_trade_tariff_api``, ``file_not_great_britain``.
    """
    source = _source(published, retrieved)
    if not path.is_dir():
        records = _open_answer(path, source, effective or retrieved)
        return records if isinstance(records, Refusal) else Importing(source, refuse_at_break(records))
    answers = [_open_answer(each, source, effective or retrieved) for each in sorted(path.iterdir())]
    refused = next((each for each in answers if isinstance(each, Refusal)), None)
    if refused is not None:
        return refused
    groups, others = _join_answers(each for each in answers if not isinstance(each, Refusal))
    return Importing(source, refuse_at_break(chain(groups.values(), others)))


def _join_answers(
    answers: Iterable[Iterable[Record | RowRefused]],
) -> tuple[dict[str, Group], list[Record | RowRefused]]:
    """The groups of several answers, each once, and all else; the list of areas has more of a group than others."""
    groups: dict[str, Group] = {}
    others: list[Record | RowRefused] = []
    for record in chain.from_iterable(answers):
        if not isinstance(record, Group):
            others.append(record)
        elif len(record.members) > len(groups[record.id].members if record.id in groups else ()):
            groups[record.id] = record
        else:
            groups.setdefault(record.id, record)
    return groups, others


def _open_answer(path: Path, source: Source, first_day: date) -> Iterator[Record | RowRefused] | Refusal:
    """What one answer of the API holds; groups begin on ``first_day``."""
    refused = Refusal(NOT_TRADE_TARIFF_API, {"file": path.name})
    try:
        with open_text(path) as stream:
            document = read_json_document(stream, parse_float=Decimal)
    except BROKEN:
        return refused
    areas = read_areas(document)
    if areas is not None:
        return make_area_groups(areas, source, first_day)
    commodity = flatten_document(document) if isinstance(document, dict) else None
    code = tidy_text(commodity.get("goods_nomenclature_item_id")) if commodity else ""
    if commodity is None or not code.isdigit() or len(code) != _DIGITS:
        return refused
    if _service(commodity) == "xi":
        return Refusal(NOT_GREAT_BRITAIN, {"file": path.name})
    return _CommodityReader(commodity, strip_padding(code), source).records()


def _source(published: date | None, retrieved: date) -> Source:
    return Source(
        id="uk-trade-tariff",
        title="UK Integrated Online Tariff",
        publisher="HM Revenue & Customs",
        published=published,
        retrieved=retrieved,
        licence="OGL-3.0",
        url="https://www.trade-tariff.service.gov.uk/api/v2/commodities",
    )


def _service(commodity: Json) -> str:
    meta = commodity.get("meta")
    calculator = meta.get("duty_calculator") if isinstance(meta, dict) else None
    return tidy_text(calculator.get("source")) if isinstance(calculator, dict) else ""


# A commodity.


@dataclass(slots=True)
class _CommodityReader:
    """Reads one commodity's measures."""

    commodity: Json
    code: str
    source: Source

    def records(self) -> Iterator[Record | RowRefused]:
        """The line, then every measure and the groups they name."""
        imports = read_list(self.commodity.get("import_measures"))
        yield self._line(imports)
        given: set[str] = set()
        number = 0
        for direction, measures in (
            (Direction.IMPORT, imports),
            (Direction.EXPORT, read_list(self.commodity.get("export_measures"))),
        ):
            for measure in measures:
                number += 1
                for record in self._measure(number, measure, direction, imports):
                    if isinstance(record, Group):
                        if record.id in given:
                            continue
                        given.add(record.id)
                    yield record

    def _line(self, measures: list[Any]) -> TariffLine:
        units = []
        for measure in measures:
            if read_type(measure) in SUPPLEMENTARY:
                codes = [str(c.get("measurement_unit_code")) for c in read_list(measure.get("measure_components"))]
                units += [_REC20[code] for code in codes if code in _REC20]
        return TariffLine(
            TERRITORY,
            self.code,
            Period(self._first_day(measures), read_day(self.commodity.get("validity_end_date"))),
            tuple(dict.fromkeys(units)),
            tidy_text(self.commodity.get("description_plain") or self.commodity.get("description")),
        )

    def _first_day(self, measures: list[Any]) -> date:
        """The first day of the commodity; that of its oldest measure where it states none."""
        starts = [day for day in (read_day(m.get("effective_start_date")) for m in measures) if day]
        return read_day(self.commodity.get("validity_start_date")) or min(starts, default=self.source.retrieved)

    def _measure(
        self,
        number: int,
        measure: Json,
        direction: Direction,
        imports: list[Any],
    ) -> Iterator[Record | RowRefused]:
        type_id, series = read_type(measure), read_series(measure)
        title = tidy_text((measure.get("measure_type") or {}).get("description")) or f"Measure type {type_id}"
        text = quote_cells(type_id, title, measure.get("id"))
        if type_id in SUPPLEMENTARY:
            units = [str(c.get("measurement_unit_code")) for c in read_list(measure.get("measure_components"))]
            if not all(unit in _REC20 for unit in units):
                yield RowRefused(SUPPLEMENTARY_UNIT_UNKNOWN, row=number, text=text)
            return
        kind, expression = find_kind(type_id, series), _expression(measure)
        if (
            kind is Kind.PREFERENCE
            and type_id == "105"
            and not any(read_type(m) == "103" and read_series(m) == "C" for m in imports)
        ):
            kind = Kind.DUTY
        if kind is Kind.DUTY and _EU_TARIFF in list_acts(measure):
            # The United Kingdom has its own tariff since 2021-01-01 (UK Global Tariff); this one is law for others.
            yield RowRefused(MEASURE_OF_EU_TARIFF, row=number, text=text)
            return
        # What cannot be read stays as a measure that cannot be computed, so that no answer is complete without it.
        if kind is None:
            yield RowRefused(MEASURE_TYPE_UNKNOWN, row=number, text=text)
            charges = series in CHARGING_SERIES or read_list(measure.get("measure_components"))
            kind, expression = (Kind.ADDITIONAL_DUTY if charges else Kind.REQUIREMENT), TYPE_UNKNOWN
        start, end = read_day(measure.get("effective_start_date")), read_day(measure.get("effective_end_date"))
        if start is None or (end is not None and end < start):
            yield RowRefused(MEASURE_UNDATED, row=number, text=text)
            start, end, expression = start or self._first_day(imports), None, UNDATED
        elif kind.charges and not expression:
            yield RowRefused(MEASURE_WITHOUT_DUTY, row=number, text=text)
            expression = WITHOUT_DUTY
        origins, groups = self._origins(measure, kind, type_id, start)
        yield from groups
        yield self._make_measure(
            measure,
            kind,
            validity=Period(start, end),
            direction=direction,
            origins=origins,
            title=title,
            expression=expression,
            imports=imports,
        )

    def _make_measure(
        self,
        measure: Json,
        kind: Kind,
        *,
        validity: Period,
        direction: Direction,
        origins: Origins,
        title: str,
        expression: str,
        imports: list[Any],
    ) -> Measure:
        type_id = read_type(measure)
        order = measure.get("order_number") or {}
        additional = tidy_text((measure.get("additional_code") or {}).get("code"))
        act = next(iter(list_acts(measure)), "")
        # A measure of both import and export is listed twice under one number.
        side = "" if direction is Direction.IMPORT else "export-"
        return Measure(
            id=f"{TERRITORY}-{kind}-{self.code}-{side}{measure.get('id')}",
            territory=TERRITORY,
            kind=kind,
            product=Product(NOMENCLATURE, self.code),
            validity=validity,
            source=self.source,
            reference=", ".join(part for part in (f"measure {measure.get('id')}", act) if part),
            title=title,
            origins=origins,
            direction=direction,
            expression=expression if kind.charges else "",
            currency=CURRENCY if kind.charges else "",
            programme=_programme(kind, type_id),
            base="duty_paid" if kind is Kind.TAX else "customs_value",
            document=name_documents(measure) if kind is Kind.REQUIREMENT else "",
            conditions=(*list_conditions(measure), *find_deciding(measure, kind, additional, imports)),
            additional_code=additional,
            order_number=tidy_text(order.get("number")),
        )

    def _origins(self, measure: Json, kind: Kind, type_id: str, start: date) -> tuple[Origins, list[Group]]:
        area = measure.get("geographical_area") or {}
        code = str(area.get("geographical_area_id") or area.get("id") or "1011")
        named = (
            str(e.get("geographical_area_id") or e.get("id")) for e in read_list(measure.get("excluded_countries"))
        )
        excluded = tuple(sorted({ISO_NAMES.get(name, name) for name in named}))
        claim = _CLAIMED.get(type_id)
        if kind is Kind.PREFERENCE and claim is not None:
            return Origins((claim,), excluded), list(make_claim_groups(self.source, start, (claim,)))
        if code in EVERYONE:
            return Origins((EVERY_ORIGIN,), excluded), []
        if kind in (Kind.PREFERENCE, Kind.QUOTA) and has_unlisted_members(area):
            return Origins((group_id(code),), excluded), []
        if kind in (Kind.PREFERENCE, Kind.QUOTA) or read_list(area.get("children_geographical_areas")):
            return Origins((group_id(code),), excluded), [make_area_group(area, self.source, start)]
        if has_unlisted_members(area):
            # The members of the area are not in the answer; a condition says so, so that the measure is not missed.
            return Origins((EVERY_ORIGIN,), excluded), []
        return Origins((ISO_NAMES.get(code, code),), excluded), []


def _programme(kind: Kind, type_id: str) -> str:
    """The programme of a charge; all VAT is one, so that a commodity's own rate replaces the standard one."""
    if kind is Kind.TAX:
        return "vat"
    return "" if kind in (Kind.DUTY, Kind.PREFERENCE, Kind.QUOTA) else f"{TERRITORY}-{type_id}"


def _expression(measure: Json) -> str:
    components = read_list(measure.get("measure_components"))
    deciding = [
        c for c in read_list(measure.get("measure_conditions")) if read_list(c.get("measure_condition_components"))
    ]
    if deciding:
        return "Entry Price" if all(c.get("condition_code") == _ENTRY_PRICE for c in deciding) else DEPENDS
    return write_expression(components) or tidy_text((measure.get("duty_expression") or {}).get("base"))
