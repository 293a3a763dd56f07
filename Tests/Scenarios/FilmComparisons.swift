import Foundation
import JSON
import StandIns
import Testing

/// The agent of YouTube compares the channel's own films, and tries another title with one that is behind, if people
/// let it.
@Suite(.ownThread) struct FilmComparisons {
    /// A channel with eight films that ask a question, which are seen, and one that asks none, which is not.
    private final class Channel {
        let story: MeasuringAgency, web: YouTubeStandIn, account: JSON
        let films: [String], weak: String

        var agency: Agency { story.agency }

        init() throws {
            story = try MeasuringAgency()
            web = try YouTubeStandIn()
            let agency = story.agency
            let channel = try agency.connectNetwork(
                "youtube", web.service.url, web.credentials, web.settings)
            account = channel
            let bytes = SampleMedia.mp4(1920, 1080, seconds: 12, size: 100_000)
            let medium = try agency.medium(bytes, "film.mp4", altText: "")
            func film(_ title: String, _ more: JSONObject = [:]) throws -> String {
                var about: JSONObject = [
                    "format": "video", "media": [medium], "options": ["title": .string(title)],
                    "allow_repeat": true,
                ]
                for (name, value) in more.members { about[name] = value }
                return try agency.publish(channel, "All about \(title)", about)
            }
            films = try (1...8).map { try film("What do roses of kind \($0) need?") }
            let piece = try agency.owner.approvedPiece(
                "Our garden in the early spring of this year",
                """
                We look at the garden. How do you cut roses in spring? It is done in an hour. \
                Read more at https://acme.example/roses.
                """, ["format": "video", "media": [medium]])
            weak = try film(
                "Our garden in the early spring of this year", ["content_item_id": .string(piece.id)])
            for id in films + [weak] { try agency.post(id, is: "published") }
        }

        /// Lets a week pass, and wakes the agent. Tokens of people do not outlive the days.
        func passWeek() throws -> Caller {
            try story.pass(7 * MeasuringAgency.day)
            let owner = agency.server.caller(try agency.signIn().text("access_token"))
            try owner.patch("/v1/agents/youtube_agent", ["state": "active", "autonomy": "approve"]).ok()
            return owner
        }

        func told(_ owner: Caller, _ id: String, _ views: Int) throws {
            try owner.post("/v1/social-posts/\(id)/metrics", ["impressions": JSON(views), "likes": 1]).ok(201)
        }

        func run(_ owner: Caller) throws -> JSON {
            let films = try owner.runAgent("youtube_agent")["films"]?.array ?? []
            return films.first ?? .null
        }
    }

    @Test func `a film that is seen less than the channel's others gets a title to try, if people let it`()
        throws
    {
        let channel = try Channel(), web = channel.web
        let owner = try channel.passWeek()
        // A younger film has had less time: it is not compared.
        for (number, id) in channel.films.enumerated() { try channel.told(owner, id, 1000 + 10 * number) }
        #expect(try channel.run(owner) == .null, "eight films that do alike")
        try channel.told(owner, channel.weak, 150)
        let told = try channel.run(owner)
        // By its own day it may have asked a moment earlier.
        #expect(["asked", "asked_already"].contains(told.text("state")) && told["films"] == 9, "\(told)")
        let wanted: JSON = [
            "post_id": .string(channel.weak), "kind": "film_title",
            "values": [
                "Our garden in the early spring of this year", "How do you cut roses in spring?",
            ],
        ]
        #expect(told["try"] == wanted, "\(told)")
        let decision = try owner.get("/v1/decisions/\(told.text("decision_id"))").ok()
        let factors = decision["factors"]?.array ?? []
        #expect(factors.first?["name"] == "views" && factors.first?["value"] == 150)
        let hook = try #require(factors.first { $0["name"] == "title.hook" })
        #expect(hook["value"] == "question" && (hook["contribution"]?.double ?? 0) > 0)
        #expect(try owner.post("/v1/decisions/\(decision.id)/replay").ok()["same"] == true)
        #expect(try owner.every("/v1/experiments").isEmpty && web.updates == 0, "nothing happens before a yes")
        #expect(try channel.run(owner)["state"] == "asked_already")
        try owner.approveAll()
        let trial = try eventually("the trial") { try owner.every("/v1/experiments").first }
        #expect(trial["kind"] == "film_title" && trial["status"] == "running" && trial["goal"] == "views")
        #expect(trial["target"] == .string(channel.weak))
        let tried = trial["variants"]?.array?.compactMap { $0["value"]?.text }
        #expect(tried == wanted["values"]?.array?.compactMap(\.text))
        #expect(try channel.run(owner)["try"] ?? .null == .null, "a film on trial is not tried twice")
        // The next film's title is the sentence of its piece that does better.
        let film = try owner.upload(SampleMedia.mp4(1920, 1080, seconds: 14), "b.mp4")
        let next = try owner.approvedPiece(
            "Our tools and what we do with them all year long",
            "We show the tools. Which knife is the best for roses? It is the small one.",
            [
                "format": "video",
                "media": [["file_id": .string(film.id), "alt_text": "What it shows."]],
            ])
        let result = try owner.runAgent("youtube_agent", ["content_item_id": .string(next.id)])
        let post = try #require(result["pieces"]?[0]["posts"]?.array?.first, "\(result)")
        #expect(post["options"]?["title"] == "Which knife is the best for roses?")
    }

    @Test func `what people did not want tried is not proposed again, and few films say nothing`() throws {
        let channel = try Channel()
        let owner = try channel.passWeek()
        for id in channel.films.prefix(6) { try channel.told(owner, id, 1000) }
        try channel.told(owner, channel.weak, 20)
        #expect(try channel.run(owner) == .null, "seven films are too few")
        for id in channel.films.suffix(2) { try channel.told(owner, id, 1000) }
        // Its own day may have come in between, and asked already.
        let run = try channel.run(owner)
        let asked = try #require(try owner.pendingApprovals().first, "\(run)")
        try owner.post("/v1/approvals/\(asked.id)/reject", ["reason": "We like it."]).ok()
        #expect(try channel.run(owner) == .null)
        let pending = try owner.pendingApprovals()
        #expect(pending == [], "\(pending)")
        #expect(try owner.every("/v1/experiments") == [])
    }
}
