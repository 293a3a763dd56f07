internal import Agents
package import Database
internal import JSON
package import Jobs
internal import Nouns
internal import People
internal import Records
internal import Telemetry
internal import Templates
internal import Tenancy

/// Hears what begins to wait for clients' people, and has each of them told as often as they want to be: at once, or of
/// everything that waits once a day or a week.
package struct PortalNotices: EventConsumer {
    package init() {}

    package func begin(_ runtime: Runtime) {}

    /// The time for which an answer in the portal may wait to be read there.
    private static let untilUnread = Duration.seconds(600)

    package func published(_ event: () -> Event, in tx: Transaction) throws {
        let event = event()
        switch event.type {
        case "deliverable.with_client", "content_item.with_client", "content_item.reminded":
            guard let data = try? JSONParser.parse(event.data), let client: ClientID = data["client_id"]?.id()
            else { return }
            try tx.clientPortal.tellPeople(
                of: client, who: "portal:approve", of: event.subject.id, at: tx.now)
        case "message.sent":
            guard event.data.containsBytes("\"portal\""), let data = try? JSONParser.parse(event.data),
                data["channel"]?.text == Channel.portal.rawValue,
                let contact: ContactID = data["contact_id"]?.id(),
                let conversation = data["conversation_id"]?.text
            else { return }
            try tx.clientPortal.tell(contact: contact, of: conversation, at: tx.now + Self.untilUnread)
        default: return
        }
    }
}

extension ClientPortalStore where Base == Transaction {
    /// Tells all of a client's people who may do something about it; the client's own contact where there is none.
    fileprivate func tellPeople(
        of client: ClientID, who permission: Permission, of subject: String, at time: Instant
    ) throws {
        let people = try User.resource.all(
            where: "client_id = \(client) AND role = 'client' AND status = 'active'",
            suffix: "ORDER BY row LIMIT 200", in: tx)
        for user in people where user.clientRole?.permissions.contains(permission) == true {
            try tell(user, of: subject, at: time)
        }
        if people.isEmpty {
            try tx.jobs.enqueue(
                PortalNoticeJob.self, .init(client: client, user: nil, subject: subject),
                JobOptions(runAt: time, uniqueKey: "\(client)/\(subject)", uniqueness: .untilStarted))
        }
    }

    fileprivate func tell(contact: ContactID, of subject: String, at time: Instant) throws {
        guard
            let client = try Contact.resource.find(contact, in: tx)?
                .clientID
        else { return }
        let user = try User.resource.first(
            where: "client_id = \(client) AND contact_id = \(contact) AND status = 'active'",
            suffix: "LIMIT 1", in: tx)
        if let user { try tell(user, of: subject, at: time) }
    }

    private func tell(_ user: User, of subject: String, at time: Instant) throws {
        let frequency = user.notifications?.frequency ?? .immediate
        let isNow = frequency == .immediate
        let zone = TimeZoneRules(named: try tx.agency.tenant().timeZone) ?? .utc
        try tx.jobs.enqueue(
            PortalNoticeJob.self,
            .init(client: user.clientID ?? .unset, user: user.id, subject: isNow ? subject : nil),
            JobOptions(
                runAt: isNow ? time : zone.nextDigest(frequency, after: tx.now),
                uniqueKey: "\(user.id)/\(isNow ? subject : "digest")", uniqueness: .untilStarted,
                subject: user.subject))
    }
}

extension TimeZoneRules {
    /// Eight in the morning of the next day, or of the next Monday.
    fileprivate func nextDigest(
        _ frequency: NotificationPreferences.Frequency, after now: Instant
    ) -> Instant {
        var day = local(of: now).date.adding(days: 1)
        // The first of January 1970 was a Thursday.
        while frequency == .weekly, ((day.daysSinceEpoch + 3) % 7 + 7) % 7 != 0 { day = day.adding(days: 1) }
        return firstInstant(atOrAfter: LocalTime(date: day, secondsOfDay: 8 * 3600))
    }
}

/// Writes to one of a client's people what waits for them, each with a link that does that one thing. What was done
/// meanwhile is not told any more.
struct PortalNoticeJob: JobKind {
    struct Payload: Codable, Sendable {
        let client: ClientID
        /// Nobody: the client's own contact.
        let user: UserID?
        /// The subject that the notice is about; `nil`: everything that waits.
        let subject: String?
    }

    static let kind = "portal.notice"
    private let outbox: Outbox

    init(_ outbox: Outbox) { self.outbox = outbox }

    func run(_ payload: Payload, _ job: JobContext) async throws {
        let outbox = outbox
        let found = try job.read { reader -> (Contact, Channel, [PortalWaiting])? in
            guard let (contact, wished, portal, held) = try outbox.reader(of: payload, in: reader) else {
                return nil
            }
            let waiting = try outbox.services.portal.standing(of: portal, holding: held, in: reader).waiting
            return (contact, wished, waiting.filter { payload.concerns($0) })
        }
        guard let (contact, wished, waiting) = found, let newest = waiting.map(\.since).max() else { return }
        try await job.complete { tx in
            let channel = try outbox.channels.mayWrite(to: contact, on: wished, in: tx) ? wished : .email
            let notice = try PortalNotice(to: contact, waiting, outbox.services, in: tx)
            let about = payload.subject ?? "digest"
            let isMail = channel == .email
            var draft = MessageDraft(
                channel, to: contact, .transactional, subject: isMail ? notice.subject : nil,
                body: isMail ? notice.body : notice.text, by: .system, cause: .init("portal", payload.client),
                key: "\(contact.id)/\(about)/\(newest.microseconds)/\(tx.now.microseconds / 3_600_000_000)")
            if !isMail { draft.text = notice.text }
            draft.why = MessageWhy.waits.saying()
            try outbox.send(draft, in: tx)
        }
    }
}

extension PortalNoticeJob.Payload {
    fileprivate func concerns(_ waiting: PortalWaiting) -> Bool {
        subject.map { $0 == waiting.id } ?? true
    }
}

extension Outbox {
    /// Returns the contact to notify, the channel that they wish for, and their portal access with its permissions;
    /// `nil` where there is nobody to notify.
    fileprivate func reader(
        of payload: PortalNoticeJob.Payload, in reader: Reader
    ) throws -> (Contact, Channel, PortalCall, Set<Permission>)? {
        guard let id = payload.user else {
            guard
                let contact = try services.portal.mainContact(of: payload.client, in: reader)
                    .flatMap({ try Contact.resource.find($0, in: reader) })
            else { return nil }
            let portal = PortalCall(clientID: payload.client, userID: .unset, contactID: contact.id)
            return (contact, try channels.stated(of: contact, in: reader), portal, ["portal:approve"])
        }
        guard let user = try User.resource.find(id, in: reader),
            user.status == .active, let portal = user.portal, portal.clientID == payload.client,
            try services.portal.clientName(payload.client, in: reader) != nil,
            let contact = try portal.contactID.flatMap({
                try Contact.resource.find($0, in: reader)
            })
        else { return nil }
        let wished = Channel(user.notifications?.noticeChannel ?? .email)
        return (contact, wished, portal, user.clientRole?.permissions ?? [])
    }
}
