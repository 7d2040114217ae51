"""Two hubs with logs and keys of their own: one follows the other, adds up what both replayed, and finds its forks."""

from __future__ import annotations

import json
import zlib
from contextlib import contextmanager
from datetime import date
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ewtp.apps.hubs.actions.hub_imports import HubImport, hub_import
from ewtp.apps.hubs.actions.hub_polls import hubs_poll
from ewtp.apps.hubs.reading.double_adoption import double_adoptions
from ewtp.apps.hubs.reading.hub_list import reports_added
from ewtp.apps.hubs.reading.own_bundle import own_bundle
from ewtp.apps.hubs.store.entry_name import ADOPTED, ENDED, RENEWED
from ewtp.apps.hubs.store.models import FollowedHub, HubEntry, HubFork
from ewtp.apps.log.actions.events import event_append
from ewtp.apps.log.actions.sequencer import sequence_events
from ewtp.apps.log.reading.log_bundle import read_log_report
from ewtp.apps.log.reading.log_tree import log_head
from ewtp.apps.proposals.store.models import ArticleAdoption, ReplayMade, ReplayReport
from ewtp.core.log.bundle import check_bundle
from ewtp.core.log.bundle_report import BundleReport
from ewtp.core.log.note import NoteSigner
from ewtp.core.proposals.adoption_events import Adopted, Declined
from ewtp.core.proposals.proposal_events import Replayed
from ewtp.core.recount.log_recount import LogRecount
from ewtp.core.replay.recomputation import RepeatableReplay, ReplayRecipe, digest_result
from ewtp.core.values.refusal import Refusal
from ewtp.web.command_line import doctor
from ewtp.web.command_line.main import main
from tests.actors import OPERATOR, person
from tests.apps.log.thing_events import NOW, ThingMade
from tests.apps.proposals.conftest import running, running_vote

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.apps.proposals.vote_rows import RunningVote

pytestmark = pytest.mark.django_db
__all__ = ["running", "running_vote"]
A, B = (NoteSigner(f"{name}.example/log", bytes([number] * 32)) for name, number in (("hub-a", 1), ("hub-b", 2)))


