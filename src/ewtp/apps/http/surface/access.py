"""Whether a route lets a caller in: every route declares the scope that it needs."""

from __future__ import annotations

from functools import wraps
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Protocol

from ninja.decorators import decorate_view

from ewtp.apps.http.surface.callers import ANONYMOUS, Caller, caller_of
from ewtp.apps.http.surface.problems import problem
from ewtp.apps.http.surface.sentences import SCOPE_MISSING, TOKEN_MISSING, TOKEN_WITHOUT_ORGANISATION
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    from ewtp.apps.accounts.reading.scopes import Scope
    from ewtp.core.values.actor import Actor

_ADMITTED = "ewtp.caller"


class View(Protocol):
    """A view with what it declares: the ``needed_scope`` (None where it looks at no token), and whether it is ``own``.

    A route that is ``own`` shows or changes what belongs to the caller's organisation; the operator may name any.
    """

    needed_scope: Scope | None
    own: bool

    def __call__(self, request: HttpRequest, **parameters: Any) -> HttpResponse:
        """Answer the request."""


def needs(scope: Scope | None, *, own: bool = False) -> Callable[[Callable[..., HttpResponse]], View]:
    """Declare the scope that a route needs, and refuse every caller without it before the route is reached.

    A route that is ``own`` also refuses callers without a token, and tokens that act for no organisation.

    A token opens what its scopes name and nothing else, not even what is open without a token, so that a token made
    for one job cannot do another. None declares that the route looks at no token.
    """

    def decorate(view: Any) -> View:
        view.needed_scope = scope
        view.own = own
        declared: View = view if scope is None else decorate_view(_guard(scope, own=own))(view)
        return declared

    return decorate


def admitted_caller(request: HttpRequest) -> Caller:
    """The caller whom the route's declaration let in; there is none where the route needs no scope."""
    caller: Caller = request.META[_ADMITTED]
    return caller


def acting_caller(request: HttpRequest) -> Actor:
    """Who acts in a route that is ``own``; ValueError in another."""
    acting = admitted_caller(request).acting
    if acting is None:
        msg = "the route does not declare that it needs an organisation"
        raise ValueError(msg)
    return acting


def _guard(scope: Scope, *, own: bool) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    def guard(run: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(run)
        def guarded(request: HttpRequest, **parameters: Any) -> HttpResponse:
            caller = caller_of(request)
            if isinstance(caller, Refusal):
                return _unauthenticated(caller)
            if scope not in caller.scopes or (own and caller.acting is None):
                return (
                    _unauthenticated(_token_missing(scope)) if caller.actor == ANONYMOUS else _forbidden(scope, caller)
                )
            if own and caller.acting is not None and not (caller.acting.on_behalf_of or caller.acting.is_operator):
                return problem(Refusal(TOKEN_WITHOUT_ORGANISATION), HTTPStatus.FORBIDDEN)
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
