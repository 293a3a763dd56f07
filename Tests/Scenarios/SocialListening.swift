import Foundation
import JSON
import StandIns
import Testing

/// Talk to an account on X is followed over time: how it sounds, and of what more of it speaks.
@Suite(.ownThread) struct SocialListening {
    private static let praise = "I love the new design", blame = "This is terrible, the delivery is late"

    /// An agency that hears what is said to its account, in a process that has a clock of its own.
    private struct Ear {
        let server: BureauProcess, agency: Agency, web: XStandIn
        let account: JSON, chat: JSON

        init(_ clock: MovedClock) throws {
            server = try BureauProcess.start(variables: clock.variables)
            (agency, web) = (try server.quietAgency(), try XStandIn())
            account = try agency.connectNetwork("x", web.service.url, web.credentials, web.settings)
            chat = try agency.connect(
                "x", web.service.url, credentials: web.credentials, settings: web.settings,
                capability: "chat")
            try agency.rest()
        }

        /// Signed in anew: a session does not last for days.
        func owner() throws -> Caller { server.caller(try agency.signIn().text("access_token")) }

        func says(_ text: String, _ people: Range<Int>) {
            for one in people { web.mention(text, by: "\(one)") }
        }

        /// Has the network asked, until so many mentions in all are counted.
        func hear(_ count: Int, _ owner: Caller) throws {
            try owner.patch("/v1/integrations/\(chat.id)", ["name": .string("Line \(count)")]).ok()
            try eventuallyTrue("\(count) mentions") {
                try owner.every("/v1/social-mentions").count == count
            }
        }

        func alerts(_ owner: Caller) throws -> [JSON] {
            try owner.every("/v1/alerts?kind=social_mood&open=true")
        }
    }

    @Test func `how mentions sound is told by the day, and an alert says that it got worse until it is over`()
        throws
    {
        let start = Date(timeIntervalSince1970: (Date.now.timeIntervalSince1970 - 50 * 86_400).rounded())
        let clock = try MovedClock(at: start)
        let ear = try Ear(clock)
        var owner = try ear.owner()
        ear.says(Self.praise, 501..<513)
        ear.says(Self.praise, 501..<509)
        ear.says("The meeting is on Tuesday", 501..<503)
        ear.says(Self.blame, 511..<512)
        try ear.hear(23, owner)
        let first = try #require(try owner.every("/v1/social-mentions?tone=negative").first)
        #expect(first["account_id"] == .string(ear.account.id) && first.text("network") == "x")
        #expect((first["score"]?.double ?? 0) < 0 && first["client_id"] == .null)
        let words = try owner.get("/v1/messages/\(first.text("message_id"))").ok()
        #expect(words.text("text") == Self.blame)
        #expect(try ear.alerts(owner).isEmpty)

        // Twelve days later most of them complain, of the same.
        try clock.move(to: start.addingTimeInterval(12 * 86_400))
        owner = try ear.owner()
        ear.says(Self.blame, 601..<606)
        ear.says(Self.blame, 601..<604)
        ear.says(Self.praise, 606..<607)
        ear.says(Self.praise, 606..<607)
        try ear.hear(33, owner)
        let alert = try eventually("the alert") { try ear.alerts(owner).first }
        #expect(alert["subject"]?["id"] == .string(ear.chat.id))
        #expect(alert.text("title").hasPrefix("Line 33: 80 % of what people have said in seven days"))
        let path = "account_id=\(ear.account.id)"
        let mood = try owner.get("/v1/social-mood?\(path)").ok()
        let days = (mood["days"]?.array ?? []).filter { ($0["mentions"]?.int ?? 0) > 0 }
        #expect(mood["days"]?.array?.count == 28 && days.count == 2, "\(days)")
        #expect(days[0]["positive"] == 20 && days[0]["neutral"] == 2 && days[0]["negative"] == 1)
        #expect(days[1]["positive"] == 2 && days[1]["neutral"] == 0 && days[1]["negative"] == 8)
        #expect((days[0]["score"]?.double ?? 0) > 0 && (days[1]["score"]?.double ?? 0) < 0)
        #expect(mood["all"]?["mentions"] == 33 && (mood["fall"]?["chance"]?.double ?? 1) < 0.01)
        #expect(try owner.every(mood.text("trace")).count == 33)
        let other = try owner.get("/v1/social-mood?network=youtube").ok()
        #expect(other["all"]?["mentions"] == 0 && other["fall"] == .null)

        // Of what more of them speak than before, whoever says it and however often.
        let subjects = try owner.get("/v1/social-subjects?\(path)").ok()
        #expect(subjects["people"] == 6 && subjects["before"] == 12, "\(subjects)")
        let delivery = try #require(subjects["subjects"]?.array?.first { $0.text("word") == "delivery" })
        #expect(delivery["people"] == 5 && delivery["before"] == 1)
        #expect(delivery["records"]?.array?.count == 5)
        #expect(subjects["subjects"]?.array?.contains { $0.text("word") == "love" } == false)

        // Ideas rest on it, with a conversation that says so.
        try owner.patch("/v1/agents/content_strategy", ["state": "active", "autonomy": "autopilot"]).ok()
        let planned = try owner.runAgent("content_strategy", ["days": 28])
        let ideas = try (planned["items"]?.array ?? []).map {
            try owner.get("/v1/content-items/\($0.text ?? "")").ok()
        }
        let idea = try #require(ideas.first { $0.text("title").hasSuffix("talk about: delivery") })
        #expect(delivery["records"]?.array?.contains { $0["id"] == idea["sources"]?[0]["id"] } == true)
        #expect(idea["sources"]?[0]["type"] == "conversation")

        // A week without complaints: it is over by itself.
        try clock.move(to: start.addingTimeInterval(21 * 86_400))
        owner = try ear.owner()
        ear.says(Self.praise, 701..<702)
        try ear.hear(34, owner)
        try eventuallyTrue("the alert is over") { try ear.alerts(owner).isEmpty }
    }

