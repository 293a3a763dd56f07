"""Campaigns, posts and the calendar: planned, previewed, sent and published."""
import contextlib, datetime, time

import leads, load, nurturing, posting, selling
from benching import Bench, CREATE, median, need, new_lead, settle


def daily():
    """The day of a million leads' ages: with nobody due, with 10,000, and with ten times as many, so that it takes a
    while, beside 8 connections that create, each 20 ms after its last answer."""
    with Bench() as b:
        nurturing.fill(b.client, nurturing.MANY - leads.PER_TENANT)
        b.restart(nurturing.compared)
        b.client.agent("lifecycle_management", "active")
        settle(b.client)
        nurturing.age(b.client)
        none, result = nurturing.age(b.client)
        need(result["processed"] == 0, result)
        wrk = b.wrk("create", CREATE, 8, 1, new_lead(), pause=20)
        alone = load.repeat(b.pid, lambda: wrk.figures(wrk.spawn(load.SECONDS)))

        def due(count, beside=False):
            b.restart(lambda server: nurturing.make_due(server, leads.MEASURED, count))
            b.client.want(200, "GET", "/v1/agents?limit=1")
            settle(b.client)
            before, others = b.server.resident(), load.Others(b.pid)
            process = wrk.spawn(load.SECONDS) if beside else None
            if beside: time.sleep(0.5)
            with load.Peak(b.server.resident) as memory: seconds, result = nurturing.age(b.client)
            need(result["changed"] == count, result)
            figures = wrk.figures(process) if beside else {}
            return figures | {"seconds": seconds, "more": memory.most - before, "others": others.cores()}

        lone, live = due(nurturing.DUE), due(10 * nurturing.DUE, beside=True)
        return {
            "seconds": lone["seconds"], "more": lone["more"], "none_seconds": none, "beside_seconds": live["seconds"],
            "p99": live["p99"], "max": live["max"], "alone_p99": median(alone, "p99"), "alone_max": median(alone, "max"),
            "runs": [round(lone["seconds"], 2), round(live["seconds"], 2)], "others": max(lone["others"], live["others"]), "memory": b.server.resident()}


@contextlib.contextmanager
def audience(invited):
    """A server whose agency may send an approved item to so many people, beside the leads that it has; the item."""
    with Bench() as b:
        nurturing.invite(b.client, invited)
        settle(b.client)
        yield b, nurturing.item(b.client)


def preview():
    """Finds who would get a content item, of 100,000 leads."""
    invited = nurturing.INVITED - leads.PER_TENANT
    with audience(invited) as (b, item):
        nurturing.preview(b.client, item)

        def once():
            others = load.Others(b.pid)
            seconds, found = nurturing.preview(b.client, item)
            skipped = sum(part["count"] for part in found["skipped"])
            need(found["would_send"] >= invited, found)
            need(found["would_send"] + skipped == found["matched"] and len(found["examples"]) == 3, found)
            return {"seconds": seconds, "would_send": found["would_send"], "matched": found["matched"], "others": others.cores()}

        runs = load.quietest(once)
        return {key: median(runs, key) for key in ("seconds", "would_send", "matched")} | {
            "runs": [round(r["seconds"], 2) for r in runs], "others": max(r["others"] for r in runs),
            "memory": b.server.resident()}


def planned():
    """Plans the item for all whom it would reach."""
    runs = []
    for _ in range(load.RUNS):
        with audience(nurturing.INVITED) as (b, item):
            others = load.Others(b.pid)
            seconds, found = nurturing.plan(b.client, item, nurturing.tomorrow())
            need(found["planned"] >= nurturing.INVITED, found)
            runs.append({"seconds": seconds, "planned": found["planned"], "others": others.cores(), "memory": b.server.resident()})
    return {
        "seconds": median(runs, "seconds"), "planned": runs[0]["planned"], "rate": runs[0]["planned"] / median(runs, "seconds"),
        "runs": [round(r["seconds"], 2) for r in runs], "others": max(r["others"] for r in runs),
        "memory": max(r["memory"] for r in runs)}


def sent():
    """An item that is sent at once to as many: mails a second, from the end of the planning until the last has come."""
    with audience(nurturing.INVITED) as (b, item), selling.Sink() as sink:
        selling.ready_to_mail(b.client, sink.url)
        b.client.want(200, "PATCH", "/v1/agents/content_distribution", {"state": "active", "autonomy": "autopilot"})
        settle(b.client)
        others = load.Others(b.pid)
        planning, seconds, found = nurturing.send(b.client, item, sink.count)
        count = b.client.want(200, "GET", "/v1/messages?limit=1&total=true&status=sent")["total"]
        need(count == sink.count() and count >= nurturing.INVITED, f"{count} sent, {sink.count()} came: {found}")
        return {
            "seconds": seconds, "rate": count / seconds, "sent": count, "planning_seconds": planning, "others": others.cores(),
            "memory": b.server.resident()}


