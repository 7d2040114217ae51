"""Write the packs of the Canadian tariff from its official files.

The edition of 2020 has every line and treatment. Three of its treatments went down by yearly steps since, and the
United Kingdom has had one of its own; both are read from the table of 2026, and hold from its first day.
"""

from __future__ import annotations

import csv
import gzip
import re
from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from ewtp.core.rulebook.citation import Source
from ewtp.core.rulebook.measure import Kind, Measure, Origins
from ewtp.core.values.period import Period
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.official_files.canada import tariff
from ewtp.gateways.seed.writer import write_pack
from tools.seed.gathered_records import RETRIEVED, gather
from tools.seed.shared_headings import share_headings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

_SINCE = date(2026, 1, 1)
_NEWER = Source(
    "ca-customs-tariff-2026",
    "Customs Tariff T2026: items with their rates, as a table without a licence of its own",
    "Canada Border Services Agency",
    _SINCE,
    date(2026, 11, 29),
    carrier="a public collection of official schedules; 3,737 of its ordinary rates are those of 2020",
)
# The columns of the table by treatment. What it says of the United States and Mexico is what 2020 said.
_STEPPED = {"CA-CEUT": "ceut", "CA-CPTPT": "cptpt", "CA-KRT": "krt"}
_OWN = "CA-UKT"
# The General Tariff is for origins without most-favoured-nation treatment. Customs Notice 22-20 withdrew it from the
# first and the last, but from item 2844.43.00; North Korea had none before (Delmar, 2022-03-04).
_GENERAL, _GENERAL_ORIGINS = "general_tariff_pct", ("BY", "KP", "RU")
_STILL_FAVOURED = "2844"
_USUAL_GENERAL = Decimal(35)
_EDITION_OF_2020 = (
    "The edition is of 2020: changes since then are held for the treatments CEUT, CPTPT and KRT of 2026 alone, and of "
    "the treatments that came later only UKT is."
)
_EDITION_OF_2026 = (
    "The rates of CEUT, CPTPT and KRT that differ from those of 2020, and every rate of UKT below the ordinary one, "
    "where the table has a rate for all lines of an item; what it leaves empty is not known."
)
_GENERAL_ON_ITEMS = (
    "For Belarus, North Korea and Russia, where the table has one rate for all lines of an item. It has percentages "
    "alone: where the ordinary duty is more than a percentage, only 35% is taken from it."
)
_PERCENT = re.compile(r"([0-9]+(?:\.[0-9]+)?) ?%")
_Rates = dict[str, dict[str, Decimal]]


def write_canada(reference: Path, root: Path) -> Refusal | None:
    """``rulebook/ca/tariff``, ``rulebook/ca/treatments_2026`` and ``rulebook/ca/general_2026``."""
    read = tariff.read(reference / "ca" / "ca2020.csv.gz", retrieved=RETRIEVED, published=tariff.EDITION)
    gathered = gather(read)
    if isinstance(gathered, Refusal):
        return gathered
    rates = _read_rates(reference)
    older, newer = _divide(gathered.measures, rates)
    defaults = {
        "territory": tariff.TERRITORY,
        "nomenclature": tariff.NOMENCLATURE,
        "currency": tariff.CURRENCY,
        "reference": "Customs Tariff, {code}",
    }
    write_pack(
        root / "ca" / "tariff",
        source=gathered.source,
        defaults=defaults | {"valid_from": tariff.EDITION.isoformat()},
        measures=older,
        lines=gathered.lines,
        notes=(
            _EDITION_OF_2020,
            "The beneficiaries of the treatments GPT, LDCT and CCCT are not held, so these are not offered.",
            "The General Tariff, for economies without most-favoured-nation treatment, is in the pack of 2026.",
        ),
    )
    write_pack(
        root / "ca" / "treatments_2026",
        source=_NEWER,
        defaults=defaults | {"valid_from": _SINCE.isoformat()},
        measures=newer,
        notes=(
            _EDITION_OF_2026,
            "The steps of the years between are not held: until 2025-12-31 the rates of 2020 stand.",
        ),
    )
    write_pack(
        root / "ca" / "general_2026",
        source=_NEWER,
        defaults=defaults
        | {"kind": "duty", "title": "General Tariff", "valid_from": _SINCE.isoformat(), "origins": "BY KP RU"},
        measures=share_headings(_general_rates(gathered.measures, rates), gathered.lines),
        notes=(
            _GENERAL_ON_ITEMS,
            "Elsewhere 35% is owed of nearly all goods, which the pack of coverage states and answers do not count.",
        ),
    )
    return None


