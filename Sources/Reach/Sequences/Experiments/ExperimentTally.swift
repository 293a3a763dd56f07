internal import Agents
package import Database
internal import JSON
internal import Jobs
package import Messages
package import Nouns
internal import People
internal import Records
internal import Telemetry

/// The results of a variant so far.
struct ExperimentTally: Sendable {
    let name: String
    let assigned: Int, sent: Int, replied: Int, positive: Int, converted: Int
    /// Those whom a step was sent to, and those whose answer came before it could be.
    let reached: Int

    /// Those whom it has reached, and those of them who did what was hoped for.
    func outcome(_ experiment: Experiment) -> (hits: Int, count: Int) {
        let count = experiment.kind == .sequenceStep ? reached : assigned
        let hits =
            switch experiment.goal {
            case .replied: replied
            case .positive: positive
            case .converted: converted
            // Of a film there are days, and not people.
            case .views, .watchTime: 0
            }
        return (min(hits, count), count)
    }
}

extension ExperimentTally: StoredRow {
    static let columns = Columns(of: Self.self)

    fileprivate static let counted = columns.of(
        "experiment_subjects",
        with: [
            "assigned": "count(*)", "sent": "count(sent_at)", "replied": "count(replied_at)",
            "positive": "count(positive_at)", "converted": "count(converted_at)",
            "reached": "count(coalesce(sent_at, replied_at))",
        ])

    init(_ row: inout ColumnReader) {
        (name, assigned, sent) = (row.text("variant"), row.int("assigned"), row.int("sent"))
        (replied, positive) = (row.int("replied"), row.int("positive"))
        (converted, reached) = (row.int("converted"), row.int("reached"))
    }
}

extension Experiment {
    /// The winner, where there is one, and what each variant has come to.
    func findings(_ tallies: [ExperimentTally]) -> (winner: String?, json: JSON) {
        guard let control = tallies.first else { return (nil, []) }
        let base = control.outcome(self)
        let limit = SequentialTest.chanceMax / Double(max(1, tallies.count - 1))
        var rows: [JSON] = [], winner: (name: String, difference: Double)?, isBeaten = true
        let hasEnough = tallies.allSatisfy { $0.outcome(self).count >= subjectsMin }
        for tally in tallies {
            let own = tally.outcome(self)
            var row: JSONObject = [
                "name": .string(tally.name), "assigned": JSON(tally.assigned), "sent": JSON(tally.sent),
                "replied": JSON(tally.replied), "positive": JSON(tally.positive),
                "converted": JSON(tally.converted),
                "rate": .number(own.count == 0 ? 0 : Double(own.hits) / Double(own.count)),
                "difference": nil, "interval": nil, "p_value": nil, "significant": false,
            ]
            if tally.name != control.name {
                guard let test = SequentialTest(own, against: base, chanceMax: limit) else {
                    isBeaten = false
                    rows.append(.object(row))
                    continue
                }
                let isSignificant = hasEnough && test.chance < limit
                row["difference"] = .number(test.difference)
                row["interval"] = [.number(test.low), .number(test.high)]
                row["p_value"] = .number(test.chance)
                row["significant"] = .bool(isSignificant)
                if isSignificant, test.difference > winner?.difference ?? 0 {
                    winner = (tally.name, test.difference)
                }
                if !isSignificant || test.difference > 0 { isBeaten = false }
            }
            rows.append(.object(row))
        }
        // Where all others do worse, what there was has won.
        let name = winner?.name ?? (isBeaten && tallies.count > 1 ? control.name : nil)
        return (name, .array(rows))
    }

    func results(in reader: some Queryable) throws -> JSON {
        if kind.isOfFilm { return try filmResults(in: reader) }
        let (winner, variants) = findings(try reader.experiments.tallies(of: self))
        return [
            "experiment_id": JSON(id), "status": .string(status.rawValue),
            "goal": .string(goal.rawValue),
            "winner": JSON(winner), "variants": variants,
            "method":
                "mSPRT, always-valid p-values (Johari et al. 2017); chance below 0.05 over all comparisons",
        ]
    }
}

extension ExperimentStore {
    func tallies(of experiment: Experiment) throws -> [ExperimentTally] {
        var found: [String: ExperimentTally] = [:]
        try tx.each(
            """
            SELECT \(trusted: ExperimentTally.counted) FROM experiment_subjects
            WHERE tenant_id = \(tx.tenant) AND experiment_id = \(experiment.id) GROUP BY variant
            """
        ) { row in
            let tally = try ExperimentTally(row)
            found[tally.name] = tally
        }
        return experiment.variants.list.map {
            found[$0.name]
                ?? ExperimentTally(
                    name: $0.name, assigned: 0, sent: 0, replied: 0, positive: 0, converted: 0, reached: 0)
        }
    }
}