@pytest.fixture
def homes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Signs from now on with the key of a hub."""

    def at(signer: NoteSigner) -> None:
        folder = tmp_path / signer.public.name.partition(".")[0]
        folder.mkdir(exist_ok=True)
        (folder / "log_key").write_text(signer.text)
        monkeypatch.setattr("ewtp.apps.log.actions.sequencer.home_path", lambda: folder)

    return at


@pytest.fixture(autouse=True)
def _prepared(monkeypatch: pytest.MonkeyPatch) -> None:
    """The law is in the database, and needs no seed."""
    monkeypatch.setattr("ewtp.web.command_line.installation_ready.prepare_installation", lambda _: None)


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside happened at another hub, whose database is not this one."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def report_of(before: str, after: str, change: str) -> dict[str, Any]:
    """A published report with one currency."""
    sums = {"before": before, "after": after, "change": change}
    total = {"currency": "ZMW", "lines": 3, "incomplete": 0, "amounts": {}, "revenue": sums, "cost": sums}
    return {"summary": [], "lines": {"lines": 3, "affected": 1}, "totals": [total], "change": {}, "rulebook": "v"}


def replay(running: RunningVote, report: dict[str, Any], data: str, actor: Any) -> None:
    """Record a replay of the proposal with a report that is kept."""
    made = ReplayMade.objects.filter(proposal_id=running.proposal).first()
    assert made is not None
    recipe = ReplayRecipe("0.1", made.rulebook, "rates", made.change, data, "USD")
    ReplayReport.objects.create(digest=digest_result(report), report=report)
    ReplayMade.objects.create(
        proposal_id=running.proposal, by="hub", engine="0.1", rulebook=made.rulebook, change=made.change,
        data=data, result=digest_result(report), at=running.now,
    )  # fmt: skip
    record = Replayed("hub", RepeatableReplay(recipe, digest_result(report)), running.now)
    event_append(subject=running.proposal, actor=actor, payload=record, now=running.now)


def thing(number: int) -> None:
    with transaction.atomic():
        event_append(subject="t", actor=OPERATOR, payload=ThingMade(number), now=NOW)
    sequence_events(now=NOW)


def bundle(since: int = 0) -> list[bytes]:
    lines = own_bundle(since, NOW)
    assert not isinstance(lines, Refusal), lines
    return list(lines)


@pytest.fixture
def shown(running: RunningVote, homes: Any) -> dict[str, list[bytes]]:
    """What hub A gives: its log, what was added, and another history of it; hub B is this one afterwards."""
    found: dict[str, list[bytes]] = {}
    homes(A)
    with undone():
        sequence_events(now=running.now)
        size = bundle_size()
        found["first"] = bundle()
        with undone():
            thing(1)
            found["other"] = bundle()
            found["other and on"] = bundle(size)
        replay(running, report_of("0.10", "0.30", "0.20"), "1" * 64, OPERATOR)
        sequence_events(now=running.now)
        found["more"] = bundle(size)
        found["gap"] = bundle(size + 1)
        unfounded(running)
        found["last"] = bundle(size)
    homes(B)
    sequence_events(now=running.now)
    return found


def unfounded(running: RunningVote) -> None:
    """The hub says that economies adopted and declined what nobody has voted on yet, and no authority signed it."""
    cited = {"title": "Act 9 of 2026", "publisher": "Nobody", "reference": "section 2", "published": "", "url": ""}
    told = ("org_none", "act-1", running.now, "", cited)
    adopted = Adopted("ZM", ("permit",), date(2027, 1, 1), *told)
    declined = Declined("KE", "Not our law.", "org_none", running.now)
    with transaction.atomic():
        for each in (adopted, declined):
            event_append(subject=running.proposal, actor=OPERATOR, payload=each, now=running.now)
    sequence_events(now=running.now)


def bundle_size() -> int:
    head = log_head()
    assert head is not None
    return head.size


def taken(lines: list[bytes], key: str = "") -> HubImport:
    done = hub_import(lines=lines, key=key, actor=OPERATOR, now=NOW)
    assert isinstance(done, HubImport), done
    return done


def refused(lines: list[bytes], key: str = "", actor: Any = OPERATOR) -> str:
    done = hub_import(lines=lines, key=key, actor=actor, now=NOW)
    assert isinstance(done, Refusal), done
    return done.code


def test_a_hub_follows_another_and_shows_what_it_says(shown: dict[str, list[bytes]], running: RunningVote) -> None:
    first, more = shown["first"], shown["more"]
    assert refused(first) == "hub_key_needed"
    assert refused(first, actor=person("per_1")) == "operator_needed"
    assert refused(first, B.public.text) == "hub_bundle_wrong"
    assert refused(more, A.public.text) == "hub_bundle_gap"
    assert refused([b"{}"], A.public.text) == "bundle_unreadable"
    assert refused(bundle(), B.public.text) == "hub_is_own"
    changed = [line.replace(b"Kenya", b"Ghana").replace(b'"edition":1', b'"edition":9') for line in first]
    assert refused(changed, A.public.text) == "hub_bundle_wrong"
    assert not FollowedHub.objects.exists()
    done = taken(first, A.public.text)
    assert (done.origin, done.entries, done.faults) == ("hub-a.example/log", done.size, ())
    assert refused(first, B.public.text) == "hub_key_differs"
    assert refused(shown["gap"]) == "hub_bundle_gap"
    grown = taken(more)
    assert (grown.entries, grown.reports) == (1, 1)
    # What is known already changes nothing, and an older bundle is not a fork.
    assert [taken(each).entries for each in (more, first)] == [0, 0]
    assert FollowedHub.objects.get().faults == []
    last = taken(shown["last"])
    assert (last.entries, HubEntry.objects.count()) == (2, grown.size + 2)
    # An operator who signs what nobody adopted is found out, and what the hub says is shown all the same.
    assert any("no earlier entry says that it passed" in each.message for each in last.faults)
    assert HubEntry.objects.filter(body=None).exists()
    number = FollowedHub.objects.get().id
    ArticleAdoption.objects.create(
        proposal_id=running.proposal, territory="ZM", articles=["permit"], effective=date(2027, 1, 1), by="org",
        act="act-here", at=running.now,
    )  # fmt: skip
    pages = [Client().get(address).content.decode() for address in ("/hubs", f"/hubs/{number}")]
    assert all("hub-a.example/log" in page and len(page.encode()) < 60_000 for page in pages)
    assert "One paper is enough" in pages[1]
    assert "none of it is law here" in pages[1]
    for words in ("1 January 2027", "Act 9 of 2026", "Not our law.", "What its entries contradict"):
        assert words in pages[1]
    told = Client().get(f"/api/v1/hubs/{number}").json()
    assert [(each["id"], each["stage"]) for each in told["proposals"]] == [(running.proposal, "voting")]
    assert (told["faults"], told["forks"], told["evidence"]) == ([each.as_json() for each in last.faults], 0, [])
    assert [(each["territory"], each["here"]) for each in told["proposals"][0]["adoptions"]] == [
        ("ZM", [running.proposal]),
        ("KE", []),
    ]
    assert "adopted here too" in pages[1]
    assert_is_french(f"/hubs/{number}")
    # Its authority spoke twice, so the proposal's page and answers about its market say so, and nobody else's do.
    assert [each.title for each in double_adoptions("ZM", NOW.date())] == ["One paper is enough"]
    here = Client().get(f"/proposals/{running.proposal}").content.decode()
    assert "its authority adopted rules here and at another hub" in here
    assert_renewals_are_followed(running.proposal, number)
    assert Client().get("/api/v1/hubs/99").status_code == Client().get("/hubs/99").status_code == 404
    # The own log notes what the other hub showed, so that others can compare, and holds.
    sequence_events(now=NOW)
    own = Client().get("/api/v1/hubs/bundle").content
    assert own.count(b"hubs:checkpoint:seen") == 3
    held = read_log_report(reader=LogRecount())
    assert isinstance(held, BundleReport)
    assert held.faults == ()


def assert_renewals_are_followed(proposal: str, number: int) -> None:
    """An adoption elsewhere counts until its own last day, until which it is renewed, or on which it is ended."""
    with CaptureQueriesContext(connection) as asked:
        assert double_adoptions("KE", NOW.date()) == []
    assert len(asked) == 1

    def tell(index: int, kind: str, **payload: str | list[str]) -> list[str]:
        named = {"kind": kind, "subject": proposal}
        body = json.dumps({**named, "payload": {"territory": "ZM", "act": "act-2", **payload}}).encode()
        HubEntry.objects.create(hub_id=number, index=index, leaf=bytes(32), named="ZM", body=body, **named)
        told = Client().get(f"/api/v1/hubs/{number}").json()["proposals"][0]["adoptions"]
        assert [each["sunset"] for each in told if each["act"] == "act-2"] == [
            "2026-05-01" if index == 900 else "2027-06-30"
        ]
        return [each.effective for each in double_adoptions("ZM", NOW.date())]

    short = {"effective": "2026-04-01", "sunset": "2026-05-01"}
    assert tell(900, ADOPTED, articles=["permit"], **short) == ["2027-01-01"]
    assert tell(901, RENEWED, last_day="2027-06-30") == ["2026-04-01", "2027-01-01"]
    assert "30 June 2027" in Client().get(f"/hubs/{number}").content.decode()
    assert tell(902, ENDED, last_day="2026-06-01") == ["2027-01-01"]


def assert_is_french(address: str) -> None:
    """What a hub contradicts, and where its proposals stand, is in the reader's language."""
    page = Client().get(address, headers={"accept-language": "fr"}).content.decode()
    assert 'lang="en"' not in page.partition("<main")[2].partition("<footer")[0]
    assert "<dd>Au vote</dd>" in page


