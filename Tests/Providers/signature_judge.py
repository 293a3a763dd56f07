"""signature_judge.py FILE: whether the services' own libraries take each request of a file of JSON, a line each."""
import json
import sys


def twilio(case):
    from twilio.request_validator import RequestValidator

    class Form(dict):
        def getlist(self, name):
            return [value for own, value in case["fields"] if own == name]

    body = Form(map(tuple, case["fields"])) if "fields" in case else case["body"]
    return RequestValidator(case["token"]).validate(case["url"], body, case["signature"])


def slack(case):
    from slack_sdk.signature import Clock, SignatureVerifier

    class At(Clock):
        def now(self):
            return case["now"]

    return SignatureVerifier(case["secret"], At()).is_valid(
        body=case["body"], timestamp=case["timestamp"], signature=case["signature"])


for line in open(sys.argv[1], encoding="utf-8"):
    case = json.loads(line)
    print(json.dumps({"twilio": twilio, "slack": slack}[case["service"]](case)))
