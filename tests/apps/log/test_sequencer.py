"""Events get their numbers without a gap, whatever happens to whoever gives them, and nothing changes them after."""

from __future__ import annotations

import itertools
import os
import signal
import stat
import threading
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ewtp.apps.log.actions import sequencer
from ewtp.apps.log.actions.events import event_append, event_erase
from ewtp.apps.log.actions.sequencer import sequence_events
from ewtp.apps.log.reading.damage import LogDamagedError
from ewtp.apps.log.reading.event_trail import events_about
from ewtp.apps.log.store.models import LogCheckpoint, LogEntry, LogLeaf, LogNode, PendingEvent
from ewtp.core.log.checkpoint import read_checkpoint
from ewtp.core.log.event import event_leaf
from ewtp.core.log.hash_tree import GrowingTree
from ewtp.core.log.note import NoteSigner, read_key
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.database.roles import owner_work
from ewtp.gateways.database.row_security import system_rows
from ewtp.gateways.installation import log_key
from tests.actors import OPERATOR
from tests.apps.log.thing_events import NOW, ThingMade, append
from tests.drawn_inputs import input_count

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of the test's own, where the log's key is made."""
    monkeypatch.setattr(sequencer, "home_path", lambda: tmp_path)
    return tmp_path


def is_whole() -> bool:
    """Whether the log is what its checkpoints say: no gap, every hash right, every root the tree's."""
    with system_rows("a test"):
        entries = list(LogEntry.objects.order_by("index"))
    leaves = [bytes(row.hash) for row in LogLeaf.objects.order_by("index")]
    assert [entry.index for entry in entries] == list(range(len(leaves)))
    for entry, leaf in zip(entries, leaves, strict=True):
        if entry.erased_at is None:
            assert event_leaf(bytes(entry.salt or b""), bytes(entry.body or b"")) == leaf
    size, nodes = 0, []
    for row in LogCheckpoint.objects.order_by("size"):
        read = read_checkpoint(row.note)
        key = read_key(row.key)
        assert not isinstance(read, Refusal)
        assert not isinstance(key, Refusal)
        tree = GrowingTree()
        size, nodes = row.size, tree.extend(leaves[: row.size])
        assert (read[0].size, read[0].root) == (row.size, tree.root)
        assert read[1].is_signed_by(key)
    assert size == len(leaves)
    stored = {(node.level, node.number): bytes(node.hash) for node in LogNode.objects.all()}
    assert stored == {(node.level, node.number): node.hash for node in nodes}
    return True


def subjects() -> list[str]:
    with system_rows("a test"):
        return list(LogEntry.objects.order_by("index").values_list("subject", flat=True))[1:]


def waiting() -> int:
    with system_rows("a test"):
        return PendingEvent.objects.count()


@pytest.mark.django_db
def test_events_get_their_numbers_in_order_behind_the_key():
    leaves = append(1, 2, 3)
    assert waiting() == 3
    assert sequence_events(now=NOW) == 4
    assert subjects() == ["t-1", "t-2", "t-3"]
    assert LogEntry.objects.get(index=0).kind == "log:key:introduced"
    assert [bytes(row.hash) for row in LogLeaf.objects.order_by("index")[1:]] == leaves
    assert waiting() == 0
    assert sequence_events(now=NOW) == 0
    append(4)
    assert sequence_events(now=NOW) == 1
    assert LogCheckpoint.objects.count() == 3
    assert is_whole()


@pytest.mark.django_db
def test_an_event_is_found_by_its_subject_before_it_has_its_number_and_after():
    append(7)
    (waiting,) = events_about("t-7")
    sequence_events(now=NOW)
    (numbered,) = events_about("t-7", source="sample:")
    assert (waiting.index, numbered.index) == (None, 1)
    assert waiting.payload == numbered.payload == {"number": 7}
    assert events_about("t-7", source="other:") == ()


@pytest.mark.django_db(transaction=True)
def test_an_event_outside_of_a_transaction_is_a_bug():
    with pytest.raises(RuntimeError, match="in the transaction of its action"):
        event_append(subject="t", actor=OPERATOR, payload=ThingMade(1), now=NOW)


@pytest.mark.django_db(transaction=True)
def test_an_event_of_an_action_that_failed_was_never_written():
    with transaction.atomic():
        event_append(subject="t", actor=OPERATOR, payload=ThingMade(1), now=NOW)
        transaction.set_rollback(True)
    append(2)
    sequence_events(now=NOW)
    assert subjects() == ["t-2"]


