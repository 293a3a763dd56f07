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
@testable import Messages
@testable import People
@testable import Tenancy

/// Each rule by itself, and all at once.
@Suite struct SendabilityTests {
    private func codes(
        _ rig: MessagingRig, _ contact: Contact, _ purpose: Purpose = .marketing
    ) throws -> [String] {
        let answer = try rig.sendability(of: contact, purpose)
        #expect(answer.reasons.allSatisfy { !$0.detail.isEmpty })
        #expect(answer.isSendable == answer.reasons.isEmpty)
        return answer.reasons.map(\.code)
    }

    private func suppress(_ rig: MessagingRig, _ address: String, _ reason: Suppression.Reason) async throws {
        try await rig.test.given { tx in _ = try tx.consents.suppress(address, .email, reason) }
    }

    private func consent(
        _ rig: MessagingRig, _ contact: Contact, _ status: Consent.Status, _ basis: Consent.Basis = .consent
    ) async throws {
        try await rig.test.given { tx in
            var consent = Consent.new(id: tx.nextID(), now: tx.now)
            (consent.contactID, consent.status, consent.basis) = (contact.id, status, basis)
            consent.source = "form"
            try tx.create(&consent, by: .system)
        }
    }

    @Test func `nothing speaks against somebody of whom nothing is known`() async throws {
        let rig = try await MessagingRig.started()
        let ann = try await rig.contact()
        #expect(try codes(rig, ann).isEmpty && codes(rig, ann, .transactional).isEmpty)
        #expect(try rig.sendability(of: ann).from == nil)
    }

