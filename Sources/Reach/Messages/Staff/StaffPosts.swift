internal import Agents
package import Database
internal import Integrations
internal import JSON
package import Jobs
internal import Nouns
internal import People
internal import Records
internal import Telemetry
internal import Templates
internal import Tenancy
internal import Wording

/// Has staff asked and told in their chat: of each approval, and of alerts that are more than a note.
package struct StaffWatch: EventConsumer {
    private let outbox: Outbox

    package init(_ outbox: Outbox) { self.outbox = outbox }

    package func begin(_ runtime: Runtime) {}

    private static let ends: Set<String> = [
        "approval.approved", "approval.rejected", "approval.expired", "approval.withdrawn", "alert.resolved",
    ]

    package func published(_ event: () -> Event, in tx: Transaction) throws {
        let event = event()
        switch event.type {
        case "approval.requested": break
        case "alert.raised":
            guard JSON(stored: event.data)["severity"]?.text != Alert.Severity.info.rawValue else { return }
        default:
            guard Self.ends.contains(event.type), try tx.staff.isPosted(event.subject.id) else { return }
        }
        guard !tx.sandboxClock.isSandbox else { return }
        for integration in try tx.integrations.all(for: .chat) {
            guard let chat = outbox.integrations.providers[integration.provider] as? any StaffChat,
                chat.place(integration.settings) != nil
            else { continue }
            try tx.jobs.enqueue(
                StaffPostJob.self, .init(integration: integration.id, subject: event.subject.id),
                JobOptions(
                    uniqueKey: "\(integration.id)/\(event.subject.id)", uniqueness: .untilStarted,
                    subject: event.subject))
        }
    }
}

