internal import Agents
internal import Database
package import HTTPServer
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Routing
internal import Telemetry
internal import Tenancy

func hookRoutes(_ routes: inout Routes, _ integrations: IntegrationServices, _ runtime: Runtime) {
    let services = integrations.platform
    routes.identifyByKey(below: "/v1/hooks/")
    let (endpoints, intake) = (HookEndpoints(integrations), HookIntake(services.database))
    routes.schema(
        "HookReceived",
        .schema(
            ["received": ["type": "boolean"], "duplicate": ["type": "boolean"]], required: ["received"]))
    routes.schema("HookReceipt", receiptSchema)

    routes.post(
        "/v1/hooks/{provider}/{token}", .anyone,
        "Receive a webhook from a connected service, proven by the provider's signature",
        named: "receive_hook",
        body: .raw(limit: HookEndpoints.bodyMax, .anything),
        .json(
            .reference("HookReceived"), "The message is stored; some services get the text that they want."),
        .media("text/plain", "The message is stored; some services get the text that they want."),
        .media("text/xml", "The same, for services that want XML.")
    ) { call in
        let target = try endpoints.target(call)
        let request = HookRequest(
            method: call.request.head.method, url: services.settings.publicURL + call.request.head.target,
            target: call.request.head.target, headers: call.request.head.headers,
            query: call.request.head.query, body: call.request.bytes, now: services.now(),
            access: target.access)
        if let greeting = target.endpoint.greeting(request) {
            return .task { try await integrations.keep(greeting, of: target, call.requestID) }
        }
        let items: [HookItem]
        do throws(HookRefusal) {
            if let reply = try target.reply(to: request, at: runtime.clocks.now(target.tenant)) {
                return .response(reply)
            }
            items = try target.open(request, at: runtime.clocks.now(target.tenant))
        } catch {
            if case .forged = error {
                services.noteForgedHook(of: target.access.integrationID, target.tenant)
            }
            return .response(error.response(target.endpoint, requestID: call.requestID))
        }
        let taken = target.endpoint.acknowledgement(of: request).map {
            Response.acknowledging($0, target.endpoint.acknowledgementType)
        }
        guard !items.isEmpty else { return .response(taken ?? .json(["received": true])) }
        let endpoint = HookIntake.Endpoint(
            tenant: target.tenant, integration: target.access.integrationID, provider: target.provider)
        // Serialised here: the writer's thread has enough to do.
        let kept = items.map { KeptItem($0) }
        return .later { answer in
            intake.receive(kept, at: endpoint) { isNew in
                answer(
                    isNew.map {
                        taken ?? .json($0 ? ["received": true] : ["received": true, "duplicate": true])
                    })
            }
        }
    }
    routes.get(
        "/v1/hooks/{provider}/{token}", .anyone,
        "Answer a service that verifies that the hook exists", named: "verify_hook",
        query: [], .media("text/plain", "The response that the provider expects."),
        .json(.anyObject, "The same, of services that want JSON.")
    ) { call in
        let target = try endpoints.target(call)
        let request = HookRequest(
            method: call.request.head.method, headers: call.request.head.headers,
            query: call.request.head.query, body: [], now: services.now(), access: target.access)
        let former = target.access.former(at: runtime.clocks.now(target.tenant))
        guard
            let response = target.endpoint.handshake(request)
                ?? former.flatMap({ target.endpoint.handshake(request.by($0)) })
        else { throw Problem(.notFound) }
        return .response(response)
    }
    receiptRoutes(&routes)
}

/// Routes for the receipts of hooks, and for replaying them.
private func receiptRoutes(_ routes: inout Routes) {
    routes.get(
        "/v1/hook-receipts",
        .permission(
            "integrations:read"), "List the receipts of webhooks from connected services",
        query: SimpleList.docs(receiptColumns, fields: []), .list(of: .reference("HookReceipt"))
    ) { call in
        .read { reader in
            let list = try SimpleList(call.request.head.query, receiptColumns, dialect: reader.dialect)
            return try list.page(of: "hook_receipts", HookReceipt.self, in: reader) { $1.value($0.json) }
        }
    }
    routes.get(
        "/v1/hook-receipts/{id}", .permission("integrations:read"),
        "Get a receipt: what was received through a hook, as it is kept",
        .json(.reference("HookReceipt"), "The receipt, with its payload.")
    ) { call in
        let id = try call.id("id", of: HookReceipt.self)
        return .read { reader in
            guard let receipt = try reader.hookReceipts.find(id) else { throw Problem(.notFound) }
            return .json(receipt.json.merging(["payload": receipt.payload]))
        }
    }
    routes.post(
        "/v1/hook-receipts/{id}/replay", .permission("integrations:write"),
        "Replay a receipt that failed or was ignored", .json(.reference("HookReceipt"), "The receipt.")
    ) { call in
        let id = try call.id("id", of: HookReceipt.self)
        return .write { tx in
            guard let receipt = try tx.hookReceipts.find(id) else { throw Problem(.notFound) }
            guard receipt.status == .failed || receipt.status == .ignored else {
                throw Problem(
                    .invalidTransition,
                    "The receipt is \(receipt.status.rawValue): only failed and ignored ones can be replayed.",
                    extra: ["allowed": ["failed", "ignored"]])
            }
            try tx.hookReceipts.settle(id, .received)
            try tx.jobs.enqueue(HookJob.self, .init(receipts: [id]))
            guard let now = try tx.hookReceipts.find(id) else { throw Problem(.notFound) }
            return .json(now.json)
        }
    }
}

