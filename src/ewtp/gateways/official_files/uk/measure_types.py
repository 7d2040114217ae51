"""The measure types of the UK tariff: which kind of measure each is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.core.rulebook.measure import Kind
from ewtp.gateways.official_files.uk.api_json import read_list
from ewtp.gateways.official_files.uk.cells import tidy_text

if TYPE_CHECKING:
    from ewtp.gateways.official_files.uk.api_json import Json

# The kind of each measure type; types not listed are classified by their series below.
_KINDS = {
    **dict.fromkeys(("103",), Kind.DUTY),
    **dict.fromkeys(("106", "142", "145"), Kind.PREFERENCE),
    **dict.fromkeys(("112", "115", "117", "119", "105"), Kind.PREFERENCE),
    **dict.fromkeys(("122", "123", "143", "146", "147"), Kind.QUOTA),
    **dict.fromkeys(("551", "552", "553", "554", "695", "696"), Kind.ADDITIONAL_DUTY),
    **dict.fromkeys(("305", "VTS", "VTZ", "VTE", "VTA"), Kind.TAX),
    **dict.fromkeys(("306",), Kind.EXCISE),
}
_SERIES = {
    "A": Kind.PROHIBITION,
    "B": Kind.REQUIREMENT,
    "D": Kind.ADDITIONAL_DUTY,
    "J": Kind.ADDITIONAL_DUTY,
    "P": Kind.TAX,
    "Q": Kind.EXCISE,
}
CHARGING_SERIES = frozenset("CDJPQMFNGH")
# Types that state a unit for statistics.
SUPPLEMENTARY = frozenset({"109", "110"})
NON_PREFERENTIAL_QUOTA = "122"
SAFEGUARD = "696"


def read_type(measure: Json) -> str:
    """The number of the measure's type."""
    return str((measure.get("measure_type") or {}).get("id"))


def list_acts(measure: Json) -> list[str]:
    """The numbers of the acts that the measure is under."""
    return [tidy_text(act.get("regulation_code")) for act in read_list(measure.get("legal_acts"))]


def read_series(measure: Json) -> str:
    """The series of the measure's type; empty where the answer names none."""
    return str((measure.get("measure_type") or {}).get("measure_type_series_id") or "")


def find_kind(number: str, series: str) -> Kind | None:
    """The kind by type, unless the series shows that a type of that number is a control here."""
    kind = _KINDS.get(number)
    if kind is not None and (not series or series in CHARGING_SERIES):
        return kind
    return _SERIES.get(series)
