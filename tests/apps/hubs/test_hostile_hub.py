"""A hub that lies, or whose bundle somebody changed on the way: refused in one sentence, or shown as what it says."""

from __future__ import annotations

import os
import signal
import time
import zlib
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import orjson
import pytest
from django.db import connection
from django.test import Client

from ewtp.apps.http.surface.page_cache import page_cache
from ewtp.apps.hubs.actions import hub_imports
from ewtp.apps.hubs.actions.hub_imports import HubImport, hub_import
from ewtp.apps.hubs.actions.hub_polls import bundle_take_in
from ewtp.apps.hubs.reading import double_adoption
from ewtp.apps.hubs.reading.hub_list import forks_of, reports_added
from ewtp.apps.hubs.reading.sentences import HUB_KEY_NEEDED
from ewtp.apps.hubs.store.models import FollowedHub, HubEntry, HubFork, HubReport
from ewtp.apps.hubs.surface import pages
from ewtp.core.log.bundle import check_bundle
from ewtp.core.log.bundle_format import report_line
from ewtp.core.log.bundle_report import BundleReport
from ewtp.core.log.note import NoteSigner
from ewtp.core.recount.log_recount import LogRecount
from ewtp.core.replay.recomputation import digest_result
from ewtp.core.values.refusal import Refusal
from tests.actors import OPERATOR
from tests.apps.hubs.hostile_hub import AT, HOSTILE, entry, hand_over, signed_bundle
from tests.apps.log.thing_events import NOW

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.django_db
KEY = HOSTILE.public.text
STRANGER = NoteSigner(HOSTILE.public.name, bytes([9] * 32))
DRAFTED, ADOPTED = "proposals:proposal:drafted", "proposals:adoption:stated"
HONEST = [
    entry(DRAFTED, title="A rule", content={"changeset": "0" * 64}),
    entry("things:thing:made", "t", number=1),
    entry("things:thing:made", "t", number=2),
]
SCRIPT = "<script>alert(1)</script>\x1b[2J\u202e" + "x" * 20_000


def take(lines: list[bytes], key: str = KEY) -> HubImport | Refusal:
    return hub_import(lines=lines, key=key, actor=OPERATOR, now=NOW)


def held() -> tuple[Any, ...]:
    """What is kept of other hubs."""
    hubs = list(FollowedHub.objects.values_list("origin", "size", "note"))
    return hubs, list(HubEntry.objects.order_by("id").values_list("index", "body")), HubFork.objects.count()


def changed(place: int, old: bytes, new: bytes) -> Callable[[list[bytes]], list[bytes]]:
    return lambda lines: [line.replace(old, new) if at == place else line for at, line in enumerate(lines)]


