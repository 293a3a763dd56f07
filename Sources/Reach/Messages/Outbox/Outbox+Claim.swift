internal import Agents
internal import Cryptography
internal import Database
internal import Integrations
internal import JSON
internal import Jobs
internal import Mail
internal import Nouns
internal import People
internal import Records
internal import Telemetry
internal import Templates
internal import Tenancy
internal import Wording

extension Outbox {
    enum Claim: Sendable {
        /// It has been dealt with otherwise.
        case gone
        case held(Sendability)
        /// This mailbox has sent enough today; another may have room.
        case full(Sendability)
        /// The connector may no longer be asked; another may.
        case busy
        /// It may leave now, and whoever reads this is the one to let it go.
        case claimed(Message, OutgoingMail?, Permit)
    }

    /// Returns whether a message may leave now.
    func sendability(of message: Message, in reader: some Queryable) throws -> Sendability {
        try sendability(
            of: message, to: reader.outbox.contact(message.contactID), of: reader.agency.tenant(), in: reader)
    }

    func sendability(
        of message: Message, to contact: Contact?, of tenant: Tenant, in reader: some Queryable
    ) throws -> Sendability {
        if message.purpose == .account { return try accountSendability(of: message, in: reader) }
        guard let contact else {
            return Sendability(reasons: [Reason("no_address", "The contact was deleted.")], from: nil)
        }
        var question = Sendability.Question(contact, message.channel, message.purpose)
        // Where there was no address when it was written, there may be one now.
        question.address =
            try message.settledRecipient
            ?? reader.identities.address(of: contact, on: message.channel, in: message.conversationID)
        (question.message, question.agent) = (message, message.agent)
        return try Sendability(question, dependencies, listeners, of: tenant, in: reader)
    }

    /// Returns whether a message about somebody's account may leave: at any hour, unless a brake stops it or the
    /// address has bounced.
    private func accountSendability(of message: Message, in reader: some Queryable) throws -> Sendability {
        var reasons: [Reason] = []
        for brake in try reader.brakes.all() where brake.stops(message) {
            reasons.append(Reason("brake", "All sending is stopped: \(brake.reason)"))
        }
        if let address = message.recipient,
            try reader.consents.suppressions(of: address, .email, for: .account).contains(where: {
                $0.reason == .bounce
            })
        {
            reasons.append(Reason("suppressed", "Email to the address bounced."))
        }
        return Sendability(reasons: reasons, from: nil)
    }

    /// Asks every rule, takes the lock, the budget and a place in the day's counts, and marks the message as leaving:
    /// all in one transaction, after whose commit it goes out.
    func claim(
        _ known: Message, integration: Integration?, by connector: Connector, _ why: CallReason?,
        words: ComposedMail? = nil, in tx: Transaction
    ) throws -> Claim {
        guard let message = try Message.resource.current(known, in: tx),
            message.status == .queued || message.status == .held && message.heldCode != "approval"
        else { return .gone }
        if let due = message.notBefore, due > tx.now {
            return .held(
                Sendability(
                    reasons: [Reason("scheduled", "The message is scheduled for later.", until: due)],
                    from: due)
            )
        }
        let tenant =
            try words.flatMap { try Tenant.resource.current($0.source.tenant, in: tx) } ?? tx.agency.tenant()
        let recipient = try tx.outbox.contact(message.contactID, known: words?.source.contact)
        if let refused = try askRules(of: message, to: recipient, of: tenant, tx) { return refused }
        let zone = tenant.zone
        if let integration, let full = try mailboxIsFull(integration, message, tenant, zone, tx) {
            return .full(full)
        }
        if let pace = try pace(of: message, tx) { return .held(pace) }
        if let refused = try lock(message, tx) { return refused }
        let composer = try composer(for: message, to: recipient ?? Contact(), of: tenant, integration, tx)
        do {
            var leaving = message
            let mail = try prepare(&leaving, by: composer, words, tx)
            let permit = try tx.outbox.permit(
                leaving.effect, by: connector, why, segments: leaving.segments ?? 1, deadline: Self.deadline)
            try tx.outbox.change(message, to: &leaving)
            try tx.sendCounts.add(leaving, zone)
            try tx.sendPace.keep(of: leaving)
            if let integration {
                try tx.integrationCredentials.noteUse(of: integration.id, by: leaving.writer)
            }
            return .claimed(leaving, mail, permit)
        } catch let unfit as MailComposer.Unfit {
            try release(message, tx)
            return .held(try hold(message, Sendability(reasons: [unfit.reason], from: nil), in: tx))
        } catch is ConnectorBusy {
            try release(message, tx)
            return .busy
        } catch let refusal as ToolRefusal {
            try release(message, tx)
            return .held(try hold(message, Sendability(refusal, at: tx.now, zone), in: tx))
        }
    }

