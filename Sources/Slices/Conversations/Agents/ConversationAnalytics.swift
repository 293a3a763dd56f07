package import Agents
internal import Database
package import JSON
internal import Jobs
package import Records
internal import Templates

/// Learns from how handovers went: where people answer late, the customers who wait are looked after sooner.
package struct ConversationAnalytics: AgentDefinition {
    static let agentName = "analytics_learning"
    package let name = ConversationAnalytics.agentName
    package let title = "Conversation analytics"
    package let purpose = "Learns timings from how conversations went."
    package let cannot = [
        "It learns from handovers alone, and changes nothing but how soon people are reminded."
    ]
    package let schedules = [DefaultSchedule(name: "Conversation analytics", cron: "daily")]
    package let dailyHour = 5
    package let tools = ["update_record"]
    package let permissions: Set<Permission> = [
        "conversations:read", "messages:read", "decisions:read", "agents:read", "agents:configure",
    ]

    let services: ConversationServices

    package init(_ services: ConversationServices) { self.services = services }

    package func run(_ run: AgentRun) async throws -> JSON {
        let (figures, settings) = try run.read { reader in
            let monitor = HandoverMonitor(services)
            return (
                try HandoverMetrics(in: reader),
                monitor.settings(from: try reader.agentConfigurations.published(monitor).values).settings
            )
        }
        let pace = HandoverPace(figures)
        return try await run.finish { tx in
            guard let pace, settings.learns, pace.value != settings.pace else {
                return ["pace": .number(settings.pace), "changed": false]
            }
            let monitor = Subject(type: "agent", id: HandoverMonitor.agentName)
            let decision = try run.decide(
                in: tx, monitor,
                Conclusion(
                    outcome: ["pace": .number(pace.value)], confidence: pace.confidence,
                    factors: pace.factors,
                    model: ["name": "rules", "version": "1"], inputs: figures.json))
            let change: JSON = ["pace": .number(pace.value)]
            guard
                try run.may("update_record", change, about: monitor, decision: decision.id, in: tx)
            else { return ["pace": .number(pace.value), "changed": false] }
            try tx.agentConfigurations.change(HandoverMonitor.agentName, change, by: run.actor)
            return ["pace": .number(pace.value), "changed": true]
        }
    }
}

/// The factor by which waiting times should be multiplied, as far as enough handovers have shown it.
struct HandoverPace: Sendable {
    let value: Double
    let confidence: Double
    let factors: JSON

    /// Fewer say nothing.
    static let endedMin = 20

    init?(_ figures: HandoverMetrics) {
        let ended = figures.answered + figures.reactivated + figures.closed
        guard ended >= Self.endedMin else { return nil }
        let early = Double(figures.within[15] ?? 0) / Double(ended)
        let late = Double(figures.reactivated) / Double(ended)
        // Where people come by themselves nobody has to be hurried; where they do not, nobody should wait in vain.
        value = early >= 0.9 ? 1.25 : late >= 0.5 ? 0.5 : late >= 0.2 ? 0.75 : 1
        confidence = min(0.95, Double(ended) / Double(ended + Self.endedMin))
        func factor(_ name: String, _ share: Double, _ count: Int) -> JSON {
            let factor: JSON = [
                "name": .string(name), "value": .number(share), "weight": 1, "contribution": .number(share),
            ]
            return factor.saying(
                "evidence",
                Saying("evidence.of_all", ["count": .number(count), "all": .number(ended)]))
        }
        factors = [
            factor("answered_within_15_minutes", early, figures.within[15] ?? 0),
            factor("nobody_came", late, figures.reactivated),
        ]
    }
}