NESTED = b'{"event":' + b'{"a":' * 300 + b"1" + b"}" * 300 + b',"index":0,"salt":"' + b"A" * 43 + b'="}\n'
WRONG: dict[str, tuple[Callable[[list[bytes]], list[bytes]], str]] = {
    "a signature of somebody else": (lambda _: signed_bundle(HONEST, STRANGER), "hub_bundle_wrong"),
    "a changed entry": (changed(2, b"A rule", b"A lie!"), "hub_bundle_wrong"),
    "an entry left out": (lambda lines: [*lines[:3], *lines[4:]], "hub_bundle_wrong"),
    "two entries exchanged": (lambda lines: [*lines[:3], lines[4], lines[3], lines[5]], "hub_bundle_wrong"),
    "an entry twice": (lambda lines: [*lines[:4], lines[3], *lines[4:]], "hub_bundle_wrong"),
    "no checkpoint": (lambda lines: lines[:-1], "hub_bundle_wrong"),
    "cut in the middle of a line": (lambda lines: [*lines[:-1], lines[-1][:40]], "bundle_unreadable"),
    "more than it states": (changed(0, b'"size":3', b'"size":2'), "hub_bundle_wrong"),
    "fewer than none": (changed(0, b'"size":3', b'"size":-3'), "bundle_unreadable"),
    "a size that no number has": (changed(0, b'"size":3', b'"size":1e400'), "bundle_unreadable"),
    "a size of 5,000 digits": (changed(0, b'"size":3', b'"size":' + b"9" * 5000), "bundle_unreadable"),
    "another edition": (changed(0, b'"edition":4', b'"edition":5'), "bundle_unreadable"),
    "a name with a line break": (changed(0, b'hostile.example/log",', b'a\\nb",'), "hub_name_unusable"),
    "a name of 5,000 characters": (changed(0, b'hostile.example/log",', b"a" * 5000 + b'",'), "hub_name_unusable"),
    "nested too deep": (lambda lines: [*lines[:2], NESTED, *lines[2:]], "bundle_unreadable"),
    "nested without end": (lambda lines: [*lines[:2], b"[" * 400_000, *lines[2:]], "bundle_unreadable"),
    "a line without end": (lambda lines: [*lines[:2], b" " * 600_000, *lines[2:]], "bundle_unreadable"),
    "compressed": (lambda lines: [zlib.compress(b"".join(lines))], "bundle_unreadable"),
    "an unknown line": (lambda lines: [*lines, b'{"hello":"there"}\n'], "bundle_unreadable"),
    "a line of two kinds": (
        lambda lines: [*lines, b'{"verifier":"","event":{"kind":"a"},"index":0,"salt":""}\n'], "bundle_unreadable"
    ),
    "leaves behind a verifier": (
        lambda lines: [*lines, b'{"verifier":"","leaves":"' + b"A" * 43 + b'=","start":0}\n'], "bundle_unreadable"
    ),
    "nothing": (lambda _: [], "bundle_unreadable"),
}  # fmt: skip


@pytest.mark.parametrize("known", [False, True], ids=["new", "followed"])
def test_what_does_not_hold_is_refused_and_changes_nothing(*, known: bool) -> None:
    lines = signed_bundle(HONEST)
    if known:
        take(signed_bundle(HONEST[:2]))
    before = held()
    for name, (change, code) in WRONG.items():
        done = take(change(lines))
        assert isinstance(done, Refusal), name
        assert done.code == code, (name, done.message)
        assert len(done.message) < 600, name
        assert held() == before, name
    # The bytes of a file are cut into lines before: one of a million spaces is none of a bundle.
    done = bundle_take_in(content=b" " * 1_000_000 + b"".join(lines), key=KEY, actor=OPERATOR, now=NOW)
    assert (isinstance(done, Refusal) and done.code, held()) == ("bundle_unreadable", before)
    assert isinstance(take(lines), HubImport)


def test_lines_that_nobody_signed_change_no_entry() -> None:
    """A line beside the entries may be anybody's, so none of it takes the place of what was signed."""
    lines = signed_bundle(HONEST)
    told = b'{"roll":"vot_1","entries":[],"index":1,"start":0,"report":{},"salt":""}\n'
    assert isinstance(take([*lines[:3], told, *lines[3:]]), HubImport)
    bodies = HubEntry.objects.order_by("index").values_list("body", flat=True)
    assert [orjson.loads(bytes(body or b"")) for body in bodies] == HONEST


def test_an_import_that_ends_half_way_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(hub_imports, "_store_reports", stop)
    with pytest.raises(KeyboardInterrupt):
        take(signed_bundle(HONEST))
    assert held() == ([], [], 0)


def test_an_import_whose_process_is_killed_leaves_nothing_and_the_next_one_succeeds() -> None:
    """A process of its own is killed while it holds the locks and has written the hub and its entries."""
    reading, writing = os.pipe()
    importer = os.fork()
    if importer == 0:  # pragma: no cover - another process, which is killed
        import_and_wait(writing)
    os.close(writing)
    with os.fdopen(reading, "rb") as told:
        said = told.read(1)
        os.kill(importer, signal.SIGKILL)
    _, status = os.waitpid(importer, 0)
    assert (said, os.WIFSIGNALED(status) and os.WTERMSIG(status)) == (b"3", signal.SIGKILL)
    assert held() == ([], [], 0)
    done = take(signed_bundle(HONEST))
    assert isinstance(done, HubImport)
    assert (done.entries, HubEntry.objects.count()) == (3, 3)


