"""docs/sql-functions.md: which of Spark's SQL functions a SQLTransformer's statement may use, out of what was recorded and what is refused."""

from __future__ import annotations

from typing import Any

from compat_tests.generate.markdown import code, generated_from, one_line, table
from compat_tests.sql.ledger import FILE, Ledger, read_ledger
from compat_tests.sql.replay import VERSIONS, functions
from mabridge.sql.functions.table import FUNCTIONS

#: What `functions.json` calls an example that the row alone does not decide, in words.
_NOT_ROW_LEVEL = {
    "aggregate": "an aggregate",
    "window": "a window function",
    "generator": "makes several rows of one",
    "session": "depends on when or where the job runs",
    "not deterministic": "gives another value in each run",
    "refused": "Spark refuses its own examples as single statements",
}


def sql_functions_page() -> str:
    """The document."""
    listed = {version: functions(version) for version in VERSIONS}
    ledger = read_ledger() if FILE.exists() else {}
    names = sorted({name for entries in listed.values() for name in entries})
    row_level = [name for name in names if any(entries.get(name, {}).get("row_level") for entries in listed.values())]
    rows = []
    counts = {"whole": 0, "part": 0}
    for name in row_level:
        refused, recorded = _refused(ledger, name), sum(entries[name]["cases"] for entries in listed.values() if name in entries)
        supported = recorded > refused
        counts["whole"] += supported and not refused
        counts["part"] += supported and refused > 0
        ulp = FUNCTIONS[name].ulp if supported and name in FUNCTIONS else None
        rows.append(
            (code(name), *(_listed(name in listed[version]) for version in VERSIONS), _said(ledger, name, refused, recorded), "" if ulp is None else str(ulp))
        )
    others = []
    for name in names:
        if name not in row_level:
            whys = dict.fromkeys(why for entries in listed.values() if name in entries for why in entries[name]["examples"])
            reason = "; ".join(_NOT_ROW_LEVEL[why] for why in whys) or "Spark gives no example, so nothing was recorded"
            others.append((code(name), *(_listed(name in listed[version]) for version in VERSIONS), reason))
    lines = [
        generated_from("compat_tests/sql"),
        "# SQL functions",
        "",
        f"What `SHOW FUNCTIONS` lists in Spark {' and in Spark '.join(VERSIONS)}. Each function was run by Spark on its own examples, on",
        "variations of them and on hard values; the answers lie in `compat_tests/sql` and are replayed without a JVM. A case is equal or refused by name.",
        "Equal means exact, but for doubles of functions with a number in the last column: they may differ by so many units in the last place.",
        "",
        f"{len(row_level)} of {len(names)} are decided by the row alone. {counts['whole']} of these answer every recorded case, {counts['part']} refuse some, "
        f"{len(row_level) - counts['whole'] - counts['part']} are not supported.",
        *_unfinished(listed),
        "",
        *table(("function", *VERSIONS, "supported", "ulp"), rows),
        "",
        "## Functions that no row alone decides, or that cannot be recorded",
        "",
        *table(("function", *VERSIONS, "why"), others),
    ]
    return "\n".join(lines) + "\n"


def _unfinished(listed: dict[str, dict[str, dict[str, Any]]]) -> list[str]:
    """What is not recorded yet, as lines."""
    lines = []
    for version, entries in listed.items():
        missing = sum(bool(entry.get("unfinished")) for entry in entries.values())
        if missing:
            lines += ["", f"{missing} functions of Spark {version} were not run on hard values yet: `python -m compat_tests.record.sql_functions --missing`."]
    return lines


def _listed(here: bool) -> str:
    return "yes" if here else "no"


def _refused(ledger: Ledger, name: str) -> int:
    return sum(len(cases) for versions in ledger.get(name, {}).values() for cases in versions.values())


def _said(ledger: Ledger, name: str, refused: int, recorded: int) -> str:
    if not recorded:
        return "nothing recorded"
    if not refused:
        return f"yes ({recorded} cases)"
    reasons = sorted(ledger[name], key=lambda why: (-sum(map(len, ledger[name][why].values())), why))
    first = one_line(reasons[0])
    more = f" {len(reasons) - 1} other reasons." if len(reasons) > 2 else " One other reason." if len(reasons) == 2 else ""
    return f"no: {first}{more}" if refused == recorded else f"in part: {refused} of {recorded} cases are refused. {first}{more}"
