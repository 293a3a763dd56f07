internal import ChangeSets
package import Database
internal import Integrations
internal import JSON
internal import Jobs
internal import Nouns
package import People
internal import Records
package import Telemetry
package import Tenancy

/// Whether a message may leave now: the rules, each with its reason and its end. What asks before a message is
/// written, and what lets it go, are the same.
package struct Sendability: Sendable {
    /// A message, or the thought of one.
    package struct Question: Sendable {
        package var contact: Contact
        package var channel: Channel
        package var purpose: Purpose
        package var address: String?
        package var message: Message?
        /// The agent that writes of its own accord.
        package var agent: String?
        /// The type of content that the message brings, where it is of one.
        package var content: Preference.Content?

        package init(_ contact: Contact, _ channel: Channel, _ purpose: Purpose) {
            (self.contact, self.channel, self.purpose) = (contact, channel, purpose)
            address = contact.address(on: channel)
        }
    }

    package let reasons: [Reason]
    /// The time from which it may be sent, as far as that is known now; `nil` while somebody has to act first.
    package let from: Instant?

    package var isSendable: Bool { reasons.isEmpty }

    /// The time after their last words for which somebody is left alone by marketing.
    static let conversationPause: Duration = .seconds(48 * 3600)
    static let whatsAppWindow: Duration = .seconds(24 * 3600)
    /// The time in which services of direct messages take every answer, and that in which they take a
    /// person's.
    static let answerWindow: Duration = .seconds(24 * 3600)
    static let personWindow: Duration = .seconds(7 * 86_400)
    static let supportPause: Duration = .seconds(24 * 3600)
    static let missingList = "missing_unsubscribe_list"
    static let undeliverable = "undeliverable"
    static let onlyReferred = "only_referred"
    static let unwanted = "unwanted_content"

    package init(
        _ question: Question, _ dependencies: MessagingDependencies, in reader: some Queryable
    ) throws {
        try self.init(question, dependencies, nil, of: reader.agency.tenant(), in: reader)
    }

    init(
        _ question: Question, _ dependencies: MessagingDependencies, _ listeners: MessageListeners?,
        of tenant: Tenant,
        in reader: some Queryable
    ) throws {
        var rules = SendabilityRules(question: question, tenant: tenant, zone: tenant.zone, now: reader.now)
        try rules.brakes(reader)
        try rules.cause(reader, listeners)
        try rules.agency(reader)
        try rules.unsubscribeList(reader)
        try rules.chat(reader)
        try rules.address(reader)
        try rules.consent(reader, dependencies)
        if question.purpose == .marketing {
            try rules.otherSelves(reader, dependencies)
            try rules.moment(reader, dependencies)
            try rules.data(reader)
            try rules.conflicts(reader, dependencies)
            rules.hours()
            try rules.wishes(reader)
            try rules.campaigns(reader, dependencies)
        }
        try rules.lock(reader)
        try rules.caps(reader, dependencies)
        (reasons, from) = (rules.reasons, rules.end)
    }

    /// Asks only what no waiting changes, for whoever plans to write to many later: address, wishes, data and a sale.
    /// `lookup`: what was looked up for all of them at once.
    package init(
        lasting question: Question, _ dependencies: MessagingDependencies, of tenant: Tenant,
        _ lookup: SendabilityLookup? = nil, in reader: some Queryable
    ) throws {
        var rules = SendabilityRules(
            question: question, tenant: tenant, zone: tenant.zone, now: reader.now, lookup: lookup)
        try rules.address(reader)
        try rules.consent(reader, dependencies)
        if question.purpose == .marketing {
            try rules.otherSelves(reader, dependencies)
            try rules.data(reader)
            try rules.sale(reader, dependencies)
            try rules.unwantedContent(reader)
        }
        (reasons, from) = (rules.reasons, rules.end)
    }
}

/// Looks at one rule after the other, and notes each that forbids a message.
struct SendabilityRules {
    let question: Sendability.Question
    let tenant: Tenant
    let zone: TimeZoneRules
    let now: Instant
    /// The answers that are known beforehand, where many people are asked about; else each rule asks for itself.
    var lookup: SendabilityLookup?
    var reasons: [Reason] = []

    var contact: Contact { question.contact }
    var isMarketing: Bool { question.purpose == .marketing }

    mutating func add(_ code: String, _ detail: String, until: Instant? = nil) {
        reasons.append(Reason(code, detail, until: until))
    }

    /// When all that ends by itself has ended, and no quiet hour has begun meanwhile.
    var end: Instant? {
        let ends = reasons.map(\.until)
        guard !ends.isEmpty, !ends.contains(nil) else { return nil }
        let last = ends.compactMap(\.self).max() ?? now
        guard isMarketing, let quiet = tenant.quietHours else { return last }
        return quiet.end(around: last, in: contact.zone(zone))
    }

    mutating func brakes(_ reader: some Queryable) throws {
        let message = question.message ?? probe
        for brake in try reader.brakes.all() where brake.stops(message) {
            let what = brake.scope == .tenant ? "All sending" : "Sending to this \(brake.scope.rawValue)"
            add("brake", "\(what) is stopped: \(brake.reason)")
        }
    }

