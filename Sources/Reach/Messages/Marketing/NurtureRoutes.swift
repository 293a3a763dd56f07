internal import Agents
internal import Database
internal import HTTPServer
internal import Integrations
internal import JSON
internal import Jobs
internal import Nouns
internal import People
internal import Records
internal import Routing

/// The wish that a marketing service does something for a contact.
private struct NurtureBody: Declared {
    var integrationID: IntegrationID?
    var tags: [String] = []
    var automation: String?

    static let schema = Schema<NurtureBody>(
        "NurtureBody",
        [
            .id("integration_id", \.integrationID, .required, .about("The marketing service.")),
            .texts(
                "tags", \.tags, max: 20, length: 100, .about("Tags that the contact gets there."),
                .example(["webinar"])),
            .text(
                "automation", \.automation, max: 100,
                .about("The automation that starts for the contact, by its id there."), .example("1")),
        ])
}

/// `/v1/contacts/{id}/nurture`: hands a contact over to a marketing service's own series of mails.
func nurtureRoutes(_ routes: inout Routes, _ outbox: Outbox) {
    routes.declare(NurtureBody.self)
    routes.schema(
        "NurtureQueued",
        .record([
            "status": [
                "type": "string", "enum": ["queued", "captured"],
                "description": "Whether the service will be asked, or a sandbox has kept it.",
            ]
        ]))
    routes.post(
        "/v1/contacts/{id}/nurture", .permission(SendMessage.permission),
        "Start an automation at a marketing service for a contact, or tag it there",
        body: .json(.reference("NurtureBody")), .json(.reference("NurtureQueued"), status: 202, "Queued.")
    ) { call in
        let (id, body) = try (call.id("id", of: Contact.self), call.body(NurtureBody.self))
        var input = NurtureInput()
        (input.contactID, input.integrationID) = (id, body.integrationID)
        (input.tags, input.automation) = (body.tags, body.automation)
        if let fault = input.faults.first {
            throw Problem(faults: [Fault(fault.pointer, fault.code, fault.detail)])
        }
        return .write { [input] tx in
            .json(try outbox.nurture(input, key: tx.makeID("nur_"), in: tx), status: 202)
        }
    }
}
