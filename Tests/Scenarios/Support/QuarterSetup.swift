import Foundation
import JSON
import StandIns
import Testing

/// The plans before a client's quarter begins.
extension QuarterStory {
    func prepare() throws {
        try makeCampaigns()
        try bringContacts()
        try makePieces()
        try bringPosts()
        try planMailings()
    }

    private func makeCampaigns() throws {
        for number in 0..<QuarterPlan.campaigns {
            // Halves that leave a cent over.
            let budget = Int64(100_001 + 10_000 * number), half = budget / 2
            let shares = [half, budget - half]
            let made = try owner.post(
                "/v1/campaigns",
                [
                    "name": .string("Campaign \(number)"), "objective": "sales",
                    "client_id": .string(client.id), "budget": cents(budget),
                    "start_on": .string(QuarterPlan.first), "end_on": .string(QuarterPlan.last),
                    "channels": .array(
                        zip(QuarterMoney.channels, shares).map {
                            ["channel": .string($0), "budget": cents($1)]
                        }),
                ]
            ).ok(201)
            campaigns.append(QuarterMoney(id: made.id, budget: budget, shares: shares))
            try owner.post("/v1/campaigns/\(made.id)/activate").ok()
        }
        let agent = "/v1/agents/budget_allocation"
        try owner.patch(agent, ["state": "active", "autonomy": "autopilot"]).ok()
        try owner.patch("\(agent)/config", ["shift_per_day": 1, "channel_max": 0.9]).ok()
        try owner.post("\(agent)/config/publish").ok()
    }

    private func bringContacts() throws {
        let rows = (0..<QuarterPlan.contacts).map { number -> [String] in
            let lists = (0..<QuarterPlan.campaigns).filter { [$0, $0 + 1].contains(number % 160) }
            return [
                "Person \(number)", "p\(number)@people\(number % 50).com", "US",
                lists.map { "list\($0)" }.joined(separator: ";"),
            ]
        }
        let state = try bringIn("contacts", csv(["name", "email", "country", "tags"], rows))
        #expect(counts(state) == [Int64(QuarterPlan.contacts), 0, 0, 0], "\(state.serialized)")
        #expect(try owner.total(of: "contacts") == Int64(QuarterPlan.contacts + 1), "with the client's own")
    }

    // MARK: Pieces and their posts

    private func makePieces() throws {
        for number in 0..<QuarterPlan.pieces {
            let campaign = QuarterPlan.campaign(of: number).map { campaigns[$0].id }
            let made = try owner.post(
                "/v1/content-items",
                [
                    "title": .string("Piece \(number)"), "body": .string(QuarterPlan.words(number)),
                    "format": "social", "client_id": .string(client.id), "campaign_id": JSON(campaign),
                ]
            ).ok(201)
            pieces.append(made)
            try agree(to: number)
        }
    }

    /// Asks the client about a piece; the path of the link by which they decide.
    func ask(about piece: Int) throws -> String {
        let path = "/v1/content-items/\(pieces[piece].id)"
        try owner.post("\(path)/submit").ok()
        let url = try owner.post("\(path)/review", ["passed": true]).ok().text("approval_url")
        return try String(url[#require(url.firstRange(of: "/a/")).lowerBound...])
    }

    /// The client says yes to a piece as it is now.
    func agree(to piece: Int) throws {
        let link = try ask(about: piece)
        #expect(try agency.server.anonymous.post("\(link)/approve", [:]).ok() == ["status": "approved"])
    }

    private func bringPosts() throws {
        for piece in 0..<QuarterPlan.pieces { posts += QuarterPlan.posts(of: piece) }
        _ = try owner.upload(SampleMedia.jpeg(1080, 1350), "garden.jpg")
        _ = try owner.upload(SampleMedia.mp4(1080, 1920, seconds: 9, size: 40_000), "garden.mp4")
        let header = [
            "text", "thread", "account", "scheduled_at", "file", "alt_text", "format", "privacy_level",
            "first_comment", "content_item_id", "campaign_id",
        ]
        let rows = posts.map { post -> [String] in
            let file: String
            switch post.network {
            case "instagram": file = "garden.jpg"
            case "tiktok": file = post.piece.isMultiple(of: 2) ? "garden.jpg" : "garden.mp4"
            case "youtube": file = "garden.mp4"
            default: file = ""
            }
            return [
                post.text, post.thread.joined(separator: ";"), post.account, post.at.iso, file,
                file == "garden.jpg" ? "A garden." : "", post.network == "youtube" ? "short" : "",
                post.network == "tiktok" ? "PUBLIC_TO_EVERYONE" : "", post.comment ?? "",
                pieces[post.piece].id,
                QuarterPlan.campaign(of: post.piece).map { campaigns[$0].id } ?? "",
            ]
        }
        let state = try bringIn("social-posts", csv(header, rows))
        let faults = try agency.faults(of: state)
        #expect(counts(state) == [Int64(posts.count), 0, 0, 0], "\(state.serialized) \(faults.prefix(5))")
    }

    // MARK: Mails

    /// When the mail of a campaign begins: the third while everything is stopped.
    static func hour(ofMailing number: Int) -> Date {
        QuarterPlan.moment(of: [2, 7, QuarterPlan.Turn.longBrake.rawValue, 21][number]) + 1800
    }

    private func planMailings() throws {
        for (number, campaign) in campaigns.enumerated() {
            let segment = try owner.post(
                "/v1/segments",
                [
                    "name": .string("List \(number)"), "of": "contacts",
                    "filter": ["field": "tags", "op": "contains", "value": .string("list\(number)")],
                ]
            ).ok(201)
            var more: JSONObject = [
                "name": .string("Mail \(number)"), "segment_id": .string(segment.id),
                "template_id": .string(try owner.mailTemplate("Mail \(number)").id),
                "campaign_id": .string(campaign.id),
            ]
            if number == 1 { more["holdout"] = 0.2 }
            let mailing = try owner.post("/v1/email-campaigns", .object(more)).ok(201)
            try owner.mailCampaign(
                mailing, "schedule", ["send_at": .string(Self.hour(ofMailing: number).iso)]
            ).ok()
            mailings.append(mailing)
        }
    }
}
