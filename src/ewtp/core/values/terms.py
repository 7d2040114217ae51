"""Words that sentences list: what a key of a closed list is called in English, to be translated."""

from __future__ import annotations


def term(word: str) -> str:
    """The word itself; calling this marks it for translation."""
    return word


TERMS = {
    # Rules of a kind, by the kind.
    "preference": term("preferences"),
    "additional_duty": term("additional duties such as anti-dumping"),
    "quota": term("tariff quotas"),
    "excise": term("excise"),
    "tax": term("taxes on imports"),
    "fee": term("fees"),
    "requirement": term("documents and agencies"),
    "prohibition": term("prohibitions"),
    "relief": term("low-value reliefs"),
    # One rule of a kind.
    "rule:duty": term("the ordinary duty"),
    "rule:preference": term("the preference"),
    "rule:additional_duty": term("the additional duty"),
    "rule:quota": term("the tariff quota"),
    "rule:tax": term("the tax"),
    "rule:excise": term("the excise"),
    "rule:fee": term("the fee"),
    "rule:any": term("every rule"),
    "rule:requirement": term("the requirement"),
    "rule:prohibition": term("the prohibition"),
    "rule:relief": term("the relief"),
    # Who buys, and how goods travel.
    "consumer": term("consumer"),
    "business": term("business"),
    "sea": term("sea"),
    "air": term("air"),
    "road": term("road"),
    "rail": term("rail"),
    "post": term("post"),
    # Houses.
    "house:small_firm": term("small firms"),
    "house:large_firm": term("large firms"),
    "house:civil_society": term("civil society"),
    "house:government": term("governments"),
    # Ways of voting.
    "ballot:open": term("open"),
    "ballot:sealed": term("sealed"),
    "ballot:secret": term("secret"),
    # What a column of a table of outcomes takes.
    "outcome:destination": term("the code of an economy, such as GH"),
    "outcome:origins": term("the code of an economy, or * for all"),
    "outcome:products": term("2 or 4 digits of a code, or * for all goods"),
    "outcome:month": term("a month that is over, such as 2027-03"),
    "outcome:outcome": term("days, papers or cost"),
    "outcome:value": term("the mean of a line as a decimal number, from 0 on"),
    "outcome:lines": term("the number of lines, from 1 on"),
    "outcome:firms": term("the number of firms, from 1 to that of lines"),
    # Units of quotas, as the schedule of the United Kingdom writes them.
    "Head": term("Head"),
    "hl": term("hl"),
    "hl of pure alcohol": term("hl of pure alcohol"),
    "kilogrammes": term("kilogrammes"),
    "pairs": term("pairs"),
    "pieces": term("pieces"),
    "Pieces": term("Pieces"),
    "SME": term("SME"),
    "tonnes": term("tonnes"),
    # Where a proposal stands.
    "stage:draft": term("a draft"),
    "stage:submitted": term("seeking sponsors"),
    "stage:discussed": term("being discussed"),
    "stage:frozen": term("frozen before its vote"),
    "stage:voting": term("being voted on"),
    "stage:passed": term("passed"),
    "stage:failed": term("failed"),
    "stage:withdrawn": term("withdrawn"),
    "stage:superseded": term("superseded"),
    "stage:lapsed": term("lapsed"),
    # Records of a file.
    "measures": term("measures"),
    "lines": term("tariff lines"),
    # What a batch is made from.
    "the change": term("the change"),
    "the exchange rates": term("the exchange rates"),
    "the file of lines": term("the file of lines"),
    "the program": term("the program"),
    "the rulebook": term("the rulebook"),
}
