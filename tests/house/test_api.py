"""What every route of the API declares."""

from __future__ import annotations

import re

from django.http import HttpRequest, HttpResponse  # noqa: TC002 - ninja reads the annotations of a view
from ninja import NinjaAPI

from tests.described_client import operations


def undeclared(api: NinjaAPI) -> list[str]:
    """The routes that say neither which scope they need nor that they need none."""
    return [
        f"{' '.join(operation.methods)} {route}"
        for router in api._get_bound_routers()
        for route, view in router.path_operations.items()
        for operation in view.operations
        if not hasattr(operation.view_func, "needed_scope")
    ]


def test_every_route_declares_the_scope_that_it_needs():
    from ewtp.web.api import api  # noqa: PLC0415 - the routes load the apps, which needs the settings

    assert undeclared(api) == []


def test_a_route_that_declares_nothing_is_noticed():
    api = NinjaAPI(urls_namespace="undeclared")

    @api.get("/forgotten")
    def forgotten(request: HttpRequest) -> HttpResponse:
        raise NotImplementedError(request)

    assert undeclared(api) == ["GET /forgotten"]


def test_whoever_tries_an_address_out_is_told_what_to_put_into_its_path():
    described = [
        (path, parameter) for _, path, operation in operations() for parameter in operation.get("parameters", ())
    ]
    unclear = [
        (path, parameter["name"])
        for path, parameter in described
        if parameter["in"] == "path"
        and "example" not in parameter
        and not re.search(r"`(GET|POST) /[a-z-]+[^`]*` (lists|gives)", parameter.get("description", ""))
    ]
    assert described
    assert unclear == []