    @Test func `killed as people speak, each is heard once, and one alert says how it sounds`() throws {
        let start = Date(timeIntervalSince1970: (Date.now.timeIntervalSince1970 - 50 * 86_400).rounded())
        let clock = try MovedClock(at: start), ear = try Ear(clock), network = ear.web.service
        var owner = try ear.owner()
        ear.says(Self.praise, 501..<513)
        ear.says(Self.praise, 501..<511)
        try ear.hear(22, owner)
        try clock.move(to: start.addingTimeInterval(12 * 86_400))
        owner = try ear.owner()
        for round in 0..<4 {
            ear.says(Self.blame, 601 + 3 * round..<604 + 3 * round)
            let answers = network.answers.count
            try owner.patch("/v1/integrations/\(ear.chat.id)", ["name": .string("Line \(round)")]).ok()
            // It has the answer, and stores it, or has just done so and looks how it sounds.
            try eventuallyTrue("an answer of the network", every: .milliseconds(1)) {
                network.answers.count > answers
            }
            try ear.server.killAndRestart()
        }
        let mentions = try eventually("all that was said") {
            let heard = try owner.every("/v1/social-mentions")
            return heard.count < 34 ? nil : heard
        }
        #expect(mentions.count == 34 && Set(mentions.map { $0.text("message_id") }).count == 34)
        _ = try eventually("the alert about all of it") {
            try ear.alerts(owner).first { $0.text("title").contains("(12 times)") }
        }
        let told = try owner.every("/v1/events").filter {
            $0["type"] == "alert.raised" && $0["data"]?["kind"] == "social_mood"
        }
        #expect(try told.count == 1 && ear.alerts(owner).count == 1)
    }

    @Test func `days and networks that cannot be are refused, and where nobody speaks nothing rises`() throws
    {
        let owner = try BureauProcess.shared.quietAgency().owner
        try owner.get("/v1/social-mood?from=2020-01-01").problem(400, "invalid_parameter")
        try owner.get("/v1/social-mood?from=soon").problem(400, "invalid_parameter")
        try owner.get("/v1/social-subjects?days=0").problem(400, "invalid_parameter")
        try owner.get("/v1/social-subjects?network=nowhere").problem(400, "invalid_parameter")
        #expect(try owner.get("/v1/social-subjects").ok()["subjects"] == [])
    }
}
