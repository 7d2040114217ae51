"""How schedules write the units of a specific duty: one table, used to read and to print.

Sources of the spellings: the rate columns of the US HTS, the EU common external tariff and UK global tariff,
SARS Schedule 1 Part 1, the Canadian customs tariff, and the UK tariff's list of measurement units. ``2u``
is the World Customs Organization's standard unit for pairs.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

from ewtp.core.values.immutable import immutable

# Key of values.units -> the canonical spelling first, then the others, as regular expressions.
_SPELLINGS: dict[str, tuple[str, ...]] = {
    "KGM": ("kg", "kilograms?", "kgs"),
    "GRM": ("g", "grams?"),
    "TNE": ("tonne", "tonnes", "t"),
    "CTM": ("carat", "carats", "c/k"),
    "LPA": (
        "litre of pure alcohol",
        r"li\s?aa",
        "lit(?:re|er)s? of absolute (?:ethyl )?alcohol",
        r"l alc\.? 100%",
        "lpa",
    ),
    "PFL": ("proof litre", r"pf\.?\s?lit(?:er|re)s?", "proof lit(?:er|re)s?"),
    "LTR": ("litre", "lit(?:er|re)s?", "li", "l"),
    "HLT": ("hl", "hectolit(?:er|re)s?"),
    "MTQ": ("m3", "m³", "cubic met(?:er|re)s?"),
    "BLL": ("barrel", "bbl", "barrels"),
    "DPR": ("dozen pairs", r"doz\.?\s?(?:prs|pr|pairs)\.?"),
    "NPR": ("pair", "pairs?", r"prs?\.?", "pa", "2u"),
    "DZN": ("dozen", r"doz\.?"),
    "GRO": ("gross",),
    "SET": ("set",),
    "HEA": ("head",),
    "PK": ("pack",),
    "NCL": ("cell",),
    "C62": ("item", "items?", "articles?", "pins", "pieces?", "p/st", "units?", "number", "u"),
    "MTR": ("m", r"lin\.?\s?m", "met(?:er|re)s?"),
    "MTK": ("m2", "m²"),
    "KWH": ("kWh",),
    "MWH": ("MWh",),
    "TJO": ("TJ",),
    "jewel": ("jewel", "jewels"),
    "line": ("line", "lines"),
}
COUNTED = frozenset(_SPELLINGS)
# A second quantity that multiplies the first: per cent of alcohol, per cent of sucrose, button lines.
_MULTIPLIERS: dict[str, tuple[str, ...]] = {
    "ASV": ("% vol", r"%\s?vol\.?"),
    "sucrose": ("% sucrose", r"%\s?sucrose", r"%\s?sacchar?a?\.?"),
    "SPR": ("SPR discount",),
    "line": ("line", "lines?"),
}
MULTIPLIERS = frozenset(_MULTIPLIERS)
_CROWDS = {"hundred": Decimal(100), "thousand": Decimal(1000), "thousands": Decimal(1000)}
# Words after the unit that give the basis on which it is counted, by the qualifier of values.units.
_BASES: dict[str, tuple[str, ...]] = {
    "drained": ("drained weight", r"(?:/ ?)?(?:net )?eda", r"(?:/ ?)?net drained (?:wt|weight)\.?"),
    "gross": ("gross weight", r"(?:/ ?)?gross", r"/ ?br", "br"),
    "dry": ("dry matter", r"(?:/ ?)?net mas", r"(?:/ ?)?mas", r"(?:/ ?)?net dry"),
    "standard_quality": ("standard quality", r"(?:/ ?)?std qual\.?"),
    "dry_lactic_matter": ("dry lactic matter", "/ ?dry lactic matter"),
    "lactic_matter": ("lactic matter", "/ ?lactic matter"),
    "total_alcohol": ("total alcohol", r"/ ?tot\.? ?/? ?alc\.?"),
    "raw_sugar": ("raw sugar", "/? ?raw sugar"),
    "live_weight": ("live weight", "/? ?live weight"),
    "biodiesel_content": ("biodiesel content", "/ ?biodiesel"),
    "bioethanol_content": ("bioethanol content", "/ ?bioethanol"),
    "fuel_content": ("fuel content", "/ ?fuel content"),
    "net": ("net weight", r"(?:/ ?)?net"),
}
_CANONICAL_BASES = {key: spellings[0] for key, spellings in _BASES.items()}
_BASES_BY_PHRASE = {phrase: key for key, phrase in _CANONICAL_BASES.items()}
# Any words but those that continue the duty.
_STOPS = r"\b(?:min|max|plus|minus|less|but|with|whichever|for)\b|\bor\s+[0-9.$€£¢(]"
_WORDS = rf"(?:(?!{_STOPS})[a-z ])+(?<=[a-z])"
_CROWD = "(?:hundred|thousands?)(?![a-z])"


def _either(spellings: tuple[str, ...]) -> str:
    return "(?:" + "|".join(sorted(spellings, key=len, reverse=True)) + ")(?![a-z0-9])"


_UNIT = "|".join(f"(?P<U{n}>{_either(spellings)})" for n, spellings in enumerate(_SPELLINGS.values()))
_TIMES = "|".join(f"(?P<T{n}>{_either(spellings)})" for n, spellings in enumerate(_MULTIPLIERS.values()))
_AFTER = _TIMES.replace("?P<T", "?P<A")
_BASIS = "|".join(f"(?P<B{n}>{_either(spellings[1:])})" for n, spellings in enumerate(_BASES.values()))
_NUMBER = r"[1-9][0-9]{0,2}(?:,?[0-9]{3})?"
_COUNTED_UNIT = _UNIT.replace("?P<U", "?P<V")
_PATTERN = (
    rf"(?:(?P<each>each(?![a-z])|for each other piece or part)|"
    rf"(?:/|per(?![a-z]))\s*(?:(?:{_TIMES})\s*/\s*)?"
    rf"(?:(?!2u)(?P<per>{_NUMBER}|{_CROWD})(?![0-9,.])\s*(?:{_UNIT})?|(?:(?P<clean>clean)\s+)?(?:{_COUNTED_UNIT}))"
    rf"(?:\s*,?\s*(?:{_BASIS}))?(?:\s*/\s*(?:{_AFTER}))?"
    rf"(?:\s*(?P<phrase>(?:on|of)\s+(?!pure\b|absolute\b){_WORDS})|,?\s*(?P<including>including {_WORDS})"
    rf"|\s+(?P<over>over\s+[1-9][0-9]{{0,3}}))?)"
)


def _without_names(pattern: str) -> str:
    return re.sub(r"\?P<[A-Za-z0-9]+>", "?:", pattern)


# The grammar takes this as one terminal; the groups are read again below.
DENOMINATOR = _without_names(_PATTERN)
_READER = re.compile(_PATTERN, re.IGNORECASE)
_UNIT_KEYS = tuple(_SPELLINGS)
_TIMES_KEYS = tuple(_MULTIPLIERS)
_BASIS_KEYS = tuple(_BASES)


@immutable
class Denominator:
    """The denominator of a specific duty; the fields are those of a specific duty."""

    unit: str
    per: Decimal
    basis: str | None
    times: str | None


@lru_cache(maxsize=1024)
def read_denominator(text: str) -> Denominator | None:
    """The denominator that ``text`` spells ("/100 kg / net drained wt", " each"); None where it spells none."""
    match = _READER.fullmatch(text)
    if match is None:
        return None
    groups = {name: value for name, value in match.groupdict().items() if value is not None}
    if "each" in groups:
        other = groups["each"].lower() != "each"
        return Denominator("C62", Decimal(1), "other_pieces_or_parts" if other else None, None)
    unit, basis, times = "C62", None, None
    per = Decimal(1)
    for name, value in groups.items():
        if name[0] in "UV" and name[1:].isdigit():
            unit = _UNIT_KEYS[int(name[1:])]
        elif name[0] in "TA" and name[1:].isdigit():
            times = _TIMES_KEYS[int(name[1:])]
        elif name[0] == "B" and name[1:].isdigit():
            basis = _BASIS_KEYS[int(name[1:])]
        elif name == "per":
            per = _CROWDS.get(value.lower()) or Decimal(value.replace(",", ""))
    spelled = _spell_basis(groups)
    if spelled is not None and basis is not None:
        return None
    if spelled == "ethyl_alcohol_content" and unit in {"PFL", "LPA"}:
        # A litre of pure or proof alcohol is already a measure of the ethyl alcohol content.
        spelled = None
    return Denominator(unit, per, basis or spelled, times)


def _spell_basis(groups: dict[str, str]) -> str | None:
    if "clean" in groups:
        return "clean"
    for name in ("over", "including"):
        if name in groups:
            return "_".join(groups[name].lower().split())
    if "phrase" not in groups:
        return None
    words = groups["phrase"].lower().split()[1:]
    if words and words[0] == "the":
        words = words[1:]
    phrase = " ".join(words)
    return _BASES_BY_PHRASE.get(phrase) or phrase.replace(" ", "_")


def spell_denominator(unit: str, per: Decimal, basis: str | None, times: str | None) -> str:
    """The canonical English spelling, such as ``/100 kg of drained weight``; ``read_denominator`` reads it back."""
    text = "/" if times is None else f"/{_MULTIPLIERS[times][0]}/"
    if per != 1:
        text += f"{int(per)} "
    if basis == "clean" and per == 1:
        return f"{text}clean {_SPELLINGS[unit][0]}"
    text += _SPELLINGS[unit][0]
    if basis is None:
        return text
    words = _CANONICAL_BASES.get(basis, basis.replace("_", " "))
    if basis.startswith("over_"):
        return f"{text} {words}"
    return f"{text}, {words}" if basis.startswith("including_") else f"{text} of {words}"
