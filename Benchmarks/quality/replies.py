"""Measures what a reply means, and what follows from it: its class, the lead, deals and tasks, as the API tells
them."""
from driver import Answered, accuracy, macro_f1, own, peers, rows, share

#: The data folder knows seven classes.
NAMES = {"objection": "not_interested", "not_now": "not_interested", "other": "question"}
TONES = {
    "interested": "positive", "question": "neutral", "out_of_office": "neutral", "not_now": "neutral",
    "other": "neutral", "referral": "negative", "not_interested": "negative", "unsubscribe": "negative",
    "bounce": "negative", "objection": "negative"}


def measure(server):
    yield from ours(server)
    known = peers().get("replies", {})
    for name in sorted({row["set"] for row in rows("replies/dev.jsonl")}):
        yield from theirs(server, name, known.get(name, {}))


def ours(server):
    for file in ("replies.jsonl", "replies_unseen.jsonl"):
        wanted = own(file)
        found = list(zip(wanted, Answered(server, [(row["text"], None) for row in wanted])))
        kinds = {}
        for row, (message, lead, deals, tasks) in found:
            kinds.setdefault(row["kind"], []).append((row, message, lead, deals, tasks))
        for kind, list_ in kinds.items():
            classes = [(row, m) for row, m, *_ in list_ if row["classes"]]
            if classes:
                hits = sum(m is not None and m["class"] in row["classes"] for row, m in classes)
                yield f"`{file}`", kind, "class is right", share(hits, len(classes))
        never = [entry for entry in found if entry[0]["deal"] == "never"]
        yield f"`{file}`", "must open no deal", "deals opened", share(sum(e[1][2] > 0 for e in never), len(never))
        yield (f"`{file}`", "must open no deal", "budget or need taken", share(
            sum(e[1][1]["budget"] is not None or bool(e[1][1]["pain_points"]) for e in never), len(never)))
        clear = [entry for entry in found if entry[0]["deal"] == "yes"]
        yield f"`{file}`", "yes, price", "deals opened", share(sum(e[1][2] > 0 for e in clear), len(clear))
        needs = [entry for entry in found if entry[0]["pain"]]
        yield (f"`{file}`", "need", "stands on the lead", share(
            sum(bool(e[1][1]["pain_points"]) for e in needs), len(needs)))
        privacy = [entry for entry in found if entry[0]["kind"] == "privacy"]
        yield f"`{file}`", "privacy", "a task is there", share(sum(e[1][3] > 0 for e in privacy), len(privacy))


def theirs(server, name, known):
    wanted = [row for row in rows("replies/dev.jsonl") if row["set"] == name]
    pairs, refused, opened = [], 0, 0
    for row, (message, _, deals, _) in zip(wanted, Answered(server, [(r.get("text"), r.get("raw")) for r in wanted])):
        found = message["class"] if message else "bounce"
        pairs.append((row["label"], TONES[found] if name == "svara" else NAMES.get(found, found)))
        if row["label"] in ("not_interested", "unsubscribe", "bounce", "out_of_office", "negative"):
            refused, opened = refused + 1, opened + (deals > 0)
    peer = next(iter(known.values()), {})
    yield (f"replies, {name}", f"{len(pairs)} rows", "accuracy, macro F1", f"{accuracy(pairs):.3f}, {macro_f1(pairs):.3f}",
           f"{peer.get('acc', 0):.3f}*, {peer.get('macro_f1', 0):.3f}*" if peer else "")
    yield f"replies, {name}", "refusals and machines' mails", "deals opened", share(opened, refused)
