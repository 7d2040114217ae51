"""Texts joined article by article: what each changed counts, in whichever order, and what both changed is told."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ewtp.core.proposals.article_merge import ArticleConflicts, merge_articles

TEXTS = st.dictionaries(st.sampled_from("abcd"), st.integers(0, 2))


def test_changes_of_both_are_joined():
    base = {"1": "old", "2": "old", "3": "old"}
    assert merge_articles(base, {**base, "1": "new"}, {"2": "old", "1": "old", "9": "more"}) == {
        "1": "new",
        "2": "old",
        "9": "more",
    }


def test_an_article_that_one_removes_and_the_other_changes_conflicts():
    base = {"1": "old", "2": "old"}
    assert merge_articles(base, {"2": "old"}, {"1": "new", "2": "new"}) == ArticleConflicts(("1",))


@given(TEXTS, TEXTS, TEXTS)
def test_the_order_of_the_two_does_not_matter(base, one, other):
    merged, turned = merge_articles(base, one, other), merge_articles(base, other, one)
    assert merged == turned
    if isinstance(merged, dict) and isinstance(turned, dict):
        assert list(merged) == list(turned)


@given(TEXTS, TEXTS)
def test_what_only_one_changed_is_its_text(base, one):
    assert merge_articles(base, one, base) == one
    assert merge_articles(base, one, one) == one
