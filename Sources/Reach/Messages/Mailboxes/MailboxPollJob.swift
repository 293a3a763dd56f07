internal import Agents
internal import Database
internal import Integrations
internal import JSON
internal import Jobs
internal import Mail
internal import Nouns
internal import Records
internal import Telemetry
internal import Templates

/// Looks into a mailbox once, takes in what is new, and plans the next look. Each batch of mails is stored together
/// with how far the box has been read: whatever happens, none is lost and none is there twice.
struct MailboxPollJob: JobKind {
    struct Payload: Codable, Sendable { let integration: IntegrationID }

    static let kind = "mailbox.poll"
    static let queue = "mailboxes"
    static let sizeMax = 25 << 20

    private static let batchBytesMax = 10 << 20
    /// In one poll; the next one follows at once.
    private static let mailsMax = 400
    private static let pauseMax: Duration = .seconds(3600)
    /// Polls in a row that may fail before somebody is told.
    private static let failuresMax = 5
    private static let silence = "mailbox_unreachable"

    let outbox: Outbox

    func timeout(_ payload: Payload) -> Duration { .seconds(900) }

    func run(_ payload: Payload, _ job: JobContext) async throws {
        guard !job.isSandbox else { return }
        let id = payload.integration
        let providers = outbox.integrations.providers
        let found = try job.read { reader in try Integration.resource.find(id, in: reader) }
        guard let integration = found, integration.isPolled(by: providers),
            let provider = providers[integration.provider] as? any MailboxReading
        else {
            return try await job.complete { tx in
                if found == nil { try tx.mailboxes.forgetPosition(of: id) }
            }
        }
        if let pause = try job.read({ try job.runtime.readingPause(ReadMailboxTool.name, in: $0) }) {
            return try await job.complete { tx in try tx.mailboxes.enqueuePoll(of: id, at: tx.now + pause) }
        }
        var look = ServiceRead(ReadMailboxTool.name, into: integration, job.runtime)
        var access: IntegrationAccess?
        do {
            let fresh = try await outbox.integrations.freshAccess(to: integration, of: job.tenant, provider)
            access = fresh
            let hasMore = try await pollByEither(integration, provider, fresh, job, &look)
            let keep = look.ended()
            let pause = hasMore ? .zero : integration.pollInterval
            try await job.complete { tx in
                try keep(tx)
                try tx.alerts.resolve(kind: Self.silence, subject: integration.subject)
                try tx.mailboxes.enqueuePoll(of: id, at: tx.now + pause)
            }
        } catch let failure as MailboxFailure {
            try await fail(integration, failure, access, look.ended(failure.ofCall), job)
        } catch let failure as OAuthFailure {
            // Where it was refused, the integration is marked already.
            try await fail(integration, .unreachable(failure.detail), nil, nil, job)
        }
    }

    private func fail(
        _ integration: Integration, _ failure: MailboxFailure, _ access: IntegrationAccess?,
        _ keep: (@Sendable (Transaction) throws -> Void)?, _ job: JobContext
    ) async throws {
        let id = integration.id
        try await job.complete { tx in
            try keep?(tx)
            guard let now = try Integration.resource.find(id, in: tx), now.status == .active else { return }
            if case .signInRefused(let detail) = failure, let access {
                // Mending the account begins the polls anew.
                if try !tx.integrations.fails(access, because: .cause("sign_in_refused", detail)) {
                    try tx.mailboxes.enqueuePoll(of: id)
                }
                return
            }
            var position = try tx.mailboxes.position(of: id)
            let failures = (position?.failures ?? 0) + 1
            position?.failures = failures
            if let position { try tx.mailboxes.save(position, of: id) }
            if failures >= Self.failuresMax {
                try tx.alerts.raise(
                    kind: Self.silence, severity: .warning, subject: integration.subject,
                    title: Saying(
                        "alert.mailbox_silent",
                        [
                            "name": .text(integration.name ?? integration.provider),
                            "detail": .saying(.cause(failure.ofCall.code, failure.detail)),
                        ]),
                    action: Saying("alert.mailbox_silent_do"))
            }
            let pause = integration.pollInterval.components.seconds << min(failures, 10)
            try tx.mailboxes.enqueuePoll(of: id, at: tx.now + min(.seconds(pause), Self.pauseMax))
        }
    }

