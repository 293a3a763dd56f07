"""Load by wrk, and how much of the machine somebody else was using meanwhile."""
import json, os, pathlib, re, resource, subprocess, threading, time

import engine

HERE = pathlib.Path(__file__).resolve().parent.parent
SECONDS = int(os.environ.get("BENCH_SECS", 10))
RUNS = int(os.environ.get("BENCH_RUNS", 3))
CONNECTIONS = int(os.environ.get("BENCH_CONNS", 64))
#: More than this many cores used by others, and a run is repeated.
QUIET = float(os.environ.get("BENCH_QUIET", 0.15))
TICKS = os.sysconf("SC_CLK_TCK")

tag = int(time.time()) % 900


class Wrk:
    """One wrk process. `script` is get, list or create; `path`, `ids`, `body` as the script needs them."""

    def __init__(self, port, token, script, path, folder, connections, threads=2, ids=None, body=None, auth="Bearer ", pause=None,
                 more=None):
        self.command = [
            "wrk", f"-t{threads}", f"-c{connections}", "--timeout", "10s", "--latency",
            "-s", HERE / "wrk" / f"{script}.lua", f"http://127.0.0.1:{port}"]
        self.environment = os.environ | {
            "WRK_DIR": str(HERE / "wrk"), "TOKEN": token, "AUTH": auth, "REQ_PATH": path} | (more or {})
        if pause:
            self.environment["PAUSE"] = str(pause)
        if ids:
            self.environment["IDS_FILE"] = str(ids)
        if body:
            file = pathlib.Path(folder) / f"{script}-body"
            file.write_text(body)
            self.environment["BODY_FILE"] = str(file)

    def spawn(self, seconds):
        global tag
        tag += 1
        return subprocess.Popen(
            [*self.command[:3], f"-d{seconds}s", *self.command[3:]], env=self.environment | {"RUN_TAG": str(tag)},
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    @staticmethod
    def figures(process):
        out = process.communicate()[0]
        found = re.search(r"^FIGURES (.*)$", out, re.M)
        if not found:
            raise SystemExit("wrk: " + out)
        figures = json.loads(found[1])
        figures["rate"] = figures["requests"] / figures["seconds"]
        return figures


class Others:
    """Cores that were not ours or the server's since it was made: other processes', or other machines' on the same host."""

    def __init__(self, pid):
        self.pid, self.began = pid, time.perf_counter()
        self.busy, self.own = self.machine(), self.ours()

    @staticmethod
    def machine():
        numbers = [int(x) for x in open("/proc/stat").readline().split()[1:9]]
        return (sum(numbers[:3]) + sum(numbers[5:])) / TICKS

    def ours(self):
        total = sum(
            usage.ru_utime + usage.ru_stime
            for usage in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)))
        try:
            text = open(f"/proc/{self.pid}/stat").read()
            fields = text[text.rindex(")") + 2:].split()
            total += (int(fields[11]) + int(fields[12])) / TICKS
        except OSError:
            pass
        # The database works for Bureau; where all are to be quiet, so is it.
        return total + (engine.seconds_used() if self.pid != os.getpid() else 0)

    def cores(self):
        spent = self.machine() - self.busy - (self.ours() - self.own)
        return round(max(0, spent / (time.perf_counter() - self.began)), 2)


class Peak:
    """The most memory that a server had meanwhile, in MB, as `resident` tells it."""

    def __init__(self, resident): self.resident, self.most, self.ended = resident, 0, threading.Event()

    def watch(self):
        while not self.ended.wait(0.05): self.most = max(self.most, self.resident() or 0)

    def __enter__(self):
        self.most = self.resident()
        self.thread = threading.Thread(target=self.watch, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.ended.set()
        self.thread.join()


def wait_until_quiet(longest=20):
    end = time.time() + longest
    while time.time() < end:
        others = Others(os.getpid())
        time.sleep(0.5)
        if others.cores() < QUIET + 0.1:
            return


def quietest(once):
    """`once()` RUNS times, and up to twice more where somebody else was busy; the quietest ones."""
    runs = []
    while len(runs) < RUNS + 2 and sum(r["others"] <= QUIET for r in runs) < RUNS:
        runs.append(once())
    return sorted(runs, key=lambda r: max(r["others"], QUIET))[:RUNS]


def repeat(pid, once):
    def measured():
        time.sleep(1)
        wait_until_quiet()
        others = Others(pid)
        return once() | {"others": others.cores()}

    return quietest(measured)
