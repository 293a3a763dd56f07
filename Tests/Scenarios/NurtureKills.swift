import JSON
import Testing

/// What keeps in touch, when the process dies on its way.
@Suite(.ownThread) struct NurtureKills {
    @Test func `killed again and again on its way, each touch leaves once`() throws {
        let server = try BureauProcess.start()
        let box = try server.nurturing()
        try box.publishSuccess()
        let leads = try (0..<20).map { try box.makeLead($0) }
        for _ in 0..<8 {
            try box.advance("P1D")
            try server.killAndRestart()
        }
        for lead in leads {
            let touches = try box.touches(of: lead)
            #expect(box.days(of: touches) == [1, 3, 7])
            #expect(Set(touches.map { $0.text("subject") }).count == 3)
        }
    }

    @Test func `killed while a yes lets many go, each leaves once`() throws {
        let server = try BureauProcess.start()
        let box = try server.nurturing()
        try box.owner.patch("/v1/agents/lead_nurturing", ["autonomy": "approve"]).ok()
        let leads = try (0..<40).map { try box.makeLead($0) }
        try box.advance("P1DT1H")
        let question = try #require(try box.owner.every("/v1/approvals?status=pending").first)
        try box.owner.post("/v1/approvals/\(question.id)/approve", [:]).ok()
        try server.killAndRestart()
        // They leave some minutes apart, and so take more than an hour.
        try box.advance("P1D")
        for lead in leads { #expect(try box.touches(of: lead).count == 1) }
    }
}
