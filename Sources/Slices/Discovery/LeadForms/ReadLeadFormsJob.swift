internal import Agents
internal import Database
internal import Integrations
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Telemetry
internal import Templates

/// Asks a network once what people have filled in on its forms, takes it in, and plans the next look. Hooks tell of
/// most of it at once; what they miss comes this way. What both bring is there once.
struct ReadLeadFormsJob: JobKind {
    struct Payload: Codable, Sendable { let integration: IntegrationID }

    static let kind = "lead_forms.read"
    static let silence = "lead_forms_unreachable"
    /// The pages of one look.
    private static let pagesMax = 50
    private static let pause: Duration = .seconds(900), pauseMax: Duration = .seconds(6 * 3600)
    /// The time that the first look goes back: networks keep what was filled in for so long.
    private static let first: Duration = .seconds(90 * 86_400)
    /// The time that is read again: networks show some late.
    private static let overlap: Duration = .seconds(3600)
    /// Looks in a row that may fail before somebody is told.
    private static let failuresMax = 5

    let services: IntegrationServices
    let dependencies: LeadFormDependencies

    func timeout(_ payload: Payload) -> Duration { .seconds(600) }

    func run(_ payload: Payload, _ job: JobContext) async throws {
        guard !job.isSandbox else { return }
        let id = payload.integration
        guard let integration = try job.read({ try Integration.resource.find(id, in: $0) }),
            integration.readsLeadForms(by: services.providers),
            let provider = services.providers[integration.provider] as? any LeadFormService
        else {
            return try await job.complete { tx in
                if try Integration.resource.find(id, in: tx) == nil { try tx.leadForms.forget(id) }
            }
        }
        var pause = Self.pause
        do {
            try await follow(integration, provider, job)
            for _ in 0..<Self.pagesMax {
                try Task.checkCancellation()
                guard try await look(into: integration, provider, job) else { break }
            }
        } catch let failure as ToolFailure {
            pause = try await fail(integration, failure, job)
        } catch let snooze as JobSnooze {
            pause = max(snooze.delay, .seconds(1))
        }
        let next = pause
        try await job.complete { tx in try tx.leadForms.enqueueReading(of: id, at: tx.now + next) }
    }

    /// Has the network tell our hook, once for each change of the integration. What does not let itself be told is
    /// asked all the same.
    private func follow(
        _ integration: Integration, _ provider: any LeadFormService, _ job: JobContext
    ) async throws {
        let told = try job.read { try $0.leadForms.place(of: integration.id).toldAt }
        guard integration.hookURL != nil, told.map({ $0 < integration.updatedAt }) ?? true else { return }
        let (id, now) = (integration.id, job.now)
        do {
            try await services.perform(
                ServiceEffect(
                    FollowLeadFormsTool.name, key: "lead_forms/follow/\(id)/\(now.microseconds)",
                    for: caller(integration)), at: integration, as: provider, job
            ) { _ in
                true
            } _: { access, permit async throws(ToolFailure) in
                try await provider.subscribeToLeads(access, permit.reach)
                return true
            } end: { tx, outcome in
                if case .success = outcome { try tx.leadForms.noteTold(id) }
            }
        } catch let failure as ToolFailure where !failure.endsAccess && failure.code != "rate_limited" {
            return
        }
    }

    private func caller(_ integration: Integration) -> ToolCaller {
        ToolCaller(actor: .system, subject: integration.subject, clientID: integration.clientID)
    }

    /// Returns whether there is more to ask for at once.
    private func look(
        into integration: Integration, _ provider: any LeadFormService, _ job: JobContext
    ) async throws -> Bool {
        let id = integration.id, now = job.now
        let known = try job.read { try $0.leadForms.place(of: id) }
        let start = known.readUntil.map { $0 - Self.overlap } ?? now - Self.first
        // A look that has not come to its end goes on where it was.
        let end = known.placeUntil ?? now
        let intake = LeadFormIntake(integration: integration, dependencies: dependencies)
        let page: LeadResponsePage = try await services.asked(
            ReadLeadFormsTool.name, key: "lead_forms/\(id)/\(end.microseconds)/\(known.place ?? "")",
            for: caller(integration), at: integration, as: provider, job
        ) { access, reach async throws(ToolFailure) in
            try await provider.leadResponses(
                from: start, upTo: end, after: known.place, access, reach)
        }
        try await job.write { tx in
            // Another look has gone on meanwhile: it sees to the rest.
            guard try tx.leadForms.place(of: id) == known else { return }
            for response in page.responses { try intake.take(response, by: .reading, in: tx) }
            try tx.leadForms.keep(page.next, until: end, of: id)
            try tx.alerts.resolve(kind: Self.silence, subject: integration.subject)
        }
        return page.next != nil
    }

