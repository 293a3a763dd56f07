"""Measures how leads' scores rank and how honest their probabilities are, after so many outcomes of an agency's own:
the columns come as custom fields of leads, the leads are scored by the agent, and score and probability are read
from them."""
import csv, os, pathlib

from driver import Agency, peers

#: Leads of one bulk request.
CHUNK = 500


def measure(server):
    folder = os.environ.get("BUREAU_DATA_SETS")
    if not folder:
        return
    train, test = (table(pathlib.Path(folder) / "lead-scoring" / name) for name in ("dev_train.csv", "dev_test.csv"))
    known = peers().get("lead-scoring", {})
    for count in (0, 50, 200, 1000, len(train)):
        name = "all" if count == len(train) else str(count)
        scores, probabilities, outcomes = scored(server, train[:count], test)
        peer = known.get(f"bank/n={name}", {}).get("sklearn LogisticRegression", {})
        yield (f"lead-scoring, {name} outcomes", f"{len(test)} leads", "AUC of the score, of the probability",
               f"{auc(outcomes, scores):.3f}, {auc(outcomes, probabilities):.3f}", f"{peer['auc']:.3f}" if peer else "")
        yield (f"lead-scoring, {name} outcomes", f"{len(test)} leads", "Brier, ECE",
               f"{brier(outcomes, probabilities):.4f}, {ece(outcomes, probabilities):.3f}",
               f"{peer['brier']:.4f}, {peer['ece']:.3f}" if peer else "")


def table(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def scored(server, history, future):
    agency = Agency(server, "lead_scoring")
    agency.agent("lead_scoring", "disabled")
    made(agency, history, lambda row: "won" if row["won"] == "1" else "lost")
    ids = made(agency, future, lambda row: "new")
    agency.agent("lead_scoring", "active")
    run = agency.want(202, "POST", "/v1/agents/lead_scoring/runs", {"parameters": {"limit": 100000}})
    agency.follow(f"/v1/agent-runs/{run['id']}", ("succeeded", "failed"))
    leads = {lead["id"]: lead for lead in agency.every("/v1/leads?status=scored,new")}
    found = [leads[id] for id in ids]
    return ([lead["score"] for lead in found], [lead["conversion_probability"] for lead in found],
            [int(row["won"]) for row in future])


def made(agency, rows, status):
    ids = []
    for start in range(0, len(rows), CHUNK):
        bodies = [{
            "company": f"Firm {row['lead_id']}", "status": status(row),
            "custom": {name: value for name, value in row.items() if name not in ("lead_id", "won")}}
            for row in rows[start:start + CHUNK]]
        answer = agency.want(200, "POST", "/v1/leads/bulk", {
            "operations": [{"op": "create", "body": body} for body in bodies]})
        ids += [result["body"]["id"] for result in answer["results"]]
    return ids


# Figures

def auc(outcomes, scores):
    order = sorted(range(len(scores)), key=lambda i: scores[i])
    ranks, start = [0.0] * len(scores), 0
    while start < len(order):
        end = start
        while end + 1 < len(order) and scores[order[end + 1]] == scores[order[start]]:
            end += 1
        for place in range(start, end + 1):
            ranks[order[place]] = (start + end) / 2 + 1
        start = end + 1
    won = sum(outcomes)
    lost = len(outcomes) - won
    return (sum(rank for rank, outcome in zip(ranks, outcomes) if outcome) - won * (won + 1) / 2) / (won * lost)


def brier(outcomes, probabilities):
    return sum((outcome - p) ** 2 for outcome, p in zip(outcomes, probabilities)) / len(outcomes)


def ece(outcomes, probabilities):
    gaps = [0.0] * 10
    for outcome, p in zip(outcomes, probabilities):
        gaps[min(9, int(p * 10))] += outcome - p
    return sum(abs(gap) for gap in gaps) / len(outcomes)
