"""Names of economies, units and kinds of rule in the reader's language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template
from django.conf import settings
from django.utils.html import format_html
from django.utils.translation import get_language, gettext, pgettext

from ewtp.apps.assessment.surface.line_numbers import lines_text
from ewtp.core.rulebook.coverage_statement import COVERAGE_NAMES
from ewtp.core.rulebook.territory import TERRITORIAL_STATUS, UNSETTLED
from ewtp.gateways.reference.locale_formats import economy_name, locale_of
from ewtp.gateways.reference.sentence_texts import economy_or_union_name
from ewtp.gateways.reference.unit_names import unit_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

register = template.Library()


def _language() -> str:
    return get_language() or settings.LANGUAGE_CODE


@register.filter
def economy(code: str) -> str:
    """An economy's name in the reader's language."""
    return economy_name(code, _language())


@register.filter
def territory(code: str) -> str:
    """The name of an economy or of a customs union of the rulebook in the reader's language."""
    return economy_or_union_name(code, _language())


@register.filter
def economy_or_region(code: str) -> str:
    """The name of a part of the world (UN M49) or of an economy in the reader's language."""
    return str(locale_of(_language()).territories.get(code, code))


@register.filter
def line_names(numbers: Iterable[int]) -> str:
    """The lines of a consignment by their numbers, which count from 1."""
    return format_html("<bdi>{}</bdi>", lines_text(numbers))


@register.filter(name="unit_name")
def unit_name_filter(key: str) -> str:
    """A unit's name: in the reader's language where it is a common one."""
    return unit_name(key)


@register.filter
def kind_name(kind: str) -> str:
    """The name of a kind of rule."""
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
def condition_name(kind: str) -> str:
    """What a condition of a rule asks for, or what it tells."""
    names = {
        "claim": gettext("Condition: what is claimed"),
        "unless_claim": gettext("Condition: unless this is claimed"),
        "end_use": gettext("Condition: declared use"),
        "minimum_value": gettext("Condition: value from"),
        "maximum_value": gettext("Condition: value up to"),
        "below_value": gettext("Condition: value below"),
        "above_value": gettext("Condition: value above"),
        "transport": gettext("Condition: means of transport"),
        "buyer": gettext("Condition: buyer"),
        "document": gettext("Document"),
        "authority": gettext("Authority"),
        "note": gettext("Note"),
        "remark": gettext("Note"),
        "quota": gettext("Quota"),
        "volume": gettext("Volume"),
        "season": gettext("Season"),
        "text": gettext("Note"),
        "reduced": gettext("Possible lower rates"),
        "disputed": gettext("Sources disagree"),
        "unconfirmed": gettext("Rate that one source alone has"),
        "assumes": gettext("Assumption"),
        "electronic": gettext("Electronic form"),
        "proof": gettext("Proof"),
        "scope": gettext("Condition: goods"),
    }
    return names.get(kind, gettext("Condition"))


@register.filter
def firm_size_name(size: str) -> str:
    """The size of firms."""
    names = {
        "micro": pgettext("size of firms", "micro"),
        "small": pgettext("size of firms", "small"),
        "medium": pgettext("size of firms", "medium"),
        "large": pgettext("size of firms", "large"),
        "micro_and_small": pgettext("size of firms", "micro and small together"),
    }
    return names.get(size, size)


@register.filter
def extent_name(extent: str) -> str:
    """How much of a kind of charge the rulebook holds."""
    names = {
        "whole": pgettext("what is held of a kind of charge", "held whole"),
        "part": pgettext("what is held of a kind of charge", "held in part"),
        "not_held": pgettext("what is held of a kind of charge", "exists, but is not held"),
        "none": pgettext("what is held of a kind of charge", "does not exist"),
        "some_rules": pgettext("what is held of a kind of charge", "rules are held; whether all is not stated"),
        "not_stated": pgettext("what is held of a kind of charge", "not stated"),
    }
    return names.get(extent, extent)


@register.filter
def status_name(status: str) -> str:
    """The status of a rule: law, adopted or proposed."""
    names = {
        "law": pgettext("status of a rule", "law"),
        "adopted": pgettext("status of a rule", "adopted platform rule"),
        "proposed": pgettext("status of a rule", "proposal, not in force"),
    }
    return names.get(status, status)


@register.filter
def practice_name(name: str) -> str:
    """The name of a territory's practice."""
    names = {
        "valuation": gettext("Basis of the customs value"),
        "rounding_duty": gettext("Rounding of duties"),
        "rounding_tax": gettext("Rounding of taxes"),
        "rounding_value": gettext("Rounding of the customs value"),
        "tax_base": gettext("Tax base"),
        "rate_source": gettext("Exchange rates"),
        "customs_territory": gettext("Customs territory"),
        "customs_union": gettext("Customs union"),
        "tax_territory": gettext("VAT territory"),
        "requirement_classes": gettext("Classes of requirements held whole"),
    }
    kind = COVERAGE_NAMES.get(name)
    return f"{gettext('What is held of charges')}: {kind_name(kind)}" if kind else names.get(name, name)


@register.filter
def practice_text(practice: Mapping[str, str]) -> str:
    """How the practice has it done, in words where it is one of a known form."""
    name, value = practice["name"], practice["value"]
    if name in COVERAGE_NAMES:
        return extent_name(value)
    if name.startswith("rounding"):
        places, _, mode = value.partition(":")
        modes = {
            "half_up": gettext("halves are rounded up"),
            "half_down": gettext("halves are rounded down"),
            "half_even": gettext("halves are rounded to the even digit"),
            "down": gettext("fractions are dropped"),
        }
        return gettext("%(places)s decimals, %(mode)s") % {"places": places, "mode": modes.get(mode, mode)}
    if name == "valuation":
        return {
            "CIF": gettext("with freight and insurance to the border (CIF)"),
            "FOB": gettext("without freight and insurance (FOB)"),
        }.get(value, value)
    if name in TERRITORIAL_STATUS:
        names = [gettext("its own") if code == practice["territory"] else economy(code) for code in value.split()]
        return f"{economy(practice['territory'])}: {', '.join(names)}"
    if value == UNSETTLED:
        return gettext("sources disagree")
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
