"""The log over HTTP: its entries, its head, proofs of RFC 9162, and tiles of hashes for programs that follow it."""

from __future__ import annotations

import base64
import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import orjson
from django.http import HttpRequest, HttpResponse
from ninja import PathEx, Router
from ninja.params import P  # noqa: TC002 - likewise

from ewtp.apps.accounts.reading.scopes import Scope
from ewtp.apps.http.surface.access import admit_caller, needs
from ewtp.apps.http.surface.list_page import DEFAULT_PAGE, Cursor, read_cursor, read_limit
from ewtp.apps.http.surface.operations import operation, problem_response
from ewtp.apps.http.surface.problems import json_response, problem
from ewtp.apps.http.surface.query import QueryReader
from ewtp.apps.http.surface.schemas import ref
from ewtp.apps.log.reading.entry_list import entries_from
from ewtp.apps.log.reading.log_keys import log_keys
from ewtp.apps.log.reading.log_tree import StoredTree, leaf_index, log_head, tile_hashes
from ewtp.apps.log.reading.sentences import ENTRY_UNKNOWN, LOG_EMPTY, LOG_SIZE_UNKNOWN, TILE_UNKNOWN
from ewtp.apps.log.reading.witness_list import witnesses_seen
from ewtp.apps.log_view.surface.openapi import CONSISTENCY_PARAMETERS, ENTRY_PARAMETERS, INCLUSION_PARAMETERS
from ewtp.core.log.checkpoint import read_checkpoint
from ewtp.core.log.proofs import prove_consistency, prove_inclusion
from ewtp.core.log.tile import read_tile_path
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ewtp.apps.http.surface.query import QueryParameter
    from ewtp.apps.log.reading.entry_list import ListedEntry
    from ewtp.apps.log.reading.log_tree import LogHead

router = Router(tags=["log"])

_DIGITS = 18
_SHOWN = 70
_HEXADECIMAL_LEAF = re.compile("[0-9a-f]{64}")
_YEAR_SECONDS = 31_536_000
_TEXT_TYPE, _BYTES_TYPE = "text/plain; charset=utf-8", "application/octet-stream"


@router.get(
    "/log",
    operation_id="log_entries",
    summary="The entries of the log, in order",
    openapi_extra=operation(ref("LogPage"), parameters=ENTRY_PARAMETERS, problems=(HTTPStatus.UNPROCESSABLE_ENTITY,)),
)
@needs(Scope.READ)
def entries(request: HttpRequest) -> HttpResponse:
    """Every entry with the hash of its leaf. Events that name persons or trades need a token with `operate` as well."""
    asked = QueryReader(request.GET, ENTRY_PARAMETERS)
    cursor = asked.read("cursor", read_cursor) or Cursor()
    limit = asked.read("limit", read_limit) or DEFAULT_PAGE
    if asked.refusal is not None:
        return problem(asked.refusal)
    head = log_head()
    size = head.size if head else 0
    whole = Scope.OPERATE in admit_caller(request).scopes
    items = [_entry(entry, shown=whole or entry.public) for entry in entries_from(cursor.after, limit=limit, size=size)]
    following = Cursor(after=cursor.after + limit).text() if cursor.after + limit < size else None
    return _json({"size": size, "items": items, "next": following})


@router.get(
    "/log/head",
    operation_id="log_head",
    summary="The newest signed checkpoint",
    openapi_extra=operation(ref("LogHead"), problems=(HTTPStatus.NOT_FOUND,)),
)
@needs(Scope.READ)
def head_now(request: HttpRequest) -> HttpResponse:
    """The size and the root of the log, signed. Keep the checkpoint: later ones must be consistent with it."""
    del request
    head = log_head()
    if head is None:
        return problem(Refusal(LOG_EMPTY), HTTPStatus.NOT_FOUND)
    read = read_checkpoint(head.note)
    origin = "" if isinstance(read, Refusal) else read[0].origin
    body = {"origin": origin, "size": head.size, "root": _text(head.root), "checkpoint": head.note, "key": head.key}
    return _json({**body, "at": head.at})


