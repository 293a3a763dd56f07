internal import Cryptography
internal import Database
internal import Intelligence
internal import JSON
package import Jobs
package import Nouns
internal import Records
internal import Telemetry
internal import Templates

extension AgentRun {
    /// Asks the agent's models. Whatever happens outside, the run goes on: where there is no answer, without a model.
    /// Each request passes the gate, and what was answered once is not asked again, however often the run is attempted.
    /// `effect` names the question, once in the run; `client` is on whose behalf it is.
    ///
    /// A sandbox asks no model: it has to come to the same each time, and nothing leaves it.
    package func ask(
        _ question: ModelQuestion, effect: String, about subject: Subject? = nil, client: ClientID? = nil
    ) async throws -> AskedModel {
        guard let models = job.runtime.models, !job.isSandbox else { return .local("no_model") }
        let chain = try models.chain(agent, tenant)
        guard !chain.isEmpty else { return .local("no_model") }
        hasAsked()
        let prompt = question.prompt
        let loop = ToolLoop { [self] request, turn in
            let call = ModelCall(
                key: "\(id)/\(effect)/\(turn)", run: id, agent: agent, fingerprint: request.fingerprint,
                prompt: prompt.id, subject: subject, clientID: client)
            return try await answer(to: request, prompt, call, models, chain)
        } refused: { [self] call, code, detail in
            try await write { [id, agent] tx in
                tx.refusals.refuse(
                    .tool, agent: agent, Subject(type: "tool", id: String(call.name.prefix(64))), code: code,
                    "The model asked for this tool. \(detail)", run: .agent(id))
            }
        } gate: { [self] call, arguments, repetition in
            try await pass(call, arguments, repetition, effect: effect, about: subject)
        }
        do {
            switch try await loop.run(try request(question)) {
            case .answered(let answer):
                guard let document = answer.document else { return .local("model_malformed") }
                return .answered(
                    ModelReply(
                        document: document,
                        source: [
                            "name": .string(answer.route), "model": .string(answer.reply.model),
                            "prompt": .string(prompt.id),
                        ]))
            case .waits(let approval, _): return .awaitsApproval(approval)
            case .stuck(let why):
                log("model stuck", ["prompt": .string(prompt.id), "why": .string(why)])
                return .local("model_stuck")
            }
        } catch let none as NoAnswer {
            return .local(none.code)
        }
    }

    /// The agent's tools are shown to the model, as far as the question lets it have them.
    private func request(_ question: ModelQuestion) throws -> ChatRequest {
        var request = ChatRequest([.user(try question.prompt.filled(question.values))])
        request.format = .json(name: question.prompt.name, schema: question.schema)
        (request.temperature, request.tokensMax) = (0, question.tokensMax)
        request.images = question.images
        let names = question.tools.filter(definition.tools.contains)
        request.tools = names.compactMap { job.runtime.tools[$0] }.map {
            ChatTool($0.name, $0.summary, parameters: $0.inputSchema)
        }
        return request
    }

    /// One turn: from the journal, or by asking.
    private func answer(
        to request: ChatRequest, _ prompt: PromptFile, _ call: ModelCall, _ models: ModelService,
        _ chain: [ModelRoute]
    ) async throws -> ModelAnswer {
        let began = now, connectors = chain.map { Connector($0) }
        let routes: [ModelRoute]
        switch try await write({ tx in try tx.modelCalls.begin(call, connectors) }) {
        case .known(let known):
            note(prompt, ["name": .string(known.route), "answered_before": true], since: began)
            return known
        case .refused(let code):
            note(prompt, ["refused": .string(code)], since: began)
            throw NoAnswer(code: code)
        case .ask(let ids): routes = ids.compactMap { id in chain.first { $0.id == id } }
        }
        let steady = job.runtime.configuration.steadyClock
        let start = steady()
        let gateway = models.gateway(
            RunGate(run: self, call: call, connectors: connectors, connect: models.connect))
        let result: Result<ModelAnswer, ModelsExhausted>
        do {
            result = .success(try await gateway.answer(request, for: tenant.rawValue, routes))
        } catch let exhausted as ModelsExhausted {
            result = .failure(exhausted)
        } catch let refusal as ToolRefusal {
            note(prompt, ["refused": .string(refusal.code)], since: began)
            throw NoAnswer(code: refusal.code)
        }
        models.asked(result.outcome, result.use, steady() - start)
        note(prompt, result.note, since: began)
        guard case .success(let answer) = result else {
            throw NoAnswer(code: result.outcome.description)
        }
        try await write { tx in try tx.modelCalls.keep(answer, to: call) }
        return answer
    }

