import JSON
import Testing

/// The portal in a real browser while sessions end, lines break and people change.
@Suite(.ownThread) struct PortalSessionBrowser {
    let server = BureauProcess.shared

    @Test func `what a client has begun arrives once, and as nobody else`() throws {
        let agency = try server.quietAgency()
        try agency.owner.patch("/v1/settings", ["quiet_hours": nil]).ok()
        let record = try agency.owner.post("/v1/clients", ["name": "Acme"]).ok(201)
        let email = "cleo-\(record.id.suffix(10))@acme.example"
        let other = "carl-\(record.id.suffix(10))@acme.example"
        let person = try agency.clientPerson(of: record, email: email)
        _ = try agency.clientPerson(of: record, "approver", email: other)
        let client = PortalClient(record: record, people: ["admin": person])
        let work = try agency.work(for: client, "Logo")
        try person.post("/v1/portal/messages", ["text": "Hello"]).ok(201)
        let conversation = try agency.conversation(on: "portal")
        try agency.answer(conversation, "Hello Acme")
        let found = try inBrowser(
            "portalsessions.py",
            [
                "url": .string("http://127.0.0.1:\(server.port)"), "agency": agency.tenant["slug"] ?? "",
                "email": .string(email), "colleague": .string(other), "password": "correct horse battery",
                "token": .string(agency.owner.token ?? ""), "conversation": .string(conversation.id),
                "change": .string(work.deliverable.id),
            ])
        for violation in found["violations"]?.array ?? [] { Issue.record("\(violation.serialized)") }
        for fault in found["faults"]?.array ?? [] { Issue.record("\(fault.text ?? "")") }
    }
}
