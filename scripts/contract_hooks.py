"""Tells Schemathesis of Bureau what the API description does not (see contract).

Formats whose values no schema describes get values that are right, so that a request comes as far as the
work behind it; and a valid request may only be refused for what no schema can say.
"""
import os
import uuid

import schemathesis
from hypothesis import strategies as st

FORMATS = {
    "country": st.sampled_from(["DE", "US", "GB", "FR", "JP", "BR"]),
    "currency": st.sampled_from(["USD", "EUR", "GBP", "JPY"]),
    "time-zone": st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu"]),
    "phone": st.integers(0, 9999).map(lambda n: f"+1415555{n:04}"),
    "uri": st.sampled_from(["https://www.example.com", "http://example.org/a?b=c", "https://xn--mller-kva.de/"]),
    "email": st.from_regex(r"[a-z][a-z0-9]{0,20}@[a-z]{2,12}\.(com|org|example)", fullmatch=True),
    "password": st.uuids().map(str),
    "mapping": st.sampled_from(["{}", '{"Firma":"company"}', '{"Mail":"email","x":null}']),
    "idempotency-key": st.builds(lambda: str(uuid.uuid4())),
}
for name, strategy in FORMATS.items():
    schemathesis.openapi.format(name, strategy)

FILES = {
    "text/csv": st.sampled_from([b"company,email\nExample,jane@example.com\n", b"Firma;Mail\nM\xfcller;x\n", b"x"]),
    "application/x-ndjson": st.sampled_from([b'{"company":"Example"}\n', b'{"company":1}\n{}\nx\n']),
}
for name, strategy in FILES.items():
    schemathesis.openapi.media_type(name, strategy)

# Rules that a schema cannot say: whether a value exists, is free, is the caller's, or is good enough.
BEYOND_SCHEMAS = {
    "already_exists", "bad_request", "clock_backwards", "conflict", "idempotency_key_reused", "invalid_credentials",
    "invalid_cursor", "invalid_transition", "invitation_invalid", "reset_invalid", "unknown_reference",
    "weak_password",
    # Values of formats that coverage makes up without asking for one.
    "invalid_address", "invalid_country", "invalid_cron", "invalid_currency", "invalid_duration", "invalid_email",
    "invalid_event_type", "invalid_key", "invalid_mapping", "invalid_phone", "invalid_text", "invalid_time_zone",
    "invalid_url", "not_both",
}
# Members whose rule depends on other members, on the tenant or on the time, and how they are then refused.
BEYOND_SCHEMAS_AT = (
    "/after", "/agent", "/agent_name", "/blackouts/", "/body", "/catch_up", "/choices", "/client_id",
    "/current_password", "/custom/", "/deadline", "/events", "/expires_at", "/expires_in", "/jitter", "/limit",
    "/observe_for", "/parameters", "/permissions/", "/role", "/scopes", "/subject", "/to", "/type",
    "/variants/",
)
DEPENDENT = {"invalid_choice", "out_of_range", "required", "unknown_field", "wrong_type"}


@schemathesis.hook
def filter_case(context, case):
    """Nobody may lock the run itself out."""
    is_own = (case.path_parameters or {}).get("id") == os.environ.get("CONTRACT_USER")
    return not (is_own and case.method in ("DELETE", "PATCH"))


@schemathesis.hook
def before_call(context, case, kwargs):
    """A key that was used before would end a valid request early; examples and coverage know only one."""
    headers = case.headers
    if headers and "Idempotency-Key" in headers and case.meta and case.meta.generation.mode.is_positive:
        headers["Idempotency-Key"] = str(uuid.uuid4())


@schemathesis.check
def valid_request_accepted(ctx, response, case):
    meta = case.meta
    if meta is None or not meta.generation.mode.is_positive or response.status_code not in (400, 415, 422):
        return
    problem = response.json()
    faults = problem.get("errors") or [{"code": problem["code"], "pointer": ""}]
    for fault in faults:
        if fault["code"] in BEYOND_SCHEMAS:
            continue
        if fault["code"] in DEPENDENT and fault["pointer"].startswith(BEYOND_SCHEMAS_AT):
            continue
        # The first part of a form is the file; an upsert needs what a create needs when nothing matches.
        if fault["pointer"] in ("/file", "") and case.operation.path.endswith("/import"):
            continue
        if case.operation.path.endswith("/upsert") and fault["code"] == "required":
            continue
        # A graph's rules, and a name of nothing but spaces.
        if case.operation.path == "/v1/workflows" or case.operation.path.startswith("/v1/workflows/"):
            continue
        if fault["pointer"] == "/name" and fault["code"] == "required":
            continue
        # Of two parameters, or two members, one is needed.
        if case.operation.path.endswith("/memory") and case.method == "DELETE":
            continue
        if case.operation.path.endswith("/clock/advance") and fault["code"] == "required":
            continue
        # Of money, a patch may name one half where the other is there already; an agent knows its settings itself.
        if fault["pointer"].endswith(("/amount", "/currency")) or case.operation.path.endswith("/config"):
            continue
        raise AssertionError(f"refused though valid: {fault} ({problem['detail']})")
