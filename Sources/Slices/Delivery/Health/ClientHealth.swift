internal import Agents
internal import Database
internal import JSON
internal import Records
internal import Telemetry
internal import Templates

/// The facts about how a client fares with the agency.
struct ClientFacts: Hashable {
    var overdueTasks = 0
    var blockedTasks = 0
    var changesRequested = 0
    var overdueInvoices: Int?
    var openTickets: Int?
    var urgentTickets: Int?
    /// From 0 to 10.
    var satisfaction: Double?

    init() {}

    init(_ json: JSON) {
        func number(_ name: String) -> Int? { json[name]?.int.map { Int($0) } }
        (overdueTasks, blockedTasks) = (number("overdue_tasks") ?? 0, number("blocked_tasks") ?? 0)
        changesRequested = number("changes_requested") ?? 0
        (overdueInvoices, openTickets) = (number("overdue_invoices"), number("open_tickets"))
        (urgentTickets, satisfaction) = (number("urgent_tickets"), json["satisfaction"]?.double)
    }

    init(
        of client: Client, on today: CivilDate, _ dependencies: DeliveryDependencies,
        in reader: some Queryable
    ) throws {
        let late = try reader.int(
            """
            SELECT count(*) FROM tasks WHERE tenant_id = \(reader.tenant) AND client_id = \(client.id)
                AND status IN ('todo', 'doing', 'blocked') AND due_on < \(today.iso)
            """)
        let blocked = try reader.int(
            """
            SELECT count(*) FROM tasks
            WHERE tenant_id = \(reader.tenant) AND client_id = \(client.id) AND status = 'blocked'
            """)
        let unhappy = try reader.int(
            """
            SELECT count(*) FROM deliverables
            WHERE tenant_id = \(reader.tenant) AND client_id = \(client.id) AND status = 'changes_requested'
            """)
        (overdueTasks, blockedTasks) = (Int(late ?? 0), Int(blocked ?? 0))
        changesRequested = Int(unhappy ?? 0)
        overdueInvoices = try dependencies.unpaid(reader, client.id)?.overdue
        let tickets = try dependencies.tickets(reader, client.id)
        (openTickets, urgentTickets, satisfaction) = (tickets?.open, tickets?.urgent, client.satisfaction)
    }

    var json: JSON {
        [
            "overdue_tasks": JSON(overdueTasks), "blocked_tasks": JSON(blockedTasks),
            "changes_requested": JSON(changesRequested), "overdue_invoices": JSON(overdueInvoices),
            "open_tickets": JSON(openTickets), "urgent_tickets": JSON(urgentTickets),
            "satisfaction": satisfaction.map(JSON.number) ?? .null,
        ]
    }
}

/// A client's health: a hundred, less what speaks against it. What nobody knows takes nothing away, and makes
/// the judgement less certain.
struct ClientHealth {
    struct Factor {
        let name: String
        let value: JSON
        let weight: Double
        /// The points that it takes away.
        let loss: Double
        let evidence: Saying

        var json: JSON {
            let factor: JSON = [
                "name": .string(name), "value": value, "weight": .number(weight),
                "contribution": .number(-loss),
            ]
            return factor.saying("evidence", evidence)
        }
    }

    let factors: [Factor]
    let score: Int
    let confidence: Double

    /// `good`, `watch` or `at_risk`.
    var state: String { score >= 75 ? "good" : score >= 50 ? "watch" : "at_risk" }

    init(_ facts: ClientFacts) {
        var factors: [Factor] = [], known = 2.0
        func add(
            _ name: String, _ count: Int?, each: Double, max most: Double,
            _ evidence: (Saying.Value) -> Saying
        ) {
            guard let count else { return }
            factors.append(
                Factor(
                    name: name, value: JSON(count), weight: most, loss: min(Double(count) * each, most),
                    evidence: evidence(.number(count))))
        }
        add("overdue_tasks", facts.overdueTasks, each: 6, max: 25) {
            Saying("evidence.overdue_tasks", ["count": $0])
        }
        add("blocked_tasks", facts.blockedTasks, each: 4, max: 12) {
            Saying("evidence.blocked_tasks", ["count": $0])
        }
        add("changes_requested", facts.changesRequested, each: 5, max: 10) {
            Saying("evidence.changes_requested", ["count": $0])
        }
        add("overdue_invoices", facts.overdueInvoices, each: 15, max: 30) {
            Saying("evidence.overdue_invoices", ["count": $0])
        }
        add("open_tickets", facts.openTickets, each: 3, max: 15) {
            Saying("evidence.client_tickets", ["count": $0])
        }
        add("urgent_tickets", facts.urgentTickets, each: 8, max: 16) {
            Saying("evidence.urgent_tickets", ["count": $0])
        }
        if let satisfaction = facts.satisfaction {
            factors.append(
                Factor(
                    name: "satisfaction", value: .number(satisfaction), weight: 30,
                    loss: min(30, max(0, (7 - satisfaction) * 6)),
                    evidence: Saying(
                        "evidence.satisfaction",
                        ["score": .text("\((satisfaction * 10).rounded() / 10)")])))
        }
        if facts.overdueInvoices != nil { known += 1 }
        if facts.openTickets != nil { known += 1 }
        if facts.satisfaction != nil { known += 1 }
        self.factors = factors
        score = max(0, Int((100 - factors.reduce(0) { $0 + $1.loss }).rounded()))
        confidence = known / 5
    }

    var outcome: JSON { ["health": .string(state), "score": JSON(score)] }
}
