internal import Database
internal import Jobs
package import Records
internal import Telemetry
package import Templates

/// The performance of a tool today beside its performance before.
package struct ToolBaseline {
    let today: ToolUse
    /// The two weeks before today.
    package let before: ToolUse

    /// Fewer calls before today say nothing of what is usual.
    static let knownFrom = 50
    /// Fewer calls today say nothing of today.
    static let judgedFrom = 20

    /// The change for the worse; empty while it does as ever, or too little is known.
    package var drift: [Saying] {
        guard today.calls >= Self.judgedFrom, before.calls >= Self.knownFrom else { return [] }
        var changes: [Saying] = []
        // The shares over one denominator: with fractions, one that is exactly at a threshold might not be told.
        let (now, then) = (today.failures * before.calls, before.failures * today.calls)
        if now >= then * 2, (now - then) * 10 >= today.calls * before.calls {
            changes.append(
                Saying(
                    "alert.more_fail",
                    [
                        "now": .text(Self.percent(today.failureShare)),
                        "before": .text(Self.percent(before.failureShare)),
                    ]))
        }
        if today.averageTime >= before.averageTime * 2,
            today.averageTime >= before.averageTime + .milliseconds(100)
        {
            changes.append(
                Saying(
                    "alert.slower",
                    [
                        "now": .number(Int(milliseconds(today.averageTime))),
                        "before": .number(Int(milliseconds(before.averageTime))),
                    ]))
        }
        return changes
    }

    /// A share in words.
    static func percent(_ share: Double) -> String {
        let percent = Int((share * 100).rounded())
        return share > 0 && percent == 0 ? "< 1 %" : "\(percent) %"
    }

    private func milliseconds(_ time: Duration) -> Int64 { time.microseconds / 1000 }
}

extension ToolUse {
    var failureShare: Double { calls == 0 ? 0 : Double(failures) / Double(calls) }
    var averageTime: Duration { calls == 0 ? .zero : duration / calls }

    mutating func add(_ other: ToolUse) {
        calls += other.calls
        failures += other.failures
        cost += other.cost
        duration += other.duration
    }
}

extension OrchestrationStore {
    package func toolBaseline(_ tool: String, _ zone: TimeZoneRules) throws -> ToolBaseline {
        let today = TimeSpan.day.bounds(around: tx.now, zone).start
        var (use, before) = (ToolUse(), ToolUse())
        for day in try tx.toolUse.days(tool, since: today - .seconds(14 * 86_400)) {
            if day.start == today { use = day.use } else { before.add(day.use) }
        }
        return ToolBaseline(today: use, before: before)
    }
}

extension Watch {
    /// Tools that fail more often, or answer later, than they used to.
    func drifts() throws -> [Finding] {
        let zone = try tx.zone()
        let called = try tx.toolUse.called(
            tx.runtime.tools.all.map(\.name), atLeast: ToolBaseline.judgedFrom,
            on: TimeSpan.day.bounds(around: tx.now, zone).start)
        return try called.compactMap { tool in
            let drift = try tx.orchestration.toolBaseline(tool, zone).drift
            guard !drift.isEmpty else { return nil }
            return Finding(
                kind: "tool_drift", severity: .warning, subject: Subject(type: "tool", id: tool),
                title: Saying("alert.tool_drift", ["tool": .text(tool), "drift": .list(drift)]),
                action: Saying("alert.tool_drift_do"))
        }
    }
}
