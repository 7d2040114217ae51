"""A hub that lost its key is followed under another one only where the operator says so, by name and in public."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from django.test import Client

from ewtp.apps.hubs.actions.hub_imports import HubImport, hub_import
from ewtp.apps.hubs.actions.hub_keys import KeyTrusted, hub_key_trust
from ewtp.apps.hubs.store.models import FollowedHub, HubEntry, HubFork
from ewtp.apps.log.reading.event_trail import events_about
from ewtp.core.log.key_history import KeyPeriod
from ewtp.core.log.note import NoteSigner
from ewtp.core.values.refusal import Refusal
from ewtp.web.command_line.main import main
from tests.actors import OPERATOR
from tests.apps.hubs.hostile_hub import HOSTILE, entry, hand_over, signed_bundle
from tests.apps.log.thing_events import NOW

pytestmark = pytest.mark.django_db
NAME = HOSTILE.public.name
NEW, THIRD = (NoteSigner(NAME, bytes([number] * 32)) for number in (8, 9))
BEFORE = [entry("a:thing:made", str(number)) for number in range(3)]
# What a log says whose operator has another key: the old one signed the first three entries, and handed nothing on.
PERIODS = (KeyPeriod(HOSTILE.public, 0, 3), KeyPeriod(NEW.public, 3))
GROWN = signed_bundle([*BEFORE, entry("log:key:introduced", "log", key=NEW.public.text)], NEW, keys=PERIODS)


@pytest.fixture(autouse=True)
def _followed(monkeypatch):
    monkeypatch.setattr("ewtp.web.command_line.installation_ready.prepare_installation", lambda _: None)
    assert taken(signed_bundle(BEFORE), HOSTILE.public.text).entries == 3


def taken(lines, key=""):
    done = hub_import(lines=lines, key=key, actor=OPERATOR, now=NOW)
    assert isinstance(done, HubImport), done
    return done


def code(lines, key=""):
    done = hub_import(lines=lines, key=key, actor=OPERATOR, now=NOW)
    assert isinstance(done, Refusal), done
    return done.code


def trust(signer, *, origin=NAME, reason="Its operator read it out on the telephone."):
    return hub_key_trust(origin=origin, key=signer.public.text, reason=reason, actor=OPERATOR, now=NOW)


def trusted(signer):
    done = trust(signer)
    assert isinstance(done, KeyTrusted), done
    return done


def test_a_log_that_goes_on_is_followed_under_the_new_key_and_the_break_is_shown():
    assert (code(GROWN), code(GROWN, NEW.public.text)) == ("hub_bundle_wrong", "hub_key_differs")
    before = list(HubEntry.objects.order_by("index").values_list("leaf", "body"))
    done = trusted(NEW)
    assert (done.replaces, done.size) == (HOSTILE.public.text, 3)
    # It vouches for what comes, and for nothing before: all that was taken in is as the old key signed it.
    followed = FollowedHub.objects.get()
    assert (followed.size, list(HubEntry.objects.order_by("index").values_list("leaf", "body"))) == (3, before)
    # The thief of the old key extends nothing any more.
    assert code(signed_bundle([*BEFORE, entry("a:thing:made", "of the thief")])) == "hub_bundle_wrong"
    assert (taken(GROWN).entries, taken(GROWN, NEW.public.text).entries) == (1, 0)
    assert taken(signed_bundle(BEFORE)).fork is None
    assert [kind for kind in events_of() if kind == "hubs:key:trusted"] == ["hubs:key:trusted"]
    number = FollowedHub.objects.get().id
    (told,) = Client().get(f"/api/v1/hubs/{number}").json()["breaks"]
    assert (told["key"], told["replaces"], told["size"]) == (NEW.public.text, HOSTILE.public.text, 3)
    page = Client().get(f"/hubs/{number}").content.decode()
    for words in ("Keys trusted without a handover", "on the telephone", NEW.public.text.replace("+", "&#x2B;")):
        assert words in page or words.replace("&#x2B;", "+") in page
    said = CliRunner().invoke(main, ["hub", "status"])
    assert (said.exit_code, "No earlier key handed the log to" in said.output) == (0, True)
    # The new key hands the log on like any other, and the hub goes on without another word.
    events, periods = hand_over([*BEFORE, entry("log:key:introduced", "log", key=NEW.public.text)], NEW, THIRD)
    more = signed_bundle([*events, entry("a:thing:made", "5")], THIRD, keys=[PERIODS[0], *after(periods)])
    assert (taken(more).entries, FollowedHub.objects.get().list_keys()[-1]) == (2, (THIRD.public.text, 5))


def after(periods):
    """Periods of which the first begins where the old key ended."""
    first, *others = periods
    return [KeyPeriod(first.key, 3, first.last), *others]


def events_of():
    return [each.kind for each in events_about(NAME)]


@pytest.mark.parametrize(
    "events",
    [
        [entry("a:thing:made", "0"), entry("a:thing:made", "another"), *BEFORE[2:], entry("a:thing:made", "3")],
        [entry("a:thing:made", "anew")],
        [entry("a:thing:made", f"anew {number}") for number in range(3)],
    ],
    ids=["changed and longer", "anew and shorter", "anew and as long"],
)
def test_a_log_that_does_not_extend_the_old_one_is_a_fork(events):
    trusted(NEW)
    for _ in range(2):
        assert taken(signed_bundle(events, NEW)).fork is not None
    assert (FollowedHub.objects.get().size, HubEntry.objects.count(), HubFork.objects.count()) == (3, 3, 1)
    page = Client().get(f"/hubs/{FollowedHub.objects.get().id}").content.decode()
    assert "two different histories" in page
    assert "may be a log that was begun anew" in page


def test_trust_is_given_by_name_with_a_reason_and_taken_back_while_nothing_followed():
    def refused(*given, **named):
        done = trust(*given, **named)
        assert isinstance(done, Refusal)
        return done.code

    assert refused(NEW, reason=" ") == refused(NEW, reason="a\nb") == "hub_trust_unexplained"
    assert refused(NEW, reason="x" * 301) == "hub_trust_unexplained"
    assert refused(NEW, origin="other.example/log") == "hub_key_of_another"
    other = NoteSigner("other.example/log", bytes([8] * 32))
    assert refused(other) == "hub_key_of_another"
    assert refused(other, origin="other.example/log") == "hub_unknown"
    assert refused(HOSTILE) == "hub_key_known"
    wrong = hub_key_trust(origin=NAME, key="nonsense", reason="x", actor=OPERATOR, now=NOW)
    assert isinstance(wrong, Refusal)
    assert wrong.code == "key_unreadable"
    assert FollowedHub.objects.get().breaks == []
    # A key that was trusted by mistake goes as it came, and stays in public.
    trusted(THIRD)
    trusted(HOSTILE)
    trusted(NEW)
    followed = FollowedHub.objects.get()
    assert followed.list_keys() == [(HOSTILE.public.text, 0), (NEW.public.text, 3)]
    assert [each["key"] for each in followed.breaks] == [each.public.text for each in (THIRD, HOSTILE, NEW)]
    assert taken(GROWN).entries == 1
    assert (refused(HOSTILE), refused(NEW)) == ("hub_key_retired", "hub_key_known")


def test_the_command_says_what_it_did():
    words = ["hub", "trust", NAME, NEW.public.text]
    assert CliRunner().invoke(main, words).exit_code == 2
    done = CliRunner().invoke(main, [*words, "--reason", "Read out.", "--json"])
    assert json.loads(done.output)["replaces"] == HOSTILE.public.text
    again = CliRunner().invoke(main, [*words, "--reason", "Read out."])
    assert (again.exit_code, "already" in again.output) == (2, True)
