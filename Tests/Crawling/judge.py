"""judge.py robots|feeds|pages FILE: what other programs make of the lines of a file of JSON, a line of JSON each."""
import json
import sys


def robots(case):
    from protego import Protego

    rules = Protego.parse(case["file"])
    return [rules.can_fetch("https://site.example" + path, case["agent"]) for path in case["paths"]]


def feeds(case):
    import feedparser

    feed = feedparser.parse(case["feed"].encode(), response_headers={"content-location": case["address"]})
    moment = lambda at: None if at is None else __import__("calendar").timegm(at)
    return {
        "title": feed.feed.get("title"),
        "entries": [
            {
                "id": e.get("id"), "link": e.get("link"), "title": e.get("title"),
                "published": moment(e.get("published_parsed")), "updated": moment(e.get("updated_parsed")),
            }
            for e in feed.entries
        ],
    }


def pages(case):
    import extruct

    syntaxes = ["json-ld", "microdata", "opengraph", "rdfa", "microformat"]
    return extruct.extract(case["html"], base_url=case["address"], syntaxes=syntaxes, uniform=False)


for line in open(sys.argv[2], encoding="utf-8"):
    print(json.dumps({"robots": robots, "feeds": feeds, "pages": pages}[sys.argv[1]](json.loads(line))))
