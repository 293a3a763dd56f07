package import Database
internal import JSON
package import Jobs
internal import Records
internal import Synchronization
internal import Telemetry

/// The tenants' models of one task that this process has needed so far.
package final class LearnedModels<Model: Sendable>: LearnedTaskModels {
    package let task: LearnedTask<Model>
    private let known = Mutex<[TenantID: (revision: Int, model: Model, used: Int)]>([:])

    /// The most models in memory; one that has not been used for long is trained again when it is needed.
    private static var modelsMax: Int { 200 }

    package init(_ task: LearnedTask<Model>) { self.task = task }

    package var name: String { task.name }

    /// Returns the tenant's own model; `nil` before there are enough corrections, and until the first training is
    /// done.
    ///
    /// The model is trained from the stored corrections up to those of the last training, so that every process has
    /// the same one.
    package func model(in reader: some Queryable) throws -> Model? {
        guard let state = try reader.learning.state(name) else { return nil }
        let tenant = reader.tenant
        let found = known.withLock { known -> Model? in
            guard let entry = known[tenant], entry.revision == state.revision else { return nil }
            known[tenant]!.used += 1
            return entry.model
        }
        if let found { return found }
        let model = task.train(try examples(until: state.trainedUntil, in: reader))
        keep(model, state.revision, of: tenant)
        return model
    }

    private func keep(_ model: Model, _ revision: Int, of tenant: TenantID) {
        known.withLock { known in
            if known.count >= Self.modelsMax, known[tenant] == nil,
                let least = known.min(by: { $0.value.used < $1.value.used })?.key
            {
                known[least] = nil
            }
            known[tenant] = (revision, model, known[tenant]?.used ?? 0)
        }
    }

    private func examples(until instant: Instant, in reader: some Queryable) throws -> [LearnedExample] {
        let rows = try reader.all(
            """
            SELECT subject_id, label FROM corrections
            WHERE tenant_id = \(reader.tenant) AND task = \(name) AND corrected_at <= \(instant)
            ORDER BY corrected_at DESC, subject_id LIMIT \(Learning.examplesMax)
            """
        ) { ($0.text(0), $0.text(1)) }
        let texts = rows.isEmpty ? [:] : try task.texts(rows.map(\.0), reader)
        return rows.reversed().compactMap { id, label in
            texts[id].flatMap { $0.isEmpty ? nil : LearnedExample($0, label) }
        }
    }

    // MARK: Training

    /// Reads what to train from, which then happens outside of any transaction; `nil` where there is too little.
    package func training(in reader: some Queryable) throws -> LearnedTraining? {
        let latest = try reader.first(
            """
            SELECT corrected_at FROM corrections WHERE tenant_id = \(reader.tenant) AND task = \(name)
            ORDER BY corrected_at DESC LIMIT 1
            """
        ) { $0.instant(0) }
        guard let latest else { return nil }
        let examples = try examples(until: latest, in: reader)
        guard examples.count >= Learning.examplesMin else { return nil }
        return LearnedTraining(
            examples: examples, until: latest, revision: (try reader.learning.state(name)?.revision ?? 0) + 1)
    }

    /// Returns the share of corrections that are predicted correctly when each fifth is predicted by a model of the
    /// rest.
    package func accuracy(_ training: LearnedTraining) -> Double {
        let examples = training.examples
        var right = 0
        for part in 0..<Learning.examplesMin {
            let model = task.trainTrial(
                examples.indices.filter { $0 % Learning.examplesMin != part }.map { examples[$0] })
            for index in stride(from: part, to: examples.count, by: Learning.examplesMin) {
                right += task.label(model, examples[index].text) == examples[index].label ? 1 : 0
            }
        }
        return Double(right) / Double(examples.count)
    }
}

/// The examples from which a model is trained.
package struct LearnedTraining: Sendable {
    let examples: [LearnedExample]
    let until: Instant
    let revision: Int
}

/// The models of a task, whatever their type.
package protocol LearnedTaskModels: Sendable {
    var name: String { get }
    func training(in reader: some Queryable) throws -> LearnedTraining?
    func accuracy(_ training: LearnedTraining) -> Double
}

/// Trains a tenant's model again after its people set something right.
package struct LearningJob: JobKind {
    package struct Payload: Codable, Sendable { let task: String }

    package static let kind = "learning.train"
    /// One training runs at a time: it takes a fraction of a second, and nobody waits for it.
    package static let limits = JobLimits(concurrency: 1)

    private let tasks: [String: any LearnedTaskModels]

    package init(_ models: [any LearnedTaskModels]) {
        tasks = Dictionary(uniqueKeysWithValues: models.map { ($0.name, $0) })
    }

    package func run(_ payload: Payload, _ job: JobContext) async throws {
        guard let models = tasks[payload.task],
            let training = try job.read({ try models.training(in: $0) })
        else { return try await job.complete { _ in } }
        let accuracy = models.accuracy(training)
        let labels = Dictionary(grouping: training.examples, by: \.label).mapValues(\.count)
        try await job.complete { tx in
            try tx.run(
                """
                INSERT INTO learned_models
                    (tenant_id, task, revision, examples, labels, accuracy, trained_until, trained_at)
                VALUES (\(tx.tenant), \(models.name), \(training.revision), \(training.examples.count),
                    \(LearnedState.text(labels)), \(accuracy), \(training.until), \(tx.now))
                ON CONFLICT (tenant_id, task) DO UPDATE SET revision = excluded.revision,
                    examples = excluded.examples, labels = excluded.labels, accuracy = excluded.accuracy,
                    trained_until = excluded.trained_until, trained_at = excluded.trained_at
                """)
        }
    }
}
