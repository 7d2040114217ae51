"""What a claim lifts is shown before it is claimed and after, on the page, on paper and in a terminal."""

from __future__ import annotations

import csv
import html
import io
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import orjson
import pytest
from rich.console import Console

from ewtp.apps.assessment.reading.answers import GivenAnswer
from ewtp.core.rulebook.measure import Condition
from ewtp.core.rulebook.service import Procedure, Service
from ewtp.gateways.typesetting.typst_process import set_document
from ewtp.web.command_line.answer_table import print_answer
from tests.core.assessment.small_book import SINCE, SOURCE, answered, ask, book
from tests.core.assessment.test_papers import DATA, DUTY, PERMIT, PREFERENCE, RECOGNITION

if TYPE_CHECKING:
    from ewtp.core.values.refusal import Refusal

CLAIM = "recognition:BB"
ADDRESS = "/answers/a0123456789"


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Shows the answer to a line with these claims as if it were stored."""

    def show(*claims: str) -> dict[str, Any]:
        lifting = replace(DATA, conditions=(Condition("unless_claim", "AA-BB"),))
        law = book([DUTY, PREFERENCE, PERMIT, lifting, RECOGNITION])
        answer = answered(ask(law, line={"claims": list(claims)})).as_json()
        monkeypatch.setattr(
            "ewtp.apps.assessment.surface.pages.assessment_read",
            lambda _: GivenAnswer(answer["id"], orjson.dumps(answer), kept=True),
        )
        return answer

    return show


def page_of(client: Any, language: str = "en") -> str:
    response = client.get(ADDRESS, headers={"accept-language": language})
    assert response.status_code == 200
    return " ".join(html.unescape(response.content.decode()).split())


def terminal(answer: dict[str, Any]) -> str:
    out = io.StringIO()
    print_answer(answer, console=Console(file=out, width=400))
    return out.getvalue()


@pytest.mark.django_db
def test_the_page_offers_the_claim_with_what_falls_away_and_the_accepted_paper(client: Any, shown: Any):
    shown()
    page = page_of(client)
    offered = page[page.index('id="save"') :]
    assert "fewer papers" in offered
    assert "Permit (Vets)" in offered
    assert "Health certificate (Veterinary Office of BB)" in offered
    assert f'name="claim" value="{CLAIM}"' in offered
    # One claim lowers the duty and lifts a paper; a rule of origin is of no concern to the other.
    assert offered.count("Falls away") == 2
    assert offered.count("Rule of origin") == 1


@pytest.mark.django_db
def test_the_page_says_what_need_not_be_shown_and_what_is_accepted_instead(client: Any, shown: Any):
    shown(CLAIM)
    page = page_of(client)
    needed = page[page.index('id="need"') : page.index('id="save"')]
    assert "Recognition of certificates of BB" in needed
    assert "Accepted instead" in needed
    assert "Health certificate (Veterinary Office of BB)" in needed
    assert "Permit (Vets)" in needed
    for language, words in (("fr", "Accepté à la place"), ("sw", "Inakubaliwa badala yake")):
        assert words in page_of(client, language)


@pytest.mark.parametrize("claims", [(), (CLAIM,)])
def test_the_printed_answer_the_letter_and_the_table_take_it(client: Any, shown: Any, claims: tuple[str, ...]):
    shown(*claims)
    assert client.get(f"{ADDRESS}.pdf").content.startswith(b"%PDF")
    letter = client.get(f"{ADDRESS}/ruling.txt").content.decode()
    # The letter asks about lower duties; a paper that may fall away is none.
    assert "Agreement with BB" in letter
    assert "Recognition of certificates" not in letter
    assert client.get(f"{ADDRESS}.csv").status_code == 200


def test_the_table_and_the_printed_answer_have_papers_promises_and_procedures(
    client: Any, shown: Any, monkeypatch: pytest.MonkeyPatch
):
    service = Service("AA", "Vets", "Permit", 9, SINCE, SOURCE, "charter, s. 3")
    vote = Procedure("AA", "days of a vote", "14", SINCE, SOURCE, "charter, s. 4")
    law = replace(book([DUTY, PERMIT]), services={"AA": (service,)}, procedures={"AA": (vote,)})
    answer = answered(ask(law)).as_json()
    shown()
    monkeypatch.setattr(
        "ewtp.apps.assessment.surface.pages.assessment_read",
        lambda _: GivenAnswer(answer["id"], orjson.dumps(answer), kept=True),
    )
    printed: dict[str, Any] = {}

    def keep(template: bytes, given: dict[str, str]) -> bytes | Refusal:
        printed.update(orjson.loads(given["data"]))
        return set_document(template, given)

    monkeypatch.setattr("ewtp.apps.assessment.surface.documents.set_document", keep)
    assert client.get(f"{ADDRESS}.pdf").content.startswith(b"%PDF")
    [permit] = printed["agencies"][0]["rules"]
    assert (permit["title"], permit["days"], permit["promised_by"]) == ("Permit", "9", "Test schedule, charter, s. 3")
    assert printed["procedures"] == [
        {"name": "days of a vote", "value": "14", "source": "Test schedule, charter, s. 4"}
    ]
    table = list(csv.DictReader(io.StringIO(client.get(f"{ADDRESS}.csv").content.decode("utf-8-sig"))))
    rows = {row["record"]: row for row in table}
    paper = rows["requirement"]
    assert (paper["kind"], paper["title"], paper["days"], paper["line"]) == ("Vets", "Permit", "9", "1")
    assert (rows["procedure"]["kind"], rows["procedure"]["title"]) == ("days of a vote", "14")


def test_a_terminal_shows_it(shown: Any):
    before, after = terminal(shown()), terminal(shown(CLAIM))
    assert f"Could claim: Recognition of certificates of BB (--claim {CLAIM}). Falls away: Permit (Vets)." in before
    assert "(--claim AA-BB). Falls away: Data (Port)." in before
    assert "Not needed: Permit (Vets). By Recognition of certificates of BB." in after
    assert "Accepted instead: Health certificate." in after


@pytest.mark.django_db
def test_an_answer_kept_before_papers_were_lifted_is_still_shown(client: Any, shown: Any):
    answer = shown()
    for line in answer["lines"]:
        del line["lifted"]
        for option in line["options"]:
            del option["lifts"]
    assert "Agreement with BB" in page_of(client)
    assert client.get(f"{ADDRESS}.pdf").content.startswith(b"%PDF")
