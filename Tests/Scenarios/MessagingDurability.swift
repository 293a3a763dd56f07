import Dispatch
import Foundation
import JSON
import StandIns
import Synchronization
import Testing

/// Killed around sends: never two of one, all come to an end.
@Suite(.ownThread) struct MessagingDurability {
    /// Mails that may be on their way at once over one integration.
    private static let lanes = 16

    private func settle(_ agency: Agency, _ ids: [String]) throws -> [String: String] {
        try eventually("the end of the sends", within: .seconds(300), every: .milliseconds(200)) {
            let all = try agency.owner.every("/v1/messages?direction=outbound&fields=id,status")
            let states = Dictionary(all.map { ($0.id, $0.text("status")) }, uniquingKeysWith: { a, _ in a })
            return ids.allSatisfy { ["sent", "unknown"].contains(states[$0] ?? "") } ? states : .none
        }
    }

    @Test func `killed in a loop around sends, no mail goes out twice, and few are in doubt`() throws {
        let server = try BureauProcess.start()
        // Only so many mails are confirmed before the server is killed: the others are with the sink, or on their way.
        let yes = DispatchSemaphore(value: 0)
        let sink = try SMTPStandIn { settings in
            settings.act = { $0.stage == .end ? .wait { yes.wait() } : .usual }
        }
        let agency = try server.signUp()
        try agency.readyToMail()
        try agency.connect("smtp", sink.url)
        var ids: [String] = []
        for number in 0..<80 {
            let contact = try agency.makeContact(number)
            ids.append(
                try agency.send(
                    contact, ["subject": .string("Message \(number)"), "purpose": "transactional"]
                ).id)
        }
        let kills = 3
        for round in 1...kills {
            let target = sink.mailCount + 2 * round
            for _ in 0..<2 * round { yes.signal() }
            try eventuallyTrue("mails of round \(round)", within: .seconds(300), every: .milliseconds(1)) {
                sink.mailCount >= target
            }
            try server.killAndRestart()
        }
        for _ in 0..<10 * ids.count { yes.signal() }
        let states = try settle(agency, ids)
        let subjects = sink.mails.compactMap { header("Subject", of: $0.text) }
        #expect(Set(subjects).count == subjects.count, "a message went out twice")
        let sent = ids.indices.filter { states[ids[$0]] == "sent" }.map { "Message \($0)" }
        #expect(Set(sent).isSubset(of: subjects), "told as sent, and never arrived")
        let unknown = ids.filter { states[$0] == "unknown" }.count
        #expect(unknown <= Self.lanes * kills, "\(unknown) in doubt after \(kills) kills")
        #expect(try agency.owner.every("/v1/alerts?kind=message_unknown&open=true").count == unknown)
        #expect(sent.count + unknown == ids.count)
    }

    @Test(arguments: [("mailgun", false), ("postmark", false), ("postmark", true)])
    func `killed between a service's yes and our noting it, a mail that the service knows is sent`(
        provider: String, isRotated: Bool
    ) throws {
        let server = try BureauProcess.start()
        let agency = try server.signUp()
        try agency.readyToMail()
        // The line between us and the service takes the mail, and then says nothing.
        let (mailgun, postmark) = (try MailgunStandIn(), try PostmarkStandIn())
        let service = provider == "mailgun" ? mailgun.service : postmark.service
        let isHolding = Mutex(true)
        let relay = try StandIn { conversation in
            while let request = try conversation.readRequest() {
                let answer = try forward(request, to: service.url)
                if request.method == "POST", isHolding.withLock({ $0 }) { return conversation.waitForEnd() }
                try conversation.send(answer)
            }
        }
        let credentials: JSON =
            provider == "mailgun"
            ? ["api_key": .string(mailgun.apiKey), "webhook_signing_key": .string(mailgun.signingKey)]
            : postmark.credentials
        let made = try agency.connect(
            provider, relay.url, credentials: credentials,
            settings: provider == "mailgun" ? ["domain": .string(mailgun.domain)] : [:])
        let ids = try (1...3).map {
            try agency.send(try agency.makeContact($0), ["purpose": "transactional"]).id
        }
        try eventuallyTrue("all at the service") {
            service.requests.filter { $0.method == "POST" }.count == ids.count
        }
        if isRotated {
            // The service does not take the new one: it is asked by the one before.
            try agency.owner.post(
                "/v1/integrations/\(made.id)/rotate", ["credentials": ["server_token": "mistyped"]]
            ).ok()
        }
        isHolding.withLock { $0 = false }
        try server.killAndRestart()
        let states = try settle(agency, ids)
        #expect(ids.allSatisfy { states[$0] == "sent" }, "\(states)")
        #expect(service.requests.filter { $0.method == "POST" }.count == ids.count, "none went out twice")
        #expect(try agency.owner.every("/v1/alerts?kind=message_unknown").isEmpty)
        let looks = try agency.owner.every("/v1/tool-calls?tool=look_up_message")
        #expect(looks.count >= ids.count && Set(looks.map { $0.text("state") }) == ["succeeded"])
        #expect(looks.allSatisfy { ($0["bytes"]?.int ?? 0) > 0 && ($0["duration_ms"]?.double ?? 0) > 0 })
    }
}

/// Hands a request on, and brings back the answer.
private func forward(_ request: ReceivedRequest, to url: String) throws -> StandInAnswer {
    let port = Int(url.split(separator: ":").last ?? "") ?? 0
    let connection = try Connection(port: port)
    var head = "\(request.method) \(request.target) HTTP/1.1\r\n"
    for (name, value) in request.headers where name.lowercased() != "expect" {
        head += "\(name): \(value)\r\n"
    }
    try connection.send(Array((head + "\r\n").utf8) + request.body)
    let answer = try connection.receive()
    return StandInAnswer(answer.status, answer.text)
}
