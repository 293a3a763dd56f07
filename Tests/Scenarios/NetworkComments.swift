import Foundation
import JSON
import StandIns
import Testing

/// Comments below posts on X, YouTube and LinkedIn are asked for, each once, and answered below themselves, once.
@Suite(.ownThread) struct NetworkComments {
    let server = BureauProcess.shared

    enum Network: String, CaseIterable, Sendable { case x, youtube, linkedin }

    /// An agency that is connected to a network for what is said there.
    private final class Line {
        let agency: Agency, network: Network
        let x: XStandIn, youTube: YouTubeStandIn, linkedIn: LinkedInStandIn
        private(set) var integration: JSON = .null
        /// A post on LinkedIn, whose comments are asked for.
        private var post = ""
        private var number = 0

        init(_ network: Network, _ server: BureauProcess) throws {
            (agency, self.network) = (try server.quietAgency(), network)
            (x, youTube, linkedIn) = (try XStandIn(), try YouTubeStandIn(), try LinkedInStandIn())
            if network == .linkedin {
                let account = try agency.connectNetwork(
                    "linkedin", linkedIn.service.url, ["access_token": .string(linkedIn.token)],
                    ["author": .string(linkedIn.author)])
                let id = try agency.publish(account, "news")
                post = try agency.post(id, is: "published").text("remote_id")
            }
            integration = try agency.connect(
                network.rawValue, service.url, credentials: credentials, settings: settings,
                capability: "chat")
            try agency.rest()
        }

        var service: ServiceStandIn {
            switch network {
            case .x: x.service
            case .youtube: youTube.service
            case .linkedin: linkedIn.service
            }
        }
        private var credentials: JSON {
            switch network {
            case .x: x.credentials
            case .youtube: youTube.credentials
            case .linkedin: ["access_token": .string(linkedIn.token)]
            }
        }
        private var settings: JSONObject {
            switch network {
            case .x: x.settings
            case .youtube: youTube.settings
            case .linkedin: ["author": .string(linkedIn.author)]
            }
        }

        @discardableResult
        func says(_ text: String, _ person: String = "501", below comment: String? = nil) -> String {
            switch network {
            case .x: x.mention(text, by: person)
            case .youtube: youTube.comment(text, by: "UC-\(person)", below: comment)
            case .linkedin: linkedIn.comment(text, by: "urn:li:person:\(person)", below: post, in: comment)
            }
        }

        /// Our answers as they stand there: below what, and what they say.
        var answers: [String] {
            switch network {
            case .x: x.posts.map { "\($0.other ?? ""): \($0.text)" }
            case .youtube: youTube.answers.map { "\($0.parent ?? ""): \($0.text)" }
            case .linkedin: linkedIn.answers.map { "\($0.place): \($0.text)" }
            }
        }

        /// Has the network asked now: what was changed of an integration may be what it waits for.
        func ask() throws {
            number += 1
            try agency.owner.patch("/v1/integrations/\(integration.id)", ["name": .string("Line \(number)")])
                .ok()
            try agency.rest()
        }

        func conversations() throws -> [JSON] {
            try agency.owner.every("/v1/conversations?channel=\(network.rawValue)").sorted { $0.id < $1.id }
        }
    }

