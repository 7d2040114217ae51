"""Figures of outcomes: loaded by the operator as reported, and computed where the law itself states them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from ewtp.apps.log.actions.events import event_append
from ewtp.apps.proposals.reading.effect_record import outcome_figures, plans_by_law
from ewtp.apps.proposals.reading.law_outcomes import law_codes, law_figure, month_day
from ewtp.apps.proposals.store import outcome_models
from ewtp.core.effects.effect_plan import REPORTED, STATED_BY_LAW
from ewtp.core.effects.outcome_table import OutcomeCell, read_outcomes
from ewtp.core.proposals.effect_events import FiguresLoaded
from ewtp.core.proposals.proposal_decisions import read_title
from ewtp.core.values.actor import system_actor
from ewtp.core.values.canonical_json import canonical_digest
from ewtp.core.values.immutable import immutable
from ewtp.core.values.money import decimal_text
from ewtp.core.values.refusal import Refusal
from ewtp.core.values.sentences import OPERATOR_NEEDED
from ewtp.gateways.fresh_ids import fresh_id
from ewtp.gateways.reference.iso_codes import vocabulary

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime
    from typing import Any

    from ewtp.apps.proposals.reading.effect_record import RegisteredPlan
    from ewtp.core.values.actor import Actor

PREFIX = "out"
_HUB = system_actor("hub")


@immutable
class LoadReport:
    """What was loaded: the identifier of the load, its cells, and how many are withheld for too few firms."""

    id: str
    cells: int
    withheld: int

    def as_json(self) -> dict[str, Any]:
        """The report as JSON."""
        return {"id": self.id, "cells": self.cells, "withheld": self.withheld}


@transaction.atomic
def outcomes_load(
    *, title: str, rows: Sequence[Mapping[str, str]], actor: Actor, now: datetime
) -> LoadReport | Refusal:
    """Load a table of outcomes as reported, all of it or nothing; a later load replaces the same cells.

    Refuses with ``operator_needed``, ``proposal_title_invalid`` and as ``read_outcomes`` does.
    """
    if not actor.is_operator:
        return Refusal(OPERATOR_NEEDED)
    named = read_title(title)
    if isinstance(named, Refusal):
        return named
    cells = read_outcomes(rows, economies=vocabulary().economies, today=now.date())
    if isinstance(cells, Refusal):
        return cells
    return _store(REPORTED, named, cells, actor, now)


def law_outcomes_compute(*, now: datetime) -> int:
    """Compute what the law states for the months that are over of every plan that asks for it; returns the cells.

    A figure that exists is not computed again: it says what the law asked for in that month.
    """
    count = 0
    for registered in plans_by_law():
        cells = _find_missing_cells(registered, now.date())
        if cells:
            with transaction.atomic():
                _store(STATED_BY_LAW, f"{registered.act}: {registered.plan.outcome}", cells, _HUB, now)
            count += len(cells)
    return count


def _find_missing_cells(registered: RegisteredPlan, today: date) -> list[OutcomeCell]:
    plan = registered.plan
    held, _ = outcome_figures(plan)
    months = [month for month in (*plan.before, *plan.after) if f"{month:%Y-%m}" < f"{today:%Y-%m}"]
    found = []
    for pair in (*plan.treated, *plan.donors):
        missing = [month for month in months if month not in held.get(pair, {})]
        if not missing:
            continue
        codes = law_codes(pair, plan.adopted, registered.codes if pair in plan.treated else ())
        for month in missing:
            figure = law_figure(pair, codes, month_day(month))
            value = None if figure is None else figure.of(plan.outcome)
            if figure is not None and value is not None:
                found.append(OutcomeCell(pair, month, plan.outcome, value, figure.lines))
    return found


def _store(source: str, title: str, cells: Sequence[OutcomeCell], actor: Actor, now: datetime) -> LoadReport:
    digest = canonical_digest([_cell_json(each) for each in cells])
    load = outcome_models.OutcomeLoad.objects.create(
        id=fresh_id(PREFIX, now), source=source, title=title, digest=digest, by=actor.label, at=now
    )
    outcome_models.OutcomeFigure.objects.bulk_create(
        outcome_models.OutcomeFigure(
            load=load,
            source=source,
            outcome=each.outcome,
            destination=each.pair.destination,
            origins=each.pair.origins,
            products=each.pair.products,
            month=each.month,
            value=each.value,
            lines=each.lines,
            firms=each.firms,
        )
        for each in cells
    )
    withheld = sum(each.value is None for each in cells)
    event_append(
        subject=load.id, actor=actor, payload=FiguresLoaded(source, title, digest, len(cells), withheld), now=now
    )
    return LoadReport(load.id, len(cells), withheld)


def _cell_json(cell: OutcomeCell) -> dict[str, Any]:
    return {
        **cell.pair.as_json(),
        "month": cell.month.isoformat(),
        "outcome": cell.outcome,
        "value": None if cell.value is None else decimal_text(cell.value),
        "lines": cell.lines,
        "firms": cell.firms,
    }
