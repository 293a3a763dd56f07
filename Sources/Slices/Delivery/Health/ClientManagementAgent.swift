package import Agents
package import Database
package import JSON
package import Jobs
internal import Messages
internal import Nouns
internal import People
package import Records
internal import Telemetry
internal import Templates
internal import Tenancy
internal import Wording

/// An agency's settings for looking after its clients.
package struct ClientManagementSettings: AgentSettings {
    package enum Frequency: String, Choice { case weekly, monthly, quarterly }
    package enum InternalFrequency: String, Choice { case never, weekly, monthly, quarterly }
    package var reportFrequency = Frequency.monthly
    package var managerReports = InternalFrequency.never
    package var executiveReports = InternalFrequency.never
    package var referrals = ReferralSettings()
    package var adoptsReviewRules = false

    package init() {}

    package static let schema = Schema<ClientManagementSettings>(
        "ClientManagementSettings",
        [
            .choice(
                "report_frequency", \.reportFrequency,
                .about("How often a client gets its report, where its package says nothing.")),
            .choice(
                "manager_reports", \.managerReports,
                .about("How often the account manager gets a report on each client.")),
            .choice(
                "executive_reports", \.executiveReports,
                .about("How often the management gets a report on each client.")),
            .part("referrals", \.referrals, .about("The reward for clients who refer others.")),
            .boolean(
                "adopt_review_rules", \.adoptsReviewRules, .standard(false),
                .about("Whether what deliverables lack again and again becomes a rule of their review.")),
        ])
}