    /// Asks whether the message may be sent at all, and now; returns what to answer where it may not.
    private func askRules(
        of message: Message, to recipient: Contact?, of tenant: Tenant, _ tx: Transaction
    ) throws -> Claim? {
        let sendability = try sendability(of: message, to: recipient, of: tenant, in: tx)
        if message.purpose == .marketing, message.channel == .email,
            sendability.reasons.allSatisfy({ $0.code == Sendability.missingList })
        {
            try tx.consents.askForUnsubscribeList()
        }
        if message.isTooLate(sendability, at: tx.now) {
            try cancel(
                message,
                because: Reason(
                    UnsuitableMoment.code, "The moment stayed unsuitable until it was too late."), in: tx)
            return .gone
        }
        return sendability.isSendable ? nil : .held(try hold(message, sendability, in: tx))
    }

    private func composer(
        for message: Message, to contact: Contact, of tenant: Tenant, _ integration: Integration?,
        _ tx: Transaction
    ) throws -> MailComposer {
        MailComposer(
            tenant: tenant, contact: contact, services: services, integration: integration,
            thread: try message.conversationID.map {
                try tx.conversations.threadIDs(of: $0, before: message.id)
            } ?? [],
            attachments: message.channel == .email ? try attachments(of: message, in: tx) : [],
            wording: { try tx.wordings.find(contact.locale ?? tenant.locale) })
    }

    /// Fills in a message as it leaves; returns its mail, where it is one.
    private func prepare(
        _ leaving: inout Message, by composer: MailComposer, _ words: ComposedMail?, _ tx: Transaction
    ) throws -> OutgoingMail? {
        leaving.recipient =
            try leaving.settledRecipient
            ?? tx.identities.address(
                of: composer.contact, on: leaving.channel, in: leaving.conversationID)
        var mail = leaving.channel == .email ? try composer.compose(leaving, words, at: tx.now) : nil
        if let domain = mail?.from.address.domain {
            mail?.signers = try tx.sendingDomains.signers(of: domain, services)
        }
        leaving.status = .sending
        (leaving.reasons, leaving.heldCode, leaving.brakeID) = (Parts(), nil, nil)
        leaving.attempts += 1
        leaving.integrationID = composer.integration?.id
        leaving.internetID = mail?.messageID.description
        leaving.sender = mail?.from.address.description
        if leaving.purpose != .account { leaving.html = mail?.html }
        (leaving.errorCode, leaving.errorDetail) = (nil, nil)
        return mail
    }

    /// The longest time that handing a message over may take.
    private static let deadline: Duration = .seconds(60)

    /// Takes the lock for the moment of sending; what to answer where that is refused.
    private func lock(_ message: Message, _ tx: Transaction) throws -> Claim? {
        guard let contact = message.contactID else { return nil }
        switch try tx.messageLocks.take(
            on: contact, message.speaker, owner: message.lockOwner, for: .seconds(120), knowing: message.fence
        )
        {
        case .held: return nil
        case .refused(let lock):
            let locked = Reason("locked", lock.inWords, until: lock.expiresAt)
            return .held(try hold(message, Sendability(reasons: [locked], from: lock.expiresAt), in: tx))
        case .stale:
            try cancel(
                message,
                because: Reason(
                    "lock_lost", "The conversation was taken over after the message was written."), in: tx)
            return .gone
        }
    }

    private func release(_ message: Message, _ tx: Transaction) throws {
        guard let contact = message.contactID else { return }
        try tx.messageLocks.release(on: contact, owner: message.lockOwner)
        try tx.heldMessages.lookAgain(at: contact, heldFor: "locked")
    }

