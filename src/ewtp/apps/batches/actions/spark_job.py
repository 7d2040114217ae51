"""The job of ``ewtp batch --engine spark``: Spark answers the whole file first, then the pieces are put in order.

Spark writes rows in whatever order its tasks end, into a folder beside the growing target. The pieces are then taken
from there, so that both files, the sums and resuming after a kill are those of every batch.
"""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

from ewtp.apps.batches.actions.assess_job import run_answer_job, tally
from ewtp.apps.batches.actions.runner import Answered, Job, Piece
from ewtp.apps.batches.reading.sentences import SPARK_FAILED
from ewtp.core.compiled.table.assessor import ANSWER_SCHEMA
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.installation.home import home_path
from ewtp.gateways.spark.lines import Opening, answer_with_spark, answers_between

if TYPE_CHECKING:
    from pathlib import Path

    from ewtp.apps.rulebook.reading.versions import VersionRef
    from ewtp.gateways.parquet.batch_journal import Targets
    from ewtp.gateways.parquet.lines import LinesFile

_MAKER = "ewtp.apps.batches.actions.assess_job:worker_assessor"
_SENT = ("DATABASE_URL", "DJANGO_SETTINGS_MODULE", "EWTP_RULEBOOK")
_FOLDER = "spark"


def make_opening(version: VersionRef) -> Opening:
    """How a worker of Spark opens the version: from the same home and the same database as this process."""
    sent = {name: os.environ[name] for name in _SENT if name in os.environ} | {"EWTP_HOME": str(home_path())}
    given = (version.label, version.digest, version.published_at.isoformat())
    return Opening(tuple(sorted(sent.items())), _MAKER, given)


def spark_job(version: VersionRef, source: LinesFile, targets: Targets, *, threads: int) -> Job:
    """The answering job with Spark in place of this process's threads."""
    folder = targets.parts / _FOLDER

    def begin(parts: Path) -> Refusal | None:
        return answer_with_spark(source.path, source.asked, make_opening(version), parts / _FOLDER, threads=threads)

    def answer(piece: Piece) -> Answered | Refusal:
        answers = answers_between(folder, piece.first, piece.lines.num_rows, ANSWER_SCHEMA)
        if answers.num_rows != piece.lines.num_rows:
            found = f"{answers.num_rows} answers to {piece.lines.num_rows} lines"
            return Refusal(SPARK_FAILED, {"reason": found})
        return Answered(answers, tally(answers))

    return replace(run_answer_job(version), answer=answer, begin=begin)