    @Test func `a step that tells of what has ended waits until it is taken back`() async throws {
        let rig = try await MessagingRig.started(leaps: false)
        var message = try rig.message(try await rig.send(try await rig.contact()))
        message.cause = ["type": "enrollment", "id": "enr_00000000000000000000000000"]
        for (seconds, isOver) in [(-60, true), (0, true), (3600, false)] as [(Int64, Bool)] {
            let now = rig.test.now, end = now + .seconds(seconds)
            message.sources = [["type": "special_offer", "id": "soff_1", "until": .string(end.description)]]
            let step = message
            let answer = try rig.test.read { try rig.outbox.sendability(of: step, in: $0) }
            #expect(answer.reasons.contains { $0.code == "withdrawn" } == isOver, "\(seconds)")
            if isOver { #expect(answer.from.map { $0 > now } == true, "it is asked again") }
        }
    }

    @Test func `what the agency lacks holds every mail`() async throws {
        let rig = try await MessagingRig.started(services: []) { tenant in
            (tenant.postalAddress, tenant.sender) = (nil, nil)
        }
        let ann = try await rig.contact()
        let lacking = ["missing_postal_address", "no_provider", "missing_sender"]
        #expect(try codes(rig, ann) == lacking && codes(rig, ann, .transactional) == lacking)
        try await rig.connect("own", settings: ["from": "bot@agency.example"])
        #expect(try codes(rig, ann) == ["missing_postal_address"])
    }

    @Test func `a contact without an address has none, and gets one`() async throws {
        let rig = try await MessagingRig.started()
        let nobody = try await rig.contact("Ann") { $0.email = nil }
        #expect(try codes(rig, nobody, .transactional) == ["no_address"])
        let id = try await rig.send(nobody)
        #expect(try await rig.settled(id).status == .held)
        try await rig.test.given { tx in
            let old = try Contact.resource.get(nobody.id, in: tx)
            var new = old
            new.email = "late@example.com"
            try tx.update(old, to: &new, by: .system)
        }
        let sent = try await rig.settled(id)
        #expect(sent.status == .sent && sent.recipient == "late@example.com")
        #expect(rig.postbox.taken.first?.mail.to.address.description == "late@example.com")
    }

    @Test func `who refuses marketing as one contact gets it as none, until they agree to it later`()
        async throws
    {
        var dependencies = MessagingDependencies.alone
        let pair = Mutex<[ContactID]>([])
        dependencies.kin = { _, asked in
            let ids = pair.withLock { $0 }
            guard let first = asked.first, ids.contains(first) else { return [:] }
            return [first: Set(ids).subtracting([first])]
        }
        let rig = try await MessagingRig.started(dependencies: dependencies)
        let ann = try await rig.contact(), other = try await rig.contact("Bea")
        pair.withLock { $0 = [ann.id, other.id] }
        try await suppress(rig, "bea@example.com", .bounce)
        #expect(try codes(rig, ann).isEmpty, "another address says nothing of this one")
        try await suppress(rig, "bea@example.com", .unsubscribe)
        #expect(try codes(rig, ann) == ["unsubscribed"] && codes(rig, ann, .transactional).isEmpty)
        try await rig.test.given { tx in
            var consent = Consent.new(id: tx.nextID(), now: tx.now)
            (consent.contactID, consent.status, consent.basis) = (ann.id, .granted, .consent)
            consent.source = "form"
            try tx.create(&consent, by: .system)
        }
        #expect(try codes(rig, ann).isEmpty)
        try await rig.test.given { tx in
            let old = try Contact.resource.get(other.id, in: tx)
            var new = old
            new.doNotContact = true
            try tx.update(old, to: &new, by: .system)
        }
        #expect(try codes(rig, ann) == ["unsubscribed"])
    }

    @Test(arguments: [
        (Suppression.Reason.manual, "suppressed", true), (.bounce, "suppressed", true),
        (.complaint, "suppressed", true), (.unsubscribe, "unsubscribed", false),
    ])
    func `a suppression ends everything, an unsubscribing marketing alone`(
        reason: Suppression.Reason, code: String, isWhole: Bool
    ) async throws {
        let rig = try await MessagingRig.started()
        let ann = try await rig.contact()
        try await suppress(rig, "ANN@Example.com", reason)
        #expect(try codes(rig, ann) == [code])
        #expect(try codes(rig, ann, .transactional) == (isWhole ? [code] : []))
    }

    @Test func `a whole domain can be suppressed`() async throws {
        let rig = try await MessagingRig.started()
        let (ann, other) = (
            try await rig.contact(), try await rig.contact("Bob") { $0.email = "b@sub.example.com" }
        )
        try await suppress(rig, "@Example.com", .manual)
        #expect(try codes(rig, ann) == ["suppressed"] && codes(rig, other).isEmpty)
    }

    @Test func `marketing needs consent where the law or the agency asks for it`() async throws {
        let rig = try await MessagingRig.started {
            $0.consentRules = ["FR": "consent", "DE": "legitimate_interest"]
        }
        func from(_ country: String) async throws -> Contact {
            try await rig.contact("In\(country)") { $0.country = country }
        }
        let (german, french, austrian) = (try await from("DE"), try await from("FR"), try await from("AT"))
        #expect(try codes(rig, german).isEmpty, "the agency's own rule goes before the law's default")
        for held in [french, austrian] {
            #expect(try codes(rig, held) == ["no_consent"] && codes(rig, held, .transactional).isEmpty)
            try await consent(rig, held, .granted)
            #expect(try codes(rig, held).isEmpty)
        }
        try await consent(rig, german, .withdrawn)
        #expect(try codes(rig, german) == ["no_consent"])
    }

    @Test func `who is not to be contacted, or not yet, is left alone by marketing`() async throws {
        let rig = try await MessagingRig.started()
        let never = try await rig.contact("Ann") { $0.doNotContact = true }
        #expect(try codes(rig, never) == ["no_consent"] && codes(rig, never, .transactional).isEmpty)
        let later = rig.test.now + .seconds(5 * 86_400)
        let away = try await rig.contact("Bob") { $0.contactAfter = later }
        #expect(try codes(rig, away) == ["outside_window"] && rig.sendability(of: away).from == later)
        #expect(try codes(rig, away, .transactional).isEmpty)
    }

    @Test func `consent that is renewed ends an unsubscribing, a bounce it does not`() async throws {
        let rig = try await MessagingRig.started()
        let ann = try await rig.contact()
        try await suppress(rig, "ann@example.com", .unsubscribe)
        let id = try await rig.send(ann)
        #expect(try await rig.settled(id).reasons.list.map(\.code) == ["unsubscribed"])
        try await consent(rig, ann, .granted, .legitimateInterest)
        #expect(try codes(rig, ann) == ["unsubscribed"], "an interest is no consent")
        try await consent(rig, ann, .granted)
        #expect(try await rig.settled(id).status == .sent)
        try await suppress(rig, "ann@example.com", .bounce)
        try await consent(rig, ann, .granted)
        #expect(try codes(rig, ann) == ["suppressed"])
    }

    @Test func `night is where they are`() async throws {
        // 22:30 in Berlin, 16:30 in New York.
        let rig = try await MessagingRig.started(at: "2027-01-05T21:30:00Z") { $0.quietHours = DayWindow() }
        let there = try await rig.contact("Ann") { $0.timeZone = "America/New_York" }
        let here = try await rig.contact("Bob") { $0.timeZone = "Europe/Berlin" }
        #expect(try codes(rig, there).isEmpty && codes(rig, here, .transactional).isEmpty)
        #expect(try codes(rig, here) == ["quiet_hours"])
        #expect(try rig.sendability(of: here).from == Instant("2027-01-06T07:00:00Z"))
    }

    @Test func `all that ends by itself ends together, and not in the night`() async throws {
        let rig = try await MessagingRig.started(at: "2027-01-05T21:30:00Z") { $0.quietHours = DayWindow() }
        let midnight = try #require(Instant("2027-01-07T00:30:00Z"))
        let ann = try await rig.contact {
            ($0.timeZone, $0.contactAfter) = ("UTC", midnight)
        }
        #expect(try codes(rig, ann) == ["outside_window", "quiet_hours"])
        #expect(try rig.sendability(of: ann).from == Instant("2027-01-07T08:00:00Z"))
        try await suppress(rig, "ann@example.com", .manual)
        #expect(try codes(rig, ann).count == 3 && rig.sendability(of: ann).from == nil, "somebody has to act")
    }

    @Test func `a person gets so much a day, and so does everybody together`() async throws {
        let rig = try await MessagingRig.started { tenant in
            tenant.sending = SendingLimits()
            tenant.sending?.perContactPerDay = 1
            tenant.sending?.perDay = 2
        }
        let (ann, bob, cid) = (
            try await rig.contact(), try await rig.contact("Bob"), try await rig.contact("Cid")
        )
        _ = try await rig.settled(try await rig.send(ann))
        #expect(try codes(rig, ann) == ["daily_cap"] && codes(rig, ann, .transactional).isEmpty)
        #expect(try rig.sendability(of: ann).from == Instant("2027-01-06T00:00:00Z"))
        #expect(try codes(rig, bob).isEmpty)
        _ = try await rig.settled(try await rig.send(bob))
        #expect(try codes(rig, cid) == ["daily_cap"] && codes(rig, bob) == ["daily_cap", "daily_cap"])
        _ = try await rig.settled(try await rig.send(cid))
        #expect(
            rig.postbox.taken.map { $0.at.description.prefix(10) } == [
                "2027-01-05", "2027-01-05", "2027-01-06",
            ])
    }

