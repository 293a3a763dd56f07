internal import Database
internal import Integrations
internal import Jobs
internal import Mail
internal import Nouns
internal import Records
internal import Telemetry

/// Looks at a sending domain once a day.
struct DomainCheckJob: JobKind {
    struct Payload: Codable, Sendable { let domain: ID<SendingDomain> }

    static let kind = "sending_domain.check"
    private static let pause: Duration = .seconds(86_400)

    let outbox: Outbox

    func timeout(_ payload: Payload) -> Duration { .seconds(300) }

    func run(_ payload: Payload, _ job: JobContext) async throws {
        guard !job.isSandbox else { return }
        let id = payload.domain
        guard let plan = try job.read({ try outbox.checkPlan(of: id, in: $0) }) else { return }
        let findings = await plan.check.run()
        try await job.complete { tx in
            _ = try tx.sendingDomains.store(findings, plan.check.mechanisms, of: id, plan.signer)
            try tx.sendingDomains.enqueueCheck(of: id, at: tx.now + Self.pause)
        }
    }
}

extension SendingDomainStore where Base == Transaction {
    func enqueueCheck(of domain: ID<SendingDomain>, at moment: Instant) throws {
        try tx.jobs.enqueue(
            DomainCheckJob.self, .init(domain: domain),
            JobOptions(
                runAt: moment, uniqueKey: domain, uniqueness: .untilStarted, subject: Subject(domain)))
    }
}

extension Outbox {
    /// Returns the check of a domain and its signer, or `nil` where the domain is gone.
    func checkPlan(
        of id: ID<SendingDomain>, in reader: some Queryable
    ) throws -> (check: DomainCheck, signer: DKIMSigner)? {
        guard let domain = try SendingDomain.resource.find(id, in: reader),
            let signer = try domain.signer(services, reader.tenant)
        else { return nil }
        let check = DomainCheck(
            lookups: dependencies.lookups, domain: signer.domain, keyName: signer.recordName,
            keyRecord: signer.record,
            mechanisms: try mechanisms(of: domain, in: reader))
        return (check, signer)
    }

    /// Returns the SPF mechanisms of those who send in the domain's name: the ones that the domain itself lists, and
    /// those of the connected services.
    func mechanisms(of domain: SendingDomain, in reader: some Queryable) throws -> [String] {
        var found = domain.spfMechanisms
        for integration in try reader.integrations.all(for: .emailSending) {
            guard let service = integrations.providers[integration.provider] as? any EmailSending,
                let name = service.spfDomain, !found.contains("include:\(name)")
            else { continue }
            found.append("include:\(name)")
        }
        return found
    }
}