    /// Notes a look that failed, and returns how long the network is let alone.
    private func fail(
        _ integration: Integration, _ failure: ToolFailure, _ job: JobContext
    ) async throws -> Duration {
        try await job.write { tx in
            let failures = try tx.leadForms.noteFailure(of: integration.id)
            if failures >= Self.failuresMax || !failure.isRetryable {
                try tx.alerts.raise(
                    kind: Self.silence, severity: .warning, subject: integration.subject,
                    title: Saying(
                        "alert.lead_forms_silent",
                        [
                            "name": .text(integration.name ?? integration.provider),
                            "detail": .saying(.cause(failure.code, failure.detail)),
                        ]),
                    action: Saying("alert.lead_forms_silent_do"))
            }
            let pause = Duration.seconds(Self.pause.components.seconds << min(failures, 5))
            return failure.retryAfter ?? min(pause, Self.pauseMax)
        }
    }
}

extension IntegrationServices {
    /// Asks a service, and returns what it says.
    fileprivate func asked<Answer: Sendable>(
        _ tool: String, key: String, for caller: ToolCaller, at integration: Integration,
        as provider: any LeadFormService, _ job: JobContext,
        _ question: (IntegrationAccess, ConnectorCall) async throws(ToolFailure) -> Answer
    ) async throws -> Answer {
        var told: Answer?
        try await perform(
            ServiceEffect(tool, key: key, for: caller), at: integration, as: provider, job
        ) { _ in
            true
        } _: { access, permit async throws(ToolFailure) in
            let answer = try await question(access, permit.reach)
            told = answer
            return true
        } end: { _, _ in
        }
        guard let told else { throw JobSnooze(for: .seconds(60), waitingFor: "its turn") }
        return told
    }
}

/// Begins to read forms when a network is connected or changed; each look sees to the next.
struct LeadFormReadings: EventConsumer {
    let providers: IntegrationProviders

    func begin(_ runtime: Runtime) {}

    func published(_ event: () -> Event, in tx: Transaction) throws {
        guard let integration = try Integration.connected(by: event(), in: tx),
            integration.readsLeadForms(by: providers)
        else { return }
        if let job = try tx.jobs.live(ReadLeadFormsJob.self, uniqueKey: integration.id) {
            try tx.jobs.hasten(job)
        }
        try tx.leadForms.enqueueReading(of: integration.id)
    }
}

/// Takes in what a network's hook tells of: the response itself is asked for.
struct LeadFormHooks: HookHandler {
    let providers: Set<String> = ["linkedin", "facebook"]
    let services: IntegrationServices
    let dependencies: LeadFormDependencies

    func process(_ receipt: HookReceipt, of integration: Integration, _ job: JobContext) async throws {
        guard integration.readsLeadForms(by: services.providers),
            let provider = services.providers[integration.provider] as? any LeadFormService,
            let note = provider.leadNote(receipt)
        else {
            return try await job.complete { tx in
                try tx.hookReceipts.settle(
                    receipt.id, .ignored, note: "the integration does not read lead forms")
            }
        }
        let intake = LeadFormIntake(integration: integration, dependencies: dependencies)
        if note.isWithdrawn {
            return try await job.complete { tx in
                try intake.withdraw(note.response, in: tx)
                try tx.hookReceipts.settle(receipt.id, .processed)
            }
        }
        let isKnown = try job.read {
            try $0.leadForms.response(note.response, on: integration.provider) != nil
        }
        var response: LeadResponse?
        if !isKnown {
            response = try await services.asked(
                ReadLeadFormsTool.name, key: "lead_forms/response/\(receipt.id)",
                for: ToolCaller(
                    actor: .system, subject: integration.subject, clientID: integration.clientID),
                at: integration, as: provider, job
            ) { access, reach async throws(ToolFailure) in
                try await provider.leadResponse(note.response, access, reach)
            }
        }
        let found = response
        try await job.complete { tx in
            if let found { try intake.take(found, by: .hook, in: tx) }
            let isThere = isKnown || found != nil
            try tx.hookReceipts.settle(
                receipt.id, isThere ? .processed : .ignored,
                note: isThere ? nil : "the network does not have the response any more")
        }
    }
}

func leadFormJobs(
    _ registration: inout JobRegistration, _ services: IntegrationServices,
    _ dependencies: LeadFormDependencies
) {
    registration.add(ReadLeadFormsTool())
    registration.add(FollowLeadFormsTool())
    registration.add(ReadLeadFormsJob(services: services, dependencies: dependencies))
    registration.add(LeadFormReadings(providers: services.providers))
    registration.questions.addConnectors(of: [ReadLeadFormsTool.name, FollowLeadFormsTool.name]) { reader in
        try Integration.resource.all(
            where: "provider IN ('linkedin', 'facebook')", suffix: "ORDER BY id", in: reader.reading
        ).filter { $0.readsLeadForms(by: services.providers) }.map(\.id)
    }
}

struct ReadLeadFormsTool: ExecutorTool {
    typealias Input = NoToolInput

    static let name = "read_lead_forms"
    let title = "Read lead forms"
    let summary = "Asks a network what people have filled in on forms of the agency there."
    let effect = ToolClass.reads
}

struct FollowLeadFormsTool: ExecutorTool {
    typealias Input = NoToolInput

    static let name = "follow_lead_forms"
    let title = "Follow lead forms"
    let summary = "Has a network tell at once of what people fill in on forms of the agency there."
    let effect = ToolClass.writes
}
