internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Records

/// Starts runs of prospect research: for leads that a search has just found, and for those that bad data has held back
/// until now. Where the agent does not run, they wait for its next schedule.
struct EnrichmentStart: JobKind {
    struct Payload: Codable, Sendable {}

    static let kind = "discovery.enrichment_start"
    static let queue = "enrichment"
    private static let batch = 50

    func run(_ payload: Payload, _ job: JobContext) async throws {
        try await job.complete { tx in
            let agent = try tx.runtime.agents.definition(ProspectResearchAgent.agent)
            guard try tx.agents.status(agent).state == .active else { return }
            if try !tx.enrichment.waiting(1).isEmpty { try start(["found": true], in: tx) }
            for wish in try tx.enrichment.takeReleased(Self.batch) { try start(wish, in: tx) }
        }
    }

    private func start(_ parameters: JSON, in tx: Transaction) throws {
        _ = try tx.runs.start(
            agent: ProspectResearchAgent.agent, trigger: .event, parameters: parameters, by: .system)
    }
}
