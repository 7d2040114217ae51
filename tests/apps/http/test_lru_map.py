"""The caches' mappings: what they keep, and that they never hold more than they may."""

from __future__ import annotations

from collections import OrderedDict

from hypothesis import given
from hypothesis import strategies as st

from ewtp.apps.http.reading.lru_map import LruMap

MOST, HEAVIEST = 4, 10
STEPS = st.lists(st.tuples(st.booleans(), st.integers(0, 6), st.binary(max_size=12)))


@given(STEPS)
def test_a_map_keeps_the_latest_that_fit(steps):
    kept: LruMap[int, bytes] = LruMap(MOST, most_weight=HEAVIEST, weigh=len)
    model: OrderedDict[int, bytes] = OrderedDict()
    for writes, key, value in steps:
        if writes:
            kept.keep_value(key, value)
            model.pop(key, None)
            model[key] = value
            while len(model) > MOST or sum(map(len, model.values())) > HEAVIEST:
                model.popitem(last=False)
        else:
            assert kept.get(key) == model.get(key)
            if key in model:
                model.move_to_end(key)
        assert kept.weight == sum(map(len, model.values())) <= HEAVIEST


def test_without_weights_the_number_of_entries_counts():
    kept: LruMap[int, str] = LruMap(2)
    for key in range(3):
        kept.keep_value(key, "x" * 1_000)
    assert [kept.get(key) is None for key in range(3)] == [True, False, False]
