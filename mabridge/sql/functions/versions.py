"""What functions do from Spark 4 on."""

from __future__ import annotations

from mabridge.sql.functions.function import Args, Signature, TypeMismatch, TypeRule
from mabridge.sql.scope import Session


def is_4(session: Session) -> bool:
    """Whether the session's Spark is 4.0 or later."""
    return int(session.spark_version.split(".")[0]) >= 4


def since_4(name: str, types: TypeRule) -> TypeRule:
    """The types of a function that Spark has from 4.0 on."""

    def rule(args: Args, session: Session) -> Signature:
        if not is_4(session):
            raise TypeMismatch(f"Spark {session.spark_version} has no {name}, Spark 4.0 does; compute the column before prediction.")
        return types(args, session)

    return rule
