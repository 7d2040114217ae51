"""Units of measure: UN/ECE Recommendation 20 codes, their common names, and exact conversion.

A quantity's key is a unit code, or a code with a qualifier where a schedule counts the same unit on
another basis (``KGM.drained`` is kilograms of drained weight). Units convert within a dimension
only; a pair is never guessed from a number of articles.

Source of codes: UN/ECE Recommendation 20. Customs-only bases without a code there (clean content,
heads, watch jewels) take a readable key of our own, marked by lower case.
"""

from __future__ import annotations

from decimal import Decimal

from ewtp.core.values.immutable import immutable
from ewtp.core.values.refusal import Refusal
from ewtp.core.values.sentences import UNIT_UNKNOWN


@immutable
class Unit:
    """A unit: its key, a name for people, the dimension it measures and its size in base units."""

    key: str
    name: str
    dimension: str
    factor: Decimal

    def as_json(self) -> dict[str, str]:
        """``{"code", "name"}``."""
        return {"code": self.key, "name": self.name}


def _table() -> dict[str, Unit]:
    rows = [
        ("KGM", "kg", "mass", "1"),
        ("GRM", "g", "mass", "0.001"),
        ("MGM", "mg", "mass", "0.000001"),
        ("TNE", "tonne", "mass", "1000"),
        ("DTN", "100 kg", "mass", "100"),
        ("CTM", "carat", "mass", "0.0002"),
        ("LBR", "lb", "mass", "0.45359237"),
        ("ONZ", "oz", "mass", "0.028349523125"),
        ("LTR", "litre", "volume", "1"),
        ("HLT", "hl", "volume", "100"),
        ("MLT", "ml", "volume", "0.001"),
        ("MTQ", "m3", "volume", "1000"),
        ("BLL", "barrel", "volume", "158.987294928"),
        ("GLL", "US gallon", "volume", "3.785411784"),
        ("KLT", "1000 litres", "volume", "1000"),
        ("LPA", "litre of pure alcohol", "alcohol", "1"),
        ("HPA", "hl of pure alcohol", "alcohol", "100"),
        ("ASV", "% vol", "alcoholic strength", "1"),
        ("C62", "number", "number", "1"),
        ("CEN", "hundred", "number", "100"),
        ("MIL", "thousand", "number", "1000"),
        ("DZN", "dozen", "number", "12"),
        ("GRO", "gross", "number", "144"),
        ("NPR", "pair", "pairs", "1"),
        ("DPR", "dozen pairs", "pairs", "12"),
        ("MTR", "m", "length", "1"),
        ("KMT", "km", "length", "1000"),
        ("KNM", "1000 m", "length", "1000"),
        ("MTK", "m2", "area", "1"),
        ("CMK", "cm2", "area", "0.0001"),
        ("MMK", "mm2", "area", "0.000001"),
        ("KWH", "kWh", "energy", "1"),
        ("MWH", "MWh", "energy", "1000"),
        ("TJO", "TJ", "energy", "277777.777777777777"),
        ("GBQ", "GBq", "activity", "1"),
        ("HEA", "head", "heads", "1"),
        ("SET", "set", "sets", "1"),
        ("PK", "pack", "packs", "1"),
        ("NCL", "cell", "cells", "1"),
        ("jewel", "jewel", "jewels", "1"),
        ("line", "line", "lines", "1"),
        ("degree", "sugar degree", "polarisation", "1"),
        ("sucrose", "% sucrose", "sucrose", "1"),
        # Pounds for each litre of pure alcohol, which HMRC's calculator of Small Producer Relief gives.
        ("SPR", "SPR discount", "small producer discount", "1"),
        ("TMS", "1000 m3", "gas volume", "1"),
    ]
    return {key: Unit(key, name, dimension, Decimal(factor)) for key, name, dimension, factor in rows}


