"""What was changed in the tables, past every trigger, is named by whoever checks a bundle."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.db import IntegrityError, connection, transaction

from ewtp.apps.log.actions import sequencer
from ewtp.apps.log.actions.events import EntryErased, event_append, event_erase
from ewtp.apps.log.actions.sequencer import sequence_events
from ewtp.apps.log.reading.log_bundle import bundle_lines, read_log_report
from ewtp.apps.log.reading.log_tree import StoredTree, log_head
from ewtp.core.log.bundle import check_bundle
from ewtp.core.log.bundle_report import BundleReport
from ewtp.core.log.checkpoint import read_checkpoint
from ewtp.core.log.hash_tree import GrowingTree
from ewtp.core.log.withheld_entries import NOTHING_WITHHELD, bind_entries
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.database.roles import owner_work
from ewtp.gateways.database.row_security import system_rows
from ewtp.gateways.installation.log_key import FILE_NAME
from tests.actors import OPERATOR
from tests.apps.log.thing_events import NOW, append
from tests.apps.proposals.retold import run_program
from tests.shared_rows import shared_rows

if TYPE_CHECKING:
    from pathlib import Path

    from ewtp.core.log.checkpoint import Checkpoint

SIZE = 301
pytestmark = pytest.mark.django_db


@shared_rows
def bundled_rows(folder: Path) -> bytes:
    """A log of three hundred entries, in three pieces, and the one of its key; the file of the key."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sequencer, "home_path", lambda: folder)
        for piece in (range(5), range(5, 290), range(290, SIZE - 1)):
            append(*piece)
            sequence_events(now=NOW)
    return (folder / FILE_NAME).read_bytes()


@pytest.fixture(autouse=True)
def log(bundled_rows: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sequencer, "home_path", lambda: tmp_path)
    (tmp_path / FILE_NAME).write_bytes(bundled_rows)


def report(since: int = 0, kept: Checkpoint | None = None) -> BundleReport:
    lines = bundle_lines(since)
    assert not isinstance(lines, Refusal)
    found = check_bundle(lines, kept=kept)
    assert isinstance(found, BundleReport), found
    return found


def checked() -> BundleReport:
    found = read_log_report()
    assert not isinstance(found, Refusal)
    return found


def tamper(statement: str) -> BundleReport:
    """Do it as somebody would who may do everything in the database."""
    with owner_work(connection), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL session_replication_role = replica; {statement}")
        cursor.execute("SET LOCAL session_replication_role = origin")
    return report()


def faults(found: BundleReport) -> list[str]:
    return [fault.message for fault in found.faults]


def test_a_public_bundle_holds_and_withholds_what_not_everybody_may_read():
    lines = bundle_lines(public=True)
    assert not isinstance(lines, Refusal)
    given = list(lines)
    found = check_bundle(given)
    assert isinstance(found, BundleReport)
    # The events of things are nobody's business; the key of the log is everybody's.
    assert (faults(found), found.entries, found.withheld) == ([], 1, SIZE - 1)
    assert not any(b"thing" in line for line in given)


def test_a_public_entry_that_the_database_hides_is_named_by_both_verifiers(tmp_path: Path):
    # That an entry was erased is for everybody, as the key of the log is.
    event_erase(index=3, reason="asked by the person", actor=OPERATOR, now=NOW)
    sequence_events(now=NOW)
    tamper("UPDATE log_logentry SET public = false WHERE kind = 'log:entry:erased'")
    lines = bundle_lines(public=True)
    assert not isinstance(lines, Refusal)
    given = list(lines)
    found = check_bundle(given)
    assert isinstance(found, BundleReport)
    told = f"Entry {SIZE} is withheld, though the log states that everybody may read it; ask for it."
    assert (faults(found), found.unbound) == ([told], 0)
    status, said = run_program(given, tmp_path)
    assert (status, [each["message"] for each in said["faults"]]) == (1, [told])


def test_a_log_of_an_earlier_version_binds_what_was_not_public_from_the_next_checkpoint_on():
    tamper("UPDATE log_logcheckpoint SET note = regexp_replace(note, E'withheld [^\\n]+\\n', '')")
    append(SIZE)
    sequence_events(now=NOW)
    head = log_head()
    assert head is not None
    read = read_checkpoint(head.note)
    assert not isinstance(read, Refusal)
    # Everything but the key is nobody's business.
    assert read[0].withheld == bind_entries(NOTHING_WITHHELD, range(1, SIZE + 1))


@pytest.mark.parametrize("since", [0, 1, 5, 6, 7, 255, 256, 257, 290, 300, SIZE])
def test_a_bundle_holds_from_any_size(since):
    found = report(since)
    assert faults(found) == []
    assert (found.entries, found.header.size) == (SIZE - since, SIZE)


def test_stored_roots_are_those_of_the_tree():
    tree, stored = GrowingTree(), StoredTree()
    for index in range(SIZE):
        tree.extend([stored.node(0, index)])
        if index % 16 == 0 or index > 250:
            assert stored.root(index + 1) == tree.root
            assert stored.subtrees(index + 1) == tuple(tree.subtrees)


def test_a_size_that_the_log_never_had_is_refused():
    refused = bundle_lines(SIZE + 1)
    assert isinstance(refused, Refusal)
    assert refused.code == "log_size_unknown"


def test_a_row_that_was_deleted_is_named():
    assert faults(tamper("DELETE FROM log_logentry WHERE index = 7"))[0] == "Entry 7 is missing."


