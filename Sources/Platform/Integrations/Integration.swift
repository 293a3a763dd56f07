package import Agents
package import Database
package import JSON
package import Nouns
package import Records
package import Telemetry
package import Templates
package import Tenancy

/// An outside service as an agency has connected it: one row of `integrations`.
package struct Integration: ManagedRecord, ToldRecord {
    package enum Status: String, Choice {
        case active
        /// Switched off by a person.
        case disabled
        /// Its credentials were refused: a person has to look.
        case failing
    }

    package enum Environment: String, Choice {
        case live
        /// It is only tested: nothing is sent, received or paid through it.
        case test
    }

    package var head = Head<Nouns.Integration>()
    package var provider = ""
    package var capability = Capability.generic
    package var name: String?
    package var settings: JSONObject = [:]
    package var status = Status.active
    package var environment = Environment.live
    package var priority = 100
    package var price: Money?
    package var priceChange: PriceChange?
    package var plan: IntegrationPlan?
    package var plans = Parts<IntegrationPlan>()
    package var limits = IntegrationLimits()
    package var pacing = Pacing.spread
    package var clientID: ClientID?
    package var hookURL: String?
    package var publicKey: String?
    package var hasCredentials: [String] = []
    package var credentials = Parts<IntegrationCredential>()
    package var credentialsExpireAt: Instant?
    /// The time until which the credentials before the last rotation are accepted, too.
    package var formerUntil: Instant?
    package var error: String?
    package var checkedAt: Instant?
    package var hookToken = ""
    package var sealedCredentials: String?
    package var sealedFormer: String?
    package var said = JSON.null

    package init() {}

    package static let resource = Resource<Integration>(
        "integrations", named: "Integration", rule: .client(orAgency: true),
        [
            .text(
                "provider", \.provider, max: 64, .required, .writeOnce, .filterable,
                .about(
                    "The provider of the service, as in /v1/integration-providers."), .example("postmark")),
            .choice(
                "capability", \.capability, .required, .writeOnce, .filterable,
                .about("The capability that the integration is used for.")),
            .text("name", \.name, max: 200, .about("The agency's name for it.")),
            .document(
                "settings", \.settings, .about("The settings of the provider: base_url and others.")),
            .choice(
                "status", \.status, .standard("active"), .filterable,
                .about("Whether the integration works, fails, or is disabled.")),
            .choice(
                "environment", \.environment, .standard("live"), .filterable,
                .about("Whether the integration is used (live), or only tested (test).")),
            .integer(
                "priority", \.priority, in: 1...1000, .standard(100), .sortable,
                .about("The order within a capability: the lowest is used first, the next when it fails.")),
            .money(
                "price", \.price,
                .about("The price of a thousand calls, in the agency's currency; null: free.")),
            .part(
                "price_change", \.priceChange,
                .about(
                    "A change of the price from a date on, which then applies automatically; null: none is known."
                )),
            .part(
                "plan", \.plan,
                .about("The plan that the agency has with the service; null: every call costs the price.")),
            .parts(
                "plans", \.plans, max: 20,
                .about("The service's other plans, by which costs are compared.")),
            .part(
                "limits", \.limits,
                .about(
                    "The agency's own limits of calls; further calls wait, or go to another integration.")),
            .choice(
                "pacing", \.pacing, .standard("spread"),
                .about(
                    "How calls are spread within a limit: evenly from 80 % on, without spreading, or evenly with a reserve."
                )
            ),
            .id(
                "client_id", \.clientID, .filterable,
                .about("The client on whose behalf it is; null: the agency itself.")),
            .text(
                "hook_url", \.hookURL, max: 300, .readOnly,
                .about(
                    "The address to which the provider sends webhooks.")),
            .text(
                "public_key", \.publicKey, max: 64, .readOnly,
                .about("The public key by which pages let visitors write to the agency.")),
            .texts(
                "has_credentials", \.hasCredentials, .readOnly,
                .about("The credentials that are set; their values are never shown.")),
            .parts(
                "credentials", \.credentials, max: 50, .readOnly,
                .about("The credentials that are set, with their dates; their values are never shown.")),
            .instant(
                "credentials_expire_at", \.credentialsExpireAt,
                .about("When the service stops taking the credentials; an alert says so 14 days ahead.")),
            .instant(
                "former_credentials_until", \.formerUntil, .readOnly,
                .about("Until when the previous credentials are valid.")),
            .text(
                "error", \.error, max: 500, .readOnly,
                .about("Why the integration fails, in the reader's language.")),
            .instant("checked_at", \.checkedAt, .readOnly),
            .text("hook_token", \.hookToken, max: 64, .secret),
            .text("sealed_credentials", \.sealedCredentials, max: 40_000, .secret),
            .text("sealed_former_credentials", \.sealedFormer, max: 40_000, .secret),
            .document("said", \.said, .secret, .added(in: 928)),
        ])

    package static let told = ["error"]

    /// Notes why it fails, or that it no longer does.
    mutating func tell(error saying: Saying?) { error = say("error", saying) }

    fileprivate var toldError: Saying.Value {
        .saying(saying(of: "error") ?? .quoted(error ?? ""))
    }

    static let perTenantMax = 200
    /// In-process notice that a tenant's integrations changed.
    static let changed = "integrations"

    package mutating func prepare(replacing old: Integration?, by actor: Actor, in tx: Transaction) throws {
        if old == nil {
            let count = try tx.int("SELECT count(*) FROM integrations WHERE tenant_id = \(tx.tenant)") ?? 0
            guard count < Self.perTenantMax else {
                throw Problem(
                    .conflict,
                    "An agency may have at most \(Self.perTenantMax) integrations: delete one first.")
            }
        }
        guard price != nil || plan != nil || !plans.list.isEmpty || priceChange != nil else { return }
        try checkPlans(replacing: old, of: try tx.agency.tenant(), at: tx.now)
    }

    package func saved(replacing old: Integration?, by actor: Actor, in tx: Transaction) throws {
        tx.notify(Self.changed, tx.tenant.rawValue)
        if status == .active, old?.status != .active {
            try tx.alerts.resolve(kind: IntegrationAlert.failing, subject: subject)
        }
        if credentialsExpireAt != old?.credentialsExpireAt {
            try tx.alerts.resolve(kind: IntegrationAlert.expiring, subject: subject)
        }
        if let old, settings != old.settings { try tx.connectors.closeCircuits(of: id) }
        if let old, toolLimits != old.toolLimits {
            try tx.toolUse.countWindows(of: id, toolLimits, replacing: old.toolLimits)
        }
        if let old, let included = plan?.included, included > 0, included != old.plan?.included {
            try tx.includedCalls.count(of: id)
        }
        if let old, limits != old.limits || name != old.name || plan != old.plan || price != old.price {
            try tx.serviceQuotas.refreshAlert(of: id)
        }
        try tx.integrationCredentials.planDates(of: self, replacing: old)
        if !hasCredentials.isEmpty { try tx.integrations.planCheck(of: id) }
    }

    package func deleted(by actor: Actor, in tx: Transaction) throws {
        tx.notify(Self.changed, tx.tenant.rawValue)
        for kind in [IntegrationAlert.failing, IntegrationAlert.expiring, UnauthorisedUse.kind] {
            try tx.alerts.resolve(kind: kind, subject: subject)
        }
        try tx.integrationCredentials.forgetUse(of: id)
        try tx.forwarding.forget(id)
        try tx.connectors.forget(id)
        try tx.serviceTempo.forget(id)
        try tx.describedFields.forget(id)
        try tx.integrations.forgetReached(by: id)
    }
}

