internal import Agents
internal import Database
package import Jobs
internal import Nouns
internal import Records
internal import Telemetry
internal import Templates
package import Tenancy

/// Does what a date of an integration's credentials asks for: the overlap of a rotation ends, or a person is told
/// ahead that they expire.
package struct CredentialDateJob: JobKind {
    package struct Payload: Codable, Sendable {
        let integration: IntegrationID
        /// In microseconds; of a date that has been moved since, nothing follows.
        let date: Int64
    }

    package static let kind = "integration.credential_date"

    private let secrets: SecretSealing

    package init(_ secrets: SecretSealing) { self.secrets = secrets }

    package func run(_ payload: Payload, _ job: JobContext) async throws {
        let id = payload.integration
        try await job.complete { [secrets] tx in
            guard let integration = try Integration.resource.find(id, in: tx) else { return }
            if integration.formerUntil?.microseconds == payload.date {
                var new = integration
                new.endOverlap()
                try tx.update(integration, to: &new, by: .system, action: "integration.rotation_ended")
            }
            guard let notice = integration.expiryNotice else { return }
            if notice.microseconds == payload.date {
                let kept = try integration.openCredentials(secrets, tx.tenant)
                let end = kept[OAuthCredential.consentEnd]
                try tx.integrationCredentials.tellExpiry(
                    of: integration, isConsent: integration.credentialsExpireAt?.description == end)
            } else if notice > tx.now {
                // Each renewal of a token may have moved it, without a job of its own.
                try tx.integrationCredentials.plan(notice, of: integration)
            }
        }
    }
}

extension Integration {
    private static let noticePeriod: Duration = .seconds(14 * 86_400)

    /// When somebody is to be told that the credentials expire.
    fileprivate var expiryNotice: Instant? { credentialsExpireAt.map { $0 - Self.noticePeriod } }

    fileprivate var credentialDates: [Instant] { [formerUntil, expiryNotice].compactMap(\.self) }
}

extension IntegrationCredentialStore where Base == Transaction {
    /// Plans what the dates of an integration ask for that it did not have before.
    func planDates(of integration: Integration, replacing old: Integration?) throws {
        let known = old?.credentialDates ?? []
        for date in integration.credentialDates where !known.contains(date) {
            try plan(date, of: integration)
        }
    }

    /// Follows a date that a renewal has moved: the job of an earlier one plans the next, and what was told of it ends.
    func moveExpiry(of integration: Integration, replacing old: Integration) throws {
        guard let notice = integration.expiryNotice, notice != old.expiryNotice else { return }
        try tx.alerts.resolve(kind: IntegrationAlert.expiring, subject: integration.subject)
        if let known = old.expiryNotice, known > tx.now, known <= notice { return }
        try plan(notice, of: integration)
    }

    fileprivate func plan(_ date: Instant, of integration: Integration) throws {
        try tx.jobs.enqueue(
            CredentialDateJob.self, .init(integration: integration.id, date: date.microseconds),
            JobOptions(
                runAt: date, uniqueKey: "\(integration.id)/\(date.microseconds)",
                subject: integration.subject))
    }

    fileprivate func tellExpiry(of integration: Integration, isConsent: Bool) throws {
        guard let end = integration.credentialsExpireAt else { return }
        let (zone, name) = (try tx.agency.tenant().zone, integration.title)
        let day = Saying.Value.day(zone.local(of: end).date)
        try tx.alerts.raise(
            kind: IntegrationAlert.expiring, severity: .warning, subject: integration.subject,
            title: isConsent
                ? Saying("alert.consent_ends", ["name": .text(name), "day": day])
                : Saying("alert.credentials_expire", ["name": .text(name), "day": day]),
            action: isConsent
                ? Saying("alert.consent_ends_do") : Saying("alert.credentials_expire_do"))
    }
}
