"""Run all parity tests and print the largest difference of every array: `python -m tests.parity`."""

import sys

import pytest

from tests.parity import oracle

if __name__ == "__main__":
    code = pytest.main(["tests/parity", "-q", *sys.argv[1:]])
    print(oracle.table())  # noqa: T201 - the table is the product
    raise SystemExit(code)