package extension ExperimentStore where Base == Transaction {
    /// Notes that somebody gets what an experiment has for them, where it is for them.
    func takePart(_ contact: ContactID, in experiment: Experiment) throws {
        guard try takesPart(contact, in: experiment) else { return }
        try tx.run(
            """
            INSERT INTO experiment_subjects (tenant_id, experiment_id, contact_id, variant, assigned_at)
            VALUES (\(tx.tenant), \(experiment.id), \(contact), \(experiment.variant(for: contact).name), \(tx.now))
            ON CONFLICT (tenant_id, experiment_id, contact_id) DO NOTHING
            """)
    }

    internal func takePart(
        _ contact: ContactID, inTrialOf step: String, of sequence: ID<MessageSequence>
    ) throws {
        guard let experiment = try running(sequence, step: step) else { return }
        try takePart(contact, in: experiment)
    }

    /// Where it is the timing of the next step that is tried, whoever waits for it takes part already: an answer that
    /// comes before the step does counts, too.
    internal func beginTrial(of enrollment: Enrollment) throws {
        guard let step = enrollment.nextStep,
            let experiment = try running(enrollment.sequenceID, step: step), experiment.variesTiming
        else { return }
        try takePart(enrollment.contactID, in: experiment)
    }

    /// A message has left: where its step is being tried, its reader has been reached.
    internal func countTried(_ message: Message) throws {
        guard let contact = message.contactID, let key = message.sendKey?.split(separator: "/").last,
            let enrollment = message.cause["id"]?.id(of: Enrollment.self),
            let sequence = try Enrollment.resource.find(enrollment, in: tx)?.sequenceID,
            let experiment = try running(sequence, step: String(key))
        else { return }
        let changed = try tx.run(
            """
            UPDATE experiment_subjects SET sent_at = \(message.sentAt ?? tx.now), message_id = \(message.id)
            WHERE tenant_id = \(tx.tenant) AND experiment_id = \(experiment.id) AND contact_id = \(contact)
                AND sent_at IS NULL
            """)
        if changed > 0 { try evaluateLater(experiment.id) }
    }

    /// An answer has come to a message that was tried. Asked again when it is known what the answer means.
    func countReply(_ reply: Message, to message: Message) throws {
        guard !reply.isAutomatic, reply.replyClass != .outOfOffice, reply.replyClass != .bounce else {
            return
        }
        let isPositive = reply.replyClass == .interested
        let enrollment = try message.cause["id"]?.id(of: Enrollment.self)
            .flatMap { try Enrollment.resource.find($0, in: tx) }
        let early = try enrollment.map { try running(of: $0.sequenceID) } ?? []
        var found = try tx.all(
            """
            SELECT experiment_id FROM experiment_subjects
            WHERE tenant_id = \(tx.tenant) AND message_id = \(message.id)
            """
        ) { $0.id(0, of: Experiment.self) }.compactMap(\.self)
        found += early.filter(\.variesTiming).map(\.id).filter { !found.contains($0) }
        for experiment in found {
            let changed = try tx.run(
                """
                UPDATE experiment_subjects SET replied_at = coalesce(replied_at, \(tx.now)),
                    positive_at = CASE WHEN \(isPositive) = 1 THEN coalesce(positive_at, \(tx.now)) ELSE positive_at END
                WHERE tenant_id = \(tx.tenant) AND experiment_id = \(experiment) AND contact_id = \(message.contactID)
                    AND (message_id IS NULL OR message_id = \(message.id))
                """)
            if changed > 0 { try evaluateLater(experiment) }
        }
    }

    /// Somebody has accepted what they were offered, in whatever experiments they take part.
    func countConversion(of contact: ContactID) throws {
        let running = try tx.all(
            """
            SELECT s.experiment_id FROM experiments e
            JOIN experiment_subjects s ON s.tenant_id = e.tenant_id AND s.experiment_id = e.id
            WHERE e.tenant_id = \(tx.tenant) AND e.status = 'running' AND s.contact_id = \(contact)
                AND s.converted_at IS NULL
            """
        ) { $0.id(0, of: Experiment.self) }.compactMap(\.self)
        for experiment in running {
            try tx.run(
                """
                UPDATE experiment_subjects SET converted_at = \(tx.now)
                WHERE tenant_id = \(tx.tenant) AND experiment_id = \(experiment) AND contact_id = \(contact)
                """)
            try evaluateLater(experiment)
        }
    }

    func evaluateLater(_ id: ID<Experiment>) throws {
        try tx.jobs.enqueue(
            ExperimentEvaluation.self, .init(experiment: id),
            JobOptions(
                runAt: tx.now + ExperimentEvaluation.interval, uniqueKey: id, uniqueness: .untilStarted))
    }

    /// Ends an experiment that has a winner; what has won is taken over where the agency lets it.
    internal func evaluate(_ experiment: Experiment, _ dependencies: SequenceDependencies) throws {
        guard experiment.status == .running else { return }
        let winner =
            experiment.kind.isOfFilm
            ? experiment.findings(try tx.experimentDays.all(of: experiment.id)).winner
            : experiment.findings(try tallies(of: experiment)).winner
        guard winner != nil else { return }
        try conclude(experiment, winner, dependencies)
    }

    /// Ends an experiment by what it has come to.
    private func conclude(
        _ experiment: Experiment, _ winner: String?, _ dependencies: SequenceDependencies
    ) throws {
        var concluded = experiment
        (concluded.status, concluded.concludedAt) = (.concluded, tx.now)
        concluded.result = try experiment.results(in: tx)
        try tx.update(experiment, to: &concluded, by: .system, action: "experiment.concluded")
        try tx.publish("experiment.concluded", experiment.subject, ["winner": JSON(winner)])
        if experiment.course == .automatic, winner != nil {
            return try apply(concluded, by: .system, dependencies)
        }
        // A film stands as it did until somebody takes over what has won.
        if experiment.kind.isOfFilm {
            try dependencies.setFilm(tx, concluded, concluded.variants.list[0], .system)
        }
    }

    /// Ends an experiment with a film that has had all its days, and has shown nothing.
    internal func giveUp(_ id: ID<Experiment>, _ dependencies: SequenceDependencies) throws {
        guard let experiment = try Experiment.resource.find(id, in: tx), experiment.status == .running,
            experiment.kind.isOfFilm
        else { return }
        let days = try tx.experimentDays.all(of: id)
        guard days.count >= Experiment.filmDaysMax, days.allSatisfy({ $0.state != .planned }) else { return }
        try conclude(experiment, nil, dependencies)
    }

    /// Takes over what has won: a step gets the winner's words and timing, in a new version of its sequence; prices and
    /// packages are changed by whoever owns them.
    internal func apply(
        _ experiment: Experiment, by actor: Actor, _ dependencies: SequenceDependencies
    ) throws {
        guard experiment.status == .concluded, let winner = experiment.winner else {
            throw Problem(
                .conflict, "No variant has won, so there is nothing to apply: wait for more results.")
        }
        if let id = experiment.sequenceID, let old = try MessageSequence.resource.find(id, in: tx),
            let place = old.steps.list.firstIndex(where: { $0.id == experiment.stepID })
        {
            var sequence = old
            sequence.steps.list[place] = winner.applied(to: sequence.steps.list[place])
            try tx.update(old, to: &sequence, by: actor)
        }
        if experiment.kind.isOfFilm {
            try dependencies.setFilm(tx, experiment, winner, actor)
        } else {
            try dependencies.adopt(tx, experiment, winner, actor)
        }
        var applied = experiment
        applied.status = .applied
        try tx.update(experiment, to: &applied, by: actor, action: "experiment.applied")
        try tx.publish(
            "experiment.applied", experiment.subject,
            [
                "kind": .string(experiment.kind.rawValue), "target": JSON(experiment.target),
                "winner": .string(winner.name), "value": winner.value,
            ])
    }
}

/// Looks at an experiment once things have happened in it.
struct ExperimentEvaluation: JobKind {
    struct Payload: Codable, Sendable { let experiment: ID<Experiment> }

    static let kind = "experiment.evaluate"
    static let interval: Duration = .seconds(3600)

    let dependencies: SequenceDependencies

    func run(_ payload: Payload, _ job: JobContext) async throws {
        try await job.complete { tx in
            guard let experiment = try Experiment.resource.find(payload.experiment, in: tx)
            else { return }
            try tx.experiments.evaluate(experiment, dependencies)
            try tx.experiments.giveUp(experiment.id, dependencies)
        }
    }
}