def import_and_wait(writing: int) -> None:  # pragma: no cover - in another process
    """Import over a connection of its own, say how many entries are written, and wait to be killed."""
    parents = connection.connection
    try:
        # The connection that both processes have stays as it is: to close it would end that of the test.
        connection.connection = None

        def tell(*_: object) -> int:
            os.write(writing, b"%d" % HubEntry.objects.count())
            time.sleep(60)
            return 0

        with pytest.MonkeyPatch.context() as patched:
            # Between the entries and the end of the transaction.
            patched.setattr(hub_imports, "_store_reports", tell)
            take(signed_bundle(HONEST))
    finally:
        # Whatever went wrong, nothing of the test's process is undone or reported twice here.
        os.write(writing, b"x")
        os.kill(os.getpid(), signal.SIGKILL)
        assert parents


def test_what_is_too_much_for_a_page_is_counted() -> None:
    """More contradictions than are kept, and more adoptions than a page has: it says how many are not there."""
    adopted = [
        entry(ADOPTED, territory="ZM", articles=["a"], effective="2027-01-01", act=f"act-{number}", by="org", at=AT)
        for number in range(303)
    ]
    done = take(signed_bundle([*HONEST, *adopted]))
    assert isinstance(done, HubImport)
    assert len(done.faults) > 100
    hub = FollowedHub.objects.get()
    assert (len(hub.faults), hub.fault_count) == (100, len(done.faults))
    assert Client().get(f"/api/v1/hubs/{hub.id}").json()["more_faults"] == hub.fault_count - 100
    page = Client().get(f"/hubs/{hub.id}").content.decode()
    assert f"{hub.fault_count - 100} more are not kept here" in page
    assert "The JSON has 3 more adoptions and declines." in page


def test_another_history_is_a_fork_and_an_old_bundle_is_none() -> None:
    take(signed_bundle(HONEST))
    before = held()
    for size in (1, 2):
        old = take(signed_bundle(HONEST[:size]))
        assert isinstance(old, HubImport)
        assert (old.size, old.entries, old.fork) == (3, 0, None)
    assert held() == before
    other = [*HONEST[:2], entry("things:thing:made", "t", number=3)]
    # Nothing under a key that is not the hub's shows a fork, so nobody else can make one.
    assert getattr(take(signed_bundle(other, STRANGER), ""), "code", "") == "hub_bundle_wrong"
    for lines in (signed_bundle(other), signed_bundle([*other, HONEST[0]]), signed_bundle([other[2]])):
        done = take(lines)
        assert isinstance(done, HubImport)
        assert done.fork is not None
    # Two of them show one other root for as many entries.
    assert held() == (before[0], before[1], 2)


def odd_entries() -> list[dict[str, Any]]:
    """Entries that state what no installation writes."""
    odd: tuple[Any, ...] = (None, 7, 1e300, "", "\0", SCRIPT, [], {"a": []}, "0000-00-00", "12026-01-01")
    adopted = {"territory": "ZM", "articles": ["a"], "effective": "2027-01-01", "act": "act", "by": "o", "at": AT}
    shapes: dict[str, dict[str, Any]] = {
        DRAFTED: {"title": "T", "content": {"changeset": "c"}},
        "proposals:draft:revised": {"title": "T", "content": {"changeset": "c"}},
        "proposals:vote:decided": {"outcome": "passed"},
        "proposals:replay:recorded": {"record": {"result": "r", "recipe": {"change": "c", "data": "d"}}},
        ADOPTED: {**adopted, "sunset": "2028-01-01", "cited": {"title": "T", "reference": "R"}},
        "proposals:adoption:declined": {"territory": "ZM", "reason": "R", "by": "o", "at": AT},
        "proposals:adoption:ended": {"territory": "ZM", "act": "act", "last_day": "2027-02-01"},
        "proposals:adoption:renewed": {"territory": "ZM", "act": "act", "last_day": "2027-02-01"},
    }
    found = [entry(kind, **{**shape, name: value}) for kind, shape in shapes.items() for name in shape for value in odd]
    found += [entry(kind, **dict.fromkeys(shape)) for kind, shape in shapes.items()]
    found += [{**HONEST[0], name: value} for name in HONEST[0] for value in odd]
    found += [{"kind": ADOPTED}, {}, entry("x" * 5000, "y" * 5000), entry("votes:ballot:cast", "v", member=1)]
    return [entry(DRAFTED, title=SCRIPT, content={"changeset": SCRIPT}), *found]