enum IntegrationAlert { static let failing = "integration_failing", expiring = "credential_expiring" }

extension PlatformServices {
    /// Returns the access that a connector needs to work for an integration; opens its credentials.
    package func access(
        to integration: Integration, of tenant: TenantID, _ provider: any IntegrationProvider
    ) throws -> IntegrationAccess {
        let credentials = try integration.openCredentials(secrets, tenant)
        return IntegrationAccess(
            integrationID: integration.id,
            baseURL: baseURL(
                of: integration, provider,
                toldBy: credentials[OAuthCredential.base] ?? provider.home(by: credentials)),
            settings: integration.settings,
            credentials: credentials,
            environment: integration.environment,
            sealedCredentials: integration.sealedCredentials,
            former: try integration.formerCredentials(secrets, tenant), tenant: tenant,
            hook: integration.hookURL.map { HookAddress(base: settings.publicURL, path: $0) })
    }

    /// Where an integration is. `told`: where the service has said that it is, when it let us in.
    func baseURL(
        of integration: Integration, _ provider: any IntegrationProvider, toldBy told: String? = nil
    ) -> String {
        (integration.settings["base_url"]?.text ?? settings.serviceAddresses[provider.name] ?? told
            ?? provider.baseURL ?? "").withoutEndingSlashes
    }
}

