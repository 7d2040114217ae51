"""Lines answered by Apache Spark: the JVM reads them with their row numbers, its Python workers answer them.

Row numbers are Spark's own: the Parquet source gives each row its place in the file as ``_metadata.row_index``
(Spark 3.5, "File metadata columns" in its documentation of file sources), however the file was split. Batches go to the
workers and come back as Arrow (``DataFrame.mapInArrow``). pyspark is imported when it is needed and not before.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from pyarrow import dataset

from ewtp.core.values.refusal import Refusal
from ewtp.gateways.spark.sentences import JAVA_MISSING, SPARK_FAILED, SPARK_MISSING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

OLDEST_JAVA = 17
_ERROR = re.compile(r"[A-Za-z_.]*(Error|Exception): ")
_LINES_AT_ONCE = 100_000
# A reader decodes a row group to find a few of its lines, so they are small.
_ROW_GROUP_BYTES = 16 << 20
# Nothing leaves the machine, and no page is served.
_LOCAL = {
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.ui.enabled": "false",
}


@dataclass(frozen=True, slots=True)
class Opening:
    """How a worker opens what answers: its environment, and ``module:function`` with texts to call it with."""

    environment: tuple[tuple[str, str], ...]
    maker: str
    given: tuple[str, ...]


def spark_missing() -> Refusal | None:
    """Why Spark cannot be started here: ``spark_missing`` or ``java_missing``."""
    if importlib.util.find_spec("pyspark") is None:
        return Refusal(SPARK_MISSING)
    java = Path(os.environ["JAVA_HOME"]) / "bin" / "java" if os.environ.get("JAVA_HOME") else shutil.which("java")
    if _java_version(java) < OLDEST_JAVA:
        return Refusal(JAVA_MISSING, {"oldest": OLDEST_JAVA})
    return None


def answer_with_spark(path: Path, asked: pa.Schema, opening: Opening, folder: Path, *, threads: int) -> Refusal | None:
    """Answer the lines of a file into a folder of Parquet files, in no order, each row with its ``line``.

    What was written whole before is kept. Refuses with ``spark_failed``.
    """
    if (folder / "_SUCCESS").exists():
        return None
    from pyspark.errors import PySparkException  # noqa: PLC0415 - an option that few have
    from pyspark.sql import functions  # noqa: PLC0415 - as above

    try:
        session = _session(threads)
        try:
            rows = session.read.schema(_spark_schema(asked)).parquet(path.absolute().as_uri())
            rows = rows.select(
                functions.col("_metadata.row_index").alias("line"), *(rows[name] for name in asked.names)
            )
            writing = answer_rows(rows, opening).write.mode("overwrite")
            writing = writing.option("compression", "zstd").option("parquet.block.size", _ROW_GROUP_BYTES)
            writing.parquet(folder.absolute().as_uri())
        finally:
            session.stop()
    except (PySparkException, OSError) as error:
        return Refusal(SPARK_FAILED, {"reason": _cause(error)})
    except Exception as error:
        # What the JVM throws has no common base with the above.
        if type(error).__module__.partition(".")[0] != "py4j":
            raise
        return Refusal(SPARK_FAILED, {"reason": _cause(error)})
    return None


def answer_rows(rows: Any, opening: Opening) -> Any:
    """A Spark data frame of answers to one of lines; its ``line`` is carried along."""
    schema = ", ".join(f"`{name}` {_DDL[kind]}" for name, kind in _plain_fields(_open_assessor(opening)[1]))
    return rows.mapInArrow(partial(answer_batches, opening), f"`line` bigint, {schema}")


def answer_batches(opening: Opening, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """What a worker does: Arrow in, Arrow out, in types that Spark knows."""
    answer, _ = _open_assessor(opening)
    for batch in batches:
        lines = pa.Table.from_batches([batch])
        answers = answer(lines.drop_columns(["line"]))
        if isinstance(answers, Refusal):
            raise TypeError(answers.message)
        plain = pa.schema([*_plain_fields(answers.schema)])
        table = answers.cast(plain).add_column(0, "line", lines["line"])
        yield from table.combine_chunks().to_batches()


def answers_between(folder: Path, first: int, count: int, schema: pa.Schema) -> pa.Table:
    """The answers to lines ``first`` and following, in order, out of what ``answer_with_spark`` wrote."""
    line = dataset.field("line")
    found = dataset.dataset(folder, format="parquet").to_table(
        columns=["line", *schema.names], filter=(line >= first) & (line < first + count), use_threads=False
    )
    return found.sort_by("line").drop_columns(["line"]).cast(schema)


@cache
def _open_assessor(opening: Opening) -> tuple[Callable[[pa.Table], pa.Table | Refusal], pa.Schema]:
    """What answers, and the columns of its answers; once in a process."""
    os.environ.update(opening.environment)
    module, _, name = opening.maker.partition(":")
    if not _apps_ready():
        importlib.import_module("django").setup()
    made: tuple[Callable[[pa.Table], pa.Table | Refusal], pa.Schema] = getattr(importlib.import_module(module), name)(
        *opening.given
    )
    return made


def _apps_ready() -> bool:
    return bool(importlib.import_module("django.apps").apps.ready)


_DDL = {
    pa.int64(): "bigint",
    pa.bool_(): "boolean",
    pa.string(): "string",
    pa.decimal128(18, 4): "decimal(18,4)",
}


def _plain_fields(schema: pa.Schema) -> list[tuple[str, pa.DataType]]:
    """Columns without dictionaries and narrow decimals."""
    fields = []
    for field in schema:
        kind = field.type.value_type if pa.types.is_dictionary(field.type) else field.type
        if pa.types.is_decimal64(kind):
            kind = pa.decimal128(kind.precision, kind.scale)
        fields.append((field.name, kind))
    return fields


def _session(threads: int) -> Any:
    """The session that Spark's own configuration names, or a local one."""
    from pyspark.sql import SparkSession  # noqa: PLC0415 - an option that few have

    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.appName("ewtp batch")
    builder = builder.config("spark.sql.execution.arrow.maxRecordsPerBatch", str(_LINES_AT_ONCE))
    builder = builder.config("spark.ui.showConsoleProgress", str(sys.stderr.isatty()).lower())
    if not os.environ.get("SPARK_CONF_DIR") and "--master" not in os.environ.get("PYSPARK_SUBMIT_ARGS", ""):
        os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
        builder = builder.master(f"local[{threads}]")
        for name, value in _LOCAL.items():
            builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return session