def test_reports_of_two_hubs_add_up_exactly(shown: dict[str, list[bytes]], running: RunningVote) -> None:
    taken(shown["first"], A.public.text)
    taken(shown["more"])
    assert reports_added() == []
    replay(running, report_of("0.20", "1.10", "0.90"), "2" * 64, OPERATOR)
    (added,) = reports_added()
    assert (added["hubs"], added["reports"], added["withheld"]) == (["", "hub-a.example/log"], 2, 0)
    assert added["lines"] == {"lines": 6, "affected": 2}
    assert added["totals"][0]["cost"] == {"before": "0.30", "after": "1.40", "change": "1.10"}
    page = Client().get("/hubs").content.decode()
    assert "1.40" in page
    # Reports of older programs state no bounds.
    assert added["bounds"][0]["change"] == {"at_least": None, "at_most": None}
    assert "ZMW:" in page
    assert "A report gives no bounds" in page
    # The same trade replayed here as well is counted once, and is then no other hub's.
    replay(running, report_of("0.10", "0.30", "0.20") | {"months": []}, "1" * 64, OPERATOR)
    assert reports_added() == []


@pytest.mark.parametrize(
    ("known", "which"), [("more", "other"), ("more", "other and on"), ("last", "other")], ids=["same", "part", "older"]
)
def test_a_fork_is_found_kept_and_shown(shown: dict[str, list[bytes]], known: str, which: str) -> None:
    taken(shown["first"], A.public.text)
    taken(shown[known])
    before = HubEntry.objects.count()
    for _ in range(2):
        done = taken(shown[which])
        assert done.fork is not None
        assert (done.entries, HubEntry.objects.count()) == (0, before)
    found = HubFork.objects.get()
    assert found.kept_root != found.shown_root
    # The proof needs nobody's word: the notes are signed, and the leaves give the root that was shown.
    lines = zlib.decompress(bytes(found.leaves)).splitlines(keepends=True)
    proof = check_bundle(lines, key=A.public)
    assert isinstance(proof, BundleReport)
    root = proof.history.root_at(found.size)
    assert (proof.key, root and root.hex()) == (A.public, found.shown_root)
    page = Client().get(f"/hubs/{found.hub_id}").content.decode()
    assert "This hub signed two different histories of its log." in page
    assert found.kept_root in page
    assert "showed two histories" in Client().get("/hubs").content.decode()
    assert Client().get("/api/v1/hubs").json()["items"][0]["forks"] == 1
    said = CliRunner().invoke(main, ["hub", "status"])
    assert (said.exit_code, "two histories" in said.output) == (1, True)
    sequence_events(now=NOW)
    assert b"hubs:fork:found" in Client().get("/api/v1/hubs/bundle").content
    assert not doctor._hubs().sound