extension Integration {
    /// Returns what is refused, with the time at which the credentials have expired.
    func refusal(_ reason: Saying, at now: Instant) -> Saying {
        guard let end = credentialsExpireAt, end <= now else { return reason }
        return Saying("integration.expired", ["at": .time(end), "reason": .saying(reason)])
    }
}

extension IntegrationStore {
    /// The active live integrations that do something, on a client's behalf before the agency's own, in their order.
    package func all(for capability: Capability, client: ClientID? = nil) throws -> [Integration] {
        try Integration.resource.all(
            where: """
                capability = \(capability.rawValue) AND status = 'active' AND environment = 'live'
                AND (client_id IS NULL OR client_id = \(client))
                """,
            suffix: "ORDER BY CASE WHEN client_id IS NULL THEN 1 ELSE 0 END, priority, id", in: tx)
    }
}

extension IntegrationStore where Base == Transaction {
    /// Marks the integration as failing, since the credentials that we used were refused: it is used no more until a
    /// person has looked. Returns `false` where it has been given something else since, of which that says nothing.
    @discardableResult
    package func fails(_ access: IntegrationAccess, because reason: Saying) throws -> Bool {
        guard let old = try Integration.resource.find(access.integrationID, in: tx),
            access.isOf(old)
        else { return false }
        guard old.status == .active else { return true }
        var new = old
        new.status = .failing
        new.tell(error: old.refusal(reason, at: tx.now))
        try tx.update(old, to: &new, by: .system, action: "integration.failing")
        try tellFailing(new)
        return true
    }

    /// Notes and tells that the new credentials that we used were refused, while those before serve.
    func newCredentialsFail(_ access: IntegrationAccess, because reason: Saying) throws {
        guard let old = try Integration.resource.find(access.integrationID, in: tx),
            access.isOf(old), let until = old.formerUntil
        else { return }
        var new = old
        new.tell(error: reason)
        try tx.update(old, to: &new, by: .system)
        try tellFailing(new, servedUntil: until)
    }

    /// Notes and tells that a service has said by itself that it lets an integration in no more.
    package func isShutOut(_ id: IntegrationID, because reason: Saying) throws {
        guard let old = try Integration.resource.find(id, in: tx), old.status == .active else { return }
        var new = old
        new.status = .failing
        new.tell(error: reason)
        try tx.update(old, to: &new, by: .system, action: "integration.failing")
        try tellFailing(new)
    }

    /// Notes and tells what an integration may not do, which otherwise works.
    package func lacks(_ access: IntegrationAccess, _ reason: Saying) throws {
        guard let old = try Integration.resource.find(access.integrationID, in: tx), access.isOf(old),
            old.status == .active
        else { return }
        var new = old
        new.tell(error: reason)
        try tx.update(old, to: &new, by: .system)
        try tellDoubtful(new)
    }

    /// Tells of an integration that works, but not as it is meant to.
    func tellDoubtful(_ integration: Integration) throws {
        try tx.alerts.raise(
            kind: IntegrationAlert.failing, severity: .warning, subject: integration.subject,
            title: Saying(
                "alert.integration_doubtful",
                ["name": .text(integration.title), "error": integration.toldError]),
            action: Saying("alert.integration_doubtful_do"))
    }

    /// Tells that an integration is refused; where its former credentials serve meanwhile, until when.
    func tellFailing(_ integration: Integration, servedUntil: Instant? = nil) throws {
        try tx.alerts.raise(
            kind: IntegrationAlert.failing, severity: servedUntil == nil ? .critical : .warning,
            subject: integration.subject,
            title: Saying(
                "alert.integration_failing",
                [
                    "name": .text(integration.title), "error": integration.toldError,
                    "served": .flag(servedUntil != nil), "until": .time(servedUntil ?? tx.now),
                ]),
            action: Saying("alert.integration_failing_do", ["served": .flag(servedUntil != nil)]))
    }
}
