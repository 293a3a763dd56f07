import JSON
import Testing

/// Content, its readers, its calendar and segments, worked with on the page, with axe looking on.
@Suite(.ownThread) struct ContentBrowser {
    let server = BureauProcess.shared

    @Test func `content is sent, its calendar given out and segments made on the page`() throws {
        let agency = try server.quietAgency(), owner = agency.owner
        let leads = try (0..<3).map { try agency.makeLead($0) }
        try owner.post(
            "/v1/suppressions",
            ["channel": "email", "address": leads[0]["email"] ?? .null, "reason": "unsubscribe"]
        ).ok(201)
        let approved = try item(owner, "Five ways", "approved")
        let draft = try item(owner, "Six ways", "draft")
        let client = try owner.post("/v1/clients", ["name": "Acme", "content_approval": true]).ok(201)
        let piece = try owner.post(
            "/v1/content-items",
            [
                "title": "Spring", "format": "social", "body": "First words.",
                "client_id": .string(client.id),
            ]
        ).ok(201)
        try owner.patch("/v1/content-items/\(piece.id)", ["body": "Second words."]).ok()
        let segment = try owner.post(
            "/v1/segments",
            ["name": "By hand", "of": "leads", "static": true, "members": [.string(leads[0].id)]]
        ).ok(201)
        let found = try inBrowser(
            "content.py",
            [
                "url": .string("http://127.0.0.1:\(server.port)"), "email": .string(agency.email),
                "password": .string(agency.password), "item": .string(approved.id),
                "draft": .string(draft.id), "piece": .string(piece.id),
                "segment": .string(segment.id),
            ])
        for violation in found["violations"]?.array ?? [] { Issue.record("\(violation.serialized)") }
        for fault in found["faults"]?.array ?? [] { Issue.record("\(fault.text ?? "")") }
        // The deeds on the page have come about.
        let distributions = try owner.every("/v1/distributions")
        #expect(distributions.map { $0.text("content_item_id") } == [approved.id])
        #expect(distributions.first?["status"] == "cancelled" && distributions.first?["sent"] == 0)
        #expect(try owner.get("/v1/content-items/\(approved.id)").ok()["status"] == "published")
        let restored = try owner.get("/v1/content-items/\(piece.id)").ok()
        #expect(restored["status"] == "draft" && restored["body"] == "First words.")
        #expect(try owner.every("/v1/content-calendar/feeds").isEmpty)
        let members = try owner.every("/v1/segments/\(segment.id)/members").map(\.id)
        #expect(members == [leads[1].id])
        let segments = try owner.every("/v1/segments")
        let made = try #require(segments.first { $0.text("name") == "All but one" })
        #expect(
            made["filter"] == [
                "all": [
                    ["field": "company", "op": "contains", "value": "Example Company"],
                    ["field": "company", "op": "ne", "value": "Example Company 0"],
                ]
            ])
        try eventuallyTrue("the members that were found") {
            try Set(owner.every("/v1/segments/\(made.id)/members").map(\.id)) == [leads[1].id, leads[2].id]
        }
    }

    private func item(_ owner: Caller, _ title: String, _ status: String) throws -> JSON {
        try owner.post(
            "/v1/content-items",
            [
                "title": .string(title), "type": "educational", "subject": "For {{ lead.company }}",
                "body": "Five ways for {{ lead.industry }}.", "status": .string(status),
                "variants": [["name": "short"], ["name": "long", "subject": "All of them"]],
            ]
        ).ok(201)
    }
}