    // MARK: One poll

    /// By the present credentials, or by those before the last rotation.
    private func pollByEither(
        _ integration: Integration, _ provider: any MailboxReading, _ access: IntegrationAccess,
        _ job: JobContext, _ look: inout ServiceRead
    ) async throws -> Bool {
        let hasMore = try await access.withEither(at: job.now, isRefused: { $0.refusesAccount }) {
            access async throws -> Result<Bool, MailboxFailure> in
            do {
                return .success(try await poll(integration, provider, access, job, &look))
            } catch let failure as MailboxFailure {
                return .failure(failure.redacted(by: access))
            }
        }
        return try hasMore.get()
    }

    /// Answers whether there is more to come.
    private func poll(
        _ integration: Integration, _ provider: any MailboxReading, _ access: IntegrationAccess,
        _ job: JobContext, _ look: inout ServiceRead
    ) async throws -> Bool {
        let (clock, mailbox) = (job.runtime.configuration.steadyClock, try await provider.open(access))
        defer { mailbox.close() }
        var position = try await start(integration, access, mailbox, job)
        let uids = try await mailbox.uids(above: position.uid)
        var left = uids.prefix(Self.mailsMax)[...], size = BatchSize()
        while !left.isEmpty {
            let start = clock()
            let batch = try await fetch(&left, position, size.mails, integration, mailbox, job)
            look.found += batch.arrivals.count + batch.tooLarge.count
            look.bytes += batch.bytes
            let (inbox, before) = (Inbox(outbox), position)
            position.uid = batch.last
            (position.polledAt, position.failures) = (job.now, 0)
            let after = position
            try await job.write { tx in
                guard try tx.mailboxes.position(of: integration.id) == before else { throw Overtaken() }
                for arrival in batch.arrivals {
                    // A copy of our own is no answer.
                    if let name = arrival.mail.messageID?.description, try tx.mailboxes.knowsMail(name) {
                        continue
                    }
                    try inbox.receive(arrival, in: tx)
                }
                for mail in batch.tooLarge { try tx.mailboxes.tell(mail, leftIn: integration) }
                try tx.mailboxes.save(after, of: integration.id)
            }
            if integration.settings["mark_seen"]?.flag == true {
                for uid in batch.read { try await mailbox.markSeen(uid) }
            }
            size.note(clock() - start, of: batch.read.count)
        }
        guard uids.count <= Self.mailsMax else { return true }
        try await rest(&position, integration, job)
        return false
    }

    /// The end of the box is reached.
    private func rest(
        _ position: inout MailboxPosition, _ integration: Integration, _ job: JobContext
    ) async throws {
        (position.resyncBefore, position.polledAt, position.failures) = (nil, job.now, 0)
        let end = position
        try await job.write { tx in try tx.mailboxes.save(end, of: integration.id) }
    }

    /// Where this poll begins: at the end of a box that is new, and at the start of one whose numbers have changed.
    private func start(
        _ integration: Integration, _ access: IntegrationAccess, _ mailbox: any OpenMailbox, _ job: JobContext
    ) async throws -> MailboxPosition {
        let settings = integration.settings
        let place = [
            access.baseURL, settings["imap_url"]?.text ?? "", settings["folder"]?.text ?? "INBOX",
            settings["mailbox"]?.text ?? access.credential("username"),
        ].joined(separator: "\n")
        let known = try job.read { try $0.mailboxes.position(of: integration.id) }
        if let known, known.place == place, known.validity == mailbox.validity { return known }
        var position = MailboxPosition(place: place, validity: mailbox.validity, uid: 0, polledAt: job.now)
        if let known, known.place == place {
            (position.since, position.resyncBefore) = (known.since, known.polledAt)
        } else if settings["from_start"]?.flag != true {
            (position.uid, position.since) = (try await mailbox.lastUID(), job.now)
        }
        let begun = position
        try await job.write { tx in
            guard try tx.mailboxes.position(of: integration.id) == known else { throw Overtaken() }
            try tx.mailboxes.save(begun, of: integration.id)
        }
        return position
    }