/// Posts something for staff, or brings what is posted up to date. A post whose answer was lost is looked for first.
package struct StaffPostJob: JobKind {
    package struct Payload: Codable, Sendable {
        let integration: IntegrationID
        /// The approval or the alert.
        let subject: String
    }

    package static let kind = "staff.post"
    package static let attemptsMax = 12
    private static let deadline: Duration = .seconds(60)
    /// The time after it was handed over in which a post that is not there may still turn up.
    private static let untilShown: Duration = .seconds(60)

    private let outbox: Outbox

    package init(_ outbox: Outbox) { self.outbox = outbox }

    private struct Work: Sendable {
        let integration: Integration, chat: any StaffChat
        let channel: String, post: StaffPost
    }

    package func run(_ payload: Payload, _ job: JobContext) async throws {
        guard !job.isSandbox, let work = try job.read({ try work(payload, in: $0) }) else { return }
        let access = try await outbox.integrations.freshAccess(
            to: work.integration, of: job.tenant, work.chat)
        var name: String?
        switch try job.read({ try $0.staff.standing(of: payload.subject, at: payload.integration) }) {
        case .posted(let known): name = known
        case .inDoubt(let since): name = try await look(work, since, access, job)
        case nil: break
        }
        let posted = name
        // A request that ended before anybody was asked need not be told.
        if posted == nil, work.post.buttons.isEmpty, payload.isApproval { return }
        let permit = try await permit(work, payload, isNew: posted == nil, job)
        let outcome: SendOutcome
        if let posted {
            outcome = await work.chat.replace(posted, by: work.post, access, permit)
        } else {
            outcome = await work.chat.post(work.post, in: work.channel, access, permit)
        }
        let isAsking = !work.post.buttons.isEmpty
        try await settle(outcome, posted, permit, access, payload, isAsking: isAsking, job)
    }

    private func work(_ payload: Payload, in reader: Reader) throws -> Work? {
        guard let integration = try Integration.resource.find(payload.integration, in: reader),
            integration.status == .active,
            let chat = outbox.integrations.providers[integration.provider] as? any StaffChat,
            let channel = chat.place(integration.settings),
            let post = try reader.staff.post(
                about: payload.subject, at: outbox.services.settings.publicURL)
        else { return nil }
        return Work(integration: integration, chat: chat, channel: channel, post: post)
    }

    /// Returns the name of a post whose answer was lost, if it is there; `nil` where it can be posted anew.
    private func look(
        _ work: Work, _ since: Instant, _ access: IntegrationAccess, _ job: JobContext
    ) async throws -> String? {
        switch await work.chat.find(work.post.id, posted: work.channel, access) {
        case .accepted(let name?): return name
        case .accepted(nil), .unclear:
            throw JobFailure.retryable("in_doubt", "\(work.chat.title) does not say whether it was posted.")
        case .absent:
            let sure = since + Self.untilShown
            guard sure <= job.now else {
                throw JobSnooze(
                    for: min(sure - job.now, .seconds(15)), waitingFor: "what the service knows")
            }
            return nil
        }
    }

    private func permit(
        _ work: Work, _ payload: Payload, isNew: Bool, _ job: JobContext
    ) async throws -> Permit {
        let key = "staff/\(payload.integration)/\(payload.subject)", integration = work.integration
        do {
            return try await job.write { tx in
                if isNew { try tx.staff.begin(payload.subject, at: payload.integration) }
                return try tx.gate.permitUnasked(
                    PostNotificationTool.name, key: key,
                    attempt: try tx.connectorCalls.nextAttempt(key: key, limit: Self.deadline),
                    for: ToolCaller(actor: .system, subject: payload.about),
                    by: integration.connector(for: tx.agency.tenant(), at: tx.now), nil,
                    deadline: Self.deadline)
            }
        } catch is ConnectorBusy {
            throw JobSnooze(for: .seconds(30), waitingFor: "the service")
        } catch let refusal as ToolRefusal {
            throw JobSnooze(for: refusal.retryAfter ?? .seconds(600), waitingFor: refusal.code)
        }
    }

    private func settle(
        _ outcome: SendOutcome, _ posted: String?, _ permit: Permit, _ access: IntegrationAccess,
        _ payload: Payload, isAsking: Bool, _ job: JobContext
    ) async throws {
        let failure: JobFailure? =
            switch outcome {
            case .accepted: nil
            case .later(let code, let detail, let after): .retryable(code, detail, after: after)
            case .unknown(let detail): .retryable("unknown", detail)
            case .refused(let refusal): .terminal(refusal.code, refusal.detail)
            }
        try await job.write { tx in
            try tx.gate.settleUnasked(permit, outcome.end(permit, in: tx))
            switch outcome {
            case .accepted(let name):
                try tx.staff.keep(name ?? posted, of: payload.subject, at: payload.integration)
                // Decided while it was being posted, nobody has had the buttons taken away.
                if isAsking, let id = ApprovalID(payload.subject),
                    try tx.approvals.find(id)?.status != .pending
                {
                    try tx.jobs.enqueue(Self.self, payload, JobOptions(subject: payload.about))
                }
            case .unknown: break
            case .later, .refused:
                if posted == nil { try tx.staff.forget(payload.subject, at: payload.integration) }
            }
            if case .refused(let refusal) = outcome {
                let reason = Saying.cause(refusal.code, refusal.detail)
                if refusal.cause == .account {
                    try tx.integrations.fails(access, because: reason)
                } else {
                    try tx.integrations.lacks(access, reason)
                }
            }
        }
        if let failure { throw failure }
    }
}

extension StaffPostJob.Payload {
    fileprivate var isApproval: Bool { ApprovalID(subject) != nil }
    fileprivate var about: Subject { Subject(type: isApproval ? "approval" : "alert", id: subject) }
}

extension StaffStore {
    fileprivate enum Standing {
        case posted(String), inDoubt(since: Instant)
    }

    fileprivate func isPosted(_ subject: String) throws -> Bool {
        try tx.exists(
            "SELECT 1 FROM staff_posts WHERE tenant_id = \(tx.tenant) AND subject_id = \(subject)")
    }

    fileprivate func standing(of subject: String, at integration: IntegrationID) throws -> Standing? {
        try tx.first(
            """
            SELECT name, at FROM staff_posts
            WHERE tenant_id = \(tx.tenant) AND subject_id = \(subject) AND integration_id = \(integration)
            """
        ) { row in row.optionalText(0).map { .posted($0) } ?? .inDoubt(since: row.instant(1)) }
    }

