internal import Agents
internal import Database
internal import Integrations
internal import Jobs
internal import Messages
internal import Nouns
internal import People
internal import Records
internal import Telemetry

/// Tells an advertising service who is on an audience: those of its segment who have agreed, and nobody else. All that
/// it asks of the service may be asked twice, so that it begins anew wherever it was cut off.
struct AudienceJob: JobKind {
    struct Payload: Codable, Sendable { let audience: ID<AdAudience> }

    static let kind = "ad_audience.tell"
    static var limits: JobLimits { JobLimits(concurrency: 1) }
    /// The number of people of a page: each page is one transaction.
    private static let page = 500
    private static let rest: Duration = .seconds(300)
    let services: IntegrationServices
    let dependencies: MailingDependencies

    func timeout(_ payload: Payload) -> Duration { .seconds(3600) }

    func run(_ payload: Payload, _ job: JobContext) async throws {
        let id = payload.audience
        let begun: AdAudience? = try await job.write { tx in try tx.adAudiences.begin(id) }
        guard let audience = begun else { return }
        do {
            try await tell(audience, job)
        } catch let failure as ToolFailure {
            let reason = Reason(failure.code, String(failure.detail.prefix(500)))
            try await job.write { tx in
                try tx.adAudiences.change(id) { audience in
                    (audience.status, audience.reasons) = (
                        failure.isRetryable ? .waiting : .failed, Parts([reason])
                    )
                }
                // Another job, so that whoever asks for it need not wait for this one's pause.
                guard failure.isRetryable else { return try tx.adAudiences.tellTomorrow(id) }
                try tx.adAudiences.tellAgain(id, in: failure.retryAfter ?? Self.rest)
            }
            return
        }
        try await job.complete { tx in
            try tx.adAudiences.change(id) { audience in
                (audience.status, audience.reasons, audience.syncedAt) = (.current, Parts(), tx.now)
            }
            try tx.adAudiences.tellTomorrow(id)
        }
    }

    private func tell(_ audience: AdAudience, _ job: JobContext) async throws {
        let integration = try job.read { try Integration.resource.find(audience.integrationID, in: $0) }
        let caller = ToolCaller(
            actor: .system, subject: Subject(audience.id), clientID: integration?.clientID)
        guard let integration, let way = services.audiences(of: integration, job.tenant, for: caller) else {
            throw ToolFailure("no_provider", "no service with audiences is connected", isRetryable: false)
        }
        if audience.isEnabled { try await lookThrough(audience, way.service, job) }
        let (id, round, batch) = (audience.id, audience.round, way.service.audienceBatch)
        // People who have withdrawn are taken off first, even while everything else is stopped.
        while true {
            let gone = try job.read { try $0.adAudiences.leaving(id, round: round, limit: batch) }
            guard !gone.isEmpty else { break }
            try Task.checkCancellation()
            // Where there is no audience yet, the service has heard of nobody.
            if let remote = audience.remote { try await way.change(remote, to: false, gone) }
            try await job.write(advancing: true) { tx in
                try tx.adAudiences.forget(gone, of: id, before: round)
            }
        }
        while true {
            let coming = try job.read { try $0.adAudiences.coming(to: id, round: round, limit: batch) }
            guard !coming.isEmpty else { return }
            try Task.checkCancellation()
            if let brake = try job.read({ try job.runtime.questions.brake($0, integration.clientID) }) {
                throw ToolFailure(
                    "brake", "the brake \(brake) holds back who would be put on it", isRetryable: true)
            }
            let remote = try await remote(of: id, way, job)
            try await way.change(remote, to: true, coming)
            try await job.write(advancing: true) { tx in try tx.adAudiences.noteTold(coming, of: id) }
        }
    }

    /// The audience at the service, which is made before the first are put on it.
    private func remote(
        of id: ID<AdAudience>, _ way: AdAudiences, _ job: JobContext
    ) async throws -> String {
        guard let audience = try job.read({ try AdAudience.resource.find(id, in: $0) }) else {
            throw ToolFailure("not_found", "the audience is gone", isRetryable: false)
        }
        if let known = audience.remote { return known }
        let made = try await way.audience(named: audience.name, key: audience.key)
        try await job.write { tx in try tx.adAudiences.change(id) { $0.remote = made } }
        return made
    }

    /// Writes down who of the segment belongs on it.
    private func lookThrough(
        _ audience: AdAudience, _ service: any AudienceService, _ job: JobContext
    ) async throws {
        var place: String? = ""
        while let after = place {
            try Task.checkCancellation()
            let (people, next) = try job.read { try page(of: audience, after: after, service, in: $0) }
            try await job.write { tx in
                try tx.adAudiences.keep(people, on: audience.id, round: audience.round)
            }
            place = next
        }
    }

    private func page(
        of audience: AdAudience, after place: String, _ service: any AudienceService, in reader: Reader
    ) throws -> (people: [AudiencePerson], next: String?) {
        guard let page = try dependencies.members(reader, audience.segmentID, place, Self.page) else {
            return ([], nil)
        }
        let ids = Set(page.members.filter { !$0.isPutAway }.compactMap(\.contact))
        let willing = try reader.consents.agreeing(ids, to: .retargeting)
        let contacts = try Contact.resource.all(
            where: "id IN \(list: willing.map(\.text).sorted())", in: reader
        ).filter { !$0.doNotContact }
        let addressed = contacts.compactMap { contact in
            contact.address(on: .email).flatMap { EmailAddress($0) }.map { (contact.id, $0) }
        }
        let suppressed = try reader.consents.suppressed(of: addressed.map { $0.1.key })
        let people = addressed.filter { !suppressed.contains($0.1.key) }.map { contact, address in
            AudiencePerson(contact: contact, digest: service.digest(of: address))
        }
        return (people, page.next)
    }

    func ended(_ payload: Payload, _ end: AttemptEnd, in tx: Transaction) throws {
        switch end {
        case .dead, .cancelled:
            if try AdAudience.resource.find(payload.audience, in: tx) != nil {
                try tx.adAudiences.tellTomorrow(payload.audience)
            }
        case .retried, .snoozed, .revived: break
        }
    }
}