def test_whatever_entries_say_every_page_is_shown_and_nothing_of_it_is_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(double_adoption, "_adopts_here", lambda *_: True)
    done = take(signed_bundle(odd_entries()))
    assert isinstance(done, HubImport), done
    assert done.faults
    number = FollowedHub.objects.get().id
    for address in ("/hubs", f"/hubs/{number}", "/api/v1/hubs", f"/api/v1/hubs/{number}", "/proposals", "/barriers"):
        answer = Client().get(address)
        assert answer.status_code == 200, address
        page = answer.content.decode()
        assert "<script>alert" not in page or address.startswith("/api/"), address
        assert len(page) < 200_000 or address.startswith("/api/"), address
    assert Client().get("/proposals/prop_x").status_code == 404
    told = double_adoption.double_adoptions("ZM", date(2026, 6, 1))
    assert told
    assert all(date.fromisoformat(each.effective) for each in told)


@dataclass(frozen=True)
class Added:
    """A change of an honest report, and whether the report still counts."""

    lines: Any = 3
    cost: Any = None
    currency: Any = "ZMW"
    counts: bool = False


SUMS = {"before": "0.10", "after": "0.30", "change": "0.20"}
REPORTS = {
    "honest": Added(counts=True),
    "does not add up": Added(cost={**SUMS, "change": "0.19"}),
    "no number": Added(cost=dict.fromkeys(SUMS, "NaN")),
    "without end": Added(cost=dict.fromkeys(SUMS, "Infinity")),
    "too large": Added(cost=dict.fromkeys(SUMS, "1e999999")),
    "4,301 digits": Added(cost={"before": "0", "after": "9" * 4301, "change": "9" * 4301}),
    "a number": Added(cost=dict.fromkeys(SUMS, 0)),
    "a list": Added(cost=["1"]),
    "fewer lines than none": Added(lines=-3),
    "half a line": Added(lines=0.5),
    "no currency": Added(currency="<b>"),
    "the end of a text": Added(currency="Z\0W"),
}


def test_reports_that_contradict_themselves_are_not_added() -> None:
    events, lines, honest = [HONEST[0]], [], ""
    for place, (name, each) in enumerate(REPORTS.items()):
        row = {"currency": each.currency, "lines": each.lines, "incomplete": 0, "revenue": SUMS}
        report = {"lines": {"lines": 3}, "totals": [{**row, "cost": each.cost or SUMS}], "change": {}, "name": name}
        digest = digest_result(report)
        recipe = {"change": "c", "data": f"{place}"}
        events.append(entry("proposals:replay:recorded", record={"result": digest, "recipe": recipe}))
        lines.append(report_line(digest, report))
        honest = honest or digest
    nobody: dict[str, Any] = {"lines": {}, "totals": None}
    done = take(
        [*signed_bundle(events), *lines, report_line("0" * 64, nobody), b'{"replay":"x","report":{"change":7}}\n']
    )
    assert isinstance(done, HubImport)
    assert done.reports == 1
    assert HubReport.objects.get().digest == honest
    # What earlier versions took in of such reports is not added either.
    HubReport.objects.update(report={"lines": {"lines": "x"}, "totals": 7})
    assert reports_added() == []
    assert Client().get("/hubs").status_code == 200


