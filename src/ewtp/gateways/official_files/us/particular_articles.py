"""Articles that an exemption of chapter 99 names one by one, each within a provision that it does not exempt whole.

Notes 2(v)(iii)(b), 2(v)(xxi), 2(x)(iii)(b) and 2(aa)(iii) name the same articles. A line of such a provision owes the
duty; the trader whose goods are the article claims the heading.
"""

from __future__ import annotations

from ewtp.core.rulebook.measure import Condition, ConditionKind

# By provision, what the article is.
_ARTICLES = {
    "08059001": "etrogs",
    "08119080": "tropical fruit, frozen",
    "14049090": "palm and myrtle branches and other plant material for religious purposes only",
    "19059010": "bread, cakes and other bakers' wares for religious purposes only",
    "19059090": "communion wafers, sealing wafers, rice paper and similar products for religious purposes only",
    "20089921": "açai",
    "20093160": "concentrated juice of one citrus fruit other than orange, grapefruit, lime and lemon, Brix up to 20",
    "20098970": "coconut water, or juice of açai",
    "20099040": "blends of coconut water, not from concentrate, packed for retail sale",
    "21069099": "açai preparations for making beverages",
    "33012951": "essential oils other than of citrus fruit for religious purposes only",
}


def particular_article(heading: str, code: str, number: int) -> Condition:
    """The claim of ``heading`` for the article of a provision, in words; ``number`` is the article's in the note."""
    words = _ARTICLES.get(code, f"the particular article of item ({number}) of the note of {heading}")
    return Condition(ConditionKind.CLAIM, heading, f"only {words}")
