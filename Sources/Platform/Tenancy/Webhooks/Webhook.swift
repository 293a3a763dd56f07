internal import Agents
internal import Cryptography
package import Database
internal import JSON
internal import Jobs
internal import Nouns
package import Records
package import Telemetry
internal import Templates

/// An endpoint of the agency's own systems, which is told what happens.
package struct Webhook: ManagedRecord {
    package enum Status: String, Choice { case enabled, disabled }

    package var head = Head<Webhook>()
    package var url = ""
    package var events: [String] = []
    package var about: String?
    package var status = Status.enabled
    package var disabledReason: String?
    package var disabledAt: Instant?
    package var failingSince: Instant?
    package var previousSecretExpiresAt: Instant?
    package var sealedSecret = ""
    package var previousSealedSecret: String?

    package init() {}

    package static let idPrefix = "wh", noun = "webhook"
    package static let resource = Resource<Webhook>(
        "webhooks", named: "Webhook",
        console: ConsoleForm(title: "url"),
        [
            .text(
                "url", \.url, max: 2000, .required,
                .about(
                    "The https address to which deliveries are posted."),
                .example("https://hooks.example.com/bureau")),
            .texts(
                "events", \.events, max: 100, .required,
                .about("Types of events, such as lead.qualified; lead.* and * stand for many."),
                .example(["lead.*"])),
            .text("description", \.about, max: 500, .about("The purpose of the webhook.")),
            .choice(
                "status", \.status, .filterable,
                .about("Whether deliveries are sent. Enabling a disabled endpoint resets its failures.")),
            .text(
                "disabled_reason", \.disabledReason, max: 200, .readOnly,
                .about("Why deliveries to the endpoint were stopped; null where they were not.")),
            .instant("disabled_at", \.disabledAt, .readOnly),
            .instant(
                "failing_since", \.failingSince, .readOnly,
                .about("When the first delivery failed, since the last that arrived.")),
            .instant(
                "previous_secret_expires_at", \.previousSecretExpiresAt, .readOnly,
                .about("Until when the previous secret signs, too.")),
            .text("sealed_secret", \.sealedSecret, max: 500, .secret),
            .text("previous_sealed_secret", \.previousSealedSecret, max: 500, .secret),
        ])

    /// The time for which both secrets sign after a rotation, unless it says otherwise.
    static let overlap: Duration = .seconds(86_400)
    static let perTenantMax = 100

    var subscription: EventTypes { get throws(Problem) { try EventTypes(events) } }

    package func prepare(replacing old: Webhook?, by actor: Actor, in tx: Transaction) throws {
        if old == nil {
            let count = try tx.int("SELECT count(*) FROM webhooks WHERE tenant_id = \(tx.tenant)") ?? 0
            guard count < Self.perTenantMax else {
                throw Problem(
                    .conflict,
                    "An agency may have at most \(Self.perTenantMax) webhook endpoints: delete one first.")
            }
        }
        let known = (try? subscription) != nil
        guard !events.isEmpty, known else {
            throw Problem(faults: [
                Fault(
                    "/events", events.isEmpty ? "required" : "invalid_event_type",
                    "events must name from 1 to 50 types, such as lead.qualified, lead.* or *.")
            ])
        }
        // An endpoint may be switched off although one of its event types was renamed by a release.
        guard events != old?.events, let catalog = tx.runtime.eventCatalog else { return }
        var faults = Faults()
        for (index, type) in events.enumerated() {
            if let fault = catalog.fault(of: type) {
                faults.add("/events/\(index)", "invalid_event_type", fault)
            }
        }
        try faults.throwIfAny()
    }

    /// A change of the status by hand.
    mutating func noteStatus(since old: Webhook, now: Instant) {
        guard status != old.status else { return }
        switch status {
        case .enabled: (disabledReason, disabledAt, failingSince) = (nil, nil, nil)
        case .disabled: (disabledReason, disabledAt) = ("by hand", now)
        }
    }

    package func saved(replacing old: Webhook?, by actor: Actor, in tx: Transaction) throws {
        if status == .enabled, old?.status == .disabled {
            try tx.alerts.resolve(kind: "webhook_disabled", subject: subject)
        }
        try tx.webhooks.changed()
    }

    package func deleted(by actor: Actor, in tx: Transaction) throws {
        try tx.alerts.resolve(kind: "webhook_disabled", subject: subject)
        try tx.webhooks.changed()
    }
}

extension WebhookStore where Base == Transaction {
    /// Those who keep in mind which tenants have endpoints look again.
    fileprivate func changed() throws { tx.notify(DatabaseChannel.webhooks, tx.tenant.rawValue) }

    /// Switches an endpoint off by itself, and tells the agency.
    func disable(_ webhook: Webhook, because reason: String) throws {
        guard webhook.status == .enabled else { return }
        var new = webhook
        (new.status, new.disabledReason, new.disabledAt) = (.disabled, reason, tx.now)
        try tx.update(webhook, to: &new, by: .system, action: "webhook.disabled")
        try tx.publish(
            "webhook.disabled", webhook.subject, ["reason": .string(reason), "url": .string(webhook.url)])
        try tx.alerts.raise(
            kind: "webhook_disabled", severity: .warning, subject: webhook.subject,
            title: Saying("alert.webhook_disabled", ["url": .text(webhook.url), "reason": .text(reason)]),
            action: Saying("alert.webhook_disabled_do"))
    }
}

extension Webhook {
    /// Gives it a new secret, which is returned once; the one before signs beside it until `until`.
    mutating func renewSecret(
        _ sealing: SecretSealing, _ tenant: TenantID, keepingOldUntil until: Instant? = nil
    ) throws -> WebhookSecret {
        let secret = WebhookSecret()
        if let until { (previousSealedSecret, previousSecretExpiresAt) = (sealedSecret, until) }
        sealedSecret = Base64.encode(try sealing.close(secret.bytes, tenant))
        return secret
    }

    /// Those that sign now, the newest first.
    func secrets(_ sealing: SecretSealing, _ tenant: TenantID, now: Instant) throws -> [WebhookSecret] {
        var sealed = [sealedSecret]
        if let previousSealedSecret, let until = previousSecretExpiresAt, until > now {
            sealed.append(previousSealedSecret)
        }
        return try sealed.map { text in
            WebhookSecret(bytes: try sealing.open(Base64.decode(text) ?? [], tenant))
        }
    }
}
