internal import Agents
internal import Cryptography
package import Database
internal import HTTPServer
internal import JSON
internal import Jobs
internal import Mail
internal import Nouns
internal import People
internal import Records
internal import Telemetry
internal import Tenancy

extension Inbox {
    /// Stores a mail that came in, and what follows from it at once: sequences stop, wishes to be left alone are
    /// heeded. One that is there already, however it came, is stored once.
    @discardableResult
    package func receive(_ arrival: MailArrival, in tx: Transaction) throws -> Message? {
        let mail = arrival.mail, judgement = arrival.judgement
        let internetID = mail.messageID?.description
        if let internetID,
            try tx.exists(
                """
                SELECT 1 FROM messages
                WHERE tenant_id = \(tx.tenant) AND internet_id = \(internetID) AND direction = 'inbound'
                """)
        {
            return nil
        }
        if let report = mail.report { try hear(report, in: tx) }
        let original = try tx.inbox.original(of: mail)
        guard let contact = try tx.inbox.sender(of: mail, answering: original) else { return nil }
        var message = Message.new(id: tx.nextID(), now: tx.now)
        (message.direction, message.status, message.channel) = (.inbound, .received, .email)
        message.contactID = contact.id
        message.clientID = contact.clientID
        message.conversationID =
            try original?.conversationID
            ?? tx.conversations.findOrMake(of: contact, .email, subject: mail.subject)
        message.subject = String(mail.subject.prefix(998))
        message.text = judgement.text
        message.body = mail.text
        message.html = mail.html
        message.author = [
            "type": "contact", "id": JSON(contact.id), "name": .string(contact.name),
        ]
        message.sender = mail.from?.address.description
        message.recipient = mail.recipients.first
        message.integrationID = arrival.integration
        (message.internetID, message.inReplyTo) = (internetID, mail.inReplyTo?.description)
        message.references = mail.references.suffix(20).map(\.description)
        (message.replyClass, message.confidence) = (judgement.replyClass, judgement.confidence)
        message.evidence = judgement.evidence
        message.isAutomatic = judgement.isAutomatic
        message.attachments = try arrival.files.map { content, name in
            try tx.files.create(content, name: name, client: contact.clientID, by: .system).id
        }
        try Message.resource.insert(&message, in: tx)
        try tx.conversations.touch(message)
        try tx.publish("message.received", message.subjectOfEvents, message.payload)
        try answer(message, original, contact, judgement, in: tx)
        return message
    }

    /// Acts on the meaning of a message, in the transaction that stores it.
    private func answer(
        _ message: Message, _ original: Message?, _ contact: Contact, _ judgement: Judgement,
        in tx: Transaction
    ) throws {
        if judgement.replyClass == .unsubscribe {
            for address in Set([message.sender, contact.email, original?.recipient].compactMap(\.self)) {
                try tx.consents.suppress(
                    address, .email, .unsubscribe, message: message.id,
                    note: "The contact asked for it in a mail.")
            }
            try tx.publish(
                "contact.unsubscribed", contact.subject,
                ["channel": "email", "message_id": JSON(message.id)])
        }
        if let privacy = judgement.privacy {
            for listener in outbox.replyListeners {
                try listener.asked(privacy, by: contact, in: message, tx)
            }
        }
        if let day = judgement.awayUntil { try tx.inbox.leaveAlone(contact, until: day) }
        guard judgement.isAnswer else { return }
        try tx.engagement.record(
            .messageReply, of: contact.id, on: message.channel, fact: "reply/\(message.id)")
        for listener in outbox.replyListeners { try listener.answered(by: contact, in: tx) }
        let answered = try original ?? tx.inbox.lastSent(to: contact)
        try note(message, asAnswerTo: answered, in: tx)
        try tx.publish(
            "message.replied", message.subjectOfEvents,
            message.payload.adding(["answers": JSON(answered?.id)]))
    }

    /// Notes the answer to a message, and tells the listener that had the message sent.
    func note(_ message: Message, asAnswerTo answered: Message?, in tx: Transaction) throws {
        if let answered {
            if answered.repliedAt == nil {
                var replied = answered
                replied.repliedAt = tx.now
                try tx.outbox.change(answered, to: &replied)
                try tx.conversations.note("replied", of: answered.id)
                try tx.outreachCounts.noteReply(to: replied)
                try tx.preferences.noteAnswer(to: answered, at: tx.now)
            }
            try outbox.listeners.tell(.replied(message), of: answered, in: tx)
        }
    }

