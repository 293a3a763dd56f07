import JSON
import Testing

/// Content for many, when the process dies while it is planned.
@Suite(.ownThread) struct ContentKills {
    /// Returns the number that are planned, or left out for a reason.
    private func looked(_ distribution: JSON) -> Int64 {
        let skipped = (distribution["skipped"]?.array ?? []).compactMap { $0["count"]?.int }
        return (distribution["planned"]?.int ?? 0) + skipped.reduce(0, +)
    }

    @Test func `killed between the chunks of its plan, a distribution goes on, and has each person once`()
        throws
    {
        let server = try BureauProcess.start(), count = 1000
        let agency = try server.signUp(), owner = agency.owner
        try agency.makeLeads((0..<count).map { lead($0) })
        let distributions = try (0..<3).map { number -> JSON in
            let item = try owner.post(
                "/v1/content-items",
                [
                    "title": .string("News \(number)"), "type": "company_news", "subject": "News",
                    "body": "Words.", "status": "approved",
                ]
            ).ok(201)
            let made = try owner.post(
                "/v1/content-items/\(item.id)/distribute", ["at": "2099-01-01T10:00:00.000Z"]
            ).ok(202)
            try server.killAndRestart()
            // It is planned by the two hundred, and no chunk is half there.
            let begun = try owner.get("/v1/distributions/\(made.id)").ok()
            #expect((begun["matched"]?.int ?? 1) % 200 == 0 && looked(begun) == begun["matched"]?.int)
            return made
        }
        for distribution in distributions {
            let done = try eventually("the whole plan") {
                let read = try owner.get("/v1/distributions/\(distribution.id)").ok()
                return (read["matched"]?.int ?? 0) < Int64(count) ? nil : read
            }
            #expect(done["matched"] == JSON(count) && looked(done) == Int64(count))
            #expect(done["planned"] != 0 && done["status"] == "planned")
            try owner.post("/v1/distributions/\(distribution.id)/cancel").ok()
        }
        #expect(try owner.every("/v1/messages?direction=outbound").isEmpty)
    }
}
