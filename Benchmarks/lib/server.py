"""The release binary as a process of its own, and a client that speaks HTTP to it."""
import http.client, json, os, pathlib, signal, socket, subprocess, time

import engine

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BINARY = pathlib.Path(os.environ.get("BUREAU_BIN") or ROOT / ".build" / "release" / "bureau")
PASSWORD = "correct horse benchmark staple"

# The product's own brakes are not what is measured.
SETTINGS = {
    "BUREAU_SIGNUP_MODE": "open", "BUREAU_LIMITS_REQUESTS_PER_MINUTE": "100000000", "BUREAU_LIMITS_BURST": "10000000",
    "BUREAU_LIMITS_HOOK_REQUESTS_PER_MINUTE": "100000000", "BUREAU_LIMITS_HOOK_BURST": "10000000",
    "BUREAU_LIMITS_CHAT_REQUESTS_PER_MINUTE": "100000000", "BUREAU_LIMITS_CHAT_BURST": "10000000",
    "BUREAU_LIMITS_SIGNUPS_PER_MINUTE": "1000000",
    "BUREAU_OUTBOUND_ALLOW_PRIVATE": "true",
}


def environment():
    """Ours without the variables that steer these scripts; the server would warn about them."""
    return {k: v for k, v in os.environ.items() if not k.startswith("BUREAU_")} | SETTINGS


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Server:
    def __init__(self, data, port=None, settings=None):
        self.data, self.port, self.process = pathlib.Path(data), port or free_port(), None
        self.settings = settings or {}

    def start(self):
        """Milliseconds from spawning to the first 200 of /readyz."""
        self.data.mkdir(parents=True, exist_ok=True)
        log, settings = open(self.data.parent / "server.log", "ab"), engine.settings(self.data) | self.settings
        began = time.perf_counter()
        self.process = subprocess.Popen(
            [BINARY, "serve", "--listen", f"127.0.0.1:{self.port}", "--data", self.data],
            cwd=ROOT, env=environment() | settings, stdout=log, stderr=log)
        while not self.is_ready():
            if self.process.poll() is not None:
                raise SystemExit(f"the server ended at its start; its log is {log.name}")
            if time.perf_counter() - began > 300:
                self.stop()
                raise SystemExit(f"the server was not ready within 300 s; its log is {log.name}")
            time.sleep(0.001)
        return (time.perf_counter() - began) * 1000

    def is_ready(self):
        try:
            with socket.create_connection(("127.0.0.1", self.port), 0.25) as s:
                s.settimeout(5)
                s.sendall(b"GET /readyz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                return b" 200" in s.recv(64)
        except OSError:
            return False

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        # Folders are copied, and a socket cannot be.
        for socket_file in self.data.glob("*.sock"):
            socket_file.unlink()

    def resident(self):
        """Resident memory in MB."""
        for line in open(f"/proc/{self.process.pid}/status"):
            if line.startswith("VmRSS"):
                return round(int(line.split()[1]) / 1024, 1)

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stop()


class Client:
    def __init__(self, port, token=None):
        self.port, self.token, self.connection, self.used = port, token, None, 0
        #: Whose agency the token is of, where it came by signing in.
        self.name = None

    def open(self, method, path, body=None, kind=None):
        """The answer, unread."""
        headers = {"Authorization": "Bearer " + self.token} if self.token else {}
        if kind:
            headers["Content-Type"] = kind
        elif body is not None:
            body, headers["Content-Type"] = json.dumps(body).encode(), "application/json"
        # Before the server closes it as idle: a change that meets a closed connection is not repeated.
        if self.connection and time.monotonic() - self.used > 10:
            self.connection.close()
            self.connection = None
        self.used = time.monotonic()
        for attempt in (0, 1):
            if not self.connection:
                self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=600)
            try:
                self.connection.request(method, path, body, headers)
                return self.connection.getresponse()
            except (http.client.HTTPException, OSError):
                self.connection.close()
                self.connection = None
                # A kept connection may have been closed meanwhile; anything but a read is not repeated.
                if attempt or method != "GET":
                    raise

    def request(self, method, path, body=None, kind=None):
        answer = self.open(method, path, body, kind)
        text = answer.read()
        # A token lasts for a quarter of an hour, and a million leads take longer.
        if answer.status == 401 and self.name:
            self.sign_in(self.name)
            answer = self.open(method, path, body, kind)
            text = answer.read()
        return answer.status, json.loads(text) if text and b"{" in text[:1] else text

    def want(self, status, method, path, body=None, kind=None):
        got, answer = self.request(method, path, body, kind)
        if got != status:
            raise AssertionError(f"{method} {path}: wanted {status}, got {got} {str(answer)[:400]}")
        return answer

    def sign_up(self, name):
        answer = self.want(201, "POST", "/v1/auth/signup", {
            "agency": f"Benchmark {name}", "name": "Olive Owner", "email": owner(name), "password": PASSWORD,
            "time_zone": "UTC"})
        self.token = answer["access_token"]
        return self

    def sign_in(self, name):
        self.name = None
        answer = self.want(200, "POST", "/v1/auth/login", {"email": owner(name), "password": PASSWORD})
        self.token, self.name = answer["access_token"], name
        return self

    def agents(self, state):
        """Sets every agent's state: at work they would be measured, too."""
        for agent in self.want(200, "GET", "/v1/agents?limit=200")["data"]:
            if agent["state"] != state:
                self.want(200, "PATCH", "/v1/agents/" + agent["name"], {"state": state})

    def agent(self, name, state):
        self.want(200, "PATCH", "/v1/agents/" + name, {"state": state})

    def bring_in(self, csv):
        """Imports a CSV and waits for its end; what the import says of itself."""
        place = self.want(202, "POST", "/v1/leads/import?dedupe=skip", csv, "text/csv")["id"]
        return self.follow("/v1/imports/" + place, ("completed", "failed", "cancelled"))

    def follow(self, path, ends):
        while True:
            record = self.want(200, "GET", path)
            if record["status"] in ends:
                return record
            time.sleep(0.01)

    def count(self):
        return self.want(200, "GET", "/v1/leads?limit=1&total=true")["total"]


def owner(name):
    return f"owner@{name}.example"
