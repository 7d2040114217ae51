"""Write the packs of the United States: the schedule over its editions, additional duties, agencies, fees."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from ewtp.core.rulebook.citation import Source
from ewtp.core.rulebook.measure import Condition, Kind, Measure, Origins, Product
from ewtp.core.rulebook.territory import Group, Membership, TariffLine
from ewtp.core.values.period import Period
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.official_files.us import additional_duties, agency_flags, hts
from ewtp.gateways.official_files.us.chapter_99_lists import ONE_DAY, open_lists
from ewtp.gateways.official_files.us.hts import COLUMN_2, NOMENCLATURE, TERRITORY
from ewtp.gateways.official_files.us.note_enumerations import list_enumerations
from ewtp.gateways.seed.enumerations import write_enumerations
from ewtp.gateways.seed.writer import write_pack
from tools.seed.gathered_records import RETRIEVED, Gathered, gather
from tools.seed.us_textiles import list_textile_groups, list_textile_preferences

if TYPE_CHECKING:
    from collections.abc import Iterator

_EDITIONS = (
    ("hts_2025_rev_32.json.gz", date(2025, 11, 15)),
    ("hts_2026_basic.json.gz", date(2026, 1, 1)),
    ("hts_2026_rev_10.json.gz", date(2026, 6, 8)),
)
# The files of the seed were passed on by this collection, in which they keep their form.
_CARRIER = "tariff-rate-tracker (The Budget Lab at Yale)"
_PGA_REPORT = "us_hts_pga_report_2026-02-21.csv.gz"
_PROGRAMMES = Path(__file__).parent / "us_programmes.yaml"
_USUAL = {"territory": TERRITORY, "nomenclature": NOMENCLATURE, "currency": "USD"}
_FORMAL_ENTRY = "formal-entry"
# The programmes of each pack of additional duties.
_PACKS = {
    "section_201": ("US-s201",),
    "section_301": ("US-s301",),
    "section_122": ("US-s122",),
    "section_232": ("US-s232-",),
    "emergency_powers": ("US-ieepa-",),
}
_HISTORY_NOTE = (
    (
        "A rate that two editions write differently changes on the day the later one took effect; the editions between "
        "them were not read."
    ),
)


@dataclass(frozen=True, slots=True)
class _Edition:
    """One edition of the schedule, read whole."""

    effective: date
    gathered: Gathered


def write_us(reference: Path, root: Path) -> Refusal | None:
    """Every pack below ``rulebook/us``; the Refusal of an importer where a file is missing or broken."""
    for write in (write_us_schedule, write_us_additional_duties, write_us_agencies, write_us_fees):
        refused = write(reference / "us", root / "us")
        if refused is not None:
            return refused
    return None


def write_us_schedule(folder: Path, root: Path) -> Refusal | None:
    """The three columns of the schedule over its editions, its lines, and the groups of its programmes."""
    editions = []
    for name, effective in _EDITIONS:
        gathered = gather(hts.read(folder / name, retrieved=RETRIEVED, effective=effective))
        if isinstance(gathered, Refusal):
            return gathered
        editions.append(_Edition(effective, gathered))
    source = replace(editions[-1].gathered.source, carrier=_CARRIER)
    measures = list(_over_time(editions, source))
    usual = _USUAL | {"valid_from": _EDITIONS[0][1].isoformat()}
    general, column_2 = (
        [m for m in measures if m.kind is Kind.DUTY and (m.origins.include != ("*",)) is second]
        for second in (False, True)
    )
    write_pack(
        root / "schedule",
        source=source,
        notes=_HISTORY_NOTE,
        measures=general,
        lines=_lines_over_time(editions),
        defaults=usual
        | {"kind": "duty", "title": "Duty, column 1 general", "reference": "HTS {code}, column 1 general"},
    )
    groups, sources = programme_groups(_EDITIONS[0][1])
    textiles = _document()["agoa_textiles"]
    of_textiles = Source(**_document()["sources"]["us-agoa-textiles"])
    freed = list_textile_preferences(textiles, of_textiles, _EDITIONS[0][1])
    write_pack(
        root / "column_2",
        source=source,
        notes=_HISTORY_NOTE,
        measures=column_2,
        sources=sources,
        groups=[g for g in groups if g.id == COLUMN_2],
        defaults=usual
        | {"kind": "duty", "title": "Duty, column 2", "reference": "HTS {code}, column 2", "origins": COLUMN_2},
    )
    write_pack(
        root / "special",
        source=source,
        notes=_HISTORY_NOTE,
        measures=[*(m for m in measures if m.kind is Kind.PREFERENCE), *freed],
        sources=[*sources, of_textiles],
        groups=[
            *(g for g in groups if g.id != COLUMN_2),
            *list_textile_groups(textiles, of_textiles, _EDITIONS[0][1]),
        ],
        defaults=usual | {"kind": "preference", "title": "Preference", "reference": "HTS {code}, column 1 special"},
    )
    return None


def _over_time(editions: list[_Edition], source: Source) -> Iterator[Measure]:
    """Each rate once for each run of editions that give the same."""
    series: dict[tuple[Kind, str, Origins], dict[int, Measure]] = defaultdict(dict)
    for number, edition in enumerate(editions):
        for measure in edition.gathered.measures:
            series[measure.kind, measure.product.prefix, measure.origins][number] = measure
    for found in series.values():
        links = found[max(found)].conditions
        for first, following, measure in _runs(found, len(editions)):
            end = editions[following].effective - ONE_DAY if following < len(editions) else None
            validity = Period(editions[first].effective, end)
            yield replace(measure, validity=validity, source=source, conditions=links)


def _runs(found: dict[int, Measure], count: int) -> Iterator[tuple[int, int, Measure]]:
    """Runs of editions with the same rate: the first, the one after the last, and the rate."""
    first = 0
    while first < count:
        start = found.get(first)
        following = first + 1
        while following < count and start is not None:
            now = found.get(following)
            if now is None or now.expression != start.expression:
                break
            following += 1
        if start is not None:
            yield first, following, start
        first = following


def _lines_over_time(editions: list[_Edition]) -> Iterator[TariffLine]:
    """Each declarable line from the first edition that has it to the last, without its description."""
    spans: dict[str, list[int]] = defaultdict(list)
    latest: dict[str, TariffLine] = {}
    for number, edition in enumerate(editions):
        for line in edition.gathered.lines:
            spans[line.code].append(number)
            latest[line.code] = line
    for code, numbers in spans.items():
        following = numbers[-1] + 1
        end = editions[following].effective - ONE_DAY if following < len(editions) else None
        yield replace(latest[code], validity=Period(editions[numbers[0]].effective, end), description="", indent=0)


def programme_groups(first_day: date) -> tuple[list[Group], list[Source]]:
    """Column 2 and the programmes of the special column, with the members that were read, and their sources."""
    document = _document()
    sources = {name: Source(**entry) for name, entry in document["sources"].items()}
    general = sources["us-general-notes"]
    entries = [document["column_2"]] + [
        entry | {"id": f"US-{symbol}", "reference": f"general note {entry['note']}" if entry["note"] else ""}
        for symbol, entry in document["programmes"].items()
    ]
    groups = []
    for entry in entries:
        members = tuple(
            Membership(economy, Period(span.get("from", first_day), span.get("to")))
            for span in entry.get("members", [])
            for economy in span["economies"].split()
        )
        source = sources[entry["source"]] if "source" in entry else general
        groups.append(Group(entry["id"], entry["title"], members, source, entry["reference"]))
    return groups, [sources[name] for name in ("us-general-notes", "us-agoa-2026", "us-cbera")]


def _document() -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load(_PROGRAMMES.read_text(encoding="utf-8"))
    return document


def write_us_additional_duties(folder: Path, root: Path) -> Refusal | None:
    """Sections 201, 301, 232 and 122 and the duties under IEEPA, a pack each."""
    lists = open_lists(folder, retrieved=RETRIEVED)
    if isinstance(lists, Refusal):
        return lists
    gathered = gather(additional_duties.import_lists(lists))
    if isinstance(gathered, Refusal):
        return gathered
    for pack, programmes in _PACKS.items():
        measures = [m for m in gathered.measures if m.programme.startswith(programmes)]
        common = _USUAL | {"kind": "additional_duty"} | _most_common(measures)
        named = {entry for m in measures for entry in (*m.origins.include, *m.origins.exclude)}
        write_pack(
            root / pack,
            source=gathered.source,
            defaults=common,
            measures=measures,
            groups=[g for g in gathered.groups if g.id in named],
            notes=additional_duties.NOTES,
        )
    write_enumerations(root, list_enumerations(lists))
    return None


def _most_common(measures: list[Measure]) -> dict[str, str]:
    """The start, the title and the programme that most of a pack's rows share."""
    cells = {
        "valid_from": [measure.validity.start.isoformat() for measure in measures],
        "title": [measure.title for measure in measures],
        "programme": [measure.programme for measure in measures],
    }
    # Of equally common values the first in order is taken, so that the bytes do not depend on the order of rows.
    return {name: min(Counter(values).items(), key=_rarity)[0] for name, values in cells.items()}


