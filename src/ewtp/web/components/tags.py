"""What templates are built from: figures in the reader's language, and the small parts that pages repeat.

Values come from an answer's JSON. One of the wrong shape is a bug and raises; one that is absent shows nothing.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING

from django import template
from django.conf import settings
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, pgettext

from ewtp.gateways.reference.locale_formats import (
    currencies_sorted,
    date_text,
    economies_sorted,
    economy_name,
    is_right_to_left,
    locale_of,
    money_text,
    number_text,
)
from ewtp.gateways.reference.sentence_texts import ENGLISH, FIGURE, Fragment, sentence_fragments
from ewtp.gateways.reference.unit_names import unit_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ewtp.core.values.sentence import Statement

register = template.Library()

_COMMON_UNITS = ("KGM", "C62", "LTR", "NPR", "GRM", "TNE", "HLT", "DZN", "MTR", "MTK", "MTQ", "CTM", "LPA", "ASV")


def _language() -> str:
    return get_language() or settings.LANGUAGE_CODE


@register.filter
def money(value: Mapping[str, str] | None) -> str:
    """``{"amount", "currency"}`` as the reader's language writes it, kept in one piece in either direction."""
    if not value:
        return ""
    return format_html("<bdi>{}</bdi>", money_text(Decimal(value["amount"]), value["currency"], _language()))


@register.filter
def number(value: str | int | Decimal | None) -> str:
    """A decimal string as the reader's language writes it."""
    return (
        "" if value is None or value == "" else format_html("<bdi>{}</bdi>", number_text(Decimal(value), _language()))
    )


@register.filter
def day(value: str | date | None) -> str:
    """An ISO date in words; nothing where there is none."""
    if not value:
        return ""
    if isinstance(value, datetime):
        value = value.date()
    read = value if isinstance(value, date) else date.fromisoformat(value[:10])
    return format_html('<time datetime="{}">{}</time>', read.isoformat(), date_text(read, _language()))


@register.filter
def economy(code: str) -> str:
    """An economy's name in the reader's language."""
    return economy_name(code, _language())


@register.filter
def economy_or_region(code: str) -> str:
    """The name of a part of the world (UN M49) or of an economy in the reader's language."""
    return str(locale_of(_language()).territories.get(code, code))


@register.filter
def tariff_code(code: str) -> str:
    """A tariff code in the groups in which people read it: 6109.10.00.12."""
    groups = [code[:4], *(code[start : start + 2] for start in range(4, len(code), 2))]
    return format_html('<bdi class="code">{}</bdi>', ".".join(group for group in groups if group))


@register.filter(name="unit_name")
def unit_name_filter(key: str) -> str:
    """A unit's name: in the reader's language where it is a common one."""
    return unit_name(key)


@register.filter
def sentence(statement: Statement) -> str:
    """What the program says, in the reader's language; figures are kept in one piece, quotations marked as English."""
    return format_html_join("", "{}", ((_fragment(fragment),) for fragment in sentence_fragments(statement)))


def _fragment(fragment: Fragment) -> str:
    if fragment.kind == ENGLISH and _language() != "en":
        return format_html('<span lang="en" dir="ltr">{}</span>', fragment.text)
    return format_html("<bdi>{}</bdi>", fragment.text) if fragment.kind == FIGURE else fragment.text


@register.filter
def kind_name(kind: str) -> str:
    """What a kind of rule is called."""
    names = {
        "duty": gettext("Duty"),
        "preference": gettext("Preference"),
        "additional_duty": gettext("Additional duty"),
        "quota": gettext("Quota"),
        "tax": gettext("Tax"),
        "excise": gettext("Excise"),
        "fee": gettext("Fee"),
        "requirement": gettext("Requirement"),
        "prohibition": gettext("Prohibition"),
        "relief": gettext("Relief"),
    }
    return names.get(kind, kind)


