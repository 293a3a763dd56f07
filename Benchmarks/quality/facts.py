"""The facts that texts of each language tell: needs, budgets and days in replies, claims in content, and what companies say
of themselves on their pages. The rows are of our own (languages/facts/<language>.tsv: judgement, what is wanted, text;
pages.jsonl) and held out: nothing is learned from them, and no phrase was written with them."""
import datetime, json, pathlib

from driver import Agency, Answered, by_judgement, share
from pages import FIELDS, many, told

FOLDER = pathlib.Path(__file__).resolve().parent / "languages" / "facts"
DAY = datetime.timedelta(days=1)


def measure(server):
    for language, rows in by_judgement(FOLDER):
        yield from needs(server, language, rows["need"])
        yield from budgets(server, language, rows["budget"])
        yield from days(server, language, rows["date"])
        yield from claims(server, language, rows["claim"])
    yield from companies()


def needs(server, language, wanted):
    leads = [lead for _, lead, *_ in Answered(server, [(text, None) for _, text in wanted])]
    found = [bool(lead["pain_points"]) for lead in leads]
    there = [has for (need, _), has in zip(wanted, found) if need == "yes"]
    absent = [not has for (need, _), has in zip(wanted, found) if need == "no"]
    yield language, "needs", "stands on the lead", share(sum(there), len(there))
    yield language, "replies without a need", "nothing stands there", share(sum(absent), len(absent))


def budgets(server, language, wanted):
    """Amounts are a month's, in whole units."""
    answered = Answered(server, [(text, None) for _, text in wanted], currency="EUR")
    found = [lead["budget"] and lead["budget"]["amount"] for _, lead, *_ in answered]
    pairs = [(None if amount == "none" else int(amount) * 100, has) for (amount, _), has in zip(wanted, found)]
    stated = [a == b for a, b in pairs if a is not None]
    others = [b is None for a, b in pairs if a is None]
    yield language, "budgets", "amount is right", share(sum(stated), len(stated))
    yield language, "amounts that are none", "not taken for one", share(sum(others), len(others))


def days(server, language, wanted):
    """The contact is left alone until that day, never less, and at most a day more: who is away until then may be back on
    it or after it. Wherever they are, half a day to and fro is no fault."""
    answered = Answered(server, [(text, None) for _, text in wanted])
    after = {contact["id"]: contact["contact_after"] for contact in answered.agency.every("/v1/contacts")}
    today = datetime.datetime.now(datetime.timezone.utc).replace(hour=0, minute=0, second=0, microsecond=0)
    right = 0
    for (day, _), lead in zip(wanted, answered.leads):
        meant = (today + int(day) * DAY if day.startswith("+")
                 else datetime.datetime.fromisoformat(day).replace(tzinfo=datetime.timezone.utc))
        found = after.get(lead["contact_id"])
        right += bool(found) and -0.7 * DAY < moment(found) - meant < 1.7 * DAY
    yield language, "days until which somebody is left alone", "day is right", share(right, len(wanted))


def moment(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


def claims(server, language, wanted):
    agency = Agency(server)
    found = []
    for number, (_, text) in enumerate(wanted):
        item = agency.want(201, "POST", "/v1/content-items", {
            "title": f"Piece {number}", "type": "educational", "locale": language, "subject": f"Piece {number}",
            "body": text})
        report = agency.want(200, "POST", f"/v1/content-items/{item['id']}/check")
        found.append(any(finding["code"] == "claim_without_source" for finding in report["findings"]))
    claimed = [has for (kind, _), has in zip(wanted, found) if kind != "none"]
    plain = [not has for (kind, _), has in zip(wanted, found) if kind == "none"]
    yield language, "claims without a source", "found", share(sum(claimed), len(claimed))
    yield language, "ordinary sentences", "not taken for one", share(sum(plain), len(plain))


def companies():
    sites = [json.loads(line) for line in (FOLDER / "pages.jsonl").open(encoding="utf-8")]
    for site, facts in zip(sites, told(sites)):
        right = wrong = there = 0
        for field in FIELDS:
            want, have = many(site["truth"].get(field)), many(facts[field])
            right, wrong, there = right + len(want & have), wrong + len(have - want), there + len(want)
        yield site["language"], "facts of a company's pages", "told", share(right, there)
        yield site["language"], "facts of a company's pages", "told wrongly", str(wrong)
