"""Requests that must not be carried out twice: a repeat with the same key gets the first answer again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.http import HttpResponse

from ewtp.apps.audit.actions.records import Conflict, Replay, idempotency_begin, idempotency_finish
from ewtp.apps.http.surface.access import admitted_caller
from ewtp.apps.http.surface.problems import problem

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest


def once(request: HttpRequest, work: Callable[[], HttpResponse]) -> HttpResponse:
    """Do ``work`` unless its Idempotency-Key was used before; without the header, just do it.

    The key, the work and its answer are committed together, so a failure in between leaves nothing behind.
    """
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return work()
    caller = admitted_caller(request)
    with transaction.atomic():
        begun = idempotency_begin(
            key=key, caller=caller.actor, route=f"{request.method} {request.path}", body=request.body
        )
        if isinstance(begun, Conflict):
            return problem(begun.refusal, begun.status)
        if isinstance(begun, Replay):
            return HttpResponse(begun.answer, content_type=begun.content_type, status=begun.status)
        response = work()
        idempotency_finish(
            record=begun.record,
            status=response.status_code,
            content_type=response.headers["Content-Type"],
            answer=response.content,
        )
        return response