private let receiptColumns: [SimpleList.Column] = [
    .init("integration_id", .text(max: 100)), .init("provider", .text(max: 64)),
    .init("status", .choice(HookReceipt.Status.choices)), .init("type", .text(max: 200)),
    .init("received_at", .instant),
]

private let receiptSchema: JSON = {
    let (text, instant): (JSON, JSON) = (["type": "string"], ["type": "string", "format": "date-time"])
    return .schema(
        [
            "id": text, "integration_id": text, "provider": text, "key": text, "type": text,
            "status": ["type": "string", "enum": JSON(HookReceipt.Status.choices)],
            "note": ["type": ["string", "null"]], "received_at": instant,
            "processed_at": ["type": ["string", "null"], "format": "date-time"], "payload": [:],
        ],
        required: [
            "id", "integration_id", "provider", "key", "type", "status", "note", "received_at",
            "processed_at",
        ])
}()

extension HookRefusal {
    fileprivate func response(_ endpoint: any HookEndpoint, requestID: String) -> Response {
        switch self {
        case .forged(let detail):
            var response = Problem(.signatureInvalid, detail).response(requestID: requestID)
            response.status = endpoint.refusedStatus
            return response
        case .malformed(let detail): return Problem(.badRequest, detail).response(requestID: requestID)
        }
    }
}

extension IntegrationServices {
    /// Keeps the secret with which a service introduces itself, and sends it back. One that is there already stays: who
    /// comes with another one is not the service.
    fileprivate func keep(
        _ greeting: HookGreeting, of target: HookEndpoints.Target, _ requestID: String
    ) async throws -> Response {
        let secrets = platform.secrets
        let isKept = try await platform.database.write(target.tenant) { tx in
            try tx.integrationCredentials.keep(greeting, of: target.access.integrationID, secrets)
        }
        guard isKept else {
            platform.noteForgedHook(of: target.access.integrationID, target.tenant)
            return HookRefusal.forged("The integration has another \(greeting.credential) already.")
                .response(target.endpoint, requestID: requestID)
        }
        var response = Response.json(["received": true])
        response.headers.append((greeting.header, greeting.secret))
        return response
    }
}

extension Response {
    /// Answers with the text that a service waits for.
    package static func acknowledging(
        _ text: String, _ type: String = "text/plain; charset=utf-8"
    ) -> Response {
        Response(status: 200, headers: [("Content-Type", type)], body: .bytes(Array(text.utf8)))
    }
}

extension PlatformServices {
    /// Keeps that something came to an integration's hook that is not proven to be from its service.
    fileprivate func noteForgedHook(of integration: IntegrationID, _ tenant: TenantID) {
        keepRefused(tenant, Subject(integration)) { tx in
            try tx.refusedAttempts.noteForgedHook(of: integration)
        }
    }
}

/// The open endpoints, by their tokens.
final class HookEndpoints: Sendable {
    struct Target: Sendable {
        let tenant: TenantID
        let provider: String
        let endpoint: any HookEndpoint
        let access: IntegrationAccess

        /// Returns the items of a request that is proven by the present secrets or, within the overlap of a rotation,
        /// by those before. `now` is by the tenant's clock.
        func open(_ request: HookRequest, at now: Instant) throws(HookRefusal) -> [HookItem] {
            do throws(HookRefusal) {
                return try endpoint.open(request)
            } catch {
                guard case .forged = error, let former = access.former(at: now) else { throw error }
                return try endpoint.open(request.by(former))
            }
        }

        /// Returns the answer to a request that only asks whether somebody is there, proven likewise.
        func reply(to request: HookRequest, at now: Instant) throws(HookRefusal) -> Response? {
            do throws(HookRefusal) {
                return try endpoint.reply(to: request)
            } catch {
                guard case .forged = error, let former = access.former(at: now) else { throw error }
                return try endpoint.reply(to: request.by(former))
            }
        }
    }

    static let bodyMax = 30 * 1024 * 1024

    private let targets: IntegrationTargets<Target>

    init(_ integrations: IntegrationServices) {
        let services = integrations.platform
        targets = IntegrationTargets(services) { tenant, integration in
            let found = try services.database.read(tenant) {
                try integrations.provider(integration.provider, in: $0)
            }
            guard let provider = found, let endpoint = provider.endpoint else { return nil }
            return Target(
                tenant: tenant, provider: integration.provider, endpoint: endpoint,
                access: try services.access(to: integration, of: tenant, provider))
        }
    }

    /// Throws 404 for a token that opens nothing, and 429 for one that is used too much.
    func target(_ call: Call) throws -> Target {
        let (name, token) = (call.parameters["provider"] ?? "", call.parameters["token"] ?? "")
        return try targets.target(token) { $0.provider == name }
    }
}
