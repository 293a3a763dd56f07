import JSON
import StandIns
import Testing

/// A mail service reports what became of each message, and the rates follow from that.
@Suite(.ownThread) struct MessageRates {
    let server = BureauProcess.shared

    /// Five sent mails, on which their service reports.
    private struct Outgoing {
        let agency: Agency, mails: [JSON], door: JSON, postmark: PostmarkStandIn

        func report(_ type: String, of number: Int) throws {
            let mail = mails[number]
            let hook = postmark.hook([
                "RecordType": .string(type), "MessageID": mail["provider_id"] ?? .null,
                "Recipient": mail["recipient"] ?? .null, "Email": mail["recipient"] ?? .null,
                "Type": type == "Bounce" ? "HardBounce" : .null, "Inactive": true,
                "Details": "no such user", "ID": JSON(Int.random(in: 1...1_000_000_000)),
            ])
            try agency.server.deliver(hook, to: door).ok()
        }

        /// The figures, once the service's reports are read.
        func figures() throws -> JSON {
            try eventuallyTrue("the reports") {
                try agency.owner.every("/v1/hook-receipts").allSatisfy { $0.text("status") != "received" }
            }
            return try agency.owner.get("/v1/communication-figures").ok()
        }
    }

    private func sent(_ purposes: [String] = .init(repeating: "marketing", count: 5)) throws -> Outgoing {
        let (agency, postmark) = (try server.signUp(), try PostmarkStandIn())
        try agency.readyToMail()
        let door = try agency.connect("postmark", postmark.service.url, credentials: postmark.credentials)
        let mails = try purposes.enumerated().map { number, purpose in
            let message = try agency.send(agency.makeContact(number), ["purpose": .string(purpose)])
            return try agency.message(message, "sent")
        }
        return Outgoing(agency: agency, mails: mails, door: door, postmark: postmark)
    }

    @Test func `four of five messages that arrive are a delivery rate of 80 percent`() throws {
        let outgoing = try sent()
        #expect(try outgoing.figures()["total"]?["delivery_rate"] == .null, "nothing is known yet")
        for number in 0..<4 { try outgoing.report("Delivery", of: number) }
        try outgoing.report("Bounce", of: 4)
        let total = try #require(try outgoing.figures()["total"])
        #expect(total["sent"] == 5 && total["delivered"] == 4 && total["bounced"] == 1)
        #expect(total["delivery_rate"]?.double == 0.8)
    }

    @Test func `two of five messages that are read are an open rate of 40 percent, however often they are`()
        throws
    {
        let outgoing = try sent()
        for number in [0, 0, 1, 0] { try outgoing.report("Open", of: number) }
        let total = try #require(try outgoing.figures()["total"])
        #expect(total["opened"] == 2 && total["open_rate"]?.double == 0.4)
    }

    @Test func `one of five messages with a followed link is a click rate of 20 percent`() throws {
        let outgoing = try sent()
        for _ in 0..<2 { try outgoing.report("Click", of: 3) }
        let total = try #require(try outgoing.figures()["total"])
        #expect(total["clicked"] == 1 && total["click_rate"]?.double == 0.2)
    }

    @Test func `rates are told apart by purpose, channel, hour of sending and day`() throws {
        let outgoing = try sent(["marketing", "marketing", "transactional", "transactional", "transactional"])
        let reply = outgoing.postmark.mail("r1", from: "p0@example.com", text: "Yes, tell me more.")
        try outgoing.agency.server.deliver(reply, to: outgoing.door).ok()
        try outgoing.report("Open", of: 2)
        let figures = try outgoing.figures()
        func one(_ dimension: String, _ value: String) -> JSON? {
            figures["by_\(dimension)"]?.array?.first { $0.text(dimension) == value }
        }
        let marketing = try #require(one("purpose", "marketing"))
        #expect(marketing["sent"] == 2 && marketing["response_rate"]?.double == 0.5)
        #expect(marketing["open_rate"] == 0)
        let transactional = try #require(one("purpose", "transactional"))
        #expect(transactional["sent"] == 3 && transactional["opened"] == 1)
        #expect(transactional["response_rate"] == 0)
        #expect(one("channel", "email")?["sent"] == 5 && figures["by_channel"]?.array?.count == 1)
        for dimension in ["hour", "day"] {
            let parts = figures["by_\(dimension)"]?.array ?? []
            #expect(parts.reduce(0) { $0 + ($1["sent"]?.int ?? 0) } == 5, "\(dimension)")
        }
    }
}