    // MARK: What became of ours

    /// Applies a service's report on a message that we sent.
    package func hear(_ event: DeliveryEvent, in tx: Transaction) throws {
        let message = try tx.inbox.message(of: event)
        if let message, let recipient = event.recipient.map({ Suppression.normal($0, message.channel) }),
            let own = message.recipient.map({ Suppression.normal($0, message.channel) }), own != recipient
        {
            // A forwarded copy has a fate of its own.
            return
        }
        var isMachine = event.isMachine || looksLikeMachine(event)
        if let message, let link = event.detail, event.kind == .clicked, !isMachine {
            isMachine = try isHasty(link, of: message, at: event.at.map { min($0, tx.now) } ?? tx.now, in: tx)
        }
        if isMachine, event.kind == .opened || event.kind == .clicked {
            guard let message else { return }
            let isFirst = try tx.engagement.recordMachine(event.kind, message)
            if isFirst {
                let turn: MessageChange = event.kind == .opened ? .openedByMachine : .clickedByMachine
                try outbox.listeners.tell(turn, of: message, in: tx)
            }
            return
        }
        try hear(
            event.kind, of: message, recipient: event.recipient ?? message?.recipient, event.detail,
            at: event.at.map { min($0, tx.now) }, providerID: event.providerID, in: tx)
    }

    /// Returns whether what a service tells of a reader shows a program, by the rule of our own links.
    private func looksLikeMachine(_ event: DeliveryEvent) -> Bool {
        guard event.kind == .opened || event.kind == .clicked else { return false }
        if let agent = event.agent, LinkScanner.isLikely(userAgent: agent, purpose: nil) { return true }
        guard let address = event.address.flatMap({ RemoteAddress($0) }) else { return false }
        return LinkScanner.isGateway(address, in: outbox.services)
    }

    private func hear(_ report: MailReport, in tx: Transaction) throws {
        let message = try report.originalMessageID.flatMap {
            try tx.inbox.outbound(internetID: $0.description)
        }
        let kind: DeliveryEvent.Kind =
            switch report.kind {
            case .hardBounce: .bounced
            case .softBounce: .softBounced
            case .delayed: .deferred
            case .delivered: .delivered
            case .complaint: .complained
            }
        // A report that names no mail of ours may be anybody's: only who was written to is stopped by it.
        guard let message else { return }
        try hear(
            kind, of: message, recipient: message.recipient,
            [report.status, report.diagnostic].compactMap(\.self).joined(separator: " "), at: nil, in: tx)
    }