def test_a_recount_reads_whatever_was_signed() -> None:
    """What no kind of entry states is a fault with the number of its entry, for votes and their figures too."""
    started: dict[str, Any] = {
        "vote": "v", "on": "c", "majority": "simple", "mode": "sealed", "roll_root": "", "procedure": {"clock.vote": 7},
        "secret": [], "sent_back": 0, "election": "",
    }  # fmt: skip
    values: tuple[Any, ...] = (None, 7, {}, ["x"], "9999-12-31")
    blocs: tuple[Any, ...] = (7, [7], [{}], "x")
    odd: list[dict[str, Any]] = [{**started, name: value} for name in started for value in values]
    events = [entry("votes:vote:started", f"v{place}", **each) for place, each in enumerate([started, *odd])]
    events += [entry("votes:power:measured", "v0", blocs=each) for each in blocs]
    events += [{**entry("votes:vote:started", "late", **started), "at": "9999-12-31T23:59:59+00:00"}]
    events += [{**entry("votes:ballot:cast", "v0", member="m", seal="", choice="for"), "at": "2026-03-01T09:00:00"}]
    events += [entry("proposals:adoption:declined", territory="ZM", reason=7, by=[], at=AT), {"kind": [], "at": {}}]
    lines = [*signed_bundle(events), b'{"roll":"v0","entries":[7,{},[],null]}\n']
    reader = LogRecount()
    report = check_bundle(lines, key=HOSTILE.public, reader=reader)
    assert isinstance(report, BundleReport)
    found = reader.report(report)
    assert {"recount_entry_unreadable"} <= {each.as_json()["code"] for each in found.faults}
    assert orjson.dumps(found.as_json())


def test_the_pages_of_hubs_are_kept_until_something_of_them_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also what no event tells: that a hub was asked and gave nothing, and a report that it sends later."""
    take(signed_bundle(HONEST))
    number = FollowedHub.objects.get().id
    made: list[int] = []

    def count(hub: int) -> list[dict[str, Any]]:
        made.append(hub)
        return forks_of(hub)

    monkeypatch.setattr(pages, "forks_of", count)

    def read() -> tuple[bytes, ...]:
        return tuple(Client().get(address).content for address in ("/hubs", f"/hubs/{number}"))

    seen = read()
    assert (read(), len(made)) == (seen, 1)
    problem = Refusal(HUB_KEY_NEEDED, {"origin": "x"}).as_json()
    changes: tuple[tuple[int, Callable[[], object]], ...] = (
        (0, lambda: FollowedHub.objects.update(asked=NOW, address="https://hub.example", problem=problem)),
        (0, lambda: FollowedHub.objects.update(problem={})),
        (1, lambda: take(signed_bundle([*HONEST, {**HONEST[0], "subject": "prop_y"}]))),
        (1, lambda: take(signed_bundle([*HONEST[:2], HONEST[0]]))),
    )
    for place, change in changes:
        change()
        now = read()
        assert now[place] != seen[place]
        page_cache().forget()
        assert read() == now
        seen = now
    count_made = len(made)
    HubReport.objects.create(hub_id=number, digest="0" * 64, report={})
    read()
    assert len(made) == count_made + 1


def test_whoever_stole_a_key_that_was_replaced_extends_no_log_and_shows_no_fork():
    following = NoteSigner(HOSTILE.public.name, bytes([8] * 32))
    events, keys = hand_over(HONEST, HOSTILE, following)
    longer = [*events, entry("things:thing:made", "t", number=3)]
    assert isinstance(take(signed_bundle(HONEST)), HubImport)
    assert isinstance(take(signed_bundle(longer, following, keys=keys)), HubImport)
    [hub] = FollowedHub.objects.all()
    assert hub.list_keys() == [(KEY, 0), (following.public.text, 4)]
    before = held()
    for stolen in (
        signed_bundle([*longer, entry("things:thing:made", "t", number=9)], since=5),
        signed_bundle([*events, entry("things:thing:made", "t", number=9)]),
        signed_bundle([*longer, entry("things:thing:made", "t", number=9)], since=5, keys=keys[:1]),
    ):
        refused = take(stolen)
        assert isinstance(refused, Refusal)
        assert refused.code == "hub_bundle_wrong"
    assert held() == before
    grown = take(signed_bundle([*longer, entry("things:thing:made", "t", number=4)], following, since=5, keys=keys))
    assert isinstance(grown, HubImport)
    assert (grown.size, grown.fork) == (6, None)


def test_an_older_state_that_a_replaced_key_signed_still_shows_a_fork():
    following = NoteSigner(HOSTILE.public.name, bytes([8] * 32))
    events, keys = hand_over(HONEST, HOSTILE, following)
    assert isinstance(take(signed_bundle(events, following, keys=keys)), HubImport)
    shown = take(signed_bundle([*HONEST[:2], entry("things:thing:made", "t", number=9)]))
    assert isinstance(shown, HubImport)
    assert shown.fork is not None
