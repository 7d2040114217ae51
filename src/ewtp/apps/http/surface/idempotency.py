"""Requests that must not be executed twice: a repeat with the same key gets the first answer again."""

from __future__ import annotations

import itertools
from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from django.utils import timezone
from django.utils.crypto import salted_hmac

from ewtp.apps.accounts.actions.rate_limit import RateLimit, rate_limit_consume, rate_limit_reached
from ewtp.apps.accounts.surface.client_address import client_address, client_of
from ewtp.apps.http.actions.idempotency import (
    Conflict,
    Repeat,
    idempotency_begin,
    idempotency_expire,
    idempotency_finish,
)
from ewtp.apps.http.actions.repeat_storage import repeats_refusal
from ewtp.apps.http.surface.access import admit_caller
from ewtp.apps.http.surface.callers import ANONYMOUS
from ewtp.apps.http.surface.problems import problem

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from django.http import HttpRequest

# One new key in this number also removes expired ones, and more of them than were added meanwhile.
EXPIRE_EVERY = 100
EXPIRE_LIMIT = 1_000
# Refused for want of space or time: a repeat is to be tried again, not answered by the same refusal for a week.
_FOR_NOW = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.INSUFFICIENT_STORAGE})
_KB = 1_000
_fresh_keys = itertools.count(1)


def once(request: HttpRequest, work: Callable[[], HttpResponse]) -> HttpResponse:
    """Do ``work`` unless its Idempotency-Key was used before; without the header, just do it.

    The key, the work and its answer are committed together, so a failure in between leaves nothing behind.
    """
    key = request.META.get("HTTP_IDEMPOTENCY_KEY")
    if key is None:
        return work()
    anonymous = client_of(request) if admit_caller(request).actor == ANONYMOUS else None
    with transaction.atomic():
        begun = idempotency_begin(
            key=key,
            caller=key_namespace(request),
            route=f"{request.method} {request.path}",
            body=request.body,
            now=timezone.now(),
            expired_before=keys_expired_before(),
        )
        if isinstance(begun, Conflict):
            return problem(begun.refusal, begun.status)
        if isinstance(begun, Repeat):
            return HttpResponse(begun.answer, content_type=begun.content_type, status=begun.status)
        # A repeat is answered also where nothing more can be stored; what is new is refused before it is done.
        full = _full(anonymous)
        response = work() if full is None else full
        if response.status_code in _FOR_NOW:
            transaction.set_rollback(True)
            return response
        size = idempotency_finish(
            record=begun.record,
            status=response.status_code,
            content_type=response.headers["Content-Type"],
            answer=response.content,
        )
        if anonymous is not None:
            amount = -(-size // _KB)
            rate_limit_consume(limit=_limit_of_client(), who=anonymous, now=timezone.now(), amount=amount)
    if next(_fresh_keys) % EXPIRE_EVERY == 0:
        idempotency_expire(before=keys_expired_before(), limit=EXPIRE_LIMIT)
    return response


def _limit_of_client() -> RateLimit:
    """How much of what is stored for repeats a caller without a token may cause in a day, in kilobytes."""
    return RateLimit("repeat_kilobytes", settings.ANSWER_STORAGE.client_bytes // _KB, timedelta(days=1))


def _full(anonymous: str | None) -> HttpResponse | None:
    """The refusal where no answer may be stored, in all or of this client; None where one may."""
    refusal = repeats_refusal(is_anonymous=anonymous is not None, anonymous=f"{ANONYMOUS}:")
    if refusal is not None:
        return problem(refusal, HTTPStatus.INSUFFICIENT_STORAGE)
    if anonymous is not None:
        refusal = rate_limit_reached(limit=_limit_of_client(), who=anonymous, now=timezone.now())
    if refusal is None:
        return None
    response = problem(refusal, HTTPStatus.TOO_MANY_REQUESTS)
    # RFC 6585, 4.
    response.headers["Retry-After"] = str(dict(refusal.details)["retry_after"])
    return response


def keys_expired_before() -> datetime:
    """The moment before which a claimed key has expired by now."""
    return timezone.now() - settings.IDEMPOTENCY_LIFETIME


def key_namespace(request: HttpRequest) -> str:
    """Whose keys these are: the token's, or those of one address, so that strangers cannot take each other's keys.

    Only a keyed digest of the address is stored.
    """
    actor = admit_caller(request).actor
    if actor != ANONYMOUS:
        return actor
    return f"{ANONYMOUS}:{salted_hmac('idempotency', client_address(request), algorithm='sha256').hexdigest()[:32]}"