def _rarity(counted: tuple[str, int]) -> tuple[int, str]:
    value, times = counted
    return (-times, value)


def write_us_agencies(folder: Path, root: Path) -> Refusal | None:
    """The flags of the partner agencies and of anti-dumping and countervailing cases."""
    gathered = gather(agency_flags.read(folder / _PGA_REPORT, retrieved=RETRIEVED))
    if isinstance(gathered, Refusal):
        return gathered
    source = replace(gathered.source, carrier=_CARRIER)
    start = {"valid_from": gathered.measures[0].validity.start.isoformat()}
    remedies = [m for m in gathered.measures if m.kind is not Kind.REQUIREMENT]
    write_pack(
        root / "agencies",
        source=source,
        measures=[m for m in gathered.measures if m.kind is Kind.REQUIREMENT],
        defaults=_USUAL_REQUIREMENT | start,
        notes=(
            (
                "Whether a flag is required or may be is said only for AM4, AM8, AQ1, AQ2, DT1, EP1, EP5, EP7, FD1 to "
                "FD4, FW1, FW3, NM8 and TB1, and what it asks for only for these but DT1, and for AL2 and AM7; of "
                "the others it was not read."
            ),
        ),
    )
    write_pack(
        root / "trade_remedies",
        source=source,
        measures=remedies,
        defaults=_USUAL | start | {"kind": "additional_duty"} | _find_shared_cells(remedies),
        notes=("The report says that a case names a line; the cases' goods, origins and rates are not held.",),
    )
    return None


