import Integrations
import Intelligence
import JSON
import Mail
import Messages
import Nouns
import Providers
import Records
import StandIns
import Telemetry
import Testing

/// Good answers, as the services' copies give them, on a bad day: cut off, with a value of a wrong type, without a
/// value. None of them is a success with something else in it.
@Suite struct DamagedAnswerTests {
    // MARK: Mail

    @Test(arguments: MailRig.all)
    func `a mail is sent where the whole answer says so`(_ kind: MailRig.Kind) async throws {
        let rig = try kind.start()
        try await expectNoFalseSuccess(rig.service) { _ in Self.reading(await rig.send()) }
    }

    @Test(arguments: MailRig.all)
    func `a key is good where the whole answer says so`(_ kind: MailRig.Kind) async throws {
        let rig = try kind.start()
        try await expectNoFalseSuccess(rig.service) { _ in
            Self.reading(await rig.connector.check(rig.access))
        }
    }

    @Test(arguments: [MailRig.Kind.mailgun, .postmark])
    func `a mail is found where the whole answer says so`(_ kind: MailRig.Kind) async throws {
        let rig = try kind.start()
        _ = await rig.send()
        let mail = SentMail(
            messageID: mailID, internetID: plainMail.messageID, recipient: "ann@example.com",
            at: MailRig.now)
        try await expectNoFalseSuccess(rig.service) { _ in
            switch await rig.connector.find(mail, rig.access) {
            case .accepted(let id): .success(id ?? "without an id")
            case .absent: .success("absent")
            case .unclear: .failure(code: "unclear")
            }
        }
    }

    // MARK: Chat and meetings

    private let message = OutgoingChat(messageID: mailID, address: "42", text: "Hi")

    @Test func `a bot's messages, key and files need whole answers`() async throws {
        let standIn = try TelegramStandIn()
        let telegram = Telegram(makeClient(), now: { MailRig.now })
        let access = makeAccess(
            standIn.service.url, [:], ["bot_token": standIn.token, "secret_token": standIn.secret])
        let sent = standIn.service
        // Each message has a number of its own; what is damaged is the first one's answer.
        try await expectNoFalseSuccess(sent) { _ in
            Self.reading(await telegram.send(message, access, .trial))
        }
        try await expectNoFalseSuccess(sent) { _ in Self.reading(await telegram.check(access)) }
        standIn.files["F1"] = [1, 2, 3]
        try await expectNoFalseSuccess(sent) { _ in
            Self.reading(await telegram.fetch(ChatMedia(id: "F1"), access))
        }
    }

    @Test func `a number's messages, uploads, key and files need whole answers`() async throws {
        let graph = try GraphStandIn()
        let whatsApp = WhatsApp(makeClient(), now: { MailRig.now })
        let access = makeAccess(graph.service.url, graph.settings, ["access_token": graph.token])
        let file = OutgoingFile(name: "a.pdf", mediaType: "application/pdf", bytes: [1], kind: "document")
        let withFile = OutgoingChat(messageID: mailID, address: "US.1", text: "Hi", file: file)
        try await expectNoFalseSuccess(graph.service) { _ in
            Self.reading(await whatsApp.send(withFile, access, .trial))
        }
        try await expectNoFalseSuccess(graph.service) { _ in Self.reading(await whatsApp.check(access)) }
        graph.files["M1"] = [1, 2, 3]
        try await expectNoFalseSuccess(graph.service) { _ in
            Self.reading(await whatsApp.fetch(ChatMedia(id: "M1"), access))
        }
    }

