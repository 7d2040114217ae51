"""What is held of each territory as rows: the columns to sort by, the rows that words find, and the file."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language, gettext

from ewtp.apps.http.surface.sorted_table import Column
from ewtp.core.rulebook.coverage_statement import COVERED_KINDS
from ewtp.core.rulebook.measure import Kind
from ewtp.core.values.spreadsheet import cell_text
from ewtp.gateways.reference.sentence_texts import economy_or_union_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ewtp.apps.rulebook.reading.holdings import Holding

# The columns of the file; each kind of rule, and each kind of charge that something is stated of, has its own.
HOLDING_COLUMNS = (
    *("territory", "name", "members", "tariff_of", "nomenclature", "tariff_source", "tariff_url", "published"),
    *("retrieved", "age_days", "lines"),
    *(f"rules_{kind.value}" for kind in Kind),
    *(f"coverage_{kind.value}{part}" for kind in COVERED_KINDS for part in ("", "_source", "_reference", "_url")),
)


def _name(code: str) -> str:
    return economy_or_union_name(code, get_language() or "en")


def build_holdings_columns() -> tuple[Column[Holding], ...]:
    """The columns of the page's table."""
    return (
        Column("economy", gettext("Economy"), order=lambda held: _name(held.territory.code).casefold()),
        Column("tariff", gettext("Tariff"), order=lambda held: held.schedule and held.schedule.published),
        Column("age", gettext("Age of the schedule"), order=lambda held: held.age_days),
        Column("lines", gettext("Tariff lines"), order=lambda held: held.lines or None, largest_first=True),
        Column("rules", gettext("Rules in force"), order=lambda held: held.rule_count or None, largest_first=True),
        Column("charges", gettext("What is held of charges")),
    )


def filter_holdings(held: Iterable[Holding], words: str) -> list[Holding]:
    """Territories of which the code or the name, in English or the reader's language, contains the words.

    A member that is found by name brings its customs union. Territories with a schedule of their own come first, then
    those that apply another's, then those with rules alone, each by name.
    """
    wanted = words.casefold()
    found = [each for each in held if not wanted or _is_named(each, wanted)]
    return sorted(found, key=lambda each: (_rank_holding(each), _name(each.territory.code).casefold()))


def _rank_holding(held: Holding) -> int:
    if held.tariff is not None:
        return 0 if held.tariff.code == held.territory.code else 1
    return 2 if held.rules else 3


def _is_named(held: Holding, wanted: str) -> bool:
    territory = held.territory
    codes = {territory.code, *territory.members}
    return (
        wanted in {code.casefold() for code in codes}
        or wanted in territory.name.casefold()
        or any(wanted in _name(code).casefold() for code in codes)
    )


def holdings_csv(held: Iterable[Holding]) -> str:
    """One row a territory; what nobody has stated is ``not_stated``, and what is not known is empty."""
    sheet = io.StringIO()
    writer = csv.DictWriter(sheet, HOLDING_COLUMNS)
    writer.writeheader()
    for each in held:
        writer.writerow({name: cell_text(value) for name, value in _cells(each).items()})
    return sheet.getvalue()


def _cells(held: Holding) -> dict[str, Any]:
    territory, schedule = held.territory, held.schedule
    cells: dict[str, Any] = {
        "territory": territory.code,
        "name": territory.name,
        "members": " ".join(territory.members) if len(territory.members) > 1 else "",
        "tariff_of": held.tariff.code if held.tariff else "",
        "nomenclature": held.tariff.nomenclature if held.tariff else "",
        "tariff_source": schedule.title if schedule else "",
        "tariff_url": schedule.url if schedule else "",
        "published": schedule.published if schedule else None,
        "retrieved": schedule.retrieved if schedule else None,
        "age_days": held.age_days,
        "lines": held.lines if held.tariff else None,
        **{f"rules_{kind.value}": held.rules.get(kind, 0) for kind in Kind},
    }
    for each in held.coverage:
        name, found = f"coverage_{each.kind.value}", each.practice
        cells[name] = each.extent
        cells[f"{name}_source"] = found.source.title if found else ""
        cells[f"{name}_reference"] = found.reference if found else ""
        cells[f"{name}_url"] = found.source.url if found else ""
    return cells