    @Test func `an agent's own cap, and its spacing`() async throws {
        var dependencies = MessagingDependencies.alone
        dependencies.dailyCap = { _, agent in agent == "outreach_automation" ? 3 : nil }
        // A leap to the next day would take the jobs from mails that are on their way.
        let rig = try await MessagingRig.started(dependencies: dependencies, leaps: false)
        for name in ["Ann", "Bob", "Cid", "Dan"] {
            try await rig.send(try await rig.contact(name), by: .agent("outreach_automation"))
        }
        try await rig.test.passPauses()
        let times = rig.postbox.taken.map(\.at)
        #expect(times.count == 4)
        for (early, late) in zip(times, times.dropFirst()) { #expect(late - early >= .seconds(45)) }
        #expect(times.map { $0.description.prefix(10) }.filter { $0 == "2027-01-05" }.count == 3)
    }

    @Test func `each waiting mail is looked at in its own turn, and not whenever another has left`()
        async throws
    {
        // If time leapt to the end of every pause, all but a few of them would be late.
        let rig = try await MessagingRig.started(leaps: false) { tenant in
            var limits = SendingLimits()
            limits.perMailboxPerDay = 1000
            tenant.sending = limits
        }
        let count = 60
        for number in 0..<count {
            let message = try await rig.send(
                try await rig.contact("P\(number)"), by: .agent("outreach_automation"))
            try await rig.test.settle()
            guard number == count - 2 else { continue }
            // A cancelled message gives its turn to a later one.
            let taken = try await rig.test.given { tx in
                try tx.outbox.withdraw(
                    Message.resource.get(message, in: tx), because: Reason("cancelled", "By hand."))
            }
            #expect(taken)
        }
        try await rig.test.passPauses()
        let times = rig.postbox.taken.map(\.at)
        #expect(times.count == count - 1)
        for (early, late) in zip(times, times.dropFirst()) {
            #expect(late - early >= .seconds(45) && late - early <= .seconds(181))
        }
        let looks = try rig.test.read { reader in
            try reader.int(
                "SELECT sum(epoch) FROM jobs WHERE tenant_id = \(reader.tenant) AND kind = 'message.send'")
                ?? 0
        }
        #expect(looks <= 3 * Int64(count), "\(looks)")
        let left = try rig.test.read { reader in
            try reader.int("SELECT count(*) FROM send_turns WHERE tenant_id = \(reader.tenant)") ?? 0
        }
        #expect(left == 0)
    }

    @Test func `while somebody sells to them, or they have just written, marketing waits`() async throws {
        var dependencies = MessagingDependencies.alone
        dependencies.inSalesProcess = { _, contacts in Set(contacts) }
        let rig = try await MessagingRig.started(dependencies: dependencies)
        let ann = try await rig.contact()
        try await rig.test.given { tx in
            let id = try tx.conversations.findOrMake(of: ann, .email, subject: "Hi")
            try tx.run(
                """
                UPDATE conversations SET last_inbound_at = \(tx.now), human_requested_at = \(tx.now)
                WHERE tenant_id = \(tx.tenant) AND id = \(id)
                """)
        }
        #expect(
            try codes(rig, ann) == ["in_sales_process", "human_support_requested", "active_conversation"])
        #expect(try codes(rig, ann, .transactional).isEmpty)
    }

