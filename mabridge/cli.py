"""The command line: inspect, convert, predict, parity, explain, export, verify.

Exit codes: 0 done (parity: equal), 1 parity found a difference, 2 it could not be done; then one message on stderr says why. 130 and 143: it was stopped.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from mabridge import __version__
from mabridge.counted import counted
from mabridge.errors import MabridgeError


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the exit code."""
    parser = make_parser()
    options = parser.parse_args(argv)
    run: Callable[[argparse.Namespace], int] | None = getattr(options, "run", None)
    if run is None:
        parser.print_help()
        return 2
    try:
        with _terminable():
            code = run(options)
            # Here a full disk is said in a sentence; when the interpreter ends it would be a traceback.
            sys.stdout.flush()
            return code
    except MabridgeError as error:
        print(f"mabridge: {error}", file=sys.stderr)
    except KeyboardInterrupt as error:
        print("mabridge: stopped; nothing was left under the final name.", file=sys.stderr)
        return 128 + (signal.SIGTERM if isinstance(error, _Terminated) else signal.SIGINT)
    except BrokenPipeError:
        # Whoever read our output has seen enough.
        _give_up_stdout()
        return 0
    except OSError as error:
        from mabridge.files import reason_of

        # Whatever the disk says where nobody expected it, our own stdout included.
        print(f"mabridge: the system refused: {reason_of(error)}{f' ({error.filename})' if error.filename else ''}.", file=sys.stderr)
        _give_up_stdout()
    except MemoryError:
        print("mabridge: there is not enough memory; use a smaller --batch-size or fewer --workers.", file=sys.stderr)
    return 2


