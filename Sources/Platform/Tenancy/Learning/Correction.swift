package import Database
package import Jobs
package import Records

/// A classification of texts that learns from people's corrections: what a reply means, or what a ticket is about.
///
/// A correction names a record and the label that a person gave it. The text is stored in the record only, so that it
/// is erased with the record. From `examplesMin` corrections on, the tenant has a model of its own, trained in the
/// background; a tenant's model never learns from another tenant's corrections.
package struct LearnedTask<Model: Sendable>: Sendable {
    /// The name is stored with each correction, and is never changed.
    package let name: String
    /// Returns the texts of records by their ids, apart from records that are deleted or erased.
    package let texts: @Sendable (_ ids: [String], any Queryable) throws -> [String: String]
    /// Trains a model; the same examples in the same order give the same model.
    package let train: @Sendable ([LearnedExample]) -> Model
    /// Trains a model that only tells how often labels are right; it may be less sure of them than one that stays.
    package let trainTrial: @Sendable ([LearnedExample]) -> Model
    /// Returns the label that a model gives a text.
    package let label: @Sendable (Model, String) -> String

    package init(
        _ name: String, texts: @escaping @Sendable ([String], any Queryable) throws -> [String: String],
        train: @escaping @Sendable ([LearnedExample]) -> Model,
        trainTrial: (@Sendable ([LearnedExample]) -> Model)? = nil,
        label: @escaping @Sendable (Model, String) -> String
    ) {
        (self.name, self.texts, self.label) = (name, texts, label)
        (self.train, self.trainTrial) = (train, trainTrial ?? train)
    }
}

/// A text with the label that a person gave it.
package struct LearnedExample: Hashable, Sendable {
    package let text: String
    package let label: String

    package init(_ text: String, _ label: String) { (self.text, self.label) = (text, label) }
}

enum Learning {
    /// The least number of corrections that a model is trained from.
    static let examplesMin = 5
    /// The most corrections that a model is trained from: the latest, since older ones may no longer hold.
    static let examplesMax = 500
}

extension LearningStore where Base == Transaction {
    /// Stores a correction, and has the tenant's model trained again. A record that is corrected again counts once,
    /// with its latest label.
    package func correct(_ task: String, of subject: Subject, to label: String, by actor: Actor) throws {
        try tx.run(
            """
            INSERT INTO corrections (tenant_id, task, subject_id, label, actor_id, corrected_at)
            VALUES (\(tx.tenant), \(task), \(subject.id), \(label), \(actor.id), \(tx.now))
            ON CONFLICT (tenant_id, task, subject_id) DO UPDATE SET
                label = excluded.label, actor_id = excluded.actor_id, corrected_at = excluded.corrected_at
            """)
        let count =
            try tx.int("SELECT count(*) FROM corrections WHERE tenant_id = \(tx.tenant) AND task = \(task)")
            ?? 0
        guard count >= Learning.examplesMin else { return }
        try tx.jobs.enqueue(
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
