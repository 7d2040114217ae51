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
# The unit of a percentage that is taken on the retail price, where others are taken on the value.
_RETAIL_PRICE = "RET"
# Units as schedules write them, by unit and qualifier of the tariff (its list of measurement units).
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
    "DTNS": "100 kg / raw sugar",
    "DTNZ": "100 kg / net / % sacchar.",
    "GRM": "g",
    "HLT": "hl",
    "HMT": "100 m",
    "KGM": "kg",
    "KGMA": "kg / tot alc",
    "KGME": "kg / net drained wt",
    "KGMG": "kg / gross",
    "KGMP": "kg / lactic matter",
    "KGMS": "kg / raw sugar",
    "KGMT": "kg / dry lactic matter",
    "KLT": "1000 litre",
    "KMT": "1000 m",
    "LPA": "litre of pure alcohol",
    "LTR": "litre",
    "LTRA": "litre of pure alcohol",
    "MIL": "1000 items",
    "MPR": "1000 pairs",
    "MTK": "m2",
    "MTQ": "m3",
    "MTR": "m",
    "MWH": "MWh",
    "NAR": "item",
    "NCL": "cell",
    "NPR": "pair",
    # Litres of pure alcohol, each multiplied by the discount of the Small Producer Relief.
    "SPQ": "litre of pure alcohol / SPR discount",
    "SPQLPA": "litre of pure alcohol / SPR discount",
    "SPQLTR": "litre of pure alcohol / SPR discount",
    "TJO": "TJ",
    "TNE": "tonne",
    "TNEE": "1000 kg / net drained wt",
    "TNEI": "1000 kg / biodiesel",
    "TNEJ": "1000 kg / fuel content",
    "TNEK": "1000 kg / bioethanol",
    "TNEM": "1000 kg / net dry",
    "TNER": "1000 kg / std qual",
    "TNEZ": "1000 kg / net / % sacchar.",
}


def flatten_document(document: Json) -> Json | None:
    """The commodity as one nested mapping; None where the document is neither shape."""
    data = document.get("data")
    if isinstance(data, Mapping):
        included = document.get("included", [])
        if not isinstance(included, list):
            return None
        index = {(item.get("type"), str(item.get("id"))): item for item in included if isinstance(item, Mapping)}
        return _resolve_item(data, index, 0)
    return document if "goods_nomenclature_item_id" in document else None


def _resolve_item(item: Json, index: Mapping[tuple[Any, str], Json], depth: int) -> dict[str, Any]:
    found: dict[str, Any] = {"id": item.get("id"), **item.get("attributes", {})}
    if "meta" in item:
        found["meta"] = item["meta"]
    if depth >= _DEEPEST:
        return found
    for name, relationship in item.get("relationships", {}).items():
        data = relationship.get("data") if isinstance(relationship, Mapping) else None
        if isinstance(data, list):
            found[name] = [_follow_reference(reference, index, depth) for reference in data]
        else:
            found[name] = _follow_reference(data, index, depth) if isinstance(data, Mapping) else None
    return found


def _follow_reference(reference: Json, index: Mapping[tuple[Any, str], Json], depth: int) -> dict[str, Any]:
    target = index.get((reference.get("type"), str(reference.get("id"))))
    return {"id": reference.get("id")} if target is None else _resolve_item(target, index, depth + 1)


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
        on_retail_price = component.get("measurement_unit_code") == _RETAIL_PRICE
        if amount is None or (unit is None and not on_retail_price):
            return None
        number, currency = _number(Decimal(str(amount))), component.get("monetary_unit_code")
        if currency:
            parts.append(f"{lead}{number} {currency}" + (f" / {unit}" if unit else ""))
        elif on_retail_price:
            parts.append(f"{lead}{number}% of the retail price")
        elif unit:
            # What a percentage of a quantity would be taken on is not known.
            return None
        else:
            parts.append(f"{lead}{number}%")
    return " ".join(parts) or None


def _number(amount: Decimal) -> str:
    """At least two decimals, as the tariff prints them."""
    plain = f"{amount.normalize():f}"
    decimals = len(plain.partition(".")[2])
    return plain if decimals > 1 else f"{amount:.2f}"
