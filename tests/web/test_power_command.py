"""``ewtp power``: exact fractions, or an estimate that says what it is."""

from __future__ import annotations

import json

from click.testing import CliRunner

from ewtp.web.command_line.main import main

LARGE = ",".join(str(10**9 + number**5) for number in range(40))


def run(*words):
    return CliRunner().invoke(main, ["power", *words])


def test_the_indices_are_fractions():
    found = run("--quota", "12", "--weights", "4,4,4,2,2,1", "--json")
    assert found.exit_code == 0
    assert json.loads(found.output) == {
        "shapley": ["7/30", "7/30", "7/30", "3/20", "3/20", "0"],
        "banzhaf": ["5/21", "5/21", "5/21", "1/7", "1/7", "0"],
    }
    shown = run("--quota", "12", "--weights", "4,4,4,2,2,1").output.splitlines()
    assert shown[1].split() == ["1", "4", "7/30", "=", "0.233333", "5/21", "=", "0.238095"]


def test_a_long_fraction_is_shown_as_a_decimal():
    shown = run("--quota", "255", "--weights", ",".join(["29"] * 4 + ["27"] * 3 + ["13", "11"] * 20)).output
    assert "/" not in shown


def test_what_is_no_game_is_refused_with_status_2():
    found = run("--quota", "12", "--weights", "4,x", "--json")
    assert found.exit_code == 2
    error = json.loads(found.output)["error"]
    assert (error["code"], error["where"]) == ("power_number_unreadable", "weights")


def test_a_large_game_is_estimated_on_request_alone():
    refused = run("--quota", str(22 * 10**9), "--weights", LARGE, "--json")
    assert refused.exit_code == 2
    assert json.loads(refused.output)["error"]["code"] == "power_game_too_large"
    given = ("--quota", str(22 * 10**9), "--weights", LARGE, "--sample", "--draws", "2000", "--seed", "7")
    found = json.loads(run(*given, "--json").output)
    assert found["sampled"] | {"errors": None} == {"draws": 2000, "seed": 7, "confidence": "0.99", "errors": None}
    assert 0 < float(found["sampled"]["errors"]["shapley"]) < 1
    assert len(found["shapley"]) == len(found["banzhaf"]) == 40
    assert "Estimated from 2000 draws with seed 7" in run(*given).output


def test_what_can_be_exact_is_exact_even_with_sample():
    found = json.loads(run("--quota", "2", "--weights", "1,1,1", "--sample", "--json").output)
    assert found == {"shapley": ["1/3"] * 3, "banzhaf": ["1/3"] * 3}
