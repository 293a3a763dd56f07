internal import Agents
internal import JSON
internal import Jobs
internal import Messages
internal import Records

/// Sends each person the content that fits: in its name distributions go through the outbox, and each day it looks at
/// those that wait.
struct ContentDistributionAgent: AgentDefinition {
    static let agent = "content_distribution"
    let name = agent
    let title = "Content distribution"
    let purpose = "Sends each person the content that fits."
    let cannot = ["It writes no content: people, or other agents, write and approve what it sends."]
    let schedules = [DefaultSchedule(name: "Content of the day", cron: "daily")]
    let dailyHour = 9
    let tools = [SendMessage.tool]
    let permissions: Set<Permission> = [
        "leads:read", "companies:read", "contacts:read", SendMessage.permission,
    ]
    let initiative = Initiative.writesFirst

    func run(_ run: AgentRun) async throws -> JSON {
        let woken = try await run.write { tx -> Int in
            let waiting = try tx.content.distributionsUnderWay()
            for distribution in waiting { try tx.content.wake(distribution) }
            return waiting.count
        }
        run.processed(woken)
        return try await run.finish { _ in ["distributions": JSON(woken)] }
    }
}
