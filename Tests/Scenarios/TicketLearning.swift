import JSON
import Testing

/// Corrections of what tickets are about teach the agency's own reader.
@Suite(.ownThread) struct TicketLearning {
    let server = BureauProcess.shared

    @Test
    func `five tickets that people set right make a category of the agency's own, and no other agency's`()
        throws
    {
        let agency = try server.quietAgency(), owner = agency.owner
        let stranger = try server.quietAgency().owner
        let question = ("Kiln", "Could we use the kiln for our glaze next week?")
        let before = try stranger.ticket(question.0, question.1)
        let texts = [
            "The kiln is too hot for the glaze", "When is the kiln free on Monday?",
            "Please fire the vases in the small kiln", "The glaze came out of the kiln with bubbles",
            "Which kiln do I book for porcelain?",
        ]
        for (index, text) in texts.enumerated() {
            let made = try owner.ticket("Workshop", text)
            #expect(made.text("category") != "kiln")
            try owner.patch("/v1/tickets/\(made.id)", ["category": "kiln"]).ok()
            let models = try owner.get("/v1/learned-models").ok()["data"]?.array ?? []
            #expect(models[0].text("task") == "ticket_category")
            #expect(models[0]["corrections"] == .integer(Int64(index + 1)))
            #expect(index == 4 || models[0]["active"] == false, "four are no pattern")
        }
        let model = try eventually("the reader is trained") {
            try owner.get("/v1/learned-models").ok()["data"]?.array?.first { $0["active"] == true }
        }
        #expect(model["examples"] == 5 && model["labels"]?["kiln"] == 5 && model["accuracy"] != .null)
        let ticket = try owner.ticket(question.0, question.1)
        #expect(ticket.text("category") == "kiln")
        let decision = try #require(try owner.every("/v1/decisions?subject_id=\(ticket.id)").first)
        #expect(decision["factors"]?.array?.contains { $0.text("name") == "own_categories" } == true)
        #expect((decision["confidence"]?.double ?? 0) > 0.5)
        let after = try stranger.ticket(question.0, question.1)
        #expect(after.text("category") == before.text("category"))
        #expect(try stranger.get("/v1/learned-models").ok()["data"]?.array?.isEmpty == true)
        #expect(
            try owner.ticket("Invoice", "We were charged twice, please refund one payment")
                .text("category") == "billing", "what it knew it still knows")
    }
}
