"""The care of records: duplicates, histories for CRMs, origins, crawls, scores, scans, checks and copies."""
import contextlib, sqlite3, statistics, time

import keeping, leads, load, sites, syncing
from benching import Bench, CREATE, FOLDER, median, need, new_lead, settle, summary
from server import Client


def duplicates():
    """From the end of an import of 100,000 lines until all leads are compared; pages meanwhile."""
    with Bench() as b:
        b.client.bring_in(leads.import_file())
        others, began, pages, complete = load.Others(b.pid), time.perf_counter(), [], False
        while not complete:
            asked = time.perf_counter()
            complete = b.client.want(200, "GET", "/v1/leads/duplicates?limit=50")["is_complete"]
            pages.append((time.perf_counter() - asked) * 1000)
            time.sleep(0.5)
        seconds = time.perf_counter() - began
        return {
            "seconds": seconds, "rate": 105_000 / seconds, "p50": statistics.median(pages), "worst": max(pages),
            "others": others.cores(), "memory": b.server.resident()}


@contextlib.contextmanager
def crm():
    """A server, and the path of its sync with a CRM that has 100,000 contacts in memory."""
    with Bench() as b:
        remote = syncing.Crm()
        path = syncing.connected(b.client, remote)
        load.wait_until_quiet()
        try: yield b, remote, path
        finally: remote.close()


