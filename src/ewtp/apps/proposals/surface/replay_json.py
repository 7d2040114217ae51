"""Replays of a proposal, and what it would change for somebody's own lines, as the API writes and reads them."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

from ewtp.apps.batches.reading.lines_csv import read_csv_lines
from ewtp.apps.proposals.reading.own_shipments import MOST_LINES, bounds_by_currency, changes_by_currency
from ewtp.apps.proposals.reading.sentences import REPLAY_RECORD_INVALID, SHIPMENTS_MISSING, SHIPMENTS_TOO_MANY
from ewtp.core.replay.recomputation import Agreement, digest_result, replay_record_from_json
from ewtp.core.values.money import decimal_text
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from decimal import Decimal

    import pyarrow as pa

    from ewtp.apps.http.surface.body_fields import BodyReader
    from ewtp.apps.jobs.reading.worker_wait import WaitingMessage
    from ewtp.apps.proposals.reading.own_shipments import ShipmentEffect
    from ewtp.core.proposals.proposal import Proposal, ReplayMade
    from ewtp.core.replay.paper_index import RequiredPaper
    from ewtp.core.replay.recomputation import RepeatableReplay

RECORD_FIELDS = ("recipe", "result", "report")
SHIPMENT_FIELDS = ("lines", "csv")


def replay_json(proposal: Proposal, made: ReplayMade) -> dict[str, Any]:
    """The inputs and the result of a replay, by digests, and who got the same result or another one."""
    return {
        "by": made.by,
        "at": made.at.isoformat(),
        **made.record.as_json(),
        "confirmed_by": _others(proposal, made, Agreement.CONFIRMED),
        "contradicted_by": _others(proposal, made, Agreement.CONTRADICTED),
    }


def _others(proposal: Proposal, made: ReplayMade, agreement: Agreement) -> list[str]:
    return list(dict.fromkeys(each.by for each in proposal.replays_in(agreement, made)))


def simulation_json(proposal: Proposal, reports: Mapping[str, Any], waiting: WaitingMessage | None) -> dict[str, Any]:
    """The replays of the latest version with the reports that are kept here, and whether one is being made."""
    return {
        "proposal": proposal.id,
        "change": proposal.version.content.changeset,
        "recomputed": proposal.recomputed,
        "disputed": proposal.disputed,
        "waiting": None if waiting is None else queue_json(waiting),
        "replays": [
            {**replay_json(proposal, each), "report": reports.get(each.record.result)}
            for each in proposal.replays_of_version()
        ],
    }


def queue_json(waiting: WaitingMessage) -> dict[str, Any]:
    """Since when a replay is waited for, why the last attempt failed, and when it is tried again."""
    return {
        "since": waiting.enqueued.isoformat(),
        "reason": waiting.reason,
        "next_try": _moment(waiting.next_try),
    }


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def read_replay_record(body: BodyReader) -> RepeatableReplay | Refusal | None:
    """The record that a request states, in the form of a file of ``ewtp batch --publish``; None where it states none.

    A report that comes with it has to have the digest that the record names. Refuses with ``replay_record_invalid``.
    """
    given = [name for name in RECORD_FIELDS if body.has(name)]
    recipe, report, result = body.read_object("recipe"), body.read_object("report"), body.text("result", required=False)
    if body.refusal is not None:
        return body.refusal
    if not given:
        return None
    if not all(isinstance(part, str) and "\x00" not in part for part in recipe.values()):
        return Refusal(REPLAY_RECORD_INVALID, where="recipe")
    try:
        record = replay_record_from_json({"recipe": recipe, "result": result})
        stated = digest_result(report) if report else result
    except (KeyError, TypeError, ValueError, RecursionError):
        return Refusal(REPLAY_RECORD_INVALID, where="recipe")
    return record if stated == result else Refusal(REPLAY_RECORD_INVALID, where="report")


def read_shipments(text: str, most: int = MOST_LINES) -> pa.Table | Refusal:
    """Lines in separated values; refuses with ``shipments_too_many``, and as ``read_csv_lines`` does."""
    table = read_csv_lines(text, most)
    if isinstance(table, Refusal) and table.code == "lines_too_many":
        return Refusal(SHIPMENTS_TOO_MANY, {"most": most})
    return table


def read_shipment_fields(body: BodyReader) -> pa.Table | Refusal:
    """The lines of a request: ``lines``, objects of texts by column, or ``csv``. Refuses as ``read_shipments`` does."""
    text = body.text("csv", required=False)
    lines = body.objects("lines")
    if body.refusal is not None:
        return body.refusal
    if bool(lines) == bool(text):
        return Refusal(SHIPMENTS_MISSING)
    return read_shipments(text or _write_lines(lines))


def _write_lines(lines: Sequence[Mapping[str, Any]]) -> str:
    """The lines as separated values, with a column for each name; anything but a text is written as JSON."""
    names = list(dict.fromkeys(name for line in lines for name in line))
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(names)
    writer.writerows(["" if line.get(name) is None else str(line[name]) for name in names] for line in lines)
    return out.getvalue()


def shipments_json(effects: tuple[ShipmentEffect, ...], proposal: Proposal) -> dict[str, Any]:
    """What the proposal changes for each line, and in all by currency."""
    return {
        "proposal": proposal.id,
        "change": proposal.version.content.changeset,
        "affected": sum(each.is_affected for each in effects),
        "changes": [
            {"amount": decimal_text(change), "currency": currency}
            for currency, change in changes_by_currency(effects).items()
        ],
        "bounds": [
            {"currency": currency, "at_least": _text_of(least), "at_most": _text_of(most)}
            for currency, (least, most) in bounds_by_currency(effects).items()
        ],
        "lines": [_effect_json(each) for each in effects],
    }


def _text_of(bound: Decimal | None) -> str | None:
    return None if bound is None else decimal_text(bound)


def _effect_json(effect: ShipmentEffect) -> dict[str, Any]:
    refusals = (side.as_json() if isinstance(side, Refusal) else None for side in (effect.before, effect.after))
    refused_before, refused_after = refusals
    return {
        "line": effect.line,
        "from": effect.origin,
        "to": effect.destination,
        "hs": effect.hs,
        "affected": effect.is_affected,
        "currency": effect.currency or None,
        "before": effect.amount(effect.before),
        "after": effect.amount(effect.after),
        "change": effect.amount(effect.change),
        "change_at_least": effect.amount(effect.at_least),
        "change_at_most": effect.amount(effect.at_most),
        "complete": not effect.open,
        "papers_removed": [_paper_json(each) for each in effect.fewer],
        "papers_added": [_paper_json(each) for each in effect.more],
        "prohibited_before": effect.prohibited[0],
        "prohibited_after": effect.prohibited[1],
        "refused_before": refused_before,
        "refused_after": refused_after,
    }


def _paper_json(paper: RequiredPaper) -> dict[str, str]:
    return {"territory": paper.territory, "agency": paper.agency, "document": paper.document}
