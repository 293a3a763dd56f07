internal import JSON
internal import Synchronization

/// Asks models: the first of a chain that gives an answer which can be used. A passing failure is tried again, with
/// pauses; any other goes on to the next model. Whoever asks is given an answer or the news that there is none, and
/// then takes the path without a model. Each request has to be let out by the gate first.
package struct ModelGateway: Sendable {
    private static let pauseMax: Duration = .seconds(20)

    /// Attempts at one model, at most.
    private let attemptsMax: Int
    private let gate: any ModelGate
    private let cache: ModelCache?
    private let wait: @Sendable (Duration) async throws -> Void
    /// Random numbers: for fences, which nobody must guess, and for pauses.
    private let random: @Sendable () -> UInt64

    package init(
        _ gate: any ModelGate, cache: ModelCache? = nil, attemptsMax: Int = 3,
        random: @escaping @Sendable () -> UInt64, wait: @escaping @Sendable (Duration) async throws -> Void
    ) {
        (self.gate, self.cache, self.attemptsMax) = (gate, cache, attemptsMax)
        (self.random, self.wait) = (random, wait)
    }

    /// `owner` is the tenant, whose cache is its own. Throws `ModelsExhausted`, or `CancellationError`.
    package func answer(
        _ request: ChatRequest, for owner: String, _ routes: [ModelRoute]
    ) async throws -> ModelAnswer {
        let key = cache == nil ? nil : ModelCache.key(owner, request, routes)
        if let key, let known = cache?.find(key) { return known }
        let answer = try await ask(request, routes, nil)
        if let key, answer.reply.calls.isEmpty { cache?.keep(answer, key) }
        return answer
    }

    /// Answers without the cache, and gives the text to `receive` as it is written. Once a part of it was handed on,
    /// there is no second attempt: what a person has seen cannot be taken back. Throws `ModelsExhausted`, or
    /// `CancellationError`.
    package func stream(
        _ request: ChatRequest, _ routes: [ModelRoute],
        _ receive: @escaping @Sendable (String) async -> Void
    ) async throws -> ModelAnswer {
        try await ask(request, routes, receive)
    }

    private func ask(
        _ request: ChatRequest, _ routes: [ModelRoute], _ receive: (@Sendable (String) async -> Void)?
    ) async throws -> ModelAnswer {
        var bill = Bill()
        let call = Call(request: request, fence: Fence(nonce: random()), receive: receive)
        for route in routes {
            if !call.request.tools.isEmpty, !route.abilities.hasTools { continue }
            if let (reply, document) = try await ask(call, route, &bill) {
                return ModelAnswer(
                    reply: reply, document: document, route: route.name, usage: bill.usage, cost: bill.cost,
                    attempts: bill.attempts)
            }
            if call.hasSpoken.value { break }
        }
        throw ModelsExhausted(attempts: bill.attempts, usage: bill.usage, cost: bill.cost)
    }

    /// Until this model has answered, will not, or may not be asked.
    private func ask(
        _ call: Call, _ route: ModelRoute, _ bill: inout Bill
    ) async throws -> (ChatReply, JSON?)? {
        var request = call.request
        var attempt = 1
        var mayRepair = true
        while true {
            guard let way = try await gate.open(route, request) else { return nil }
            var usage = ModelUsage()
            do {
                let reply = try await exchange(call, request, route, way.transport)
                usage = reply.usage
                let document = try check(reply, request)
                try await way.settle(usage, nil)
                bill.add(ModelAttempt(route: route.name, failure: nil, usage: usage), route.price)
                return (call.restored(reply), document.map(call.restored))
            } catch let failure as ModelFailure {
                let told = failure.hiding(route.key)
                try await way.settle(usage, told)
                bill.add(ModelAttempt(route: route.name, failure: told, usage: usage), route.price)
                if case .malformed(let why) = failure, mayRepair, !call.hasSpoken.value,
                    case .json = request.format, let last = call.last.value
                {
                    mayRepair = false
                    request = StructuredOutput.repair(request, last, why)
                    continue
                }
                guard failure.isPassing, attempt < attemptsMax, !call.hasSpoken.value,
                    let pause = pause(failure, attempt)
                else { return nil }
                try await wait(pause)
                attempt += 1
            }
        }
    }

    /// Returns how long to wait: as long as the server asks for, when that can be waited for; `nil` to go elsewhere at
    /// once.
    private func pause(_ failure: ModelFailure, _ attempt: Int) -> Duration? {
        if let asked = failure.pause { return asked <= Self.pauseMax ? asked : nil }
        let ceiling = UInt64(500 << attempt)
        return .milliseconds(Int64(random() % ceiling))
    }

    private func exchange(
        _ call: Call, _ request: ChatRequest, _ route: ModelRoute, _ transport: ModelTransport
    ) async throws -> ChatReply {
        call.last.set(nil)
        let streams = call.receive != nil
        let redactor = route.redacts ? call.redactor : nil
        let body = request.body(route.model, route.abilities, call.fence, redactor, streams: streams).bytes
        let reply =
            try await streams
            ? streamed(call, body, route, transport) : whole(body, route, transport)
        call.last.set(reply)
        return reply
    }

    private func whole(
        _ body: [UInt8], _ route: ModelRoute, _ transport: ModelTransport
    ) async throws -> ChatReply {
        let answer = try await transport.send(route, "/chat/completions", body)
        guard (200...299).contains(answer.status) else {
            throw ModelFailure(status: answer.status, header: answer.header, body: answer.body)
        }
        return try ChatReply(answer.body)
    }

    private func streamed(
        _ call: Call, _ body: [UInt8], _ route: ModelRoute, _ transport: ModelTransport
    ) async throws -> ChatReply {
        let assembly = Shared(ChatAssembly())
        let answer = try await transport.stream(route, "/chat/completions", body) { data in
            let text = try assembly.change { assembly throws(ModelFailure) in try assembly.take(data) }
            guard !text.isEmpty else { return }
            call.hasSpoken.set(true)
            await call.receive?(text)
        }
        guard (200...299).contains(answer.status) else {
            throw ModelFailure(status: answer.status, header: answer.header, body: answer.body)
        }
        return try assembly.value.finish()
    }

    /// Returns whether a reply can be used; the document where one was asked for.
    private func check(_ reply: ChatReply, _ request: ChatRequest) throws(ModelFailure) -> JSON? {
        if let refusal = reply.refusal { throw .declined(String(refusal.prefix(200))) }
        switch reply.end {
        case .contentFilter: throw .declined("the model's content filter declined")
        case .length: throw .truncated
        case .toolCalls: return nil
        case .stop: break
        }
        guard case .json(_, let schema) = request.format else { return nil }
        return try StructuredOutput.read(reply.text, schema).get()
    }
}

