import JSON
import StandIns
import Testing

/// People are told of posts that they have to see to: nobody looks through the list each hour.
@Suite(.ownThread) struct PostNotices {
    let server = BureauProcess.shared

    private func told(_ owner: Caller, _ kind: String) throws -> [JSON] {
        try owner.every("/v1/notifications").filter { $0.text("kind") == kind }
    }

    private func draft(_ owner: Caller, _ account: JSON, _ text: String) throws -> String {
        try owner.post(
            "/v1/social-posts", ["account_id": .string(account.id), "text": .string(text)]
        ).ok(201).id
    }

    @Test func `a post that waits for a person at its hour is told, and of many at once the first`() throws {
        let box = try server.quietAgency().sandbox(), owner = box.owner
        try box.quieten()
        let account = try owner.socialAccount("facebook")
        let id = try draft(owner, account, "Roses in June\nand July")
        try owner.post("/v1/social-posts/\(id)/schedule", ["at": "2027-01-05T12:00:00.000Z"]).ok()
        try box.advance("PT1H")
        #expect(try told(owner, "social_post_waits").isEmpty, "its hour is to come")
        try box.advance("PT2H")
        let notice = try #require(try told(owner, "social_post_waits").first)
        #expect(notice.text("title") == "Facebook: “Roses in June” waits for you to publish it")
        #expect(notice["subject"]?["id"] == .string(id), "\(notice)")
        for number in 1...9 {
            let id = try draft(owner, account, "Number \(number)")
            try owner.post("/v1/social-posts/\(id)/schedule", ["at": "2027-01-06T12:00:00.000Z"]).ok()
        }
        try box.advance("P1D")
        #expect(try owner.every("/v1/social-posts?status=awaiting_person").count == 10)
        #expect(try told(owner, "social_post_waits").count == 6, "the rest of them is in the list")
    }

    @Test func `a post that was refused, or has missed its hour, is told with why`() throws {
        let box = try server.quietAgency().sandbox()
        try box.quieten()
        let late = try draft(box.owner, try box.owner.socialAccount("x"), "Tulips")
        try box.owner.post("/v1/social-posts/\(late)/schedule", ["at": "2027-01-05T12:00:00.000Z"]).ok()
        let brake = try box.owner.post("/v1/brakes", ["scope": "tenant", "reason": "wrong price"]).ok(201)
        try box.advance("PT8H")
        try box.owner.post("/v1/brakes/\(brake.id)/release", [:]).ok()
        try box.advance("P1D")
        let missed = try #require(try told(box.owner, "social_post_stopped").first)
        #expect(missed.text("title").hasSuffix("“Tulips” has missed its hour"), "\(missed)")

        let (agency, web) = (try server.quietAgency(), try XStandIn())
        let account = try agency.connectNetwork("x", web.service.url, web.credentials, web.settings)
        web.refuse("Lilies")
        let id = try agency.publish(account, "Lilies")
        try agency.post(id, is: "failed")
        let refused = try eventually("the notice") {
            try told(agency.owner, "social_post_stopped").first
        }
        #expect(refused.text("title").hasSuffix("has refused “Lilies”"))
        #expect(refused["body"]?.text?.contains("You may not say Lilies.") == true, "\(refused)")
    }
}
