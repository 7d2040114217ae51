"""Measured effects as the API writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ewtp.apps.proposals.surface.proposal_json import adoption_json
from ewtp.core.values.money import decimal_text

if TYPE_CHECKING:
    from decimal import Decimal

    from ewtp.apps.proposals.reading.effect_record import EffectRecord, MonthRow, RegisteredPlan


def effect_json(record: EffectRecord, proposal: str) -> dict[str, Any]:
    """The effect of an adoption with its plan, the figures by month, and every plan that was registered."""
    return {
        "adoption": adoption_json(record.adoption, proposal),
        "plan": _plan_json(record.registered),
        "effect": record.effect.as_json(),
        "months": [_month_json(each) for each in record.months],
        "withheld": record.withheld,
        "plans": [_short_json(each) for each in record.plans],
    }


def _plan_json(registered: RegisteredPlan) -> dict[str, Any]:
    return {**_short_json(registered), **registered.plan.as_json()}


def _short_json(registered: RegisteredPlan) -> dict[str, Any]:
    return {
        "digest": registered.plan.digest,
        "registered": registered.at.isoformat(),
        "by": registered.by or None,
        "promise": _decimal(registered.promise),
    }


def _month_json(row: MonthRow) -> dict[str, Any]:
    return {
        "month": f"{row.month:%Y-%m}",
        "after": row.is_after,
        "treated": _decimal(row.treated),
        "treated_pairs": row.treated_count,
        "donors": _decimal(row.donors),
        "donor_pairs": row.donor_count,
    }


def _decimal(figure: Decimal | None) -> str | None:
    return None if figure is None else decimal_text(figure)
