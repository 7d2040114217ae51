"""Whether a route lets a caller in: every route declares the scope that it needs."""

from __future__ import annotations

from functools import wraps
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Protocol

from ninja.decorators import decorate_view

from ewtp.apps.http.surface.callers import ANONYMOUS, Caller, caller_of
from ewtp.apps.http.surface.problems import problem
from ewtp.apps.http.surface.sentences import SCOPE_MISSING, TOKEN_MISSING
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    from ewtp.apps.accounts.reading.scopes import Scope

_ADMITTED = "ewtp.caller"


class View(Protocol):
    """A view with the ``needed_scope`` that it declares; None where it looks at no token."""

    needed_scope: Scope | None

    def __call__(self, request: HttpRequest, **parameters: Any) -> HttpResponse:
        """Answer the request."""


def needs(scope: Scope | None) -> Callable[[Callable[..., HttpResponse]], View]:
    """Declare the scope that a route needs, and refuse every caller without it before the route is reached.

    A token opens what its scopes name and nothing else, not even what is open without a token, so that a token made
    for one job cannot do another. None declares that the route looks at no token.
    """

    def decorate(view: Any) -> View:
        view.needed_scope = scope
        declared: View = view if scope is None else decorate_view(_guard(scope))(view)
        return declared

    return decorate


def admitted_caller(request: HttpRequest) -> Caller:
    """The caller whom the route's declaration let in; there is none where the route needs no scope."""
    caller: Caller = request.META[_ADMITTED]
    return caller


def _guard(scope: Scope) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    def guard(run: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(run)
        def guarded(request: HttpRequest, **parameters: Any) -> HttpResponse:
            caller = caller_of(request)
            if isinstance(caller, Refusal):
                return _unauthenticated(caller)
            if scope not in caller.scopes:
                return (
                    _unauthenticated(_token_missing(scope)) if caller.actor == ANONYMOUS else _forbidden(scope, caller)
                )
            request.META[_ADMITTED] = caller
            return run(request, **parameters)

        return guarded

    return guard


def _token_missing(scope: Scope) -> Refusal:
    return Refusal(
        TOKEN_MISSING,
        {"scope": scope},
        details=(("scope", scope),),
    )


def _unauthenticated(refusal: Refusal) -> HttpResponse:
    """401, with the header that tells a client how to prove who it is (RFC 9110, 11.6.1)."""
    response = problem(refusal, HTTPStatus.UNAUTHORIZED)
    response.headers["WWW-Authenticate"] = "Bearer"
    return response


def _forbidden(scope: Scope, caller: Caller) -> HttpResponse:
    """403, with the scope that is missing (RFC 6750, 3.1)."""
    held = sorted(caller.scopes)
    refusal = Refusal(
        SCOPE_MISSING,
        {"scope": scope, "held": [*held]},
        details=(("scope", scope), ("scopes", held)),
    )
    response = problem(refusal, HTTPStatus.FORBIDDEN)
    response.headers["WWW-Authenticate"] = f'Bearer error="insufficient_scope", scope="{scope}"'
    return response