    /// Asks whoever wanted a message whether it has to wait, such as for a sequence that is paused.
    mutating func cause(_ reader: some Queryable, _ listeners: MessageListeners?) throws {
        guard let message = question.message, let listeners else { return }
        reasons += try listeners.reasonsToWait(message, to: contact, in: reader)
    }

    private var probe: Message {
        var message = Message()
        (message.channel, message.clientID) = (question.channel, contact.clientID)
        return message
    }

    mutating func agency(_ reader: some Queryable) throws {
        guard question.channel == .email else { return }
        if tenant.postalAddress == nil {
            add(
                "missing_postal_address",
                "Every email must contain the agency's postal address: enter it in the settings."
            )
        }
        let services = try reader.integrations.all(for: .emailSending, client: contact.clientID)
        if services.isEmpty, try !reader.sandboxClock.livesByVirtualTime {
            add("no_provider", "No working email service is connected: connect one in the settings.")
        }
        if tenant.sender == nil, !services.contains(where: { $0.settings["from"]?.text != nil }) {
            add("missing_sender", "Emails have no sender: enter it in the settings.")
        }
    }

    /// Services of short messages have rules of their own.
    mutating func chat(_ reader: some Queryable) throws {
        guard question.channel != .email, !question.channel.isOwn else { return }
        let name = question.channel.provider
        let isConnected = try reader.integrations.all(for: .chat, client: contact.clientID).contains {
            $0.provider == name
        }
        if !isConnected, try !reader.sandboxClock.livesByVirtualTime {
            add("no_provider", "No working \(name) service is connected: connect one in the settings.")
        }
        if question.channel.hasWindow { try window(reader) }
        guard question.channel == .whatsapp, question.message?.templateID == nil else { return }
        let last =
            try reader.first(
                """
                SELECT max(last_inbound_at) FROM conversations
                WHERE tenant_id = \(reader.tenant) AND contact_id = \(contact.id) AND channel = 'whatsapp'
                """
            ) { $0.optionalInstant(0) } ?? nil
        if last.map({ $0 + Sendability.whatsAppWindow <= now }) ?? true {
            add(
                "outside_window",
                "WhatsApp accepts free text for 24 hours after the contact's last message: use an approved template."
            )
        }
    }

    /// Services of direct messages take answers only: of everybody for a day, and of a person for a week. Marketing is
    /// no answer after that, whoever writes it.
    private mutating func window(_ reader: some Queryable) throws {
        let address = try question.address ?? reader.identities.address(of: contact, on: question.channel)
        guard let address, let identity = try reader.identities.find(question.channel, address) else {
            return add("outside_window", "The contact has not written here: only they can begin.")
        }
        if let until = identity.freeUntil, until > now { return }
        let isPersons = question.message?.isPersonsAnswer ?? false
        if isPersons, let heard = identity.heardAt, heard + Sendability.personWindow > now { return }
        add(
            "outside_window",
            isPersons
                ? "The service takes a person's answer for seven days after the contact's last message."
                : "The service takes answers for 24 hours after the contact's last message, and then only a person's, for seven days."
        )
    }

    /// An agency may want nothing sent before it has told who must not be written to.
    mutating func unsubscribeList(_ reader: some Queryable) throws {
        guard isMarketing, question.channel == .email, tenant.sending?.needsUnsubscribeList == true,
            try !reader.consents.hasUnsubscribeList()
        else { return }
        add(
            Sendability.missingList,
            "The old unsubscribe list is missing: import it, or dismiss that step of the setup."
        )
    }

    mutating func address(_ reader: some Queryable) throws {
        let address = try question.address ?? reader.identities.address(of: contact, on: question.channel)
        guard let address else {
            return add("no_address", "The contact has no address for \(question.channel.rawValue).")
        }
        try undeliverable(address, reader)
        if lookup?.isUnsuppressed(address, on: question.channel) == true { return }
        for suppression in try reader.consents.suppressions(
            of: address, question.channel, for: question.purpose)
        {
            switch suppression.reason {
            case .unsubscribe:
                add(
                    "unsubscribed",
                    "The contact unsubscribed on \(day(suppression.createdAt)); only they can undo it.")
            case .bounce:
                add("suppressed", "Email to the address bounced on \(day(suppression.createdAt)).")
            case .complaint:
                add("suppressed", "The contact reported an email as spam on \(day(suppression.createdAt)).")
            case .manual:
                add("suppressed", "The address was suppressed manually on \(day(suppression.createdAt)).")
            }
        }
    }

    /// Adds a reason against mail that would bounce. An address from which somebody has written to us works, whatever
    /// others say of it.
    private mutating func undeliverable(_ address: String, _ reader: some Queryable) throws {
        guard question.channel == .email, contact.emailStatus == .undeliverable, address == contact.email,
            try !reader.exists(
                """
                SELECT 1 FROM conversations
                WHERE tenant_id = \(reader.tenant) AND contact_id = \(contact.id) AND channel = 'email'
                    AND last_inbound_at IS NOT NULL
                """)
        else { return }
        add(
            Sendability.undeliverable,
            "Email to \(address) would bounce: correct the address, or check it again if it is right.")
    }