    private func attachments(of message: Message, in tx: Transaction) throws -> [OutgoingMail.Attachment] {
        try message.attachments.compactMap { id in
            guard let file = try StoredFile.resource.find(id, in: tx) else {
                return nil
            }
            return OutgoingMail.Attachment(
                name: HeaderText(cleaning: file.name), mediaType: file.mediaType,
                bytes: try tx.files.content(of: file))
        }
    }

    // MARK: Counts and pace

    private func mailboxIsFull(
        _ integration: Integration, _ message: Message, _ tenant: Tenant, _ zone: TimeZoneRules,
        _ tx: Transaction
    ) throws -> Sendability? {
        guard message.purpose == .marketing else { return nil }
        // A mailbox may send from another domain than the agency's, about which was asked already.
        if let own = integration.settings["from"]?.text.flatMap({ EmailAddress($0)?.domain }),
            own != tenant.sender.flatMap({ EmailAddress($0.email)?.domain }),
            let reason = try tx.sendingDomains.reason(own, tenant, zone)
        {
            return Sendability(reasons: [reason], from: reason.until)
        }
        let limit = (tenant.sending ?? SendingLimits()).perMailboxPerDay
        guard try tx.sendCounts.today(SendScope.mailbox(integration.id), zone) >= limit else {
            return nil
        }
        let until = zone.nextDay(after: tx.now)
        return Sendability(
            reasons: [
                Reason(
                    "daily_cap", "The mailbox has reached its limit of \(limit) emails a day.", until: until)
            ],
            from: until)
    }

    /// Returns why a message waits for its turn, or `nil`. A message that did not get away in its turn keeps it.
    private func pace(of message: Message, _ tx: Transaction) throws -> Sendability? {
        guard let scope = message.paceScope, message.attempts == 0,
            let turn = try tx.sendPace.turn(of: message, scope), turn > tx.now
        else { return nil }
        return Sendability(
            reasons: [Reason("spacing", "The message waits for its turn.", until: turn)], from: turn)
    }

    // MARK: What came of it

    /// Notes why a message does not leave; answers the same. What nobody wants any more is taken back.
    @discardableResult
    func hold(_ message: Message, _ sendability: Sendability, in tx: Transaction) throws -> Sendability {
        guard let first = sendability.reasons.first else { return sendability }
        if let end = sendability.reasons.first(where: \.takesBack) {
            try cancel(message, because: end, in: tx)
            return Sendability(reasons: [end], from: nil)
        }
        guard message.status != .held || message.reasons.list != sendability.reasons else {
            return sendability
        }
        var held = message
        try held.hold(because: sendability.reasons, in: tx)
        try tx.outbox.change(message, to: &held)
        try tx.outbox.tellApproval(of: held)
        if message.status != .held || message.heldCode != held.heldCode {
            try tx.outbox.auditSending(of: held)
            try tx.publish("message.held", message.subjectOfEvents, held.payload)
            tx.refusals.refuse(
                .send, agent: message.agent, message.subjectOfEvents, code: first.code, first.detail,
                run: message.runID)
        }
        return sendability
    }