    private func hear(
        _ kind: DeliveryEvent.Kind, of message: Message?, recipient: String?, _ detail: String?,
        at: Instant?, providerID: String? = nil, in tx: Transaction
    ) throws {
        // An event out of order takes nothing back: a text that has arrived has not failed.
        if let message, message.channel != .email, message.status == .delivered,
            [.sent, .failed, .bounced].contains(kind)
        {
            return try tx.conversations.note(
                kind.rawValue, of: message.id, detail: detail.map { String($0.prefix(500)) }, at: at)
        }
        if let recipient { try stop(kind, recipient, message, detail, in: tx) }
        guard let message else { return }
        if kind == .complained, try !tx.conversations.hasNote(kind.rawValue, of: message.id) {
            try tx.sendingDomains.count(.complained, of: message)
        }
        try tx.conversations.note(
            kind.rawValue, of: message.id, detail: detail.map { String($0.prefix(500)) }, at: at)
        var heard = message, turn: MessageChange?
        let when = at ?? tx.now
        switch kind {
        case .unsubscribed:
            try tx.publish(
                "contact.unsubscribed", Subject(type: "contact", id: message.contactID?.keyText ?? ""),
                ["channel": .string(message.channel.rawValue), "message_id": JSON(message.id)])
        case .complained: try tx.publish("message.complained", message.subjectOfEvents, message.payload)
        case .delivered where [.sending, .sent, .unknown].contains(message.status):
            (heard.status, heard.deliveredAt, turn) = (.delivered, when, .delivered)
        case .bounced where [.sending, .sent, .delivered, .unknown].contains(message.status):
            (heard.status, turn) = (.bounced, .bounced)
            (heard.errorCode, heard.errorDetail) = ("bounced", detail.map { String($0.prefix(1000)) })
        case .rejected where [.sent, .unknown].contains(message.status):
            (heard.status, turn) = (.failed, .failed)
            (heard.errorCode, heard.errorDetail) = ("rejected", detail.map { String($0.prefix(1000)) })
        // The service's own answer tells it, where that was heard.
        case .sent where message.status == .unknown: (heard.status, heard.sentAt) = (.sent, when)
        case .failed
        where [.sent, .unknown].contains(message.status)
            || message.status == .sending && message.channel != .email:
            (heard.status, turn) = (.failed, .failed)
            (heard.errorCode, heard.errorDetail) = ("refused", detail.map { String($0.prefix(1000)) })
        case .opened where message.openedAt == nil: (heard.openedAt, turn) = (when, .opened)
        case .clicked where message.clickedAt == nil:
            (heard.clickedAt, turn) = (when, .clicked)
            if heard.openedAt == nil { heard.openedAt = when }
        default: break
        }
        guard turn != nil || heard.status != message.status else { return }
        heard.providerID = message.providerID ?? (message.channel == .email ? nil : providerID)
        if kind == .bounced { try tx.sendingDomains.count(.bounced, of: message) }
        if heard.status == .delivered || heard.status == .bounced { heard.sentAt = message.sentAt ?? when }
        if message.status == .unknown {
            try tx.alerts.resolve(kind: "message_unknown", subject: message.subjectOfEvents)
        }
        try tx.outbox.change(message, to: &heard)
        // It may be known that it arrived before the service has said that it took it.
        if heard.sentAt != nil, message.sentAt == nil {
            try tx.outreachCounts.noteSent(heard)
            try outbox.listeners.tell(.sent, of: heard, in: tx)
        }
        if try tx.engagement.record(turn, of: heard, at: when) {
            try tx.preferences.noteAnswer(to: heard, at: when)
        }
        for figure in heard.figures(since: message) { try tx.messages.note(figure, of: heard) }
        try tx.publish("message.\(kind.rawValue)", heard.subjectOfEvents, heard.payload)
        if heard.status != message.status { try tx.outbox.noteArrival(of: heard) }
        if let turn { try outbox.listeners.tell(turn, of: heard, in: tx) }
    }

    /// Addresses that must not be written to any more.
    private func stop(
        _ kind: DeliveryEvent.Kind, _ recipient: String, _ message: Message?, _ detail: String?,
        in tx: Transaction
    ) throws {
        let reason: Suppression.Reason
        switch kind {
        case .bounced, .rejected: reason = .bounce
        case .complained: reason = .complaint
        case .unsubscribed: reason = .unsubscribe
        default: return
        }
        try tx.consents.suppress(
            recipient, message?.channel ?? .email, reason, message: message?.id,
            note: detail.map { String($0.prefix(500)) })
    }
}

extension EngagementStore where Base == Transaction {
    /// Records that a message was read, or one of its links followed, the first time; answers whether it was.
    fileprivate func record(_ turn: MessageChange?, of message: Message, at moment: Instant) throws -> Bool {
        let (kind, fact): (ContactActivity.Kind, String)
        switch turn {
        case .opened: (kind, fact) = (.messageRead, "opened/\(message.id)")
        case .clicked: (kind, fact) = (.linkClick, "clicked/\(message.id)")
        default: return false
        }
        return try record(kind, of: message.contactID, on: message.channel, fact: fact, at: moment) != nil
    }

    /// Records that a program has looked at a message: that is kept apart, and counts for nothing. Answers whether it
    /// was the first time.
    fileprivate func recordMachine(_ kind: DeliveryEvent.Kind, _ message: Message) throws -> Bool {
        try record(
            kind == .clicked ? .linkClick : .messageRead, of: message.contactID, on: message.channel,
            fact: "machine/\(kind.rawValue)/\(message.id)", .machine) != nil
    }
}

extension PreferenceStore where Base == Transaction {
    /// Counts that whoever got a message has answered it, read it or followed a link of it.
    fileprivate func noteAnswer(to message: Message, at moment: Instant) throws {
        guard let contact = message.contactID else { return }
        try noteAnswer(of: contact, to: message.text, content: message.content, at: moment)
    }
}

