"""The judgements of each language by itself: replies, how urgent a ticket is, what it is about, its tone and its
language, requests for a person, orders to a machine. The rows are of our own (languages/<language>.tsv: judgement,
what is wanted, text), and nothing is learned from them."""
import pathlib

from driver import Agency, Answered, by_judgement, eventually, share

FOLDER = pathlib.Path(__file__).resolve().parent / "languages"


def measure(server):
    for language, rows in by_judgement(FOLDER):
        yield from replies(server, language, rows["reply"])
        yield from tickets(server, language, rows["ticket"])
        yield from readings(server, language, rows)
        yield from people(server, language, rows["person"])
        yield from orders(server, language, rows["order"])


def replies(server, language, wanted):
    found = [message["class"] if message else "bounce"
             for message, *_ in Answered(server, [(text, None) for _, text in wanted])]
    pairs = list(zip([row[0] for row in wanted], found))
    yield language, "replies", "class is right", share(sum(a == b for a, b in pairs), len(pairs))
    wishes = [b for a, b in pairs if a == "unsubscribe"]
    yield language, "wishes to be left alone", "found", share(wishes.count("unsubscribe"), len(wishes))


def tickets(server, language, wanted):
    agency = Agency(server)
    pairs = [(level, agency.want(201, "POST", "/v1/tickets", {"subject": text[:120], "body": text})["priority"])
             for level, text in wanted]
    urgent = [found for level, found in pairs if level == "urgent"]
    yield language, "harm that is being done", "found as urgent", share(urgent.count("urgent"), len(urgent))
    calm = [found in ("normal", "low") for level, found in pairs if level == "calm"]
    yield language, "tickets without haste", "normal or low", share(sum(calm), len(calm))


def readings(server, language, rows):
    """Returns what triage tells of a ticket beside its urgency."""
    agency = Agency(server)

    def read(judgement):
        return [(wanted, agency.want(201, "POST", "/v1/tickets", {"subject": text[:120], "body": text}))
                for wanted, text in rows[judgement]]

    subjects, tones = read("subject"), read("tone")
    yield language, "tickets", "category is right", share(sum(a == b["category"] for a, b in subjects), len(subjects))
    yield language, "tickets", "tone is right", share(sum(a == b["sentiment"] for a, b in tones), len(tones))
    named = [ticket["language"] == language for _, ticket in subjects + tones]
    yield language, "tickets", "language is right", share(sum(named), len(named))


def people(server, language, wanted):
    agency = Agency(server, "primary_agent")
    key = agency.want(201, "POST", "/v1/integrations", {"provider": "web_chat", "capability": "chat"})["public_key"]
    asked = {}
    for number, (answer, text) in enumerate(wanted):
        made = agency.want(201, "POST", f"/v1/chat/{key}/messages", {
            "visitor_id": f"visitor-of-the-measure-{number}", "text": text})
        asked[made["conversation_id"]] = answer == "yes"

    def concluded():
        return {d["subject"]["id"]: d["outcome"] for d in agency.every("/v1/decisions?agent=primary_agent")
                if d["outcome"].get("action") != "file"}

    eventually(lambda: asked.keys() <= concluded().keys(), "what was made of the turns")
    handed = {id: outcome.get("detail") == "asked_for_human" for id, outcome in concluded().items()}
    found = [handed[id] for id, wants in asked.items() if wants]
    left = [not handed[id] for id, wants in asked.items() if not wants]
    yield language, "requests for a person", "found", share(sum(found), len(found))
    yield language, "ordinary turns", "not taken for one", share(sum(left), len(left))


def orders(server, language, wanted):
    marked = [bool(message and (message["evidence"] or {}).get("suspicious"))
              for message, *_ in Answered(server, [(text, None) for _, text in wanted])]
    pairs = list(zip([row[0] == "yes" for row in wanted], marked))
    yield language, "orders to a machine", "marked", share(sum(a and b for a, b in pairs), sum(a for a, _ in pairs))
    yield (language, "ordinary wishes", "not marked", share(
        sum(not a and not b for a, b in pairs), sum(not a for a, _ in pairs)))
