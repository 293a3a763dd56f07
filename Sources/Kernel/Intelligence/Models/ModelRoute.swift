package import JSON

/// One model to ask, in the order in which they are asked.
package struct ModelRoute: Sendable {
    /// Its configuration's identifier, and what that is called.
    package var id = ""
    package var name: String
    /// The address without the slash at its end: `https://api.openai.com/v1`.
    package var baseURL: String
    package var key: String
    package var model: String
    /// Its place among the agency's models: the lowest is asked first.
    package var position = 100
    package var abilities = ModelAbilities()
    package var price: ModelPrice?
    package var deadline: Duration = .seconds(60)
    /// Personal data in what it is sent is replaced by marks.
    package var redacts = false

    package init(name: String, baseURL: String, key: String, model: String) {
        (self.name, self.baseURL, self.key, self.model) = (name, baseURL, key, model)
    }
}

/// The way in which requests reach a model's server; the composition root gives it.
package struct ModelTransport: Sendable {
    package struct Answer: Sendable {
        package var status: Int
        package var header: @Sendable (String) -> String?
        package var body: [UInt8]

        package init(status: Int, header: @escaping @Sendable (String) -> String?, body: [UInt8]) {
            (self.status, self.header, self.body) = (status, header, body)
        }
    }

    /// Posts JSON to a path of the route's server. Throws `ModelFailure` where there is no answer.
    package var send: @Sendable (_ route: ModelRoute, _ path: String, _ body: [UInt8]) async throws -> Answer
    /// Posts JSON to a path of the route's server, for a streamed answer: the `data` of each event goes to `receive`. A
    /// status that is no success comes back with its body. Throws `ModelFailure` where there is no answer.
    package var stream:
        @Sendable (
            _ route: ModelRoute, _ path: String, _ body: [UInt8],
            _ receive: @escaping @Sendable (String) async throws -> Void
        ) async throws -> Answer

    package init(
        send: @escaping @Sendable (ModelRoute, String, [UInt8]) async throws -> Answer,
        stream:
            @escaping @Sendable (
                ModelRoute, String, [UInt8], @escaping @Sendable (String) async throws -> Void
            ) async throws -> Answer
    ) {
        (self.send, self.stream) = (send, stream)
    }
}

/// The gate that lets requests out to models, one at a time, and books what each has taken.
package protocol ModelGate: Sendable {
    /// Opens the way to a model for one request; `nil` where it may not be asked now, and the next has its turn.
    /// What it throws ends the question.
    func open(_ route: ModelRoute, _ request: ChatRequest) async throws -> ModelWay?
}

/// The way to a model, for one request.
package struct ModelWay: Sendable {
    let transport: ModelTransport
    /// Books how the request has ended, with the tokens that the server has counted.
    let settle: @Sendable (_ usage: ModelUsage, _ failure: ModelFailure?) async throws -> Void

    package init(
        _ transport: ModelTransport,
        settle: @escaping @Sendable (_ usage: ModelUsage, _ failure: ModelFailure?) async throws -> Void
    ) {
        (self.transport, self.settle) = (transport, settle)
    }
}

/// A transport that is there has its leave already.
extension ModelTransport: ModelGate {
    package func open(_ route: ModelRoute, _ request: ChatRequest) async throws -> ModelWay? {
        ModelWay(self) { _, _ in }
    }
}

/// A model's answer to a request, and what it took.
package struct ModelAnswer: Sendable {
    package var reply: ChatReply
    /// The document that fits the schema, where one was asked for.
    package var document: JSON?
    /// The route that answered.
    package var route: String
    /// The tokens of all attempts, those that led nowhere included.
    package var usage: ModelUsage
    package var cost: Int64
    package var attempts: [ModelAttempt]
    package var isCached = false

    package init(
        reply: ChatReply, document: JSON?, route: String, usage: ModelUsage = ModelUsage(), cost: Int64 = 0,
        attempts: [ModelAttempt] = [], isCached: Bool = false
    ) {
        (self.reply, self.document, self.route) = (reply, document, route)
        (self.usage, self.cost, self.attempts, self.isCached) = (usage, cost, attempts, isCached)
    }
}

/// One request to one model: for traces, metrics and the decision that came of it.
package struct ModelAttempt: Hashable, Sendable {
    package var route: String
    package var failure: ModelFailure?
    package var usage: ModelUsage
}

/// No model has answered: the caller takes the local path, and says so.
package struct ModelsExhausted: Error, Sendable {
    /// The attempts, which cost something nevertheless.
    package let attempts: [ModelAttempt]
    package let usage: ModelUsage
    package let cost: Int64

    package var last: ModelFailure? { attempts.last?.failure }
}
