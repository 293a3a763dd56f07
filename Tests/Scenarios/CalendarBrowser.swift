import JSON
import Testing

/// The calendar on the page: what is planned is carried by mouse and by keyboard, and what has left stays.
@Suite(.ownThread) struct CalendarBrowser {
    let server = BureauProcess.shared

    @Test func `what is planned is moved in the calendar, undone, and refused where it is stale`() throws {
        let agency = try server.quietAgency(), owner = agency.owner
        try owner.patch("/v1/settings", ["time_zone": "Europe/Berlin"]).ok()
        let client = try owner.post("/v1/clients", ["name": "Acme Gardens"]).ok(201)
        let account = try owner.post(
            "/v1/social-accounts",
            ["network": "x", "name": "Acme on X", "queue": [["weekday": 2, "at": "09:00"]]]
        ).ok(201)
        func post(_ text: String, _ at: String?) throws -> JSON {
            var body: JSONObject = ["account_id": .string(account.id), "text": .string(text)]
            if let at { body["scheduled_at"] = .string(at) }
            return try owner.post("/v1/social-posts", .object(body)).ok(201)
        }
        let moved = try post("Spring is here", "2099-01-13T09:00:00.000Z")
        let stale = try post("Changed by others", "2099-01-08T09:00:00.000Z")
        _ = try post("Twice, once", "2099-01-22T09:00:00.000Z")
        _ = try post("Twice, again", "2099-01-22T09:00:00.000Z")
        let gone = try published(try post("Stands already", nil), owner)
        let item = try owner.post(
            "/v1/content-items",
            [
                "title": "Harbour news", "body": "News.", "format": "social",
                "planned_at": "2099-01-14T08:00:00.000Z", "client_id": .string(client.id),
            ]
        ).ok(201)
        let campaign = try owner.post(
            "/v1/campaigns",
            [
                "name": "Spring", "objective": "traffic",
                "milestones": [["name": "Kick-off", "due_on": "2099-01-15"]],
            ]
        ).ok(201)
        let bakery = try owner.post("/v1/clients", ["name": "Birch Bakery"]).ok(201)
        try owner.post(
            "/v1/content-items",
            [
                "title": "Bread week", "body": "Bread.", "format": "social",
                "planned_at": "2099-01-29T08:00:00.000Z", "client_id": .string(bakery.id),
            ]
        ).ok(201)
        // Two networks get equal words.
        let linked = try owner.socialAccount("linkedin")
        for (place, hour) in [(account, 11), (linked, 12)] {
            try owner.post(
                "/v1/social-posts",
                [
                    "account_id": .string(place.id), "text": "Tulips arrive",
                    "scheduled_at": .string("2099-01-12T\(hour):00:00.000Z"),
                ]
            ).ok(201)
        }
        let mailing = try owner.mailCampaign(["name": "Newsletter", "send_at": "2099-01-16T09:00:00.000Z"])
        try many(owner)
        let found = try inBrowser(
            "planned.py",
            [
                "url": .string("http://127.0.0.1:\(server.port)"), "email": .string(agency.email),
                "password": .string(agency.password), "post": .string(moved.id), "stale": .string(stale.id),
                "gone": .string(gone.id), "item": .string(item.id), "campaign": .string(campaign.id),
                "account": .string(account.id), "client": .string(client.id),
            ])
        for violation in found["violations"]?.array ?? [] { Issue.record("\(violation.serialized)") }
        for fault in found["faults"]?.array ?? [] { Issue.record("\(fault.text ?? "")") }
        // The server has the changes that were made on the page, at the same hour of the agency's day.
        func planned(_ path: String, _ name: String) throws -> String { try owner.get(path).ok().text(name) }
        let posts = "/v1/social-posts"
        #expect(try planned("\(posts)/\(moved.id)", "scheduled_at") == "2099-01-27T09:00:00.000Z")
        #expect(try planned("\(posts)/\(stale.id)", "scheduled_at") == "2099-01-08T09:00:00.000Z")
        #expect(try planned("/v1/content-items/\(item.id)", "planned_at") == "2099-01-21T09:30:00.000Z")
        #expect(
            try planned("/v1/email-campaigns/\(mailing.id)", "send_at") == "2099-01-15T09:00:00.000Z")
        let day = try owner.get("/v1/campaigns/\(campaign.id)").ok()["milestones"]?.array?.first
        #expect(day?["due_on"] == "2099-01-17")
    }

    /// A post that a person has published today.
    private func published(_ post: JSON, _ owner: Caller) throws -> JSON {
        let path = "/v1/social-posts/\(post.id)"
        try owner.post("\(path)/publish").ok(202)
        try eventuallyTrue("the post to wait for a person") {
            try owner.get(path).ok()["status"] == "awaiting_person"
        }
        return try owner.post("\(path)/done", ["url": "https://x.com/acme/status/1"]).ok()
    }

    /// A month with 3,000 days of campaigns.
    private func many(_ owner: Caller) throws {
        for number in 0..<60 {
            let milestones = (0..<50).map { index -> JSON in
                let day = index % 28 + 1
                return [
                    "name": .string("Day \(number).\(index)"),
                    "due_on": .string("2099-06-\(day < 10 ? "0" : "")\(day)"),
                ]
            }
            try owner.post(
                "/v1/campaigns",
                [
                    "name": .string("Plan \(number)"), "objective": "traffic",
                    "milestones": .array(milestones),
                ]
            ).ok(201)
        }
    }
}
