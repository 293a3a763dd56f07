"""Measures the subjects of tickets, once an agency's people have set categories right: the sets' own training rows
are the corrections, their test rows the tickets that come afterwards, all by the API."""
from driver import Agency, accuracy, eventually, macro_f1, peers, rows

#: The latest corrections count; more are not looked at.
TAUGHT = 500


def measure(server):
    for name in sorted({row["set"] for row in rows("triage/dev_test.jsonl")}):
        taught = spread([row for row in rows("triage/dev_train.jsonl") if row["set"] == name])
        asked = [row for row in rows("triage/dev_test.jsonl") if row["set"] == name][:400]
        agency = Agency(server)
        for row in taught:
            ticket(agency, row["text"], row["label"].lower()[:60])
        def trained():
            data = agency.want(200, "GET", "/v1/learned-models")["data"]
            return data and data[0]["examples"] == len(taught) and data[0]
        model = eventually(trained, f"the reader of {name}", 900)
        pairs = [(row["label"].lower()[:60], ticket(agency, row["text"])["category"]) for row in asked]
        peer = next(iter(peers().get("triage", {}).get(name, {}).values()), {})
        yield (f"triage, {name}", f"{len(pairs)} rows, {len(taught)} corrections", "accuracy, macro F1",
               f"{accuracy(pairs):.3f}, {macro_f1(pairs):.3f}",
               f"{peer['acc']:.3f}, {peer['macro_f1']:.3f} (all training rows)" if peer else "")
        yield (f"triage, {name}", "corrections", "accuracy it expects of itself", f"{model['accuracy']:.3f}")


def spread(training):
    """As many rows as count, in turn from each label."""
    by_label = {}
    for row in training:
        by_label.setdefault(row["label"], []).append(row)
    picked = []
    while len(picked) < TAUGHT and any(by_label.values()):
        for label in sorted(by_label):
            if by_label[label] and len(picked) < TAUGHT:
                picked.append(by_label[label].pop(0))
    return picked


def ticket(agency, text, category=None):
    body = {"subject": text[:120], "body": text, **({"category": category} if category else {})}
    return agency.want(201, "POST", "/v1/tickets", body)