/// Looks after clients: judges every day how each of them fares and what more it may want, and composes its report when
/// a period is over. It has the report mailed, too, once a person has said yes where it asks first. Once a month it
/// looks at all of them together.
package struct ClientManagementAgent: AgentDefinition {
    static let agentName = "client_management"
    package let name = agentName
    package let title = "Client management"
    package let purpose =
        "Assesses the health of clients, reports to them, takes them in, and thanks them."
    package var cannot: [String] { Wording.english.limits(of: name) }
    package let schedules = [
        DefaultSchedule(name: "Client management", cron: "daily"),
        DefaultSchedule(
            name: "Monthly client report", cron: "0 8 1 * *", parameters: ["task": "client_report"]),
        DefaultSchedule(
            name: "Monthly client portfolio", cron: "0 9 2 * *", parameters: ["task": "portfolio"]),
    ]
    package let dailyHour = 17
    package let initiative = Initiative.writesFirst
    package let permissions: Set<Permission> = [
        "leads:read", "companies:read", "contacts:read", "clients:read", "clients:write", "projects:read",
        "tasks:read", "deliverables:read", "deliverables:write", "metrics:read", "reports:read",
        "reports:write",
        "messages:write",
    ]
    package let tools = [SendMessage.tool, "create_record", "update_record"]
    package typealias Settings = ClientManagementSettings

    let services: DeliveryServices
    /// Asked for its state alone, it has neither.
    private let opportunities: OpportunityDependencies?, review: PortfolioReview?

    init(
        _ services: DeliveryServices, _ opportunities: OpportunityDependencies? = nil,
        _ review: PortfolioReview? = nil
    ) {
        (self.services, self.opportunities, self.review) = (services, opportunities, review)
    }

    /// Clients that are looked at in one transaction.
    private static let chunk = 25

    package func faults(parameters: JSON) -> [ValueFault] {
        var faults: [ValueFault] = []
        if let task = parameters["task"], !["client_report", "portfolio"].contains(task.text) {
            faults.append(
                ValueFault(
                    pointer: "/task", code: "invalid_choice",
                    detail: "task must be client_report or portfolio."))
        }
        if let client = parameters["client_id"], client.id(of: Nouns.Client.self) == nil {
            faults.append(
                ValueFault(
                    pointer: "/client_id", code: "invalid_id",
                    detail: "client_id must be the id of a client.")
            )
        }
        return faults
    }

    package func run(_ run: AgentRun) async throws -> JSON {
        let task = run.parameters["task"]?.text
        let asked = run.parameters["client_id"]?.text
        var tally = ClientTally(), after = ClientID.unset
        while true {
            let (from, before) = (after, tally)
            let step = try await run.write { tx in
                try work(run, task, asked, from: from, before, in: tx)
            }
            tally = step.tally
            run.processed(step.tally.processed - before.processed)
            guard let next = step.next else { break }
            after = next
        }
        let (end, adopts) = (tally, task == nil && asked == nil && settings(of: run).adoptsReviewRules)
        let review = task == "portfolio" && asked == nil ? review : nil
        return try await run.finish { tx in
            if adopts { _ = try run.adoptReviewRules(in: tx) }
            guard let review else { return end.json }
            return end.json.merging(["portfolio": try review.conclude(end.seen, of: run.id, in: tx)])
        }
    }

    private func work(
        _ run: AgentRun, _ task: String?, _ asked: String?, from after: ClientID, _ before: ClientTally,
        in tx: Transaction
    ) throws -> (tally: ClientTally, next: ClientID?) {
        var tally = before
        let clients =
            if let asked {
                try ClientID(asked).flatMap { try Client.resource.find($0, in: tx) }.map { [$0] } ?? []
            } else {
                try Client.resource.all(
                    where: "status = 'active' AND id > \(after)", suffix: "ORDER BY id LIMIT \(Self.chunk)",
                    in: tx)
            }
        let tenant = try tx.agency.tenant(), today = tenant.today(tx.now)
        let changes = try run.leave("update_record", permission: "clients:write", in: tx)
        for client in clients {
            tally.processed += 1
            var judged = client
            if task != "client_report", try judge(client, on: today, changes, run, in: tx) {
                tally.changed += 1
                judged = try Client.resource.get(client.id, in: tx)
            }
            if task == "portfolio" {
                try tally.seen.add(judged, in: tenant.currency, tx)
            } else {
                for (audience, kind) in try dueKinds(of: client, run, in: tx)
                where try report(client, kind, for: audience, tenant, run, in: tx) { tally.reports += 1 }
            }
            guard task == nil else { continue }
            if let opportunities { try tx.opportunities.grow(judged, opportunities) }
            try tx.goals.close(of: client.id, on: today)
            let gratitude = Gratitude(services: services, client: client, today: today, run: run)
            if try gratitude.thank(in: tx) { tally.thanks += 1 }
        }
        let isOver = asked != nil || clients.count < Self.chunk
        return (tally, isOver ? nil : clients.last?.id)
    }

    // MARK: Health

    /// Answers whether the client fares otherwise than before.
    private func judge(
        _ client: Client, on today: CivilDate, _ changes: RunGateDecisions, _ run: AgentRun,
        in tx: Transaction
    ) throws -> Bool {
        let facts = try ClientFacts(of: client, on: today, services.dependencies, in: tx)
        let inputs: JSON = ["client_id": JSON(client.id), "facts": facts.json]
        if let last = try tx.decisions.latest(run.agent, subjectID: client.id), client.health != nil,
            last.inputs == inputs.canonical.serialized
        {
            return false
        }
        let health = ClientHealth(facts)
        let conclusion = Conclusion(
            outcome: health.outcome, confidence: health.confidence,
            factors: .array(health.factors.map(\.json)), model: ["name": "rules", "version": "1"],
            inputs: inputs)
        let made = try run.decide(in: tx, client.subject, conclusion)
        guard made.isNew, try changes.covers(client.subject, decision: made.id, in: tx) else { return false }
        let state = made.override?["health"]?.text ?? health.state
        guard state != client.health else { return false }
        var new = client
        new.health = state
        try tx.update(client, to: &new, by: run.actor, action: "client.assessed")
        try tx.publish(
            "client.health_changed", client.subject,
            ["from": JSON(client.health), "to": .string(state), "score": JSON(health.score)])
        return true
    }

    package func replay(inputs: JSON, configuration: JSON, in reader: Reader) throws -> JSON? {
        if let facts = GratitudeFacts(json: inputs) { return GratitudeChoice(facts).outcome }
        if let fault = RecurringFault(inputs: inputs) { return fault.outcome }
        return inputs["facts"].map { ClientHealth(ClientFacts($0)).outcome }
    }

    package func facts(in inputs: JSON) -> JSON { inputs["facts"] ?? inputs }

    // MARK: Reports

    /// Composes what is due; answers whether there was something.
    private func report(
        _ client: Client, _ kind: Report.Kind, for audience: Report.Audience, _ tenant: Tenant,
        _ run: AgentRun,
        in tx: Transaction
    ) throws -> Bool {
        let today = tenant.today(tx.now)
        let period = ReportPeriod(lastOf: kind, before: today)
        guard client.createdAt < period.instants(in: tenant.zone).end else { return false }
        let isThere = try tx.exists(
            """
            SELECT 1 FROM reports WHERE tenant_id = \(tx.tenant) AND client_id = \(client.id)
                AND kind = \(kind.rawValue) AND period_start = \(period.first.iso)
                AND audience = \(audience.rawValue)
            """)
        if isThere { return false }
        var report = Report.new(id: tx.nextID(), now: tx.now)
        (report.clientID, report.kind, report.status) = (client.id, kind, .ready)
        (report.periodStart, report.periodEnd, report.audience) = (period.first, period.last, audience)
        try tx.reports.compose(&report, today: today, zone: tenant.zone, services.dependencies)
        let contact = try client.contactID.flatMap { try Contact.resource.find($0, in: tx) }
        let channel = try contact.map { try services.outbox.channels.stated(of: $0, in: tx) } ?? .email
        let hasAddress = client.contactID != nil || client.contactEmail != nil
        let isMailed =
            try audience == .client && hasAddress
            && tx.gate.leave(
                for: mailing(of: report, to: client, by: channel, run), permission: SendMessage.permission
            )
            .isGiven
        guard
            try run.may(
                "create_record", permission: "reports:write", about: client.subject, decision: nil, in: tx)
        else {
            return false
        }
        try tx.create(&report, by: run.actor)
        if isMailed { try services.offer(report, by: run.agent, run: run.id, in: tx) }
        try tx.reports.tellAgency(of: report, client)
        return true
    }

    /// The mail with a report as the gate is asked about it.
    private func mailing(
        of report: Report, to client: Client, by channel: Channel, _ run: AgentRun
    ) -> ToolRequest {
        let caller = ToolCaller(
            actor: run.actor, agent: run.agent, runID: .agent(run.id), subject: client.subject,
            clientID: client.id)
        return ToolRequest(
            tool: SendMessage.tool,
            arguments: [
                "channel": .string(channel.rawValue), "contact_id": JSON(client.contactID),
                "subject": .string(report.title), "body": JSON(report.summary),
            ], caller: caller, key: "\(run.id)/\(SendMessage.tool)/\(client.id)",
            reason: Saying("approval.report_due").english)
    }

    /// The reports that a client is to have, and those that the agency is to have on it.
    private func dueKinds(
        of client: Client, _ run: AgentRun, in tx: Transaction
    ) throws -> [(Report.Audience, Report.Kind)] {
        let settings = settings(of: run)
        let inside = [
            (Report.Audience.manager, settings.managerReports), (.executive, settings.executiveReports),
        ]
        return try [(.client, cadence(of: client, run, in: tx))]
            + inside.compactMap { audience, often in
                Report.Kind(rawValue: often.rawValue).map { (audience, $0) }
            }
    }

    /// As the client's package promises, else as the agency has set.
    private func cadence(of client: Client, _ run: AgentRun, in tx: Transaction) throws -> Report.Kind {
        let promised = try client.packageID.flatMap { try services.dependencies.reportCadence(tx, $0) }
        return Report.Kind(rawValue: promised ?? settings(of: run).reportFrequency.rawValue) ?? .monthly
    }
}

/// The results of a run.
private struct ClientTally: Sendable {
    var processed = 0, changed = 0, reports = 0, thanks = 0
    var seen = SeenClients()

    var json: JSON {
        [
            "processed": JSON(processed), "changed": JSON(changed), "reports": JSON(reports),
            "thanks": JSON(thanks),
        ]
    }
}
