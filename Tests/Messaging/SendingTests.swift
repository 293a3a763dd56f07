import Agents
import Database
import JSON
import Jobs
import Mail
import Nouns
import Records
import RuntimeTesting
import Synchronization
import Telemetry
import Testing
@testable import Integrations
@testable import Messages
@testable import People
@testable import Tenancy

/// Messages on their way to a service that misbehaves as it is told.
@Suite struct SendingTests {
    private let refusedAddress = SendOutcome.refused(
        SendRefusal(.recipient, code: "smtp_550", detail: "no such user"))
    private let tooMuch = SendOutcome.later(code: "smtp_421", detail: "too much", after: .seconds(60))

    @Test func `a message leaves once, and its writer hears of it`() async throws {
        let rig = try await MessagingRig.started()
        let ann = try await rig.contact()
        let id = try await rig.send(ann)
        let message = try await rig.settled(id)
        #expect(message.status == .sent && message.providerID == "pb-1" && message.sentAt != nil)
        #expect(try await rig.send(ann) == id, "the same key is the same message")
        try await rig.test.settle()
        #expect(rig.postbox.taken.map(\.messageID) == [id])
        #expect(rig.listening.words == ["sent"])
        #expect(
            try rig.test.read { try $0.messageLocks.find(on: ann.id) }.map { $0.expiresAt <= rig.test.now }
                == true)
    }

    @Test func `what was not taken is tried again, as the same mail, and counts once`() async throws {
        let rig = try await MessagingRig.started { tenant in
            tenant.sending = SendingLimits()
            tenant.sending?.perContactPerDay = 1
        }
        rig.postbox.next(tooMuch, tooMuch)
        let ann = try await rig.contact()
        let message = try await rig.settled(try await rig.send(ann))
        #expect(message.status == .sent && message.attempts == 3)
        #expect(Set(rig.postbox.taken.map(\.mail.messageID)).count == 1 && rig.postbox.taken.count == 3)
        let again = try await rig.test.given { try $0.sendCounts.today(SendScope.contact(ann.id), .utc) }
        #expect(again == 1)
    }

    @Test func `where one service does not take it another does at once, an agent's too`() async throws {
        let rig = try await MessagingRig.started(services: ["first", "second"]) { tenant in
            tenant.sending = SendingLimits()
            tenant.sending?.perContactPerDay = 1
        }
        rig.postbox.next(tooMuch)
        let began = rig.test.now
        let message = try await rig.settled(
            try await rig.send(try await rig.contact(), by: .agent("outreach_automation")))
        #expect(message.status == .sent)
        #expect(Set(rig.postbox.taken.map(\.integration)).count == 2)
        #expect(rig.postbox.taken.allSatisfy { $0.at - began < .seconds(10) }, "no turn is waited for twice")
    }

    @Test func `a service that does not know us is used no more, and somebody is told`() async throws {
        let rig = try await MessagingRig.started(services: ["first", "second"])
        let first = try await rig.test.given { tx in
            try #require(try tx.integrations.all(for: .emailSending).first).id
        }
        rig.postbox.refuse(first)
        let message = try await rig.settled(try await rig.send(try await rig.contact()))
        #expect(message.status == .sent && message.integrationID != first)
        let failing = try rig.test.read { try Integration.resource.get(first, in: $0) }
        #expect(failing.status == .failing && failing.error == "who are you")
        #expect(try rig.test.read { try $0.alerts.open(kind: "integration_failing").count } == 1)
        _ = try await rig.settled(try await rig.send(try await rig.contact("Bob")))
        #expect(rig.postbox.taken.filter { $0.integration == first }.count == 1)
    }

    @Test func `without a service that works it waits for one`() async throws {
        let rig = try await MessagingRig.started()
        let only = try #require(try rig.test.read { try $0.integrations.all(for: .emailSending).first })
        rig.postbox.refuse(only.id)
        let id = try await rig.send(try await rig.contact())
        let held = try await rig.settled(id)
        #expect(held.status == .held && held.reasons.list.map(\.code) == ["no_provider"])
        try await rig.connect("other")
        #expect(try await rig.settled(id).status == .sent)
    }

    @Test func `a mailbox that has sent enough leaves the rest to the next`() async throws {
        let rig = try await MessagingRig.started(services: ["first", "second"]) { tenant in
            tenant.sending = SendingLimits()
            tenant.sending?.perMailboxPerDay = 1
        }
        var ids: [MessageID] = []
        for name in ["Ann", "Bob", "Cid"] { ids.append(try await rig.send(try await rig.contact(name))) }
        for id in ids { #expect(try await rig.settled(id).status == .sent) }
        let days = Dictionary(grouping: rig.postbox.taken) { $0.at.description.prefix(10) }
        #expect(days.values.allSatisfy { Set($0.map(\.integration)).count == $0.count }, "one each a day")
        #expect(days.count == 2)
    }

    @Test func `an address that takes no mail is not written to again`() async throws {
        let rig = try await MessagingRig.started()
        rig.postbox.next(refusedAddress)
        let ann = try await rig.contact()
        let message = try await rig.settled(try await rig.send(ann))
        #expect(message.status == .bounced && message.errorCode == "smtp_550")
        #expect(try rig.sendability(of: ann, .transactional).reasons.map(\.code) == ["suppressed"])
        #expect(rig.listening.words == ["bounced"])
    }

    @Test func `what may have left is not sent again before a person says that it has not`() async throws {
        let rig = try await MessagingRig.started()
        rig.postbox.next(.unknown(detail: "the line broke"))
        let id = try await rig.send(try await rig.contact())
        #expect(try await rig.settled(id).status == .unknown)
        try await rig.test.advance(by: .seconds(7 * 86_400))
        #expect(rig.postbox.taken.count == 1)
        #expect(try rig.test.read { try $0.alerts.open(kind: "message_unknown").count } == 1)
    }

    @Test func `a bounce that is told while the answer is on its way is not forgotten`() async throws {
        let rig = try await MessagingRig.started()
        let (test, inbox) = (rig.test, Inbox(rig.outbox))
        let ann = try await rig.contact()
        let id = try await rig.send(ann) { $0.notBefore = test.now + .seconds(60) }
        rig.postbox.during.withLock {
            $0 = {
                _ = try? await test.given { tx in
                    var event = DeliveryEvent(.bounced)
                    (event.messageID, event.recipient) = (id, ann.email)
                    try inbox.hear(event, in: tx)
                }
            }
        }
        try await rig.test.advance(by: .seconds(61))
        let message = try rig.message(id)
        #expect(message.status == .bounced && message.sentAt != nil && message.providerID == "pb-1")
        #expect(rig.listening.words == ["sent", "bounced"], "its writer hears of both, in order")
    }

    // MARK: Down for long

    private let down = SendOutcome.later(code: "postbox_503", detail: "down", after: nil)

    @Test func `a service that is down for a day has every mail afterwards, and once`() async throws {
        let rig = try await MessagingRig.started()
        let (test, postbox, began) = (rig.test, rig.postbox, rig.test.now)
        postbox.always(down)
        postbox.during.withLock {
            $0 = { if test.now - began > .seconds(86_400) { postbox.always(nil) } }
        }
        let message = try await rig.settled(try await rig.send(try await rig.contact(), .transactional))
        postbox.during.withLock { $0 = nil }
        #expect(message.status == .sent && rig.listening.words == ["sent"])
        let sent = try #require(message.sentAt)
        #expect(sent - began > .seconds(86_400) && sent - began < .seconds(27 * 3600))
    }

    @Test func `what no service takes for two days is given up, and somebody is told`() async throws {
        let rig = try await MessagingRig.started()
        let began = rig.test.now
        rig.postbox.always(down)
        let message = try await rig.settled(try await rig.send(try await rig.contact(), .transactional))
        #expect(message.status == .failed && message.errorCode == "postbox_503")
        #expect(rig.postbox.taken.count == MessageSendJob.attemptsMax)
        let waited = rig.test.now - began
        #expect(waited > .seconds(36 * 3600) && waited < .seconds(60 * 3600), "\(waited)")
        #expect(try rig.test.read { try $0.alerts.open(kind: "message_undelivered").count } == 1)
    }

    @Test func `what waits between its attempts leaves as soon as another mail finds the service well`()
        async throws
    {
        let rig = try await MessagingRig.started(leaps: false)
        rig.postbox.always(down)
        let first = try await rig.send(try await rig.contact("Ann"), .transactional)
        try await rig.test.settle()
        // Until it is in a long pause, and the service's own is over.
        var attempts = 0
        for _ in 0..<200 {
            attempts = try rig.message(first).attempts
            try await rig.test.advance(by: .seconds(660))
            if try attempts >= 13 && rig.message(first).attempts == attempts { break }
        }
        #expect(try attempts >= 13 && rig.message(first).status == .queued)
        rig.postbox.always(nil)
        let second = try await rig.send(try await rig.contact("Bob"), .transactional)
        #expect(try await rig.settled(second).status == .sent)
        #expect(try rig.message(first).status == .sent)
        #expect(rig.postbox.taken.suffix(2).map(\.messageID) == [second, first])
    }

    // MARK: Cut off

    /// A message as an attempt leaves it that was killed between handing over and noting.
    private func cutOff(_ rig: MessagingRig) async throws -> MessageID {
        let outbox = rig.outbox
        let ann = try await rig.contact()
        return try await rig.test.given { tx in
            var draft = MessageDraft(
                .email, to: ann, .marketing, subject: "Hello", body: "A word.", by: .system,
                cause: .init("test", "t"), key: "cut")
            draft.notBefore = tx.now + .seconds(30)
            let message = try outbox.send(draft, in: tx)
            try tx.run(
                "UPDATE messages SET not_before = NULL WHERE tenant_id = \(tx.tenant) AND id = \(message.id)")
            guard case .claimed = try outbox.claim(Message.resource.get(message.id, in: tx), in: tx) else {
                throw Problem(.conflict, "not claimed")
            }
            return message.id
        }
    }

    /// Returns what the attempt after it finds.
    private func found(_ rig: MessagingRig) async throws -> Message {
        let id = try await cutOff(rig)
        try await rig.test.advance(by: .seconds(31))
        return try rig.message(id)
    }

    /// The calls that asked for a mail, and how they failed.
    private func lookups(_ rig: MessagingRig) throws -> [String] {
        try rig.test.read { reader in
            try reader.all(
                """
                SELECT state, error FROM tool_calls
                WHERE tenant_id = \(reader.tenant) AND tool = 'look_up_message' ORDER BY id
                """
            ) { "\($0.text(0)) \(JSON(stored: $0.optionalText(1) ?? "null")["code"]?.text ?? "")" }
        }
    }

    @Test func `a mail that the service knows has left`() async throws {
        let rig = try await MessagingRig.started()
        rig.postbox.nextLookups(.accepted(providerID: "found"))
        let message = try await found(rig)
        #expect(message.status == .sent && message.providerID == "found" && rig.postbox.taken.isEmpty)
        #expect(try lookups(rig) == ["succeeded "])
    }

    @Test func `of a mail that nobody can tell of a person decides`() async throws {
        let rig = try await MessagingRig.started()
        rig.postbox.nextLookups(.unclear)
        #expect(try await found(rig).status == .unknown && rig.postbox.taken.isEmpty)
        #expect(try lookups(rig) == ["failed http_503"], "it has not answered")
    }

    @Test func `a service that does not know a mail yet is asked again before it is sent once more`()
        async throws
    {
        let rig = try await MessagingRig.started()
        rig.postbox.nextLookups(.absent, .accepted(providerID: "late"))
        let began = rig.test.now
        let message = try await found(rig)
        #expect(message.status == .sent && message.providerID == "late" && rig.postbox.taken.isEmpty)
        #expect(rig.test.now - began >= .seconds(300))
    }

    @Test func `a mail that the service does not know after a while is sent`() async throws {
        let rig = try await MessagingRig.started()
        rig.postbox.nextLookups(.absent, .absent)
        let message = try await found(rig)
        #expect(message.status == .sent && rig.postbox.taken.count == 1 && rig.postbox.asked == 2)
    }

    @Test
    func `a job that is cancelled while its mail is on the way leaves no message behind that nobody ends`()
        async throws
    {
        let rig = try await MessagingRig.started()
        let id = try await cutOff(rig)
        try await rig.test.given { tx in
            let job = try #require(try tx.jobs.live(MessageSendJob.self, uniqueKey: id.text))
            _ = try tx.jobs.cancel(job)
        }
        #expect(try rig.message(id).status == .unknown)
    }

    // MARK: Budgets

    @Test func `a budget of sends holds what is beyond it until tomorrow`() async throws {
        let rig = try await MessagingRig.started()
        try await rig.test.given { tx in
            _ = try tx.budgets.create(
                Budget(id: tx.makeID(), kind: .sends, amount: 1, per: .day, now: tx.now), by: .system)
        }
        rig.postbox.next(tooMuch)
        var ids: [MessageID] = []
        for name in ["Ann", "Bob"] { ids.append(try await rig.send(try await rig.contact(name))) }
        for id in ids { #expect(try await rig.settled(id).status == .sent) }
        let days = Set(rig.postbox.taken.suffix(2).map { $0.at.description.prefix(10) })
        #expect(days.count == 2)
        #expect(try rig.events("message.held") >= 1)
    }

    // MARK: Ways out

    @Test func `the link of a template is the message's own`() async throws {
        let rig = try await MessagingRig.started()
        let id = try await rig.send(
            try await rig.contact(), body: "Hi. [Stop](\(TemplateValues.unsubscribeMark))")
        _ = try await rig.settled(id)
        let mail = try #require(rig.postbox.taken.first?.mail)
        let link = try #require(mail.unsubscribe?.url)
        #expect(
            !(mail.html ?? "").contains("unsubscribe.invalid") && !mail.text.contains("unsubscribe.invalid"))
        let links = (mail.html ?? "").split(separator: "href=\"").dropFirst().map { $0.prefix { $0 != "\"" } }
        #expect(links.count == 2 && link.contains("/u/"))
        for found in links {
            let token = String(found.split(separator: "/").last ?? "")
            #expect(rig.outbox.services.links.open(.unsubscribe, token)?.subject == id.text)
        }
    }

    // MARK: Approvals

    private func asking(_ rig: MessagingRig) async throws -> Message {
        let ann = try await rig.contact("Ann")
        let id = try await rig.send(ann, by: .agent("outreach_automation")) { $0.asksFirst = true }
        let held = try await rig.settled(id)
        #expect(held.status == .held && held.reasons.list.map(\.code) == ["approval"])
        #expect(held.approvalID != nil && rig.postbox.taken.isEmpty)
        return held
    }

    private func decide(_ rig: MessagingRig, _ held: Message, _ decision: ApprovalDecision) async throws {
        try await rig.test.given { tx in
            _ = try tx.approvals.decide(held.approvalID ?? .unset, decision, by: Actor(.user, id: "user_1"))
        }
    }

    @Test func `what asks first leaves with a person's yes, in the person's words`() async throws {
        let rig = try await MessagingRig.started()
        let held = try await asking(rig)
        let wrong: [JSON] = [
            ["subject": "two\nlines"], ["body": " "], ["body": nil], ["recipient": "evil@example.com"],
        ]
        for changes in wrong {
            await #expect(throws: (any Error).self) {
                try await decide(rig, held, .approve(changes: changes))
            }
        }
        try await decide(rig, held, .approve(changes: ["subject": "Better", "body": "Other *words*."]))
        let sent = try await rig.settled(held.id)
        #expect(sent.status == .sent && sent.subject == "Better" && sent.text == "Other words.")
        let mail = try #require(rig.postbox.taken.first?.mail)
        #expect(rig.postbox.taken.count == 1 && mail.text.hasPrefix("Other words."))
        #expect(
            mail.to.address.description == "ann@example.com" && mail.text.contains("was written by software"))
    }

    @Test func `what is rejected, or waits for too long, does not leave`() async throws {
        let rig = try await MessagingRig.started()
        let rejected = try await asking(rig)
        try await decide(rig, rejected, .reject(reason: "too pushy"))
        let cancelled = try await rig.settled(rejected.id)
        #expect(cancelled.status == .cancelled)
        #expect(cancelled.reasons.list == [Reason("taken_back", "too pushy")])
        let forgotten = try await asking(rig)
        try await rig.test.advance(by: .seconds(4 * 86_400))
        let expired = try rig.message(forgotten.id)
        #expect(expired.status == .cancelled && expired.reasons.list.map(\.code) == ["approval_expired"])
        #expect(rig.postbox.taken.isEmpty && rig.listening.words == ["cancelled", "cancelled"])
    }

    @Test func `a yes does not pass the rules, and what is taken back is not asked about`() async throws {
        let rig = try await MessagingRig.started()
        let held = try await asking(rig)
        try await rig.test.given { tx in _ = try tx.consents.suppress("ann@example.com", .email, .complaint) }
        try await decide(rig, held, .approve(changes: nil))
        let still = try await rig.settled(held.id)
        #expect(still.status == .held && still.reasons.list.map(\.code) == ["suppressed"])
        let bob = try await rig.contact("Bob")
        let id = try await rig.send(bob, by: .agent("outreach_automation")) { $0.asksFirst = true }
        let outbox = rig.outbox
        try await rig.test.given { tx in
            try outbox.cancel(
                try Message.resource.get(id, in: tx), because: Reason("cancelled", "No more."), in: tx)
        }
        let open = try rig.test.read { reader in
            try reader.int(
                "SELECT count(*) FROM approvals WHERE tenant_id = \(reader.tenant) AND status = 'pending'")
        }
        #expect(open == 0)
    }
}