@router.get(
    "/log/checkpoint",
    operation_id="log_checkpoint",
    summary="The newest signed checkpoint, as a note",
    openapi_extra={
        "responses": {
            200: {"description": "OK", "content": {_TEXT_TYPE: {"schema": ref("LogNote")}}},
            404: problem_response(HTTPStatus.NOT_FOUND),
        }
    },
)
@needs(Scope.READ)
def checkpoint(request: HttpRequest) -> HttpResponse:
    """The note alone, where programs that follow a log by its tiles look for it."""
    del request
    head = log_head()
    if head is None:
        return problem(Refusal(LOG_EMPTY), HTTPStatus.NOT_FOUND)
    return HttpResponse(head.note, content_type=_TEXT_TYPE)


@router.get(
    "/log/keys",
    operation_id="log_keys",
    summary="Every key that signed the log, and how it was handed on",
    openapi_extra=operation(ref("LogKeys")),
)
@needs(Scope.READ)
def key_periods(request: HttpRequest) -> HttpResponse:
    """The keys in order, each with the sizes that it signs.

    Whoever trusts one of them can check those after it: `handover` has the checkpoint that both keys signed, its last
    entry, which says so, and the proof that it is in there (RFC 9162, 2.1.3). Compare that checkpoint with the newest
    one by `/log/consistency`.
    """
    del request
    return _json({"items": [period.as_json() for period in log_keys()]})


@router.get(
    "/log/witnesses",
    operation_id="log_witnesses",
    summary="Who else signed the log",
    openapi_extra=operation(ref("LogWitnesses")),
)
@needs(Scope.READ)
def witnesses(request: HttpRequest) -> HttpResponse:
    """Each witness with the newest checkpoint that it cosigned (C2SP tlog-cosignature); trust those that you know."""
    del request
    items = [{"key": each.key, "size": each.size, "at": each.at, "checkpoint": each.note} for each in witnesses_seen()]
    return _json({"items": items})


@router.get(
    "/log/inclusion",
    operation_id="log_inclusion",
    summary="The proof that an entry is in the log",
    openapi_extra=operation(
        ref("LogInclusion"),
        parameters=INCLUSION_PARAMETERS,
        problems=(HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY),
    ),
)
@needs(Scope.READ)
def inclusion(request: HttpRequest) -> HttpResponse:
    """The path from the entry's leaf to the root that the log had with `size` entries (RFC 9162, 2.1.3)."""
    read = _sizes_asked(request, INCLUSION_PARAMETERS, "size")
    if isinstance(read, HttpResponse):
        return read
    asked, head, (size,) = read
    size = head.size if size is None else size
    index = _index(asked.text("entry"))
    if size > head.size:
        return problem(Refusal(LOG_SIZE_UNKNOWN, {"size": size, "most": head.size}, where="size"))
    if index is None or index >= size:
        entry = asked.text("entry")[:_SHOWN]
        return problem(Refusal(ENTRY_UNKNOWN, {"entry": entry}, where="entry"), HTTPStatus.NOT_FOUND)
    tree = StoredTree()
    proof = [_text(each) for each in prove_inclusion(index, size, tree.node)]
    leaf, root = _text(tree.node(0, index)), _text(tree.root(size))
    return _json({"index": index, "size": size, "leaf_hash": leaf, "root": root, "proof": proof})


