"""RESULTS.md out of what was measured."""
import os, platform, subprocess, time

NAMES = {
    "COLD": "cold start: spawn to the first 200, 100,000 leads in place",
    "FILE": "FILE: the database of 100,000 leads in ten agencies, with what follows from them", "W1": "W1: one lead by id", "W2": "W2: page of 50 leads, newest first",
    "W3": "W3: durable create", "W4": "W4: signed webhook, stored once", "MIXED": "mixed: half the connections W1, half W3", "I1": "I1: import of 100,000 CSV lines, 5,000 known",
    "DUPLICATES": "duplicates among 105,000 leads, from the end of their import until all are compared",
    "EXPORT": "export of 105,000 leads", "BACKFILL": "BACKFILL: first reading of 100,000 contacts of a service, from memory",
    "QUIET": "QUIET: a run of a sync of 100,000 contacts without news", "PROVENANCE": "PROVENANCE: I1 with the trace of each lead's file, and without",
    "SCORE": "scoring of 100,000 leads",
    "SCAN": "SCAN: a full scan of 100,000 leads under all rules of a new agency", "CHECKS": "CHECKS: creates while records are checked",
    "COPY": "durable creates of 8 connections, each 20 ms after the last, while sandboxes of 10,000 leads are copied", "MONTH": "30 days of a sandbox with 1,000 leads",
    "YEAR": "YEAR: a year of keeping in touch with 1,000 leads and 20 clients, in a sandbox",
    "J1": "J1: 20,000 durable jobs, then 200 a second for 10 s", "J2": "J2: durable workflows of three steps",
    "SLEEP": "workflows that sleep", "PDF": "PDF: a proposal of three pages",
    "SMTP": "mails of 1 KB handed to a server over kept connections",
    "TEMPLATE": "a template of 1 KB, rendered by one thread",
    "LIKES": "what 100,000 people like, learned anew",
    "MIME": "mails read and written",
    "OUTBOX": "OUTBOX: 10,000 mails of a template, from POST to sent",
    "CHAT": "CHAT: a question, from its asking to the bot's answer, among 100,000 open conversations",
    "INBOX": "INBOX: the newest 50 of 100,000 conversations, with what was said last",
    "LISTEN": "LISTEN: 5,000 listeners of one agency's events",
    "PAGE": "PAGE: a page of 100 KB, wholly read: text, links, contacts, technology, structured data, facts",
    "PICTURE": "PICTURE: a photo of 4.3 million points made to fit, each by a process of its own; two at once",
    "CRAWL": "CRAWL: 300 sites at once, pages of 20 KB, without pauses",
    "DAILY": "DAILY: the lifecycle's run over 1,000,000 leads, 10,000 of them due",
    "PREVIEW": "PREVIEW: who of 100,000 leads would get a content item",
    "PLANNED": "PLANNED: a content item planned for 100,000 leads",
    "SENT": "SENT: a content item sent to 100,000 leads, from its last plan to its last mail",
    "FROZEN": "FROZEN: 100,000 recipients of a mail frozen",
    "REDIRECT": "REDIRECT: followers of a tracked link, each counted on the disk",
    "ALIKE": "ALIKE: a content item checked among 100,000, one of which it repeats",
    "POSTS": "POSTS: 1,000 posts of a file, each checked and planned",
    "PUBLISH": "PUBLISH: posts that are due together, until each stands once and is known to",
    "CALENDAR": "CALENDAR: a month of 5,000 entries",
    "AUDIENCE": "AUDIENCE: whom a filter finds of 1,000,000 contacts; one contact judged by one segment",
    "ENGAGEMENT": "ENGAGEMENT: how engaged a contact with 10,000 activities is",
    "SCALE": "SCALE: a thousand agencies beside ten with 100,000 leads, asked in turns",
}

#: Workloads that are measured on PostgreSQL, too; each then has a row of its own below.
ON_SERVER = "FILE W1 W2 W3 W4 MIXED J1 OUTBOX SCALE".split()
SERVER = ", PostgreSQL"
NAMES = {
    name + engine: text + engine for name, text in NAMES.items() for engine in ("", SERVER) if not engine or name in ON_SERVER}

