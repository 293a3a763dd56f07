package import Database
package import JSON
internal import Jobs
internal import Records
package import Telemetry

/// The details with which an outside call is made.
package struct StepCall: Sendable {
    /// The key of the call, the same for every attempt, also after a crash: to be given to the other side as its
    /// idempotency key.
    package let key: String
    /// The number of the attempt, from 1.
    package let attempt: Int
    package let now: Instant
}

extension Flow {
    /// A step on the database: what it writes and the record that it is done commit together, exactly once. Without
    /// events and jobs it does not wait for the disk, which it reaches before the run goes outside or ends: a power cut
    /// may take the last steps away, with all that they wrote, and they are made again.
    @discardableResult
    package func step<T: Codable & Sendable>(
        _ name: String, attempts: StepAttempts = StepAttempts(),
        _ body: @escaping @Sendable (Transaction) throws -> T
    ) async throws -> T {
        switch try enter(.step, name) {
        case .done(let output): return try decodePayload(T.self, output ?? "null")
        case .open(let step), .attempt(let step): return try await commit(step, attempts, .early, body)
        }
    }

    package func step(
        _ name: String, attempts: StepAttempts = StepAttempts(),
        _ body: @escaping @Sendable (Transaction) throws -> Void
    ) async throws {
        try await step(name, attempts: attempts) { tx in
            try body(tx)
            return Nothing()
        }
    }

    /// A step that goes outside. It may be made again after a crash, with the same key; `commit` writes what follows
    /// from its result together with the record. Without it the record is written with what comes next, and before
    /// anything else goes outside.
    @discardableResult
    package func call<T: Codable & Sendable>(
        _ name: String, attempts: StepAttempts = StepAttempts(), timeout: Duration = .seconds(60),
        _ call: @escaping @Sendable (StepCall) async throws -> T,
        commit: (@Sendable (Transaction, T) throws -> Void)? = nil
    ) async throws -> T {
        switch try enter(.step, name) {
        case .done(let output): return try decodePayload(T.self, output ?? "null")
        case .open(let step), .attempt(let step):
            let result: T
            do {
                try await activation.save()
                let details = StepCall(
                    key: "\(runID):\(step.path)", attempt: step.attempt, now: activation.now)
                result = try await runtime.withDeadline(timeout) { try await call(details) }
            } catch { try failed(step, error, attempts) }
            guard let commit else {
                do { activation.note(try completed(step, try encodePayload(result))) } catch {
                    try failed(step, error, attempts)
                }
                return result
            }
            return try await self.commit(step, attempts, .request) { tx in
                try commit(tx, result)
                return result
            }
        }
    }

    private func commit<T: Codable & Sendable>(
        _ step: FlowStep, _ attempts: StepAttempts, _ priority: WritePriority,
        _ body: @escaping @Sendable (Transaction) throws -> T
    ) async throws -> T {
        do {
            let (id, flow) = (runID, self)
            let (result, done) = try await activation.commit(priority) { tx in
                let result = try body(tx)
                let done = try flow.completed(step, try encodePayload(result))
                try tx.workflowJournal.store(done, of: id)
                return (result, done)
            }
            activation.hasStored(done)
            return result
        } catch { try failed(step, error, attempts) }
    }

    // MARK: Time and chance

    /// The tenant's time when the body first came here.
    package func now() async throws -> Instant {
        let microseconds = try value("now") { self.activation.now.microseconds }
        return Instant(microseconds: microseconds)
    }

    /// A random number; the same whenever the body comes here again.
    package func random() async throws -> UInt64 {
        let bits = try value("random") {
            Int64(bitPattern: Self.seed("\(self.runID) \(self.activation.now.microseconds)"))
        }
        return UInt64(bitPattern: bits)
    }

    private func value(_ name: String, _ make: () -> Int64) throws -> Int64 {
        switch try enter(.value, name) {
        case .done(let output): return try decodePayload(Int64.self, output ?? "0")
        case .open(let step), .attempt(let step):
            let value = make()
            activation.note(try completed(step, "\(value)"))
            return value
        }
    }

    // MARK: Sleeping

    package func sleep(for duration: Duration) async throws {
        try sleep("sleep", .for(duration))
    }

    package func sleep(until instant: Instant) async throws {
        try sleep("sleep", .until(instant))
    }

    enum Sleep { case `for`(Duration), until(Instant) }

    func sleep(_ name: String, _ sleep: Sleep) throws {
        switch try enter(.sleep, name) {
        case .done: return
        case .attempt(var step):
            step.status = .waiting
            switch sleep {
            case .for(let duration): step.dueAt = activation.now + duration
            case .until(let instant): step.dueAt = instant
            }
            try wake(step)
        case .open(let step): try wake(step)
        }
    }

    /// Ends a sleep whose time has come.
    private func wake(_ step: FlowStep) throws {
        guard let due = step.dueAt, due > activation.now else {
            activation.note(try completed(step, nil))
            return
        }
        activation.note(step)
        throw leave(until: due, waitingFor: "\(step.name) until \(due)")
    }

    // MARK: Signals and events

    /// Waits for a signal that someone sends to the run; one that came early is kept. `nil` when the time is over.
    package func signal(_ name: String, timeout: Duration? = nil) async throws -> JSON? {
        try waitForSignal(step: name, signal: name, timeout, nil)
    }

