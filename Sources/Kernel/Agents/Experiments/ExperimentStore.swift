package import Database
internal import JSON
package import Jobs
package import Nouns
package import Records
internal import Telemetry

extension AgentExperimentStore {
    package func find(_ id: ID<AgentExperiment>) throws -> AgentExperiment? {
        try tx.first(
            """
            SELECT \(AgentExperiment.columns) FROM agent_experiments
            WHERE tenant_id = \(tx.tenant) AND id = \(id)
            """, AgentExperiment.init)
    }

    /// The one that an agent's subjects take part in.
    package func running(of agent: String) throws -> AgentExperiment? {
        try tx.first(experimentOfAgent, [tx.tenant.sqlValue, agent.sqlValue], AgentExperiment.init)
    }

    /// Returns the results of each variant so far, in the experiment's order.
    package func tallies(_ experiment: AgentExperiment) throws -> [VariantTally] {
        var found: [String: VariantTally] = [:]
        try tx.each(
            """
            SELECT variant, count(*), sum(CASE WHEN converted_at IS NOT NULL
                OR assigned_at <= \(tx.now - experiment.observeFor) THEN 1 ELSE 0 END), count(converted_at)
            FROM agent_experiment_subjects
            WHERE tenant_id = \(tx.tenant) AND experiment_id = \(experiment.id) GROUP BY variant
            """
        ) { row in
            found[row.text(0)] = VariantTally(
                name: row.text(0), assigned: row.int(1), observed: row.int(2), converted: row.int(3))
        }
        return experiment.variants.map {
            found[$0.name] ?? VariantTally(name: $0.name, assigned: 0, observed: 0, converted: 0)
        }
    }
}

extension AgentRun {
    /// The variant under which this run treats a subject; `nil` when there is no experiment.
    package func variant(
        for subject: Subject, of experiment: AgentExperiment?, in tx: Transaction
    ) throws -> AgentExperiment.Variant? {
        guard let experiment else { return nil }
        let variant = experiment.variant(for: subject)
        try tx.run(
            assignSubject,
            [
                tx.tenant.sqlValue, experiment.id.sqlValue, subject.id.sqlValue, variant.name.sqlValue,
                tx.events.lastRow().sqlValue, tx.now.sqlValue,
            ])
        return variant
    }
}

extension AgentExperimentStore where Base == Transaction {
    /// Begins to try variants of an agent's settings. The first variant has none of its own. Throws every fault
    /// of the variants.
    package func start(
        _ agentName: String, name: String, goal: String, variants: [AgentExperiment.Variant],
        subjectsMin: Int, observeFor: Duration, course: AgentExperiment.Course, by actor: Actor
    ) throws -> AgentExperiment {
        let agent = try tx.runtime.agents.definition(agentName)
        let published = try tx.agentConfigurations.published(agent).values
        var faults: [ValueFault] = []
        if let catalog = tx.runtime.eventCatalog, !catalog.knows(goal) {
            faults.append(
                ValueFault(
                    pointer: "/goal", code: "invalid_event_type",
                    detail: catalog.fault(of: goal)
                        ?? "goal must be one type of event, such as lead.qualified.")
            )
        }
        for (index, variant) in variants.enumerated() {
            for fault in agent.faults(configuration: published.merging(variant.settings)) {
                faults.append(
                    ValueFault(
                        pointer: "/variants/\(index)/settings\(fault.pointer)", code: fault.code,
                        detail: fault.detail, choices: fault.choices))
            }
        }
        guard faults.isEmpty else { throw RuntimeError.invalidValues(faults) }
        if let other = try running(of: agentName) {
            throw RuntimeError.conflict(
                "The experiment \(other.name) is running with \(agentName): stop it first.")
        }
        let id = tx.makeID(AgentExperiment.self)
        let stored: [JSON] = variants.map {
            ["name": .string($0.name), "weight": JSON($0.weight), "settings": $0.settings]
        }
        try tx.run(
            insertExperiment,
            [
                tx.tenant.sqlValue, id.sqlValue, agentName.sqlValue, name.sqlValue, goal.sqlValue,
                JSON.array(stored).serialized.sqlValue, subjectsMin.sqlValue,
                observeFor.microseconds.sqlValue, course.rawValue.sqlValue, actor.kind.rawValue.sqlValue,
                actor.id.sqlValue, tx.now.sqlValue,
            ])
        try tell("started", id, agentName, by: actor)
        try evaluateLater(id)
        guard let experiment = try find(id) else { throw RuntimeError.notFound }
        return experiment
    }

    func evaluateLater(_ id: ID<AgentExperiment>) throws {
        try tx.jobs.enqueue(
            ExperimentJob.self, ExperimentJob.Payload(experiment: id),
            JobOptions(runAt: tx.now + ExperimentJob.interval, uniqueKey: id, uniqueness: .untilStarted))
    }

    /// Ends an experiment without a result.
    package func stop(_ experiment: AgentExperiment, by actor: Actor) throws -> AgentExperiment {
        try set(experiment, .stopped, experiment.result, from: [.running])
        try tell("stopped", experiment.id, experiment.agent, by: actor)
        return try find(experiment.id) ?? experiment
    }

