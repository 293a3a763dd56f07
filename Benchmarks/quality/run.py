#!/usr/bin/env python3
"""Measures judgements through the API: `Benchmarks/quality/run.py [task …]` starts the binary (BUREAU_BIN, else the release
build) and prints the lines of Benchmarks/quality.md. A task is a module beside this one with `measure(server)`, which
yields set, rows, metric, ours, and a peer where there is one."""
import importlib, pathlib, sys, tempfile

import driver
from server import Server

#: Each module beside this one but the driver.
TASKS = sorted(file.stem for file in driver.HERE.glob("*.py") if file.stem not in ("run", "driver"))


def main():
    with tempfile.TemporaryDirectory(prefix="bureau-quality-") as folder, \
            Server(pathlib.Path(folder) / "data") as server:
        print("| set | rows | metric | ours | peer |\n|---|---|---|---|---|")
        for name in sys.argv[1:] or TASKS:
            for line in importlib.import_module(name).measure(server):
                print("| " + " | ".join(list(line) + [""] * (5 - len(line))) + " |", flush=True)


if __name__ == "__main__":
    main()
