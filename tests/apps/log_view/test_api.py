"""The log over HTTP: what it proves holds, and who may not read an event gets its hash alone."""

from __future__ import annotations

import base64
import itertools
from typing import TYPE_CHECKING, Any

import pytest
from django.db import transaction
from django.test import Client

from ewtp.apps.accounts.actions.tokens import NewToken, token_create
from ewtp.apps.http.surface.list_page import Cursor
from ewtp.apps.log.actions import sequencer
from ewtp.apps.log.actions.cosignatures import cosignature_add
from ewtp.apps.log.actions.events import event_erase
from ewtp.apps.log.actions.sequencer import log_key_rotate, sequence_events
from ewtp.apps.log.reading.log_tree import log_head
from ewtp.core.log.checkpoint import read_checkpoint
from ewtp.core.log.cosignature import WitnessSigner
from ewtp.core.log.event import event_leaf
from ewtp.core.log.hash_tree import GrowingTree
from ewtp.core.log.key_history import check_handovers, is_signed_in, list_trusted_periods, read_period
from ewtp.core.log.note import NoteKey, read_key
from ewtp.core.log.proofs import check_consistency, check_inclusion
from ewtp.core.log.tile import Tile
from ewtp.core.values.canonical_json import canonical_json
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.installation.log_key import FILE_NAME
from tests.actors import OPERATOR
from tests.apps.log.thing_events import NOW, append
from tests.shared_rows import shared_rows

if TYPE_CHECKING:
    from pathlib import Path

SIZE = 270
pytestmark = pytest.mark.django_db


