"""docs/errors.md: the errors, out of mabridge/errors.py and of the places that make them."""

from __future__ import annotations

import ast
import inspect
from pathlib import Path

import mabridge.errors
from compat_tests.generate.markdown import code, generated_from, one_line
from mabridge.errors import MabridgeError

_SOURCE = Path(mabridge.errors.__file__).parent

#: What a user is doing while the code of a part of mabridge runs, in the order in which it happens; a module of its own goes before its package.
_READ, _CONVERT, _STORE, _BIND, _PREDICT, _RUN, _COMPARE = (
    "reading a saved Spark model",
    "converting",
    "writing or loading a converted model",
    "fitting a model to the data's columns",
    "predicting",
    "running over files or on Ray",
    "comparing with Spark",
)
_WHEN: dict[str, tuple[str, ...]] = {
    "saved": (_READ,),
    "registry": (_CONVERT,),
    "sdk": (_CONVERT,),
    "conversion": (_CONVERT,),
    "statement": (_CONVERT,),
    "plan/translate": (_CONVERT,),
    "sql": (_CONVERT, _BIND),
    "bundle": (_STORE,),
    "files": (_STORE, _RUN),
    "plan/store": (_STORE,),
    "plan": (_BIND,),
    "lower": (_PREDICT,),
    "frames": (_PREDICT,),
    "model": (_PREDICT,),
    "run": (_RUN,),
    "parity": (_COMPARE,),
    "cli": ("exporting",),
}


def errors_page() -> str:
    """The document."""
    module = inspect.getdoc(mabridge.errors) or ""
    kinds = error_classes()
    raisers = _raisers({kind.__name__ for kind in kinds})
    lines = [
        generated_from("`mabridge/errors.py` and what raises"),
        "# Errors",
        "",
        one_line(module.split("\n\n", 1)[0]),
        "",
        one_line(module.split("\n\n", 1)[1]),
    ]
    for kind in kinds:
        summary, *rest = (inspect.getdoc(kind) or "").split("\n\n")
        lines += ["", f"## {kind.__name__}", "", one_line(summary)]
        for part in rest:
            if part.startswith("Attributes:"):
                lines += ["", *_attributes(part)]
        base = kind.__mro__[1].__name__
        when = "; ".join(raisers.get(kind.__name__, []))
        lines += ["", f"{'An' if base[0] in 'AEIOU' else 'A'} {code(base)}.{f' When: {when}.' if when else ''}"]
    return "\n".join(lines) + "\n"


def error_classes() -> list[type[MabridgeError]]:
    """The classes of mabridge/errors.py in the order of the file."""
    found = [kind for kind in vars(mabridge.errors).values() if inspect.isclass(kind) and issubclass(kind, MabridgeError)]
    return [kind for kind in found if kind.__module__ == mabridge.errors.__name__]


def _attributes(part: str) -> list[str]:
    """An `Attributes:` section as a list; a line that is indented further goes on with the one before."""
    items: list[str] = []
    for line in part.splitlines()[1:]:
        if line.startswith("     "):
            items[-1] += f" {line.strip()}"
        else:
            name, _, what = line.strip().partition(": ")
            items.append(f"- {', '.join(code(one) for one in name.split(', '))}: {what}")
    return items


def _raisers(names: set[str]) -> dict[str, list[str]]:
    """Error -> what a user is doing when one is made, in order."""
    found: dict[str, set[str]] = {}
    for path in sorted(_SOURCE.rglob("*.py")):
        parts = path.relative_to(_SOURCE).with_suffix("").parts
        if parts == ("errors",):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, (ast.Name, ast.Attribute)):
                name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
                if name in names:
                    found.setdefault(name, set()).update(_WHEN.get("/".join(parts[:2])) or _WHEN[parts[0]])
    order = list(dict.fromkeys(when for whens in _WHEN.values() for when in whens))
    return {name: sorted(whens, key=order.index) for name, whens in found.items()}
