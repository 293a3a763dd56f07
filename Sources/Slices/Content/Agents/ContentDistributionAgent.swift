internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Messages
internal import Nouns
internal import Records
internal import Telemetry

/// Sends each person the content that fits: in its name distributions go through the outbox, and each day it sends what
/// fills the calendar's slots, looks at what waits, and at which of tried words do best.
struct ContentDistributionAgent: AgentDefinition {
    static let agent = "content_distribution"
    let name = agent
    let title = "Content distribution"
    let purpose = "Sends each person the content that fits."
    let cannot = ["It writes no content: people, or other agents, write and approve what it sends."]
    let schedules = [DefaultSchedule(name: "Content of the day", cron: "daily")]
    let dailyHour = 8
    let tools = [SendMessage.tool, "update_record"]
    let permissions: Set<Permission> = [
        "leads:read", "companies:read", "contacts:read", "content_items:read", "content_items:write",
        SendMessage.permission,
    ]
    let initiative = Initiative.writesFirst
    typealias Settings = ContentDistributionSettings
    typealias Outcome = ContentChoice
    private let outbox: Outbox
    private let dependencies: ContentDependencies

    init(_ outbox: Outbox, _ dependencies: ContentDependencies) {
        (self.outbox, self.dependencies) = (outbox, dependencies)
    }

    /// Content that could not leave for so long is news no more: it stays here, and may come with another distribution.
    private static let patience: Duration = .seconds(14 * 86_400)
    private static let chunk = 100, items = 20

    func run(_ run: AgentRun) async throws -> JSON {
        var lapsed = 0, found = Self.chunk
        while found == Self.chunk {
            found = try await run.write { tx in try lapse(in: tx) }
            lapsed += found
        }
        let adopted = try await settleTrials(run)
        let (woken, begun) = try await run.write { tx -> (Int, Int) in
            let waiting = try tx.distributions.underWay()
            for distribution in waiting { try tx.distributions.wake(distribution) }
            let leave = try run.leave(SendMessage.tool, permission: SendMessage.permission, in: tx)
            let begun = try tx.contentCalendar.sendToday(by: run.actor, dependencies) { item, rule, choice in
                let decision = try run.decide(
                    in: tx, Subject(rule), choice.conclusion(title: item.title))
                guard
                    try leave.covers(
                        item.subject, ["content_item_id": JSON(item.id)], decision: decision.id, in: tx)
                else { return nil }
                return decision.id
            }
            try tx.contentCalendar.tellMissing(by: name, dependencies)
            return (waiting.count, begun)
        }
        run.processed(woken + begun)
        let result: JSON = [
            "waiting": JSON(woken), "begun": JSON(begun), "lapsed": JSON(lapsed), "adopted": JSON(adopted),
        ]
        return try await run.finish { _ in result }
    }

    /// Looks at the variants that are tried on people; answers for how many items the best is what everybody gets now.
    private func settleTrials(_ run: AgentRun) async throws -> Int {
        let adopts = settings(of: run).adoptsWinners
        var adopted = 0, place: ContentItemID? = .unset
        while let after = place {
            let items = try run.read { try $0.contentTrials.running(after: after, limit: Self.items) }
            for item in items where item.tried.count > 1 {
                adopted += try await run.write { tx in
                    guard let item = try ContentItem.resource.find(item.id, in: tx), item.settledAt == nil
                    else { return 0 }
                    return try run.conclude(item, adopts: adopts, in: tx) ? 1 : 0
                }
            }
            place = items.count == Self.items ? items.last?.id : nil
        }
        return adopted
    }

    func replay(inputs: JSON, configuration: JSON, in reader: Reader) throws -> JSON? {
        ContentTrial(inputs: inputs)?.outcome ?? SlotChoice(json: inputs)?.outcome
    }

    func apply(_ outcome: ContentChoice, to subject: Subject, by actor: Actor, in tx: Transaction) throws {
        guard let id = subject.id(of: ContentItem.self),
            let item = try ContentItem.resource.find(id, in: tx)
        else { throw RuntimeError.notFound }
        try tx.contentTrials.settle(item, on: outcome.variant, by: actor)
    }

    /// Takes back messages that have waited too long, at most so many; answers how many there were.
    private func lapse(in tx: Transaction) throws -> Int {
        var count = 0
        for distribution in try tx.distributions.underWay() where count < Self.chunk {
            let waiting = try tx.contentDeliveries.waiting(
                of: distribution, limit: Self.chunk - count, dueBefore: tx.now - Self.patience)
            for id in waiting {
                guard let message = try Message.resource.find(id, in: tx) else { continue }
                try outbox.cancel(
                    message, because: Reason("expired", "The content has waited for two weeks."), in: tx)
                try tx.contentDeliveries.end(id)
            }
            count += waiting.count
        }
        return count
    }
}