/// One request on its way through the chain.
private struct Call: Sendable {
    let request: ChatRequest
    let fence: Fence
    /// The redactor for all models that are asked, since what one was not told, another may be: the marks are the same.
    let redactor = Redactor()
    let receive: (@Sendable (String) async -> Void)?
    /// A part of a streamed text was handed on.
    let hasSpoken = Shared(false)
    /// The last answer, to have it repaired.
    let last = Shared<ChatReply?>(nil)

    func restored(_ reply: ChatReply) -> ChatReply {
        var reply = reply
        reply.text = redactor.restore(reply.text)
        for index in reply.calls.indices {
            reply.calls[index].arguments = redactor.restore(reply.calls[index].arguments)
        }
        return reply
    }

    func restored(_ document: JSON) -> JSON {
        switch document {
        case .string(let text): .string(redactor.restore(text))
        case .array(let items): .array(items.map(restored))
        case .object(let object): .object(JSONObject(object.members.map { ($0.key, restored($0.value)) }))
        default: document
        }
    }
}

private struct Bill {
    var attempts: [ModelAttempt] = []
    var usage = ModelUsage()
    var cost: Int64 = 0

    mutating func add(_ attempt: ModelAttempt, _ price: ModelPrice?) {
        attempts.append(attempt)
        usage = usage + attempt.usage
        cost += price?.cost(of: attempt.usage) ?? 0
    }
}

private final class Shared<Value: Sendable>: Sendable {
    private let mutex: Mutex<Value>
    init(_ value: Value) { mutex = Mutex(value) }
    var value: Value { mutex.withLock { $0 } }
    func set(_ value: Value) { mutex.withLock { $0 = value } }
    func change<R: Sendable, E: Error>(_ body: (inout Value) throws(E) -> R) throws(E) -> R {
        try mutex.withLock { value throws(E) in try body(&value) }
    }
}
