"""Which address leads to which view."""

from __future__ import annotations

from allauth.account.decorators import reauthentication_required
from allauth.usersessions.views import list_usersessions
from django.urls import include, path, re_path

from ewtp.apps.assessment.surface import invoice_pages
from ewtp.apps.assessment.surface import pages as assessment_pages
from ewtp.apps.barriers.surface import act_pages as barrier_act_pages
from ewtp.apps.barriers.surface import pages as barriers_pages
from ewtp.apps.batches.surface import pages as batches_pages
from ewtp.apps.distances.surface import pages as distances_pages
from ewtp.apps.hubs.surface import pages as hub_pages
from ewtp.apps.log_view.surface import pages as log_pages
from ewtp.apps.markets.surface import pages as markets_pages
from ewtp.apps.organisations.surface import operator_pages
from ewtp.apps.organisations.surface import pages as organisation_pages
from ewtp.apps.proposals.surface import (
    authorities_pages,
    effect_forms,
    effect_pages,
    proposal_files,
    shipment_pages,
)
from ewtp.apps.proposals.surface import pages as proposal_pages
from ewtp.apps.rulebook.surface import origin_pages
from ewtp.apps.rulebook.surface import pages as rulebook_pages
from ewtp.apps.updates.surface import pages as update_pages
from ewtp.web.api import api, not_found
from ewtp.web.health import healthz, readyz
from ewtp.web.language import language_choose, language_of_form
from ewtp.web.metrics import metrics
from ewtp.web.pages import components, components_file, not_here, rules

handler500 = "ewtp.web.unavailability.page_error"

urlpatterns = [
    path("healthz", healthz),
    path("readyz", readyz),
    path("metrics", metrics),
    path("api/v1/", not_found, {"rest": ""}),
    path("api/v1/", api.urls),
    re_path(r"^api/v1/(?P<rest>(?s:.*))$", not_found),
    path("", assessment_pages.ask, name="ask"),
    path("invoice", invoice_pages.invoice, name="invoice"),
    path("suggest", assessment_pages.suggestions, name="suggestions"),
    path("answers/<slug:assessment_id>", assessment_pages.answer, name="answer"),
    path("answers/<slug:assessment_id>.pdf", assessment_pages.pdf, name="answer_pdf"),
    path("answers/<slug:assessment_id>.csv", assessment_pages.csv, name="answer_csv"),
    path("answers/<slug:assessment_id>/change", assessment_pages.change, name="answer_change"),
    path("answers/<slug:assessment_id>/again", assessment_pages.again, name="answer_again"),
    path("answers/<slug:assessment_id>/keep", assessment_pages.keep, name="answer_keep"),
    path("answers/<slug:assessment_id>/ruling", assessment_pages.show_ruling, name="answer_ruling"),
    path("answers/<slug:assessment_id>/ruling.txt", assessment_pages.ruling_text, name="answer_ruling_text"),
    path("markets", markets_pages.markets, name="markets"),
    path("markets.csv", markets_pages.table, name="markets_csv"),
    path("origin", origin_pages.origin, name="origin"),
    path("measures/<path:measure_id>", rulebook_pages.measure, name="measure"),
    path("rulebook", rulebook_pages.rulebook, name="rulebook"),
    path("rulebook.csv", rulebook_pages.rulebook_csv, name="rulebook_csv"),
    path("rulebook/burden", batches_pages.burden, name="burden"),
    path("rulebook/burden.csv", batches_pages.burden_csv_file, name="burden_csv"),
    path("rulebook/sources", update_pages.sources, name="rulebook_sources"),
    path("rulebook/<str:code>", rulebook_pages.rulebook_territory, name="rulebook_territory"),
    path("distances", distances_pages.distances, name="distances"),
    path("distances.csv", distances_pages.distances_csv_file, name="distances_csv"),
    path("log", log_pages.log, name="log"),
    path("hubs", hub_pages.hubs, name="hubs"),
    path("hubs/<int:number>", hub_pages.hub, name="hub"),
    path("barriers", barriers_pages.barriers, name="barriers"),
    path("barriers.csv", barriers_pages.barriers_file, name="barriers_csv"),
    path("barriers/report", barriers_pages.report, name="report"),
    path("barriers/<slug:barrier_id>", barriers_pages.barrier, name="barrier"),
    path("barriers/<slug:barrier_id>/act", barrier_act_pages.barrier_acts, name="barrier_acts"),
    path("trade", not_here, {"part": "trade"}, name="trade"),
    path("clear", not_here, {"part": "clear"}, name="clear"),
    path("rules", rules, name="rules"),
    path("authorities", authorities_pages.authorities, name="authorities"),
    path("authorities/act", authorities_pages.authority_act, name="authority_act"),
    path("proposals.csv", proposal_files.proposals_csv, name="proposals_csv"),
    path("adoptions.csv", proposal_files.adoptions_csv, name="adoptions_csv"),
    path("proposals", proposal_pages.proposals, name="proposals"),
    path("proposals/new", proposal_pages.proposal_new, name="proposal_new"),
    path("proposals/<slug:proposal_id>", proposal_pages.proposal, name="proposal"),
    path("proposals/<slug:proposal_id>/effect", effect_pages.effect, name="proposal_effect"),
    path("proposals/<slug:proposal_id>/effect/plan", effect_forms.effect_plan, name="proposal_effect_plan"),
    path("proposals/<slug:proposal_id>/shipments", shipment_pages.proposal_shipments, name="proposal_shipments"),
    path("proposals/<slug:proposal_id>/act", proposal_pages.proposal_act, name="proposal_act"),
    path("account/", include("allauth.account.urls")),
    path("account/2fa/", include("allauth.mfa.urls")),
    # Whoever found a browser open does not end the sessions of its owner's other browsers.
    path("account/sessions/", reauthentication_required(list_usersessions, allow_get=True), name="usersessions_list"),
    path("organisations", organisation_pages.organisations, name="organisations"),
    path("organisations/<slug:organisation_id>", organisation_pages.organisation, name="organisation"),
    path("organisations/<slug:organisation_id>/act", organisation_pages.organisation_act, name="organisation_act"),
    path(
        "organisations/<slug:organisation_id>/history",
        organisation_pages.organisation_events,
        name="organisation_history",
    ),
    path("operator/organisations", operator_pages.operator_organisations, name="operator_organisations"),
    path(
        "operator/organisations/<slug:organisation_id>",
        operator_pages.operator_organisation,
        name="operator_organisation",
    ),
    path("invitations/<slug:secret>", organisation_pages.invitation, name="invitation"),
    path("components", components, name="components"),
    path("components.csv", components_file, name="components_csv"),
    path("language", language_choose, name="language"),
    path("language/<slug:page>", language_of_form, name="language_of_form"),
]
