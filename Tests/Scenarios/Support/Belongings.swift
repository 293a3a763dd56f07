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
        try help(person)
        let client = try owner.makeClient(["name": "Ambitious"])
        try owner.post(
            "/v1/goals",
            ["client_id": .string(client.id), "metric": "crm.leads", "target": 100, "by": "2040-01-31"]
        ).ok(201)
        try owner.post("/v1/project-templates", ["name": "Site"]).ok(201)
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
        try owner.post("/v1/opportunities", ["client_id": .string(client.id), "kind": "upgrade"]).ok(201)
        let friend: JSON = ["name": "Nora New", "email": "nora@new.example"]
        try owner.post(
            "/v1/referrals",
            ["referrer": ["type": "client", "id": .string(client.id)], "referred": friend]
        ).ok(201)
        try deliver(to: client)
    }

    /// Makes a question of somebody's, and all that helps to answer it.
    private func help(_ person: JSON) throws {
        let agent = "/v1/agents/customer_service"
        try owner.patch(agent, ["state": "disabled"]).ok()
        let ticket = try owner.ticket(
            "Opening hours", "When are you open?", ["contact_id": .string(person.id)])
        try owner.post("/v1/tickets/\(ticket.id)/messages", ["text": "From nine."]).ok(201)
        try owner.post("/v1/teams", ["name": "Help"]).ok(201)
        try owner.post("/v1/skills", ["user_id": .string(user.id), "name": "billing"]).ok(201)
        let macro = try owner.post("/v1/macros", ["name": "Done", "note": "Easy."]).ok(201)
        try owner.post("/v1/canned-replies", ["name": "Hours", "text": "From nine."]).ok(201)
        try owner.post("/v1/articles", ["title": "The logo", "body": "In the settings."]).ok(201)
        try owner.post("/v1/triage-rules", ["name": "Launch", "words": ["launch"]]).ok(201)
        try owner.post(
            "/v1/ticket-triggers",
            ["name": "Launch", "words": ["launch"], "macro_id": .string(macro.id)]
        ).ok(201)
        try owner.post(
            "/v1/service-incidents", ["title": "Shop", "text": "It is closed.", "words": ["shop"]]
        ).ok(201)
        try owner.post("/v1/support-reports", ["kind": "monthly"]).ok(201)
        try owner.post("/v1/improvements", ["title": "Say it sooner", "category": "billing"]).ok(201)
        try owner.post("/v1/support-addresses", ["name": "Help", "address": "help@agency.example"]).ok(201)
        let survey = try owner.post("/v1/surveys", ["name": "Help", "question": "How was it?"]).ok(201)
        try owner.post("/v1/survey-responses", ["survey_id": .string(survey.id), "score": 4]).ok(201)
        let fields: JSON = [["name": "text", "label": "What is it?"]]
        let form = try owner.post("/v1/forms", ["name": "Help", "fields": fields]).ok(201)
        try server.anonymous.post("/v1/forms/\(form.text("public_key"))/submissions", ["text": "Hello"]).ok(
            201)
        let chat = try owner.post(
            "/v1/integrations", ["provider": "web_chat", "capability": "chat"]
        ).ok(201).text("public_key")
        let said = try server.anonymous.post(
            "/v1/chat/\(chat)/messages", ["visitor_id": "v1", "text": "Hello"]
        ).ok(201)
        // A person has taken it on: nobody else writes there meanwhile.
        try owner.post("/v1/conversations/\(said.text("conversation_id"))/claim").ok()
        try owner.patch(agent, ["state": "active"]).ok()
        try owner.ticket("Parking", "Where can I park?", ["contact_id": .string(person.id)])
        try eventuallyTrue("a question without an answer") {
            try !owner.every("/v1/knowledge-gaps").isEmpty
        }
        try owner.patch(agent, ["state": "disabled"]).ok()
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
