"""The operator's pages: every organisation is listed, verified and revoked, without JavaScript."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ewtp.apps.accounts.store.models import User
from ewtp.apps.organisations.actions.organisations import organisation_register
from ewtp.apps.organisations.reading.organisation_list import organisation_read
from ewtp.apps.organisations.surface import operator_pages
from ewtp.core.organisations.organisation import Organisation
from tests.actors import OPERATOR, person
from tests.second_factor import give_second_factor

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 30, 12, 0, tzinfo=UTC)
VERIFY = {"do": "verify", "subject": "identity", "evidence": "Extract", "sha256": "A" * 64, "until": "2099-06-30"}


def founded(name="Amina Textiles"):
    made = organisation_register(name=name, kind="firm", economy="KE", founder="ann", actor=person("ann"), now=NOW)
    assert isinstance(made, Organisation)
    return made


@pytest.fixture
def operator(client):
    user = User.objects.create_user(username="otto", email="otto@example.org", is_staff=True)
    give_second_factor(user)
    client.force_login(user)
    return user


def test_every_organisation_is_listed_in_pages(client, operator, monkeypatch):
    del operator
    monkeypatch.setattr(operator_pages, "_LISTED", 2)
    for name in ("One", "Two", "Three"):
        founded(name)
    page = client.get("/operator/organisations").content.decode()
    assert "One" in page
    assert "Three" not in page
    following = page.partition("?after=")[2].partition('"')[0]
    assert "Three" in client.get(f"/operator/organisations?after={following}").content.decode()


def test_an_operator_who_gave_the_second_factor_up_has_no_such_pages(client, operator):
    assert client.get("/operator/organisations").status_code == 200
    operator.authenticator_set.all().delete()
    assert client.get("/operator/organisations").status_code == 404


def test_an_operator_verifies_and_revokes(client, operator):
    own = founded()
    address = f"/operator/organisations/{own.id}"
    assert client.post(address, VERIFY).headers["Location"] == address
    (stated,) = _held(own)
    assert (stated.by, stated.digest, stated.by_organisation) == (f"person:{operator.person}", "a" * 64, "")
    assert "Extract" in client.get(address).content.decode()
    refused = client.post(address, {"do": "revoke", "verification": stated.id, "reason": ""})
    assert (refused.status_code, "Give the reason" in refused.content.decode()) == (422, True)
    assert client.post(address, {"do": "revoke", "verification": stated.id, "reason": "An error."}).status_code == 303
    assert _held(own)[0].reason == "An error."
    history = client.get(f"/organisations/{own.id}/history").content.decode()
    for text in ("Verification revoked", "Verification stated", "Member joined", "otto@example.org", "person:ann"):
        assert text in history
    assert history.index("Verification revoked") < history.index("Verification stated")
    older = client.get(f"/organisations/{own.id}/history?before=1").content.decode()
    assert "Member joined" not in older


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"until": "soon"}, "Write the day as year"),
        ({"until": "2026-01-01"}, "ends on a later day"),
        ({"sha256": "x"}, "Describe the evidence"),
        ({"subject": "lei"}, "Choose what is verified"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(client, operator, changes, text):
    del operator
    own = founded()
    refused = client.post(f"/operator/organisations/{own.id}", {**VERIFY, **changes})
    assert (refused.status_code, text in refused.content.decode()) == (422, True)
    assert _held(own) == ()


def test_what_was_never_offered_is_not_there(client, operator):
    own = founded()
    address = f"/operator/organisations/{own.id}"
    assert client.get("/operator/organisations/org_none").status_code == 404
    assert client.post(address, {"do": "nothing"}).status_code == 404
    assert client.post(address, {"do": "revoke", "verification": "ver_none", "reason": "x"}).status_code == 404
    operator.is_staff = False
    operator.save()
    assert client.post(address, VERIFY).status_code == 404
    assert _held(own) == ()


def _held(own: Organisation):
    found = organisation_read(OPERATOR, own.id)
    assert found is not None
    return found.verifications
