"""The reader's choice of a language, kept in a cookie."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse, QueryDict

# Pages whose form may be sent along; each fills it in from its address.
_PAGES_WITH_FORM = frozenset({"ask", "markets"})
_OF_OURS = frozenset({"language", "next", "csrfmiddlewaretoken"})


@require_POST
def language_choose(request: HttpRequest) -> HttpResponse:
    """Set the language and redirect to ``next``, an address of this site."""
    address = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure()):
        address = "/"
    return _kept(request.POST, address)


@require_http_methods(["GET", "HEAD", "POST"])
def language_of_form(request: HttpRequest, page: str) -> HttpResponse:
    """Set the language and redirect to the page with the fields of its form in the query.

    A GET form arrives by GET, without a CSRF token, which would otherwise appear in the address.
    """
    if page not in _PAGES_WITH_FORM:
        message = "no page of this name has a form"
        raise Http404(message)
    fields = request.POST if request.method == "POST" else request.GET
    typed = [(name, text) for name, texts in fields.lists() if name not in _OF_OURS for text in texts]
    return _kept(fields, f"{reverse(page)}?{urlencode(typed)}")


def _kept(fields: QueryDict, address: str) -> HttpResponse:
    response = HttpResponseRedirect(address, status=HTTPStatus.SEE_OTHER)
    code = fields.get("language", "")
    if code in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            code,
            max_age=settings.LANGUAGE_COOKIE_AGE,
            samesite="Lax",
            secure=settings.LANGUAGE_COOKIE_SECURE,
        )
    return response