#: What is to be reached: in words, and whether a record does.
TARGETS = {
    "PAGE": ("at most 4.9 ms", lambda r: r["p50"] <= 4.9),
    "CRAWL": ("500 pages/s, less than 150 MB", lambda r: r["rate"] >= 500 and r["memory"] < 150),
    "DAILY": (
        "10 s, 1 s with none due, creates' p99 50 ms, less than 100 MB more",
        lambda r: r["seconds"] < 10 and r["none_seconds"] < 1 and r["p99"] < 50 and r["more"] < 100),
    "PREVIEW": ("3 s", lambda r: r["seconds"] < 3),
    "PLANNED": ("30 s", lambda r: r["seconds"] < 30),
    "SENT": ("500/s", lambda r: r["rate"] >= 500),
    "YEAR": ("120 s", lambda r: r["seconds"] < 120),
    "FROZEN": ("5 s, less than 60 MB more", lambda r: r["seconds"] < 5 and r["more"] < 60),
    "REDIRECT": ("15,000/s", lambda r: r["rate"] >= 15_000),
    "ALIKE": ("20 ms", lambda r: r["p99"] < 20),
    "POSTS": ("1 s", lambda r: r["seconds"] < 1),
    "PUBLISH": ("300/s", lambda r: r["rate"] >= 300),
    "CALENDAR": ("20 ms", lambda r: r["p99"] < 20),
    "AUDIENCE": ("500 ms, 1 ms", lambda r: r["p99"] < 500 and r["one"] < 1),
    "ENGAGEMENT": ("1 ms", lambda r: r["p50"] < 1),
    "LIKES": ("60 s", lambda r: r["seconds"] < 60),
    "BACKFILL": ("5,000/s, flat", lambda r: r["rate"] >= 5000 and r["memory"] <= 1.1 * r["memory_settled"]),
    "QUIET": ("one request, 20 ms", lambda r: r["requests"] == 1 and r["ms"] <= 20),
    "SCAN": ("5 s, no create later by more than 20 ms", lambda r: (
        r["leads_seconds"] <= 5 and r["p99"] <= r["alone_p99"] + 20 and r["max"] <= r["alone_max"] + 20)),
    "CHECKS": ("at most 5 %", lambda r: r["ratio"] >= 0.95),
    "PROVENANCE": ("at most 15 %", lambda r: r["seconds"] <= 1.15 * r["alone_seconds"]),
    "SCALE": ("1.3 times the p99 for reads of leads, 2 times else", lambda r: all(growth(a) <= a["goal"] for a in r["asks"])),
}


def growth(ask):
    """Returns how many times as long a question takes the large installation, at p99."""
    return ask["large"][1] / max(ask["small"][1], 0.01)


def at_scale(row, r):
    """Returns a line for each kind of question, of which the one that grows most is told."""
    out, now = [], time.strftime("%Y-%m-%d %H:%M")
    for group in dict.fromkeys(a["group"] for a in r["asks"]):
        some = [a for a in r["asks"] if a["group"] == group]
        worst = max(some, key=growth)
        over = ", ".join(f"{a['name'] or group} {growth(a):.2f}" for a in some if growth(a) > a["goal"])
        what = f"{group} ({len(some)}); most grows `{worst['name']}`" if worst["name"] else group
        times = " | ".join("p50 {:.2f} ms, p99 {:.2f} ms".format(*worst[side]) for side in ("small", "large"))
        out.append(f"| {row} | {what} | {times} | {growth(worst):.2f} | {worst['goal']} | {over or '–'} | {now} |")
    return out


def shell(command):
    return subprocess.run(["bash", "-c", command], capture_output=True, text=True).stdout.strip()


def number(x):
    return f"{x:,.0f}" if x >= 100 else f"{x:.1f}"