def test_a_bundle_goes_by_file_and_over_http(shown: dict[str, list[bytes]], tmp_path: Path) -> None:
    file = tmp_path / "a.bundle"
    file.write_bytes(b"".join(shown["first"]))

    def run(*words: object) -> tuple[int, Any]:
        done = CliRunner().invoke(main, [*map(str, words), "--json"])
        return done.exit_code, json.loads(done.output)

    assert run("hub", "import", file)[1]["error"]["code"] == "hub_key_needed"
    status, told = run("hub", "import", file, "--key", A.public.text)
    assert (status, told["entries"], told["fork"]) == (0, told["size"], None)
    with served(b"".join(shown["more"])) as (address, asked):
        status, grown = run("hub", "fetch", address, "--since", told["size"])
        assert (status, grown["entries"]) == (0, 1)
        # From then on the hub is asked at its address for what is new alone.
        assert (hubs_poll(now=NOW), run("hub", "fetch", address)[0]) == (1, 0)
        sizes = [told["size"], grown["size"], grown["size"]]
        assert asked == [f"/api/v1/hubs/bundle?since={size}" for size in sizes]
        followed = FollowedHub.objects.get()
        assert (followed.address, followed.asked is None, followed.problem) == (address, False, {})
        assert address in Client().get("/hubs").content.decode()
    # Its server is gone by now: the next hub is asked all the same, and the page says why this one gave nothing.
    assert hubs_poll(now=NOW) == 0
    assert Client().get("/api/v1/hubs").json()["items"][0]["problem"] == "hub_address_unreadable"
    assert "gave no bundle" in Client().get("/hubs").content.decode()
    assert "gave no bundle" in CliRunner().invoke(main, ["hub", "status"]).output
    with served(b"".join(shown["other"])) as (address, _):
        status, forked = run("hub", "fetch", address)
        assert (status, forked["fork"]["size"]) == (1, told["size"] + 1)
    for wrong in ("ftp://hub.example", "hub.example", "http://127.0.0.1:1"):
        assert run("hub", "fetch", wrong)[1]["error"]["code"] == "hub_address_unreadable"
    own = tmp_path / "b.bundle"
    status, written = run("hub", "export", own)
    assert (status, written["bytes"]) == (0, own.stat().st_size)
    report = check_bundle(own.read_bytes().splitlines(keepends=True), key=B.public)
    assert isinstance(report, BundleReport)
    assert report.faults == ()
    assert run("hub", "import", own)[1]["error"]["code"] == "hub_is_own"
    assert run("hub", "status")[1]["items"][0]["size"] == grown["size"]


@contextmanager
def served(content: bytes) -> Iterator[tuple[str, list[str]]]:
    """A server of this computer that answers everything with a content; what it was asked."""
    asked: list[str] = []

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Answers)
    thread = Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    thread.join()
    server.server_close()
