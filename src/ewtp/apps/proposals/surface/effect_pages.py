"""The page of what a proposal's adoptions did, beside what was promised."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_safe

from ewtp.apps.http.surface.form import Form
from ewtp.apps.organisations.reading.organisation_names import organisations_named
from ewtp.apps.proposals.reading.effect_record import effects_of
from ewtp.apps.proposals.reading.proposal_list import proposal_read
from ewtp.apps.proposals.surface.speaker import speakers_here
from ewtp.core.effects.effect_plan import EVERY, REPORTED, STATED_BY_LAW
from ewtp.gateways.reference.iso_codes import economy_names

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ewtp.apps.proposals.reading.effect_record import EffectRecord, RegisteredPlan
    from ewtp.core.effects.effect_plan import TradePair
    from ewtp.core.proposals.proposal import Proposal

_MOST_PAIRS = 60


@dataclass(frozen=True, slots=True)
class EffectShown:
    """An effect with its names in the reader's language."""

    record: EffectRecord
    outcome: str
    unit: str
    by_law: bool
    treated: tuple[str, ...]
    donors: tuple[str, ...]
    donors_left: int
    plans: tuple[tuple[RegisteredPlan, str], ...]


@require_safe
def effect(request: Any, proposal_id: str) -> HttpResponse:
    """The effects of the proposal's adoptions; 404 for a draft, which nobody has adopted."""
    found = proposal_read(proposal_id)
    if found is None:
        raise Http404
    return effect_page(request, found, Form())


def effect_page(request: Any, found: Proposal, form: Form, told: Mapping[str, Any] | None = None) -> HttpResponse:
    """The page with a form as it was sent; 422 where it has problems."""
    records, today = effects_of(found), timezone.now().date()
    names = organisations_named({plan.by for each in records for plan in each.plans if plan.by})
    shown = [_present_effect(each, {key: str(value.name) for key, value in names.items()}) for each in records]
    outcomes = outcome_names()
    context = {
        "proposal": found,
        "effects": shown,
        "form": form,
        "speakers": speakers_here(request),
        "acts_plannable": [
            (each.act, f"{each.territory} {each.act}") for each in found.adoptions if each.effective >= today
        ],
        "plan_outcomes": [(key, name) for key, (name, _) in outcomes.items()],
        "plan_figures": [(REPORTED, gettext("reported")), (STATED_BY_LAW, gettext("stated by the law"))],
        **(told or {}),
    }
    status = HTTPStatus.OK if form.is_clean else HTTPStatus.UNPROCESSABLE_ENTITY
    return render(request, "pages/proposal_effect.html", context, status=status)


def outcome_names() -> dict[str, tuple[str, str]]:
    """What may be measured, with its unit, as a reader knows them."""
    return {
        "days": (gettext("Days at the border"), gettext("days a line")),
        "papers": (gettext("Papers asked for"), gettext("papers a line")),
        "cost": (gettext("Charges"), gettext("per cent of a line's value")),
    }


def _present_effect(record: EffectRecord, names: dict[str, str]) -> EffectShown:
    plan = record.registered.plan
    outcome, unit = outcome_names()[plan.outcome]
    return EffectShown(
        record,
        outcome,
        unit,
        plan.figures == STATED_BY_LAW,
        tuple(map(_trade, plan.treated)),
        tuple(map(_trade, plan.donors[:_MOST_PAIRS])),
        max(0, len(plan.donors) - _MOST_PAIRS),
        tuple((each, _registrar(each, names)) for each in record.plans),
    )


def _registrar(plan: RegisteredPlan, names: dict[str, str]) -> str:
    return names.get(plan.by, plan.by) if plan.by else gettext("made from the adoption itself")


def _trade(pair: TradePair) -> str:
    """The names of a pair in one text."""
    codes = {
        "origins": gettext("all origins") if pair.origins == EVERY else _economy(pair.origins),
        "destination": _economy(pair.destination),
        "products": gettext("all goods") if pair.products == EVERY else pair.products,
    }
    return gettext("%(products)s from %(origins)s to %(destination)s") % codes


def _economy(code: str) -> str:
    return economy_names(get_language() or "en").get(code, code)