@router.get(
    "/log/consistency",
    operation_id="log_consistency",
    summary="The proof that the log only grew",
    openapi_extra=operation(
        ref("LogConsistency"),
        parameters=CONSISTENCY_PARAMETERS,
        problems=(HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY),
    ),
)
@needs(Scope.READ)
def consistency(request: HttpRequest) -> HttpResponse:
    """The proof that the log with `to` entries begins with the log of `from` entries (RFC 9162, 2.1.4)."""
    read = _sizes_asked(request, CONSISTENCY_PARAMETERS, "from", "to")
    if isinstance(read, HttpResponse):
        return read
    _, head, (first, second) = read
    second = head.size if second is None else second
    first = first or 0
    for name, size, most in (("to", second, head.size), ("from", first, second)):
        if not 0 < size <= most:
            return problem(Refusal(LOG_SIZE_UNKNOWN, {"size": size, "most": most}, where=name))
    tree = StoredTree()
    proof = [_text(each) for each in prove_consistency(first, second, tree.node)]
    roots = {"from_root": _text(tree.root(first)), "to_root": _text(tree.root(second))}
    return _json({"from": first, "to": second, **roots, "proof": proof})


@router.get(
    "/log/tile/{path:tile}",
    operation_id="log_tile",
    summary="256 hashes of one level of the tree",
    openapi_extra={
        "responses": {
            200: {"description": "OK", "content": {_BYTES_TYPE: {"schema": ref("LogTile")}}},
            404: problem_response(HTTPStatus.NOT_FOUND),
        }
    },
)
@needs(Scope.READ)
def tile_bytes(
    request: HttpRequest,
    tile: PathEx[str, P(description="Level and number of the tile.", example="0/000")],
) -> HttpResponse:
    """The hashes of a tile, one behind the other, at the address that C2SP's tlog-tiles gives it: `0/x001/234.p/7`."""
    del request
    found = read_tile_path(tile)
    head = log_head()
    if found is None or head is None or not found.is_in(head.size):
        return problem(Refusal(TILE_UNKNOWN, {"tile": tile[:_SHOWN]}), HTTPStatus.NOT_FOUND)
    response = HttpResponse(tile_hashes(found), content_type=_BYTES_TYPE)
    response.headers["Cache-Control"] = f"public, max-age={_YEAR_SECONDS}, immutable"
    return response


def _entry(entry: ListedEntry, *, shown: bool) -> dict[str, Any]:
    body = entry.body if shown else None
    erased = {"at": entry.erased_at, "reason": entry.erased_reason} if entry.erased_at else None
    return {
        "index": entry.index,
        "leaf_hash": _text(entry.leaf),
        "kind": entry.kind if shown else None,
        "at": entry.at if shown else None,
        "salt": _text(entry.salt) if shown and entry.salt is not None else None,
        "event": None if body is None else orjson.Fragment(body),
        "erased": erased,
    }


def _index(text: str) -> int | None:
    """The number of an entry that is named by its number or by the hash of its leaf."""
    if text.isascii() and text.isdigit() and len(text) <= _DIGITS:
        return int(text)
    return leaf_index(bytes.fromhex(text)) if _HEXADECIMAL_LEAF.fullmatch(text) else None


def _sizes_asked(
    request: HttpRequest, parameters: Sequence[QueryParameter], *names: str
) -> tuple[QueryReader, LogHead, list[int | None]] | HttpResponse:
    """A question about sizes of the log, with its head; a problem where a size is none or the log is empty."""
    asked = QueryReader(request.GET, parameters)
    sizes = [asked.read(name, _size(name)) for name in names]
    head = log_head()
    if asked.refusal is not None:
        return problem(asked.refusal)
    return problem(Refusal(LOG_EMPTY), HTTPStatus.NOT_FOUND) if head is None else (asked, head, sizes)


def _size(name: str) -> Callable[[str], int | Refusal]:
    """Reads a size of the log."""

    def read(text: str) -> int | Refusal:
        if text.isascii() and text.isdigit() and len(text) <= _DIGITS:
            return int(text)
        head = log_head()
        return Refusal(LOG_SIZE_UNKNOWN, {"size": text[:_SHOWN], "most": head.size if head else 0}, where=name)

    return read


def _text(hashed: bytes) -> str:
    return base64.b64encode(hashed).decode()


def _json(body: dict[str, Any]) -> HttpResponse:
    return json_response(orjson.dumps(body))
