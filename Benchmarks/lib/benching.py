"""A server on a copy of the seeded folder, and how its figures are put together."""
import json, os, pathlib, statistics, subprocess, time

import engine, leads, load
from server import BINARY, Client, ROOT, Server

HERE = ROOT / "Benchmarks"
FOLDER = pathlib.Path(os.environ.get("BENCH_FOLDER") or ROOT / ".build" / "bench")
if engine.IS_SERVER: FOLDER = FOLDER / engine.ENGINE
PEERS_FOLDER = os.environ.get("BUREAU_BENCH")
PEERS = os.environ.get("BENCH_PEERS", "nginx go-nethttp go-same-work litestar-granian pocketbase").split()
PEERS_TMP = pathlib.Path(os.environ.get("BENCH_TMP", "/tmp/bench"))
GET, LIST, CREATE = "/v1/leads/{id}", "/v1/leads?limit=50", "/v1/leads"


def need(holds, what):
    if not holds:
        raise AssertionError(what)


class Bench:
    """A fresh copy of the seeded folder, a server on it, and the measured tenant's owner."""

    def __init__(self, settings=None): self.settings = settings

    def __enter__(self):
        self.folder = FOLDER / "run"
        engine.copy(leads.seeded(FOLDER / "seed"), self.folder)
        self.server = Server(self.folder / "data", settings=self.settings)
        self.server.start()
        self.pid = self.server.process.pid
        self.client = Client(self.server.port).sign_in(leads.MEASURED)
        return self

    def __exit__(self, *_):
        self.server.stop()

    def restart(self, change):
        """Starts the server again, once its folder is changed."""
        self.server.stop()
        change(self.server)
        self.server.start()
        self.pid, self.client.connection = self.server.process.pid, None

    def wrk(self, script, path, connections=load.CONNECTIONS, threads=2, body=None, pause=None):
        return load.Wrk(
            self.server.port, self.client.token, script, path, self.folder, connections, threads,
            self.folder / "lead-ids", body, pause=pause)

    def ids(self):
        return (self.folder / "lead-ids").read_text().split()


def new_lead():
    return json.dumps(leads.lead(leads.MEASURED, 4242) | {"email": "load-@@@load.example"}, separators=(",", ":"))


def median(runs, key):
    return statistics.median(r[key] for r in runs)


def summary(runs):
    return {
        "rate": median(runs, "rate"), "p50": median(runs, "p50"), "p99": median(runs, "p99"),
        "errors": sum(r["refused"] + r["broken"] for r in runs), "runs": [round(r["rate"]) for r in runs],
        "others": max(r["others"] for r in runs)}


def settle(client):
    """Waits for what follows upon new leads, and is no part of what is measured: duplicates, addresses, checks. One may
    begin when another has ended."""
    idle = 0
    while idle < 3:
        idle = 0 if client.want(200, "GET", "/v1/jobs?state=available,running&limit=1")["data"] else idle + 1
        time.sleep(1)
    load.wait_until_quiet()


def runtime(command, wait=True, **settings):
    """A run of the runtime alone, in a folder of its own on the disk that the server would use."""
    folder = FOLDER / "runtime"
    engine.forget(folder)
    folder.mkdir(parents=True)
    if engine.IS_SERVER: settings["BENCH_DATABASE_URL"] = engine.address(folder.name)
    if wait:
        load.wait_until_quiet()
    process = subprocess.Popen(
        [BINARY.parent / "bureau-bench", command], stdout=subprocess.PIPE, text=True,
        env=os.environ | {"RUN_DIR": str(folder)} | {k: str(v) for k, v in settings.items()})
    others = load.Others(process.pid)
    output = process.communicate()[0]
    need(process.returncode == 0 and output.startswith("JSON "), f"bureau-bench {command}: {output[-300:]}")
    return json.loads(output[5:]) | {"others": others.cores()}
