import JSON
import Testing

/// A prospect's words in a chat are enough to qualify them.
@Suite(.ownThread) struct ChatQualification {
    let server = BureauProcess.shared

    @Test func `who tells a budget, a time and who decides in a chat is qualified by it`() throws {
        let chat = try HandoverChat(
            server.signUp().sandbox(), server, booking: "https://calendly.com/check/priority-support")
        let owner = chat.box.owner
        let said = try chat.say("We need more leads.", ["name": "Vera Visitor"])
        try chat.box.advance("PT0S")
        let contact = try chat.read(said).text("contact_id")
        try owner.patch("/v1/contacts/\(contact)", ["email": "vera@example.org"]).ok()
        for words in [
            "Our budget is 5000 USD a month.", "We want to start within two weeks.", "I decide that alone.",
        ] {
            _ = try chat.say(words)
            try chat.box.advance("PT1M")
        }
        let lead = try #require(try owner.every("/v1/leads").first)
        #expect(lead["budget"] == ["amount": 500_000, "currency": "USD"])
        #expect(lead["timeline_days"] != .null && lead["authority"] == true, "\(lead.serialized)")
        #expect(lead.text("source") == "chat" && lead["contact_id"] == .string(contact))
        let words = try chat.spoken(said).map { $0.text("text") }
        #expect(words.count == 4 && words[1].contains("start") && words[2].contains("decides"), "\(words)")
        try chat.box.advance("P1D")
        let decision = try #require(
            try owner.every("/v1/decisions?agent=lead_qualification&subject_id=\(lead.id)").last)
        let criteria = try #require(decision["outcome"]?["criteria"]).serialized
        for name in ["budget", "timeline", "authority"] { #expect(criteria.contains(name), "\(criteria)") }
        #expect(try owner.get("/v1/leads/\(lead.id)").ok().text("status") == "qualified")
    }

    @Test func `who has shown interest in a chat is asked, and judged at three in the afternoon`() throws {
        let box = try server.signUp().sandbox(startAt: "2027-01-05T13:30:00.000Z"), owner = box.owner
        let chat = try HandoverChat(box, server, booking: "https://calendly.com/check/priority-support")
        let said = try chat.say("We need more leads.", ["name": "Vera Visitor"])
        try box.advance("PT0S")
        let contact = try chat.read(said).text("contact_id")
        try owner.patch("/v1/contacts/\(contact)", ["email": "vera@example.org"]).ok()
        for words in [
            "Our budget is 5000 USD a month.", "We want to start within two weeks.", "I decide that alone.",
        ] {
            _ = try chat.say(words)
            try box.advance("PT1M")
        }
        #expect(try chat.spoken(said).count == 4, "each of their words has its answer")
        let lead = try #require(try owner.every("/v1/leads").first)
        func judged() throws -> [JSON] {
            try owner.every("/v1/decisions?agent=lead_qualification&subject_id=\(lead.id)")
        }
        try box.advance(to: "2027-01-05T14:59:00.000Z")
        #expect(try judged().isEmpty)
        try box.advance(to: "2027-01-05T15:01:00.000Z")
        #expect(try judged().map { $0.text("created_at").prefix(16) } == ["2027-01-05T15:00"])
        #expect(try owner.get("/v1/leads/\(lead.id)").ok().text("status") == "qualified")
    }
}
