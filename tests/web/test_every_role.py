"""Every role against every address and every route of the API: what is new has to be classed here."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from allauth.account.models import EmailAddress
from click.testing import CliRunner
from django.test import Client
from django.urls import URLResolver, get_resolver

from ewtp.apps.accounts.actions.tokens import NewToken, token_create
from ewtp.apps.accounts.reading.scopes import PUBLIC_SCOPES, Scope
from ewtp.apps.accounts.store.models import User
from ewtp.apps.organisations.actions.organisations import (
    NewInvitation,
    invitation_accept,
    member_invite,
    organisation_register,
)
from ewtp.core.organisations.organisation import Organisation
from ewtp.core.organisations.role import Role
from ewtp.web.api import api
from ewtp.web.command_line.main import main
from tests.actors import OPERATOR, person
from tests.second_factor import give_second_factor
from tests.shared_rows import shared_rows

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 30, 12, 0, tzinfo=UTC)

# By name of an address, or by its pattern where it has no name, who may open it.
ANYBODY, SIGNED_IN, MEMBERS = "anybody", "whoever is signed in", "members of the organisation"
OPERATORS, MEMBERS_AND_OPERATORS = "operators of the site", "members of the organisation and operators"
ADMITTED = {
    SIGNED_IN: {"outsider", "operator", *Role},
    MEMBERS: {*Role},
    OPERATORS: {"operator"},
    MEMBERS_AND_OPERATORS: {"operator", *Role},
}
PAGES = {
    **dict.fromkeys(("healthz", "readyz", "metrics", "language", "language_of_form"), ANYBODY),
    **dict.fromkeys(
        ("ask", "invoice", "suggestions", "markets", "markets_csv", "measure", "log", "trade", "clear", "rules"),
        ANYBODY,
    ),
    **dict.fromkeys(("barriers", "barriers_csv", "barrier", "report"), ANYBODY),
    "barrier_acts": SIGNED_IN,
    **dict.fromkeys(("rulebook", "rulebook_csv", "rulebook_sources", "rulebook_territory", "burden"), ANYBODY),
    "burden_csv": ANYBODY,
    **dict.fromkeys(("distances", "distances_csv", "origin"), ANYBODY),
    **dict.fromkeys(("proposals", "proposals_csv", "proposal", "proposal_effect", "proposal_shipments"), ANYBODY),
    **dict.fromkeys(("authorities", "adoptions_csv", "hubs", "hub"), ANYBODY),
    **dict.fromkeys(("proposal_new", "proposal_act", "proposal_effect_plan", "authority_act"), SIGNED_IN),
    **dict.fromkeys(("answer", "answer_pdf", "answer_csv", "answer_change", "answer_again", "answer_keep"), ANYBODY),
    **dict.fromkeys(("answer_ruling", "answer_ruling_text", "components", "components_csv", "invitation"), ANYBODY),
    # Ways in, and what the second step of signing in and a new password need.
    **dict.fromkeys(("account_login", "account_logout", "account_signup", "account_inactive"), ANYBODY),
    **dict.fromkeys(("account_email_verification_sent", "account_confirm_login_code"), ANYBODY),
    **dict.fromkeys(("account_reset_password", "account_reset_password_done"), ANYBODY),
    **dict.fromkeys(("account_reset_password_from_key", "account_reset_password_from_key_done"), ANYBODY),
    **dict.fromkeys(("mfa_authenticate", "mfa_login_webauthn"), ANYBODY),
    **dict.fromkeys(("account_reauthenticate", "account_request_reauthentication_code"), SIGNED_IN),
    **dict.fromkeys(("account_confirm_reauthentication_code", "account_email"), SIGNED_IN),
    **dict.fromkeys(("account_change_password", "account_set_password", "usersessions_list"), SIGNED_IN),
    **dict.fromkeys(("mfa_index", "mfa_reauthenticate", "mfa_reauthenticate_webauthn"), SIGNED_IN),
    **dict.fromkeys(("mfa_activate_totp", "mfa_deactivate_totp"), SIGNED_IN),
    **dict.fromkeys(("mfa_view_recovery_codes", "mfa_generate_recovery_codes"), SIGNED_IN),
    **dict.fromkeys(("mfa_download_recovery_codes", "mfa_list_webauthn", "mfa_add_webauthn"), SIGNED_IN),
    **dict.fromkeys(("mfa_remove_webauthn", "mfa_edit_webauthn", "organisations"), SIGNED_IN),
    **dict.fromkeys(("organisation", "organisation_act"), MEMBERS),
    "organisation_history": MEMBERS_AND_OPERATORS,
    **dict.fromkeys(("operator_organisations", "operator_organisation"), OPERATORS),
}
VISITORS = ("nobody", "outsider", "operator", *Role)


def addresses() -> dict[str, str]:
    """By name, an address of every pattern that is not a route of the API."""

    def below(resolver: URLResolver, start: str) -> Iterator[tuple[str, str]]:
        for one in resolver.url_patterns:
            path = start + str(one.pattern)
            if isinstance(one, URLResolver):
                yield from below(one, path)
            elif "api/v1/" not in path:
                yield one.name or path, path

    filled = {}
    for name, path in below(get_resolver(), ""):
        given = re.sub(r"\(\?P<\w+>[^)]*\)", "x", path).replace("^", "").removesuffix("$")
        filled[name] = "/" + re.sub(r"<int:\w+>", "1", re.sub(r"<(?:slug|path):\w+>", "{id}", given))
    return filled


@shared_rows
def own(folder: Path) -> Organisation:  # noqa: ARG001 - writers get one
    """An organisation with a member in every role; people are known by the name of their role."""
    users = {}
    for name in VISITORS[1:]:
        email = f"{name}@example.org"
        users[str(name)] = User.objects.create_user(username=email, email=email, is_staff=name == "operator")
        if name == "operator":
            give_second_factor(users[str(name)])
        EmailAddress.objects.create(user=users[str(name)], email=email, verified=True, primary=True)
    founder = users[Role.OWNER].person
    made = organisation_register(
        name="Amina", kind="firm", economy="KE", founder=founder, actor=person(founder), now=NOW
    )
    assert isinstance(made, Organisation)
    for role in (Role.ADMINISTRATOR, Role.TRADER, Role.VIEWER):
        user = users[role]
        invited = member_invite(
            organisation=made.id, email=user.email, role=role, actor=person(founder, made.id), now=NOW
        )
        assert isinstance(invited, NewInvitation)
        joined = invitation_accept(secret=invited.secret, emails=(user.email,), actor=person(user.person), now=NOW)
        assert isinstance(joined, Organisation)
    return made


def test_every_address_is_classed():
    assert set(addresses()) == set(PAGES)
    assert len(addresses()) > 40


@pytest.mark.parametrize("visitor", VISITORS)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_every_role_against_every_address(own: Organisation, visitor: str, method: str) -> None:
    client = Client()
    user = User.objects.filter(email=f"{visitor}@example.org").first()
    wrong = {}
    for name, address in addresses().items():
        if PAGES[name] == ANYBODY:
            continue
        if user is not None:
            client.force_login(user)
        response: Any = client.generic(method, address.replace("{id}", own.id))
        to_sign_in = response.status_code == 302 and response.headers["Location"].startswith("/account/login/")
        hidden = response.status_code == 404
        expected = (user is None, user is not None and visitor not in ADMITTED[PAGES[name]])
        # What a form does not name, and a key that is not there, is answered like a page that is not there.
        if (
            hidden
            and not expected[1]
            and (
                name in {"organisation_act", "operator_organisation", "barrier_acts", "proposal_act"}
                or name in {"proposal_effect_plan", "authority_act"}
                or name.startswith("mfa_")
            )
        ):
            hidden = False
        if response.status_code == 405:
            continue
        if (to_sign_in, hidden) != expected:
            wrong[name] = (response.status_code, response.headers.get("Location"))
    assert wrong == {}


@pytest.mark.parametrize("name", [name for name, who in PAGES.items() if who == ANYBODY])
def test_anybody_may_open_what_is_open(name: str) -> None:
    response = Client().get(addresses()[name].replace("{id}", "x"))
    assert response.status_code in {200, 302, 400, 404, 405, 409, 422}
    if response.status_code == 302:
        # A step of signing in or of a new password begins where its first step is.
        assert name.startswith(("account_", "mfa_"))


def routes() -> list[tuple[str, str, Scope | None, bool, bool]]:
    """Method, address, scope, whether it is an organisation's own, and whether it is for visitors, of every route."""
    declared = ("needed_scope", "own", "visitors")
    return [
        (method, "/api/v1" + re.sub(r"{\w+}", "a" + 32 * "0", route), *(view[name] for name in declared))
        for router in api._get_bound_routers()
        for route, path in router.path_operations.items()
        for operation in path.operations
        for method in operation.methods
        for view in [vars(operation.view_func)]
    ]


