"""A test client that holds every answer of the API to the API's own description, field by field."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any
from urllib.parse import urlencode

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
    for part in ("[^/]+", ".+"):
        # The last part of some addresses is a path.
        for each, path, operation in operations():
            if each == method and re.fullmatch(re.sub(r"{\w+}", part, path), address):
                return operation
    return None


def example_addresses(path: str, operation: dict[str, Any]) -> list[str]:
    """The address that "Try it out" asks with the examples of the description; none where a part of it has none."""
    if "{" in path:
        return []
    pairs = [
        (parameter["name"], value)
        for parameter in operation.get("parameters", ())
        if parameter["in"] == "query" and "example" in parameter
        for value in (parameter["example"] if isinstance(parameter["example"], list) else [parameter["example"]])
    ]
    return [f"{path}?{urlencode(pairs)}" if pairs else path]


def example_bodies(operation: dict[str, Any]) -> list[Any]:
    """The examples of a body; one None where the operation takes none."""
    if "requestBody" not in operation:
        return [None]
    examples = operation["requestBody"]["content"]["application/json"].get("examples", {})
    return [example["value"] for example in examples.values()]


def answer_faults(method: str, address: str, status: int, kind: str, content: bytes) -> list[str]:
    """How an answer differs from its description; an address that leads nowhere is answered by a problem document."""
    operation = operation_at(method, address)
    if operation is None:
        described = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    elif str(status) in operation["responses"]:
        described = operation["responses"][str(status)]["content"]
    else:
        return [f"{method} {address} is not described with the status {status}"]
    if kind not in described:
        return [f"{method} {address} answers {kind}, and is described with {', '.join(described)}"]
    return faults(described[kind]["schema"], json.loads(content)) if kind.endswith("json") else []


class DescribedClient(Client):
    """Django's test client; an answer of the API that differs from its description is a failure."""

    def request(self, **request: Any) -> Any:
        """Send the request, and compare what comes back."""
        response = super().request(**request)
        address, method = str(request["PATH_INFO"]), str(request["REQUEST_METHOD"])
        if address.startswith(_BELOW) and address not in _UNDESCRIBED and method != "HEAD":
            kind = response.headers["Content-Type"]
            found = answer_faults(method, address, response.status_code, kind, response.content)
            if found:
                pytest.fail("\n".join(found))
        return response
