"""What the page of a barrier offers, to whom; and words that the operator does not show."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from ewtp.apps.accounts.store.models import User
from ewtp.apps.barriers.reading.barrier_list import barrier_read, open_barriers_forget
from ewtp.apps.barriers.surface import pages
from ewtp.apps.barriers.surface.presentation import barrier_context
from ewtp.apps.http.surface.page_cache import page_cache
from ewtp.apps.organisations.actions.organisations import (
    NewInvitation,
    invitation_accept,
    member_invite,
    organisation_change,
    organisation_register,
)
from ewtp.core.organisations.commands import Rename
from ewtp.core.organisations.organisation import Organisation
from ewtp.core.rulebook.measure import Kind
from ewtp.core.values.period import Period
from ewtp.core.values.refusal import Refusal
from tests.actors import OPERATOR, person
from tests.apps.barriers.test_reports import answered, duty, post
from tests.apps.conftest import SOURCE, a_measure
from tests.apps.rulebook.conftest import Desk
from tests.second_factor import give_second_factor
from tests.verified_firms import verify_firm

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from ewtp.apps.barriers.reading.barrier_list import BarrierDetail
    from ewtp.apps.organisations.reading.organisation_list import Agency

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 30, 12, 0, tzinfo=UTC)
PLACE = {"product": "6109.10", "economy": "GH"}


@pytest.fixture(autouse=True)
def _fresh_figures():
    open_barriers_forget()
    yield
    open_barriers_forget()


def account(name: str, *, staff: bool = False) -> User:
    user = User.objects.create_user(username=name, email=f"{name}@example.org", is_staff=staff)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def member(name: str, kind: str = "firm", economy: str = "KE") -> tuple[Client, Organisation]:
    user = account(name)
    actor = person(user.person) if kind != "agency" else OPERATOR
    made = organisation_register(
        name=name.title(), kind=kind, economy=economy, founder=user.person, actor=actor, now=NOW
    )
    assert isinstance(made, Organisation)
    return signed_in(user), made


def reported(client: Client, text: str = "Slow.", **fields: str) -> str:
    sent = client.post("/barriers/report", {**PLACE, "text": text, **fields})
    assert sent.status_code == 303, sent.content
    return str(sent.headers["Location"])


def shown(client: Client, address: str) -> str:
    return str(client.get(address).content.decode())


def act(client: Client, address: str, **fields: Any) -> Any:
    return client.post(f"{address}/act", fields)


def test_each_is_offered_what_they_may_do():
    firm, own = member("amina")
    verify_firm(own, NOW)
    unverified, its = member("bo")
    authority, agency = member("gra", "agency", "GH")
    address = reported(firm, organisation=own.id)
    assert reported(unverified, organisation=its.id) == address
    assert "Answer for an authority" in shown(authority, address)
    for client in (firm, Client(), signed_in(account("eve")), member("kebs", "agency")[0]):
        assert "Answer for an authority" not in shown(client, address)
        refused = act(client, address, do="answer", kind="disagree", reason="No.", organisation=agency.id)
        assert refused.status_code in {302, 403}
    done = act(authority, address, do="claim", reason="Gone.", organisation=agency.id)
    assert done.status_code == 303
    assert "Yes, it is gone" in shown(firm, address)
    for client in (authority, unverified, Client()):
        assert "Yes, it is gone" not in shown(client, address)
    assert act(unverified, address, do="gone", organisation=its.id).status_code == 403
    assert act(firm, address, do="gone", organisation=own.id).status_code == 303
    assert "Gone, confirmed by reporters" in shown(Client(), address)
    again = act(firm, address, do="reopen", text=" ", organisation=own.id)
    assert again.status_code == 422
    assert act(firm, address, do="reopen", text="It is back.", organisation=own.id).status_code == 303
    assert "Waiting for an answer" not in shown(Client(), address)


def test_a_viewer_reports_as_a_visitor_and_is_offered_nothing():
    _, own = member("amina")
    owner, viewer = next(iter(own.roles)), account("vi")
    invited = member_invite(
        organisation=own.id, email=viewer.email, role="viewer", actor=person(owner, own.id), now=NOW
    )
    assert isinstance(invited, NewInvitation)
    invitation_accept(secret=invited.secret, emails=(viewer.email,), actor=person(viewer.person), now=NOW)
    client = signed_in(viewer)
    assert "Report for" not in shown(client, "/barriers/report")
    address = reported(client, organisation=own.id)
    found = barrier_read(address.rpartition("/")[2], NOW)
    assert found is not None
    assert (found.summary.groups, found.summary.visitors) == (0, 1)


def test_the_operator_withholds_words_and_says_why():
    operator = account("op", staff=True)
    give_second_factor(operator)
    address = reported(Client(), "Mr Smith at the desk is a crook.")
    identity = address.rpartition("/")[2]
    found = barrier_read(identity, NOW)
    assert found is not None
    fields = {"do": "withhold", "report": found.reports[0].id, "reason": "It names a person."}
    assert act(signed_in(account("eve")), address, **fields).status_code == 404
    client = signed_in(operator)
    assert act(client, address, **{**fields, "reason": ""}).status_code == 422
    assert act(client, address, **fields).status_code == 303
    for place in (address, "/barriers", f"/api/v1/barriers/{identity}", "/barriers.csv"):
        assert "Smith" not in shown(Client(), place), place
    assert "It names a person." in shown(Client(), address)
    assert act(client, address, do="secretariat").status_code == 303
    assert "the secretariat of this site" in shown(Client(), address)
    assert act(client, address, do="burn").status_code == 404


def test_words_are_no_markup():
    address = reported(Client(), "<script>alert(1)</script> & <b>bold</b>")
    for place in (address, "/barriers"):
        assert "<script>alert" not in shown(Client(), place)
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown(Client(), place)


def test_an_answer_that_is_gone_says_what_to_do():
    gone = Client().get("/barriers/report", {"answer": "a" * 33})
    assert gone.status_code == 404
    assert "Report without an answer" in gone.content.decode()
    assert Client().get("/barriers/bar_none").status_code == 404
    assert Client().get("/barriers/999999").status_code == 404


def test_a_kept_page_is_the_one_that_would_be_made(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is written, and every day since a step, is on the list and on the page at once."""
    clock = [NOW]
    monkeypatch.setattr("django.utils.timezone.now", lambda: clock[0])
    firm, own = member("amina")
    verify_firm(own, NOW)
    authority, agency = member("gra", "agency", "GH")
    address = reported(firm, organisation=own.id)
    read = lambda: tuple(Client().get(each).content for each in ("/barriers", address))  # noqa: E731 - told in a line
    seen = [read()]

    def differs() -> None:
        kept = read()
        page_cache().forget()
        assert read() == kept
        assert all(new != old for new, old in zip(kept, seen[-1], strict=True))
        seen.append(kept)

    made: list[str] = []

    def count(barrier: BarrierDetail, agencies: Mapping[str, Agency]) -> dict[str, Any]:
        made.append(barrier.summary.id)
        return barrier_context(barrier, agencies)

    monkeypatch.setattr(pages, "barrier_context", count)
    assert read() == seen[0]
    assert not made
    reported(Client(), "As slow for me.")
    differs()
    assert act(authority, address, do="claim", reason="Gone.", organisation=agency.id).status_code == 303
    differs()
    assert act(firm, address, do="gone", organisation=own.id).status_code == 303
    differs()
    assert act(firm, address, do="reopen", text="It is back.", organisation=own.id).status_code == 303
    differs()
    # A day after the report it is a day older, and after five working days somebody should have been named.
    for days in (1, 2, 8, 30, 31):
        clock[0] = NOW + timedelta(days=days) - timedelta(microseconds=1)
        seen.append(read())
        clock[0] = NOW + timedelta(days=days)
        differs()


