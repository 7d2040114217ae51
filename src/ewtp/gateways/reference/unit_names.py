"""The names of units in the reader's language."""

from __future__ import annotations

from django.utils.translation import gettext, gettext_noop

from ewtp.core.values.unit import Unit, resolve_unit

_NAMES = {
    "KGM": gettext_noop("kilograms (kg)"),
    "GRM": gettext_noop("grams (g)"),
    "TNE": gettext_noop("tonnes"),
    "LTR": gettext_noop("litres"),
    "HLT": gettext_noop("hectolitres (100 litres)"),
    "C62": gettext_noop("pieces"),
    "NPR": gettext_noop("pairs"),
    "DZN": gettext_noop("dozens"),
    "MTR": gettext_noop("metres"),
    "MTK": gettext_noop("square metres"),
    "MTQ": gettext_noop("cubic metres"),
    "CTM": gettext_noop("carats"),
    "LPA": gettext_noop("litres of pure alcohol"),
    "ASV": gettext_noop("alcohol by volume (%)"),
}


def unit_name(key: str, otherwise: str = "") -> str:
    """The unit's name for people; its English name where it is a rare one, else ``otherwise`` or the key itself."""
    if key in _NAMES:
        return gettext(_NAMES[key])
    unit = resolve_unit(key)
    return unit.name if isinstance(unit, Unit) else otherwise or key