extension InboxStore where Base == Transaction {
    /// The mail of ours that an answer belongs to: by its headers, the newest first, else by the token in the
    /// address that it came to.
    fileprivate func original(of mail: ReceivedMail) throws -> Message? {
        var ids = mail.references.suffix(20).reversed().map(\.description)
        if let direct = mail.inReplyTo?.description { ids.insert(direct, at: 0) }
        if let report = mail.report?.originalMessageID?.description { ids.insert(report, at: 0) }
        for id in ids { if let found = try outbound(internetID: id) { return found } }
        for recipient in mail.recipients {
            guard let local = recipient.split(separator: "@").first, let plus = local.firstIndex(of: "+")
            else { continue }
            let token = local[local.index(after: plus)...].lowercased()
            let conversation = try tx.first(
                "SELECT id FROM conversations WHERE tenant_id = \(tx.tenant) AND token = \(token)"
            ) { $0.text(0) }
            guard let conversation else { continue }
            let last = try Message.resource.first(
                where: "conversation_id = \(conversation) AND direction = 'outbound' AND sent_at IS NOT NULL",
                suffix: "ORDER BY id DESC LIMIT 1", in: tx)
            if let last { return last }
        }
        return nil
    }

    fileprivate func outbound(internetID: String) throws -> Message? {
        try Message.resource.first(
            where: "internet_id = \(internetID) AND direction = 'outbound'", suffix: "LIMIT 1", in: tx)
    }

    fileprivate func message(of event: DeliveryEvent) throws -> Message? {
        if let id = event.messageID,
            let found = try Message.resource.find(id, in: tx)
        {
            return found
        }
        if let id = event.providerID,
            let found = try Message.resource.first(
                where: "provider_id = \(id) AND direction = 'outbound'", suffix: "LIMIT 1", in: tx)
        {
            return found
        }
        return try event.internetID.flatMap { try outbound(internetID: $0.description) }
    }

    /// Returns the sender of an email: a contact known by the address, be it that of one who was merged with them, the
    /// contact whom the original went to, or a new one. `nil` where it names no sender, or is a report, and answers
    /// nothing of ours.
    fileprivate func sender(of mail: ReceivedMail, answering original: Message?) throws -> Contact? {
        if let address = mail.from?.address.key {
            // Several may share an address: then it is the one whom we wrote to.
            if let id = original?.contactID, let asked = try Contact.resource.find(id, in: tx),
                asked.email == address
            {
                return asked
            }
            let known = try Contact.resource.first(
                where: "email = \(address)", suffix: "ORDER BY row LIMIT 1", in: tx)
            if let found = try known ?? tx.contacts.heir(of: address) { return found }
        }
        // Reports, and machines' answers from another address, belong to whom we wrote.
        if let contact = original?.contactID, mail.report != nil || mail.isAutomatic || mail.from == nil {
            return try Contact.resource.find(contact, in: tx)
        }
        guard let from = mail.from, mail.report == nil else { return nil }
        var contact = Contact.new(id: tx.nextID(), now: tx.now)
        contact.name = from.name?.description.trimmed ?? ""
        if contact.name.isEmpty { contact.name = from.address.key }
        contact.email = from.address.key
        try tx.create(&contact, by: .system)
        return contact
    }

    /// The message that a mail without a reference answers: the last mail, or where none was sent, whatever was last.
    fileprivate func lastSent(to contact: Contact) throws -> Message? {
        try Message.resource.first(
            where: """
                contact_id = \(contact.id) AND direction = 'outbound' AND sent_at > \(tx.now - .seconds(90 * 86_400))
                """, suffix: "ORDER BY CASE channel WHEN 'email' THEN 0 ELSE 1 END, id DESC LIMIT 1", in: tx)
    }

    /// They are away, or want to be asked later: nothing of our own accord until a day is over.
    fileprivate func leaveAlone(_ contact: Contact, until day: CivilDate) throws {
        let own = TimeZoneRules(named: try tx.agency.tenant().timeZone) ?? .utc
        let next = LocalTime(CivilDate(daysSinceEpoch: day.daysSinceEpoch + 1), hour: 0)
        // The day was reckoned by the agency's calendar, and is theirs: it has to be over for both.
        let after = max(
            own.firstInstant(atOrAfter: next), contact.zone(own).firstInstant(atOrAfter: next))
        guard after > tx.now, contact.contactAfter.map({ $0 < after }) ?? true else { return }
        var away = contact
        away.contactAfter = after
        try tx.update(contact, to: &away, by: .system, action: "contact.away")
    }
}