    /// Writes down what a service said, and what follows from it. `tenant`: as it was a moment ago.
    func settle(
        _ message: Message, _ said: SendOutcome, _ permit: Permit? = nil, of tenant: Tenant? = nil,
        in tx: Transaction
    ) throws {
        guard let present = try Message.resource.current(message, in: tx) else { return }
        // A hook may have told more, and sooner than the answer came.
        let isHeard = [.delivered, .bounced, .failed].contains(present.status)
        let outcome = isHeard ? .accepted(providerID: said.providerID) : said
        var settled = present
        switch outcome {
        case .accepted(let id):
            settled.sentAt = present.sentAt ?? tx.now
            settled.captured = tx.sandboxClock.isSandbox
            settled.providerID = id ?? present.providerID
            settled.sealedLink = nil
            if !isHeard {
                settled.status = .sent
                (settled.errorCode, settled.errorDetail) = (nil, nil)
                try tx.clientPortal.tellClient(of: settled)
            }
            try tx.sendingDomains.count(.sent, of: settled, tenant)
        case .refused(let refusal):
            // Another service may take it where this one does not know us.
            settled.status =
                switch refusal.cause {
                case .recipient, .unwanted: .bounced
                case .message, .permission: .failed
                case .account: .queued
                }
            (settled.errorCode, settled.errorDetail) = (refusal.code, String(refusal.detail.prefix(1000)))
            if refusal.cause == .unwanted, let address = settled.recipient {
                try tx.consents.suppress(
                    address, settled.channel, .unsubscribe, message: settled.id,
                    note: String(refusal.detail.prefix(500)), scope: .all)
            }
            if refusal.cause == .recipient, let address = settled.recipient {
                try tx.consents.suppress(
                    address, settled.channel, .bounce, message: settled.id,
                    note: String(refusal.detail.prefix(500)))
                try tx.sendingDomains.count(.sent, of: settled, tenant)
                try tx.sendingDomains.count(.bounced, of: settled, tenant)
                try tx.messages.note(.sent, of: settled, tenant)
                try tx.messages.note(.bounced, of: settled, tenant)
            }
        case .later(let code, let detail, _):
            settled.status = .queued
            (settled.errorCode, settled.errorDetail) = (code, String(detail.prefix(1000)))
        case .unknown(let detail):
            settled.status = .unknown
            (settled.errorCode, settled.errorDetail) = ("unknown", String(detail.prefix(1000)))
            try tx.alerts.raise(
                kind: "message_unknown", severity: .warning, subject: settled.subjectOfEvents,
                title: Saying(
                    "alert.message_unknown",
                    [
                        "has_recipient": .flag(settled.recipient != nil),
                        "recipient": .text(settled.recipient ?? ""),
                    ]),
                action: Saying("alert.message_unknown_do"))
        }
        // Once the service is well again, it need not wait for the end of its pause.
        settled.heldCode = settled.status == .queued ? HeldMessages.retrying : nil
        if settled.status == .queued, present.status == .sending {
            try tx.sendCounts.takeBack(present, tx.agency.zone())
        }
        try tx.outbox.change(present, to: &settled)
        try tx.outbox.tellApproval(of: settled)
        try tx.outbox.auditSending(of: settled, after: present)
        if settled.sentAt != nil, present.sentAt == nil { try tx.outreachCounts.noteSent(settled, tenant) }
        try tx.outbox.settle(outcome.end(permit, in: tx), permit, of: present)
        try release(settled, tx)
        guard !isHeard else { return }
        try tx.conversations.note(settled.status.rawValue, of: settled.id, detail: settled.errorDetail)
        try tell(settled, in: tx)
    }

    private func tell(_ message: Message, in tx: Transaction) throws {
        let turn: MessageChange
        switch message.status {
        case .sent: turn = .sent
        case .bounced: turn = .bounced
        case .failed: turn = .failed
        case .unknown: turn = .unknown
        default: return
        }
        try tx.publish("message.\(message.status.rawValue)", message.subjectOfEvents, message.payload)
        try tx.outbox.noteArrival(of: message)
        try listeners.tell(turn, of: message, in: tx)
    }
}

extension OutboxStore {
    /// A contact as it is now; `known`: as it, or another, was a moment ago.
    func contact(_ id: ContactID?, known: Contact? = nil) throws -> Contact? {
        if let known, known.id == id { return try Contact.resource.current(known, in: tx) }
        return try id.flatMap { try Contact.resource.find($0, in: tx) }
    }
}

extension Sendability {
    init(reasons: [Reason], from: Instant?) { (self.reasons, self.from) = (reasons, from) }
}

extension Message {
    /// Holds the message back. What somebody has to end counts before what ends by itself.
    mutating func hold(because reasons: [Reason], in reader: some Queryable) throws {
        let message = self
        status = .held
        self.reasons = Parts(reasons)
        heldCode = (reasons.first { $0.until == nil } ?? reasons.first)?.code
        brakeID = try heldCode == "brake" ? reader.brakes.all().first { $0.stops(message) }?.id : nil
    }

    /// The address that it was written to; `nil` where that would bounce, since there may be a better one now.
    fileprivate var settledRecipient: String? { heldCode == Sendability.undeliverable ? nil : recipient }

    /// The owner of the lock while it leaves: in a chat whoever has taken it to say this, else the message.
    var lockOwner: String {
        // In a chat another owner would raise the fence, and a second attempt be late for the first.
        writer.kind == .system && fence == nil ? id.keyText : writer.lockOwner
    }
}
