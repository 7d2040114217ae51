"""The key that signs the log is replaced: by its own word where it is there, by the operator's where it is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ewtp.apps.log.actions import sequencer
from ewtp.apps.log.actions.events import event_erase
from ewtp.apps.log.actions.sequencer import log_key_rotate, sequence_events
from ewtp.apps.log.reading.log_bundle import bundle_lines, read_log_report
from ewtp.apps.log.reading.log_keys import log_keys
from ewtp.apps.log.reading.log_state import log_state
from ewtp.apps.log.reading.log_tree import log_head
from ewtp.apps.log.store.models import LogEntry
from ewtp.core.log.bundle import check_bundle
from ewtp.core.log.bundle_report import BundleReport
from ewtp.core.log.note import NoteKey, NoteSigner, read_note
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.installation import log_key
from tests.actors import OPERATOR
from tests.apps.log.thing_events import NOW, append

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(sequencer, "home_path", lambda: tmp_path)
    return tmp_path


def add(*numbers: int) -> int:
    append(*numbers)
    numbered = sequence_events(now=NOW)
    assert isinstance(numbered, int), numbered
    return numbered


def rotate(*, lost: bool = False) -> NoteKey:
    new = log_key_rotate(actor=OPERATOR, now=NOW, lost=lost)
    assert isinstance(new, NoteKey), new
    return new


def current_key() -> NoteKey:
    return log_keys()[-1].key


def codes(key: NoteKey | None = None, since: int = 0) -> list[str]:
    lines = bundle_lines(since)
    assert not isinstance(lines, Refusal)
    found = check_bundle(lines, key=key)
    assert isinstance(found, BundleReport)
    return [fault.code for fault in found.faults]


def refusal_code(found: object) -> str:
    assert isinstance(found, Refusal), found
    return found.code


def test_the_checkpoint_of_a_rotation_has_both_signatures_and_the_next_has_one(home):
    add(1, 2)
    old = current_key()
    # What waits is numbered afterwards, under the new key.
    append(3)
    new = rotate()
    head = log_head()
    assert head is not None
    note = read_note(head.note)
    assert not isinstance(note, Refusal)
    assert (head.size, head.key) == (4, new.text)
    assert note.is_signed_by(old)
    assert note.is_signed_by(new)
    assert LogEntry.objects.get(index=3).kind == "log:key:rotated"
    assert add(4) == 2
    head = log_head()
    assert head is not None
    note = read_note(head.note)
    assert not isinstance(note, Refusal)
    assert (note.is_signed_by(new), note.is_signed_by(old)) == (True, False)
    assert [(each.key, each.first, each.last) for each in log_keys()] == [(old, 0, 4), (new, 4, None)]
    assert [path.name for path in home.iterdir()] == [log_key.FILE_NAME]
    assert log_state().signed


@pytest.mark.parametrize("since", [0, 1, 2, 3, 4, 303, 304, 714, 715])
def test_whoever_trusts_a_key_can_check_the_log_that_others_signed_later(since):
    add(1)
    first = current_key()
    keys = [first]
    for piece in (range(300), range(300, 700), range(700, 710)):
        keys.append(rotate())
        add(*piece)
    for key in keys:
        assert codes(key, since) == []
    assert codes(NoteSigner("localhost/log", bytes(32)).public, since) == ["bundle_unsigned"]
    report = read_log_report()
    assert isinstance(report, BundleReport)
    assert report.faults == ()


def test_what_a_retired_key_signs_is_refused(home):
    add(1)
    secret = (home / log_key.FILE_NAME).read_text()
    old = current_key()
    rotate()
    add(2)
    (home / log_key.FILE_NAME).write_text(secret)
    append(3)
    assert refusal_code(sequence_events(now=NOW)) == "log_key_differs"
    # Somebody who stole it and can write to the database signs a checkpoint nevertheless.
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sequencer, "_signer", lambda _: log_key.log_signer(home))
        assert sequence_events(now=NOW) == 1
    assert codes(old) == ["bundle_key_retired"]
    assert codes() == ["bundle_key_retired"]


@pytest.mark.parametrize("stored", [True, False])
def test_a_rotation_that_was_interrupted_is_finished_or_begun_again(home, stored):
    add(1)
    old = current_key()

    def fail(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sequencer, "promote_next_key" if stored else "event_append", fail)
        with pytest.raises(KeyboardInterrupt):
            log_key_rotate(actor=OPERATOR, now=NOW)
    assert (home / log_key.NEXT_NAME).exists()
    assert add(2) == 1
    if stored:
        assert not (home / log_key.NEXT_NAME).exists()
        assert current_key() != old
    else:
        # The key that was made is the one that a second try takes.
        following = log_key.next_log_signer(home)
        assert isinstance(following, NoteSigner)
        assert current_key() == old
        assert rotate() == following.public
    assert codes(old) == []
    assert (home / log_key.FILE_NAME).stat().st_mode & 0o077 == 0


def test_a_lost_key_is_replaced_on_the_word_of_the_operator_alone(home):
    add(1)
    old = current_key()
    assert refusal_code(log_key_rotate(actor=OPERATOR, now=NOW, lost=True)) == "log_key_present"
    (home / log_key.FILE_NAME).unlink()
    append(2)
    assert refusal_code(log_key_rotate(actor=OPERATOR, now=NOW)) == "log_key_unreadable"
    new = rotate(lost=True)
    assert add(3) == 2
    assert [(each.key, each.handover) for each in log_keys()] == [(old, None), (new, None)]
    assert codes() == []
    assert codes(new) == []
    # Whoever trusted the lost key has to be told the new one by somebody.
    assert codes(old) == ["bundle_unsigned"]


def test_a_log_without_entries_has_no_key_to_replace():
    assert refusal_code(log_key_rotate(actor=OPERATOR, now=NOW)) == "log_empty"


def test_the_entries_that_state_keys_cannot_be_erased():
    add(1)
    rotate()
    for index in (0, 2):
        assert refusal_code(event_erase(index=index, reason="asked", actor=OPERATOR, now=NOW)) == "log_entry_kept"
