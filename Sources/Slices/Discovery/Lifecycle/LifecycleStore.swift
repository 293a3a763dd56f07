internal import Agents
package import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Telemetry
internal import Tenancy

/// The stages that leads go through by their age: `tx.lifecycle`.
package struct LifecycleStore<Base: Queryable> {
    let tx: Base

    /// Returns the agency's stages.
    package func plan() throws -> LifecyclePlan {
        var plan = LifecyclePlan.standard
        plan.zone = try tx.agency.zone()
        try tx.each(ownStages, [tx.tenant.sqlValue]) { row in
            guard let name = LifecycleStage(rawValue: row.text(0)),
                let place = plan.stages.firstIndex(where: { $0.name == name })
            else { return }
            (plan.stages[place].from, plan.stages[place].touchEvery) = (row.int(1), row.text(2))
        }
        return plan
    }

    /// Returns how many leads are in each stage, but for those that were put away.
    package func counts() throws -> [LifecycleStage: Int] {
        let rows = try tx.all(
            """
            SELECT lifecycle_stage, count(*) FROM leads
            WHERE tenant_id = \(tx.tenant) AND status <> 'archived' GROUP BY lifecycle_stage
            """
        ) { row in LifecycleStage(rawValue: row.text(0)).map { ($0, row.int(1)) } }
        return Dictionary(rows.compactMap(\.self)) { $1 }
    }

    /// Returns leads whose stage has ended, those first that are due longest.
    func due(limit: Int) throws -> [Lead] {
        try Lead.resource.all(
            where: "lifecycle_due <= \(tx.now)", suffix: "ORDER BY lifecycle_due, id LIMIT \(limit)", in: tx)
    }
}

private let ownStages = Statement(
    "SELECT name, from_day, touch_every FROM lifecycle_stages WHERE tenant_id = $1")

extension Queryable {
    package var lifecycle: LifecycleStore<Self> { LifecycleStore(tx: self) }
}

/// A note of the stages as they are, `nil` once they have changed.
private struct NotedStages {
    let plan: LifecyclePlan?
}

extension LifecycleStore where Base == Transaction {
    /// Returns the agency's stages, which a transaction that stores many leads reads once.
    func notedPlan() throws -> LifecyclePlan {
        if let plan = tx.noted(NotedStages.self)?.plan { return plan }
        let plan = try plan()
        tx.note(NotedStages(plan: plan))
        return plan
    }

    func keep(_ plan: LifecyclePlan) throws {
        tx.note(NotedStages(plan: nil))
        for stage in plan.stages {
            try tx.run(
                """
                INSERT INTO lifecycle_stages (tenant_id, name, from_day, touch_every)
                VALUES (\(tx.tenant), \(stage.name.rawValue), \(stage.from), \(stage.touchEvery))
                ON CONFLICT (tenant_id, name)
                DO UPDATE SET from_day = excluded.from_day, touch_every = excluded.touch_every
                """)
        }
    }

    /// Puts leads into the stage of their age, and tells of those that come into another one.
    func age(_ leads: [Lead], by plan: LifecyclePlan) throws -> [(lead: LeadID, payload: JSON)] {
        var moved: [(lead: LeadID, payload: JSON)] = []
        for lead in leads {
            var next = lead
            next.age(by: plan, at: tx.now)
            guard next.lifecycleStage != lead.lifecycleStage || next.lifecycleDue != lead.lifecycleDue else {
                continue
            }
            try tx.leads.store(lead, &next)
            guard next.lifecycleStage != lead.lifecycleStage else { continue }
            let payload = Lead.lifecyclePayload(from: lead.lifecycleStage, to: next.lifecycleStage)
            moved.append((lead.id, payload))
        }
        return moved
    }
}

/// Puts all leads into the stages that an agency has moved.
struct LifecycleMoveJob: JobKind {
    struct Payload: Codable, Sendable {}

    static let kind = "lifecycle.move"
    private static let chunk = 200

    func run(_ payload: Payload, _ job: JobContext) async throws {
        var last: LeadID? = .unset
        while let after = last {
            last = try await job.write { tx in
                let plan = try tx.lifecycle.plan()
                let page = try Lead.resource.all(
                    where: "id > \(after)", suffix: "ORDER BY id LIMIT \(Self.chunk)", in: tx)
                let moved = try tx.lifecycle.age(page.filter { $0.status != .archived }, by: plan)
                try tx.publish(
                    all: moved.map {
                        EventDraft(
                            "lead.lifecycle_changed", Subject($0.lead), $0.payload)
                    })
                return page.count == Self.chunk ? page.last?.id : nil
            }
        }
    }
}
