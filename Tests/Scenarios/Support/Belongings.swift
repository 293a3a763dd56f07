import Foundation
import JSON
import StandIns
import Testing

extension Agency {
    /// One of everything that is written, said, sold and signed.
    func makeBelongings() throws {
        let calendar = try CalendlyStandIn()
        let door = try owner.post(
            "/v1/integrations",
            [
                "provider": "calendly", "capability": "scheduling",
                "credentials": ["webhook_signing_key": .string(calendar.signingKey)],
            ]
        ).ok(201).text("hook_url")
        let hook = calendar.hook(
            CalendlyStandIn.told(
                "invitee.created", "I1", of: "E1", at: "2030-01-05T09:00:00Z", email: "ann@example.com",
                created: "2026-01-01T00:00:00Z"), at: Int64(Date.now.timeIntervalSince1970))
        let headers = Dictionary(hook.headers.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
        try server.anonymous.request("POST", door, raw: hook.body, headers: headers).ok()
        try eventuallyTrue("the meeting") { try !owner.every("/v1/meetings").isEmpty }
        try owner.post("/v1/files?name=a.txt", raw: Array("text".utf8), type: "text/plain").ok(201)
        try owner.post("/v1/companies", ["name": "Contoso"]).ok(201)
        let person = try owner.post("/v1/contacts", ["name": "Jane", "email": "jane@contoso.example"]).ok(201)
        try owner.post(
            "/v1/suppressions", ["channel": "email", "address": "no@example.com", "reason": "manual"]
        ).ok(201)
        try owner.post("/v1/consents", ["contact_id": .string(person.id), "source": "a form"]).ok(201)
        let brake = try owner.post("/v1/brakes", ["scope": "tenant", "reason": "a test"]).ok(201)
        try owner.post("/v1/brakes/\(brake.id)/release").ok()
        try sell()
        try support()
        try talk()
    }

    /// What customers ask, and what answers them.
    private func support() throws {
        try owner.post(
            "/v1/triage-rules", ["name": "Launch", "words": ["Black Friday"], "category": "launch"]
        )
        .ok(201)
        try owner.post("/v1/macros", ["name": "Changed", "note": "Easy."]).ok(201)
        try owner.post("/v1/canned-replies", ["name": "n", "text": "Hello {{ name }}"]).ok(201)
        try owner.post(
            "/v1/sla-policies",
            ["name": "p", "first_response": "PT1H", "resolution": "PT8H", "hours": "always"]
        ).ok(201)
        try owner.post("/v1/teams", ["name": "Support"]).ok(201)
        let skilled: JSON = ["user_id": .string(user.id), "name": "billing", "level": 3]
        try owner.post("/v1/skills", skilled).ok(201)
        try owner.post("/v1/articles", ["title": "Logo", "body": "Open Settings."]).ok(201)
        let fields: JSON = [["name": "text", "label": "What is it?", "type": "text", "required": true]]
        let form = try owner.post(
            "/v1/forms", ["name": "Help", "creates": "ticket", "fields": fields]
        ).ok(201)
        try server.anonymous.post(
            "/v1/forms/\(form.text("public_key"))/submissions", ["text": "It is broken"]
        )
        .ok(201)
        let ticket = try owner.ticket("Logo", "It is old.")
        let survey = try owner.post("/v1/surveys", ["name": "Help", "question": "How was it?"]).ok(201)
        let response: JSON = [
            "survey_id": .string(survey.id), "ticket_id": .string(ticket.id), "score": 5,
        ]
        try owner.post("/v1/survey-responses", response).ok(201)
    }

    /// A conversation that a person has taken on.
    private func talk() throws {
        let key = try connect("web_chat", capability: "chat").text("public_key")
        let said = try server.anonymous.post(
            "/v1/chat/\(key)/messages",
            ["visitor_id": "v1", "text": "What was the revenue of my company in 1994?"]
        ).ok(201)
        // Nobody has written it down.
        try eventuallyTrue("the gap") { try !owner.every("/v1/knowledge-gaps").isEmpty }
        try owner.post("/v1/conversations/\(said.text("conversation_id"))/claim").ok()
    }

    /// From a lead to a signed contract.
    private func sell() throws {
        let lead = try makeLead(31)
        let package = try #require(try owner.every("/v1/packages").first)
        let proposal = try owner.post(
            "/v1/proposals", ["lead_id": .string(lead.id), "package_id": .string(package.id)]
        ).ok(201)
        let deal = proposal["deal_id"] ?? .null
        try owner.post("/v1/case-studies", ["title": "Found"]).ok(201)
        try owner.post("/v1/deal-objections", ["deal_id": deal, "kind": "price"]).ok(201)
        let contract = try owner.post("/v1/contracts", ["proposal_id": .string(proposal.id)]).ok(201)
        let sent = try owner.post("/v1/contracts/\(contract.id)/send").ok()
        let page = "/" + sent.text("public_url").split(separator: "/").dropFirst(2).joined(separator: "/")
        try server.anonymous.post("\(page)/sign", ["name": "Jane Example", "consent": true]).ok()
        let client = try owner.makeClient()
        let credit: JSON = ["client_id": .string(client.id), "amount": cents(500), "reason": "x"]
        try owner.post("/v1/credits", credit).ok(201)
        _ = try owner.pay(try owner.invoice(client, [item(10_000)]), 100).ok(201)
        try deliver(to: client)
    }

    /// The work for a client, and what is told of it.
    private func deliver(to client: JSON) throws {
        let id = JSON.string(client.id), project = try owner.project(client)
        _ = try owner.task(project, "Draw")
        _ = try owner.deliverable(project)
        try owner.post(
            "/v1/metrics",
            ["client_id": id, "source": "ads", "metric": "clicks", "date": "2030-01-01", "value": 1]
        ).ok(201)
        let file = try owner.file("brief.txt")
        try owner.post("/v1/documents", ["client_id": id, "file_id": .string(file.id)]).ok(201)
        try owner.post("/v1/reports", ["client_id": id]).ok(201)
    }
}