def test_a_leaf_that_was_removed_is_named_by_the_check_and_refused_by_everything_else(client):
    tamper("DELETE FROM log_logleaf WHERE index = 7")
    assert faults(checked())[0] == "Entry 7 is not the one that was logged."
    refused = bundle_lines(8)
    assert isinstance(refused, Refusal)
    assert refused.code == "log_damaged"
    client.raise_request_exception = False
    for path in ("log", "log/inclusion?entry=3", "log/inclusion?entry=7", "log/consistency?from=5", "log/tile/0/000"):
        response = client.get(f"/api/v1/{path}")
        assert (response.status_code, response.json()["code"]) == (503, "log_damaged"), path
        assert "Retry-After" not in response.headers
    # The page shows the newest entries, which are there.
    assert client.get("/log").status_code == 200
    page = client.get("/log?before=9")
    assert (page.status_code, "not the one that was signed" in page.content.decode()) == (503, True)


def test_a_node_that_was_changed_is_named():
    assert checked().faults == ()
    tamper(r"UPDATE log_lognode SET hash = sha256('\x00'::bytea)")
    assert [fault.code for fault in checked().faults] == ["log_nodes_damaged"]


def test_rows_that_were_swapped_are_named():
    swap = "UPDATE log_logentry SET index = -1 - index WHERE index IN (100, 290);"
    swap += "UPDATE log_logentry SET index = 390 + 1 + index WHERE index < -1"
    # The table has no negative numbers, so the constraint is taken away first.
    found = tamper(f"ALTER TABLE log_logentry DROP CONSTRAINT log_entry_index; {swap}")
    assert faults(found)[0] == "Entry 100 is not the one that was logged."


def test_a_row_that_was_edited_is_named():
    edit = "UPDATE log_logentry SET body = convert_to(replace(convert_from(body, 'UTF8'), ':test\"', ':eve\"'), 'UTF8')"
    assert faults(tamper(f"{edit} WHERE index = 42"))[0] == "Entry 42 is not the one that was logged."


def test_rows_that_were_edited_with_their_hashes_break_the_root():
    edit = "UPDATE log_logentry SET body = '{}' WHERE index = 42;"
    hashed = r"sha256('\x00'::bytea || (SELECT salt || body FROM log_logentry WHERE index = 42))"
    found = tamper(f"{edit} UPDATE log_logleaf SET hash = {hashed} WHERE index = 42")  # noqa: S608 - written here
    assert faults(found)[0].startswith("The entries from 0 on do not give the root that was signed for 291")


def test_a_log_that_was_cut_short_and_signed_again_is_seen_by_whoever_kept_a_checkpoint():
    head = log_head()
    assert head is not None
    read = read_checkpoint(head.note)
    assert not isinstance(read, Refusal)
    cut = "DELETE FROM log_logentry WHERE index >= 291; DELETE FROM log_logleaf WHERE index >= 291;"
    tamper(f"{cut} DELETE FROM log_logcheckpoint WHERE size > 291")  # noqa: S608 - written here
    assert faults(report()) == []
    append(*range(900, 950))
    sequence_events(now=NOW)
    assert faults(report()) == []
    assert faults(report(kept=read[0]))[0].startswith("The log does not begin with the 301 entries")


def test_an_erased_entry_leaves_a_bundle_that_holds():
    event_erase(index=3, reason="asked by the person", actor=OPERATOR, now=NOW)
    sequence_events(now=NOW)
    found = report()
    assert (faults(found), found.erased) == ([], 1)
    assert [(each.index, each.kind, each.reason) for each in found.erasures] == [
        (3, "sample:thing:made", "asked by the person")
    ]


ERASE = (
    "UPDATE log_logentry SET salt = null, body = null, subject = '', actor = '', erased_at = now(),"
    " erased_reason = 'gdpr' WHERE index = "
)


def erase_row(index: int) -> None:
    """Do it as the application can, past its own action."""
    with transaction.atomic(), system_rows("a test"), connection.cursor() as cursor:
        cursor.execute(f"{ERASE}{index}")


@pytest.mark.parametrize("said", [None, {"index": 4}, {"reason": "other"}, {"erased_kind": "other:thing:made"}])
@transaction.atomic
def test_the_database_erases_no_entry_whose_erasure_is_not_noted(said):
    facts: dict[str, Any] = {"index": 3, "reason": "gdpr", "erased_kind": "sample:thing:made"}
    if said:
        event_append(subject="3", actor=OPERATOR, payload=EntryErased(**{**facts, **said}), now=NOW)
    with pytest.raises(IntegrityError, match="no event notes the erasure of entry 3"):
        erase_row(3)
    event_append(subject="3", actor=OPERATOR, payload=EntryErased(**facts), now=NOW)
    erase_row(3)
    sequence_events(now=NOW)
    assert faults(checked()) == []


def test_what_the_log_says_of_itself_is_never_erased():
    event_erase(index=3, reason="asked by the person", actor=OPERATOR, now=NOW)
    sequence_events(now=NOW)
    refused = event_erase(index=SIZE, reason="asked by the person", actor=OPERATOR, now=NOW)
    assert isinstance(refused, Refusal)
    assert refused.code == "log_entry_kept"
    with transaction.atomic():
        facts = EntryErased(SIZE, "gdpr", "log:entry:erased")
        event_append(subject=str(SIZE), actor=OPERATOR, payload=facts, now=NOW)
    with pytest.raises(IntegrityError, match="what it says of itself stays"):
        erase_row(SIZE)


def test_an_entry_that_was_erased_past_the_triggers_is_named():
    tamper(f"{ERASE}3")
    assert [(each.code, dict(each.params)) for each in checked().faults] == [("bundle_erasure_unnoted", {"index": 3})]
