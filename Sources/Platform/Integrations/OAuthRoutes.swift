internal import Agents
internal import Database
internal import HTTPServer
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Routing
internal import Telemetry
internal import Templates
internal import Tenancy

/// The way to a service's consent, and back.
func oauthRoutes(_ routes: inout Routes, _ integrations: IntegrationServices, _ runtime: Runtime) {
    let services = integrations.platform
    let redirect = services.settings.publicURL + "/v1/oauth/callback"
    routes.schema(
        "IntegrationConsent",
        .schema(
            [
                "authorize_url": ["type": "string", "format": "uri"],
                "expires_at": ["type": "string", "format": "date-time"],
            ], required: ["authorize_url", "expires_at"]))

    routes.post(
        "/v1/integrations/{id}/connect", .permission("integrations:write"),
        "Connect a service that needs its owner's consent, and get the address to open",
        .json(
            .reference("IntegrationConsent"),
            "The address at which the owner gives consent; valid once, for ten minutes.")
    ) { call in
        let id = try call.id("id", of: Integration.self)
        guard !runtime.isSandbox(call.tenant) else {
            throw Problem(
                .conflict,
                "A sandbox calls no services, so the integration cannot be connected there: connect it in the agency."
            )
        }
        return .write { tx in
            let old = try Integration.resource.get(id, in: tx)
            let found = try integrations.provider(old.provider, in: tx)
            guard let provider = found as? any OAuthProvider,
                !provider.endpoints(old.settings).authorize.isEmpty,
                old.hasCredentials.contains(provider.endpoints(old.settings).clientField)
            else {
                throw Problem(
                    .conflict,
                    "The service needs no consent, as its credentials are enough: test the integration instead."
                )
            }
            let attempt = OAuthAttempt(), end = services.now() + OAuthAttempt.lifetime
            var new = old
            var credentials = try old.openCredentials(services.secrets, tx.tenant)
            credentials[OAuthAttempt.credential] = attempt.stored
            try new.setCredentials(credentials, services.secrets, tx.tenant, at: tx.now)
            try tx.update(old, to: &new, by: call.actor, action: "integration.connecting")
            let state = try services.links.token(
                .authorisation, tx.tenant, "\(id) \(attempt.nonce)", expiresAt: end)
            let endpoints = provider.endpoints(new.settings)
            return .json([
                "authorize_url": .string(
                    attempt.address(
                        endpoints, client: credentials[endpoints.clientField] ?? "",
                        redirect: redirect, state: state)),
                "expires_at": .string(end.description),
            ])
        }
    }
    callbackRoute(&routes, integrations, redirect)
}

/// The way back from a service's consent.
private func callbackRoute(
    _ routes: inout Routes, _ integrations: IntegrationServices, _ redirect: String
) {
    let services = integrations.platform
    routes.get(
        "/v1/oauth/callback", .anyone,
        "Receive the answer of a service that was asked for consent, and show whether it worked",
        named: "finish_integration_consent",
        query: [
            .query("code", "The code that the service exchanges for a token.", ["type": "string"]),
            .query("state", "The state that Bureau sent with the request.", ["type": "string"]),
            .query("error", "The error, where the service gave no code.", ["type": "string"]),
        ], .media("text/html", "The page that says what came of it."),
        .media("text/html", "The integration was not connected; the page says why.", status: 400)
    ) { call in
        let (code, refusal) = (call.query("code"), call.query("error"))
        let link = services.links.open(.authorisation, call.query("state") ?? "")
        let ids = (link?.subject ?? "").split(separator: " ").map(String.init)
        guard let link, ids.count == 2, let id = IntegrationID(ids[0]) else {
            return .response(ConsentPage.tooLate(nil))
        }
        return .task {
            let found = try await services.database.write(link.tenant) {
                tx -> (Integration, OAuthAttempt, Tenant, (any IntegrationProvider)?)? in
                guard let end = link.expiresAt, end > services.now(),
                    var integration = try Integration.resource.find(id, in: tx)
                else { return nil }
                // The attempt is used up, however it ends.
                guard
                    let attempt = try integration.takeAttempt(
                        ids[1], services.secrets, tx.tenant, at: tx.now)
                else {
                    return nil
                }
                try tx.integrations.store(integration)
                return (
                    integration, attempt, try tx.agency.tenant(),
                    try integrations.provider(integration.provider, in: tx)
                )
            }
            guard let (integration, attempt, tenant, service) = found,
                let provider = service as? any OAuthProvider
            else {
                return ConsentPage.tooLate(
                    try? services.database.read(link.tenant) { try $0.agency.tenant() })
            }
            guard let code, refusal == nil else {
                return ConsentPage.refused(tenant, provider, refusal ?? "the service gave no code")
            }
            let access = try services.access(to: integration, of: link.tenant, provider)
            var answer = try await services.exchange(
                integration, provider, access, link.tenant,
                [
                    ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", redirect),
                    ("code_verifier", attempt.verifier),
                ])
            if case .success(let brought) = answer { answer = await provider.settled(brought, access) }
            switch answer {
            case .success(let answer):
                let withheld = try await services.database.write(link.tenant) { tx in
                    try tx.integrations.connect(id, answer, of: provider, services)
                }
                return ConsentPage.done(tenant, provider, withheld)
            case .failure(let failure): return ConsentPage.refused(tenant, provider, failure.detail)
            }
        }
    }
}