    /// The day of a moment by the agency's clock.
    private func day(_ instant: Instant) -> String { zone.local(of: instant).date.iso }

    mutating func consent(_ reader: some Queryable, _ dependencies: MessagingDependencies) throws {
        guard isMarketing else { return }
        if contact.doNotContact { add("no_consent", "The contact is marked “do not contact”.") }
        let basis = try basis(reader)
        if let last = basis.consent, last.status == .withdrawn {
            return add("no_consent", "Consent was withdrawn on \(day(last.givenAt ?? last.createdAt)).")
        }
        if question.channel == .sms {
            if basis.consent?.basis != .consent {
                add("no_consent", "Marketing by text message needs the contact's consent, and there is none.")
            }
            return
        }
        guard basis.consent == nil else { return }
        if try (lookup?.onlyReferred ?? dependencies.onlyReferred(reader, [contact])).contains(contact.id) {
            add(
                Sendability.onlyReferred,
                "Somebody else has named the contact: only they can begin, or record their consent.")
        }
        if basis.rule == .consent {
            let whose = basis.isOwn ? "the agency's own rule" : "the default rule"
            add(
                "no_consent",
                "Marketing to business addresses in \(basis.country ?? "that country") needs consent (\(whose))."
            )
        }
    }

    func basis(_ reader: some Queryable) throws -> SendingBasis {
        guard let lookup else {
            return try SendingBasis(contact, question.channel, .marketing, of: tenant, in: reader)
        }
        return SendingBasis(
            contact, question.channel, .marketing, of: tenant, last: lookup.consents[contact.id])
    }

    /// Asks whether the client may be congratulated or advertised to. A message waits no longer than it may be late,
    /// and is named first among what ends by itself, so that it is looked at again when the trouble is over.
    mutating func moment(_ reader: some Queryable, _ dependencies: MessagingDependencies) throws {
        guard let client = question.message?.clientID ?? contact.clientID,
            let trouble = try UnsuitableMoment.trouble(of: client, dependencies, in: reader)
        else { return }
        let ends = [trouble.until, question.message?.lateAt].compactMap(\.self)
        add(UnsuitableMoment.code, trouble.detail, until: ends.min())
    }

    /// Asks whether the contact's data may be used: what is wrong with them may be the address itself.
    mutating func data(_ reader: some Queryable) throws {
        if lookup?.held.contains(contact.id) == false { return }
        if let hold = try reader.recordHolds.find(contact.id, for: .sequences) {
            add(RecordHold.code, hold.detail)
        }
    }

    mutating func sale(_ reader: some Queryable, _ dependencies: MessagingDependencies) throws {
        let selling = try lookup?.inSalesProcess ?? dependencies.inSalesProcess(reader, [contact.id])
        if selling.contains(contact.id) {
            add("in_sales_process", "A sale to the contact is in progress: marketing waits.")
        }
    }

    mutating func conflicts(_ reader: some Queryable, _ dependencies: MessagingDependencies) throws {
        if let after = contact.contactAfter, after > now {
            add("outside_window", "The contact must not be written to before \(day(after)).", until: after)
        }
        try sale(reader, dependencies)
        let conversations = try reader.all(
            """
            SELECT status, last_inbound_at, human_requested_at, booking_until FROM conversations
            WHERE tenant_id = \(reader.tenant) AND contact_id = \(contact.id)
                AND (last_inbound_at > \(now - Sendability.conversationPause)
                    OR human_requested_at > \(now - Sendability.supportPause) OR booking_until > \(now))
            ORDER BY last_inbound_at DESC LIMIT 20
            """
        ) { row in
            (
                isOpen: ["open", "pending"].contains(row.text(0)), said: row.optionalInstant(1),
                asked: row.optionalInstant(2), booking: row.optionalInstant(3)
            )
        }
        if let asked = conversations.compactMap(\.asked).max(), asked + Sendability.supportPause > now {
            add(
                "human_support_requested", "The contact asked for a person.",
                until: asked + Sendability.supportPause
            )
        }
        if let until = conversations.compactMap(\.booking).max(), until > now {
            add(
                "pending_booking", "The contact was offered a meeting time and has not chosen yet.",
                until: until)
        }
        if let last = conversations.filter(\.isOpen).compactMap(\.said).max(),
            last + Sendability.conversationPause > now
        {
            add(
                "active_conversation", "The contact wrote: a conversation is in progress.",
                until: last + Sendability.conversationPause)
        }
    }
}

extension Message {
    /// Whether a person answers with it: no agent, no program, and no advertising.
    var isPersonsAnswer: Bool { writer.kind == .user && purpose == .transactional }

    /// As whom it speaks.
    var speaker: MessageLock.Holder { writer.speaker }

    var agent: String? { author["type"]?.text == "agent" ? author["id"]?.text : nil }
}
