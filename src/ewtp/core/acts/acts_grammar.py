"""The grammar of the text form of acts.

An act is a verb with what belongs to it, followed by clauses in any order. Every line break counts as a space; what
follows a number sign is a remark, up to the end of the line.
"""

import re

from ewtp.core.rulebook.measure import Kind

# Words of the language: a name that is one of them is put between quotation marks.
_VERBS = (
    "end amend add replace expression with in exempt from recognise of for raise threshold to accept electronic answer "
    "within day days join set procedure"
)
_CLAUSES = (
    "title text article requires why by paper programme mast on except origin group export condition economy "
    "reciprocal claim as until without sunset"
)
ANY_KIND = "rule"
KINDS = (ANY_KIND, *(kind.value for kind in Kind))
KEYWORDS = frozenset([*_VERBS.split(), *_CLAUSES.split(), *KINDS])

_TEXT = r"""
start: heading* (article+ | only_article)
only_article: act+

?heading: "title" STRING                      -> title
    | "text" STRING                           -> text

article: "article" value article_clause* act+
?article_clause: "requires" values            -> requires
    | "why" STRING                            -> why

act: verb clause*

?verb: "end" kind                             -> end
    | "amend" kind                            -> amend
    | "add" kind                              -> add
    | "replace" "expression" [STRING] "with" STRING "in" kind -> replace_expression
    | "exempt" values "from" kind             -> exempt
    | "recognise" value "of" value "for" kind -> recognise
    | "raise" "threshold" "to" value "in" kind -> raise_threshold
    | "accept" "electronic" kind              -> accept_electronic
    | "answer" "within" NUMBER ("day" | "days") -> answer_within
    | "join" value                            -> join
    | "set" "procedure" value "to" value      -> set_procedure

?clause: "of" value                           -> territory
    | "by" value                              -> agency
    | "paper" value                           -> document
    | "programme" value                       -> programme
    | "mast" value                            -> mast_chapter
    | "on" code_list                          -> codes
    | "except" code_list                      -> excluded_codes
    | "origin" values                         -> origins
    | "group" values                          -> groups
    | "export"                                -> export
    | "with" field value                      -> field_value
    | "condition" value value                 -> condition
    | "economy" values                        -> economies
    | "reciprocal"                            -> reciprocal
    | "claim" value                           -> claim
    | "as" value                              -> standard
    | "from" DATE                             -> first_day
    | "until" DATE                            -> sunset
    | "without" "sunset"                      -> permanent

kind: KIND
values: value ("," value)*
code_list: CODE ("," CODE)*
field: NAME                                   -> value
    | "expression"                            -> expression_field
    | "programme"                             -> programme_field
    | "title"                                 -> title_field
value: NAME | STRING

KIND: /(?:KINDS)(?![A-Za-z0-9_.:-])/
NAME: /[A-Za-z][A-Za-z0-9_.:-]*/
CODE: /[0-9]{2}[0-9]*(?:\.[0-9]+)*/
DATE.2: /[0-9]{4}-[0-9]{2}-[0-9]{2}/
NUMBER: /[0-9]+/
STRING: /"(?:[^"\\]|\\.)*"/s
%ignore /[ \t\r\n]+/
%ignore /\#[^\n]*/
"""

# A word of the language ends where the word of the text does: "untill" is another one, and told as it stands.
_WORD_END = "(?![A-Za-z0-9_.:-])"
_WORDS = sorted(set(re.findall(r'"([a-z]+)"', _TEXT)))
GRAMMAR = "\n".join(
    (
        re.sub(r'"([a-z]+)"', lambda found: f"_{found[1].upper()}", _TEXT).replace("KINDS", "|".join(KINDS)),
        *(f"_{word.upper()}.3: /{word}{_WORD_END}/" for word in _WORDS),
    )
)
