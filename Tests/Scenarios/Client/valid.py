"""Checks an OpenAPI document: against the specification, and its examples against their schemas.

Usage: valid.py FILE. Prints what is wrong, a line each.
"""
import json, sys

from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

document = json.load(open(sys.argv[1]))
schemas = document["components"]["schemas"]
for fault in OpenAPIV31SpecValidator(document).iter_errors():
    print(f"{'/'.join(map(str, fault.absolute_path))}: {fault.message[:300]}")


def example(media):
    """The example of a medium, where it has one."""
    if "example" in media:
        return media["example"]
    for shown in media.get("examples", {}).values():
        return document["components"]["examples"][shown["$ref"].split("/")[-1]]["value"]
    return None


def check(place, media):
    shown = example(media)
    if shown is None:
        return
    # References lead from the root of the document.
    schema = {**media["schema"], "components": {"schemas": schemas}}
    for fault in Draft202012Validator(schema).iter_errors(shown):
        print(f"{place}: the example does not fit: {'/'.join(map(str, fault.path))}: {fault.message[:200]}")


for path, item in document["paths"].items():
    for method, operation in item.items():
        for kind, media in operation.get("requestBody", {}).get("content", {}).items():
            if "json" in kind:
                check(f"{method} {path} body", media)
        for status, answer in operation["responses"].items():
            for kind, media in answer.get("content", {}).items():
                if "json" in kind and "ndjson" not in kind:
                    check(f"{method} {path} {status}", media)
