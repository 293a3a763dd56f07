"""Measures how urgent a ticket is, by POST /v1/tickets: rows of the data folder and of our own."""
import pathlib

from driver import Agency, accuracy, rows, share

OWN = pathlib.Path(__file__).resolve().parents[2] / "Tests/Intelligence/Triage/Messages/priority.tsv"
LEVELS = {1: "urgent", 2: "high", 3: "normal", 4: "low"}


def measure(server):
    yield from of(Agency(server), "priority", [(LEVELS[r["label"]], r["text"]) for r in rows("priority/dev.jsonl")])
    own = [line.split("\t") for line in OWN.read_text(encoding="utf-8").splitlines() if line]
    yield from of(Agency(server), f"`{OWN.name}`, phrases mended with it", own)


def of(agency, name, wanted):
    if not wanted:
        return
    pairs = [(level, agency.want(201, "POST", "/v1/tickets", {"subject": text[:120], "body": text})["priority"])
             for level, text in wanted]
    yield name, f"{len(pairs)} rows", "accuracy", f"{accuracy(pairs):.3f}"
    urgent = [found for level, found in pairs if level == "urgent"]
    yield name, "urgent", "found as urgent", share(urgent.count("urgent"), len(urgent))
