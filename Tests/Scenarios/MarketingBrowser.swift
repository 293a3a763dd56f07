import Foundation
import JSON
import StandIns
import Testing

/// Posts are written, campaigns led, segments made and content decided about on pages, with axe looking on.
@Suite(.ownThread) struct MarketingBrowser {
    let server = BureauProcess.shared

    @Test func `posts are written and campaigns led on the page, and a client decides by a link`() throws {
        let agency = try server.quietAgency(), owner = agency.owner
        try owner.patch("/v1/settings", ["time_zone": "Europe/Berlin"]).ok()
        let accounts = try ["x", "linkedin", "instagram"].map { network in
            try owner.post(
                "/v1/social-accounts",
                [
                    "network": .string(network), "name": .string("Acme on \(network)"),
                    "queue": network == "x" ? [["weekday": 2, "at": "09:00"]] : [],
                ]
            ).ok(201)
        }
        let leads = try (0..<3).map { try agency.makeLead($0) }
        let campaign = try owner.post(
            "/v1/campaigns",
            [
                "name": "Spring", "objective": "leads", "start_on": "2026-01-01", "end_on": "2099-12-31",
                "budget": ["amount": 100_000, "currency": "USD"],
                "kpis": [["metric": "website.registrations", "target": 40]],
                "channels": [["channel": "google_ads", "budget": ["amount": 80_000, "currency": "USD"]]],
                "milestones": [["name": "Kick-off", "due_on": "2099-01-15"]],
            ]
        ).ok(201)
        let template = try owner.mailTemplate("Open day")
        let other = try owner.mailTemplate("Open evening")
        try owner.post(
            "/v1/suppressions",
            ["channel": "email", "address": leads[0]["email"] ?? .null, "reason": "unsubscribe"]
        ).ok(201)
        let mailing = try owner.mailCampaign([
            "name": "Invitation", "template_id": .string(template.id),
            "variants": [
                ["name": "day", "template_id": .string(template.id)],
                ["name": "evening", "template_id": .string(other.id)],
            ],
        ])
        let client = try agency.portalClient("Acme Gardens")
        try owner.patch("/v1/clients/\(client.id)", ["content_approval": true]).ok()
        let pieces = try ["Approved words", "Words to change"].map { try asked($0, client.id, owner) }
        let film = server.file("garden.mov")
        try Data(SampleMedia.recording(160, 120, seconds: 4)).write(to: URL(fileURLWithPath: film))
        let byHand = try filmByHand(agency, accounts[2])
        let found = try inBrowser(
            "marketing.py",
            [
                "url": .string("http://127.0.0.1:\(server.port)"), "email": .string(agency.email),
                "password": .string(agency.password), "campaign": .string(campaign.id),
                "mailing": .string(mailing.id), "film": .string(film),
                "by_hand": .string(byHand.post), "effect": .string(byHand.effect),
                "pieces": .array(pieces.map { $0["approval_url"] ?? .null }),
            ])
        for violation in found["violations"]?.array ?? [] { Issue.record("\(violation.serialized)") }
        for fault in found["faults"]?.array ?? [] { Issue.record("\(fault.text ?? "")") }
        try cameAbout(owner, accounts, campaign, mailing, pieces)
        let stands = try owner.get("/v1/social-posts/\(byHand.post)").ok()
        #expect(stands.text("sound_id") == byHand.sound && stands.text("effect_id") == byHand.effect)
    }

    /// A film that a person is to publish in the network's app, with a sound and an effect of which they may use one
    /// each.
    private func filmByHand(
        _ agency: Agency, _ account: JSON
    ) throws -> (post: String, sound: String, effect: String) {
        let owner = agency.owner
        func kept(_ name: String, _ kind: String) throws -> String {
            let body: JSON = [
                "name": .string(name), "kind": .string(kind), "network": "instagram", "licence": "Ours",
            ]
            return try owner.post("/v1/sounds", body).ok(201).id
        }
        let (sound, effect) = (try kept("Green song", "sound"), try kept("Green room", "camera_effect"))
        let post = try owner.post(
            "/v1/social-posts",
            ["account_id": .string(account.id), "text": "Tulips open", "by_hand": "sound"]
        ).ok(201)
        try owner.post("/v1/social-posts/\(post.id)/publish", [:]).ok(202)
        try agency.post(post.id, is: "awaiting_person")
        return (post.id, sound, effect)
    }

    /// A piece that waits for its client.
    private func asked(_ title: String, _ client: String, _ owner: Caller) throws -> JSON {
        let item = try owner.post(
            "/v1/content-items",
            [
                "title": .string(title), "body": "We have news about gardens.", "format": "social",
                "client_id": .string(client),
            ]
        ).ok(201)
        try owner.post("/v1/content-items/\(item.id)/submit").ok()
        return try owner.post("/v1/content-items/\(item.id)/review", ["passed": true]).ok()
    }

    /// The server has the changes that were made on the pages.
    private func cameAbout(
        _ owner: Caller, _ accounts: [JSON], _ campaign: JSON, _ mailing: JSON, _ pieces: [JSON]
    ) throws {
        let posts = try owner.every("/v1/social-posts").filter { $0.text("text").hasPrefix("Gardens") }
        #expect(Set(posts.map { $0.text("account_id") }) == Set(accounts.prefix(2).map(\.id)))
        #expect(posts.allSatisfy { $0["status"] == "scheduled" })
        #expect(posts.allSatisfy { $0.text("scheduled_at") == "2099-01-12T09:00:00.000Z" })
        let thread = try owner.every("/v1/social-posts").filter { $0["format"] == "thread" }
        #expect(thread.map { $0["thread"] } == [["Second of them"]] && thread[0]["status"] == "draft")
        #expect(try owner.get("/v1/campaigns/\(campaign.id)").ok()["status"] == "completed")
        let spent = try owner.get("/v1/campaigns/\(campaign.id)/pacing").ok()["spent"]
        #expect(spent == ["amount": 25_000, "currency": "USD"])
        #expect(try owner.status(ofMailCampaign: mailing) == "paused")
        let stand = try pieces.map { try owner.get("/v1/content-items/\($0.id)").ok() }
        #expect(stand.map { $0["status"] } == ["approved", "draft"])
        #expect(stand[1]["change_request"] == "Warmer, please")
        let segment = try #require(
            try owner.every("/v1/segments").first { $0.text("name") == "Nested" })
        #expect(
            segment["filter"] == [
                "all": [
                    ["field": "company", "op": "contains", "value": "Example"],
                    [
                        "any": [
                            ["field": "company", "op": "contains", "value": "1"],
                            ["not": ["any": [["field": "company", "op": "contains", "value": "Company"]]]],
                        ]
                    ],
                ]
            ])
    }
}
