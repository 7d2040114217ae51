"""Why Spark cannot answer."""

from __future__ import annotations

from ewtp.core.values.sentence import Sentence

JAVA_MISSING = Sentence(
    "java_missing", "Spark needs Java {oldest:number} or newer; install one, or name the folder of one in JAVA_HOME."
)
SPARK_FAILED = Sentence("spark_failed", "Spark gave up ({reason:english}); fix that and run the same command again.")
SPARK_MISSING = Sentence("spark_missing", "Spark is not installed; install it with `make spark`.")
