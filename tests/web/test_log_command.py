"""``ewtp log``: proofs are checked without an installation."""

from __future__ import annotations

import base64
import json

import pytest
from click.testing import CliRunner

from ewtp.core.log.hash_tree import leaf_hash, node_hash
from ewtp.web.command_line.main import main

FIRST, SECOND = leaf_hash(b"a"), leaf_hash(b"b")
ROOT = node_hash(FIRST, SECOND)


def text(hashed: bytes) -> str:
    return base64.b64encode(hashed).decode()


def run(*words):
    return CliRunner().invoke(main, ["log", "check", *words])


def inclusion(index: int, size: int, proof: list[str], *more: str):
    given = ["--index", str(index), "--size", str(size), "--leaf-hash", text(SECOND), "--root", text(ROOT)]
    return run("inclusion", *given, *(word for each in proof for word in ("--proof", each)), *more)


def consistency(first: int, second: int, root: bytes, proof: list[str], *more: str):
    given = ["--from", str(first), "--to", str(second), "--from-root", text(root), "--to-root", text(ROOT)]
    return run("consistency", *given, *(word for each in proof for word in ("--proof", each)), *more)


def test_an_inclusion_holds_or_does_not():
    held = inclusion(1, 2, [text(FIRST)])
    assert (held.exit_code, held.output) == (0, "The proof holds.\n")
    for broken in (
        inclusion(0, 2, [text(FIRST)]),
        inclusion(1, 0, [text(FIRST)]),
        inclusion(2**64 - 1, 2, [text(FIRST)]),
        inclusion(1, 2, []),
        inclusion(1, 2, [text(FIRST), text(FIRST)]),
        inclusion(1, 2, [text(FIRST[:-1])]),
        inclusion(1, 2, [""]),
    ):
        assert (broken.exit_code, broken.output) == (1, "The proof does not hold.\n")
    assert json.loads(inclusion(1, 2, [text(FIRST)], "--json").output) == {"holds": True}


def test_a_consistency_holds_or_does_not():
    held = consistency(1, 2, FIRST, [text(SECOND)], "--json")
    assert (held.exit_code, json.loads(held.output)) == (0, {"holds": True})
    assert consistency(2, 2, ROOT, []).exit_code == 0
    for broken in (
        consistency(0, 2, FIRST, [text(SECOND)]),
        consistency(0, 0, ROOT, []),
        consistency(2, 1, FIRST, [text(SECOND)]),
        consistency(2, 2, ROOT, [text(SECOND)]),
        consistency(1, 2, SECOND, [text(SECOND)]),
    ):
        assert (broken.exit_code, broken.output) == (1, "The proof does not hold.\n")


@pytest.mark.parametrize("proof", ["é", "a", "ab=c", "AAA", "====", "AAAA AAAA"])
def test_what_is_not_base64_is_refused(proof):
    refused = inclusion(1, 2, [proof], "--json")
    assert (refused.exit_code, json.loads(refused.output)["error"]["code"]) == (2, "base64_unreadable")