extension Integration {
    /// Ends the attempt of that name; `nil` where there is none any more.
    fileprivate mutating func takeAttempt(
        _ nonce: String, _ sealing: SecretSealing, _ tenant: TenantID, at now: Instant
    ) throws -> OAuthAttempt? {
        var credentials = try openCredentials(sealing, tenant)
        guard let attempt = OAuthAttempt(credentials.removeValue(forKey: OAuthAttempt.credential)),
            attempt.nonce == nonce
        else { return nil }
        try setCredentials(credentials, sealing, tenant, at: now)
        return attempt
    }
}

extension IntegrationStore where Base == Transaction {
    /// Credentials alone: nobody has to hear of it.
    fileprivate func store(_ integration: Integration) throws {
        try tx.run(
            """
            UPDATE integrations SET sealed_credentials = \(integration.sealedCredentials)
            WHERE tenant_id = \(tx.tenant) AND id = \(integration.id)
            """)
    }

    /// The service lets us in: the integration works from now on, as far as its owner permits. Returns what is not.
    fileprivate func connect(
        _ id: IntegrationID, _ answer: OAuthAnswer, of provider: any OAuthProvider,
        _ services: PlatformServices
    ) throws -> [String] {
        let old = try Integration.resource.get(id, in: tx)
        var new = old
        try new.take(answer, of: provider, isNew: true, services, tx.tenant)
        let withheld = try services.access(to: new, of: tx.tenant, provider).withheld
        (new.status, new.checkedAt) = (.active, tx.now)
        new.tell(error: withheld.isEmpty ? nil : Integration.lacks(withheld))
        try tx.update(old, to: &new, by: .system, action: "integration.connected")
        if withheld.isEmpty {
            try tx.alerts.resolve(kind: IntegrationAlert.failing, subject: new.subject)
        } else {
            try tellDoubtful(new)
        }
        return withheld
    }
}

/// The page that the owner sees on the way back.
private enum ConsentPage {
    static func done(_ tenant: Tenant, _ provider: any OAuthProvider, _ withheld: [String]) -> Response {
        let lacks = withheld.isEmpty ? "" : "<p>\(Integration.lacks(withheld).english.htmlEscaped)</p>"
        return page(
            tenant, "Connected", 200,
            "<p class=\"done\">\(provider.title.htmlEscaped) is connected. You can close this page.</p>\(lacks)"
        )
    }

    static func refused(_ tenant: Tenant, _ provider: any OAuthProvider, _ reason: String) -> Response {
        page(
            tenant, "Not connected", 400,
            """
            <p>\(provider.title.htmlEscaped) did not let us in: \(reason.prefix(300).description.htmlEscaped)</p>
            <p>Begin again from the integration.</p>
            """)
    }

    static func tooLate(_ tenant: Tenant?) -> Response {
        page(
            tenant, "Not connected", 400,
            "<p>This way was used already, or is older than ten minutes. Begin again from the integration.</p>"
        )
    }

    private static func page(_ tenant: Tenant?, _ title: String, _ status: Int, _ body: String) -> Response {
        PublicPage(
            title: title, body: "<h1>\(title)</h1>\(body)", agency: tenant?.name ?? "Bureau",
            color: tenant?.brand?.color ?? "#1f4e79", language: tenant?.locale ?? "en"
        ).response(status: status)
    }
}
