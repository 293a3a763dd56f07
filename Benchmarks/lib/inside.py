"""Figures that a program of the runtime's own measures (Runtime/): jobs, templates, documents and pages."""
import json, os, statistics, subprocess, sys

import load
from benching import Bench, CREATE, FOLDER, HERE, median, need, new_lead, runtime
from server import ROOT


def j1(): return jobs([runtime("jobs") for _ in range(load.RUNS)])


def jobs(runs):
    need(all(r["lost"] == 0 and r["drained"] == r["enqueued"] for r in runs), "jobs were lost")
    figures = {key: median(runs, key) for key in ("enq", "enq_one_lane", "enq_eight_lanes", "drain", "p50", "p99")}
    return figures | {
        "runs": [(round(r["enq"]), round(r["drain"])) for r in runs], "others": max(r["others"] for r in runs),
        "memory": round(max(r["rss"] for r in runs))}


def j2():
    runs = [runtime("workflows") for _ in range(load.RUNS)]
    lanes = {n: {key: statistics.median(r[n][key] for r in runs) for key in ("wps", "p50", "p99")} for n in ("1", "4", "64")}
    return lanes | {
        "runs": [tuple(round(r[n]["wps"]) for n in ("1", "4", "64")) for r in runs], "others": max(r["others"] for r in runs)}


def sleepers():
    return runtime("sleepers")


def documents():
    runs = [runtime("documents") for _ in range(load.RUNS)]
    with Bench() as b:
        process = b.wrk("create", CREATE, 8, 1, new_lead(), pause=20).spawn(load.SECONDS)
        beside = runtime("documents", wait=False)
        load.Wrk.figures(process)
    need(all(r["pages"] == 3 for r in (*runs, beside)), "a document has not three pages")
    return {key: median(runs, key) for key in ("p50", "p99", "first_ms", "bytes", "memory")} | {
        "beside_p50": beside["p50"], "beside_p99": beside["p99"],
        "runs": [(round(r["p50"], 1), round(r["p99"], 1)) for r in runs], "others": max(r["others"] for r in runs)}


def mails():
    runs = [runtime("mails") for _ in range(load.RUNS)]
    lanes = {n: {key: statistics.median(r[n][key] for r in runs) for key in ("rate", "p50", "p99")} for n in ("1", "4")}
    return lanes | {
        "runs": [tuple(round(r[n]["rate"]) for n in ("1", "4")) for r in runs], "others": max(r["others"] for r in runs)}


def templates():
    runs = [runtime("templates") for _ in range(load.RUNS)]
    keys = ("rate", "text_rate", "mail_rate", "compile_rate")
    return {key: median(runs, key) for key in keys} | {
        "bytes": runs[0]["bytes"], "runs": [round(r["rate"]) for r in runs], "others": max(r["others"] for r in runs)}


def likes():
    runs = [runtime("preferences") for _ in range(load.RUNS)]
    need(all(r["learned"] == r["people"] for r in runs), "not everybody's preferences were learned")
    return {key: median(runs, key) for key in ("people", "seconds", "answers", "memory")} | {
        "runs": [round(r["seconds"], 1) for r in runs], "others": max(r["others"] for r in runs)}


def engagement():
    runs = [runtime("engagement") for _ in range(load.RUNS)]
    need(all(r["found"] == r["activities"] for r in runs), "activities are missing")
    return {key: median(runs, key) for key in ("p50", "p99", "activities", "memory")} | {
        "runs": [round(r["p50"], 2) for r in runs], "others": max(r["others"] for r in runs)}


def page():
    runs = [runtime("pages") for _ in range(load.RUNS)]
    return {key: median(runs, key) for key in ("p50", "p99", "bytes", "facts", "links", "memory")} | {
        "runs": [round(r["p50"], 2) for r in runs], "others": max(r["others"] for r in runs)}


def structured_data():
    """Reads the page's structured data by extruct, where there is a Python that has it."""
    usual = ROOT / ".build" / "venv-crawling" / "bin" / "python"
    python = os.environ.get("BUREAU_CRAWLING_PYTHON") or (usual if usual.exists() else sys.executable)
    asked = subprocess.run(
        [python, HERE / "peer" / "structured", FOLDER / "runtime" / "page.html", "https://acme-robotics.example/"],
        capture_output=True, text=True)
    if asked.returncode or not asked.stdout.startswith("JSON "):
        print("PAGE extruct: left out (see BUREAU_CRAWLING_PYTHON in Benchmarks/README.md)", flush=True)
        return {}
    return {"extruct, structured data alone": json.loads(asked.stdout[5:])}


def pictures():
    runs = [runtime("pictures") for _ in range(load.RUNS)]
    return {key: median(runs, key) for key in ("p50", "p99", "rate", "points", "bytes", "made", "memory")} | {
        "runs": [round(r["p50"], 1) for r in runs], "others": max(r["others"] for r in runs)}


def mime():
    return runtime("mail")