def _spark_schema(asked: pa.Schema) -> Any:
    """The columns of lines as the JVM reads them; unsigned numbers take the next wider kind."""
    from pyspark.sql import types  # noqa: PLC0415 - an option that few have

    simple = {
        **dict.fromkeys((pa.string(), pa.large_string()), types.StringType()),
        pa.date32(): types.DateType(),
        pa.int8(): types.ByteType(),
        **dict.fromkeys((pa.int16(), pa.uint8()), types.ShortType()),
        **dict.fromkeys((pa.int32(), pa.uint16()), types.IntegerType()),
        **dict.fromkeys((pa.int64(), pa.uint32()), types.LongType()),
        pa.uint64(): types.DecimalType(20, 0),
    }
    fields = []
    for field in asked:
        kind = field.type.value_type if pa.types.is_dictionary(field.type) else field.type
        decimal = pa.types.is_decimal128(kind)
        fields.append(
            types.StructField(field.name, types.DecimalType(kind.precision, kind.scale) if decimal else simple[kind])
        )
    return types.StructType(fields)


def _java_version(java: str | Path | None) -> int:
    """The feature number of a Java, 0 where there is none."""
    if java is None:
        return 0
    try:
        said = subprocess.run([str(java), "-version"], capture_output=True, text=True, check=False, timeout=60).stderr
    except (OSError, subprocess.TimeoutExpired):
        return 0
    found = re.search(r'version "(?:1\.)?([0-9]+)', said)
    return int(found[1]) if found else 0


def _cause(error: BaseException) -> str:
    """What went wrong, out of the many lines that Spark says: the worker's own error where there is one."""
    lines = str(error).strip().splitlines() or [type(error).__name__]
    named = [line for line in lines if _ERROR.match(line)]
    return (named or lines)[-1 if named else 0].strip()[:200].rstrip(".")