def frozen():
    """A mail of a campaign whose 100,000 recipients are frozen: from its POST until all are rows, and the memory
    that it takes."""
    runs = []
    for _ in range(load.RUNS):
        with Bench() as b:
            nurturing.invite(b.client, nurturing.INVITED)
            settle(b.client)
            id, members = nurturing.mailing(b.client)
            others, before = load.Others(b.pid), b.server.resident()
            with load.Peak(b.server.resident) as memory: seconds, found = nurturing.freeze(b.client, id, members)
            need(found["planned"] >= nurturing.INVITED and found["members"] == members, found)
            runs.append({
                "seconds": seconds, "planned": found["planned"], "more": memory.most - before, "others": others.cores(),
                "memory": b.server.resident()})
    return {
        "seconds": median(runs, "seconds"), "planned": runs[0]["planned"], "more": max(r["more"] for r in runs),
        "runs": [round(r["seconds"], 2) for r in runs], "others": max(r["others"] for r in runs),
        "memory": max(r["memory"] for r in runs)}


def alike():
    """A content item checked among 100,000 others, one of which it repeats with two words changed."""
    with Bench() as b:
        settle(b.client)
        rate, ids = nurturing.pieces(b.client, 100_000)
        settle(b.client)
        others, took = load.Others(b.pid), []
        for number, id in ids.items():
            again = nurturing.piece(b.client, number, turned=True)
            began = time.perf_counter()
            report = b.client.want(200, "POST", f"/v1/content-items/{again}/check")
            took.append((time.perf_counter() - began) * 1000)
            need(any(f["code"] == "too_similar" and f["evidence"] == id for f in report["findings"]), report)
        took.sort()
        return {
            "p50": took[len(took) // 2], "p99": took[len(took) * 99 // 100], "rate": rate, "others": others.cores(),
            "memory": b.server.resident(), "runs": [f"longest {ms:.1f} ms" for ms in took[-3:]]}


def posts():
    """A thousand posts of a file, each checked and planned."""
    runs = []
    for _ in range(load.RUNS):
        with Bench() as b:
            posting.account(b.client)
            others = load.Others(b.pid)
            seconds, done = posting.plan(b.client, posting.file_of(1000, lambda n: posting.later(days=40, minutes=n)))
            need(done["created"] == 1000 and done["failed"] == 0, done)
            planned = b.client.want(200, "GET", "/v1/social-posts?status=scheduled&limit=1&total=true")["total"]
            need(planned == 1000, f"{planned} are planned")
            runs.append({"seconds": seconds, "others": others.cores(), "memory": b.server.resident()})
    return {
        "seconds": median(runs, "seconds"), "rate": 1000 / median(runs, "seconds"), "runs": [round(r["seconds"], 2) for r in runs],
        "others": max(r["others"] for r in runs), "memory": max(r["memory"] for r in runs)}


def publish():
    """Posts that are due together, until each stands at a page beside and is known to."""
    count, runs = 3000, []
    for _ in range(load.RUNS):
        with Bench() as b, posting.Page() as page:
            posting.account(b.client, page.url)
            due = posting.later(seconds=30)
            _, done = posting.plan(b.client, posting.file_of(count, lambda n: due))
            need(done["created"] == count, done)
            need(posting.later() < due, "the posts were due before all of them were planned")
            others = load.Others(b.pid)
            moments = posting.published(b.client, count)
            texts = page.texts()
            need(len(texts) == len(set(texts)) == count, f"{len(texts)} stand, {len(set(texts))} of them once")
            parse = lambda at: datetime.datetime.fromisoformat(at.replace("Z", "+00:00"))
            seconds = (parse(moments[-1]) - due).total_seconds()
            runs.append({"seconds": seconds, "rate": count / seconds, "others": others.cores(), "memory": b.server.resident()})
    return {
        "seconds": median(runs, "seconds"), "rate": median(runs, "rate"), "runs": [round(r["rate"]) for r in runs],
        "others": max(r["others"] for r in runs), "memory": max(r["memory"] for r in runs)}


def calendar():
    """A month with 5,000 posts."""
    with Bench() as b:
        posting.account(b.client)
        first = posting.later(days=40)
        _, done = posting.plan(b.client, posting.file_of(5000, lambda n: first + datetime.timedelta(minutes=8 * n)))
        need(done["created"] == 5000, done)
        for _ in range(10): posting.calendar(b.client, first, 30)
        others, took = load.Others(b.pid), []
        for _ in range(300):
            ms, entries = posting.calendar(b.client, first, 30)
            need(sum(e["kind"] == "post" for e in entries) == 5000, f"{len(entries)} entries")
            took.append(ms)
        took.sort()
        return {
            "p50": took[len(took) // 2], "p99": took[len(took) * 99 // 100], "others": others.cores(),
            "memory": b.server.resident(), "runs": [f"longest {ms:.1f} ms" for ms in took[-3:]]}