@shared_rows
def leaf_rows(folder: Path) -> tuple[list[bytes], bytes]:
    """A log of 270 entries; the hashes of its leaves but the first, and the file of its key."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sequencer, "home_path", lambda: folder)
        written = append(*range(SIZE - 1))
        sequence_events(now=NOW)
    return written, (folder / FILE_NAME).read_bytes()


@pytest.fixture
def leaves(leaf_rows: tuple[list[bytes], bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    written, key = leaf_rows
    monkeypatch.setattr(sequencer, "home_path", lambda: tmp_path)
    (tmp_path / FILE_NAME).write_bytes(key)
    return written


def raw(text: str) -> bytes:
    return base64.b64decode(text, validate=True)


def operator() -> dict[str, str]:
    made = token_create(name="operator", scopes=["read", "operate"], now=NOW, actor=OPERATOR)
    assert isinstance(made, NewToken)
    return {"Authorization": f"Bearer {made.secret}"}


def code(response: Any) -> tuple[int, str]:
    return response.status_code, response.json()["code"]


def test_the_head_is_signed(client, leaves):
    del leaves
    head = client.get("/api/v1/log/head").json()
    read, key = read_checkpoint(head["checkpoint"]), read_key(head["key"])
    assert not isinstance(read, Refusal)
    assert isinstance(key, NoteKey)
    assert read[1].is_signed_by(key)
    assert (read[0].size, read[0].root, read[0].origin) == (SIZE, raw(head["root"]), head["origin"])
    assert Client().get("/api/v1/log/checkpoint").content.decode() == head["checkpoint"]


def test_every_page_of_entries_is_there_and_events_are_for_operators(client, leaves):
    asked, items, page = "/api/v1/log?limit=100", [], {}
    for _ in range(3):
        page = client.get(asked).json()
        items += page["items"]
        asked = f"/api/v1/log?limit=100&cursor={page['next']}"
    assert (page["next"], page["size"]) == (None, SIZE)
    assert [item["index"] for item in items] == list(range(SIZE))
    assert [raw(item["leaf_hash"]) for item in items[1:]] == leaves
    assert items[0]["event"]["kind"] == items[0]["kind"] == "log:key:introduced"
    assert {(item["event"], item["kind"], item["salt"], item["at"]) for item in items[1:]} == {(None, None, None, None)}
    (shown,) = client.get("/api/v1/log?limit=1&cursor=fDE", headers=operator()).json()["items"]
    assert shown["event"]["payload"] == {"number": 0}
    assert event_leaf(raw(shown["salt"]), canonical_json(shown["event"])) == raw(shown["leaf_hash"]) == leaves[0]


def test_an_erased_entry_shows_when_and_why(client, leaves):
    del leaves
    event_erase(index=1, reason="asked by the person", actor=OPERATOR, now=NOW)
    item = client.get("/api/v1/log?limit=2", headers=operator()).json()["items"][1]
    assert (item["event"], item["salt"], item["erased"]["reason"]) == (None, None, "asked by the person")


def test_every_inclusion_is_proved(client, leaves):
    root = client.get("/api/v1/log/head").json()["root"]
    for index, size in itertools.product((0, 1, 255, 256, 269), (None, 1, 257, SIZE)):
        entry = leaves[index - 1].hex() if index else "0"
        answer = client.get(f"/api/v1/log/inclusion?entry={entry}{f'&size={size}' if size else ''}")
        if size is not None and index >= size:
            assert code(answer) == (404, "log_entry_unknown")
            continue
        proof = answer.json()
        assert (proof["index"], proof["size"]) == (index, size or SIZE)
        hashes = {"leaf": raw(proof["leaf_hash"]), "root": raw(proof["root"])}
        assert check_inclusion(index=index, size=proof["size"], proof=[*map(raw, proof["proof"])], **hashes)
        assert index == 0 or hashes["leaf"] == leaves[index - 1]
        assert size is not None or proof["root"] == root


def test_all_growth_is_proved(client, leaves):
    del leaves
    for first, second in ((1, None), (1, 1), (5, 256), (256, 257), (200, 269), (SIZE, SIZE)):
        proof = client.get(f"/api/v1/log/consistency?from={first}{f'&to={second}' if second else ''}").json()
        assert check_consistency(
            first=first,
            second=second or SIZE,
            first_root=raw(proof["from_root"]),
            second_root=raw(proof["to_root"]),
            proof=[*map(raw, proof["proof"])],
        )


REFUSED: tuple[tuple[str, tuple[int, str]], ...] = (
    ("inclusion", (404, "log_entry_unknown")),
    ("inclusion?entry=270", (404, "log_entry_unknown")),
    (f"inclusion?entry={'0' * 64}", (404, "log_entry_unknown")),
    ("inclusion?entry=x", (404, "log_entry_unknown")),
    ("inclusion?entry=-1", (404, "log_entry_unknown")),
    ("inclusion?entry=0&size=271", (422, "log_size_unknown")),
    ("inclusion?entry=0&size=x", (422, "log_size_unknown")),
    ("inclusion?entry=0&sise=1", (422, "parameter_unknown")),
    ("consistency", (422, "log_size_unknown")),
    ("consistency?from=0", (422, "log_size_unknown")),
    ("consistency?from=3&to=2", (422, "log_size_unknown")),
    ("consistency?from=3&to=271", (422, "log_size_unknown")),
    (f"consistency?from={'9' * 5000}", (422, "log_size_unknown")),
    ("tile/0/002", (404, "log_tile_unknown")),
    ("tile/0/001", (404, "log_tile_unknown")),
    ("tile/0/001.p/15", (404, "log_tile_unknown")),
    ("tile/entries/000", (404, "log_tile_unknown")),
    ("tile/x", (404, "log_tile_unknown")),
)


def test_what_the_log_never_had_is_refused(client, leaves):
    del leaves
    for address, refused in REFUSED:
        assert code(client.get(f"/api/v1/log/{address}")) == refused, address


def test_a_log_without_entries_has_no_head(client):
    assert client.get("/api/v1/log").json() == {"size": 0, "items": [], "next": None}
    for address in ("head", "inclusion?entry=0", "consistency?from=1", "checkpoint"):
        assert code(client.get(f"/api/v1/log/{address}")) == (404, "log_empty")


def test_tiles_give_the_hashes_of_the_tree(leaves):
    full = Client().get("/api/v1/log/tile/0/000")
    partial = Client().get(f"/api/v1/log/tile/{Tile(0, 1, SIZE - 256).path}")
    above = Client().get("/api/v1/log/tile/1/000.p/1")
    assert "immutable" in full.headers["Cache-Control"]
    held = full.content + partial.content
    assert [held[at : at + 32] for at in range(32, len(held), 32)] == leaves
    tree = GrowingTree()
    tree.extend(full.content[at : at + 32] for at in range(0, 8192, 32))
    assert above.content == tree.root


def test_an_event_that_waits_is_not_in_the_log(client, leaves):
    del leaves
    with transaction.atomic():
        (waiting,) = append(999)
    assert code(client.get(f"/api/v1/log/inclusion?entry={waiting.hex()}")) == (404, "log_entry_unknown")
    sequence_events(now=NOW)
    assert client.get(f"/api/v1/log/inclusion?entry={waiting.hex()}").json()["index"] == SIZE


def test_whoever_trusts_the_first_key_can_check_over_http_what_later_keys_signed(client, leaves):
    del leaves
    first = read_key(client.get("/api/v1/log/head").json()["key"])
    assert isinstance(first, NoteKey)
    for number in (500, 501):
        log_key_rotate(actor=OPERATOR, now=NOW)
        append(number)
        sequence_events(now=NOW)
    head = client.get("/api/v1/log/head").json()
    periods = [read_period(item) for item in client.get("/api/v1/log/keys").json()["items"]]
    stated = [period for period in periods if period is not None]
    assert len(stated) == len(periods) == 3
    handovers, broken = check_handovers(stated, head["origin"])
    assert broken is None
    note = read_checkpoint(head["checkpoint"])
    assert not isinstance(note, Refusal)
    assert is_signed_in(note[1], head["size"], list_trusted_periods(stated, first)) == stated[-1].key != first
    # The handovers are in the very log of the head.
    for _, handover in handovers:
        proof = client.get("/api/v1/log/consistency", {"from": handover.size}).json()
        assert check_consistency(
            first=handover.size,
            second=head["size"],
            first_root=handover.root,
            second_root=raw(head["root"]),
            proof=[raw(each) for each in proof["proof"]],
        )
    # Everybody may read the entries that hand the log on.
    listed = client.get("/api/v1/log", {"cursor": Cursor(after=SIZE).text()}).json()["items"]
    assert [item["kind"] for item in listed].count("log:key:rotated") == 2


def test_a_log_without_entries_has_neither_keys_nor_witnesses(client):
    assert client.get("/api/v1/log/keys").json() == client.get("/api/v1/log/witnesses").json() == {"items": []}


def test_each_witness_is_listed_with_the_newest_checkpoint_that_it_cosigned(client, leaves):
    del leaves
    one, other = WitnessSigner("one.example/w", b"1" * 32), WitnessSigner("other.example/w", b"2" * 32)
    for signers, time in (((one, other), 1_700_000_000), ((one,), 1_700_000_060)):
        head = log_head()
        assert head is not None
        for signer in signers:
            cosigned = head.note + signer.cosign(head.note.partition("\n\n")[0] + "\n", time=time)
            assert isinstance(cosignature_add(note=cosigned, witness=signer.public, now=NOW), int)
        append(time)
        sequence_events(now=NOW)
    items = {item["key"]: item for item in client.get("/api/v1/log/witnesses").json()["items"]}
    assert {key: item["size"] for key, item in items.items()} == {one.public.text: SIZE + 1, other.public.text: SIZE}
    assert items[one.public.text]["at"] == "2023-11-14T22:14:20+00:00"
    for signer in (one, other):
        read = read_checkpoint(items[signer.public.text]["checkpoint"])
        assert not isinstance(read, Refusal)
        assert signer.public.cosignature(read[1]) is not None
    page = client.get("/log").content.decode()
    assert "one.example/w" in page
    assert "other.example/w" in page