    @Test(arguments: Network.allCases)
    func `a comment is a conversation, once, and its answer stands below it`(_ network: Network) throws {
        let line = try Line(network, server)
        let first = line.says("What does it cost & when?")
        try line.ask()
        let conversation = try line.agency.conversation(on: network.rawValue)
        #expect(
            try line.agency.said(in: conversation).map { $0.text("text") } == ["What does it cost & when?"])
        if network != .linkedin {
            let contact = try line.agency.owner.get("/v1/contacts/\(conversation.text("contact_id"))").ok()
            #expect(contact.text("name").hasPrefix("Ann"), "as the network tells it")
        }
        try line.ask()
        #expect(try line.agency.said(in: conversation).count == 1, "asked again, it is there once")
        let sent = try line.agency.message(try line.agency.answer(conversation, "Ten euros."), "sent")
        #expect(line.answers == ["\(first): Ten euros."] && sent["provider_id"] != .null)
        // Their next words go on there; our own words are nobody's.
        let second = line.says("And in red?", below: network == .x ? nil : first)
        if network == .x { line.x.mention("Look at that", by: "502", isPassedOn: true) }
        try line.ask()
        #expect(try line.conversations().count == 1)
        let said = try line.agency.said(in: conversation).map { $0.text("text") }
        #expect(said == ["What does it cost & when?", "Ten euros.", "And in red?"])
        try line.agency.message(try line.agency.answer(conversation, "The same."), "sent")
        let place = network == .x ? second : first
        #expect(line.answers == ["\(first): Ten euros.", "\(place): The same."])
        // Another person is another conversation.
        line.says("Hello", "777")
        try line.ask()
        #expect(try line.conversations().count == 2)
        #expect(!line.agency.server.log.contains(line.x.token))
    }

    @Test(arguments: Network.allCases)
    func `an answer whose fate is lost is unknown, and not given again`(_ network: Network) throws {
        let line = try Line(network, server)
        line.says("What does it cost?")
        try line.ask()
        let conversation = try line.agency.conversation(on: network.rawValue)
        line.service.next(.cutDone, when: { $0.method == "POST" })
        let answer = try line.agency.answer(conversation, "Ten euros.")
        try line.agency.message(answer, "unknown")
        try line.ask()
        #expect(line.answers.count == 1, "it stands there, once")
        #expect(try line.agency.owner.get("/v1/messages/\(answer.id)").ok()["status"] == "unknown")
        #expect(try line.agency.said(in: conversation).count == 2, "nor is it taken for somebody's")
    }

    @Test(arguments: Network.allCases)
    func `a look that fails loses nothing, limits are waited for, and who may not read is told`(
        _ network: Network
    ) throws {
        let line = try Line(network, server)
        line.says("one")
        let isRead: @Sendable (ReceivedRequest) -> Bool = { $0.method == "GET" }
        line.service.next(.cutAfter, when: isRead)
        try line.ask()
        #expect(try line.conversations().isEmpty)
        line.service.next(.cutWithin(StandInAnswer(200, "{")), when: isRead)
        try line.ask()
        line.says("two")
        try line.ask()
        let conversation = try line.agency.conversation(on: network.rawValue)
        #expect(try line.agency.said(in: conversation).map { $0.text("text") } == ["one", "two"])
        line.service.next(.answer(StandInAnswer(403, #"{"status":403,"message":"No"}"#)), when: isRead)
        try line.ask()
        let alerts = try line.agency.owner.every("/v1/alerts?kind=comments_unreachable")
        #expect(alerts.count == 1 && alerts[0]["subject"]?["id"] == .string(line.integration.id))
        line.says("three")
        try line.ask()
        #expect(try line.agency.said(in: conversation).count == 3)
        let open = try line.agency.owner.every("/v1/alerts?kind=comments_unreachable&open=true")
        #expect(open.isEmpty, "it is over")
        // A limit holds the next look until it ends.
        line.service.next(.answer(StandInAnswer(429, "{}", headers: [("Retry-After", "900")])), when: isRead)
        try line.ask()
        let before = line.service.requests.count
        line.says("four")
        try line.ask()
        #expect(line.service.requests.count == before, "nobody asks before then")
    }

    @Test(arguments: [Network.youtube, .linkedin])
    func `an agent answers a comment there only once a person has read it`(_ network: Network) throws {
        let line = try Line(network, server), owner = line.agency.owner
        try owner.post(
            "/v1/articles",
            ["title": "What does a rose cost?", "body": "A rose costs ten euros.", "status": "published"]
        ).ok(201)
        try owner.patch("/v1/agents/primary_agent", ["state": "active", "autonomy": "autopilot"]).ok()
        let comment = line.says("What does a rose cost?")
        try line.ask()
        let asked = try eventually("what the agent would say") {
            try owner.pendingApprovals().first { $0["agent"] == "primary_agent" }
        }
        #expect(line.answers.isEmpty, "autopilot or not, everybody would read it")
        try owner.post("/v1/approvals/\(asked.id)/approve").ok()
        try eventuallyTrue("the answer stands") { line.answers.count == 1 }
        #expect(line.answers[0].hasPrefix("\(comment): ") && line.answers[0].contains("ten euros"))
    }

    @Test func `mentions come page by page, each is paid for as X charges, and their answers ask a person`()
        throws
    {
        let line = try Line(.x, server), owner = line.agency.owner
        line.x.tellMentions(atOnce: 2)
        for number in 0..<5 { line.says("word \(number)") }
        try line.ask()
        let conversation = try line.agency.conversation(on: "x")
        let said = try line.agency.said(in: conversation).map { $0.text("text") }
        #expect(said == (0..<5).map { "word \($0)" }, "in the order in which they were said")
        let calls = try owner.every("/v1/tool-calls?tool=read_comments").map { $0["cost_micros"]?.int ?? 0 }
        // Five posts at half a cent, and their author, told with each of three pages, at a cent.
        #expect(calls.reduce(0, +) == 5_500_000)
        try line.ask()
        let again = try owner.every("/v1/tool-calls?tool=read_comments").map { $0["cost_micros"]?.int ?? 0 }
        #expect(again.reduce(0, +) == calls.reduce(0, +), "nothing new costs nothing")
        let long = JSON.string(String(repeating: "漢", count: 141))
        let refused = try owner.post("/v1/conversations/\(conversation.id)/messages", ["text": long])
        #expect(try refused.faults() == ["/text": "too_long"], "X counts each of these as two")
        #expect(line.answers.isEmpty)
        try owner.post(
            "/v1/articles",
            ["title": "What does a rose cost?", "body": "A rose costs ten euros.", "status": "published"]
        ).ok(201)
        try owner.patch("/v1/agents/primary_agent", ["state": "active", "autonomy": "autopilot"]).ok()
        line.says("What does a rose cost?")
        try line.ask()
        let asked = try eventually("what the agent would say") {
            try owner.pendingApprovals().first { $0["agent"] == "primary_agent" }
        }
        #expect(line.answers.isEmpty, "autopilot or not, everybody would read it")
        try owner.post("/v1/approvals/\(asked.id)/approve").ok()
        try eventuallyTrue("the answer stands") { line.answers.count == 1 }
    }
}
