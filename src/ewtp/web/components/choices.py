"""The lists of a form: economies, currencies, units and ways of travel, in the reader's language."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

from ewtp.gateways.reference.locale_formats import currencies_sorted, economies_sorted
from ewtp.gateways.reference.unit_names import unit_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

# A value, its name, and the language of the name where it is not the page's.
SelectOption = tuple[str, str] | tuple[str, str, str]
_COMMON_UNITS = ("KGM", "C62", "LTR", "NPR", "GRM", "TNE", "HLT", "DZN", "MTR", "MTK", "MTQ", "CTM", "LPA", "ASV")


def option_list(choices: str, chosen: str, empty: str | None = None) -> SafeString:
    """The options of a list, one of them chosen; ``empty`` is the name of the choice of nothing, where there is one.

    ``choices`` is ``economy``, ``currency``, ``unit``, ``transport``, ``buyer`` or ``known``. A value that is not in
    the list chooses nothing, except for a unit, which is added to the common ones.
    """
    return _with_empty(_LISTS[choices](chosen), chosen, empty)


def pair_list(pairs: Iterable[SelectOption], chosen: str, empty: str | None = None) -> SafeString:
    """The options of a list of values with their names, as those of ``option_list``; some may be in a language."""
    return _with_empty(format_html_join("", "{}", ((_option(*each),) for each in pairs)), chosen, empty)


def _with_empty(options: SafeString, chosen: str, empty: str | None) -> SafeString:
    first = _options([("", empty)]) if empty is not None else SafeString("")
    return first + _choose(options, chosen)


def _language() -> str:
    return get_language() or settings.LANGUAGE_CODE


def _option(value: str, name: str, language: str = "") -> SafeString:
    if not language:
        return format_html('<option value="{}">{}</option>', value, name)
    return format_html('<option value="{}" lang="{}">{}</option>', value, language, name)


def _options(pairs: Iterable[tuple[str, str]]) -> SafeString:
    return format_html_join("", '<option value="{}">{}</option>', pairs)


def _choose(options: SafeString, chosen: str) -> SafeString:
    """The same options with one selected; a value that is none of them selects nothing."""
    if not chosen:
        return options
    plain = format_html('<option value="{}"', chosen)
    return mark_safe(options.replace(plain, format_html('<option value="{}" selected', chosen), 1))  # noqa: S308 - both parts are escaped


# Hundreds of options are the same for every reader of a language, so they are rendered once.
@cache
def _economies(language: str) -> SafeString:
    return _options(economies_sorted(language))


@cache
def _currencies(language: str) -> SafeString:
    return _options((code, f"{code} · {name}") for code, name in currencies_sorted(language))


def _units(chosen: str) -> SafeString:
    keys = [*_COMMON_UNITS, *([chosen] if chosen and chosen not in _COMMON_UNITS else [])]
    return _options((key, unit_name(key)) for key in keys)


def _transports() -> SafeString:
    return _options(
        [
            ("sea", gettext("By sea")),
            ("air", gettext("By air")),
            ("road", gettext("By road")),
            ("rail", gettext("By rail")),
            ("post", gettext("By post")),
        ]
    )


def _buyers() -> SafeString:
    return _options([("business", gettext("A business")), ("consumer", gettext("A consumer"))])


def _list_known() -> SafeString:
    """How much must be known of a market for it to be shown."""
    return _options(
        [
            ("complete", gettext("Only where the whole cost is known")),
            ("bounded", gettext("Also where the cost is within a known range")),
        ]
    )


_LISTS: dict[str, Callable[[str], SafeString]] = {
    "economy": lambda _chosen: _economies(_language()),
    "currency": lambda _chosen: _currencies(_language()),
    "unit": _units,
    "transport": lambda _chosen: _transports(),
    "buyer": lambda _chosen: _buyers(),
    "known": lambda _chosen: _list_known(),
}
