from __future__ import annotations

from compat_tests.record.core import Case


def cases() -> list[Case]:
    return []
