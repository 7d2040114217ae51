"""The UK Trade Tariff API: both shapes of one answer, every kind of measure, areas, and whole official answers."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from ewtp.core.rulebook.expressions.parser import parse
from ewtp.core.rulebook.measure import Direction, Kind, Measure
from ewtp.core.rulebook.records import Importing, RowRefused
from ewtp.core.rulebook.territory import Group, TariffLine
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.official_files.uk import trade_tariff_api
from tests.reference_data import RETRIEVED, reference

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal
    from pathlib import Path

START = "2024-01-01T00:00:00.000Z"


def component(
    amount: float | Decimal | None,
    number: str = "01",
    money: str | None = None,
    unit: str | None = None,
    qualifier: str | None = None,
):
    return {
        "duty_expression_id": number,
        "duty_amount": amount,
        "monetary_unit_code": money,
        "measurement_unit_code": unit,
        "measurement_unit_qualifier_code": qualifier,
    }


def measure(
    sid: str,
    kind: str,
    series: str = "C",
    area: str = "1011",
    amount: float | None = None,
    **more: Any,
) -> dict[str, Any]:
    """A measure of the flattened answer."""
    components = [] if amount is None else [component(amount)]
    made: dict[str, Any] = {
        "id": sid,
        "measure_type": {"id": kind, "description": f"Type {kind}", "measure_type_series_id": series},
        "effective_start_date": START,
        "effective_end_date": None,
        "duty_expression": {"base": ""},
        "measure_components": components,
        "measure_conditions": [],
        "geographical_area": {"id": area, "description": area, "geographical_area_id": area},
        "excluded_countries": [],
        "legal_acts": [],
        "order_number": None,
    }
    return made | more


def answer(*imports: dict[str, Any], exports: tuple[dict[str, Any], ...] = ()) -> dict[str, Any]:
    return {
        "goods_nomenclature_item_id": "6109100010",
        "description_plain": "T-shirts",
        "validity_start_date": START,
        "import_measures": list(imports),
        "export_measures": list(exports),
        "meta": {"duty_calculator": {"source": "uk"}},
    }


def as_json_api(flat: dict[str, Any]) -> dict[str, Any]:
    """The same answer as the public service sends it, with relationships into ``included``."""
    included: dict[tuple[str, str], dict[str, Any]] = {}
    related = {"measure_type", "duty_expression", "geographical_area", "order_number", "additional_code", "definition"}
    listed = {
        "measure_components": "measure_component",
        "measure_conditions": "measure_condition",
        "excluded_countries": "geographical_area",
        "legal_acts": "legal_act",
        "children_geographical_areas": "geographical_area",
        "import_measures": "measure",
        "export_measures": "measure",
        "measure_condition_components": "measure_condition_component",
    }

    def placed(value: dict[str, Any], kind: str) -> dict[str, str]:
        identity = str(value.get("id") or f"{kind}-{len(included)}")
        included.setdefault((kind, identity), {}).update(item(value, kind, identity))
        return {"id": identity, "type": kind}

    def item(value: dict[str, Any], kind: str, identity: str) -> dict[str, Any]:
        made: dict[str, Any] = {"id": identity, "type": kind, "attributes": {}, "relationships": {}}
        for name, each in value.items():
            if name in listed:
                made["relationships"][name] = {"data": [placed(one, listed[name]) for one in each]}
            elif name in related:
                made["relationships"][name] = {"data": placed(each, name) if each is not None else None}
            elif name == "meta":
                made["meta"] = each
            elif name != "id":
                made["attributes"][name] = each
        return made

    data = item(flat, "commodity", "1")
    return {"data": data, "included": list(included.values())}


def read(path: Path, document: object) -> list[object]:
    path.write_text(json.dumps(document))
    importing = trade_tariff_api.read(path, retrieved=RETRIEVED)
    assert isinstance(importing, Importing), importing
    return list(importing.records)


def measures(records: Sequence[object]) -> list[Measure]:
    return [r for r in records if isinstance(r, Measure)]


def full_answer() -> dict[str, Any]:
    european = {
        "id": "1013",
        "description": "European Union",
        "geographical_area_id": "1013",
        "children_geographical_areas": [{"id": "DE", "description": "Germany", "geographical_area_id": "DE"}],
    }
    condition = {
        "id": "c1",
        "condition_code": "B",
        "document_code": "N851",
        "requirement": "Phytosanitary certificate",
        "measure_condition_components": [],
    }
    quota = {
        "id": "o1",
        "number": "050922",
        "definition": {
            "id": "d1",
            "initial_volume": "54000.0",
            "measurement_unit": "Kilogram (kg)",
            "validity_start_date": START,
            "validity_end_date": "2024-12-31T00:00:00.000Z",
        },
    }
    return answer(
        measure("1", "103", amount=12.0),
        measure("2", "142", area="1013", amount=0.0, geographical_area=european),
        measure("3", "143", area="CH", amount=0.0, order_number=quota),
        measure(
            "4",
            "552",
            series="D",
            amount=48.5,
            area="CN",
            additional_code={"id": "a", "code": "C999", "description": "Others"},
        ),
        measure("5", "117", amount=0.0),
        measure("6", "305", series="P", amount=20.0),
        measure(
            "7",
            "360",
            series="B",
            measure_conditions=[condition],
            excluded_countries=[{"id": "XS", "geographical_area_id": "XS"}],
        ),
        measure("8", "277", series="A", area="KP"),
        measure("9", "109", series="O", measure_components=[component(None, "99", None, "NAR")]),
        measure("10", "696", series="J", area="5050", amount=25.0),
        exports=(measure("11", "357", series="B", measure_conditions=[condition]),),
    )


def test_every_kind_of_measure_in_both_shapes(tmp_path):
    flat, public = read(tmp_path / "f.json", full_answer()), read(tmp_path / "p.json", as_json_api(full_answer()))
    assert flat == public
    found = {m.id.rsplit("-", 1)[1]: m for m in measures(flat)}
    assert {sid: m.kind for sid, m in found.items()} == {
        "1": Kind.DUTY,
        "2": Kind.PREFERENCE,
        "3": Kind.QUOTA,
        "4": Kind.ADDITIONAL_DUTY,
        "5": Kind.PREFERENCE,
        "6": Kind.TAX,
        "7": Kind.REQUIREMENT,
        "8": Kind.PROHIBITION,
        "10": Kind.ADDITIONAL_DUTY,
        "11": Kind.REQUIREMENT,
    }
    assert found["1"].expression == "12.00%"
    assert found["1"].validity.start == date(2024, 1, 1)
    assert found["2"].origins.include == ("GB-1013",)
    assert found["3"].order_number == "050922"
    assert found["3"].conditions[0].text == "54000 Kilogram (kg), 2024-01-01 to 2024-12-31"
    assert found["5"].origins.include == ("GB-authorised-use",)
    assert (found["6"].programme, found["6"].base) == ("vat", "duty_paid")
    assert (found["7"].document, found["7"].origins.exclude) == ("N851", ("RS",))
    assert found["8"].origins.include == ("KP",)
    assert found["11"].direction is Direction.EXPORT
    # A rate for one producer, and an area whose members are not listed, are never charged to everybody.
    assert [c.kind for c in found["4"].conditions] == ["additional_code"]
    assert [c.kind for c in found["10"].conditions] == ["area"]
    line = next(r for r in flat if isinstance(r, TariffLine))
    assert (line.code, line.units, line.description) == ("6109100010", ("C62",), "T-shirts")
    groups = {g.id: g for g in flat if isinstance(g, Group)}
    assert groups["GB-1013"].origin_scheme == "GB-eu"
    assert groups["GB-1013"].holds("DE", date(2024, 1, 1))
    assert groups["GB-CH"].holds("CH", date(2024, 1, 1))


def test_a_unit_without_words_falls_back_on_the_tariffs_own_text(tmp_path):
    odd = measure(
        "1",
        "552",
        series="D",
        measure_components=[component(144.1, "01", "GBP", "CCT")],
        duty_expression={"base": "144.10 GBP / ct/l"},
    )
    (found,) = measures(read(tmp_path / "a.json", answer(odd)))
    assert found.expression == "144.10 GBP / ct/l"
    # A percentage of a quantity is never taken for one of the value.
    of_litres = measure("2", "306", series="Q", measure_components=[component(16.5, "01", None, "LTR")])
    of_litres |= {"duty_expression": {"base": "16.50 % / l"}}
    (found,) = measures(read(tmp_path / "a.json", answer(of_litres)))
    assert isinstance(parse(found.expression, currency="GBP"), Refusal)


def test_a_rate_that_a_condition_decides_is_not_computed(tmp_path):
    by_price = [
        {"id": "c", "condition_code": "V", "document_code": "", "measure_condition_components": [component(14.4)]},
    ]
    (found,) = measures(
        read(tmp_path / "a.json", answer(measure("1", "103", amount=14.4, measure_conditions=by_price))),
    )
    assert found.expression == "Entry Price"
    by_paper = [
        {"id": "c", "condition_code": "A", "document_code": "D008", "measure_condition_components": [component(14.4)]},
    ]
    (found,) = measures(
        read(tmp_path / "a.json", answer(measure("1", "552", series="D", amount=14.4, measure_conditions=by_paper))),
    )
    assert isinstance(parse(found.expression, currency="GBP"), Refusal)


def test_a_vat_rate_beside_another_has_to_be_claimed_and_one_alone_does_not(tmp_path):
    zero = measure(
        "2",
        "305",
        series="P",
        amount=0.0,
        additional_code={"id": "z", "code": "VATZ", "description": "zero"},
    )
    standard, reduced = measures(read(tmp_path / "a.json", answer(measure("1", "305", series="P", amount=20.0), zero)))
    assert [(c.kind, c.value) for c in standard.conditions] == [("unless_claim", "VATZ")]
    assert [(c.kind, c.value) for c in reduced.conditions] == [("claim", "VATZ")]
    (alone,) = measures(read(tmp_path / "a.json", answer(zero)))
    assert alone.conditions == ()


def test_a_duty_for_an_authorised_use_is_an_option_beside_the_duty_and_the_duty_where_there_is_no_other(tmp_path):
    use = measure("2", "105", amount=0.0)
    assert [m.kind for m in measures(read(tmp_path / "a.json", answer(measure("1", "103", amount=8.0), use)))] == [
        Kind.DUTY,
        Kind.PREFERENCE,
    ]
    assert [m.kind for m in measures(read(tmp_path / "a.json", answer(use)))] == [Kind.DUTY]


def test_rows_that_cannot_be_taken_are_reported(tmp_path):
    records = read(
        tmp_path / "a.json",
        answer(
            measure("1", "999", series="Z", amount=1.0),
            measure("2", "103"),
            measure("3", "103", amount=1.0, effective_start_date=None),
            measure("4", "109", series="O", measure_components=[component(None, "99", None, "XYZ")]),
        ),
    )
    assert [(r.row, r.code) for r in records if isinstance(r, RowRefused)] == [
        (1, "measure_type_unknown"),
        (2, "measure_without_duty"),
        (3, "measure_undated"),
        (4, "unit_unknown"),
    ]
    # Each but the statistical unit stays as a measure that cannot be computed.
    kept = {m.id.rsplit("-", 1)[1]: m for m in measures(records)}
    assert {number: (m.kind, m.validity.start) for number, m in kept.items()} == {
        "1": (Kind.ADDITIONAL_DUTY, date(2024, 1, 1)),
        "2": (Kind.DUTY, date(2024, 1, 1)),
        "3": (Kind.DUTY, date(2024, 1, 1)),
    }
    assert all(isinstance(parse(m.expression, currency="GBP"), Refusal) for m in kept.values())


def test_other_files_are_refused(tmp_path):
    for name, text in (
        ("a.json", "[]"),
        ("b.json", "{}"),
        ("c.json", '{"data": {"attributes": {}}}'),
        ("d.json", '{"data":'),
        ("e.json", "7"),
    ):
        (tmp_path / name).write_text(text)
        refusal = trade_tariff_api.read(tmp_path / name, retrieved=RETRIEVED)
        assert isinstance(refusal, Refusal), name
        assert refusal.code == "file_not_uk_trade_tariff_api"
    northern = answer() | {"meta": {"duty_calculator": {"source": "xi"}}}
    (tmp_path / "xi.json").write_text(json.dumps(northern))
    refusal = trade_tariff_api.read(tmp_path / "xi.json", retrieved=RETRIEVED)
    assert isinstance(refusal, Refusal)
    assert refusal.code == "file_not_great_britain"


def test_areas_become_groups_in_both_shapes(tmp_path):
    flat = [
        {
            "id": "1035",
            "description": "SADC EPA",
            "geographical_area_id": "1035",
            "children_geographical_areas": [{"id": "ZA"}, {"id": "BW"}],
        },
        {"id": "NI", "description": "Nicaragua", "geographical_area_id": "NI", "children_geographical_areas": []},
    ]
    public = {
        "data": [
            {
                "id": "1035",
                "type": "geographical_area",
                "attributes": {"description": "SADC EPA"},
                "relationships": {
                    "children_geographical_areas": {
                        "data": [{"id": "ZA", "type": "geographical_area"}, {"id": "BW", "type": "geographical_area"}],
                    },
                },
            },
        ],
    }
    (one,) = read(tmp_path / "a.json", flat)
    assert [one] == read(tmp_path / "b.json", public)
    assert isinstance(one, Group)
    assert (one.id, [m.economy for m in one.members], one.origin_scheme) == ("GB-1035", ["ZA", "BW"], "GB-sacum")


@pytest.mark.parametrize(
    ("code", "count", "of_the_eu"),
    [("0102291010", 6, 1), ("0702000007", 50, 0), ("0809400500", 4, 1), ("7202118000", 7, 1)],
)
def test_whole_official_answers(code, count, of_the_eu):
    importing = trade_tariff_api.read(reference(f"examples/{code}.json.gz"), retrieved=RETRIEVED)
    assert isinstance(importing, Importing)
    records = list(importing.records)
    # A duty under Regulation 2658/87, such as 2.7% on ferro-manganese since 1999, is not the law of Great Britain.
    refused = [r.sentence.code for r in records if isinstance(r, RowRefused)]
    assert refused == ["measure_of_eu_tariff"] * of_the_eu
    imports = [m for m in measures(records) if m.direction is Direction.IMPORT]
    # Supplementary units are on the line and not a measure.
    line = next(r for r in records if isinstance(r, TariffLine))
    assert len(imports) + len(line.units) == count
    assert len({m.id for m in measures(records)}) == len(measures(records))


def test_the_whole_official_list_of_areas():
    importing = trade_tariff_api.read(reference("examples/uk_geographical_areas.json.gz"), retrieved=RETRIEVED)
    assert isinstance(importing, Importing)
    groups = list(importing.records)
    assert Counter(type(g).__name__ for g in groups) == {"Group": 50}
    union = next(g for g in groups if isinstance(g, Group) and g.id == "GB-1013")
    assert {"DE", "FR"} <= {m.economy for m in union.members}
