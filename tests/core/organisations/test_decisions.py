"""Organisations: what each command does, and what never happens, whatever is asked in whatever order."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import reduce

import pytest

from ewtp.core.organisations import commands as asked
from ewtp.core.organisations.decisions import INVITATION_LIFETIME, decide_organisation
from ewtp.core.organisations.events import evolve_organisation
from ewtp.core.organisations.identifiers import read_identifier
from ewtp.core.organisations.organisation import FirmSize, Subject
from ewtp.core.organisations.role import Permission, Role, permissions_of
from ewtp.core.values.actor import Actor, ActorKind, Capacity, Scope
from ewtp.core.values.refusal import Refusal

NOW = datetime(2026, 6, 30, 12, 0, tzinfo=UTC)
ORG = "org_" + "0" * 32
OTHER = "org_" + "1" * 32
OPERATOR = Actor(ActorKind.SYSTEM, "operator", capacity=Capacity.OPERATOR)
DIGEST = "a" * 64


def person(name, organisation=ORG):
    return Actor(ActorKind.PERSON, name, organisation)


def token(*scopes, organisation=ORG):
    return Actor(ActorKind.TOKEN, "ewtp_x", organisation, scopes=frozenset(scopes))


def decide(state, command, now, actor):
    return decide_organisation(state, asked.Envelope(ORG, command, actor), now)


def after(state, command, actor, now=NOW):
    events = decide(state, command, now, actor)
    assert not isinstance(events, Refusal), events
    return reduce(evolve_organisation, events, state)


def code(state, command, actor, now=NOW):
    refusal = decide(state, command, now, actor)
    assert isinstance(refusal, Refusal), refusal
    return refusal.code


def founded(**changes):
    fields = {"id": ORG, "name": "Amina Textiles", "kind": "firm", "economy": "KE", "founder": "ann", **changes}
    return after(None, asked.Register(**fields), person("ann"))


def joined(state, name, role, inviter="ann"):
    state = after(state, asked.Invite(f"inv-{name}", f"{name}@example.org", role, f"digest-{name}"), person(inviter))
    return after(state, asked.AcceptInvitation(f"digest-{name}", (f"{name}@example.org",)), person(name, ""))


def test_the_founder_is_the_owner():
    state = founded(name="  Amina \n Textiles ")
    assert (state.name, state.economy, dict(state.roles)) == ("Amina Textiles", "KE", {"ann": Role.OWNER})


def test_everything_wrong_with_a_registration_is_said_at_once():
    refusal = decide(None, asked.Register(ORG, " ", "cartel", "Kenya", "ann"), NOW, person("ann"))
    assert isinstance(refusal, Refusal)
    codes = [(each.code, each.where) for each in refusal.every]
    assert codes == [
        ("organisation_name_invalid", "name"),
        ("organisation_kind_unknown", "kind"),
        ("economy_unknown", "economy"),
    ]


def test_an_agency_is_registered_by_the_operator_alone():
    command = asked.Register(ORG, "Customs", "agency", "KE", "")
    assert code(None, command, person("ann")) == "permission_missing"
    assert after(None, command, OPERATOR).roles == {}


def test_an_invitation_is_accepted_once_by_its_address_in_time():
    state = after(founded(), asked.Invite("inv", "Bo@Example.org", "viewer", DIGEST), person("ann"))
    accept = asked.AcceptInvitation(DIGEST, ("bo@example.org",))
    assert code(state, accept, person("bo", ""), NOW + INVITATION_LIFETIME) == "invitation_unknown"
    other = asked.AcceptInvitation(DIGEST, ("eve@example.org",))
    assert code(state, other, person("eve", "")) == "invitation_of_another"
    state = after(state, accept, person("bo", ""), NOW + INVITATION_LIFETIME - timedelta(seconds=1))
    assert state.roles["bo"] is Role.VIEWER
    assert code(state, accept, person("bo")) == "invitation_unknown"


def test_a_second_invitation_of_an_address_replaces_the_first():
    state = after(founded(), asked.Invite("one", "bo@example.org", "administrator", DIGEST), person("ann"))
    state = after(state, asked.Invite("two", "bo@example.org", "viewer", "b" * 64), person("ann"))
    assert [(each.id, each.role) for each in state.invitations] == [("two", Role.VIEWER)]
    state = after(state, asked.WithdrawInvitation("two"), person("ann"))
    assert state.invitations == ()


@pytest.mark.parametrize("email", ["", "bo", "bo@home", "a b@example.org", "x" * 250 + "@example.org", "a@b.c\u0000"])
def test_an_address_that_is_none(email):
    assert code(founded(), asked.Invite("i", email, "viewer", DIGEST), person("ann")) == "invitation_address_invalid"


def test_an_owner_is_made_and_removed_by_an_owner_alone():
    state = joined(founded(), "adm", "administrator")
    for command in (asked.ChangeRole("adm", "owner"), asked.ChangeRole("ann", "viewer"), asked.RemoveMember("ann")):
        assert code(state, command, person("adm")) == "owner_needed"
    assert code(state, asked.Invite("i", "x@example.org", "owner", DIGEST), token(Scope.ADMINISTER)) == "owner_needed"
    state = after(state, asked.ChangeRole("adm", "owner"), person("ann"))
    state = after(state, asked.RemoveMember("ann"), person("ann"))
    assert dict(state.roles) == {"adm": Role.OWNER}
    assert code(state, asked.RemoveMember("adm"), person("adm")) == "owner_last"


def test_a_member_may_leave():
    state = joined(founded(), "bo", "viewer")
    assert "bo" not in after(state, asked.RemoveMember("bo"), person("bo")).roles


CHANGES = {
    Permission.MANAGE_DETAILS: [
        asked.Rename("New"),
        asked.DeclareSize(3, 1, 1),
        asked.NameUltimateOwner(OTHER),
        asked.DeclareHolders(({"owner": OTHER, "share": "30"},)),
        asked.AddIdentifier("company_number", "123"),
        asked.RemoveIdentifier("lei"),
    ],
    Permission.MANAGE_MEMBERS: [
        asked.AskSecondFactor(asked=True),
        asked.Invite("i", "x@example.org", "viewer", DIGEST),
        asked.WithdrawInvitation("none"),
        asked.ChangeRole("ann", "viewer"),
        asked.RemoveMember("ann"),
    ],
}


@pytest.mark.parametrize("role", [*Role, None])
@pytest.mark.parametrize(("permission", "command"), [(p, c) for p, cs in CHANGES.items() for c in cs])
def test_every_role_against_every_command(role, permission, command):
    state = founded() if role is None else joined(founded(), "bo", role)
    result = decide(state, command, NOW, person("bo"))
    refused = isinstance(result, Refusal) and result.code == "permission_missing"
    assert refused is (role not in {Role.OWNER, Role.ADMINISTRATOR})
    # Whoever acts for another organisation has no permission here, whatever the role.
    elsewhere = decide(state, command, NOW, person("bo", OTHER))
    assert isinstance(elsewhere, Refusal)
    assert elsewhere.params == {"permission": permission}


def test_a_token_may_do_what_its_scopes_name_in_its_own_organisation():
    state = founded()
    assert after(state, asked.Rename("New"), token(Scope.ADMINISTER)).name == "New"
    for actor in (token(Scope.READ, Scope.WRITE, Scope.OPERATE), token(Scope.ADMINISTER, organisation=OTHER)):
        assert code(state, asked.Rename("New"), actor) == "permission_missing"
    assert Permission.MANAGE_OWNERS not in permissions_of(token(*Scope), ORG, {})


def verification(**changes):
    fields = {"id": "ver", "subject": "identity", "evidence": "Extract of the register", "digest": DIGEST}
    return asked.Verify(**{**fields, "until": date(2027, 6, 30), **changes})


def test_who_verifies():
    state = founded()
    done = after(state, verification(), OPERATOR)
    held = done.find_verification(Subject.IDENTITY, NOW.date())
    assert held is not None
    assert (held.by, held.digest, held.until) == ("system:operator", DIGEST, date(2027, 6, 30))
    assert done.find_verification(Subject.IDENTITY, date(2027, 7, 1)) is None
    authority = Actor(ActorKind.PERSON, "otto", OTHER, Capacity.AGENCY)
    assert after(state, verification(authority_of="KE"), authority).verifications[0].by_organisation == OTHER
    assert code(state, verification(authority_of="UG"), authority) == "verifier_unentitled"
    assert code(state, verification(), person("ann")) == "verification_of_itself"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"subject": "lei"}, "verification_subject_unknown"),
        ({"subject": "beauty"}, "verification_subject_unknown"),
        ({"evidence": " "}, "evidence_missing"),
        ({"digest": "A" * 64}, "evidence_missing"),
        ({"until": NOW.date()}, "until_past"),
    ],
)
def test_what_cannot_be_verified(changes, expected):
    assert code(founded(), verification(**changes), OPERATOR) == expected


def test_an_identifier_that_goes_takes_its_verification_along():
    state = after(founded(), asked.AddIdentifier("company_number", "C-1234"), person("ann"))
    state = after(state, verification(subject="company_number"), OPERATOR)
    assert code(state, asked.AddIdentifier("company_number", "C-99"), person("ann")) == "identifier_twice"
    state = after(state, asked.RemoveIdentifier("company_number"), person("ann"))
    assert (state.identifiers, state.verifications) == ({}, ())


@pytest.mark.parametrize(
    ("scheme", "one", "other", "same"),
    [
        ("company_number", ("KE", "C-1234"), ("KE", "kec.1234"), True),
        ("company_number", ("KE", "0012"), ("KE", "12"), True),
        ("company_number", ("KE", "C1234"), ("UG", "C1234"), False),
        ("vat", ("TZ", "10 05 1"), ("TZ", "TZ10051"), True),
        ("vat", ("DE", "DE136695976"), ("DE", "136695976"), True),
        ("lei", ("KE", "213800KUD8LAJWSQ9D15"), ("GB", "2138 00KUD8LAJWSQ9D15"), True),
        ("eori", ("KE", "DE1234"), ("DE", "de 1234"), True),
        ("eori", ("DE", "DE1234"), ("DE", "DE01234"), False),
    ],
)
def test_identifiers_are_compared_by_what_a_register_means(scheme, one, other, same):
    keys = []
    for economy, value in (one, other):
        read = read_identifier(scheme, value, economy)
        assert not isinstance(read, Refusal), read
        keys.append(read.key(economy))
    assert (keys[0] == keys[1]) is same


def test_an_identifier_is_verified_for_one_owner_group_alone():
    state = after(founded(), asked.AddIdentifier("company_number", "C1"), person("ann"))
    other = after(replace(state, id=OTHER), verification(subject="company_number"), OPERATOR)
    again = verification(subject="company_number", held_by=(other,))
    refusal = decide(state, again, NOW, OPERATOR)
    assert isinstance(refusal, Refusal)
    assert (refusal.code, refusal.params) == ("identifier_of_another", {"scheme": "company_number", "holder": OTHER})
    # Named alone, an owner joins nothing; once it is confirmed, both have one vote.
    owned = after(state, asked.NameUltimateOwner(OTHER), person("ann"))
    assert code(owned, again, OPERATOR) == "identifier_of_another"
    owned = after(after(owned, verification(subject="owner"), OPERATOR), again, OPERATOR)
    assert owned.has_identifier(NOW.date())
    # Whoever leaves the group, or names nobody after the confirmation has ended, takes no identifier along.
    ended = after(owned, asked.RevokeVerification("ver", "sold"), OPERATOR)
    for each in (owned, ended):
        assert not after(each, asked.NameUltimateOwner(""), person("ann")).has_identifier(NOW.date())


def held(**shares):
    return asked.DeclareHolders(tuple({"owner": f"org_{name * 32}", "share": share} for name, share in shares.items()))


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        (held(a="24.99"), "holders_unreadable"),
        (held(a="50.01"), "holder_controls"),
        (held(a="50", b="50", c="25"), "holders_unreadable"),
        (held(a="33,3"), "holders_unreadable"),
        (held(a=30), "holders_unreadable"),
        (asked.DeclareHolders(({"owner": ORG, "share": "30"},)), "holders_unreadable"),
        (asked.DeclareHolders(({"owner": OTHER, "share": "30"},) * 2), "holders_unreadable"),
        (asked.DeclareHolders(({"share": "30"},)), "holders_unreadable"),
    ],
)
def test_holders_that_are_none(command, expected):
    assert code(founded(), command, person("ann")) == expected


def test_holders_count_once_verified_and_are_not_shaken_off_on_the_eve_of_a_vote():
    state = after(founded(), held(b="25", a="33.34"), person("ann"))
    assert [(each.owner[4], each.percent) for each in state.holders] == [("a", "33.34"), ("b", "25")]
    assert state.find_holders(NOW.date()) == ()
    state = after(after(state, verification(), OPERATOR), verification(id="v2", subject="holders"), OPERATOR)
    assert state.find_holders(NOW.date()) == state.holders
    more = after(state, held(a="40", b="25"), person("ann"))
    assert (more.find_holders(NOW.date()), bool(more.find_verification(Subject.IDENTITY, NOW.date()))) == ((), True)
    less = after(state, held(a="33.34"), person("ann"))
    assert (less.find_holders(NOW.date()), less.find_verification(Subject.IDENTITY, NOW.date())) == ((), None)
    assert code(founded(), verification(subject="holders"), OPERATOR) == "verification_subject_unknown"


@pytest.mark.parametrize("size", [(-1, 0, 0), (True, 0, 0), ("3", 0, 0), (1.5, 0, 0), (10**15, 0, 0), (None, 0, 0)])
def test_a_size_that_is_none(size):
    assert code(founded(), asked.DeclareSize(*size), person("ann")) == "size_unreadable"


def test_what_changes_nothing_is_no_event():
    state = after(founded(), asked.DeclareSize(3, 2, 1), person("ann"))
    assert state.size == FirmSize(3, 2, 1)
    for command in (
        asked.Rename(state.name),
        asked.DeclareSize(3, 2, 1),
        asked.NameUltimateOwner(""),
        asked.AskSecondFactor(asked=False),
        asked.ChangeRole("ann", "owner"),
    ):
        assert decide(state, command, NOW, person("ann")) == ()
    for owner in (ORG, "nonsense"):
        assert code(state, asked.NameUltimateOwner(owner), person("ann")) == "owner_circular"


def test_what_was_never_registered_is_unknown_and_registering_again_changes_nothing():
    assert code(None, asked.Rename("New"), OPERATOR) == "organisation_unknown"
    again = asked.Register(ORG, "Another", "firm", "KE", "bo")
    assert decide(founded(), again, NOW, person("bo")) == ()


def test_a_verification_is_revoked_by_whoever_stated_it_once_and_with_a_reason():
    authority = Actor(ActorKind.PERSON, "otto", OTHER, Capacity.AGENCY)
    state = after(founded(), verification(authority_of="KE"), authority)
    revoke = asked.RevokeVerification("ver", " The extract was forged. ")
    assert code(state, asked.RevokeVerification("none", "x"), OPERATOR) == "verification_unknown"
    for stranger in (person("ann"), person("eve", "org_" + "2" * 32), person("eve", "")):
        assert code(state, revoke, stranger) == "verification_of_another"
    for reason in (" ", "x" * 201, "a\x1b"):
        assert code(state, asked.RevokeVerification("ver", reason), authority) == "revocation_reason_missing"
    done = after(state, revoke, authority)
    assert (done.verifications[0].ended, done.verifications[0].reason) == (NOW, "The extract was forged.")
    assert done.find_verification(Subject.IDENTITY, NOW.date()) is None
    assert done.find_verification(Subject.IDENTITY, NOW.date() - timedelta(days=1)) is not None
    assert decide(done, revoke, NOW, OPERATOR) == ()


def test_the_clock_ends_what_is_over_once_and_not_before():
    state = after(founded(), asked.Invite("inv", "bo@example.org", "viewer", DIGEST), person("ann"))
    state = after(state, verification(until=date(2026, 7, 1)), OPERATOR)
    lapsed = datetime(2026, 7, 2, tzinfo=UTC)
    for command, due in (
        (asked.ExpireInvitation("inv"), NOW + INVITATION_LIFETIME),
        (asked.LapseVerification("ver"), lapsed),
    ):
        assert code(state, command, OPERATOR, due - timedelta(microseconds=1)) == "timer_not_due"
        assert code(state, command, person("ann"), due) == "permission_missing"
        done = after(state, command, OPERATOR, due)
        assert done != state
        assert decide(done, command, due, OPERATOR) == ()
    assert after(state, asked.ExpireInvitation("inv"), OPERATOR, NOW + INVITATION_LIFETIME).invitations == ()
    assert after(state, asked.LapseVerification("ver"), OPERATOR, lapsed).verifications[0].ended == lapsed


def test_what_is_changed_is_no_longer_verified():
    state = after(founded(), asked.DeclareSize(5000, 10**9, 10**9), person("ann"))
    for number, subject in enumerate(("identity", "size")):
        state = after(state, verification(id=f"ver-{number}", subject=subject), OPERATOR)
    for command, gone in (
        (asked.DeclareSize(5, 1, 1), {Subject.SIZE}),
        (asked.Rename("Ministry of Finance"), {Subject.IDENTITY}),
        # Whoever names an owner that has not agreed leaves no group.
        (asked.NameUltimateOwner(OTHER), set()),
    ):
        changed = after(state, command, person("ann"))
        held = {each for each in Subject if changed.find_verification(each, NOW.date())}
        assert held == {Subject.IDENTITY, Subject.SIZE} - gone
    owned = after(state, asked.NameUltimateOwner(OTHER), person("ann"))
    owned = after(owned, verification(id="ver-2", subject="owner"), OPERATOR)
    assert owned.find_controller(NOW.date()) == OTHER
    left = after(owned, asked.NameUltimateOwner(""), person("ann"))
    assert left.find_controller(NOW.date()) == ""
    assert left.find_verification(Subject.IDENTITY, NOW.date()) is None
    # Its owner may change its mind; the name alone confirms nothing again.
    back = after(left, asked.NameUltimateOwner(OTHER), person("ann"))
    assert back.find_controller(NOW.date()) == ""


def test_an_owner_is_confirmed_by_itself_and_by_nobody_else():
    state = founded()
    assert code(state, verification(subject="owner"), OPERATOR) == "verification_subject_unknown"
    state = after(state, asked.NameUltimateOwner(OTHER), person("ann"))
    owner, authority = person("bo", OTHER), Actor(ActorKind.PERSON, "otto", "org_" + "2" * 32, Capacity.AGENCY)
    assert code(state, verification(subject="owner", authority_of="KE", speaks=True), authority) == "owner_confirms"
    assert code(state, verification(subject="owner"), owner) == "owner_confirms"
    assert code(state, verification(subject="identity", speaks=True), owner) == "verifier_unentitled"
    assert after(state, verification(subject="owner", speaks=True), owner).find_controller(NOW.date()) == OTHER