@pytest.mark.django_db
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=input_count(8), deadline=None)
@given(pieces=st.lists(st.integers(0, 40), max_size=6), batch=st.integers(1, 50))
def test_any_pieces_in_any_batches_make_the_same_log(pieces, batch):
    with pytest.MonkeyPatch.context() as patch, transaction.atomic():
        patch.setattr(sequencer, "BATCH", batch)
        counter = itertools.count()
        for piece in pieces:
            append(*itertools.islice(counter, piece))
            sequence_events(now=NOW)
        assert subjects() == [f"t-{number}" for number in range(sum(pieces))]
        assert is_whole()
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_nodes_are_stored_when_they_become_complete():
    append(*range(600))
    sequence_events(now=NOW)
    assert is_whole()
    assert LogNode.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_writers_and_two_sequencers_at_once_lose_and_double_nothing():
    failed: list[BaseException] = []

    def write(start: int) -> None:
        for number in range(start, start + 20):
            append(number)

    def number_all() -> None:
        for _ in range(30):
            sequence_events(now=NOW)

    def run(work: Any, *words: Any) -> None:
        try:
            work(*words)
        except BaseException as error:  # noqa: BLE001 - reported below
            failed.append(error)
        finally:
            connection.close()

    work = [(write, 0), (write, 100), (write, 200), (number_all,), (number_all,)]
    threads = [threading.Thread(target=run, args=each) for each in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sequence_events(now=NOW)
    assert failed == []
    expected = [f"t-{n}" for n in (*range(20), *range(100, 120), *range(200, 220))]
    assert sorted(subjects()) == sorted(expected)
    assert is_whole()


def killed_at(statement: int) -> bool:
    """Number the events in a process of its own that is killed before its n-th statement; False if it ended first."""
    inherited = connection.connection
    child = os.fork()
    if child == 0:
        # The parent's connection is left as it is: closing it here would end it there.
        connection.connection = None
        seen = itertools.count()

        def kill(execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
            if next(seen) == statement:
                os.kill(os.getpid(), signal.SIGKILL)
            return execute(sql, params, many, context)

        with ExitStack() as stack:
            stack.callback(os._exit, 3)
            stack.enter_context(connection.execute_wrapper(kill))
            sequence_events(now=NOW)
            os._exit(0)
    _, status = os.waitpid(child, 0)
    assert connection.connection is inherited
    assert os.waitstatus_to_exitcode(status) in (0, -signal.SIGKILL)
    return os.waitstatus_to_exitcode(status) == -signal.SIGKILL


@pytest.mark.django_db(transaction=True)
def test_a_sequencer_killed_between_any_two_steps_loses_and_doubles_nothing():
    expected: list[str] = []
    for step in itertools.count():
        append(step)
        expected.append(f"t-{step}")
        killed = killed_at(step)
        assert is_whole()
        if not killed:
            break
    assert step > 8, "the steps are those of a whole batch"
    assert sequence_events(now=NOW) == 0
    assert subjects() == expected
    assert is_whole()


@pytest.mark.usefixtures("table_owner")
@pytest.mark.parametrize(
    "table",
    ["log_pendingevent", "log_logentry", "log_logleaf", "log_lognode", "log_logcheckpoint", "log_logcosignature"],
)
@pytest.mark.parametrize("statement", ["UPDATE {} SET {} = {}", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_the_database_refuses_to_change_the_log(table, statement):
    append(*range(300))
    sequence_events(now=NOW)
    append(1)
    column = "size" if table == "log_logcheckpoint" else "number" if table == "log_lognode" else "index"
    column = "time" if table == "log_logcosignature" else column
    column = "subject" if table == "log_pendingevent" else column
    with pytest.raises(IntegrityError, match="only grows"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table, column, column))
    assert is_whole()


@pytest.mark.django_db
def test_an_entry_is_erased_and_the_tree_holds():
    append(1, 2)
    sequence_events(now=NOW)
    erased = event_erase(index=1, reason="asked by the person, GDPR article 17", actor=OPERATOR, now=NOW)
    assert isinstance(erased, bytes)
    assert events_about("t-1") == ()
    with system_rows("a test"):
        row = LogEntry.objects.get(index=1)
    assert (row.salt, row.body, row.actor) == (None, None, "")
    sequence_events(now=NOW)
    assert is_whole()
    (noted,) = events_about("1", source="log:")
    assert noted.payload == {
        "index": 1,
        "reason": "asked by the person, GDPR article 17",
        "erased_kind": "sample:thing:made",
    }
    again = event_erase(index=1, reason="again", actor=OPERATOR, now=NOW)
    assert isinstance(again, Refusal)
    assert again.code == "log_entry_erased"
    for reason in ("", " ", "x" * 201):
        refused = event_erase(index=2, reason=reason, actor=OPERATOR, now=NOW)
        assert isinstance(refused, Refusal)
        assert refused.code == "log_reason_missing"
    unknown = event_erase(index=99, reason="again", actor=OPERATOR, now=NOW)
    assert isinstance(unknown, Refusal)
    assert unknown.code == "log_entry_unknown"


@pytest.mark.django_db
def test_the_key_is_made_once_for_its_owner_alone(home):
    append(1)
    sequence_events(now=NOW)
    path = home / log_key.FILE_NAME
    made = path.read_text()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    append(2)
    sequence_events(now=NOW)
    assert path.read_text() == made
    assert LogEntry.objects.filter(kind="log:key:introduced").count() == 1
    assert [path.name for path in home.iterdir()] == [log_key.FILE_NAME]


@pytest.mark.django_db
def test_a_key_that_is_not_the_log_s_is_refused_and_none_is_made_in_its_place(home):
    append(1)
    sequence_events(now=NOW)
    path = home / log_key.FILE_NAME
    own = path.read_text()
    append(2)
    for text, code in (
        (NoteSigner("localhost/log", bytes(32)).text, "log_key_differs"),
        (NoteSigner("other.example/log", bytes(32)).text, "log_name_changed"),
        ("damaged", "log_key_unreadable"),
    ):
        path.write_text(text)
        refused = sequence_events(now=NOW)
        assert isinstance(refused, Refusal)
        assert refused.code == code
    path.unlink()
    refused = sequence_events(now=NOW)
    assert isinstance(refused, Refusal)
    assert (refused.code, path.exists()) == ("log_key_unreadable", False)
    path.write_text(own)
    assert sequence_events(now=NOW) == 1
    assert is_whole()


@pytest.mark.django_db
def test_what_was_changed_while_it_waited_is_not_signed():
    append(1)
    with owner_work(connection), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica; UPDATE log_pendingevent SET body = '{}'")
    with pytest.raises(LogDamagedError, match="was changed after it was written"):
        sequence_events(now=NOW)