@pytest.mark.parametrize("held", [None, *Scope])
@pytest.mark.parametrize("owned", [True, False])
def test_every_caller_against_every_route(held: Scope | None, *, owned: bool) -> None:
    """A caller without a token, and tokens of one scope, of an organisation and of the operator."""
    headers = {}
    organisation = "org_" + 32 * "1" if owned and held is not Scope.OPERATE else ""
    if held is not None:
        made = token_create(name="t", scopes=[held], now=NOW, actor=OPERATOR, organisation=organisation)
        assert isinstance(made, NewToken)
        headers = {"Authorization": f"Bearer {made.secret}"}
    wrong = {}
    for method, address, scope, own, visitors in routes():
        response = Client().generic(method, address, b"{}", "application/json", headers=headers)
        if scope is None:
            let_in = True
        elif held is None:
            let_in = visitors or (scope in PUBLIC_SCOPES and not own)
        else:
            let_in = held == scope and (not own or bool(organisation) or held is Scope.OPERATE)
        if (response.status_code not in {401, 403}) is not let_in and not _decided(response, held):
            wrong[method, address] = (response.status_code, scope, own)
    assert wrong == {}


def _decided(response: Any, held: Scope | None) -> bool:
    """Whether the route was reached, and the organisation's own rules refused."""
    return held is not None and response.status_code == 403 and response.json()["code"] == "permission_missing"


@pytest.mark.usefixtures("small_rulebook")
def test_whoever_has_a_shell_is_the_operator(own: Organisation) -> None:
    made = CliRunner().invoke(main, ["token", "create", "--organisation", own.id, "--scope", "read", "--json"])
    assert made.exit_code == 0, made.output
    assert json.loads(made.output)["organisation"] == own.id
    assert json.loads(made.output)["made_by"].startswith("system:shell:")
    for arguments, code in (
        (["--organisation", own.id, "--scope", "operate"], "token_scope_unknown"),
        (["--organisation", "org_none"], "organisation_unknown"),
    ):
        refused = CliRunner().invoke(main, ["token", "create", *arguments])
        assert refused.exit_code == 2
        assert code in refused.output