def figure(workload, r):
    """Returns what counts in a workload, as words."""
    if workload == "COLD":
        return f"{r['ms']:.0f} ms; {r['memory_idle']} MB idle"
    if workload == "FILE":
        return f"{r['bytes'] / 1e6:.0f} MB, {number(r['bytes'] / r['leads'])} bytes a lead"
    if workload == "MIXED":
        return f"reads {number(r['rate'])}/s (p99 {r['p99']:.1f} ms), creates {number(r['write_rate'])}/s (p99 {r['write_p99']:.1f} ms)"
    if workload == "EXPORT":
        return "; ".join(
            f"{form} {number(r[form]['rate'])} leads/s, {r[form]['megabytes']:.0f} MB/s, first byte {r[form]['first_ms']:.0f} ms"
            for form in ("csv", "jsonl"))
    if workload == "COPY":
        return (
            f"p99 {r['p99']:.1f} ms at {number(r['rate'])}/s, alone {r['alone_p99']:.1f} ms at {number(r['alone_rate'])}/s; "
            f"a copy {r['copy_seconds']:.2f} s")
    if workload == "DUPLICATES":
        return f"{r['seconds']:.0f} s, {number(r['rate'])}/s; a page meanwhile p50 {r['p50']:.1f} ms, at most {r['worst']:.0f} ms"
    if workload == "MONTH":
        return f"{r['seconds']:.2f} s, {r['jobs']:,} jobs"
    if workload == "YEAR":
        return f"{r['seconds']:.1f} s, {r['mails']:,} mails, {r['jobs']:,} jobs"
    if workload == "CHAT":
        return f"p50 {r['p50']:.1f} ms, p99 {r['p99']:.1f} ms at {r['rate']} a second; {r['memory']} MB"
    if workload == "LISTEN":
        return (
            f"{r['memory']} MB ({r['taken']:.0f} MB for {r['listeners']:,} of them), each hears after p50 {r['p50']:.0f} ms, "
            f"p99 {r['p99']:.0f} ms, the last {r['slowest']:.0f} ms")
    if workload == "J1":
        lone = f" ({number(r['enq_eight_lanes'])}/s in 8 lanes, {number(r['enq_one_lane'])}/s in one)" if "enq_one_lane" in r else ""
        trickle = f"trickle p50 {r['p50']:.1f} ms, p99 {r['p99']:.1f} ms" if r["p99"] else "no trickle: the drain was cut off"
        return f"enqueue {number(r['enq'])}/s{lone}, drain {number(r['drain'])}/s, {trickle}"
    if workload == "J2":
        return ", ".join(
            f"{n} at once: {number(r[n]['wps'])}/s, p50 {r[n]['p50']:.1f} ms, p99 {r[n]['p99']:.1f} ms" for n in ("1", "4", "64") if n in r)
    if workload == "SLEEP":
        return (
            f"{r['sleeping']:,} asleep in {r['memory_mb']:.0f} MB, after {r['seconds_to_sleep']:.0f} s; 1,000 woken together, "
            f"late p50 {r['late_p50_ms']:.0f} ms, p99 {r['late_p99_ms']:.0f} ms")
    if workload == "PDF":
        return (
            f"p50 {r['p50']:.1f} ms, p99 {r['p99']:.1f} ms; beside creates p50 {r['beside_p50']:.1f} ms, "
            f"p99 {r['beside_p99']:.1f} ms; the first, with its fonts, "
            f"{r['first_ms']:.0f} ms; {r['bytes'] / 1024:.0f} KB")
    if workload == "SMTP":
        return ", ".join(
            f"{n} connection{'s' if n != '1' else ''}: {number(r[n]['rate'])}/s, p50 {r[n]['p50']:.2f} ms, p99 {r[n]['p99']:.1f} ms" for n in ("1", "4"))
    if workload == "TEMPLATE":
        return (
            f"as Markdown {number(r['rate'])}/s, as text {number(r['text_rate'])}/s, a whole mail {number(r['mail_rate'])}/s; "
            f"compiled {number(r['compile_rate'])}/s")
    if workload == "LIKES":
        return f"{number(r['people'])} people in {r['seconds']:.1f} s; {number(r['answers'])} answers/s counted"
    if workload == "MIME":
        return (
            f"{r['bytes'] / 1000:.0f} KB read {number(r['read'])}/s; a mix {number(r['read_mix'])}/s, with what is new in it "
            f"{number(r['read_mix_new_text'])}/s; written {number(r['written'])}/s, signed with RSA {number(r['written_rsa'])}/s, "
            f"with Ed25519 {number(r['written_ed25519'])}/s")
    if workload == "SCAN":
        return (
            f"{r['first_seconds']:.2f} s, once more {r['seconds']:.2f} s ({r['records']:,} records, {r['found']:,} issues), the leads alone "
            f"{r['leads_seconds']:.2f} s; creates' p99 beside it {r['p99']:.1f} ms, the longest {r['max']:.0f} ms, alone {r['alone_p99']:.1f} and {r['alone_max']:.0f} ms")
    if workload == "CHECKS":
        return (
            f"{number(r['rate'])}/s, without rules {number(r['alone_rate'])}/s; p99 {r['p99']:.1f} ms, without {r['alone_p99']:.1f} ms; "
            f"the median of {len(r['runs'])} pairs {r['ratio'] - 1:+.1%}")
    if workload == "BACKFILL":
        return (
            f"{r['seconds']:.2f} s, {number(r['rate'])}/s; memory {r['memory_before']} MB before, {r['memory_settled']} MB after a half, "
            f"{r['memory']} MB at most")
    if workload == "DAILY":
        return (
            f"{r['seconds']:.2f} s and {r['more']:.0f} MB more; none due {r['none_seconds']:.2f} s; ten times as many beside creates {r['beside_seconds']:.2f} s, "
            f"their p99 {r['p99']:.1f} ms, the last {r['max']:.0f} ms, alone {r['alone_p99']:.1f} and {r['alone_max']:.0f} ms")
    if workload == "PREVIEW":
        return f"{r['seconds']:.2f} s; {r['would_send']:,.0f} of {r['matched']:,.0f} would get it"
    if workload == "PLANNED":
        return f"{r['seconds']:.2f} s for {r['planned']:,}, {number(r['rate'])}/s"
    if workload == "SENT":
        return f"{r['seconds']:.1f} s for {r['sent']:,}, {number(r['rate'])}/s; planned in {r['planning_seconds']:.2f} s"
    if workload == "FROZEN":
        return f"{r['seconds']:.2f} s for {r['planned']:,}; {r['more']:.0f} MB more"
    if workload in ("POSTS", "PUBLISH"):
        return f"{r['seconds']:.2f} s, {number(r['rate'])}/s"
    if workload == "CALENDAR":
        return f"p50 {r['p50']:.1f} ms, p99 {r['p99']:.1f} ms"
    if workload == "AUDIENCE":
        cold = f", the first {r['cold']:.0f} ms" if "cold" in r else ""
        return f"p50 {r['p50']:.0f} ms, at most {r['p99']:.0f} ms{cold}; {r['one']:.2f} ms for a contact and a segment"
    if workload == "ALIKE":
        return f"p50 {r['p50']:.1f} ms, p99 {r['p99']:.1f} ms; created at {number(r['rate'])}/s"
    if workload == "ENGAGEMENT":
        return f"p50 {r['p50']:.2f} ms, p99 {r['p99']:.2f} ms"
    if workload == "QUIET":
        return f"p50 {r['ms']:.1f} ms, the longest {r['p99']:.1f} ms; {r['requests']} request{'s' if r['requests'] != 1 else ''}"
    if workload == "PROVENANCE":
        return f"{r['seconds']:.2f} s, without {r['alone_seconds']:.2f} s ({r['seconds'] / r['alone_seconds'] - 1:+.1%})"
    if workload == "PAGE":
        found = f"; {r['facts']:.0f} facts, {r['links']:.0f} links" if "facts" in r else ""
        return f"p50 {r['p50']:.2f} ms, p99 {r['p99']:.1f} ms of {r['bytes'] / 1000:.0f} KB{found}"
    if workload == "CRAWL":
        return (
            f"{number(r['rate'])} pages/s, {r['memory']} MB at most; read for facts of leads {number(r['read_rate'])}/s, {r['read_memory']} MB "
            f"({r['web']} serves them)")
    if workload == "SCALE":
        over = sum(growth(a) > a["goal"] for a in r["asks"])
        pair = lambda key, form: " → ".join(form(n) for n in r[key])
        return (
            f"{r['agencies']:,} agencies with {r['leads']:,} leads: {over} of {len(r['asks'])} questions grow more than they may; "
            f"database {pair('bytes', lambda n: f'{n / 1e6:,.0f}')} MB, start {pair('start', lambda n: f'{n:.0f}')} ms, "
            f"idle {pair('idle', lambda n: f'{n}')} MB")
    if workload in ("I1", "SCORE", "OUTBOX"):
        scored = f", {r['scored']:,} got a score" if "scored" in r else ""
        return f"{r['seconds']:.2f} s, {number(r['rate'])}/s{scored}"
    return f"{number(r['rate'])}/s, p50 {r['p50']:.2f} ms, p99 {r['p99']:.1f} ms"