    /// Returns what staff read of an approval or an alert as it stands, in the agency's language.
    fileprivate func post(about subject: String, at address: String) throws -> StaffPost? {
        let tenant = try tx.agency.tenant(), words = try tx.wordings.find(tenant.locale)
        if let id = ApprovalID(subject) {
            guard let approval = try tx.approvals.find(id) else { return nil }
            return try post(about: approval, words, address)
        }
        guard let alert = try ID<Alert>(subject).flatMap({ try tx.alerts.find($0) }) else { return nil }
        let told = alert.json(in: words, tenant.zone), title = told["title"]?.text ?? alert.title
        guard alert.resolvedAt == nil else {
            return StaffPost(id: subject, text: words("slack.alert_over", ["title": .text(title)]))
        }
        return StaffPost(id: subject, text: title, more: told["recommended_action"]?.text)
    }

    private func post(about approval: Approval, _ words: Wording, _ address: String) throws -> StaffPost {
        guard approval.status == .pending else {
            return StaffPost(
                id: "\(approval.id)",
                text: try decided(approval, words)
                    ?? words("slack.over", ["title": .text(approval.title(in: words))]))
        }
        let preview = approval.preview
        let lines = [approval.reason(in: words), preview["subject"]?.text, preview["text"]?.text].compactMap(
            \.self)
        return StaffPost(
            id: "\(approval.id)", text: words("slack.approval", ["title": .text(approval.title(in: words))]),
            more: (lines.map { String($0.prefix(1500)) } + ["\(address)/#/approvals"]).joined(
                separator: "\n\n"),
            buttons: [
                .init(
                    action: StaffPress.approve, label: words("slack.approve"), value: "\(approval.id)"),
                .init(action: StaffPress.reject, label: words("slack.reject"), value: "\(approval.id)"),
            ])
    }

    /// Returns who has decided what; `nil` where nobody has.
    func decided(_ approval: Approval, _ words: Wording) throws -> String? {
        guard let user = try approval.decidedBy?.userID.flatMap({ try User.resource.find($0, in: tx) })
        else { return nil }
        return switch approval.status {
        case .approved:
            words("slack.approved", ["name": .text(user.name), "title": .text(approval.title(in: words))])
        case .rejected:
            words("slack.rejected", ["name": .text(user.name), "title": .text(approval.title(in: words))])
        default: nil
        }
    }
}

extension StaffStore where Base == Transaction {
    /// Notes that something is about to be posted: until its answer is there, nobody knows whether it was.
    fileprivate func begin(_ subject: String, at integration: IntegrationID) throws {
        try tx.run(
            """
            INSERT INTO staff_posts (tenant_id, integration_id, subject_id, name, at)
            VALUES (\(tx.tenant), \(integration), \(subject), NULL, \(tx.now))
            ON CONFLICT (tenant_id, integration_id, subject_id) DO UPDATE SET at = excluded.at
            """)
    }

    fileprivate func keep(_ name: String?, of subject: String, at integration: IntegrationID) throws {
        try tx.run(
            """
            UPDATE staff_posts SET name = \(name)
            WHERE tenant_id = \(tx.tenant) AND integration_id = \(integration) AND subject_id = \(subject)
            """)
    }

    fileprivate func forget(_ subject: String, at integration: IntegrationID) throws {
        try tx.run(
            """
            DELETE FROM staff_posts
            WHERE tenant_id = \(tx.tenant) AND integration_id = \(integration) AND subject_id = \(subject)
            """)
    }
}

/// The posts for staff, and their names at the service.
let staffMigration = Migration(number: 893, name: "what staff are told in their chat") { dialect in
    SlackUser.resource.creation(dialect) + [
        """
        CREATE TABLE staff_posts (
            tenant_id TEXT NOT NULL, integration_id TEXT NOT NULL, subject_id TEXT NOT NULL, name TEXT,
            at INTEGER NOT NULL,
            PRIMARY KEY (tenant_id, integration_id, subject_id)
        ) \(dialect.keyedTableOptions)
        """,
        "CREATE INDEX staff_posts_subject ON staff_posts (tenant_id, subject_id)",
        "CREATE UNIQUE INDEX slack_users_person ON slack_users (tenant_id, team_id, slack_id)",
    ]
}