@pytest.mark.usefixtures("rulebook")
def test_a_kept_page_changes_with_the_rulebook_and_with_the_name_of_an_agency(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    clock = [NOW]
    monkeypatch.setattr("django.utils.timezone.now", lambda: clock[0])
    answer = answered()
    made = post("/barriers", text="Too much.", answer=answer["id"], measure=duty(answer)).json()
    authority, agency = member("hmrc", "agency", "GB")
    address = f"/barriers/{made['id']}"
    said = act(authority, address, do="answer", kind="disagree", reason="It is the law.", organisation=agency.id)
    assert said.status_code == 303
    clock[0] += timedelta(days=3)

    def read() -> str:
        pages_read = [shown(Client(), each) for each in (address, "/barriers")]
        assert [shown(Client(), each) for each in (address, "/barriers")] == pages_read
        page_cache().forget()
        assert [shown(Client(), each) for each in (address, "/barriers")] == pages_read
        return pages_read[0]

    assert "Hmrc" in read()
    renamed = organisation_change(organisation=agency.id, command=Rename("Border Force"), actor=OPERATOR, now=clock[0])
    assert isinstance(renamed, Organisation)
    named = read()
    assert ("Hmrc" in named, "Border Force" in named) == (False, True)
    # Nothing was said of the barrier, and the day is the same.
    desk = Desk(tmp_path)
    desk.moment = clock[0] - timedelta(days=1)
    lower = replace(a_measure(Kind.DUTY, "610910", "9%"), validity=Period(date(2026, 7, 2)))
    report = desk.offer(desk.write(lower, source=SOURCE))
    assert not isinstance(report, Refusal), report
    changed = read()
    assert "Waiting" not in changed
    assert changed != named