def _give_up_stdout() -> None:
    """Throw away what stdout cannot take, which the interpreter would try to write once more when it ends."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


class _Terminated(KeyboardInterrupt):
    """SIGTERM came."""


@contextlib.contextmanager
def _terminable() -> Iterator[None]:
    """SIGTERM ends a command as Ctrl-C does: what it had begun is removed."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(number: int, frame: Any) -> None:
        raise _Terminated

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def make_parser() -> argparse.ArgumentParser:
    """The parser of all commands; docs/cli.md is generated from it."""
    parser = argparse.ArgumentParser(prog="mabridge", description="Moves Spark ML batch prediction to Ray, and proves that nothing changed.")
    parser.add_argument("--version", action="version", version=f"mabridge {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    _add_inspect(commands)
    _add_convert(commands)
    _add_predict(commands)
    _add_parity(commands)
    _add_explain(commands)
    _add_export(commands)
    _add_verify(commands)
    return parser


def _command(commands: Any, name: str, run: Callable[[argparse.Namespace], int], what: str, more: str = "") -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(name, help=what, description=f"{what[0].upper()}{what[1:]}. {more}".rstrip())
    parser.set_defaults(run=run)
    return parser


def _add_inspect(commands: Any) -> None:
    parser = _command(
        commands,
        "inspect",
        _inspect,
        "show the stages, params and columns of a saved Spark model",
        "Of a converted model, its stages, ops and columns. No Java is needed.",
    )
    parser.add_argument("source", metavar="MODEL", help="a saved model (a folder, a zip, an MLflow model folder or a URI), or a converted one")
    parser.add_argument("--json", action="store_true", help="print JSON instead of text")


def _inspect(options: argparse.Namespace) -> int:
    from mabridge.bundle import is_bundle
    from mabridge.saved import read_saved
    from mabridge.saved.inspect import inspect_json, inspect_text

    if is_bundle(options.source):
        from mabridge.describe import model_json, model_text
        from mabridge.model import load

        model = load(options.source)
        print(model_json(model) if options.json else model_text(model))
        return 0
    stage = read_saved(options.source)
    print(inspect_json(stage) if options.json else inspect_text(stage))
    return 0


def _add_reference_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--as-spark", metavar="VERSION", help="give the answers of this Spark version (default: the one that saved the model)")
    parser.add_argument(
        "--ansi", action=argparse.BooleanOptionalAction, default=None, help="spark.sql.ansi.enabled (default: off before Spark 4.0, on from 4.0)"
    )
    parser.add_argument("--time-zone", metavar="ZONE", help="spark.sql.session.timeZone (default: UTC)")
    parser.add_argument("--case-sensitive", action="store_const", const=True, default=None, help="spark.sql.caseSensitive (default: off)")


def _reference(options: argparse.Namespace) -> dict[str, Any]:
    return {"as_spark": options.as_spark, "ansi": options.ansi, "time_zone": options.time_zone, "case_sensitive": options.case_sensitive}


def _add_convert(commands: Any) -> None:
    parser = _command(commands, "convert", _convert, "convert a saved Spark model", "No Java and no pyspark are needed.")
    parser.add_argument("source", metavar="SPARK_MODEL", help="a saved model: a folder, a zip, an MLflow model folder or a URI")
    parser.add_argument("target", metavar="RAY_MODEL", help="the folder to write the converted model to")
    parser.add_argument("--overwrite", action="store_true", help="replace an earlier converted model")
    parser.add_argument("--with-onnx", action="store_true", help="also store each predictor as an ONNX file (float64)")
    _add_reference_options(parser)


def _convert(options: argparse.Namespace) -> int:
    from mabridge.conversion import convert

    model = convert(options.source, options.target, overwrite=options.overwrite, with_onnx=options.with_onnx, **_reference(options))
    print(f"{options.target}: {counted(len(model.stages), 'stage')}, {counted(len(model.steps), 'op')}, the answers of Spark {model.reference.spark_version}")
    return 0


def _columns(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def _add_predict(commands: Any) -> None:
    more = (
        "Rows come out in the order of the input: files by path, then rows. As in Spark, the first file gives the columns: the others are read by name, "
        "and what they lack is null."
    )
    parser = _command(commands, "predict", _predict, "run a converted model over parquet files", more)
    parser.add_argument("model", metavar="RAY_MODEL", help="a converted model")
    parser.add_argument("source", metavar="DATA", help="a parquet file, a folder of them, a glob or a URI")
    parser.add_argument("target", metavar="OUT", help="the folder to write; _SUCCESS in it comes last")
    parser.add_argument("--engine", choices=["auto", "local", "ray"], default="auto", help="what runs the parts (default: auto)")
    parser.add_argument(
        "--columns",
        type=_columns,
        metavar="A,B",
        help="the output columns wanted, in any case; only what they need is computed (default: all)",
    )
    parser.add_argument("--batch-size", type=int, default=8_192, metavar="ROWS", help="rows held at a time; changes no bit of the output (default: 8192)")
    parser.add_argument("--device", default="cpu", metavar="cpu|cuda|auto", help="where the predictors run (default: cpu)")
    parser.add_argument("--backend", choices=["auto", "numpy", "onnx", "torch"], default="auto", help="what runs the predictors (default: auto)")
    parser.add_argument("--vectors", choices=["spark", "dense"], default="spark", help="vectors as Spark's struct or as fixed-size lists (default: spark)")
    parser.add_argument("--overwrite", action="store_true", help="replace the output when the new one is complete")
    parser.add_argument("--workers", type=int, metavar="N", help="parts at a time (default: one a core)")
    parser.add_argument("--address", metavar="ADDRESS", help="a running Ray cluster")
    parser.add_argument("--quiet", action="store_true", help="no progress")


def _predict(options: argparse.Namespace) -> int:
    from mabridge.run import predict

    report = predict(
        options.model,
        options.source,
        options.target,
        engine=options.engine,
        columns=options.columns,
        batch_size=options.batch_size,
        vectors=options.vectors,
        device=options.device,
        backend=options.backend,
        overwrite=options.overwrite,
        workers=options.workers,
        address=options.address,
        progress=False if options.quiet else None,
    )
    print(report)
    return 0


def _add_parity(commands: Any) -> None:
    parser = _command(
        commands, "parity", _parity, "compare a converted model with real Spark on the same rows", "Exit code 0: equal, 1: different, 2: could not compare."
    )
    parser.add_argument("spark_model", metavar="SPARK_MODEL", help="the saved Spark model")
    parser.add_argument("model", metavar="RAY_MODEL", help="the converted model")
    parser.add_argument("--data", required=True, metavar="DATA", help="parquet: a file, a folder of files or a glob")
    parser.add_argument("--sample", type=int, metavar="ROWS", help="compare only so many rows, spread evenly over the data")
    parser.add_argument("--columns", type=_columns, metavar="A,B", help="the output columns to compare (default: all)")
    parser.add_argument("--master", metavar="URL", help="the Spark master (default: local[*])")
    parser.add_argument("--backend", choices=["auto", "numpy", "onnx", "torch"], default="auto", help="what runs our predictors (default: auto)")
    parser.add_argument("--json", metavar="FILE", help="write the report as JSON")
    parser.add_argument("--html", metavar="FILE", help="write the report as one HTML page")


def _parity(options: argparse.Namespace) -> int:
    from mabridge.files import check_writable, write_whole
    from mabridge.parity import parity

    # Before Spark runs, which takes minutes.
    check_writable([path for path in (options.json, options.html) if path])
    report = parity(
        options.spark_model,
        options.model,
        options.data,
        sample=options.sample,
        columns=options.columns,
        master=options.master,
        backend=options.backend,
    )
    # The answer first: a report that cannot be written must not hide it.
    print(report)
    if options.json:
        write_whole(options.json, report.to_json().encode(), overwrite=True)
    if options.html:
        write_whole(options.html, report.to_html().encode(), overwrite=True)
    return 0 if report.ok else 1


def _add_explain(commands: Any) -> None:
    parser = _command(commands, "explain", _explain, "show what a model becomes at each step of the way")
    parser.add_argument("source", metavar="MODEL", help="a saved Spark model or a converted one")
    parser.add_argument("--after", choices=["translate", "rewrite", "lower"], default="translate", help="the step after which to print (default: translate)")
    parser.add_argument("--data", metavar="DATA", help="parquet whose schema to bind to (default: the types that the plan assumes)")
    parser.add_argument("--columns", type=_columns, metavar="A,B", help="the output columns wanted (default: all)")
    _add_reference_options(parser)


def _explain(options: argparse.Namespace) -> int:
    from mabridge.plan.explain import explain

    print(explain(options.source, after=options.after, data=options.data, columns=options.columns, **_reference(options)))
    return 0


def _add_export(commands: Any) -> None:
    parser = _command(commands, "export", _export, "write a converted model's predictor for another runtime")
    parser.add_argument("model", metavar="RAY_MODEL", help="a converted model")
    parser.add_argument(
        "target",
        metavar="FILE",
        help="the .onnx file to write: `features` (rows, size) in float64 in; scores, prediction, rawPrediction, probability out, by name",
    )
    parser.add_argument("--overwrite", action="store_true", help="replace the file if it exists")


def _export(options: argparse.Namespace) -> int:
    from mabridge.errors import OutputExistsError
    from mabridge.files import write_whole
    from mabridge.model import load

    content = load(options.model).to_onnx()
    try:
        write_whole(options.target, content, overwrite=options.overwrite)
    except FileExistsError as error:
        raise OutputExistsError(f"{options.target} exists already; choose another name, or use --overwrite to replace it.") from error
    print(f"{options.target}: {counted(len(content), 'byte')}")
    return 0


def _add_verify(commands: Any) -> None:
    parser = _command(commands, "verify", _verify, "check the files of a converted model against their checksums")
    parser.add_argument("model", metavar="RAY_MODEL", help="a converted model")


def _verify(options: argparse.Namespace) -> int:
    from mabridge.model import load

    model = load(options.model)
    print(f"{options.model}: every checksum is right; plan {model.digest[:12]}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
