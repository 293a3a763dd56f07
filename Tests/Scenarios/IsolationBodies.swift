import JSON

extension Isolation {
    /// Bodies that get past the checks of a body, so that only the identifier decides.
    static let bodies: [String: JSON] = [
        "POST /v1/facts/{id}/reject": ["reason": "x"],
        "POST /v1/quality-issues/{id}/ignore": ["reason": "x"],
        "PATCH /v1/error-patterns/{id}": ["status": "resolved"],
        "POST /v1/sync-conflicts/{id}/resolve": ["take": "local"],
        "POST /v1/approvals/{id}/reject": ["reason": "x"],
        "POST /v1/messages/{id}/resolve": ["outcome": "sent"],
        "POST /v1/contacts/{id}/activities": ["type": "website_visit"],
        "POST /v1/contacts/{id}/nurture": [
            "integration_id": "int_00000000000000000000000000", "tags": ["x"],
        ],
        "POST /v1/privacy/requests/{id}/extend": ["reason": "x"],
        "POST /v1/privacy/requests/{id}/refuse": ["reason": "x"],
        "POST /v1/privacy/requests/{id}/complete": ["outcome": "x"],
        "PATCH /v1/messages/{id}": ["class": "interested"],
        "POST /v1/templates/{id}/preview": ["contact_id": .string("contact_00000000000000000000000000")],
        "PATCH /v1/workflow-runs/{id}": ["state": ["a": 1]],
        "POST /v1/workflow-runs/{id}/fork": ["from": "1"],
        "POST /v1/workflow-runs/{id}/signal": ["name": "x"],
        "POST /v1/content-items/{id}/adopt": ["variant": "x"],
        "POST /v1/decisions/{id}/override": ["outcome": ["score": 1], "reason": "x"],
        "POST /v1/deals/{id}/negotiation": ["discount_percent": 1],
        "POST /v1/projects/{id}/log": ["kind": "decision", "text": "x"],
        "POST /v1/deliverables/{id}/compile": [
            "parts": ["file_00000000000000000000000000"], "as": "pdf", "title": "x",
        ],
        "POST /v1/onboardings/{id}/steps/{key}/skip": ["reason": "x"],
        "POST /v1/deliverables/{id}/review": ["passed": true],
        "POST /v1/deliverables/{id}/request-changes": ["text": "x"],
        "POST /v1/portal/deliverables/{id}/request-changes": ["text": "x"],
        "POST /v1/portal/tickets/{id}/messages": ["text": "x"],
        "POST /v1/portal/surveys/{id}/answer": ["score": 5],
        "POST /v1/sequences/{id}/enroll-matching": ["filter": ["status": "qualified"]],
        "POST /v1/portal/proposals/{id}/accept": ["name": "Eve", "consent": true],
        "POST /v1/portal/contracts/{id}/sign": ["name": "Eve", "consent": true],
        "PATCH /v1/portal/people/{id}": ["client_role": "viewer"],
        "POST /v1/contact-identities/{id}/link": [
            "contact_id": "contact_00000000000000000000000000"
        ],
        "POST /v1/conversations/{id}/calls": ["url": "https://meet.example.com/x"],
        "POST /v1/conversations/{id}/snooze": ["until": "2100-01-01T00:00:00.000Z"],
        "POST /v1/conversations/{id}/messages": ["text": "x"],
        "POST /v1/tickets/{id}/assign": ["user_id": "user_00000000000000000000000000"],
        "POST /v1/tickets/{id}/escalate": ["reason": "x"],
        "POST /v1/tickets/{id}/resolve": ["resolution": "x"],
        "POST /v1/tickets/{id}/merge": ["into": .string(absentTicket)],
        "POST /v1/tickets/{id}/link": ["ticket_id": .string(absentTicket)],
        "POST /v1/tickets/{id}/split": [
            "message_id": "tmsg_00000000000000000000000000", "subject": "x",
        ],
        "POST /v1/tickets/{id}/messages": ["text": "x"],
        "POST /v1/tickets/{id}/messages/check": ["text": "x"],
        "POST /v1/macros/{id}/apply": ["ticket_id": .string(absentTicket)],
        "POST /v1/canned-replies/{id}/write": ["ticket_id": .string(absentTicket)],
        "POST /v1/leads/merge": ["keep": .string(absentLead), "merge": [.string(absentLead)]],
    ]
}
