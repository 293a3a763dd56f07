"""Steps that the walks through the portal share, over a line to the server which can be cut."""
import contextlib, socket, threading, urllib.parse

from playwright.sync_api import expect

import looking
from looking import faults, let_in, plan, staff

PHONE = {"width": 360, "height": 740}


class Line:
    """The line to the server, which can be cut."""

    def __init__(self, port):
        self.port, self.own, self.open, self.door = port, 0, [], None
        self.mend()

    def mend(self):
        self.door = socket.create_server(("127.0.0.1", self.own), reuse_port=True)
        self.own = self.door.getsockname()[1]
        threading.Thread(target=self.serve, args=(self.door,), daemon=True).start()

    def cut(self):
        """As a server that stops: nobody gets through, and who was talking is cut off."""
        door, self.door = self.door, None
        with contextlib.suppress(OSError):
            door.shutdown(socket.SHUT_RDWR)
        door.close()
        for one in self.open:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        self.open = []

    def serve(self, door):
        while True:
            try:
                near, _ = door.accept()
                far = socket.create_connection(("127.0.0.1", self.port))
            except OSError:
                return
            self.open += [near, far]
            threading.Thread(target=self.carry, args=(near, far), daemon=True).start()
            threading.Thread(target=self.carry, args=(far, near), daemon=True).start()

    def carry(self, start, end):
        with contextlib.suppress(OSError):
            while data := start.recv(65536):
                end.sendall(data)
        for one in (start, end):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)


line = Line(urllib.parse.urlsplit(plan["url"]).port)
base = f"http://127.0.0.1:{line.own}"


def to_approve(name, project):
    """Something that was made for the client and waits for its decision."""
    made = staff("/v1/deliverables", {"project_id": project, "name": name, "text": f"{name} as it is."})
    staff(f"/v1/deliverables/{made['id']}/submit", {})
    return staff(f"/v1/deliverables/{made['id']}/review", {"passed": True})["id"]


NOTE = {"name": "note.txt", "mimeType": "text/plain", "buffer": b"A note"}


def said(text):
    """Counts how often somebody of the client has said that."""
    path = f"/v1/conversations/{plan['conversation']}/messages?limit=200"
    return [one["text"] for one in staff(path)["data"]].count(text)


def files(name):
    """Counts the agency's files of that name."""
    return [one["name"] for one in staff("/v1/files?limit=200")["data"]].count(name)


def replied(ticket, text):
    return [one["text"] for one in staff(f"/v1/tickets/{ticket}/messages?limit=200")["data"]].count(text)


def asked(subject):
    return [one["id"] for one in staff("/v1/tickets?limit=200")["data"] if one["subject"] == subject]


def once(what, count):
    if count != 1:
        faults.append(f"{what} has arrived {count} times")


def settle(page):
    expect(page.locator("main h1")).to_have_count(1)
    expect(page.locator("[aria-busy=true], [data-loading]")).to_have_count(0)


def go(page, place):
    page.evaluate("place => { location.hash = place }", f"#{place}")
    settle(page)


def enter(page, place="/"):
    """Signs in on a phone, at a page."""
    page.set_viewport_size(PHONE)
    page.goto(f"{base}/portal/?agency={plan['agency']}#{place}")
    let_in(page.locator("form").first)
    expect(page.get_by_role("navigation", name="Main")).to_be_visible()
    settle(page)


def end(page):
    """The session ends, as when it is ended elsewhere."""
    page.evaluate("""async () => {
        const { call, get } = await import("/app/api.js");
        const own = (await get("/v1/auth/sessions")).data.find(({ current }) => current);
        await call(`/v1/auth/sessions/${own.id}`, { method: "DELETE" });
    }""")


def again(page):
    return page.get_by_role("dialog", name="Sign in again", exact=True)


def sign_in_again(page):
    dialog = again(page)
    dialog.get_by_label("Password", exact=True).fill(plan["password"])
    dialog.get_by_role("button", name="Sign in", exact=True).click()
    expect(dialog).to_have_count(0)


def look(page, name):
    looking.look(page, name, (320, 360))
    page.set_viewport_size(PHONE)


def message(page, text):
    page.get_by_label("Your message").fill(text)
    page.get_by_role("button", name="Send", exact=True).click()


def ends_over(page, text):
    """The session ends while somebody writes a message, and they are asked for their password when they send it."""
    enter(page, "/messages")
    page.get_by_label("Your message").fill(text)
    end(page)
    page.get_by_role("button", name="Send", exact=True).click()
    expect(again(page)).to_be_visible()