    private func note(_ prompt: PromptFile, _ more: JSON, since began: Instant) {
        let prompted: JSON = ["prompt": .string(prompt.id)]
        record("model \(prompt.name)", prompted.merging(more), nil, began)
    }

    /// A wish for a tool takes the way of every call of the agent's own. What it does is named by what is wished for:
    /// in another attempt of the run the same wish is the same effect.
    private func pass(
        _ wish: ChatToolCall, _ arguments: JSON, _ repetition: Int, effect: String, about subject: Subject?
    ) async throws -> ToolLoop.Outcome {
        let digest = Hex.encode(SHA256.hash(arguments.canonical.serialized)).prefix(16)
        do {
            let call = try await call(
                wish.name, arguments, effect: "\(effect)/\(wish.name)/\(digest)/\(repetition)",
                about: subject, reason: Saying("approval.model_wished", ["agent": .text(agent)]).english)
            return switch call {
            case .done(let result): .result(result)
            case .awaitsApproval(let approval): .waits(approval)
            }
        } catch let refusal as ToolRefusal {
            return .refused(code: refusal.code, refusal.detail)
        } catch let failure as ToolFailure {
            return .refused(code: failure.code, failure.detail)
        }
    }
}

/// Lets the requests of one turn out to models, in the run's name.
private struct RunGate: ModelGate {
    let run: AgentRun
    let call: ModelCall
    let connectors: [Connector]
    let connect: @Sendable (Permit) -> ModelTransport

    func open(_ route: ModelRoute, _ request: ChatRequest) async throws -> ModelWay? {
        let (call, connectors, tokens) = (call, connectors, request.estimate)
        // A refusal is kept: the transaction commits.
        let leave = try await run.write { tx in
            try tx.runs.booked { try tx.modelCalls.permit(call, by: route, among: connectors, tokens) }
        }.get()
        guard let permit = leave else { return nil }
        return ModelWay(connect(permit)) { [run] tokens, failure in
            let took = try await run.write { tx in
                try tx.modelCalls.tell(of: route, failure)
                return try tx.modelCalls.settle(permit, by: route, tokens, failure)
            }
            run.spent(cost: took.cost, tokens: Int(took.tokens))
        }
    }
}

/// The models gave none, or were not asked.
private struct NoAnswer: Error {
    let code: String
}

extension Result<ModelAnswer, ModelsExhausted> {
    fileprivate var outcome: StaticString {
        switch self {
        case .success(let answer): answer.isCached ? "cached" : "answered"
        case .failure(let exhausted): exhausted.last?.code ?? "no_model"
        }
    }

    /// For the run's trace: nothing of what was asked or answered.
    fileprivate var note: JSON {
        let name: JSON =
            switch self {
            case .success(let answer):
                ["name": .string(answer.route), "model": .string(answer.reply.model)]
            case .failure: ["name": nil]
            }
        let failures = attempts.compactMap { attempt -> JSON? in
            guard let failure = attempt.failure else { return nil }
            return [
                "name": .string(attempt.route), "code": .string(failure.code.description),
                "detail": .string("\(failure)"),
            ]
        }
        return name.merging([
            "outcome": .string(outcome.description), "input_tokens": JSON(use.tokens.input),
            "output_tokens": JSON(use.tokens.output), "cost_micros": .integer(use.cost),
            "failures": .array(failures),
        ])
    }
}
