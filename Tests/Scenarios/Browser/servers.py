"""Services that walks connect the agency with: servers of mail, chat, payment, models and hooks that believe
everybody."""
import json, socketserver, threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Mail(socketserver.StreamRequestHandler):
    """A mail server that believes everybody."""

    def handle(self):
        self.say("220 mail")
        for line in self.rfile:
            word = line.split()[0].upper() if line.split() else b""
            if word == b"EHLO":
                self.say("250-mail")
                self.say("250 AUTH PLAIN LOGIN")
            elif word == b"AUTH":
                self.say("235 welcome")
            elif word == b"QUIT":
                return self.say("221 bye")
            else:
                self.say("250 fine")

    def say(self, text):
        self.wfile.write(f"{text}\r\n".encode())


class Mailbox(socketserver.StreamRequestHandler):
    """An empty mailbox, which lets everybody in."""

    def handle(self):
        self.say("* OK here")
        for line in self.rfile:
            tag, word = (line.decode().split() + ["", ""])[:2]
            for answer in self.answers(word.upper()):
                self.say(answer)
            self.say(f"{tag} OK done")
            if word.upper() == "LOGOUT":
                return

    def answers(self, word):
        return {
            "CAPABILITY": ["* CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR"], "UID": ["* SEARCH"], "LOGOUT": ["* BYE"],
            "EXAMINE": ["* 0 EXISTS", "* OK [UIDVALIDITY 1] fine", "* OK [UIDNEXT 1] fine"],
        }.get(word, [])

    def say(self, text):
        self.wfile.write(f"{text}\r\n".encode())


class Service(BaseHTTPRequestHandler):
    """Services of chat, calendars and payment at once: each finds in the answer what it looks for."""

    answer = {
        "ok": True, "id": "1", "object": "balance", "livemode": True, "available": [], "pending": [],
        "display_phone_number": "+1 555-000-0001", "verified_name": "Desk",
        "result": {"id": 1, "is_bot": True, "username": "desk_bot"},
        "resource": {"uri": "https://api.calendly.com/users/U", "name": "Olive Owner"},
    }

    def do_GET(self):
        said = json.dumps(self.answer).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.do_GET()

    def log_message(self, *_):
        pass


class Model(Service):
    """A language model that is ready, whatever it is asked."""

    answer = {
        "id": "1", "object": "chat.completion", "created": 1, "model": "small", "data": [{"id": "small"}],
        "choices": [
            {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": '{"ready": true}'}}],
        "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
    }


class Hook(BaseHTTPRequestHandler):
    """Somebody else's system, which is told what happens."""

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"taken")

    def log_message(self, *_):
        pass


def serving(handler):
    """Starts a server of this kind, and gives its port."""
    isHTTP = issubclass(handler, BaseHTTPRequestHandler)
    server = (ThreadingHTTPServer if isHTTP else socketserver.ThreadingTCPServer)(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_address[1]
