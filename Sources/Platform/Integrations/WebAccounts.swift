internal import Agents
internal import Database
internal import HTTPClient
package import Jobs
internal import Nouns
internal import Records
internal import Telemetry
internal import Templates
internal import Tenancy

/// Services that have no connector of their own, and are asked as workflows and agents say, by `http_request`.
package protocol WebProvider: IntegrationProvider {
    /// The headers by which a service knows the agency.
    func headers(_ access: IntegrationAccess) -> [(name: String, value: String)]
}

/// Lets `http_request` go by what agencies have connected. The way out is registered already.
package func webServiceAccounts(_ registration: inout JobRegistration, _ integrations: IntegrationServices) {
    guard let outbound = registration.outbound else { return }
    registration.webAccounts.connector = { try integrations.webService($0, for: $1, $2, in: $3) }
    registration.webAccounts.noteUse = { try $2.integrationCredentials.noteUse(of: $0, by: $1) }
    registration.webAccounts.send = { try await integrations.send($0, $1, outbound) }
    registration.questions.addConnectors(of: [WebAccounts.tool]) { reader in
        try reader.reading.integrations.all(for: .http).map(\.id)
    }
}

extension IntegrationServices {
    /// The service that a call names. One of a client's is for what is done in that client's name alone.
    fileprivate func webService(
        _ id: IntegrationID, for url: String, _ caller: ToolCaller, in tx: Transaction
    ) throws -> Connector {
        guard
            let integration = try Integration.resource.find(id, in: tx),
            let provider = providers[integration.provider] as? any WebProvider,
            integration.clientID == nil || integration.clientID == caller.clientID
        else {
            throw Self.refusal(
                "/integration_id", "unknown_reference",
                "integration_id must name a web service that the caller may use; \(id) is not one."
            )
        }
        guard integration.status == .active, integration.environment == .live else {
            let state = integration.status == .active ? "only for tests" : integration.status.rawValue
            throw ToolRefusal(
                "tool_unavailable",
                "\(integration.title) is \(state): look at the integration \(integration.id).")
        }
        let base = platform.baseURL(of: integration, provider)
        guard Self.isWithin(base, url) else {
            throw Self.refusal(
                "/url", "invalid_url", "url must begin with \(base), the address of \(integration.title).")
        }
        return integration.connector(for: try tx.agency.tenant(), at: tx.now)
    }

    private static func refusal(_ pointer: String, _ code: String, _ detail: String) -> ToolRefusal {
        let fault = ValueFault(pointer: pointer, code: code, detail: detail)
        return ToolRefusal(code, "\(pointer): \(detail)", faults: [fault])
    }

    private static func isWithin(_ base: String, _ url: String) -> Bool {
        do throws(HTTPClientError) {
            return try OutboundURL(url).isWithin(OutboundURL(base))
        } catch {
            return false
        }
    }

    /// Sends as whom the service knows. One that takes none of the credentials is used no more until a person has
    /// looked.
    fileprivate func send(
        _ request: OutboundRequest, _ call: ToolCall, _ outbound: any OutboundHTTP
    ) async throws -> OutboundResponse {
        let found = try platform.database.read(call.tenant) { reader in
            try IntegrationID(call.provider).flatMap { try Integration.resource.find($0, in: reader) }
        }
        guard let found, let provider = providers[found.provider] as? any WebProvider else {
            throw ToolFailure("tool_unavailable", "the integration no longer exists", isRetryable: false)
        }
        let access = try platform.access(to: found, of: call.tenant, provider)
        // It may have moved since the call was let out, and its credentials are for its new place alone.
        guard Self.isWithin(access.baseURL, request.url) else {
            throw OutboundFailure.refused("it is not under \(access.baseURL)")
        }
        let response = try await access.withEither(at: platform.now(), isRefused: { $0.status == 401 }) {
            access async throws -> OutboundResponse in
            try await outbound.send(request, by: provider, access, call.reach)
        }
        call.reach.note(status: response.status)
        var limit = ServiceLimit(at: platform.now()) { response.header($0) }
        if response.status == 429 { limit.pause = response.retryAfter ?? .seconds(30) }
        call.reach.note(limit)
        if response.status == 401 {
            try await platform.database.write(call.tenant) { tx in
                try tx.integrations.fails(
                    access,
                    because: .cause(
                        "unauthenticated", "the service answers 401 and accepts none of the credentials"))
            }
        }
        // It may allow other paths, so it is used on.
        if response.status == 403, !provider.headers(access).isEmpty {
            throw ToolFailure(
                IntegrationCheck.permissionCode,
                "the service answered 403: the credentials of \(found.title) do not permit this",
                isRetryable: false)
        }
        return response
    }
}

extension OutboundHTTP {
    /// Sends a request as whom the service knows. What lets us in is taken out of an answer that repeats it, since
    /// answers are kept and shown.
    fileprivate func send(
        _ request: OutboundRequest, by provider: any WebProvider, _ access: IntegrationAccess,
        _ reach: ConnectorCall
    ) async throws -> OutboundResponse {
        let own = provider.headers(access), names = own.map { $0.name.lowercased() }
        var request = request
        request.headers.removeAll { names.contains($0.name.lowercased()) }
        request.headers += own
        reach.note(bytes: request.body?.count ?? 0)
        var response = try await send(request)
        reach.note(bytes: response.body.count)
        // The first word of a header is only how one is let in: `Bearer`.
        let sent = own.flatMap { [$0.value] + $0.value.split(separator: " ").dropFirst().map { String($0) } }
        let redaction = SecretRedaction(sent + [access.credential("password")])
        response.body = redaction.redacted(response.body)
        response.headers = response.headers.map { (name: $0.name, value: redaction.redacted($0.value)) }
        return response
    }
}
