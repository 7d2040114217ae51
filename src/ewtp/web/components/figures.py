"""Amounts, numbers, dates and tariff codes as the reader's language writes them.

Values come from an answer's JSON. One of the wrong shape is a bug and raises; one that is absent shows nothing.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django import template
from django.conf import settings
from django.utils.html import format_html
from django.utils.translation import get_language

from ewtp.apps.batches.surface.burden_table import ratio_text
from ewtp.core.rulebook.measure import Kind
from ewtp.gateways.reference.locale_formats import date_text, money_text, number_text

if TYPE_CHECKING:
    from collections.abc import Mapping

register = template.Library()


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
def burden_ratio(figure: str | None, kind: str) -> str:
    """What a rule of this kind takes: a share in per cent, or for a requirement a number of papers."""
    return format_html("<bdi>{}</bdi>", ratio_text(figure, papers=kind == Kind.REQUIREMENT))


@register.filter
def tariff_code(code: str) -> str:
    """A tariff code in the groups in which people read it: 6109.10.00.12."""
    groups = [code[:4], *(code[start : start + 2] for start in range(4, len(code), 2))]
    return format_html('<bdi class="code">{}</bdi>', ".".join(group for group in groups if group))
