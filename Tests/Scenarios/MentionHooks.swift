import JSON
import StandIns
import Testing

/// Hubs that tell of a mention on two connections in one instant, or of what they have told before the server died: it
/// is one record, and its mood counts once.
@Suite(.ownThread) struct MentionHooks {
    private static let blame = "This is terrible, the delivery is late"

    let server = BureauProcess.shared

    private struct Line {
        let agency: Agency, meta: MetaStandIn, integration: JSON

        init(_ kind: MetaStandIn.Kind, on server: BureauProcess) throws {
            (agency, meta) = (try server.quietAgency(), try MetaStandIn(kind))
            integration = try agency.connect(
                kind.rawValue, meta.service.url, credentials: meta.credentials, settings: meta.settings,
                capability: "chat")
        }

        /// So many mentions are there, each once, and all of them count as blame.
        func hasHeard(_ count: Int) throws {
            try agency.hooksWorkedOn()
            let heard = try agency.owner.every("/v1/social-mentions")
            #expect(heard.count == count && Set(heard.map { $0.text("message_id") }).count == count)
            let all = try agency.owner.get("/v1/social-mood").ok()["all"]
            #expect(all?["mentions"] == JSON(count) && all?["negative"] == JSON(count), "\(all ?? .null)")
            let channel = meta.kind.rawValue
            let messages = try agency.owner.every("/v1/messages?channel=\(channel)&direction=inbound")
            #expect(Set(messages.map(\.id)) == Set(heard.map { $0.text("message_id") }))
            #expect(try agency.owner.every("/v1/events?type=message.received").count == count)
        }
    }

    @Test(arguments: [MetaStandIn.Kind.messenger, .instagram])
    func `a comment that is told on two connections at once is one mention`(_ kind: MetaStandIn.Kind) throws {
        let line = try Line(kind, on: server), integration = line.integration
        let hook = line.meta.comment("C1", Self.blame, at: unixSeconds)
        let answers = try together(2) { [server] _ in try server.deliver(hook, to: integration).ok() }
        #expect(answers.count { $0["duplicate"] == true } == 1, "\(answers)")
        try line.hasHeard(1)
    }

    @Test func `a message that is told on two connections at once is one message`() throws {
        let agency = try server.quietAgency(), telegram = try TelegramStandIn()
        let integration = try agency.connect(
            "telegram", telegram.service.url, credentials: telegram.credentials, capability: "chat")
        let hook = telegram.message(1, "Hi")
        let answers = try together(2) { [server] _ in try server.deliver(hook, to: integration).ok() }
        #expect(answers.count { $0["duplicate"] == true } == 1, "\(answers)")
        try agency.hooksWorkedOn()
        #expect(try agency.said(in: agency.conversation(on: "telegram")).map { $0.text("text") } == ["Hi"])
        #expect(try agency.owner.every("/v1/events?type=message.received").count == 1)
    }

    @Test func `killed between a comment's coming and its mood, each is one mention, and counts once`() throws
    {
        let server = try BureauProcess.start(), line = try Line(.messenger, on: server)
        for round in 0..<2 {
            let hooks = (0..<8).map { number in
                line.meta.comment(
                    "C\(round)-\(number)", Self.blame, from: "PSID\(number)", at: unixSeconds)
            }
            for hook in hooks { try server.deliver(hook, to: line.integration).ok() }
            try server.killAndRestart()
            // The hub has not heard that it was heard.
            for hook in hooks {
                #expect(try server.deliver(hook, to: line.integration).ok()["duplicate"] == true)
            }
        }
        try line.hasHeard(16)
    }
}
