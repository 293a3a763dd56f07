package import Database
package import Records
package import Runtime

/// A judgement of texts that people set right, and that learns from it: what a reply means, what a ticket is about.
///
/// A correction names a record and the label that a person gave it; the text stays in the record alone, so that it is
/// forgotten with the record. From `examplesMin` corrections on the tenant has a model of its own, trained in the
/// background; no tenant's corrections are seen by another's model.
package struct LearnedTask<Model: Sendable>: Sendable {
    /// Stored with each correction: never renamed.
    package let name: String
    /// The texts of records by their ids; a record that is gone, or was erased, has none.
    package let texts: @Sendable (_ ids: [String], any Queryable) throws -> [String: String]
    /// Equal examples, in equal order, give an equal model.
    package let train: @Sendable ([LearnedExample]) -> Model
    /// The label that a model gives a text.
    package let label: @Sendable (Model, String) -> String

    package init(
        _ name: String, texts: @escaping @Sendable ([String], any Queryable) throws -> [String: String],
        train: @escaping @Sendable ([LearnedExample]) -> Model,
        label: @escaping @Sendable (Model, String) -> String
    ) {
        (self.name, self.texts, self.train, self.label) = (name, texts, train, label)
    }
}

/// What a person said that a text is.
package struct LearnedExample: Hashable, Sendable {
    package let text: String
    package let label: String

    package init(_ text: String, _ label: String) { (self.text, self.label) = (text, label) }
}

enum Learning {
    /// Fewer corrections are no pattern.
    static let examplesMin = 5
    /// The latest count: what people said long ago may hold no more.
    static let examplesMax = 500
}

extension Transaction {
    /// Keeps what a person set right, and has the tenant's model trained again. The same record corrected anew counts
    /// once, as it was said last.
    package func correct(_ task: String, of subject: Subject, to label: String, by actor: Actor) throws {
        try run(
            """
            INSERT INTO corrections (tenant_id, task, subject_id, label, actor_id, corrected_at)
            VALUES (\(tenant), \(task), \(subject.id), \(label), \(actor.id), \(now))
            ON CONFLICT (tenant_id, task, subject_id) DO UPDATE SET
                label = excluded.label, actor_id = excluded.actor_id, corrected_at = excluded.corrected_at
            """)
        let count =
            try int("SELECT count(*) FROM corrections WHERE tenant_id = \(tenant) AND task = \(task)") ?? 0
        guard count >= Learning.examplesMin else { return }
        try enqueue(
            LearningJob.self, .init(task: task), JobOptions(uniqueKey: task, uniqueness: .untilStarted))
    }
}

let learningMigration = Migration(
    number: 248, name: "what people set right, and the models that learn from it"
) {
    dialect in
    [
        """
        CREATE TABLE corrections (
            tenant_id TEXT NOT NULL, task TEXT NOT NULL, subject_id TEXT NOT NULL, label TEXT NOT NULL,
            actor_id TEXT NOT NULL, corrected_at INTEGER NOT NULL,
            PRIMARY KEY (tenant_id, task, subject_id)
        ) \(dialect.keyedTableOptions)
        """,
        "CREATE INDEX corrections_latest ON corrections (tenant_id, task, corrected_at)",
        """
        CREATE TABLE learned_models (
            tenant_id TEXT NOT NULL, task TEXT NOT NULL, revision INTEGER NOT NULL, examples INTEGER NOT NULL,
            labels TEXT NOT NULL, accuracy REAL, trained_until INTEGER NOT NULL, trained_at INTEGER NOT NULL,
            PRIMARY KEY (tenant_id, task)
        ) \(dialect.keyedTableOptions)
        """,
    ]
}
