internal import Agents
internal import Database
internal import HTTPServer
internal import JSON
internal import Jobs
internal import Records
internal import Routing
internal import Telemetry
internal import Tenancy

extension ConnectorClient {
    /// Asks the service to send its webhooks to an address, unless it does already. Some call the address while they
    /// are asked.
    func subscribe(to address: String) async throws {
        guard let subscription = connector.hooks?.subscribe else {
            throw ToolFailure(
                "not_supported", "the service is told of the address by hand, in its own settings",
                isRetryable: false)
        }
        var names = ConnectorNames(now: .wallClock())
        names["hook"] = .string(address)
        let asked = names
        if let list = subscription.list {
            let answer = try await pass(AskConnectorTool.name) { wire, reach async throws(ToolFailure) in
                try await wire.ask(list, asked, ConnectorWire.Extra(), reach)
            }
            let known = subscription.items.value(in: answer.body)?.array ?? []
            if known.contains(where: { subscription.address.value(in: $0)?.text == address }) { return }
        }
        let key = "hook:\(integration):\(address)"
        do {
            _ = try await pass(WriteConnectorTool.name, key: key) { wire, reach async throws(ToolFailure) in
                try await wire.ask(subscription.question, asked, ConnectorWire.Extra(key: key), reach)
            }
        } catch let failure as ToolFailure where failure.code == "conflict" {
            // It has the address already.
        }
    }
}

/// The route by which a service is asked for its webhooks.
func subscriptionRoutes(_ routes: inout Routes, _ integrations: IntegrationServices, _ runtime: Runtime) {
    routes.post(
        "/v1/integrations/{id}/subscribe", .permission("integrations:write"),
        "Subscribe to a service's webhooks, where the service can be asked for them",
        .json(
            .schema(
                [
                    "ok": ["type": "boolean"], "code": ["type": ["string", "null"]],
                    "detail": ["type": "string"],
                ], required: ["ok", "code", "detail"]), "Whether the service sends its webhooks from now on.")
    ) { call in
        let id = try call.id("id", of: Integration.self)
        guard !runtime.isSandbox(call.tenant) else {
            throw Problem(.conflict, "A sandbox calls no services: subscribe in the agency.")
        }
        return .task {
            let integration = try call.read { try Integration.resource.get(id, in: $0) }
            let caller = ToolCaller(
                actor: call.actor, subject: integration.subject, clientID: integration.clientID)
            guard let hook = integration.hookURL,
                let client = try integrations.client(of: integration, call.tenant, for: caller)
            else {
                throw Problem(.conflict, "The service sends no webhooks that can be asked for.")
            }
            func told(_ isGood: Bool, _ code: String?, _ detail: String) -> Response {
                .json(["ok": .bool(isGood), "code": JSON(code), "detail": .string(detail)])
            }
            do {
                try await client.subscribe(to: integrations.platform.settings.publicURL + hook)
                return told(true, nil, "The service sends its webhooks to \(hook).")
            } catch let failure as ToolFailure {
                return told(false, failure.code, failure.detail)
            }
        }
    }
}
