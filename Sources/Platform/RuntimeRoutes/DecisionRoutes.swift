package import Agents
package import Database
package import HTTPServer
internal import JSON
package import Jobs
internal import Nouns
internal import Records
package import Routing

struct OverrideBody: Declared {
    var outcome = JSONObject(), reason = ""
    static let schema = Schema<OverrideBody>(
        "DecisionOverride",
        [
            .document("outcome", \.outcome, .required, .about("The outcome that replaces the agent's.")),
            .text("reason", \.reason, max: 2000, .required, .about("The reason; the audit keeps it.")),
        ])
}

func decisionRoutes(_ routes: inout Routes, _ runtime: Runtime) {
    let columns: [SimpleList.Column] = [
        .init("agent", .text(max: 100)), .init("subject_id", .text(max: 100)),
        .init("run_id", .text(max: 100)),
        .init("created_at", .instant),
    ]
    let answer = Answer.json(.reference("Decision"), "The decision.")
    routes.schema("Decision", Decision.schema)
    routes.schema("DecisionReplay", .record(["same": ["type": "boolean"], "outcome": .anyObject]))
    routes.declare(OverrideBody.self)

    routes.get(
        "/v1/decisions", .permission("decisions:read"),
        "List the decisions of agents, each with its inputs and reasons",
        query: SimpleList.docs(columns, fields: Decision.schema.propertyNames),
        .list(of: .reference("Decision"))
    ) { call in
        .read { reader in
            let list = try SimpleList(
                call.request.head.query, columns, fields: Decision.schema.propertyNames,
                dialect: reader.dialect)
            let teller = try DecisionTeller(for: call, runtime, reader)
            return try list.page(of: "decisions", Decision.self, in: reader) {
                try teller.write($0, into: &$1)
            }
        }
    }
    routes.get("/v1/decisions/{id}", .permission("decisions:read"), "Get a decision", answer) { call in
        .read { try $0.decision(call).response(to: call, runtime, $0) }
    }
    routes.post(
        "/v1/decisions/{id}/replay", .permission("decisions:read"),
        "Replay a decision from its recorded inputs and configuration, and compare the outcomes; changes nothing",
        .json(.reference("DecisionReplay"), "The outcome, and whether it is the recorded one.")
    ) { call in
        .task { .json(try call.read { try $0.replay(call, runtime) }) }
    }
    routes.post(
        "/v1/decisions/{id}/override", .permission("decisions:override"),
        "Override a decision: effective at once, until the facts change",
        body: .json(.reference("DecisionOverride")), answer
    ) { call in
        let body = try call.body(OverrideBody.self)
        return .write { tx in
            let decision = try tx.decision(call)
            try call.checkVersion(decision.version)
            do {
                return try tx.decisions.overrideDecision(
                    decision.id, outcome: body.outcome, reason: body.reason, by: call.actor
                ).response(to: call, runtime, tx)
            } catch RuntimeError.invalidValues(let faults) {
                throw Problem(faults: faults.map { $0.fault(at: "/outcome") })
            }
        }
    }
}

extension Queryable {
    fileprivate func decision(_ call: Call) throws -> Decision {
        guard let decision = try decisions.find(call.id("id", of: Nouns.Decision.self)) else {
            throw Problem(.notFound)
        }
        return decision
    }
}

extension Reader {
    fileprivate func replay(_ call: Call, _ runtime: Runtime) throws -> JSON {
        let decision = try decision(call)
        guard let agent = runtime.agents[decision.agent],
            let configuration = try self.agentConfigurations.find(
                agent, version: decision.configurationVersion),
            let outcome = try decision.replayed(
                by: agent, under: configuration.values, in: self)
        else { throw Problem(.conflict, "The decision cannot be replayed.") }
        let teller = try DecisionTeller(for: call, runtime, self)
        return [
            "same": .bool(outcome.withoutSayings == JSON(stored: decision.outcome).withoutSayings),
            "outcome": teller.told(outcome, of: decision.agent),
        ]
    }
}

extension DecisionTeller {
    fileprivate convenience init(for call: Call, _ runtime: Runtime, _ reader: any Queryable) throws {
        let questions = runtime.questions
        let words = (words: try call.words(questions, reader), zone: try questions.zone(reader))
        self.init(runtime.agents, for: words, in: reader)
    }
}

extension Decision {
    /// Returns the decision in the words of whoever calls.
    package func response(
        to call: Call, _ runtime: Runtime, _ reader: some Queryable
    ) throws -> Response {
        var writer = JSONWriter(capacity: 4096)
        try DecisionTeller(for: call, runtime, reader).write(self, into: &writer)
        let headers = [("Content-Type", "application/json"), ("ETag", ETag.text(version))]
        return Response(status: 200, headers: headers, body: .bytes(writer.bytes))
    }

    static let schema: JSON = .record([
        "id": .anyText, "agent": .anyText, "run_id": .anyText, "subject": .anySubject, "outcome": .anyObject,
        "confidence": ["type": "number", "minimum": 0, "maximum": 1],
        "factors": [
            "type": "array",
            "items": .schema([
                "name": .anyText, "weight": ["type": ["number", "null"]],
                "contribution": ["type": ["number", "null"]],
            ]),
        ],
        "model": .schema(["name": .anyText, "version": .anyText]), "config_version": .anyInteger,
        "override": overrideSchema("The person's decision that replaces the agent's, while it holds."),
        "ended_override": overrideSchema("The override that ended here, because the facts had changed."),
        "variant": [
            "type": ["object", "null"], "description": "The variant of an experiment that it was made under.",
        ],
        "version": .anyInteger, "created_at": .anyInstant,
        "updated_at": .anyInstant,
    ])
}

private func overrideSchema(_ description: String) -> JSON {
    [
        "type": ["object", "null"], "description": .string(description),
        "properties": [
            "outcome": .anyObject, "reason": .anyText, "by": .anySubject, "at": .anyInstant,
            "decision_id": .anyText,
        ],
    ]
}
