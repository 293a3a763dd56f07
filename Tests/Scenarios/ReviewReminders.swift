import JSON
import Testing

/// Content that waits for colleagues is not forgotten.
@Suite(.ownThread) struct ReviewReminders {
    let server = BureauProcess.shared

    @Test func `who reviews is told again of what waits for them, until it is reviewed`() throws {
        let box = try server.signUp().sandbox(startAt: "2027-01-04T09:00:00.000Z"), owner = box.owner
        try box.quieten()
        let key = try owner.post(
            "/v1/api-keys",
            ["name": "robot", "scopes": ["content_items:read", "content_items:write"]]
        ).ok(201)
        let writer = server.caller(key.text("secret"))
        func submitted(_ title: String) throws -> String {
            let item = try writer.post(
                "/v1/content-items",
                [
                    "title": .string(title), "body": .string("We have news about \(title)."),
                    "format": "social",
                ]
            ).ok(201)
            try writer.post("/v1/content-items/\(item.id)/submit").ok()
            return item.id
        }
        func told(_ title: String) throws -> Int {
            try owner.every("/v1/notifications").count {
                $0["kind"] == "content_in_review" && $0.text("title").contains(title)
            }
        }
        let slow = try submitted("gardens"), quick = try submitted("lilies")
        #expect(try told("gardens") == 1 && told("lilies") == 1)
        try owner.post("/v1/content-items/\(quick)/review", ["passed": true]).ok()
        try box.advance("P1D")
        #expect(try told("gardens") == 1)
        try box.advance("P2D")
        #expect(try told("gardens") == 2 && told("lilies") == 1, "what is reviewed is no news")
        try box.advance("P5D")
        #expect(try told("gardens") == 3)
        try box.advance("P30D")
        #expect(try told("gardens") == 3, "and not for ever")
        #expect(try owner.get("/v1/content-items/\(slow)").ok()["status"] == "in_review", "silence is no yes")
        // A piece that is sent back and submitted anew has reminders of its own.
        try owner.post(
            "/v1/content-items/\(slow)/review", ["passed": false, "notes": "Shorter, please."]
        ).ok()
        try writer.post("/v1/content-items/\(slow)/submit").ok()
        try box.advance("P3D")
        #expect(try told("gardens") == 5)
    }
}