def _general_rates(measures: Iterable[Measure], rates: _Rates) -> Iterator[Measure]:
    """The General Tariff of every item of 2020 of which the table of 2026 has it.

    The table has percentages alone. Where the ordinary duty is more than one, so may the general one be, of which the
    table then has a part; only the rate that nearly all goods owe is taken there.
    """
    under = _rows_under(rates)
    for duty in measures:
        code = duty.product.prefix
        rate = _one_rate(under.get(code, []), _GENERAL)
        if duty.kind is not Kind.DUTY or rate is None or code.startswith(_STILL_FAVOURED):
            continue
        if rate == _USUAL_GENERAL or _percent(duty.expression) is not None:
            stated = _stated(replace(duty, title="General Tariff"), "general", rate)
            yield replace(stated, origins=Origins(_GENERAL_ORIGINS))


def _read_rates(reference: Path) -> _Rates:
    """The percentages of the table of 2026, by ten-digit code and column."""
    path = reference / "canada_2026" / "canada_tariff_T2026_rated_lines.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        return {
            row["tariff10"].replace(".", ""): {
                name: Decimal(text) for name, text in row.items() if _is_rate(name, text)
            }
            for row in csv.DictReader(stream)
        }


def _is_rate(name: str, text: str) -> bool:
    return name in {"ukt", "mfn_pct", _GENERAL, *_STEPPED.values()} and bool(text)


def _rows_under(rates: _Rates) -> Mapping[str, list[dict[str, Decimal]]]:
    """The rows of the table below every code from the eight digits of an item on."""
    under: Mapping[str, list[dict[str, Decimal]]] = defaultdict(list)
    for code, row in rates.items():
        for length in range(tariff.ITEM_DIGITS, len(code) + 1):
            under[code[:length]].append(row)
    return under


def _divide(measures: Iterable[Measure], rates: _Rates) -> tuple[list[Measure], list[Measure]]:
    """The rules of 2020, with an end where 2026 has another rate, and the rules of 2026."""
    under = _rows_under(rates)
    older: list[Measure] = []
    newer: list[Measure] = []
    for measure in measures:
        rows = under.get(measure.product.prefix, [])
        if measure.kind is Kind.DUTY:
            older.append(measure)
            newer += _own_treatment(measure, rows)
            continue
        changed = dict(_find_changed_rates(measure, rows))
        kept = tuple(name for name in measure.origins.include if name not in changed)
        if kept:
            older.append(replace(measure, origins=Origins(kept)))
        for name, rate in changed.items():
            until = Period(tariff.EDITION, _SINCE - timedelta(days=1))
            older.append(replace(measure, id=f"{measure.id}-{name}", origins=Origins((name,)), validity=until))
            newer.append(_stated(measure, name, rate))
    return older, newer


def _find_changed_rates(measure: Measure, rows: list[dict[str, Decimal]]) -> Iterator[tuple[str, Decimal]]:
    """The treatments of a rule of 2020 whose rate is another in 2026."""
    then = _percent(measure.expression)
    if then is None:
        return
    for name in measure.origins.include:
        now = _one_rate(rows, _STEPPED[name]) if name in _STEPPED else None
        if now is not None and now != then:
            yield name, now


def _own_treatment(duty: Measure, rows: list[dict[str, Decimal]]) -> Iterator[Measure]:
    """The rate of the United Kingdom, where it is below the ordinary one and that is a percentage."""
    general, rate = _percent(duty.expression), _one_rate(rows, "ukt")
    if general is not None and rate is not None and rate < general:
        yield _stated(replace(duty, kind=Kind.PREFERENCE, title="Tariff preference"), _OWN, rate)


def _stated(measure: Measure, name: str, rate: Decimal) -> Measure:
    return replace(
        measure,
        id=f"{measure.id}-{name}-2026",
        origins=Origins((name,)),
        validity=Period(_SINCE),
        source=_NEWER,
        expression=f"{rate.normalize():f} %" if rate else "Free",
    )


def _one_rate(rows: list[dict[str, Decimal]], column: str) -> Decimal | None:
    """The rate that all lines of an item have; None where one has none or another."""
    found = {row.get(column) for row in rows}
    return found.pop() if len(found) == 1 else None


def _percent(expression: str) -> Decimal | None:
    if expression == "Free":
        return Decimal(0)
    read = _PERCENT.fullmatch(expression)
    return None if read is None else Decimal(read[1])
