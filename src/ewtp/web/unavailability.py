"""What a request gets while the database is away or busy, the disk is full or the log is damaged: 503, with a code."""

from __future__ import annotations

import logging
import sys
from http import HTTPStatus
from typing import TYPE_CHECKING

from django.db import InterfaceError, InternalError, OperationalError
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.csrf import requires_csrf_token
from django.views.defaults import server_error
from psycopg.errors import (
    DiskFull,
    IdleInTransactionSessionTimeout,
    LockNotAvailable,
    QueryCanceled,
    ReadOnlySqlTransaction,
)

from ewtp.apps.http.surface.problems import problem
from ewtp.apps.log.reading.damage import LogDamagedError
from ewtp.apps.log.reading.sentences import LOG_DAMAGED
from ewtp.core.values.refusal import Refusal
from ewtp.web.sentences import DATABASE_AWAY, DATABASE_CUT_OFF, DATABASE_LOCKED, DATABASE_READ_ONLY, DISK_FULL

if TYPE_CHECKING:
    from django.http import HttpRequest

    from ewtp.core.values.sentence import Sentence

_LOG = logging.getLogger("ewtp.web")
# ``ewtp serve`` starts its database server again within a few seconds.
RETRY_SECONDS = 5
_UNAVAILABLE_ERRORS = (OperationalError, InterfaceError, LogDamagedError)
# Why the database did not do a statement, by what it says; anything else is a connection that it ended.
_SENTENCES: dict[type[BaseException | None], Sentence] = {
    DiskFull: DISK_FULL,
    QueryCanceled: DATABASE_CUT_OFF,
    IdleInTransactionSessionTimeout: DATABASE_CUT_OFF,
    LockNotAvailable: DATABASE_LOCKED,
    ReadOnlySqlTransaction: DATABASE_READ_ONLY,
}


def is_unavailable(error: BaseException | None) -> bool:
    """Whether an exception tells of the database, its disk or the log, and not of a bug."""
    internal = isinstance(error, InternalError) and type(error.__cause__) in _SENTENCES
    return internal or isinstance(error, _UNAVAILABLE_ERRORS)


def unavailable_problem(request: HttpRequest, error: Exception) -> HttpResponse:
    """The problem document for an error of the database's connection, of its disk or of the log."""
    refusal = _refusal(error)
    _LOG.error("%s %s is answered with 503: %s", request.method, request.path, error)
    return _later(problem(refusal, HTTPStatus.SERVICE_UNAVAILABLE), error)


@requires_csrf_token
def page_error(request: HttpRequest) -> HttpResponse:
    """The page for an exception: 503 where the database is away, and 500 for a bug."""
    error = sys.exc_info()[1]
    if not isinstance(error, Exception) or not is_unavailable(error):
        return server_error(request)
    if request.path.startswith("/api/"):
        return unavailable_problem(request, error)
    content = render_to_string("503.html", {"refusal": _refusal(error)})
    return _later(HttpResponse(content, status=HTTPStatus.SERVICE_UNAVAILABLE), error)


def _refusal(error: Exception) -> Refusal:
    if isinstance(error, LogDamagedError):
        return Refusal(LOG_DAMAGED)
    return Refusal(_SENTENCES.get(type(error.__cause__), DATABASE_AWAY))


def _later(response: HttpResponse, error: Exception) -> HttpResponse:
    if isinstance(error, LogDamagedError):
        # It does not pass by itself.
        return response
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response