@register.filter
def status_name(status: str) -> str:
    """What stands behind a rule, in a word."""
    names = {
        "law": pgettext("status of a rule", "law"),
        "adopted": pgettext("status of a rule", "adopted platform rule"),
        "proposed": pgettext("status of a rule", "proposal, not in force"),
    }
    return names.get(status, status)


@register.filter
def practice_name(name: str) -> str:
    """What a territory's practice settles."""
    names = {
        "valuation": gettext("Basis of the customs value"),
        "rounding_duty": gettext("Rounding of duties"),
        "rounding_tax": gettext("Rounding of taxes"),
        "rounding_value": gettext("Rounding of the customs value"),
        "tax_base": gettext("Sum that tax is taken on"),
        "rate_source": gettext("Exchange rates"),
    }
    return names.get(name, name)


@register.filter
def practice_text(practice: Mapping[str, str]) -> str:
    """How the practice has it done, in words where it is one of a known form."""
    name, value = practice["name"], practice["value"]
    if name.startswith("rounding"):
        places, _, mode = value.partition(":")
        modes = {
            "half_up": gettext("half a unit goes up"),
            "half_down": gettext("half a unit goes down"),
            "half_even": gettext("half a unit goes to the even digit"),
            "down": gettext("fractions are dropped"),
        }
        return gettext("%(places)s decimals, %(mode)s") % {"places": places, "mode": modes.get(mode, mode)}
    if name == "valuation":
        return {
            "CIF": gettext("with freight and insurance to the border (CIF)"),
            "FOB": gettext("without freight and insurance (FOB)"),
        }.get(value, value)
    if name == "tax_base":
        return " + ".join(_base_part(part.strip()) for part in value.split("+"))
    return value


def _base_part(part: str) -> str:
    names = {
        "customs_value": gettext("customs value"),
        "duty": gettext("duty"),
        "additional_duty": gettext("additional duties"),
        "excise": gettext("excise"),
        "fee": gettext("fees"),
        "freight": gettext("freight"),
        "insurance": gettext("insurance"),
    }
    name, _, factor = part.partition("*")
    return f"{names.get(name, name)} \u00d7 {factor}" if factor else names.get(name, name)


def _options(pairs: Iterable[tuple[str, str]]) -> SafeString:
    return format_html_join("", '<option value="{}">{}</option>', pairs)


def _choose(options: SafeString, chosen: str) -> SafeString:
    """The same options with one selected; a value that is none of them selects nothing."""
    plain = format_html('<option value="{}">', chosen)
    return mark_safe(options.replace(plain, format_html('<option value="{}" selected>', chosen), 1))  # noqa: S308 - both parts are escaped


# Hundreds of options are the same for every reader of a language, so they are written once.
@cache
def _economy_options(language: str) -> SafeString:
    return _options(economies_sorted(language))


@cache
def _currency_options(language: str) -> SafeString:
    return _options((code, f"{code} · {name}") for code, name in currencies_sorted(language))


@register.simple_tag
def economy_options(chosen: str = "") -> SafeString:
    """The choices of economies, one chosen."""
    return _choose(_economy_options(_language()), chosen)


@register.simple_tag
def currency_options(chosen: str = "") -> SafeString:
    """The choices of currencies, one chosen."""
    return _choose(_currency_options(_language()), chosen)


@register.simple_tag
def text_direction() -> str:
    """``rtl`` or ``ltr``, for the language of the page."""
    return "rtl" if is_right_to_left(_language()) else "ltr"


@register.simple_tag
def unit_options(chosen: str = "") -> SafeString:
    """The choices of units: the common ones, and the one chosen where it is another."""
    keys = [*_COMMON_UNITS, *([chosen] if chosen and chosen not in _COMMON_UNITS else [])]
    return _choose(_options((key, unit_name(key)) for key in keys), chosen)


@register.simple_tag
def transport_options(chosen: str = "") -> SafeString:
    """The ways goods travel."""
    names = {
        "sea": gettext("By sea"),
        "air": gettext("By air"),
        "road": gettext("By road"),
        "rail": gettext("By rail"),
        "post": gettext("By post"),
    }
    return _choose(_options(names.items()), chosen)
