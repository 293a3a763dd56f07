import Foundation
import JSON
import Testing

/// Nurture survives when the process dies on its way.
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

    @Test func `killed while mails of a day are leaving, each leaves once, and none is lost`() throws {
        let server = try BureauProcess.start()
        let box = try server.nurturing()
        try box.publishSuccess()
        let operations = (0..<60).map { number -> JSON in ["op": "create", "body": lead(number)] }
        try box.owner.post("/v1/leads/bulk", ["operations": .array(operations)]).ok()
        let path = "/v1/messages?direction=outbound&status=sent&limit=1&total=true"
        func sent() throws -> Int { Int(try box.owner.get(path).ok()["total"]?.int ?? 0) }
        var caughtUnderWay = 0
        for (round, day) in [1, 3, 7].enumerated() {
            try box.advance(to: "2027-01-\(String(format: "%02d", 4 + day))T00:00:00.000Z")
            let end = "2027-01-\(String(format: "%02d", 5 + day))T00:00:0", before = try sent()
            #expect(before == round * 60)
            // The caller who waits for the day to be over is cut off with the server.
            let waiting = Thread { _ = try? box.advance(to: "\(end)0.000Z") }
            waiting.start()
            try eventuallyTrue("the first mails of day \(day)", every: .milliseconds(1)) {
                try sent() > before
            }
            try server.killAndRestart()
            if try sent() < before + 60 { caughtUnderWay += 1 }
            try box.advance(to: "\(end)1.000Z")
        }
        #expect(caughtUnderWay > 0, "no day was under way when the server was killed")
        for lead in try box.owner.every("/v1/leads") {
            let touches = try box.touches(of: lead)
            #expect(box.days(of: touches) == [1, 3, 7])
            #expect(Set(touches.map { $0.text("subject") }).count == 3)
        }
    }

    @Test func `killed while a yes lets many go or an offer changes, each leaves once or never`() throws {
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
        try changeOffer(on: server)
    }

    /// An offer changes, and ends, as the process dies: what told it is taken back with that, once, and never leaves.
    private func changeOffer(on server: BureauProcess) throws {
        let box = try server.nurturing()
        try box.owner.patch("/v1/agents/lead_nurturing", ["autonomy": "approve"]).ok()
        func words(_ euros: Int) -> JSON {
            [["locale": "en", "title": "An audit", "text": .string("Ads & pages, \(euros) euros.")]]
        }
        let offer = try box.owner.post(
            "/v1/special-offers",
            [
                "name": "Audit", "words": words(450), "stages": ["dormant"], "valid_from": "2027-01-01",
                "valid_until": "2027-01-06",
            ]
        ).ok(201)
        for number in 1...4 { _ = try box.makeLead(number, knownFor: 400) }
        func told(_ euros: Int) throws -> [String] {
            try box.owner.every("/v1/messages?direction=outbound")
                .filter { $0.text("text").contains("\(euros) euros") }.map { $0.text("status") }
        }
        try box.advance("P1DT12H")
        #expect(try told(450) == Array(repeating: "held", count: 4))
        let path = "/v1/special-offers/\(offer.id)", change: JSON = ["words": words(400)]
        let isOver = DispatchSemaphore(value: 0)
        Thread {
            _ = try? box.owner.patch(path, change)
            isOver.signal()
        }.start()
        Thread.sleep(forTimeInterval: 0.004)
        server.kill()
        isOver.wait()
        try server.start()
        let isChanged = try box.owner.get(path).ok()["words"]?[0]["text"] != "Ads & pages, 450 euros."
        #expect(try Set(told(450)) == [isChanged ? "cancelled" : "held"], "both, or neither")
        try box.owner.patch(path, change).ok()
        try server.killAndRestart()
        #expect(try told(450) == Array(repeating: "cancelled", count: 4))
        try box.advance(to: "2027-01-06T17:00:00.000Z")
        #expect(try told(400) == Array(repeating: "held", count: 4))
        let waiting = Thread { _ = try? box.advance(to: "2027-01-07T09:00:00.000Z") }
        waiting.start()
        try eventuallyTrue("the end of the offer", every: .milliseconds(1)) {
            try told(400).contains("cancelled")
        }
        try server.killAndRestart()
        try box.advance(to: "2027-01-07T09:00:01.000Z")
        for euros in [400, 450] { #expect(try told(euros) == Array(repeating: "cancelled", count: 4)) }
    }
}
