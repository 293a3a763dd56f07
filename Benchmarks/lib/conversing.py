"""Mails out, chats, the inbox, and pages that listen."""
import signal, time

import leads, load, selling, talking
from benching import Bench, median, need, summary


def outbox():
    """10,000 mails of one template, each to another contact: from the first POST until the last is `sent`."""
    def once():
        with Bench() as b, selling.Sink() as sink:
            template, ids = selling.ready_to_mail(b.client, sink.url), selling.contacts(b.client)
            need(len(ids) == leads.PER_TENANT, f"{len(ids)} contacts")
            (b.folder / "contact-ids").write_text("\n".join(ids) + "\n")
            sent = lambda status: b.client.want(200, "GET", f"/v1/messages?limit=1&total=true&status={status}")["total"]
            wrk = load.Wrk(
                b.server.port, b.client.token, "message", "/v1/messages", b.folder, load.CONNECTIONS, 2, b.folder / "contact-ids",
                selling.message(template))
            load.wait_until_quiet()
            others, began = load.Others(b.pid), time.perf_counter()
            process, peak = wrk.spawn(600), 0
            while (count := sent("sent")) < len(ids):
                held = sent("held") + sent("failed") + sent("unknown") if count == peak else 0
                need(held == 0 and time.perf_counter() - began < 600, f"{count} sent, {held} not")
                peak = count
                time.sleep(0.2)  # Each look counts all that were sent.
            seconds = time.perf_counter() - began
            process.send_signal(signal.SIGINT)
            figures = wrk.figures(process)
            need(figures["refused"] == 0 and figures["broken"] == 0, figures)
            need(sink.count() == len(ids), f"{sink.count()} mails came, not {len(ids)}")
            return {"seconds": seconds, "rate": len(ids) / seconds, "others": others.cores(), "memory": b.server.resident()}

    runs = load.quietest(once)
    return {
        "seconds": median(runs, "seconds"), "rate": median(runs, "rate"), "runs": [round(r["seconds"], 1) for r in runs],
        "others": max(r["others"] for r in runs), "memory": max(r["memory"] for r in runs)}


def talks(b, count):
    """An agency with so many open conversations, that nobody has answered; its page, and the first of them."""
    b.client.agents("disabled")
    visitors = talking.Visitors(b.server.port, talking.page_key(b.client))
    opened = visitors.open_all(count)
    need(len(set(opened)) == count, "visitors share conversations")
    # Those who might answer have seen that nobody is to.
    while b.client.want(200, "GET", "/v1/jobs?kind=conversation.answer&state=available&limit=1")["data"]:
        time.sleep(1)
    load.wait_until_quiet()
    return visitors, opened


def chat():
    """200 questions a second among 100,000 open conversations: from the asking until the bot's answer is committed, and told."""
    count, rate, seconds = 100_000, 200, 20
    with Bench() as b:
        visitors, _ = talks(b, count)
        b.client.want(201, "POST", "/v1/articles", talking.ARTICLE)
        b.client.agent("primary_agent", "active")
        events = talking.Events(b.server.port, b.client.token, "message.sent")
        # The first answers find everything cold.
        visitors.ask(50, 2, count)
        time.sleep(2)
        events.seen.clear()
        asked = visitors.ask(rate, seconds, count)
        deadline = time.perf_counter() + 30
        while len(events.seen) < len(asked) and time.perf_counter() < deadline:
            time.sleep(0.05)
        answered = {e["data"]["conversation_id"]: at for at, e in events.seen}
        took = sorted((answered[c] - at) * 1000 for c, at in asked.items() if c in answered)
        need(len(took) >= len(asked) * 0.999, f"{len(asked) - len(took)} of {len(asked)} were not answered")
        return {
            "p50": took[len(took) // 2], "p99": took[len(took) * 99 // 100], "rate": rate, "conversations": count,
            "memory": b.server.resident()}


def inbox():
    """The newest 50 of 100,000 conversations, with what was said last."""
    with Bench() as b:
        talks(b, 100_000)
        path = "/v1/conversations?limit=50&status=open&sort=-last_message_at"
        page = b.client.want(200, "GET", path)["data"]
        need(len(page) == 50 and all(c["preview"] == "Hello" for c in page), "the page is not the newest 50 with their words")
        wrk = b.wrk("list", path)
        wrk.figures(wrk.spawn(2))
        runs = load.repeat(b.pid, lambda: wrk.figures(wrk.spawn(load.SECONDS)))
        return summary(runs) | {"memory": b.server.resident()}


def listen():
    """5,000 listeners of one agency's events: what they take, and how soon each hears of one."""
    count = 5000
    with Bench() as b:
        b.client.agents("disabled")
        before = b.server.resident()
        listeners = talking.Listeners(b.server.port, b.client.token, count)
        try:
            took = []
            for n in range(5):
                body = {"company": f"Fanned out {n}", "email": f"fan{n}@example.com"}
                took += listeners.reach(b"lead.created", lambda: b.client.want(201, "POST", "/v1/leads", body))
                time.sleep(1)
            took = sorted(t * 1000 for t in took)
            return {
                "listeners": count, "p50": took[len(took) // 2], "p99": took[len(took) * 99 // 100], "slowest": took[-1],
                "memory": b.server.resident(), "taken": b.server.resident() - before}
        finally:
            listeners.close()
