"""Tools that conversations are measured with: visitors of a page who write, and listeners who follow."""
import concurrent.futures, http.client, json, queue, random, select, socket, threading, time

ARTICLE = {
    "title": "Changing your logo", "status": "published",
    "body": "Open Documents in the portal and upload the new logo. We replace it everywhere within two working days."}
QUESTION = "How do I change my logo?"


def page_key(client):
    return client.want(201, "POST", "/v1/integrations", {"provider": "web_chat", "capability": "chat"})["public_key"]


class Visitors:
    """Some threads, each with its own connection, that write as visitors of the page."""

    def __init__(self, port, key, threads=16):
        self.port, self.path, self.threads = port, f"/v1/chat/{key}/messages", threads
        self.local = threading.local()

    def say(self, visitor, text):
        """The conversation."""
        body = json.dumps({"visitor_id": f"v{visitor}", "text": text})
        for attempt in (0, 1):
            connection = getattr(self.local, "connection", None) or http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
            self.local.connection = connection
            try:
                connection.request("POST", self.path, body, {"Content-Type": "application/json"})
                answer = connection.getresponse()
                taken = answer.read()
                break
            except (http.client.HTTPException, OSError):
                connection.close()
                if attempt:
                    raise
        if answer.status != 201:
            raise AssertionError(f"{answer.status} {taken[:300]}")
        return json.loads(taken)["conversation_id"]

    def open_all(self, count):
        """As many conversations, each with one word."""
        with concurrent.futures.ThreadPoolExecutor(self.threads) as pool:
            return list(pool.map(lambda n: self.say(n, "Hello"), range(count), chunksize=500))

    def ask(self, rate, seconds, among):
        """Questions of different visitors, so many a second whatever the server does; conversation → when it was
        asked."""
        asked, lock = {}, threading.Lock()
        visitors = random.Random(7).sample(range(among), rate * seconds)
        began = time.perf_counter() + 0.2

        def one(n):
            wait = began + n / rate - time.perf_counter()
            if wait > 0:
                time.sleep(wait)
            # From the moment that it should have been asked: a server that is late makes the next ones late, too.
            due = max(began + n / rate, time.perf_counter() - 0.002)
            conversation = self.say(visitors[n], QUESTION)
            with lock:
                asked[conversation] = due

        with concurrent.futures.ThreadPoolExecutor(self.threads) as pool:
            list(pool.map(one, range(rate * seconds)))
        return asked


class Events(threading.Thread):
    """Keeps what an event stream tells, with the moment of its coming."""

    def __init__(self, port, token, types):
        super().__init__(daemon=True)
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
        self.connection.request("GET", f"/v1/events/stream?types={types}", headers={"Authorization": "Bearer " + token})
        self.answer, self.seen = self.connection.getresponse(), []
        self.start()

    def run(self):
        try:
            for line in self.answer:
                if line.startswith(b"data:"):
                    self.seen.append((time.perf_counter(), json.loads(line[5:])))
        except (OSError, ValueError, AttributeError):
            pass


class Listeners:
    """Many connections to one event stream, held by one thread, which does as little as it can for each."""

    def __init__(self, port, token, count):
        self.poll, self.sockets = select.epoll(), {}
        request = (
            f"GET /v1/events/stream HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n"
            "Accept: text/event-stream\r\n\r\n").encode()
        for number in range(count):
            s = socket.create_connection(("127.0.0.1", port), 30)
            s.sendall(request)
            s.settimeout(30)
            if b" 200" not in s.recv(4096):
                raise AssertionError(f"listener {number} was refused")
            s.setblocking(False)
            self.poll.register(s.fileno(), select.EPOLLIN)
            self.sockets[s.fileno()] = s

    def reach(self, mark, send, patience=30):
        """Seconds from the answer to `send` until each listener has read `mark`."""
        waiting, begun = dict(self.sockets), {}
        done = queue.Queue()
        threading.Thread(target=lambda: (send(), done.put(time.perf_counter())), daemon=True).start()
        began, came = time.perf_counter(), []
        while waiting and time.perf_counter() - began < patience:
            for number, _ in self.poll.poll(0.5):
                chunk = self.sockets[number].recv(65536)
                if number not in waiting:
                    continue
                if mark in chunk or (number in begun and mark in begun[number] + chunk):
                    del waiting[number]
                    came.append(time.perf_counter())
                else:
                    begun[number] = begun.get(number, b"")[-200:] + chunk
        if waiting:
            raise AssertionError(f"{len(waiting)} listeners heard nothing")
        sent = done.get(timeout=5)
        return [max(0.0, moment - sent) for moment in came]

    def close(self):
        self.poll.close()
        for s in self.sockets.values():
            s.close()
