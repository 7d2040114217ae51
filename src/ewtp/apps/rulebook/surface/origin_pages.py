"""The page of the origin of goods: a form for the facts, and below it the decision with its rules."""

from __future__ import annotations

from http import HTTPStatus
from itertools import islice
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.shortcuts import render
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_safe

from ewtp.apps.http.surface.form import Form, clean_text, form_texts
from ewtp.apps.rulebook.reading.goods_origin import FACTS, TERRITORIES, origin_of_goods, read_goods
from ewtp.core.origin.change import ChangeVerdict
from ewtp.core.origin.origin_question import MOST_MATERIALS
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.reference.locale_formats import economy_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.http import HttpRequest, HttpResponse, QueryDict

    from ewtp.core.origin.decision import OriginDecision

_FIELDS = {name: name for name in (*FACTS, "material") if name != "whole"}
# The value of a box that is ticked.
_TICKED = "1"
# A page with a problem for each of two hundred lines would be a list that nobody reads.
_PROBLEMS_SHOWN = 10


@require_safe
def origin(request: HttpRequest) -> HttpResponse:
    """The form, and the decision once the address has materials; 422 with every problem beside its field.

    An address with the goods alone, to which an answer links, fills the form in.
    """
    materials = _read_lines(request.GET)
    facts = form_texts(request.GET, FACTS)
    if facts.get("whole") == _TICKED:
        facts["whole"] = "yes"
    form = Form(facts)
    context: dict[str, Any] = {
        "form": form,
        "materials": "\n".join(materials),
        "is_whole": facts.get("whole") == "yes",
        "destinations": [(code, economy_name(code, get_language() or "en")) for code in TERRITORIES],
        "yes_or_no": [("yes", gettext("Yes")), ("no", gettext("No"))],
    }
    if "material" in request.GET or "whole" in facts:
        decision = _decide(facts, materials)
        if isinstance(decision, Refusal):
            form.note_refusal(Refusal.join(decision.every[:_PROBLEMS_SHOWN]), _FIELDS)
        else:
            context |= _present_decision(decision)
            context["address"] = _write_api_address(facts, materials)
    status = HTTPStatus.OK if form.is_clean else HTTPStatus.UNPROCESSABLE_ENTITY
    return render(request, "pages/origin.html", context, status=status)


def _read_lines(query: QueryDict) -> list[str]:
    """The materials, one a line; one more than are read is kept, so that too many are refused."""
    lines = (clean_text(line) for text in query.getlist("material") for line in text.splitlines())
    return list(islice((line for line in lines if line), MOST_MATERIALS + 1))


def _decide(facts: Mapping[str, str], materials: Sequence[str]) -> OriginDecision | Refusal:
    read = read_goods(facts, materials)
    if isinstance(read, Refusal):
        return read
    economy, question = read
    return origin_of_goods(question, economy)


def _present_decision(decision: OriginDecision) -> dict[str, Any]:
    changes = {
        ChangeVerdict.MET: gettext("makes the change"),
        ChangeVerdict.NOT_MET: gettext("does not make the change"),
        ChangeVerdict.OPEN: gettext("its code and what is stated leave open whether it makes the change"),
    }
    return {
        "decision": decision,
        "judged": [(material, changes[verdict]) for material, verdict in decision.verdicts],
    }


def _write_api_address(facts: Mapping[str, str], materials: Sequence[str]) -> str:
    """Where programs get the same decision."""
    pairs = [*facts.items(), *(("material", text) for text in materials)]
    return f"/api/v1/origin?{urlencode(pairs)}"
