"""Every sentence that the program can print, for the documentation, the translations and their tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.apps.accounts.reading import sentences as tokens
from ewtp.apps.assessment.reading import sentences as answers
from ewtp.apps.batches.reading import sentences as batches
from ewtp.apps.classification.reading import sentences as searches
from ewtp.apps.distances.reading import sentences as distances
from ewtp.apps.http.reading import sentences as repeats
from ewtp.apps.http.surface import sentences as requests
from ewtp.apps.hubs.reading import sentences as hubs
from ewtp.apps.jobs.reading import sentences as messages
from ewtp.apps.log.reading import sentences as log
from ewtp.apps.markets.reading import sentences as market_questions
from ewtp.apps.proposals.reading import sentences as proposal_texts
from ewtp.apps.rulebook.reading import record_sentences as records
from ewtp.apps.rulebook.reading import sentences as imports
from ewtp.core.acts import sentences as acts
from ewtp.core.assessment import border_sentences
from ewtp.core.assessment import sentences as assessment
from ewtp.core.barriers import phone_sentences as phones
from ewtp.core.barriers import sentences as barriers
from ewtp.core.belenios import sentences as secret_ballots
from ewtp.core.classification import sentences as classification
from ewtp.core.compiled.table import sentences as line_tables
from ewtp.core.effects import sentences as effects
from ewtp.core.jobs import sentences as jobs
from ewtp.core.log import sentences as signatures
from ewtp.core.markets import sentences as markets
from ewtp.core.organisations import sentences as organisations
from ewtp.core.power import sentences as power
from ewtp.core.proposals import sentences as proposals
from ewtp.core.recount import sentences as recounts
from ewtp.core.replay import sentences as replays
from ewtp.core.rulebook import sentences as rulebook
from ewtp.core.rulebook.changeset import sentences as changes
from ewtp.core.rulebook.expressions import sentences as expressions
from ewtp.core.synthetic import sentences as synthetic
from ewtp.core.values import sentences as values
from ewtp.core.values.sentence import sentence_table, sentences_in
from ewtp.core.votes import sentences as votes
from ewtp.gateways.database import sentences as database
from ewtp.gateways.hubs import sentences as hub_addresses
from ewtp.gateways.installation import sentences as installation
from ewtp.gateways.official_files import sentences as official_files
from ewtp.gateways.parquet import sentences as parquet
from ewtp.gateways.seed import sentences as seed
from ewtp.gateways.spark import sentences as spark
from ewtp.gateways.trade_figures import sentences as trade_figures
from ewtp.gateways.typesetting import sentences as typesetting
from ewtp.web import sentences as web
from ewtp.web.command_line import sentences as command_line

if TYPE_CHECKING:
    from ewtp.core.values.sentence import Sentence

_MODULES = (
    values,
    expressions,
    rulebook,
    changes,
    acts,
    replays,
    assessment,
    border_sentences,
    markets,
    classification,
    line_tables,
    synthetic,
    signatures,
    log,
    effects,
    jobs,
    organisations,
    proposals,
    proposal_texts,
    power,
    votes,
    recounts,
    barriers,
    phones,
    secret_ballots,
    installation,
    database,
    official_files,
    parquet,
    seed,
    spark,
    trade_figures,
    typesetting,
    tokens,
    answers,
    repeats,
    messages,
    batches,
    distances,
    hubs,
    hub_addresses,
    searches,
    requests,
    market_questions,
    imports,
    records,
    web,
    command_line,
)


def all_sentences() -> tuple[Sentence, ...]:
    """The sentences of every package, in order of code and form; ValueError where two share both."""
    table = sentence_table(sentence for module in _MODULES for sentence in sentences_in(module))
    return tuple(table[key] for key in sorted(table))
