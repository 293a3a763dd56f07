import Glibc
import JSON
import Testing

/// Posts that come again by themselves: after their interval, in other words, while they may.
@Suite(.ownThread) struct RecycledPosts {
    let server = BureauProcess.shared

    private func account(_ owner: Caller) throws -> JSON {
        try owner.post("/v1/social-accounts", ["network": "linkedin", "name": "Acme"]).ok(201)
    }

    private func item(_ owner: Caller, status: String = "approved") throws -> JSON {
        try owner.post(
            "/v1/content-items",
            [
                "title": "Reports", "type": "educational", "subject": "Reports", "status": .string(status),
                "body":
                    "Clients see their figures at once. Nobody waits for Monday. Support answers in a day.",
            ]
        ).ok(201)
    }

    /// The posts, as they are to leave.
    private func posts(_ owner: Caller) throws -> [JSON] {
        try owner.every("/v1/social-posts").sorted { $0.text("scheduled_at") < $1.text("scheduled_at") }
    }

    private func done(_ owner: Caller, _ post: JSON) throws {
        try owner.post("/v1/social-posts/\(post.id)/done", ["url": "https://example.com/1"]).ok()
    }

    @Test func `a post comes again as often as it was told to, each time in other words`() throws {
        let box = try server.quietAgency().sandbox(), owner = box.owner
        try box.quieten()
        let account = try account(owner), item = try item(owner)
        let first = try owner.post(
            "/v1/social-posts",
            [
                "account_id": .string(account.id), "text": "We report by the hour.\n\nhttps://acme.example",
                "content_item_id": .string(item.id), "recycle": ["every": "P7D", "max": 5],
                "scheduled_at": "2027-01-05T12:00:00.000Z",
            ]
        ).ok(201)
        for round in 0..<6 {
            try box.advance(
                to: "2027-0\(round < 4 ? 1 : 2)-\(["05", "12", "19", "26", "02", "09"][round])T12:00:00.000Z")
            let due = try #require(try posts(owner).last, "round \(round)")
            #expect(due["status"] == "awaiting_person", "round \(round): \(due.serialized)")
            try done(owner, due)
            try box.advance("PT0S")
        }
        let all = try posts(owner)
        #expect(all.count == 6 && all[0].id == first.id)
        #expect(all.allSatisfy { $0["status"] == "published" && $0["allow_repeat"] == false })
        let texts = all.map { $0.text("text") }
        #expect(Set(texts.prefix(5)).count == 5, "never the same within thirty days: \(texts)")
        #expect(texts[1].hasPrefix("Clients see their figures at once. We report by the hour."))
        #expect(texts.allSatisfy { $0.hasSuffix("https://acme.example") })
        #expect(all.last?["recycle"] == .null && all[1]["recycle"]?["max"] == 4)
        #expect(all[1].text("content_item_id") == item.id)
        // Two in the afternoon stays two in the afternoon, though the clocks were put forward meanwhile.
        try owner.patch("/v1/social-accounts/\(account.id)", ["time_zone": "Europe/Berlin"]).ok()
        let spring = try owner.post(
            "/v1/social-posts",
            [
                "account_id": .string(account.id), "text": "Roses are cut in spring.",
                "recycle": ["every": "P60D", "max": 1], "scheduled_at": "2027-02-09T13:00:00.000Z",
            ]
        ).ok(201)
        try box.advance(to: "2027-02-09T13:00:00.000Z")
        try done(owner, spring)
        try box.advance("PT0S")
        #expect(try posts(owner).last?.text("scheduled_at") == "2027-04-10T12:00:00.000Z")
    }

    @Test func `killed between standing and the plan of the next, a post comes again once`() throws {
        let server = try BureauProcess.start(), owner = try server.quietAgency().owner
        let account = try account(owner)
        let first = try (0..<6).map { number in
            try owner.post(
                "/v1/social-posts",
                [
                    "account_id": .string(account.id), "text": .string("Report \(number). By the hour."),
                    "recycle": ["every": "P60D", "max": 2],
                ]
            ).ok(201)
        }
        for post in first { try owner.post("/v1/social-posts/\(post.id)/publish", [:]).ok(202) }
        for (number, post) in first.enumerated() {
            try eventuallyTrue("its hour") {
                try owner.get("/v1/social-posts/\(post.id)").ok()["status"] == "awaiting_person"
            }
            try done(owner, post)
            usleep(UInt32(number) * 2000)
            try server.killAndRestart()
            // Work at which a server dies three times is left to people.
            try eventuallyTrue("the next of it") { try posts(owner).count > first.count + number }
        }
        try server.killAndRestart()
        let next = try posts(owner).filter { $0["status"] == "scheduled" }
        #expect(next.count == first.count && next.allSatisfy { $0["recycle"]?["max"] == 1 })
        #expect(Set(next.map { $0.text("text") }).count == next.count)
    }

    @Test func `nothing comes again whose content is not approved any more`() throws {
        let box = try server.quietAgency().sandbox(), owner = box.owner
        try box.quieten()
        let account = try account(owner), item = try item(owner)
        let first = try owner.post(
            "/v1/social-posts",
            [
                "account_id": .string(account.id), "text": "We report by the hour.",
                "content_item_id": .string(item.id), "recycle": ["every": "P7D", "max": 2],
                "scheduled_at": "2027-01-05T12:00:00.000Z",
            ]
        ).ok(201)
        try box.advance(to: "2027-01-05T12:00:00.000Z")
        try done(owner, first)
        try box.advance("P6D")
        try owner.patch("/v1/content-items/\(item.id)", ["status": "draft"]).ok()
        try box.advance("P1D")
        let next = try #require(try posts(owner).last)
        #expect(next.id != first.id && next["status"] == "held")
        #expect(next["reasons"]?.array?.first?["code"] == "not_approved")
        try box.advance("PT2H")
        #expect(try owner.get("/v1/social-posts/\(next.id)").ok()["status"] == "missed")
        #expect(try posts(owner).count == 2, "the chain waits for a person")
    }

    @Test func `where there are no other words, a draft says so`() throws {
        let box = try server.quietAgency().sandbox(), owner = box.owner
        try box.quieten()
        let account = try owner.post("/v1/social-accounts", ["network": "x", "name": "Acme"]).ok(201)
        let long = String(repeating: "word ", count: 55) + "end."
        let first = try owner.post(
            "/v1/social-posts",
            [
                "account_id": .string(account.id), "text": .string(long),
                "recycle": ["every": "P10D", "max": 3], "scheduled_at": "2027-01-05T12:00:00.000Z",
                "made_with_ai": true, "paid_partnership": true,
            ]
        ).ok(201)
        try box.advance(to: "2027-01-05T12:00:00.000Z")
        try done(owner, first)
        try box.advance("PT0S")
        let next = try #require(try posts(owner).first { $0.id != first.id })
        #expect(next["status"] == "draft" && next["scheduled_at"] == .null)
        #expect(next["reasons"]?.array?.first?["code"] == "duplicate_text")
        #expect(next["made_with_ai"] == true && next["paid_partnership"] == true, "the marks stay")
        try box.advance("P40D")
        #expect(try posts(owner).count == 2)
        #expect(try owner.told("social_post.published").count == 1)
    }
}
