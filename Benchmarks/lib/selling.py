"""Tools that the selling half is measured with: an endpoint for signed hooks, and an agency that may write to its
contacts."""
import base64, hashlib, hmac, json, pathlib, subprocess, time

import leads
from server import BINARY

SECRET = hashlib.sha256(b"an endpoint of the benchmark").digest()
#: Of one thread and second of wrk; more than any server here answers.
SIGNED = 20_000


class HookEndpoint:
    """The endpoint of a generic integration, and events for it."""

    def __init__(self, client):
        made = client.want(201, "POST", "/v1/integrations", {
            "provider": "generic", "capability": "generic",
            "credentials": {"secret": "whsec_" + base64.b64encode(SECRET).decode()}})
        self.client, self.path = client, made["hook_url"][made["hook_url"].index("/v1/"):]
        data = {k: v for k, v in leads.lead(leads.MEASURED, 4243).items()}
        self.body = json.dumps({"type": "lead.created", "data": data}, separators=(",", ":")).encode()

    def signature(self, id, stamp, body):
        return base64.b64encode(hmac.digest(SECRET, b"%s.%d." % (id, stamp) + body, "sha256"))

    def deliver(self, id, body=None):
        """Status and answer; signed for the endpoint's own body, whichever is sent."""
        stamp = int(time.time())
        headers = {
            "Content-Type": "application/json", "webhook-id": id.decode(), "webhook-timestamp": str(stamp),
            "webhook-signature": "v1," + self.signature(id, stamp, self.body).decode()}
        self.client.connection.close()  # It may have been idle for longer than the server keeps one.
        self.client.connection.request("POST", self.path, body or self.body, headers)
        answer = self.client.connection.getresponse()
        return answer.status, json.loads(answer.read())

    def sign(self, folder, seconds):
        """Signs a run's events; the environment that its script wants."""
        tag, stamp = time.time_ns() // 1_000_000 % 10**9, int(time.time())
        for thread in (0, 1):
            ids = [b"evt_%09d%d%06d" % (tag, thread, n) for n in range(SIGNED * max(1, seconds))]
            lines = b"".join(id + self.signature(id, stamp, self.body) + b"\n" for id in ids)
            (pathlib.Path(folder) / f"signed.{thread}").write_bytes(lines)
        return {"SIGNED_FILE": str(pathlib.Path(folder) / "signed"), "TIMESTAMP": str(stamp)}


class Sink:
    """A mail server that counts."""

    def __enter__(self):
        self.process = subprocess.Popen(
            [BINARY.parent / "bureau-bench", "sink"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.url = json.loads(self.process.stdout.readline())
        return self

    def count(self):
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait()


TEMPLATE = """Hi {{ contact.name | first_name | default: "there" }},

I saw that you are **{{ contact.title | default: "at the helm" }}** where you are. Small teams often do this best, and still have
the least time to tell anybody about it; what other clients of ours had in common was a site that nobody could find and
enquiries that lay for days.

We have a plan for that: [two pages](https://agency.example/plan). If it sounds right, answer this mail; a word is
enough. And if it does not, [you will not hear from us again]({{ unsubscribe_url }}).

{{ agency.name }}
"""


def ready_to_mail(client, url):
    """Sets all that the law and the agency ask for before marketing leaves; the caps are out of reach."""
    client.want(200, "PATCH", "/v1/settings", {
        "postal_address": "1 Example Street, 12345 Exampletown", "quiet_hours": None,
        "sender": {"name": "Olive Owner", "email": "olive@agency.example"},
        "consent_rules": {country: "legitimate_interest" for country in ("DE", "ES", "PL")},
        "sending": {
            "per_day": 10_000_000, "per_domain_per_day": 10_000_000, "per_mailbox_per_day": 10_000_000,
            "per_contact_per_day": 100}})
    client.want(201, "POST", "/v1/integrations", {
        "provider": "smtp", "capability": "email_sending", "settings": {"base_url": url, "security": "none"}})
    return client.want(201, "POST", "/v1/templates", {
        "name": "Offer", "channel": "email", "subject": 'An idea for {{ contact.name | first_name | default: "you" }}',
        "body": TEMPLATE})["id"]


def contacts(client):
    """The ids of all."""
    found, cursor = [], ""
    while True:
        page = client.want(200, "GET", f"/v1/contacts?limit=200{cursor}")
        found += [record["id"] for record in page["data"]]
        if not page.get("next_cursor"):
            return found
        cursor = "&cursor=" + page["next_cursor"]


def message(template):
    return json.dumps(
        {"channel": "email", "contact_id": "@@", "template_id": template, "purpose": "marketing"},
        separators=(",", ":"))
