import JSON
import StandIns
import Testing

/// Corrections of what replies mean teach the agency's own classifier, and no other's.
@Suite(.ownThread) struct ReplyLearning {
    let server = BureauProcess.shared

    private static let taught = [
        "The swan says maybe-ish to this one.", "Swan file: maybe-ish, dear friends.",
        "Put it with the swan, maybe-ish.", "We file this under swan, maybe-ish.",
        "Maybe-ish, writes the swan.",
    ]
    private static let unseen = "The swan would call that maybe-ish."

    private func judged(_ sales: ReplyEffects.Sales, _ text: String, _ number: Int) throws -> JSON {
        try sales.receive([text], from: number)[0].message
    }

    private func model(_ agency: Agency) throws -> JSON? {
        try agency.owner.get("/v1/learned-models").ok().items.first
    }

    @Test func `from five corrections on an agency has a classifier of its own, and another agency does not`()
        throws
    {
        let (ours, theirs) = (try ReplyEffects.Sales(server), try ReplyEffects.Sales(server))
        let before = try judged(theirs, Self.unseen, 0)
        #expect(before.text("class") != "not_now")
        let came = try ours.receive(Self.taught)
        #expect(try ours.owner.get("/v1/learned-models").ok().items.isEmpty)
        for (index, outcome) in came.enumerated() {
            let read = outcome.message
            let path = "/v1/messages/\(read.id)"
            let corrected = try ours.owner.patch(path, ["class": "not_now"]).ok()
            #expect(corrected.text("class") == "not_now" && corrected["confidence"]?.double == 1)
            #expect(corrected["evidence"]?["corrected_by"]?["type"] == "user")
            #expect(corrected["evidence"]?["class_by_rules"]?.text == read.text("class"))
            // Two equal corrections are one example.
            try ours.owner.patch(path, ["class": "not_now"]).ok()
            let state = try #require(try model(ours.agency))
            #expect(state["corrections"]?.int == Int64(index + 1) && state["needed"] == 5)
            if index < 4 { #expect(state["active"] == false) }
        }
        let state = try eventually("the training") {
            try model(ours.agency).flatMap { $0["active"] == true ? $0 : .none }
        }
        #expect(state["task"] == "reply_class" && state["examples"] == 5 && state["labels"] == ["not_now": 5])
        #expect(
            state["accuracy"]?.double.map { (0...1).contains($0) } == true && state["trained_at"] != .null)
        let after = try judged(ours, Self.unseen, 20)
        #expect(after.text("class") == "not_now", "\(after.serialized)")
        #expect((after["confidence"]?.double ?? 0) > 0.5)
        // The other agency's classifier judges the same words as before, to the last digit.
        let again = try judged(theirs, Self.unseen, 20)
        #expect(again["class"] == before["class"] && again["confidence"] == before["confidence"])
        #expect(again["evidence"] == before["evidence"])
        #expect(try theirs.owner.get("/v1/learned-models").ok().items.isEmpty)
        try theirs.owner.patch("/v1/messages/\(after.id)", ["class": "other"]).problem(404)
    }

    @Test func `a corrected wish to be left alone is respected, and only replies have a class`() throws {
        let sales = try ReplyEffects.Sales(server)
        let came = try sales.receive(["Well, the week has been long here."])[0]
        let path = "/v1/messages/\(came.message.id)"
        try sales.owner.patch(path, ["class": "unsubscribe"]).ok()
        let contact: JSON = ["id": came.lead["contact_id"] ?? .null]
        #expect(try sales.agency.reasons(contact).contains("unsubscribed"))
        #expect(try sales.owner.patch(path, ["class": "gladly"]).faults() == ["/class": "invalid_choice"])
        #expect(try sales.owner.patch(path, [:]).faults() == ["/class": "required"])
        #expect(try sales.owner.patch(path, ["text": "x"]).faults()["/text"] == "unknown_field")
        let sent = try sales.agency.send(contact, ["purpose": "transactional"])
        #expect(
            try sales.owner.patch("/v1/messages/\(sent.id)", ["class": "other"]).faults() == [
                "/class": "conflict"
            ])
        let other = try sales.owner.get("/v1/audit?subject_id=\(came.message.id)").ok().items
        #expect(other.contains { $0.text("action") == "message.classified" })
    }
}
