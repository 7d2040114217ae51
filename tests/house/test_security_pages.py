"""Every requirement of OWASP ASVS 5.0, levels 1 and 2, is answered once, and what shows it is there."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from ewtp.apps.accounts.surface.guessable_password import SITE_WORDS

ROOT = Path(__file__).parents[2]
# How many requirements of levels 1 and 2 each section of ASVS 5.0.0 has; in each, they are numbered from 1.
SECTIONS = {
    "1.1": 2,
    "1.2": 9,
    "1.3": 11,
    "1.4": 3,
    "1.5": 2,
    "2.1": 3,
    "2.2": 3,
    "2.3": 4,
    "2.4": 1,
    "3.2": 2,
    "3.3": 4,
    "3.4": 6,
    "3.5": 5,
    "3.7": 2,
    "4.1": 3,
    "4.2": 1,
    "4.3": 2,
    "4.4": 4,
    "5.1": 1,
    "5.2": 3,
    "5.3": 2,
    "5.4": 3,
    "6.1": 3,
    "6.2": 12,
    "6.3": 4,
    "6.4": 4,
    "6.5": 5,
    "6.6": 3,
    "6.8": 4,
    "7.1": 3,
    "7.2": 4,
    "7.3": 2,
    "7.4": 5,
    "7.5": 2,
    "7.6": 2,
    "8.1": 2,
    "8.2": 3,
    "8.3": 1,
    "8.4": 1,
    "9.1": 3,
    "9.2": 4,
    "10.1": 2,
    "10.2": 2,
    "10.3": 4,
    "10.4": 11,
    "10.5": 5,
    "10.6": 2,
    "10.7": 3,
    "11.1": 2,
    "11.2": 3,
    "11.3": 3,
    "11.4": 4,
    "11.5": 1,
    "11.6": 1,
    "12.1": 3,
    "12.2": 2,
    "12.3": 4,
    "13.1": 1,
    "13.2": 5,
    "13.3": 2,
    "13.4": 5,
    "14.1": 2,
    "14.2": 4,
    "14.3": 3,
    "15.1": 3,
    "15.2": 3,
    "15.3": 7,
    "16.1": 1,
    "16.2": 5,
    "16.3": 4,
    "16.4": 3,
    "16.5": 3,
    "17.1": 1,
    "17.2": 4,
    "17.3": 2,
}
_ROW = re.compile(r"^\| (\d+\.\d+)\.(\d+)(?:\u2013\1\.(\d+))? \| ([^|]+) \| (.+) \|$", re.MULTILINE)
_TEST = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")
STATES = ("shown", "documented", "not met", "without application")


@cache
def page(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def rows() -> list[tuple[str, int, int, str]]:
    """Section, first and last number, and what is said of them, of each row."""
    found = _ROW.findall(page("docs/operate/asvs.md"))
    return [(section, int(first), int(last or first), said) for section, first, last, _, said in found]


def state_of(said: str) -> str:
    beginnings = {"Documented: ": "documented", "Not met: ": "not met", "Does not apply: ": "without application"}
    return next((state for begin, state in beginnings.items() if said.startswith(begin)), "shown")


def test_every_requirement_is_answered_once_in_its_order():
    answered = [(section, number) for section, first, last, _ in rows() for number in range(first, last + 1)]
    assert answered == [(section, number + 1) for section, most in SECTIONS.items() for number in range(most)]
    assert len(answered) == 253


def test_what_shows_a_requirement_is_there():
    unshown = [
        (section, first)
        for section, first, _, said in rows()
        if (state_of(said) == "shown" and not _TEST.search(said))
        or (state_of(said) == "documented" and not re.search(r"\]\([\w./]+\.md", said))
    ]
    assert unshown == []
    named = _TEST.findall(page("docs/operate/asvs.md"))
    assert len(named) > 200
    assert sorted({f"{path}::{name}" for path, name in named if f"def {name}(" not in page(path)}) == []


def test_the_counts_that_are_stated_are_those_of_the_page():
    counts = dict.fromkeys(STATES, 0)
    for _, first, last, said in rows():
        counts[state_of(said)] += last - first + 1
    stated = dict(
        re.findall(
            r"^\| (shown|documented|not met|without application) \| (\d+) \|",
            page("docs/operate/security.md"),
            re.MULTILINE,
        )
    )
    assert stated == {state: str(count) for state, count in counts.items()}


def test_every_word_that_no_password_is_made_of_is_documented():
    text = page("docs/organisations.md")
    assert [word for word in SITE_WORDS if f"`{word}`" not in text] == []
