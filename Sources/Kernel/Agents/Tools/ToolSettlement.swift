package import Database
package import JSON
internal import Jobs
internal import Records
internal import Telemetry

extension Runtime {
    /// Performs an attempt: outside of any transaction, within its deadline. In a sandbox nothing leaves.
    package func performTool(_ execution: ToolExecution) async -> ToolOutcome {
        if let captured = execution.captured { return ToolOutcome(.success(ToolAnswer(captured))) }
        let start = configuration.steadyClock()
        let result = await answer(to: execution)
        let outcome = ToolOutcome(result, took: configuration.steadyClock() - start)
        configuration.observer.toolCalled(execution.tool, outcome.word, outcome.took)
        return outcome
    }

    /// The answer, or the end of the time: work that does not listen to its cancellation is not waited for.
    private func answer(to execution: ToolExecution) async -> Result<ToolAnswer, ToolFailure> {
        let (configuration, deadline) = (configuration, configuration.steadyClock() + execution.timeout)
        let (results, send) = AsyncStream<Result<ToolAnswer, ToolFailure>>.makeStream()
        let work = Task { send.yield(await Self.attempt(execution, configuration.observer)) }
        let alarm = Task {
            await configuration.wait(deadline)
            if !Task.isCancelled { send.yield(.failure(.timeout(execution.timeout))) }
        }
        defer {
            work.cancel()
            alarm.cancel()
        }
        return await withTaskCancellationHandler {
            for await result in results { return result }
            return .failure(.interrupted)
        } onCancel: {
            work.cancel()
        }
    }

    private static func attempt(
        _ execution: ToolExecution, _ observer: RuntimeObserver
    ) async -> Result<ToolAnswer, ToolFailure> {
        do {
            return .success(try await execution.work(execution.call))
        } catch let failure as ToolFailure {
            return .failure(failure)
        } catch is CancellationError {
            return .failure(.interrupted)
        } catch {
            // Its own text stays in the log: it may hold what people must not see.
            observer.troubled("calling a tool", error)
            return .failure(
                ToolFailure(
                    "internal_error", "an unexpected error occurred; see the server's log", isRetryable: true,
                    isAmbiguous: true))
        }
    }
}

extension ToolOutcome {
    fileprivate var word: StaticString {
        switch result {
        case .success: "succeeded"
        case .failure(let failure): failure.isAmbiguous ? "ambiguous" : "failed"
        }
    }
}

package extension ToolStore where Base == Transaction {
    /// Books what an attempt came to, in the transaction that stores it: hold, use, circuit breaker, cache. Returns
    /// the result, or throws the `ToolFailure`: catch it inside the transaction, and commit, or nothing is booked.
    /// What is settled stays as it is: a second time, or by a worker that was given up, changes nothing, and answers
    /// what is stored.
    func settle(_ execution: ToolExecution, _ outcome: ToolOutcome) throws -> JSON {
        let call = execution.call
        let earlier = try tx.toolCalls.all(key: call.key).first { $0.attempt == call.attempt }
        guard let earlier, earlier.state == .held, earlier.round == execution.round else {
            guard let earlier, earlier.state != .held else { throw LeaseLost() }
            if earlier.state.isDone { return earlier.result }
            throw ToolFailure(stored: earlier.error ?? .null)
        }
        let usage = execution.usage(outcome)
        // A sandbox's rows hold nothing of the machine's time.
        let took = execution.captured == nil ? outcome.took : .zero
        try tx.budgets.settle(key: call.key, attempt: call.attempt, usage)
        let zone = try tx.zone()
        if let connector = execution.connector {
            try tx.effectUse.count(
                usage, bytes: call.reach.bytes, took: took, outcome.failure, of: execution.tool,
                by: connector.id, for: call.caller, beganAt: earlier.startedAt, zone)
        }
        try tx.toolUse.countOutcome(
            of: execution.tool, beganAt: earlier.startedAt, failed: outcome.failure != nil, cost: usage.cost,
            took: took, zone)
        let text = outcome.value?.serialized
        try tx.run(
            settleCall,
            [
                tx.tenant.sqlValue, call.key.sqlValue, call.attempt.sqlValue, execution.round.sqlValue,
                execution.state(after: outcome).rawValue.sqlValue, text.sqlValue,
                text.map(resultHash).sqlValue,
                (outcome.failure?.json.serialized).sqlValue, usage.cost.sqlValue, usage.tokens.sqlValue,
                took.microseconds.sqlValue, tx.now.sqlValue, call.reach.bytes.sqlValue,
            ])
        if execution.captured == nil {
            let connector = execution.connector
            if let failure = outcome.failure {
                try tx.failures.book(
                    .init(
                        connector == nil ? .tool : .service, connector?.id ?? execution.tool,
                        name: connector?.name, code: failure.code, failure.detail))
            }
            try tx.connectors.tellBreaker(
                execution.tool, call.provider, named: connector?.name, outcome.failure)
            if let connector {
                try tx.serviceQuotas.note(call.reach, of: connector.id, toCallOf: earlier.startedAt)
                try tx.serviceBaselines.watchDrift(of: connector, call.reach, took: took)
            }
        }
        switch outcome.result {
        case .success(let answer):
            if let time = execution.cacheTime, let text {
                try tx.toolCalls.cache(text, of: execution.tool, execution.argumentsHash, for: time)
            }
            return answer.result
        case .failure(let failure): throw failure
        }
    }
}

extension ToolExecution {
    /// Returns what an attempt that went out has taken: what it says itself, or what was estimated. One that failed has
    /// been made all the same; an integration's price is that of calls that did not.
    func usage(_ outcome: ToolOutcome) -> ToolUsage {
        if connector != nil, let failure = outcome.failure, !failure.isAmbiguous { return ToolUsage() }
        guard case .success(let answer) = outcome.result, var usage = answer.usage else { return estimate }
        usage.calls = max(usage.calls, estimate.calls)
        usage.sends = max(usage.sends, estimate.sends)
        return usage
    }

    fileprivate func state(after outcome: ToolOutcome) -> StoredToolCall.State {
        if outcome.failure != nil { return .failed }
        return captured == nil ? .succeeded : .captured
    }
}

extension ToolOutcome {
    package var value: JSON? { if case .success(let answer) = result { answer.result } else { .none } }
    package var failure: ToolFailure? { if case .failure(let failure) = result { failure } else { nil } }
}

private let settleCall = Statement(
    """
    UPDATE tool_calls SET state = $5, result = $6, result_hash = $7, error = $8, cost = $9, tokens = $10,
        duration = $11, finished_at = $12, bytes = $13
    WHERE tenant_id = $1 AND key = $2 AND attempt = $3 AND round = $4 AND state = 'held'
    """)
