import JSON
import Testing

/// Events and Spaces that people make follow the day of their content.
@Suite(.ownThread) struct NetworkEvents {
    private func box() throws -> (box: SandboxCaller, owner: Caller) {
        let box = try BureauProcess.shared.quietAgency().sandbox()
        try box.quieten()
        try box.owner.wakeSocialAgents("autopilot")
        return (box, box.owner)
    }

    @Test func `an event whose day changes waits for a look, and is asked for again once made`() throws {
        let (box, owner) = try box()
        try owner.setAgent("facebook_agent", ["makes_events": true])
        _ = try owner.socialAccount("facebook")
        let piece = try owner.approvedPiece(
            "Open garden", "Our garden opens for all.",
            ["type": "product_launch", "planned_at": "2027-01-12T00:00:00.000Z", "status": "scheduled"])
        _ = try owner.runAgent(Caller.coordinator, ["content_item_id": .string(piece.id)])
        func events(movedTo day: String) throws -> [JSON] {
            let moment = JSON.string("\(day)T00:00:00.000Z")
            try owner.patch("/v1/content-items/\(piece.id)", ["planned_at": moment]).ok()
            let waiting = try owner.posts(of: piece).filter { $0["reasons"]?[0]["code"] == "content_changed" }
            #expect(waiting.map { $0["by_hand"] } == ["event"] && waiting[0]["status"] == "needs_approval")
            return try owner.posts(of: piece).filter { $0["by_hand"] == "event" }
        }
        let post = "/v1/social-posts/\(try #require(try events(movedTo: "2027-01-19").first).id)"
        try owner.patch(post, ["text": "Make it on the 19th."]).ok()
        try owner.post("\(post)/publish").ok(202)
        try box.advance("PT5M")
        #expect(try events(movedTo: "2027-01-20").count == 1, "nobody has made it yet")
        try owner.post("\(post)/publish").ok(202)
        try box.advance("PT5M")
        try owner.post("\(post)/done", ["url": "https://facebook.com/events/1"]).ok()
        for day in ["2027-01-26", "2027-01-27"] {
            let states = try events(movedTo: day).map { $0.text("status") }
            #expect(states.sorted() == ["needs_approval", "published"])
        }
    }

    @Test func `an event is called off by a person, where its content is put away before its day`() throws {
        let (box, owner) = try box()
        try owner.setAgent("facebook_agent", ["makes_events": true])
        _ = try owner.socialAccount("facebook")
        func events(of piece: JSON) throws -> [JSON] {
            try owner.posts(of: piece).filter { $0["by_hand"] == "event" }
        }
        func planned(_ title: String, isMade: Bool) throws -> JSON {
            let piece = try owner.approvedPiece(
                title, "Our \(title) opens for all.",
                ["type": "product_launch", "planned_at": "2027-01-12T00:00:00.000Z", "status": "scheduled"])
            _ = try owner.runAgent(Caller.coordinator, ["content_item_id": .string(piece.id)])
            guard isMade else { return piece }
            let event = "/v1/social-posts/\(try #require(try events(of: piece).first).id)"
            try owner.post("\(event)/publish").ok(202)
            try box.advance("PT5M")
            try owner.post("\(event)/done", ["url": "https://facebook.com/events/1"]).ok()
            return piece
        }
        func putAway(_ piece: JSON) throws -> [String] {
            try owner.patch("/v1/content-items/\(piece.id)", ["status": "archived"]).ok()
            return try events(of: piece).map { $0.text("status") }.sorted()
        }
        let (made, unmade) = (try planned("garden", isMade: true), try planned("house", isMade: false))
        let held = try planned("barn", isMade: true)
        #expect(try putAway(made) == ["needs_approval", "published"])
        let asked = try #require(try events(of: made).first { $0["status"] == "needs_approval" })
        #expect(asked["reasons"]?[0]["code"] == "called_off")
        #expect(try owner.every("/v1/alerts?kind=social_post_changed&open=true").count == 1)
        try owner.post("/v1/social-posts/\(asked.id)/cancel").ok()
        #expect(try owner.every("/v1/alerts?kind=social_post_changed&open=true").isEmpty)
        #expect(try putAway(unmade) == ["cancelled"], "nobody has been asked to make it yet")
        try box.advance("P14D")
        #expect(try putAway(held) == ["published"], "its day is over")
    }

    @Test func `a Space whose day changes waits for a look`() throws {
        let (box, owner) = try box()
        try owner.setAgent("twitter_agent", ["hosts_spaces": true])
        _ = try owner.socialAccount("x")
        let piece = try owner.approvedPiece(
            "Open garden", "Our garden opens for all.",
            ["type": "product_launch", "planned_at": "2027-01-12T18:00:00.000Z", "status": "scheduled"])
        _ = try owner.runAgent(Caller.coordinator, ["content_item_id": .string(piece.id)])
        try owner.patch(
            "/v1/content-items/\(piece.id)", ["planned_at": "2027-01-19T18:00:00.000Z"]
        ).ok()
        let space = try #require(try owner.posts(of: piece).first { $0["by_hand"] == "space" })
        #expect(space["status"] == "needs_approval" && space["reasons"]?[0]["code"] == "content_changed")
        try owner.post("/v1/social-posts/\(space.id)/schedule", ["at": "2027-01-19T18:00:00.000Z"]).ok()
        try box.advance("P10D")
        func status() throws -> JSON? { try owner.get("/v1/social-posts/\(space.id)").ok()["status"] }
        #expect(try status() == "scheduled", "nobody opens it on the old day")
        try box.advance("P7D")
        #expect(try status() == "awaiting_person")
    }
}