    @Test func `a look-up of a text message, and the account's key, need whole answers`() async throws {
        let standIn = try TwilioStandIn(), twilio = Twilio(makeClient(), now: { MailRig.now })
        let access = makeAccess(
            standIn.service.url, ["from": "Acme"],
            ["account_sid": standIn.account, "auth_token": standIn.token])
        let text = OutgoingChat(messageID: mailID, address: "+15550000002", text: "Hi")
        _ = await twilio.send(text, access, .trial)
        let sent = SentChat(
            messageID: mailID, recipient: text.address, text: text.text, at: .wallClock(), others: [])
        for damaged in [
            #"{"messages":[{"sid":"SM1","to":"+15550000002"}]}"#, #"{"messages":[{}]}"#, #"{"messages":"#,
            "{}",
        ] {
            standIn.service.next(.answer(200, damaged))
            // It would be sent again otherwise.
            guard case .unclear = await twilio.find(sent, access) else {
                Issue.record("\(damaged) tells where the message is")
                return
            }
        }
        try await expectNoFalseSuccess(standIn.service) { _ in Self.reading(await twilio.check(access)) }
    }

    @Test func `a direct message needs a whole answer`() async throws {
        let standIn = try MetaStandIn(.messenger),
            chat = MetaChat.messenger(makeClient(), now: { MailRig.now })
        let access = makeAccess(
            standIn.service.url, standIn.settings,
            ["access_token": standIn.token, "app_secret": standIn.secret])
        let text = OutgoingChat(messageID: mailID, address: "5001/PSID1", text: "Hi")
        standIn.service.next(.answer(200, #"{"recipient_id":"PSID1","message_id":"#))
        guard case .unknown = await chat.send(text, access, .trial) else {
            Issue.record("half an answer was taken for a whole one")
            return
        }
    }

    @Test func `a calendar's key is good where the whole answer says so`() async throws {
        let standIn = try CalendlyStandIn()
        let calendly = Calendly(makeClient(), now: { MailRig.now })
        let access = makeAccess(standIn.service.url, [:], ["token": standIn.token])
        try await expectNoFalseSuccess(standIn.service) { _ in Self.reading(await calendly.check(access)) }
    }

    // MARK: Payments

    private let checkout = CheckoutRequest(
        invoice: "inv_1", amount: Money(amount: 50_000, currency: "EUR"), title: "INV-0001", email: nil,
        successURL: "https://a.test/p/t/paid", cancelURL: "https://a.test/p/t",
        expiresAt: Instant(seconds: 1_767_300_000))

    private func makeStripe() throws -> (StripeStandIn, Stripe, IntegrationAccess) {
        let standIn = try StripeStandIn()
        let access = makeAccess(standIn.service.url, [:], ["secret_key": standIn.secretKey])
        return (standIn, Stripe(makeClient(), now: { MailRig.now }), access)
    }

    @Test func `a page is opened, open, paid or closed where the whole answer says so`() async throws {
        let (standIn, stripe, access) = try makeStripe()
        let service = standIn.service
        try await expectNoFalseSuccess(service) { _ in Self.reading(await stripe.check(access)) }
        try await expectNoFalseSuccess(service) { _ in
            try await Self.reading {
                let opened = try await stripe.open(checkout, key: "one", access, .trial)
                return "\(opened.session) \(opened.url)"
            }
        }
        try await expectNoFalseSuccess(service) { _ in
            try await Self.reading {
                Self.words(try await stripe.state(ofCheckout: "cs_1", access, .trial))
            }
        }
        try await expectNoFalseSuccess(service) { _ in
            try await Self.reading { Self.words(try await stripe.close(checkout: "cs_1", access, .trial)) }
        }
        let other = try await stripe.open(checkout, key: "two", access, .trial).session
        _ = standIn.pay(other)
        try await expectNoFalseSuccess(service) { _ in
            try await Self.reading {
                Self.words(try await stripe.state(ofCheckout: other, access, .trial))
            }
        }
    }

    @Test func `money is given back where the whole answer says so`() async throws {
        let (standIn, stripe, access) = try makeStripe()
        let session = try await stripe.open(checkout, key: "1", access, .trial).session
        _ = standIn.pay(session)
        let request = RefundRequest(intent: "pi_\(session)", amount: Money(amount: 20_000, currency: "EUR"))
        func refund(_ key: String) async throws -> Reading {
            try await Self.reading {
                let receipt = try await stripe.refund(request, key: key, access, .trial)
                // The sum of what was given back need not be told.
                return "\(receipt.id) \(receipt.refunded ?? 20_000)"
            }
        }
        // Under another key each time: one that was made is found by its key.
        try await expectNoFalseSuccess(standIn.service) { try await refund("ref_\($0)") }
        let lost = ServiceStandIn.Turn.answer(500, #"{"error":{"type":"api_error","message":"Sorry."}}"#)
        try await expectNoFalseSuccess(standIn.service, after: lost) { _ in try await refund("ref_0") }
    }

    // MARK: Models

    @Test(arguments: [
        #"{"id":"c","model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"Hi"},"#
            + #""finish_reason":"stop"}],"usage":{"prompt_tokens":5,"completion_tokens":1}}"#,
        #"{"model":"m","choices":[{"message":{"content":null,"tool_calls":[{"id":"call_0","type":"function","#
            + #""function":{"name":"book","arguments":"{\"odd\":\"odd\"}"}}]},"finish_reason":"tool_calls"}]}"#,
    ])
    func `a model's answer is read whole or not at all`(_ text: String) throws {
        let good = StandInAnswer(200, text)
        try expectWhole(good) { try ChatReply($0) }
    }

    @Test func `a stream of a model is read whole or not at all`() throws {
        let text = #"{"model":"m","choices":[{"index":0,"delta":{"content":"Hi"}}]}"#
        let end = #"{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":{"prompt_tokens":5}}"#
        func assemble(_ parts: [String]) throws -> ChatReply {
            var assembly = ChatAssembly()
            for part in parts { _ = try assembly.take(part) }
            return try assembly.finish()
        }
        try expectWhole(StandInAnswer(200, text)) {
            try assemble([String(decoding: $0, as: UTF8.self), end, "[DONE]"])
        }
        try expectWhole(StandInAnswer(200, end)) {
            try assemble([text, String(decoding: $0, as: UTF8.self), "[DONE]"])
        }
    }

    /// A model's text may be empty, and is then what it says.
    private func expectWhole(_ good: StandInAnswer, _ read: ([UInt8]) throws -> ChatReply) throws {
        let whole = try read(good.body)
        var failures = 0
        for (damage, bad) in good.damaged(emptied: false) {
            do {
                let reply = try read(bad.body)
                #expect(reply.text == whole.text && reply.calls == whole.calls, "\(damage)")
                #expect(reply.end == whole.end && reply.refusal == nil, "\(damage)")
            } catch let failure as ModelFailure {
                failures += 1
                #expect(failure.code.description == "model_malformed", "\(damage)")
            }
        }
        #expect(failures > 0)
    }

    // MARK: Readings

    private static func reading(_ outcome: SendOutcome) -> Reading {
        switch outcome {
        case .accepted(let id): .success(id ?? "without an id")
        case .refused(let refusal): .failure(code: refusal.code)
        case .later(let code, _, _): .failure(code: code)
        case .unknown: .failure(code: "unknown")
        }
    }

    private static func reading(_ check: IntegrationCheck) -> Reading {
        switch check {
        case .good(let words): .success(words)
        case .doubtful(let code, let words): .success("\(code): \(words)")
        case .bad(let code, _), .unclear(let code, _): .failure(code: code)
        }
    }

    private static func reading(_ media: FetchedMedia) -> Reading {
        switch media {
        case .content(let bytes): .success("\(bytes)")
        case .later(let code, _): .failure(code: code)
        case .gone: .failure(code: "gone")
        }
    }

    private static func reading(_ ask: () async throws -> String) async throws -> Reading {
        do {
            return .success(try await ask())
        } catch let failure as PaymentFailure {
            return .failure(code: failure.code)
        }
    }

    /// The payer, and the invoice that was meant, are not needed.
    private static func words(_ state: CheckoutState) -> String {
        switch state {
        case .open: "open"
        case .closed: "closed"
        case .paid(let paid):
            "\(paid.session ?? "") \(paid.intent ?? "") \(paid.amount.amount) \(paid.amount.currency)"
        }
    }
}
