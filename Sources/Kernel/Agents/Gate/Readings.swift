package import Database
internal import JSON
internal import Jobs
package import Nouns
internal import Records
internal import Telemetry

// A look into a service for what is new goes by its own clock, asks nobody, and takes from no budget and from no
// limit of the integration's. It is kept and counted as everything else that reaches a service.

extension Runtime {
    /// Returns the time for which a tool that looks into services has to wait, as it is switched off for the agency or
    /// its limit is reached; `nil`: it may look now.
    package func readingPause(_ tool: String, in reader: some Queryable) throws -> Duration? {
        guard let definition = tools[tool] else { return nil }
        let settings = try reader.tools.settings(definition)
        guard settings.isEnabled else { return .seconds(600) }
        return try reader.toolUse.isFull(tool, settings.limits, questions.zone(reader)).map {
            $0 - reader.now
        }
    }
}

extension ConnectorCallStore where Base == Transaction {
    /// Keeps a look into a service, and counts it. One that brought nothing is counted alone: there is one every few
    /// minutes. `found`: how much it brought.
    package func keepReading(
        with tool: String, of connector: some Key, for caller: ToolCaller,
        _ end: ConnectorCallEnd = .succeeded,
        found: Int, bytes: Int = 0, took: Duration
    ) throws {
        let connector = connector.keyText
        let zone = try tx.zone()
        if let definition = tx.runtime.tools[tool] {
            let limits = try tx.tools.settings(definition).limits
            // One that came beside the last that was allowed is kept all the same.
            do { try tx.attempt { try tx.toolUse.countCall(of: tool, limits, zone) } } catch is ToolRefusal {}
        }
        guard found == 0, case .succeeded = end else {
            let (reach, key) = (ConnectorCall(), tx.makeID("read_"))
            reach.note(bytes: bytes)
            let request = ToolRequest(tool: tool, arguments: .null, caller: caller, key: key)
            try tx.toolCalls.insert(request, "", provider: connector, state: .held)
            try settle(key: key, attempt: request.attempt, end, took: took, reach)
            return
        }
        var use = EffectUse()
        (use.calls, use.bytes, use.duration) = (1, Int64(bytes), took)
        try tx.effectUse.count(use, of: tool, by: connector, for: caller, beganAt: tx.now, zone)
        try tx.toolUse.countOutcome(of: tool, beganAt: tx.now, failed: false, cost: 0, took: took, zone)
    }
}
