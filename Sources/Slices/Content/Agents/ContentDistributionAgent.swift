internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Messages
internal import Nouns
internal import Records
internal import Telemetry

/// Sends each person the content that fits: in its name distributions go through the outbox, and each day it sends what
/// fills the calendar's slots, and looks at what waits.
struct ContentDistributionAgent: AgentDefinition {
    static let agent = "content_distribution"
    let name = agent
    let title = "Content distribution"
    let purpose = "Sends each person the content that fits."
    let cannot = ["It writes no content: people, or other agents, write and approve what it sends."]
    let schedules = [DefaultSchedule(name: "Content of the day", cron: "daily")]
    let dailyHour = 8
    let tools = [SendMessage.tool]
    let permissions: Set<Permission> = [
        "leads:read", "companies:read", "contacts:read", SendMessage.permission,
    ]
    let initiative = Initiative.writesFirst
    private let outbox: Outbox

    init(_ outbox: Outbox) { self.outbox = outbox }

    /// Content that could not leave for so long is news no more: it stays here, and may come with another distribution.
    private static let patience: Duration = .seconds(14 * 86_400)
    private static let chunk = 100

    func run(_ run: AgentRun) async throws -> JSON {
        var lapsed = 0, found = Self.chunk
        while found == Self.chunk {
            found = try await run.write { tx in try lapse(in: tx) }
            lapsed += found
        }
        let (woken, begun) = try await run.write { tx -> (Int, Int) in
            let waiting = try tx.content.distributionsUnderWay()
            for distribution in waiting { try tx.content.wake(distribution) }
            let leave = try run.leave(SendMessage.tool, permission: SendMessage.permission, in: tx)
            let begun = try tx.contentCalendar.sendToday(by: run.actor) { item, rule, choice in
                let decision = try run.decide(
                    in: tx, Subject(rule), choice.conclusion(title: item.title))
                guard
                    try leave.covers(
                        item.subject, ["content_item_id": JSON(item.id)], decision: decision.id, in: tx)
                else { return nil }
                return decision.id
            }
            try tx.contentCalendar.tellMissing(by: name)
            return (waiting.count, begun)
        }
        run.processed(woken + begun)
        let result: JSON = ["waiting": JSON(woken), "begun": JSON(begun), "lapsed": JSON(lapsed)]
        return try await run.finish { _ in result }
    }

    func replay(inputs: JSON, configuration: JSON, in reader: Reader) throws -> JSON? {
        SlotChoice(json: inputs)?.outcome
    }

    /// Takes back messages that have waited too long, at most so many; answers how many there were.
    private func lapse(in tx: Transaction) throws -> Int {
        var count = 0
        for distribution in try tx.content.distributionsUnderWay() where count < Self.chunk {
            let waiting = try tx.content.waiting(
                of: distribution, limit: Self.chunk - count, dueBefore: tx.now - Self.patience)
            for id in waiting {
                guard let message = try Message.resource.find(id, in: tx) else { continue }
                try outbox.cancel(
                    message, because: Reason("expired", "The content has waited for two weeks."), in: tx)
                try tx.content.end(id)
            }
            count += waiting.count
        }
        return count
    }
}