def ratio(workload, own, peer):
    """Returns how many times as good Bureau is; above 1 is better."""
    if workload == "COLD":
        return f"{peer['ms'] / own['ms']:.2f}; memory {peer['memory_idle'] / own['memory_idle']:.2f}"
    if workload == "MIXED":
        return f"reads {own['rate'] / peer['rate']:.2f}, creates {own['write_rate'] / peer['write_rate']:.2f}, creates' p99 {peer['write_p99'] / own['write_p99']:.2f}"
    if workload == "J1":
        p99 = f", p99 {peer['p99'] / own['p99']:.2f}" if peer["p99"] else ""
        return f"enqueue {own['enq'] / peer['enq']:.2f} (8 lanes {own['enq_eight_lanes'] / peer['enq']:.2f}), drain {own['drain'] / peer['drain']:.2f}{p99}"
    if workload == "J2":
        return ", ".join(f"{n} at once {own[n]['wps'] / peer[n]['wps']:.2f}" for n in ("1", "4"))
    if workload == "I1":
        return f"{own['rate'] / peer['rate']:.2f}"
    if workload == "PAGE":
        return f"{peer['p50'] / own['p50']:.2f}"
    return f"{own['rate'] / peer['rate']:.2f}; p99 {peer['p99'] / own['p99']:.2f}"