    @Test func `who holds the lock is not held by it`() async throws {
        let rig = try await MessagingRig.started()
        let ann = try await rig.contact()
        try await rig.test.given { tx in
            _ = try tx.messageLocks.take(on: ann.id, .human, owner: "user:olive", for: .seconds(60))
        }
        #expect(try codes(rig, ann) == ["locked"])
        #expect(try rig.sendability(of: ann).from == rig.test.now + .seconds(60))
        let id = try await rig.send(ann, .transactional, by: Actor(.user, id: "olive"))
        #expect(try await rig.settled(id).status == .sent)
    }

    @Test(
        arguments: [
            (Brake.Scope.tenant, nil), (.channel, "email"), (.client, ClientID.numbered(1).text),
            (.campaign, "camp_1"),
            (.topic, "prices"),
        ] as [(Brake.Scope, String?)])
    func `a brake holds its scope, and its release lets go`(scope: Brake.Scope, target: String?) async throws
    {
        let rig = try await MessagingRig.started()
        let client = ClientID.numbered(1), known = try await rig.contact("Ann")
        // Clients are a slice's: there is none here that the reference could be checked against.
        try await rig.test.given { tx in
            try tx.run(
                "UPDATE contacts SET client_id = \(client) WHERE tenant_id = \(tx.tenant) AND id = \(known.id)"
            )
        }
        var ann = known
        ann.clientID = client
        let other = try await rig.contact("Bob")
        let brake = try await rig.test.given { tx -> Brake in
            // Many others are on, too.
            for number in 0..<(scope == .client ? 200 : 0) {
                var other = Brake.new(id: tx.nextID(), now: tx.now)
                (other.scope, other.target, other.reason) = (.topic, "topic \(number)", "a wrong price")
                try tx.create(&other, by: .system)
            }
            var brake = Brake.new(id: tx.nextID(), now: tx.now)
            (brake.scope, brake.target, brake.reason) = (scope, target, "a wrong price")
            try tx.create(&brake, by: .system)
            return brake
        }
        let id = try await rig.send(ann, .transactional) { ($0.campaign, $0.topic) = ("camp_1", "prices") }
        let free = try await rig.send(other, .transactional)
        let held = try await rig.settled(id)
        #expect(held.status == .held && held.reasons.list.map(\.code) == ["brake"])
        let isWide = scope == .tenant || scope == .channel
        #expect(try await rig.settled(free).status == (isWide ? .held : .sent))
        #expect(try rig.test.read { try $0.brakes.figures(of: brake)["held"] } == (isWide ? 2 : 1))
        try await rig.test.given { tx in
            let old = try Brake.resource.get(brake.id, in: tx)
            var off = old
            off.releasedAt = tx.now
            try tx.update(old, to: &off, by: .system)
            try tx.publish("brake.released", off.subject)
        }
        for released in [id, free] { #expect(try await rig.settled(released).status == .sent) }
    }
}
