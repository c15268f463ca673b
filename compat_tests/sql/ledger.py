"""What of Spark's SQL functions mabridge refuses, case by case: `python -m compat_tests.sql.ledger [--shrink | --write]`.

not_supported.json: function -> why it is refused -> Spark version -> the refused cases.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from compat_tests.sql.replay import VERSIONS, Result, cases, functions, run_case

FILE = Path(__file__).with_name("not_supported.json")
Ledger = dict[str, dict[str, dict[str, list[str]]]]


@dataclass
class Tally:
    """What became of a function's cases.

    Attributes:
        equal, refused, wrong: how many.
        ulp: the largest distance of a double.
        refusals: (version, case) -> why.
        faults: what is wrong, as sentences.
    """

    equal: int = 0
    ulp: int = 0
    refusals: dict[tuple[str, str], str] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    @property
    def cases(self) -> int:
        """How many there are."""
        return self.equal + len(self.refusals) + len(self.faults)

    def add(self, version: str, case: str, result: Result, expression: str) -> None:
        """Count a case."""
        if result.outcome == "equal":
            self.equal += 1
            self.ulp = max(self.ulp, result.ulp)
        elif result.outcome == "refused":
            self.refusals[version, case] = result.text
        else:
            self.faults.append(f"{version} {case}: {expression}: {result.text}")


def function_names() -> list[str]:
    """The functions with cases, in any version."""
    return sorted({name for version in VERSIONS for name, entry in functions(version).items() if entry["cases"]})


def replayed(function: str) -> Tally:
    """Replay all cases of a function, of every version."""
    tally = Tally()
    for version in VERSIONS:
        for case in cases(version, function):
            tally.add(version, case["id"], run_case(version, case), case.get("statement") or case["expression"])
    return tally


def read_ledger() -> Ledger:
    """not_supported.json."""
    found: Ledger = json.loads(FILE.read_text(encoding="utf-8"))
    return found


def listed(ledger: Ledger, function: str) -> set[tuple[str, str]]:
    """The cases of a function that the ledger says are refused."""
    return {(version, case) for versions in ledger.get(function, {}).values() for version, ids in versions.items() for case in ids}


def entries(tally: Tally, only: set[tuple[str, str]] | None = None) -> dict[str, dict[str, list[str]]]:
    """The ledger's lines of a function; with `only`, no case that is not among these."""
    found: dict[str, dict[str, list[str]]] = {}
    for (version, case), why in sorted(tally.refusals.items()):
        if only is None or (version, case) in only:
            found.setdefault(why, {}).setdefault(version, []).append(case)
    return found


def write_ledger(ledger: Ledger) -> None:
    """Write not_supported.json, one reason a line."""
    blocks = []
    for function in sorted(ledger):
        lines = ",\n".join(f"  {json.dumps(why, ensure_ascii=False)}: {json.dumps(versions)}" for why, versions in sorted(ledger[function].items()))
        if lines:
            blocks.append(f" {json.dumps(function)}: {{\n{lines}\n }}")
    FILE.write_text("{\n" + ",\n".join(blocks) + "\n}\n", encoding="utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m compat_tests.sql.ledger", description="Replay Spark's recorded answers for its SQL functions.")
    parser.add_argument("functions", nargs="*", metavar="FUNCTION", help="these alone; all where none is named")
    parser.add_argument("--shrink", action="store_true", help="take out of the ledger what works now")
    parser.add_argument("--write", action="store_true", help="write the ledger anew, with what is refused now; for new recordings")
    parser.add_argument("--wrong", action="store_true", help="print what is wrong, case by case, and not the table")
    arguments = parser.parse_args()
    started = time.process_time()
    names = function_names()
    unknown = sorted(set(arguments.functions) - set(names))
    if unknown:
        parser.error(f"no recorded function: {', '.join(unknown)}")
    ledger = read_ledger() if FILE.exists() else {}
    total: Counter[str] = Counter()
    for function in arguments.functions or names:
        tally = replayed(function)
        counts = {"equal": tally.equal, "refused": len(tally.refusals), "wrong": len(tally.faults)}
        total.update(counts)
        if arguments.wrong:
            print("\n".join(f"{function}: {fault}" for fault in tally.faults), end="\n" if tally.faults else "")
        else:
            print(f"{function:30} {counts['equal']:5} equal {counts['refused']:5} refused {counts['wrong']:5} wrong   {tally.ulp or ''}")
        if arguments.shrink or arguments.write:
            ledger[function] = entries(tally, None if arguments.write else listed(ledger, function))
    if arguments.shrink or arguments.write:
        write_ledger({function: ledger[function] for function in ledger if function in names})
    count, seconds = total.total(), time.process_time() - started
    print(f"{count} cases: {total['equal']} equal, {total['refused']} refused, {total['wrong']} wrong")
    print(f"{100 * total['equal'] / max(count, 1):.1f}% of the cases are equal ({seconds:.1f} s)")
    return 1 if total["wrong"] else 0


if __name__ == "__main__":
    sys.exit(main())
