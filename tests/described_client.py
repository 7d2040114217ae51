"""A test client that holds every answer of the API to the API's own description, field by field."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any

import pytest
from django.test import Client
from jsonschema import Draft202012Validator, FormatChecker

_BELOW = "/api/v1/"
_UNDESCRIBED = frozenset({"/api/v1/openapi.json", "/api/v1/docs"})


@cache
def description() -> dict[str, Any]:
    """The description as a client of the API reads it."""
    from ewtp.web.api import api  # noqa: PLC0415 - the routes load the apps, which needs the settings

    read: dict[str, Any] = json.loads(json.dumps(api.get_openapi_schema()))
    return read


def operations() -> list[tuple[str, str, dict[str, Any]]]:
    """Every operation with its method and path."""
    return [
        (method.upper(), path, operation)
        for path, methods in description()["paths"].items()
        for method, operation in methods.items()
    ]


def closed(schema: Any) -> Any:
    """The schema with every object closed: a field that is answered and not described is a fault of the description."""
    if isinstance(schema, list):
        return [closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    read = {name: closed(each) for name, each in schema.items()}
    if "properties" in schema and "additionalProperties" not in schema:
        read["additionalProperties"] = False
    return read


@cache
def validator(schema: str) -> Draft202012Validator:
    """What checks values against a closed schema, given as JSON, whose references lead to the components."""
    components = closed(description()["components"])
    whole = {**closed(json.loads(schema)), "components": components}
    return Draft202012Validator(whole, format_checker=FormatChecker())


def faults(schema: dict[str, Any], value: Any) -> list[str]:
    """What is wrong with a value, each with its place."""
    found = validator(json.dumps(schema)).iter_errors(value)
    return [f"{error.json_path}: {error.message[:300]}" for error in found]


def operation_at(method: str, address: str) -> dict[str, Any] | None:
    """The operation that answers a method at an address; HEAD is GET without a body."""
    for each, path, operation in operations():
        if each == method and re.fullmatch(re.sub(r"{\w+}", "[^/]+", path), address):
            return operation
    return None


def response_faults(method: str, address: str, response: Any) -> list[str]:
    """How an answer differs from its description; an address that leads nowhere is answered by a problem document."""
    kind = response.headers["Content-Type"]
    operation = operation_at(method, address)
    if operation is None:
        content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    else:
        described = operation["responses"].get(str(response.status_code))
        if described is None:
            return [f"{method} {address} is not described with the status {response.status_code}"]
        content = described["content"]
    if kind not in content:
        return [f"{method} {address} answers {kind}, and is described with {', '.join(content)}"]
    return faults(content[kind]["schema"], json.loads(response.content))


class DescribedClient(Client):
    """Django's test client; an answer of the API that differs from its description is a failure."""

    def request(self, **request: Any) -> Any:
        """Send the request, and compare what comes back."""
        response = super().request(**request)
        address, method = str(request["PATH_INFO"]), str(request["REQUEST_METHOD"])
        if address.startswith(_BELOW) and address not in _UNDESCRIBED and method != "HEAD":
            found = response_faults(method, address, response)
            if found:
                pytest.fail("\n".join(found))
        return response
