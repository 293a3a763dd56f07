package import Database
internal import Intelligence
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Telemetry
internal import Templates

/// Calls of models: `tx.modelCalls`.
package struct ModelCallStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var modelCalls: ModelCallStore<Self> { ModelCallStore(tx: self) }
}

/// One turn of a run with a model, as the journal names it.
struct ModelCall: Sendable {
    /// The key, which is the same on every attempt of the run.
    let key: String
    let run: AgentRunID, agent: String
    let fingerprint: String
    let prompt: String
    /// Whom it is about.
    let subject: Subject?
    /// The client on whose behalf it is asked.
    let clientID: ClientID?
}

/// The beginning of a turn with a model.
enum ModelStart: Sendable {
    /// The call was answered in an earlier attempt of the run.
    case known(ModelAnswer)
    /// The ids of the models that may be asked now, the best first; at least one.
    case ask([String])
    /// None may be asked now, and the code of the reason.
    case refused(String)
}

extension ModelCallStore where Base == Transaction {
    /// Looks for what was answered to the same request in an earlier attempt of the run, else for the models that may
    /// be asked now.
    func begin(_ call: ModelCall, _ connectors: [Connector]) throws -> ModelStart {
        let known = try tx.first(
            readModelCall, [tx.tenant.sqlValue, call.key.sqlValue, call.fingerprint.sqlValue],
            { JSON(stored: $0.text(0)) })
        if let known, let answer = ModelAnswer(stored: known) { return .known(answer) }
        // Its process has died: a question may be asked again.
        for left in try tx.toolCalls.all(key: call.key) where left.state == .held {
            try tx.connectorCalls.settle(key: call.key, attempt: left.attempt, .failed(.interrupted))
        }
        let ranking = try tx.connectors.rank(connectors, for: CallModelTool.name, key: call.key, tx.zone())
        guard ranking.ranked.isEmpty, let refusal = ranking.refused.first?.refusal else {
            return .ask(ranking.ranked.map { $0.connector.id })
        }
        refuse(call, refusal.code, refusal.detail)
        return .refused(refusal.code)
    }

    /// Keeps an answer until the run has ended.
    func keep(_ answer: ModelAnswer, to call: ModelCall) throws {
        try tx.run(
            storeModelCall,
            [
                tx.tenant.sqlValue, call.key.sqlValue, call.run.sqlValue, call.fingerprint.sqlValue,
                call.prompt.sqlValue, answer.stored.serialized.sqlValue, tx.now.sqlValue,
                (call.subject?.type).sqlValue, (call.subject?.id).sqlValue,
            ])
        try tx.run(pruneModelCalls, [tx.tenant.sqlValue, (tx.now - .seconds(30 * 86_400)).sqlValue])
    }

    /// Tells of a model that somebody has to mend.
    func tell(of route: ModelRoute, _ failure: ModelFailure?) throws {
        // An agency cannot mend the installation's model.
        guard Connector.isService(route.id) else { return }
        let subject = Subject(type: ModelAlert.subject, id: route.id)
        switch failure {
        case nil: try tx.alerts.resolve(kind: ModelAlert.kind, subject: subject)
        case let failure? where failure.isForPeople:
            try tx.alerts.raise(
                kind: ModelAlert.kind, severity: .warning, subject: subject,
                title: Saying(
                    "alert.model_unusable", ["model": .text(route.name), "failure": .text("\(failure)")]),
                action: Saying("alert.model_unusable_do"))
        default: break
        }
    }

    func forget(ofRun id: AgentRunID) throws {
        try tx.run(forgetCalls, [tx.tenant.sqlValue, id.sqlValue])
    }
}

/// The alert that an agency's model does not answer until somebody does something about it.
package enum ModelAlert {
    package static let kind = "model_unusable"
    static let subject = "model"
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
