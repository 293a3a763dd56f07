internal import Database
internal import Intelligence
internal import JSON
internal import Records
internal import Telemetry

/// One turn of a run with a model, as the journal names it.
struct ModelCall: Sendable {
    /// The same on every attempt of the run.
    let key: String
    let run: String, agent: String
    let attempt: Int
    let fingerprint: String
    let prompt: String
    /// Whom it is about.
    let subject: Subject?
}

extension Transaction {
    /// What was answered to the same request in an earlier attempt of the run. Otherwise sets aside what the call is
    /// thought to take, and answers `nil`: it is to be made, then settled. Throws `ToolRefusal` when a budget has not
    /// enough left, which is kept as a refusal: commit all the same.
    func beginModelCall(_ call: ModelCall, _ estimate: ToolUsage) throws -> ModelAnswer? {
        let known = try first(
            readModelCall, [tenant.sqlValue, call.key.sqlValue, call.fingerprint.sqlValue],
            { JSON(stored: $0.text(0)) })
        if let known, let answer = ModelAnswer(stored: known) { return answer }
        do {
            try holdBudget(key: call.key, attempt: call.attempt, agent: call.agent, estimate)
            return nil
        } catch let refusal as ToolRefusal {
            refuse(
                .tool, agent: call.agent, Subject(type: "agent", id: call.agent), code: refusal.code,
                "No model was asked: \(refusal.detail).", run: call.run)
            throw refusal
        }
    }

    /// Books what it has taken, tells of models that somebody has to mend, and keeps the answer until the run has
    /// ended.
    func settleModelCall(
        _ call: ModelCall, _ chain: [ModelRoute], _ result: Result<ModelAnswer, ModelsExhausted>
    ) throws {
        let use = result.use
        try settleBudget(
            key: call.key, attempt: call.attempt,
            ToolUsage(cost: use.cost, tokens: Int64(use.tokens.tokens)))
        for attempt in result.attempts {
            guard let route = chain.first(where: { $0.name == attempt.route }) else { continue }
            try tell(of: route, attempt.failure)
        }
        guard case .success(let answer) = result else { return }
        try self.run(
            storeModelCall,
            [
                tenant.sqlValue, call.key.sqlValue, call.run.sqlValue, call.fingerprint.sqlValue,
                call.prompt.sqlValue, answer.stored.serialized.sqlValue, now.sqlValue,
                (call.subject?.type).sqlValue, (call.subject?.id).sqlValue,
            ])
        try self.run(pruneModelCalls, [tenant.sqlValue, (now - .seconds(30 * 86_400)).sqlValue])
    }

    private func tell(of route: ModelRoute, _ failure: ModelFailure?) throws {
        let subject = Subject(type: "model", id: route.id)
        switch failure {
        case nil: try resolveAlert(kind: ModelAlert.kind, subject: subject)
        case let failure? where failure.isForPeople:
            try raiseAlert(
                kind: ModelAlert.kind, severity: .warning, subject: subject,
                title: "The model \(route.name) cannot be asked: \(failure).",
                action: "Mend it at /v1/models/\(route.id), and try it with its test.")
        default: break
        }
    }

    func forgetModelCalls(ofRun id: String) throws {
        try run(forgetCalls, [tenant.sqlValue, id.sqlValue])
    }
}

/// That an agency's model does not answer until somebody does something about it.
package enum ModelAlert {
    package static let kind = "model_unusable"
}

extension Result<ModelAnswer, ModelsExhausted> {
    var use: ModelUse {
        switch self {
        case .success(let answer): ModelUse(tokens: answer.usage, cost: answer.cost)
        case .failure(let exhausted): ModelUse(tokens: exhausted.usage, cost: exhausted.cost)
        }
    }

    var attempts: [ModelAttempt] {
        switch self {
        case .success(let answer): answer.attempts
        case .failure(let exhausted): exhausted.attempts
        }
    }
}

extension ModelAnswer {
    /// As the journal keeps it.
    fileprivate var stored: JSON {
        ["reply": reply.completion, "document": document ?? .null, "route": .string(route)]
    }

    /// From the journal: it takes nothing any more.
    fileprivate init?(stored: JSON) {
        guard let completion = stored["reply"], let reply = try? ChatReply(completion.bytes) else {
            return nil
        }
        let document = stored["document"].flatMap { $0.isNull ? nil : $0 }
        self.init(
            reply: reply, document: document, route: stored["route"]?.text ?? "", isCached: true)
    }
}

/// What models have answered about people, as long as the journal has it.
struct AnsweredData: PersonalData {
    static let name = "model_answers"

    func export(_ subjects: [Subject], in reader: Reader) throws -> [JSON] {
        try subjects.flatMap { subject in
            try reader.all(
                """
                SELECT prompt, answer, answered_at FROM model_calls
                WHERE tenant_id = \(reader.tenant) AND subject_id = \(subject.id)
                    AND subject_type = \(subject.type) ORDER BY key
                """
            ) { row in
                [
                    "prompt": .string(row.text(0)), "answer": JSON(stored: row.text(1)),
                    "answered_at": .string(row.instant(2).description),
                ]
            }
        }
    }

    func erase(_ subjects: [Subject], in tx: Transaction) throws -> Int {
        try subjects.reduce(0) { count, subject in
            try count
                + tx.run(
                    """
                    DELETE FROM model_calls WHERE tenant_id = \(tx.tenant) AND subject_id = \(subject.id)
                        AND subject_type = \(subject.type)
                    """)
        }
    }
}

let modelMigrations: [Migration] = [
    Migration(number: 150, name: "what models have answered") { dialect in
        [
            """
            CREATE TABLE model_calls (
                tenant_id TEXT NOT NULL,
                key TEXT NOT NULL,
                run_id TEXT NOT NULL,
                fingerprint TEXT NOT NULL,
                prompt TEXT NOT NULL,
                answer TEXT NOT NULL,
                answered_at INTEGER NOT NULL,
                subject_type TEXT,
                subject_id TEXT,
                PRIMARY KEY (tenant_id, key)
            ) \(dialect.keyedTableOptions)
            """,
            "CREATE INDEX model_calls_run ON model_calls (tenant_id, run_id)",
            "CREATE INDEX model_calls_subject ON model_calls (tenant_id, subject_id) WHERE subject_id IS NOT NULL",
            "CREATE INDEX model_calls_age ON model_calls (tenant_id, answered_at)",
        ]
    }
]

/// To another question, say because the facts have changed since, the answer is none.
private let readModelCall = Statement(
    "SELECT answer FROM model_calls WHERE tenant_id = $1 AND key = $2 AND fingerprint = $3")

private let storeModelCall = Statement(
    """
    INSERT INTO model_calls (tenant_id, key, run_id, fingerprint, prompt, answer, answered_at, subject_type,
        subject_id)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
    ON CONFLICT (tenant_id, key) DO UPDATE SET fingerprint = excluded.fingerprint, prompt = excluded.prompt,
        answer = excluded.answer, answered_at = excluded.answered_at, subject_type = excluded.subject_type,
        subject_id = excluded.subject_id
    """)

private let forgetCalls = Statement("DELETE FROM model_calls WHERE tenant_id = $1 AND run_id = $2")

/// Runs that died leave theirs behind.
private let pruneModelCalls = Statement(
    "DELETE FROM model_calls WHERE tenant_id = $1 AND answered_at < $2")