    /// Publishes the settings that have won.
    package func apply(_ experiment: AgentExperiment, by actor: Actor) throws -> AgentExperiment {
        guard let winner = experiment.variants.first(where: { $0.name == experiment.result["winner"]?.text })
        else { throw RuntimeError.conflict("No variant has won: there is nothing to publish.") }
        try set(experiment, .applied, experiment.result, from: [.concluded])
        try tx.agentConfigurations.change(experiment.agent, winner.settings, by: actor)
        try tell("applied", experiment.id, experiment.agent, by: actor)
        return try find(experiment.id) ?? experiment
    }

    /// Compares the variants when each has had enough subjects.
    func evaluate(_ experiment: AgentExperiment) throws {
        guard let (winner, result) = experiment.conclusion(try tallies(experiment)) else {
            return try evaluateLater(experiment.id)
        }
        try set(experiment, .concluded, result, from: [.running])
        try tell("concluded", experiment.id, experiment.agent, by: .system)
        if winner != nil, experiment.course == .automatic, let concluded = try find(experiment.id) {
            _ = try apply(concluded, by: .system)
        }
    }

    private func set(
        _ experiment: AgentExperiment, _ status: AgentExperiment.Status, _ result: JSON,
        from allowed: [AgentExperiment.Status]
    ) throws {
        let changed = try tx.run(
            """
            UPDATE agent_experiments SET status = \(status.rawValue),
                result = \(result.isNull ? nil : result.serialized), version = version + 1, updated_at = \(tx.now)
            WHERE tenant_id = \(tx.tenant) AND id = \(experiment.id) AND status IN \(list: allowed.map(\.rawValue))
            """)
        guard changed == 1 else {
            throw RuntimeError.invalidTransition(
                of: "experiment", from: experiment.status.rawValue, allowed: [])
        }
    }

    private func tell(_ verb: String, _ id: ID<AgentExperiment>, _ agent: String, by actor: Actor) throws {
        let subject = Subject(id)
        try tx.auditLog.add(actor, "agent_experiment.\(verb)", subject, ["agent": .string(agent)])
        try tx.publish("agent_experiment.\(verb)", subject, ["agent": .string(agent)])
    }
}

/// Counts an experiment's goals, and concludes it in time.
struct ExperimentJob: JobKind {
    struct Payload: Codable, Sendable { let experiment: ID<AgentExperiment> }

    static let kind = "agent.experiment"
    static let interval: Duration = .seconds(3600)

    func run(_ payload: Payload, _ job: JobContext) async throws {
        var after = ""
        while let experiment = try job.read({ try $0.agentExperiments.find(payload.experiment) }),
            experiment.status == .running
        {
            let from = after
            let page = try job.read {
                try $0.agentExperiments.openSubjects(experiment.id, after: from, limit: 500)
            }
            guard let last = page.last else {
                try await job.complete { try $0.agentExperiments.evaluate(experiment) }
                return
            }
            try await job.write { tx in
                try tx.agentExperiments.countGoals(experiment, after: from, through: last)
            }
            after = last
        }
    }
}

extension AgentExperimentStore {
    fileprivate func openSubjects(_ id: ID<AgentExperiment>, after: String, limit: Int) throws -> [String] {
        try tx.all(openSubjectsOf, [tx.tenant.sqlValue, id.sqlValue, after.sqlValue, limit.sqlValue]) {
            $0.text(0)
        }
    }
}

extension AgentExperimentStore where Base == Transaction {
    /// A goal counts when it came after the assignment, and in time.
    fileprivate func countGoals(
        _ experiment: AgentExperiment, after: String, through last: String
    ) throws {
        try tx.run(
            countGoalsOf,
            [
                tx.tenant.sqlValue, experiment.id.sqlValue, after.sqlValue, last.sqlValue,
                experiment.goal.sqlValue, experiment.observeFor.microseconds.sqlValue, tx.now.sqlValue,
            ])
    }
}

private let experimentOfAgent = Statement(
    """
    SELECT \(AgentExperiment.columns) FROM agent_experiments
    WHERE tenant_id = $1 AND agent = $2 AND status = 'running'
    """)

private let insertExperiment = Statement(
    """
    INSERT INTO agent_experiments (tenant_id, id, agent, name, goal, variants, subjects_min, observe_for, apply,
        status, created_by_type, created_by, version, created_at, updated_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'running', $10, $11, 1, $12, $12)
    """)

private let assignSubject = Statement(
    """
    INSERT INTO agent_experiment_subjects (tenant_id, experiment_id, subject_id, variant, event_row, assigned_at)
    VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (tenant_id, experiment_id, subject_id) DO NOTHING
    """)

private let openSubjectsOf = Statement(
    """
    SELECT subject_id FROM agent_experiment_subjects
    WHERE tenant_id = $1 AND experiment_id = $2 AND subject_id > $3 AND converted_at IS NULL
    ORDER BY subject_id LIMIT $4
    """)

private let countGoalsOf = Statement(
    """
    UPDATE agent_experiment_subjects SET converted_at = $7
    WHERE tenant_id = $1 AND experiment_id = $2 AND subject_id > $3 AND subject_id <= $4 AND converted_at IS NULL
        AND EXISTS (SELECT 1 FROM events e
            WHERE e.tenant_id = $1 AND e.subject_id = agent_experiment_subjects.subject_id AND e.type = $5
                AND e.row > agent_experiment_subjects.event_row
                AND e.created_at <= agent_experiment_subjects.assigned_at + $6)
    """)
