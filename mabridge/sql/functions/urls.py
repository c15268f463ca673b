"""parse_url (urlExpressions.scala, Spark 3.5)."""

from __future__ import annotations

from mabridge.java_uri import JavaUri, JavaUriError, parse_uri
from mabridge.lower.columns import ScalarColumn
from mabridge.sql.distinct import RefusedRow, over_distinct
from mabridge.sql.evaluate import Running
from mabridge.sql.functions.function import Args, Function, Kernel, Signature
from mabridge.sql.functions.regular import SECONDS, compiled, searched
from mabridge.sql.functions.rules import TEXT, takes
from mabridge.sql.functions.versions import since_4
from mabridge.sql.scope import Session
from mabridge.sql.typed import Constant


def _part(uri: JavaUri, part: str) -> str | None:
    match part:
        case "HOST":
            return uri.host
        case "PATH":
            return uri.path
        case "QUERY":
            return uri.query
        case "REF":
            return uri.fragment
        case "PROTOCOL":
            return uri.scheme
        case "FILE":
            return uri.path if uri.query is None else f"{uri.path}?{uri.query}"
        case "AUTHORITY":
            return uri.authority
        case "USERINFO":
            return uri.user
    return None


def _value(query: str, key: str) -> str | None:
    # Spark puts the key into a regular expression as it is.
    found = compiled(f"(&|^){key}=([^&]*)").first(query, groups=True, seconds=SECONDS)
    return None if found is None else found[2]


def _kernel(*, attempt: bool) -> Kernel:
    def kernel(running: Running) -> ScalarColumn:
        def compute(url: str, part: str, key: str | None = None) -> str | None:
            if key is not None and part != "QUERY":
                return None
            try:
                found = _part(parse_uri(url), part)
            except JavaUriError as error:
                if running.ansi and not attempt:
                    raise RefusedRow(f"reads {url[:100]!r}, which Java takes for no URL; Spark refuses this too under ANSI.") from error
                return None
            return found if key is None or found is None else _value(found, key)

        return over_distinct(running, searched(compute))

    return kernel


def _types(args: Args, session: Session) -> Signature:
    found = takes(TEXT, gives=TEXT)(args, session)
    return Signature(found.takes, TEXT, nullable=True, may_raise=session.ansi or (len(args) > 2 and not isinstance(args[2], Constant)))


FUNCTIONS = (
    Function(("parse_url",), (2, 3), _types, _kernel(attempt=False)),
    Function(("try_parse_url",), (2, 3), since_4("try_parse_url", _types), _kernel(attempt=True)),
)