def _find_shared_cells(measures: list[Measure]) -> dict[str, str]:
    """The expression and the condition that all of them share."""
    condition = measures[0].conditions[0]
    return {"expression": measures[0].expression, "conditions": f"{condition.kind}={condition.value}|{condition.text}"}


_USUAL_REQUIREMENT = {"territory": TERRITORY, "nomenclature": NOMENCLATURE, "kind": "requirement", "stage": "entry"}


def write_us_fees(folder: Path, root: Path) -> Refusal | None:
    """The merchandise processing fee and the harbor maintenance fee."""
    del folder
    document = _document()
    sources = {name: Source(**entry) for name, entry in document["sources"].items()}
    write_pack(
        root / "fees",
        source=sources["us-mpf"],
        sources=[sources["us-mpf-2027"], sources["us-hmf"]],
        defaults=_USUAL | {"kind": "fee"},
        measures=[_fee(entry, sources) for entry in document["fees"]],
        notes=(
            (
                "Of the kind of entry the law's default is held: informal up to 2,500 USD (19 CFR 143.21(a), whose "
                "exception for chapter 99 CBP suspended for all origins and modes, 90 FR 17608 and CSMS 64861116), "
                "formal above; a formal entry of less is claimed as formal-entry. Not held: the surcharge for manual "
                "entries, entries that customs prepares, and the fee of express carriers (19 CFR 24.23(b)(4))."
            ),
            (
                "Least-developed beneficiaries of the GSP, and CBTPA economies not on the list of CBERA, are exempt in "
                "law and charged here: their lists were not read."
            ),
            (
                "Duty-free entry of goods up to 800 USD has been suspended for all origins since 2025-08-29 "
                "(Executive Order 14324; in the regulations since 2026-06-24, 91 FR 37789), so there is no relief for "
                "low values; rules for post (91 FR 37801) are not held."
            ),
        ),
    )
    return None


def _fee(entry: dict[str, Any], sources: dict[str, Source]) -> Measure:
    start = entry.get("from", _EDITIONS[0][1])
    code = entry.get("code", "")
    mark = f"-{code}" if code else ""
    return Measure(
        id=f"{entry['programme']}{mark}-{start.isoformat()}",
        territory=TERRITORY,
        kind=Kind.FEE,
        product=Product(NOMENCLATURE, ""),
        validity=Period(start, entry.get("to")),
        source=sources[entry["source"]],
        reference=entry["reference"],
        title=entry["title"],
        origins=Origins(("*",), tuple(entry.get("excluded", ()))),
        expression=entry["expression"],
        currency="USD",
        programme=entry["programme"],
        minimum=entry.get("minimum", ""),
        maximum=entry.get("maximum", ""),
        conditions=tuple(_fee_conditions(entry)),
        additional_code=code,
    )


def _fee_conditions(entry: dict[str, Any]) -> Iterator[Condition]:
    """The conditions of a fee: agreements, the kind of entry by value and choice, what is open, transport."""
    for symbol in entry.get("unless", ()):
        yield Condition("unless_claim", f"US-{symbol}")
    for name, kind in (("up_to", "maximum_value"), ("above", "above_value")):
        if entry.get(name):
            yield Condition(kind, entry[name])
    if "chosen" in entry:
        yield Condition("claim" if entry["chosen"] else "unless_claim", _FORMAL_ENTRY, "entered formally")
    for name, kind in (("remark", "remark"), ("scope", "scope"), ("open", "amount")):
        if entry.get(name):
            yield Condition(kind, entry["programme"], entry[name])
    # Last, because of several facts that are missing the last is asked for.
    if "transport" in entry:
        yield Condition("transport", entry["transport"])
