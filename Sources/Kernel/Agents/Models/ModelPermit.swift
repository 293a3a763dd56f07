package import Database
package import Intelligence
internal import JSON
internal import Jobs
internal import Nouns
package import Records
internal import Telemetry

package extension ModelCallStore where Base == Transaction {
    /// Lets one request of a question out to a model, and holds what it may take at the most; `nil` where the model
    /// may not be asked now. Throws `ToolRefusal` where nobody may be asked, which is kept as a refusal: commit all
    /// the same.
    internal func permit(
        _ call: ModelCall, by route: ModelRoute, among connectors: [Connector], _ tokens: ModelUsage
    ) throws -> Permit? {
        let tool = try tx.runtime.tools.definition(CallModelTool.name), settings = try tx.tools.settings(tool)
        do {
            guard settings.isEnabled else { throw ToolRefusal.disabled(tool.name) }
            let ranking = try tx.connectors.rank(connectors, for: tool.name, key: call.key, tx.zone())
            guard let choice = ranking.ranked.first(where: { $0.connector.id == route.id }) else {
                return nil
            }
            let attempt = (try tx.toolCalls.all(key: call.key).last?.attempt ?? 0) + 1
            let caller = ToolCaller(
                actor: .agent(call.agent), agent: call.agent, runID: .agent(call.run), subject: call.subject,
                clientID: call.clientID)
            return try tx.gate.permit(
                ToolRequest(
                    tool: tool.name, arguments: .null, caller: caller, key: call.key, attempt: attempt),
                by: choice.connector, choice.why, settings.usage(of: route, tokens), deadline: route.deadline)
        } catch let refusal as ToolRefusal {
            refuse(call, refusal.code, "\(refusal.detail).")
            throw refusal
        } catch is ConnectorBusy {
            return nil
        }
    }

    /// Lets a person's test of a model out.
    func permitTest(of route: ModelRoute, _ request: ChatRequest, by actor: Actor) throws -> Permit {
        let settings = try tx.tools.settings(tx.runtime.tools.definition(CallModelTool.name))
        let caller = ToolCaller(actor: actor, subject: Subject(type: ModelAlert.subject, id: route.id))
        return try tx.gate.permit(
            ToolRequest(
                tool: CallModelTool.name, arguments: .null, caller: caller, key: tx.makeID("test_")),
            by: Connector(route), nil, settings.usage(of: route, request.estimate), deadline: route.deadline,
            isTest: true)
    }

    /// Books what a request has taken: the tokens that the server has counted, which it also counts of an answer that
    /// cannot be used; nothing where there was none.
    @discardableResult
    func settle(
        _ permit: Permit, by route: ModelRoute, _ tokens: ModelUsage, _ failure: ModelFailure?
    ) throws -> ToolUsage {
        let settings = try tx.tools.settings(tx.runtime.tools.definition(CallModelTool.name))
        let isFree = failure != nil && tokens.tokens == 0
        let usage = isFree ? ToolUsage() : settings.usage(of: route, tokens)
        let end: ConnectorCallEnd = if let failure { .failed(ToolFailure(failure)) } else { .succeeded }
        try tx.gate.settle(permit, end, usage)
        return usage
    }

    internal func refuse(_ call: ModelCall, _ code: String, _ detail: String) {
        tx.refusals.refuse(
            .tool, agent: call.agent, Subject(type: "agent", id: call.agent), code: code,
            "No model was asked: \(detail)", run: .agent(call.run))
    }

    /// Settles the requests of a run that were cut off with it.
    internal func end(ofRun id: AgentRunID) throws {
        let left = try tx.all(heldModelCalls, [tx.tenant.sqlValue, id.sqlValue, CallModelTool.name.sqlValue])
        {
            (key: $0.text(0), attempt: $0.int(1))
        }
        for call in left {
            try tx.connectorCalls.settle(key: call.key, attempt: call.attempt, .failed(.interrupted))
        }
    }
}

extension ToolSettings {
    /// Returns the usage of a request to a model: as the agency has priced calls, or else by tokens.
    fileprivate func usage(of route: ModelRoute, _ tokens: ModelUsage) -> ToolUsage {
        ToolUsage(
            cost: price ?? route.price?.cost(of: tokens) ?? 0, tokens: Int64(tokens.tokens), calls: 1)
    }
}

extension ToolFailure {
    fileprivate init(_ failure: ModelFailure) {
        self.init(
            failure.code.description, "\(failure)", isRetryable: failure.isPassing,
            retryAfter: failure.pause, blamesProvider: failure.blamesServer)
    }
}

private let heldModelCalls = Statement(
    "SELECT key, attempt FROM tool_calls WHERE tenant_id = $1 AND run_id = $2 AND tool = $3 AND state = 'held'"
)
