"""The JSON of the UK Trade Tariff API: its two shapes in one form, and duty components as expressions.

The API answers in JSON:API (``data`` with relationships into ``included``); its own calculator stores the same answer
flattened, with each related object in place. Both are converted to the flattened form.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

Json = Mapping[str, Any]
# Deep enough for a commodity's measures, their conditions and their components; relationships can be circular.
_DEEPEST = 6
# What precedes the amount of a duty component, by the code of its duty expression.
_LEADS = {
    "01": "",
    "02": "- ",
    "04": "+ ",
    "15": "MIN ",
    "17": "MAX ",
    "19": "+ ",
    "20": "+ ",
    "35": "MAX ",
    "12": "+ EA",
    "14": "+ EA",
    "21": "+ ADSZ",
    "25": "+ ADSZ",
    "27": "+ ADFM",
    "29": "+ ADFM",
    "37": "NIHIL",
}
_WITHOUT_AMOUNT = frozenset({"12", "14", "21", "25", "27", "29", "37"})
# Units as schedules write them, by unit and qualifier of the tariff.
_UNITS = {
    "ASV": "% vol",
    "ASVX": "% vol / hl",
    "CEN": "100 items",
    "CTM": "carat",
    "DTN": "100 kg",
    "DTNE": "100 kg / net drained wt",
    "DTNG": "100 kg / gross",
    "DTNL": "100 kg / live weight",
    "DTNM": "100 kg / net dry",
    "DTNR": "100 kg / std qual",
    "DTNZ": "100 kg / net / % sacchar.",
    "GRM": "g",
    "HLT": "hl",
    "KGM": "kg",
    "KGMA": "kg / tot alc",
    "KGME": "kg / net drained wt",
    "KGMG": "kg / gross",
    "KGMP": "kg / lactic matter",
    "LPA": "litre of pure alcohol",
    "LTR": "litre",
    "LTRA": "litre of pure alcohol",
    "MIL": "1000 items",
    "MTK": "m2",
    "MTQ": "m3",
    "MTR": "m",
    "NAR": "item",
    "NPR": "pair",
    "TNE": "tonne",
}


def flatten_document(document: Json) -> Json | None:
    """The commodity as one nested mapping; None where the document is neither shape."""
    data = document.get("data")
    if isinstance(data, Mapping):
        included = document.get("included", [])
        if not isinstance(included, list):
            return None
        index = {(item.get("type"), str(item.get("id"))): item for item in included if isinstance(item, Mapping)}
        return _resolved(data, index, 0)
    return document if "goods_nomenclature_item_id" in document else None


def _resolved(item: Json, index: Mapping[tuple[Any, str], Json], depth: int) -> dict[str, Any]:
    found: dict[str, Any] = {"id": item.get("id"), **item.get("attributes", {})}
    if "meta" in item:
        found["meta"] = item["meta"]
    if depth >= _DEEPEST:
        return found
    for name, relationship in item.get("relationships", {}).items():
        data = relationship.get("data") if isinstance(relationship, Mapping) else None
        if isinstance(data, list):
            found[name] = [_followed(reference, index, depth) for reference in data]
        else:
            found[name] = _followed(data, index, depth) if isinstance(data, Mapping) else None
    return found


def _followed(reference: Json, index: Mapping[tuple[Any, str], Json], depth: int) -> dict[str, Any]:
    target = index.get((reference.get("type"), str(reference.get("id"))))
    return {"id": reference.get("id")} if target is None else _resolved(target, index, depth + 1)


def read_day(text: object) -> date | None:
    """The day of a timestamp such as ``2021-01-01T00:00:00.000Z``."""
    try:
        return date.fromisoformat(str(text)[:10]) if text else None
    except ValueError:
        return None


def read_list(value: object) -> list[Any]:
    """A list, whether or not the answer gives one."""
    return value if isinstance(value, list) else []


def describe_unit(component: Json) -> str | None:
    """``100 kg`` for a unit and its qualifier; empty where it has none, None where the unit is not known."""
    code = str(component.get("measurement_unit_code") or "")
    return _UNITS.get(code + str(component.get("measurement_unit_qualifier_code") or "")) if code else ""


def write_expression(components: list[Json]) -> str | None:
    """The components as one expression: ``13.80% MIN 13.00 GBP / 100 kg``; None where a component cannot be written."""
    parts = []
    for component in components:
        code = str(component.get("duty_expression_id"))
        lead = _LEADS.get(code)
        if lead is None:
            return None
        if code in _WITHOUT_AMOUNT:
            parts.append(lead)
            continue
        amount, unit = component.get("duty_amount"), describe_unit(component)
        if amount is None or unit is None:
            return None
        currency = component.get("monetary_unit_code")
        number = _number(Decimal(str(amount)))
        parts.append(lead + (f"{number} {currency}" + (f" / {unit}" if unit else "") if currency else f"{number}%"))
    return " ".join(parts) or None


def _number(amount: Decimal) -> str:
    """At least two decimals, as the tariff prints them."""
    plain = f"{amount.normalize():f}"
    decimals = len(plain.partition(".")[2])
    return plain if decimals > 1 else f"{amount:.2f}"
