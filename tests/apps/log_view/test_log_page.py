"""The log as a page: newest entries first, and what only the operator may know is not there."""

from __future__ import annotations

import pytest

from ewtp.apps.log.actions import sequencer
from ewtp.apps.log.actions.events import event_erase
from ewtp.apps.log.actions.sequencer import sequence_events
from tests.actors import OPERATOR
from tests.apps.log.thing_events import NOW, append

# How many facts of the head come before the entries.
FACTS = 3
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setattr(sequencer, "home_path", lambda: tmp_path)


def test_a_log_without_entries_is_a_page(client):
    page = client.get("/log")
    assert page.status_code == 200
    assert "Nothing has been recorded yet." in page.content.decode()


def test_the_newest_entries_are_shown_and_the_others_linked(client):
    leaves = append(*range(49))
    sequence_events(now=NOW)
    event_erase(index=3, reason="asked by the person", actor=OPERATOR, now=NOW)
    first = client.get("/log").content.decode()
    assert first.count("<dt>") - FACTS == 20
    assert leaves[-1].hex() in first
    assert "<dt>49</dt>" in first
    assert "sample:thing" not in first
    assert "?before=30" in first
    last = client.get("/log?before=10").content.decode()
    assert last.count("<dt>") - FACTS == 10
    assert "log:key:introduced" in last
    assert "A key of the log was introduced" in last
    arabic = client.get("/log?before=10", headers={"accept-language": "ar"}).content.decode()
    assert "أُدخل مفتاح للسجل" in arabic
    assert "erased on" in last
    assert "?before=30" in last
    assert "Older entries" not in last


@pytest.mark.parametrize("before", ["-1", "x", "9" * 40, "٣", "1e3"])
def test_a_number_that_cannot_be_read_shows_the_newest(client, before):
    append(1)
    sequence_events(now=NOW)
    assert client.get("/log", {"before": before}).content.decode().count("<dt>") - FACTS == 2
