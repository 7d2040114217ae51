"""The languages of the site as their speakers write them."""

from __future__ import annotations

_OWN_NAMES = {
    "en": "English",
    "fr": "Français",
    "es": "Español",
    "ar": "العربية",
    "zh-hans": "简体中文",
    "sw": "Kiswahili",
}


def own_name(code: str) -> str:
    """A language's name as its speakers write it; the code of one that is not known."""
    return _OWN_NAMES.get(code, code)
