import JSON
import Testing

/// The clients' satisfaction, what became of them, and what was done about it.
@Suite(.ownThread) struct ServiceEffects {
    let server = BureauProcess.shared

    private func survey(_ owner: Caller, _ kind: String) throws -> JSON {
        try owner.post("/v1/surveys", ["name": "Help", "kind": .string(kind), "question": "How is it?"]).ok(
            201)
    }

    private func answer(_ owner: Caller, _ survey: JSON, _ score: Int, _ about: JSONObject) throws -> JSON {
        var body: JSONObject = ["survey_id": .string(survey.id), "score": JSON(score)]
        for (key, value) in about.members { body[key] = value }
        return try owner.post("/v1/survey-responses", .object(body)).ok(201)
    }

    @Test func `how content clients are is set beside what became of them`() throws {
        let box = try server.quietAgency().sandbox(), owner = box.owner
        try box.quieten()
        func outcome(_ band: String) throws -> JSON {
            let all = try owner.get("/v1/satisfaction").ok()["outcomes"]?.array ?? []
            return try #require(all.first { $0.text("band") == band })
        }
        let nothing = try owner.get("/v1/satisfaction").ok()
        #expect(nothing["direct"]?["nps"]?["value"] == .null)
        #expect(nothing["referrals"]?["value"] == 0)
        #expect(try outcome("content")["left_rate"] == .null)
        let clients = try (0..<6).map { _ in try owner.makeClient() }
        #expect(try outcome("unknown")["clients"] == 6)
        let (csat, nps) = (try survey(owner, "csat"), try survey(owner, "nps"))
        for client in clients {
            let about: JSONObject = ["client_id": .string(client.id)]
            let ticket = try owner.ticket("Logo", "It is old.", about)
            _ = try answer(owner, csat, 5, ["ticket_id": .string(ticket.id)])
            _ = try answer(owner, nps, 9, about)
        }
        for price in [cents(100_000), cents(50_000)] {
            try owner.post(
                "/v1/subscriptions",
                ["client_id": .string(clients[1].id), "description": "Growth", "price": price]
            ).ok(201)
            try box.advance("PT0S")
        }
        try owner.patch("/v1/clients/\(clients[0].id)", ["status": "former"]).ok()
        let content = try outcome("content")
        #expect(content["clients"] == 5 && content["left"] == 1 && content["grew"] == 1)
        #expect(content["left_rate"]?.double == 0.17 && content["sample"] == 6)
        #expect(try outcome("unhappy").text("reason").contains("0 are known"))
        try box.advance("P61D")
        let seen = try owner.get("/v1/satisfaction").ok()
        #expect(seen["direct"]?["csat"]?["value"]?.double == 5 && seen["direct"]?["csat"]?["sample"] == 6)
        let tier = seen["direct"]?["by_tier"]?.array?.first { $0.text("tier") == "starter" }
        #expect(tier?["nps"]?["value"]?.double == 100 && tier?["csat"]?["sample"] == 6)
        let signals = seen["indirect"]?["by_tier"]?.array?.first { $0.text("tier") == "starter" }
        #expect(signals?["clients"] == 5 && signals?["tickets_per_client"]?.double == 1.2)
        #expect(signals?["months_as_client"]?.double ?? 0 >= 1.9)
        #expect(signals?["answered_rate"] == .null && signals?["reopened_rate"]?["value"] == .null)
        try owner.delete("/v1/clients/\(clients[2].id)").ok(204)
        #expect(try outcome("content")["clients"] == 4)
    }

    @Test func `what was done because of feedback is told by what tickets were like before and since`() throws
    {
        let box = try server.quietAgency().sandbox(), owner = box.owner
        try box.quieten()
        let survey = try survey(owner, "csat")
        func solve(_ score: Int, again: Bool) throws -> [JSON] {
            try (0..<5).map { _ in
                let ticket = try owner.ticket("Invoice", "It is wrong.", ["category": "billing"])
                let path = "/v1/tickets/\(ticket.id)"
                try owner.post("\(path)/resolve", ["resolution": "Done."]).ok()
                if again {
                    try owner.post("\(path)/reopen").ok()
                    try owner.post("\(path)/resolve", ["resolution": "Done."]).ok()
                }
                return try answer(owner, survey, score, ["ticket_id": .string(ticket.id)])
            }
        }
        let heard = try solve(2, again: true)
        let other = try owner.ticket("Logo", "It is old.", ["category": "content"])
        try box.advance("P1D")
        let faults = try owner.post(
            "/v1/improvements", ["title": "x", "sources": ["ticket_00000000000000000000000000", "x"]]
        ).faults()
        #expect(faults == ["/sources/0": "unknown_reference", "/sources/1": "unknown_reference"])
        func make(_ more: JSONObject) throws -> JSON {
            var body: JSONObject = [
                "title": "Invoices name the campaign",
                "sources": [.string(heard[0].id), .string(other.id)],
            ]
            for (key, value) in more.members { body[key] = value }
            return try owner.post("/v1/improvements", .object(body)).ok(201)
        }
        let made = try make(["category": "billing"]), ofAll = try make([:])
        func effect(_ improvement: JSON) throws -> JSON {
            try owner.get("/v1/improvements/\(improvement.id)/effect").ok()
        }
        #expect(try effect(made)["before"] == .null && effect(made).text("reason").contains("not done"))
        for improvement in [made, ofAll] {
            let done = try owner.patch("/v1/improvements/\(improvement.id)", ["status": "done"]).ok()
            #expect(done["done_at"] != .null)
        }
        try box.advance("P1D")
        _ = try solve(5, again: false)
        let early = try effect(made)
        #expect(early["change"]?["satisfaction"] == .null)
        #expect(["Feb", "3", "2027"].allSatisfy(early.text("reason").contains))
        #expect(early["before"]?["tickets"] == 5 && early["after"]?["satisfaction"]?["value"]?.double == 5)
        try box.advance("P28D")
        let seen = try effect(made)
        #expect(seen["reason"] == .null && seen["change"]?["tickets"] == 0)
        #expect(seen["change"]?["satisfaction"]?.double == 3)
        #expect(seen["change"]?["reopened_rate"]?.double == -0.5)
        #expect(try effect(ofAll)["before"]?["tickets"] == 6)
        let empty = try make(["category": "launch", "status": "done"])
        try box.advance("P29D")
        #expect(try effect(empty)["before"]?["satisfaction"]?["value"] == .null)
        #expect(try effect(empty).text("reason").contains("5 answers"))
        let stranger = try server.quietAgency().owner
        #expect(try stranger.get("/v1/improvements/\(made.id)/effect").status == 404)
    }
}
