"""Acts adopted: from its day on, each kind of act is what the next answer counts, in both paths."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from ewtp.apps.assessment.actions.assessment import assessment_create
from ewtp.apps.rulebook.reading.changeset_file import changeset_file_read
from ewtp.core.values.refusal import Refusal
from tests.apps.rulebook.adopted_law import AFTER, BEFORE, COFFEE, LAW, SEED, again, answer, duty
from tests.apps.rulebook.conftest import Desk
from tests.page_text import page_text
from tests.shared_rows import shared_rows

if TYPE_CHECKING:
    from pathlib import Path

    from django.test import Client

FROM = "from 2026-03-01 without sunset"


@shared_rows
def acts_law_rows(folder: Path) -> Desk:
    """A tariff with a requirement, and the territory that it is of."""
    desk = Desk(folder)
    desk.load_seed(SEED)
    desk.bring(*LAW)
    return desk


@pytest.fixture
def law(acts_law_rows: Desk, desk: Desk) -> Desk:
    return desk.follow(acts_law_rows)


def adopt(law: Desk, text: str, folder: Path) -> None:
    """Give effect to the change that acts make of the law in force."""
    file = folder / "reform.acts"
    file.write_text(text)
    read = changeset_file_read(file)
    assert not isinstance(read, Refusal), read.message
    law.give_effect(read.changeset)


def papers(**fields: object) -> list[list[str]]:
    return [[each["document"] for each in answer(day, **fields)["requirements"]] for day in (BEFORE, AFTER)]


def test_a_requirement_ends(law: Desk, tmp_path: Path):
    adopt(law, f"end requirement of ZM on 0901 {FROM}", tmp_path)
    for _ in range(2):
        assert papers() == [["Licence"], []]
        again(law)


def test_a_rate_is_another_for_some_codes(law: Desk, tmp_path: Path):
    adopt(law, f'replace expression with "5%" in duty of ZM on {COFFEE} {FROM}', tmp_path)
    assert (duty(BEFORE), duty(AFTER)) == (100, 50)


def test_goods_of_one_origin_are_exempt(law: Desk, tmp_path: Path):
    adopt(law, f"exempt KE from requirement of ZM {FROM}", tmp_path)
    assert papers() == [["Licence"], []]
    assert papers(origin="MW") == [["Licence"], ["Licence"]]


def test_a_paper_is_recognised_where_it_is_claimed(law: Desk, tmp_path: Path):
    act = 'recognise "Certificate" of "Directorate of Kenya" for requirement of ZM by "Coffee Board" on 0901 origin KE'
    adopt(law, f"{act} claim KE-coffee {FROM}", tmp_path)
    assert papers() == [["Licence"], ["Licence"]]
    (option,) = [each for each in answer(AFTER)["options"] if each["claim"] == "KE-coffee"]
    assert [each["document"] for each in option["lifts"]] == ["Licence"]
    assert answer(AFTER, claims=["KE-coffee"])["requirements"] == []


def test_a_paper_may_be_shown_in_electronic_form(law: Desk, tmp_path: Path, client: Client):
    adopt(law, f"accept electronic requirement of ZM on 0901 as eCert {FROM}", tmp_path)
    for _ in range(2):
        forms = [answer(day)["requirements"][0]["electronic"] for day in (BEFORE, AFTER)]
        assert forms == [None, {"standard": "eCert"}]
        again(law)
    line = {"hs": COFFEE, "value": {"amount": "1000", "currency": "USD"}}
    stored = assessment_create(
        now=timezone.now(), body={"from": "KE", "to": "ZM", "date": AFTER.isoformat(), "lines": [line]}
    )
    assert not isinstance(stored, Refusal), stored
    page = page_text(client.get(f"/answers/{stored.id}", headers={"accept-language": "en"}).content.decode())
    assert 'The paper may be shown in electronic form (<span lang="en" dir="ltr">eCert</span>).' in page


def test_an_agency_answers_in_time_and_an_economy_joins(law: Desk, tmp_path: Path):
    adopt(law, f'answer within 4 days of ZM by "Coffee Board" {FROM}', tmp_path)
    assert answer(AFTER)["requirements"][0]["promise"]["days"] == 4
    adopt(law, f"join ZM-FTA economy KE {FROM}", tmp_path)
    assert [duty(day, claims=["ZM-FTA"]) for day in (AFTER,)] == [0]
