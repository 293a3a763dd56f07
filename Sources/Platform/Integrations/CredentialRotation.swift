internal import Agents
internal import Database
internal import JSON
internal import Nouns
internal import Records
internal import Routing
internal import Telemetry
internal import Templates
internal import Tenancy

/// The replacement of credentials.
struct CredentialRotation: Declared {
    var overlap = "PT1H"
    var expireAt: Instant?

    static let schema = Schema<CredentialRotation>(
        "IntegrationRotation",
        [
            .text(
                "overlap", \.overlap, max: 20, .standard("PT1H"),
                .about(
                    """
                    How long the previous credentials stay valid, up to P30D; PT0S ends them at once. While those of \
                    an earlier rotation still are, only PT0S is accepted, or a correction of credentials that a \
                    test has found refused, which leaves that time as it is.
                    """)),
            .instant(
                "expire_at", \.expireAt,
                .about("When the new credentials expire; null: that is not known.")),
        ])

    private static let overlapMax: Duration = .seconds(30 * 86_400)

    /// `nil` where it is none, or too long.
    var overlapTime: Duration? { Duration(iso8601: overlap).flatMap { $0 <= Self.overlapMax ? $0 : nil } }

    /// New credentials in place of some, the ones before being kept for a while.
    static func outcome(
        _ id: IntegrationID, _ call: Call, _ secrets: SecretSealing, _ integrations: IntegrationServices
    ) throws -> Outcome {
        var body = try call.object(), faults = Faults(), rotation = Self()
        let isNamed = body["credentials"] != nil
        let given = IntegrationBody(takingFrom: &body, &faults)
        schema.create(&rotation, from: body, faults: &faults)
        if given.credentials?.isEmpty ?? !isNamed {
            faults.add(
                "/credentials", "required", "credentials must have the new credentials, by their names.")
        }
        if rotation.overlapTime == nil {
            faults.add("/overlap", "invalid_duration", "overlap must be a duration up to P30D, such as PT1H.")
        }
        return .write { [rotation, faults] tx in
            try tx.integrations.change(id, call, action: "integration.rotated") { integration in
                var faults = faults
                let present = try integration.openCredentials(secrets, tx.tenant)
                let credentials = given.merged(into: present)
                let provider = try integrations.provider(integration.provider, in: tx)
                if let provider {
                    IntegrationBody.check(
                        credentials, of: provider, for: integration.capability, &faults)
                }
                try faults.throwIfAny()
                let overlap = rotation.overlapTime ?? .zero
                let changed = (given.credentials ?? [:]).keys.filter { credentials[$0] != present[$0] }
                let isCorrection =
                    try overlap > .zero
                    && tx.integrationCredentials.mayCorrect(changed, of: integration, provider)
                if !isCorrection {
                    try integration.checkNoOverlap(at: tx.now, before: overlap)
                    integration.beginOverlap(until: tx.now + overlap, now: tx.now)
                }
                try integration.setCredentials(credentials, secrets, tx.tenant, at: tx.now)
                integration.credentialsExpireAt = rotation.expireAt
                if integration.status == .failing { integration.status = .active }
                // It was said of the credentials before.
                if integration.status == .active { integration.tell(error: nil) }
                for kind in [IntegrationAlert.failing, IntegrationAlert.expiring] {
                    try tx.alerts.resolve(kind: kind, subject: integration.subject)
                }
            }
        }
    }

    /// The schema of a request's body: the credentials are taken out before the rest is read.
    static let bodySchema = schema.jsonSchema(.whole).merging([
        "properties": [
            "credentials": credentialsSchema.merging([
                "minProperties": 1,
                "description":
                    "The new credentials by name, as the provider lists them; others stay. They are stored encrypted.",
            ])
        ],
        "required": ["credentials"],
    ])
}
