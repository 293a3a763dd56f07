import JSON
import Testing

/// Networks let no program send connection requests and messages on LinkedIn, or comment on others' posts: a person
/// does so, with the words prepared.
@Suite(.ownThread) struct PreparedTouches {
    let server = BureauProcess.shared

    @Test func `touches on networks are prepared for a person one by one, and nothing leaves by itself`()
        throws
    {
        let box = try server.quietAgency().sandbox(), owner = box.owner
        try box.readyToSend()
        let steps: JSON = [
            [
                "channel": "task", "title": "Connect on LinkedIn with {{ lead.contact_name }}",
                "text": "Hello {{ lead.contact_name }}, we work with companies like {{ lead.company }}.",
            ],
            [
                "channel": "task", "delay": "P3D", "title": "Write on LinkedIn to {{ lead.contact_name }}",
                "text": "Thank you for connecting.",
            ],
            [
                "channel": "task", "delay": "P2D", "title": "Comment below a post of {{ lead.company }}",
                "text": "What we saw elsewhere.",
            ],
        ]
        let sequence = try owner.post("/v1/sequences", ["name": "Networks", "steps": steps]).ok(201)
        let path = "/v1/sequences/\(sequence.id)/enrollments"
        let leads = try (1...2).map { try owner.post("/v1/leads", lead($0, ["status": "qualified"])).ok(201) }
        let enrolled = try leads.map { try owner.post(path, ["lead_id": .string($0.id)]).ok(201) }
        try box.advance("PT1H")
        func open(_ lead: JSON) throws -> [JSON] {
            try owner.every("/v1/outreach-tasks?status=open&lead_id=\(lead.id)")
        }
        let first = try #require(try open(leads[0]).first)
        #expect(first.text("title") == "Connect on LinkedIn with Jane Example")
        #expect(first.text("text").contains(leads[0].text("company")))
        // As long as a person has not done it, nothing follows on it.
        try box.advance("P10D")
        #expect(try open(leads[0]).map(\.id) == [first.id])
        try owner.post("/v1/outreach-tasks/\(first.id)/done").ok()
        try box.advance("P2D")
        #expect(try open(leads[0]).isEmpty, "the message comes three days after")
        try box.advance("P2D")
        #expect(try open(leads[0]).map { $0.text("title") } == ["Write on LinkedIn to Jane Example"])
        try owner.post("/v1/outreach-tasks/\(try open(leads[0])[0].id)/skip", ["note": "Not connected"]).ok()
        try box.advance("P3D")
        #expect(try open(leads[0]).map { $0.text("title") }.first?.hasPrefix("Comment below") == true)
        // A lead that has left the sequence gets no more tasks.
        try owner.post("\(path)/\(enrolled[1].id)/exit").ok()
        try box.advance("P10D")
        #expect(try open(leads[1]).isEmpty)
        #expect(try owner.every("/v1/messages?direction=outbound").isEmpty, "no program has said a word")
    }
}