def backfill():
    """The first reading of 100,000 contacts: how fast, and whether memory grows with them."""
    with crm() as (b, _, path):
        before, others = b.server.resident(), load.Others(b.pid)
        run, seconds, memory = syncing.run(b.client, path, b.server.resident)
        need(run["status"] == "completed" and run["pulled"]["created"] == syncing.CONTACTS, run)
        need(b.client.count() == leads.PER_TENANT + syncing.CONTACTS, "contacts are missing")
        # Caches have filled by then; what is held from there on would be held for each contact.
        settled = max(memory[:max(1, len(memory) // 2)])
        return {
            "seconds": seconds, "rate": syncing.CONTACTS / seconds, "memory_before": before, "memory_settled": settled,
            "memory": max(memory), "others": others.cores()}


def quiet():
    """Runs of a sync without news, behind the first reading of all contacts."""
    with crm() as (b, remote, path):
        run, _, _ = syncing.run(b.client, path)
        need(run["status"] == "completed", run)
        settle(b.client)
        others, runs = load.Others(b.pid), []
        for _ in range(20):
            asked = remote.requests
            run, took, _ = syncing.run(b.client, path)
            need(run["status"] == "completed" and run["pulled"]["updated"] == run["pulled"]["created"] == 0, run)
            runs.append((took * 1000, remote.requests - asked))
        return {
            "ms": statistics.median(ms for ms, _ in runs), "p99": max(ms for ms, _ in runs),
            "requests": max(count for _, count in runs), "others": others.cores(), "memory": b.server.resident()}


def provenance():
    """Imports with the trace of which file each lead came from, and with that trace dropped by the database, in turns."""
    data, runs = leads.import_file(), {True: [], False: []}
    for is_traced in [True, False] * load.RUNS:
        with Bench() as b:
            if not is_traced:
                file = sqlite3.connect(b.server.data / "bureau.db", timeout=30)
                with contextlib.closing(file):
                    file.execute("CREATE TRIGGER no_traces BEFORE INSERT ON lead_imports BEGIN SELECT RAISE(IGNORE); END")
                    file.commit()
            load.wait_until_quiet()
            others, began = load.Others(b.pid), time.perf_counter()
            done = b.client.bring_in(data)
            seconds = time.perf_counter() - began
            need(done["status"] == "completed" and done["created"] == 95_000, done)
            lead = b.client.want(200, "GET", "/v1/leads?limit=1")["data"][0]
            facts = b.client.want(200, "GET", f"/v1/leads/{lead['id']}/facts")["data"]
            need(any(fact["source"]["kind"] == "file" for fact in facts) == is_traced, facts[:2])
            runs[is_traced].append({"seconds": seconds, "others": others.cores(), "memory": b.server.resident()})
    return {
        "seconds": median(runs[True], "seconds"), "alone_seconds": median(runs[False], "seconds"),
        "runs": [round(r["seconds"], 2) for r in runs[True] + runs[False]],
        "others": max(r["others"] for r in runs[True] + runs[False]), "memory": max(r["memory"] for r in runs[True])}


def crawl():
    """300 sites at once, each of 20 pages of 20 KB, without pauses; then as many whose pages are read for facts of leads."""
    count, found = 300, []
    with sites.Web(FOLDER / "web") as web, Bench(sites.settings(web)) as b:
        bodies = [{"company": f"Firm {n}", "website": f"http://firm{n}.example"} for n in range(count)]
        made = b.client.want(200, "POST", "/v1/leads/bulk", {"operations": [{"op": "create", "body": body} for body in bodies]})
        ids = [result["body"]["id"] for result in made["results"]]
        for name, of in (("site", None), ("firm", ids)):
            load.wait_until_quiet()
            others = load.Others(b.pid)
            pages, seconds, memory = sites.crawl(
                b.client, {f"http://{name}{n}.example/": None for n in range(count)}, b.server.resident, of)
            need(pages == count * sites.PAGES, f"{pages} pages were stored")
            found.append({"rate": pages / seconds, "seconds": seconds, "memory": memory, "others": others.cores()})
        plain, read = found
        return plain | {
            "read_rate": read["rate"], "read_memory": read["memory"], "web": web.name,
            "runs": [round(r["rate"]) for r in found], "others": max(r["others"] for r in found)}


def score():
    """One run of the scoring agent over 100,000 leads; a tenth of them are closed, from which it learns."""
    with Bench() as b:
        b.client.bring_in(leads.import_file())
        b.client.agent("lead_scoring", "active")
        load.wait_until_quiet()
        others, began = load.Others(b.pid), time.perf_counter()
        run = b.client.want(202, "POST", "/v1/agents/lead_scoring/runs", {"parameters": {"limit": 100_000}})
        run = b.client.follow("/v1/agent-runs/" + run["id"], ("succeeded", "failed", "cancelled"))
        seconds = time.perf_counter() - began
        need(run["status"] == "succeeded", run)
        processed = run["result"]["processed"]
        need(processed == 100_000, f"{processed} leads were looked at")
        scored = b.client.want(200, "GET", "/v1/leads?limit=1&total=true&score[gte]=0")["total"]
        return {
            "seconds": seconds, "rate": processed / seconds, "scored": scored, "others": others.cores(),
            "memory": b.server.resident()}


def switch(client, rules, is_on):
    for rule in rules: client.want(200, "PATCH", "/v1/quality-rules/" + rule["id"], {"enabled": is_on})


def scan():
    """A full scan of 100,000 leads with their contacts and companies under the rules of a new agency, another one with
    nothing new, and one of the leads alone; then all once more while 8 connections create, each 20 ms after its last
    answer."""
    with Bench() as b:
        b.client.bring_in(leads.import_file())
        b.client.agent("data_management", "active")

        def once():
            began = time.perf_counter()
            run = b.client.want(202, "POST", "/v1/agents/data_management/runs", {"parameters": {"task": "scan"}})
            run = b.client.follow("/v1/agent-runs/" + run["id"], ("succeeded", "failed", "cancelled"))
            need(run["status"] == "succeeded", run)
            need(run["result"]["records"] >= 100_000, run["result"])
            return time.perf_counter() - began, run["result"]

        settle(b.client)
        others = load.Others(b.pid)
        first, result = once()
        seconds, _ = once()
        rules = b.client.want(200, "GET", "/v1/quality-rules?limit=200")["data"]
        switch(b.client, [rule for rule in rules if rule["resource"] != "leads"], False)
        leads_seconds, alone = once()
        need(100_000 <= alone["records"] < result["records"], alone)
        switch(b.client, rules, True)
        cores = others.cores()
        wrk = b.wrk("create", CREATE, 8, 1, new_lead(), pause=20)
        alone = load.repeat(b.pid, lambda: wrk.figures(wrk.spawn(load.SECONDS)))

        def beside():
            process, end = wrk.spawn(load.SECONDS), time.perf_counter() + load.SECONDS - 0.5
            while time.perf_counter() < end: once()
            return wrk.figures(process)

        runs = load.repeat(b.pid, beside)
        return summary(runs) | {
            "max": max(r["max"] for r in runs), "seconds": seconds, "first_seconds": first, "leads_seconds": leads_seconds,
            "records": result["records"], "found": result["found"], "alone_p99": median(alone, "p99"),
            "alone_max": max(r["max"] for r in alone), "others": cores,
            "memory": b.server.resident()}


def checks():
    """Creates with the rules of a new agency in force, and with all of them off: eight pairs of 5 s, in which each goes
    first in turns. The machine drifts by more than the rules may cost, so a pair is compared by itself."""
    with Bench() as b:
        rules = b.client.want(200, "GET", "/v1/quality-rules?limit=200")["data"]
        wrk, runs = b.wrk("create", CREATE, body=new_lead()), {True: [], False: []}
        for number in range(8):
            for is_on in (True, False) if number % 2 == 0 else (False, True):
                switch(b.client, rules, is_on)
                time.sleep(1)
                load.wait_until_quiet()
                others = load.Others(b.pid)
                runs[is_on].append(wrk.figures(wrk.spawn(5)) | {"others": others.cores()})
        ratios = [on["rate"] / off["rate"] for on, off in zip(runs[True], runs[False])]
        return summary(runs[True]) | {
            "alone_rate": median(runs[False], "rate"), "alone_p99": median(runs[False], "p99"),
            "ratio": statistics.median(ratios), "runs": [round(100 * ratio, 1) for ratio in ratios],
            "others": max(r["others"] for r in runs[True] + runs[False]), "memory": b.server.resident()}


def copies():
    """Creates of 8 connections that pause for 20 ms while sandboxes of 10,000 leads and more are copied, one after the
    other."""
    with Bench() as b:
        wrk, made = b.wrk("create", CREATE, 8, 1, new_lead(), pause=20), []
        alone = load.repeat(b.pid, lambda: wrk.figures(wrk.spawn(load.SECONDS)))

        def beside():
            process, end = wrk.spawn(load.SECONDS), time.perf_counter() + load.SECONDS - 0.5
            while time.perf_counter() < end:
                began = time.perf_counter()
                box = b.client.want(201, "POST", "/v1/sandboxes", {"from": "live", "name": "copy"})
                made.append(time.perf_counter() - began)
                b.client.want(204, "DELETE", "/v1/sandboxes/" + box["id"])
            return wrk.figures(process)

        return summary(load.repeat(b.pid, beside)) | {
            "alone_p99": median(alone, "p99"), "alone_rate": median(alone, "rate"),
            "copy_seconds": statistics.median(made), "memory": b.server.resident()}


def month():
    """30 days of an agency with 1,000 leads and the agents it comes with, in an empty sandbox."""
    runs = []
    with Bench() as b:
        for n in range(load.RUNS):
            box = b.client.want(201, "POST", "/v1/sandboxes", {"from": "empty", "name": "month", "seed": n})
            inside = Client(b.server.port)
            inside.token = box["token"]
            operations = [{"op": "create", "body": leads.lead("month", i)} for i in range(1000)]
            inside.want(200, "POST", "/v1/leads/bulk", {"operations": operations})
            load.wait_until_quiet()
            others, began = load.Others(b.pid), time.perf_counter()
            ran = inside.want(200, "POST", f"/v1/sandboxes/{box['id']}/clock/advance", {"by": "P30D"})["ran"]
            runs.append({"seconds": time.perf_counter() - began, "others": others.cores(), "jobs": ran["jobs"]})
        return {
            "seconds": median(runs, "seconds"), "jobs": runs[0]["jobs"], "runs": [round(r["seconds"], 2) for r in runs],
            "others": max(r["others"] for r in runs), "memory": b.server.resident()}


def year():
    """A year of 1,000 leads and 20 clients with whom an agency keeps in touch by itself, in a sandbox."""
    with Bench() as b:
        story = keeping.Year(b.client)
        load.wait_until_quiet()
        others, began = load.Others(b.pid), time.perf_counter()
        story.live()
        seconds, cores = time.perf_counter() - began, others.cores()
        mails = story.mails()
        need(len(mails) > 3 * keeping.LEADS, f"{len(mails)} mails were sent")
        return {
            "seconds": seconds, "jobs": story.jobs, "mails": len(mails), "others": cores, "memory": b.server.resident()}
