internal import Agents
package import Database
internal import JSON
internal import Nouns
internal import Records
internal import Telemetry

/// Goals of clients: `tx.goals`.
package struct GoalStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var goals: GoalStore<Self> { GoalStore(tx: self) }
}

extension GoalStore {
    /// A figure as it stands, and the metrics that say so.
    struct Reading {
        var value: Double?
        var ids: [MetricID] = []
    }

    /// The newest value of a goal's metric until a day, and which it is.
    func latest(of goal: Goal, until day: CivilDate) throws -> (value: Double, id: MetricID)? {
        let figure = goal.figure
        return try tx.first(
            """
            SELECT value, id FROM metrics
            WHERE tenant_id = \(tx.tenant) AND client_id = \(goal.clientID) AND source = \(figure.source)
                AND metric = \(figure.name) AND date <= \(day.iso) AND campaign_id IS NULL
            ORDER BY date DESC LIMIT 1
            """
        ) { (value: $0.double(0), id: MetricID($0, 1)) }
    }

    /// Where a goal stands.
    func reading(of goal: Goal) throws -> Reading {
        guard goal.measure == .sum, let from = goal.from else {
            guard let newest = try latest(of: goal, until: goal.by) else { return Reading() }
            return Reading(value: newest.value, ids: [newest.id])
        }
        let figure = goal.figure
        let sum =
            try tx.first(
                """
                SELECT sum(value) FROM metrics
                WHERE tenant_id = \(tx.tenant) AND client_id = \(goal.clientID) AND source = \(figure.source)
                    AND metric = \(figure.name) AND date >= \(from.iso) AND date <= \(goal.by.iso)
                    AND campaign_id IS NULL
                """
            ) { $0.isNull(0) ? nil : $0.double(0) } ?? nil
        // The newest are named: a sum of a year may have hundreds.
        let ids = try tx.all(
            """
            SELECT id FROM metrics
            WHERE tenant_id = \(tx.tenant) AND client_id = \(goal.clientID) AND source = \(figure.source)
                AND metric = \(figure.name) AND date >= \(from.iso) AND date <= \(goal.by.iso)
                AND campaign_id IS NULL
            ORDER BY date DESC LIMIT 20
            """
        ) { MetricID($0, 0) }
        return Reading(value: sum, ids: ids)
    }

    /// A client's goals that are not reached yet.
    func open(of client: ClientID) throws -> [Goal] {
        try Goal.resource.all(
            where: "client_id = \(client) AND reached_at IS NULL", suffix: "ORDER BY id LIMIT 100", in: tx)
    }
}

extension GoalStore where Base == Transaction {
    /// A figure of a client has changed: what it is measured by is looked at again.
    func heard(_ figure: MetricValue) throws {
        guard let client = figure.clientID, figure.campaignID == nil else { return }
        let metric = "\(figure.source).\(figure.metric)"
        let goals = try Goal.resource.all(
            where: "client_id = \(client) AND metric = \(metric) AND reached_at IS NULL",
            suffix: "ORDER BY id LIMIT 100", in: tx)
        for goal in goals { try look(at: goal) }
    }

    /// Looks again at what is only sure once its days are over.
    func close(of client: ClientID, on today: CivilDate) throws {
        for goal in try open(of: client) where goal.by < today && goal.direction == .atMost {
            try look(at: goal)
        }
    }

    private func look(at goal: Goal) throws {
        var new = goal
        try tx.update(goal, to: &new, by: .system)
    }
}
