"""`python -m compat_tests.generate --check | --write`."""

from __future__ import annotations

import argparse
import sys

from compat_tests.generate.documents import DOCUMENTS, stale, write


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m compat_tests.generate", description="The documents that are generated from the code.")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--check", action="store_true", help="exit 1 where a document says something else than the code")
    what.add_argument("--write", action="store_true", help="write what is stale")
    if parser.parse_args().write:
        for name in write():
            print(f"{name}: written")
        return 0
    found = stale()
    for name in found:
        print(f"{name} is stale; run `make docs`.", file=sys.stderr)
    if not found:
        print(f"{len(DOCUMENTS)} documents are fresh")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