    private struct Batch: Sendable {
        var arrivals: [MailArrival] = []
        var read: [UInt32] = []
        var tooLarge: [UInt32] = []
        var last: UInt32 = 0
        var bytes = 0
    }

    private func fetch(
        _ left: inout ArraySlice<UInt32>, _ position: MailboxPosition, _ most: Int,
        _ integration: Integration, _ mailbox: any OpenMailbox, _ job: JobContext
    ) async throws -> Batch {
        var batch = Batch()
        while let uid = left.first, batch.read.count < most, batch.bytes < Self.batchBytesMax {
            left.removeFirst()
            batch.last = uid
            if try await isKnown(uid, position, mailbox, job) { continue }
            switch try await mailbox.fetch(uid, sizeMax: Self.sizeMax) {
            case .gone: break
            case .tooLarge: batch.tooLarge.append(uid)
            case .mail(let mime):
                batch.bytes += mime.count
                batch.arrivals.append(try await MailArrival(ReceivedMail(mime: mime), integration.id, job))
                batch.read.append(uid)
            }
        }
        return batch
    }

    /// Returns whether a mail was there under another number before.
    private func isKnown(
        _ uid: UInt32, _ position: MailboxPosition, _ mailbox: any OpenMailbox, _ job: JobContext
    ) async throws -> Bool {
        guard let before = position.resyncBefore else { return false }
        guard let glance = try await mailbox.glance(at: uid) else { return true }
        if let since = position.since, let at = glance.receivedAt, at < since { return true }
        if let name = glance.messageID { return try job.read { try $0.mailboxes.knowsMail(name) } }
        return glance.receivedAt.map { $0 < before } ?? true
    }

    /// Another poll of the same box has gone on meanwhile; the next attempt begins where that one is.
    private struct Overtaken: Error {}
}

extension Result where Failure == MailboxFailure {
    /// Whether the mailbox does not know us, by what we got in with.
    fileprivate var refusesAccount: Bool { if case .failure(.signInRefused) = self { true } else { false } }
}

extension MailboxFailure {
    /// Returns the failure without the secrets that the server may have repeated.
    fileprivate func redacted(by access: IntegrationAccess) -> MailboxFailure {
        switch self {
        case .signInRefused(let detail): .signInRefused(access.redacted(detail))
        case .unreachable(let detail): .unreachable(access.redacted(detail))
        }
    }
}

extension Integration {
    /// A minute at least.
    fileprivate var pollInterval: Duration { .seconds(60 * max(1, settings["poll_minutes"]?.int ?? 2)) }
}

extension MailboxStore where Base == Transaction {
    /// One look at a box at a time; one that waits is enough.
    func enqueuePoll(of integration: IntegrationID, at moment: Instant? = nil) throws {
        try tx.jobs.enqueue(
            MailboxPollJob.self, .init(integration: integration),
            JobOptions(
                runAt: moment, uniqueKey: integration, uniqueness: .untilStarted,
                subject: Subject(integration),
                limitKey: integration, limits: JobLimits(concurrency: 1)))
    }

    fileprivate func tell(_ uid: UInt32, leftIn integration: Integration) throws {
        let limit = MailboxPollJob.sizeMax >> 20
        try tx.publish(
            "mailbox.mail_left", integration.subject, ["uid": .integer(Int64(uid)), "reason": "too_large"])
        try tx.alerts.raise(
            kind: "mailbox_mail_left", severity: .warning, subject: integration.subject,
            title: Saying(
                "alert.mail_left",
                ["size": .number(Int(limit)), "name": .text(integration.name ?? integration.provider)]),
            action: Saying("alert.mail_left_do", ["number": .text("\(uid)")]))
    }
}