def spread(r):
    """Half of what lies between the least and the most of the runs, of their middle."""
    runs = [n for n in r.get("runs", []) if isinstance(n, (int, float))]
    middle = sorted(runs)[len(runs) // 2] if len(runs) > 1 else 0
    return f", ± {(max(runs) - min(runs)) / 2 / middle * 100:.0f} %" if middle else ""


def target(workload, own):
    """Returns what was to be reached, and whether it was; nothing where nothing is said."""
    if workload not in TARGETS: return ""
    words, holds = TARGETS[workload]
    return f" (to reach: {words}{'' if holds(own) else '; missed'})"


def lines(workload, records):
    own = records["bureau"]
    for name, r in records.items():
        beside = target(workload, r) if name == "bureau" else f"   (Bureau: × {ratio(workload, own, r)})"
        yield f"{workload} {name}: {figure(workload, r)}{spread(r)}{beside}"


def kept(page):
    """{workload: (Bureau's rows, its peers' rows)} as an earlier page has them."""
    rows = lambda first: [line for line in page.splitlines() if line.startswith(f"| {first} |")]
    return {workload: (rows(name), rows(workload)) for workload, name in NAMES.items()}


def measured(row, records, earlier=()):
    """Returns the lines of what was measured now. Of `earlier` lines those of peers stay that were not measured with it."""
    workload, name = row.removesuffix(SERVER), NAMES[row]
    own, now = records["bureau"], time.strftime("%Y-%m-%d %H:%M")
    runs = ", ".join(map(str, own.get("runs", []))) or "–"
    memory = own.get("memory", own.get("memory_idle", "–"))
    line = (
        f"| {name} | {figure(workload, own)}{spread(own)}{target(workload, own)} | {memory} | {runs} | {own.get('others', '–')} "
        f"| {now} |")
    if workload == "SCALE": return [line], at_scale(row, own)
    return [line], [line for line in earlier if line.split("|")[2].strip() not in records] + [
        f"| {workload} | {peer} | {figure(workload, r)}{spread(r)} | {ratio(workload, own, r)} | {r.get('others') or '–'} | {now} |"
        for peer, r in records.items() if peer != "bureau"]


def page(rows):
    out = [
        "# Results", "",
        "Written by `Benchmarks/run`; how each figure is taken, and what it does not say, is in [README.md](README.md). The host is shared",
        "and drifts, so a row is to be read beside the rows measured in the same minutes, not beside another day's.", "",
        f"{os.cpu_count()} cores ({shell('lscpu | sed -n s/^Model.name:.*[[:space:]][[:space:]]//p | head -n 1')}), "
        f"{shell('free -g | sed -n 2p').split()[1]} GiB, {shell('. /etc/os-release; echo $PRETTY_NAME')}, kernel {platform.release().split('-')[0]}, "
        f"Swift {shell('swift --version 2>/dev/null | sed -n s/.*Swift.version.//p').split()[0]}, {shell('wrk -v 2>&1 | head -n 1').split(' [')[0]}.", "",
        "## Bureau", "", "| workload | figure | memory after, MB | each run | others' CPU, cores | measured |", "|---|---|--:|---|--:|---|"]
    out += [row for workload in NAMES for row in rows[workload][0]]
    beside = [row for workload in NAMES if not workload.startswith("SCALE") for row in rows[workload][1]]
    if beside:
        out += ["", "## Beside its peers", "", "A ratio above 1 is in Bureau's favour, as it was in those minutes. nginx answers constants and checks nothing: a ceiling, no peer.", "",
                "| workload | peer | its figure | ratio | others' CPU, cores | measured |", "|---|---|---|---|--:|---|"]
        out += beside
    scaled = [row for workload in NAMES if workload.startswith("SCALE") for row in rows[workload][1]]
    if scaled:
        out += ["", "## At scale", "", "Each question is asked of both in turns, by 8 connections, each 20 ms after its last answer; the measured agency has", "10,000 leads in both. Of several questions of a kind the one that grows most is told.", "",
                "| workload | question | ten agencies | a thousand | p99, times | may grow | those that grow more | measured |", "|---|---|---|---|--:|--:|---|---|"]
        out += scaled
    return "\n".join(out) + "\n"