_LONGEST_TEXT = 60
UNITS = _table()
# Of these the goods have a share in per cent, which may be none.
SHARES = frozenset({"alcoholic strength", "polarisation", "sucrose"})
_QUALIFIED_NAMES = {"drained": "drained weight", "gross": "gross weight", "dry": "dry matter", "clean": "clean content"}
_ALIASES = {
    "kg": "KGM",
    "kgs": "KGM",
    "kilogram": "KGM",
    "kilograms": "KGM",
    "kilo": "KGM",
    "g": "GRM",
    "gram": "GRM",
    "grams": "GRM",
    "mg": "MGM",
    "t": "TNE",
    "ton": "TNE",
    "tonne": "TNE",
    "tonnes": "TNE",
    "tne": "TNE",
    "mt": "TNE",
    "100kg": "DTN",
    "100 kg": "DTN",
    "dtn": "DTN",
    "carat": "CTM",
    "carats": "CTM",
    "ct": "CTM",
    "lb": "LBR",
    "oz": "ONZ",
    "l": "LTR",
    "litre": "LTR",
    "litres": "LTR",
    "liter": "LTR",
    "liters": "LTR",
    "li": "LTR",
    "hl": "HLT",
    "ml": "MLT",
    "hectolitre": "HLT",
    "hectolitres": "HLT",
    "m3": "MTQ",
    "m³": "MTQ",
    "cubic metre": "MTQ",
    "barrel": "BLL",
    "bbl": "BLL",
    "gallon": "GLL",
    "lpa": "LPA",
    "la": "LPA",
    "aa": "LPA",
    "litre of pure alcohol": "LPA",
    "pf.liter": "PFL",
    "pf. liter": "PFL",
    "proof litre": "PFL",
    "proof liter": "PFL",
    "pfl": "PFL",
    "pf_litre": "PFL",
    "pf_liter": "PFL",
    "pf. litre": "PFL",
    "proof_litre": "PFL",
    "proof_liter": "PFL",
    "brx": "sucrose",
    "brix": "sucrose",
    "% sucrose": "sucrose",
    "% sacchar": "sucrose",
    "%sacchar": "sucrose",
    "%sacchar.": "sucrose",
    "percent_sacchar": "sucrose",
    "percent_sucrose": "sucrose",
    "spr": "SPR",
    "spr_discount": "SPR",
    "percent_vol": "ASV",
    "% vol": "ASV",
    "%vol": "ASV",
    "asv": "ASV",
    "abv": "ASV",
    "number": "C62",
    "no": "C62",
    "no.": "C62",
    "nmb": "C62",
    "nar": "C62",
    "u": "C62",
    "each": "C62",
    "item": "C62",
    "items": "C62",
    "piece": "C62",
    "pieces": "C62",
    "pcs": "C62",
    "h87": "C62",
    "p/st": "C62",
    "unit": "C62",
    "units": "C62",
    "article": "C62",
    "hundred": "CEN",
    "hundreds": "CEN",
    "100": "CEN",
    "thousand": "MIL",
    "thousands": "MIL",
    "1000": "MIL",
    "dozen": "DZN",
    "doz": "DZN",
    "doz.": "DZN",
    "gross": "GRO",
    "pair": "NPR",
    "pairs": "NPR",
    "pr": "NPR",
    "pr.": "NPR",
    "prs": "NPR",
    "prs.": "NPR",
    "dozen pairs": "DPR",
    "doz. prs.": "DPR",
    "m": "MTR",
    "metre": "MTR",
    "meter": "MTR",
    "km": "KMT",
    "m2": "MTK",
    "m²": "MTK",
    "cm2": "CMK",
    "cm²": "CMK",
    "kwh": "KWH",
    "mwh": "MWH",
    "tj": "TJO",
    "gbq": "GBQ",
    "head": "HEA",
    "heads": "HEA",
    "set": "SET",
    "pack": "PK",
    "jewels": "jewel",
    "jwls.": "jewel",
    "lines": "line",
}
# A proof litre is a litre at 50% of alcohol by volume, so half a litre of pure alcohol (27 CFR 30.11, "proof gallon").
UNITS["PFL"] = Unit("PFL", "proof litre", "alcohol", Decimal("0.5"))


def resolve_unit(text: object) -> Unit | Refusal:
    """The unit meant by a Recommendation 20 code or a common name; ``kg_drained`` is a qualified key."""
    if isinstance(text, str) and len(text) <= _LONGEST_TEXT:
        name = text.strip()
        if name in UNITS:
            return UNITS[name]
        plain = UNITS.get(name.upper()) or UNITS.get(_ALIASES.get(name.lower(), ""))
        if plain is not None:
            return plain
        for mark in (".", "_"):
            head, found, qualifier = name.partition(mark)
            if found and qualifier:
                unit = resolve_unit(head)
                if (
                    isinstance(unit, Unit)
                    and qualifier.replace("_", "").replace(" ", "").isalnum()
                    and qualifier.isascii()
                ):
                    return qualify_unit(unit, qualifier.lower().replace(" ", "_"))
    return Refusal(UNIT_UNKNOWN, {"unit": str(text)[:40]})


def qualify_unit(unit: Unit, qualifier: str) -> Unit:
    """The unit counted on a named basis, such as kilograms of drained weight; a dimension of its own."""
    words = _QUALIFIED_NAMES.get(qualifier, qualifier.replace("_", " "))
    return Unit(f"{unit.key}.{qualifier}", f"{unit.name} ({words})", f"{unit.dimension}.{qualifier}", unit.factor)