    /// Waits for an event of the agency's, such as `lead.qualified`, that has the given members; from the moment the
    /// body comes here. `nil` when the time is over.
    package func event(
        _ type: String, matching: JSON = [:], timeout: Duration? = nil
    ) async throws -> JSON? {
        try waitForSignal(step: type, signal: nil, timeout, matching)
    }

    func waitForSignal(
        step name: String, signal: String?, _ timeout: Duration?, _ matching: JSON?
    ) throws -> JSON? {
        let step: FlowStep
        switch try enter(.event, name, matching) {
        case .done(let output): return output.map(JSON.init(stored:))?["data"]
        case .open(let open): step = open
        case .attempt(var new):
            (new.status, new.dueAt) = (.waiting, timeout.map { activation.now + $0 })
            if let matching {
                activation.note(wait: EventWait(event: name, path: new.path, matching: matching))
            }
            step = new
        }
        if let found = activation.takeSignal(signal ?? EventWait.signal(step.path), for: step.path) {
            let data = JSON(stored: found.data)
            activation.note(try completed(step, JSON.object(["data": data]).serialized))
            return data
        }
        if let due = step.dueAt, due <= activation.now {
            activation.note(try completed(step, "{\"timed_out\":true}"))
            return nil
        }
        activation.note(step)
        throw leave(until: step.dueAt, waitingFor: "\(signal == nil ? "the event" : "the signal") \(name)")
    }

    // MARK: Side by side

    /// Runs branches side by side, each with a flow of its own, and returns their results in order. When one fails for
    /// good, the others end where they are.
    package func parallel<T: Sendable>(
        _ branches: [@Sendable (Flow) async throws -> T]
    ) async throws -> [T] {
        try await parallel("parallel", branches)
    }

    func parallel<T: Sendable>(
        _ name: String, _ branches: [@Sendable (Flow) async throws -> T]
    ) async throws -> [T] {
        let path = try advance()
        let marker: FlowStep
        var isDone = false
        switch try enter(at: path, .parallel, name, JSON(branches.count)) {
        case .done:
            marker = activation.step(path)!
            isDone = true
        case .open(let step): marker = step
        case .attempt(var step):
            step.status = .waiting
            activation.note(step)
            marker = step
        }
        let flows = branches.indices.map { Flow(activation, prefix: "\(path).\($0 + 1).") }
        let results = await run(branches, flows)
        // Before anything is noted: other branches may still commit what is.
        for case .failure(let error) in results where Self.isOfTheAttempt(error) { throw error }
        for case .failure(let error) in results where !(error is FlowDeparture) {
            activation.cancelOpen(below: "\(path).")
            if !isDone { try failed(marker, error, StepAttempts(1)) }
            throw error
        }
        if flows.contains(where: \.isLeft) { throw leave(until: nil, waitingFor: name) }
        if !isDone { activation.note(try completed(marker, nil)) }
        return try results.map { try $0.get() }
    }

    /// One after the other in a sandbox, where everything happens in a fixed order.
    private func run<T: Sendable>(
        _ branches: [@Sendable (Flow) async throws -> T], _ flows: [Flow]
    ) async -> [Result<T, any Error>] {
        @Sendable func run(_ index: Int) async -> Result<T, any Error> {
            do { return .success(try await branches[index](flows[index])) } catch { return .failure(error) }
        }
        let width = runtime.isSandbox(tenant) ? 1 : runtime.configuration.branchesMax
        return await withTaskGroup(of: (Int, Result<T, any Error>).self) { group in
            var results = [Int: Result<T, any Error>]()
            for index in branches.indices {
                if index >= width, let (done, result) = await group.next() { results[done] = result }
                group.addTask { (index, await run(index)) }
            }
            for await (index, result) in group { results[index] = result }
            return branches.indices.map { results[$0]! }
        }
    }

    // MARK: Making good

    /// Registers what makes good what was done so far. When the run fails or is cancelled, what is registered runs in
    /// reverse order, each as a step of its own.
    package func compensate(_ name: String, _ body: @escaping @Sendable (Transaction) throws -> Void) {
        activation.compensate(
            Activation.Compensation(name: name) { flow in try await flow.step(name, body) })
    }

    /// Registers an outside call that makes good what was done so far.
    package func compensate(_ name: String, call: @escaping @Sendable (StepCall) async throws -> Void) {
        activation.compensate(
            Activation.Compensation(name: name) { flow in
                try await flow.call(name) { details -> Nothing in
                    try await call(details)
                    return Nothing()
                }
            })
    }
}

extension EventWait {
    static func signal(_ path: String) -> String { "event:\(path)" }
}

extension Runtime {
    /// Ends the work with a failure when it takes longer.
    func withDeadline<T: Sendable>(
        _ limit: Duration, _ work: @escaping @Sendable () async throws -> T
    ) async throws -> T {
        let (wait, deadline) = (configuration.wait, configuration.steadyClock() + limit)
        return try await withThrowingTaskGroup(of: T?.self) { group in
            group.addTask { try await work() }
            group.addTask {
                await wait(deadline)
                return nil
            }
            defer { group.cancelAll() }
            guard let first = try await group.next(), let result = first else {
                try Task.checkCancellation()
                throw JobFailure.retryable(
                    "timeout", "no answer came within \(limit.components.seconds) s")
            }
            return result
        }
    }
}
