"""Whether questions in other words than an article's find it, by POST /v1/articles/answers: held-out questions of our own
in four languages, of which the last are such that no article answers them."""
import json, pathlib

from driver import Agency, share

QUESTIONS = pathlib.Path(__file__).resolve().parents[2] / "Tests/Intelligence/Answers/Paraphrases"


def measure(server):
    for file in ("held_out.json", "development.json"):
        for base in json.loads((QUESTIONS / file).read_text(encoding="utf-8"))["bases"]:
            yield from ours(Agency(server), base, f"`{file}`")


def ours(agency, base, name):
    ids = {}
    for article in base["articles"]:
        made = agency.want(201, "POST", "/v1/articles", {
            "title": article["title"], "body": article["body"], "locale": article["locale"], "status": "published"})
        ids[article["key"]] = made["id"]
    asked = right = offered = wrong = strange = answered = 0
    for question in base["questions"]:
        found = agency.want(200, "POST", "/v1/articles/answers", {"question": question["question"]})["data"]
        sure = [one["article"]["id"] for one in found if one["answers"]][:1]
        wanted = ids.get(question["article"])
        if wanted is None:
            strange, answered = strange + 1, answered + len(sure)
            continue
        asked += 1
        if sure == [wanted]:
            right += 1
        elif sure:
            wrong += 1
        elif wanted in [one["article"]["id"] for one in found[:2] if found[0]["score"] >= 0.3]:
            offered += 1
    rows = f"{asked} questions, {len(ids)} articles"
    yield name, rows, "answered from the right one", share(right, asked)
    yield name, rows, "the right one among two that are offered", share(offered, asked)
    yield name, f"{strange} that nothing answers", "answered", share(answered, strange)
    given = right + wrong + answered
    yield name, f"{given} answers", "wrong", share(wrong + answered, given)
