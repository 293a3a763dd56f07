internal import Agents
internal import Database
internal import HTTPServer
internal import JSON
internal import Jobs
internal import Records
internal import Routing

struct RollbackBody: Declared {
    var version = 0
    static let schema = Schema<RollbackBody>(
        "AgentConfigRollback", [.integer("version", \.version, in: 1...1_000_000_000, .required)])
}

struct TrialBody: Declared {
    var last = 20
    static let schema = Schema<TrialBody>(
        "AgentConfigTrial",
        [
            .integer(
                "last", \.last, in: 1...200, .standard(20),
                .about("How many past decisions the draft is tested on."))
        ])
}

/// An agent's settings: a draft is changed, tried out on past decisions, and published.
func agentConfigurationRoutes(_ routes: inout Routes, _ runtime: Runtime) {
    let agents = runtime.agents
    let path = "/v1/agents/{name}/config"
    let answer = Answer.json(.reference("AgentConfig"), "The configuration.")
    routes.schema("AgentConfig", configurationSchema)
    routes.schema("AgentConfigForm", formSchema)
    routes.schema("AgentConfigTrialResult", trialSchema)
    routes.declare(RollbackBody.self)
    routes.declare(TrialBody.self)

    routes.get(
        path, .permission("agents:read"),
        "Get an agent's configuration: the published values, the draft and the form",
        .json(.reference("AgentConfigForm"), "The configuration.")
    ) { call in
        let agent = try agents.definition(call.parameters["name"] ?? "")
        return .read { reader in
            let published = try reader.agentConfigurations.published(agent)
            var object = published.json.object ?? [:]
            object.append("draft", try reader.agentConfigurations.draft(agent)?.json ?? .null)
            object.append("defaults", agent.defaults)
            object.append(
                "schema", try agent.settingsSchema(in: call.words(runtime.questions, reader)))
            return .json(.object(object), headers: [("ETag", ETag.text(published.version))])
        }
    }
    routes.patch(
        path,
        .permission(
            "agents:configure"), "Draft a change of an agent's configuration, as a merge patch of its values",
        body: .json(.anyObject), answer
    ) { call in
        let agent = try agents.definition(call.parameters["name"] ?? "")
        let patch = JSON.object(try call.object())
        return .write { tx in
            try call.checkVersion(tx.agentConfigurations.published(agent).version)
            return try tx.agentConfigurations.draft(agent.name, patch, by: call.actor).response
        }
    }
    routes.get(
        "\(path)/versions", .permission("agents:read"), "List the versions of an agent's configuration",
        query: SimpleList.docs([], fields: configurationSchema.propertyNames),
        .list(of: .reference("AgentConfig"))
    ) { call in
        let agent = try agents.definition(call.parameters["name"] ?? "")
        return .read { reader in
            let list = try SimpleList(
                call.request.head.query, [], key: "version", fields: configurationSchema.propertyNames,
                dialect: reader.dialect)
            return list.page(
                of: try reader.agentConfigurations.all(agent).reversed().map { ("\($0.version)", $0.json) })
        }
    }
    publishingRoutes(&routes, runtime, below: path, answer)
}

/// Routes for trying a draft out, for publishing it, and for going back to an earlier version.
private func publishingRoutes(
    _ routes: inout Routes, _ runtime: Runtime, below path: String, _ answer: Answer
) {
    let agents = runtime.agents
    routes.post(
        "\(path)/publish", .permission("agents:configure"),
        "Publish the draft of an agent's configuration; without a draft, nothing changes", answer
    ) { call in
        let agent = try agents.definition(call.parameters["name"] ?? "")
        return .write { tx in
            try call.checkVersion(tx.agentConfigurations.published(agent).version)
            return try tx.agentConfigurations.publish(agent.name, by: call.actor).response
        }
    }
    routes.post(
        "\(path)/rollback",
        .permission(
            "agents:configure"), "Publish a copy of an earlier version of an agent's configuration",
        body: .json(.reference("AgentConfigRollback")), answer
    ) { call in
        let agent = try agents.definition(call.parameters["name"] ?? "")
        let version = try call.body(RollbackBody.self).version
        return .write { tx in
            try call.checkVersion(tx.agentConfigurations.published(agent).version)
            guard try tx.agentConfigurations.find(agent, version: version) != nil else {
                throw Problem.fault(
                    "/version", "unknown_reference",
                    "Version \(version) was never published: choose one of GET /v1/agents/{name}/config/versions."
                )
            }
            return try tx.agentConfigurations.rollBack(agent.name, to: version, by: call.actor).response
        }
    }
    routes.post(
        "\(path)/test", .permission("agents:configure"),
        "Test the draft on the agent's last decisions, and list what would differ; changes nothing",
        body: .json(.reference("AgentConfigTrial"), isOptional: true),
        .json(.reference("AgentConfigTrialResult"), "The decisions that would differ.")
    ) { call in
        let agent = try agents.definition(call.parameters["name"] ?? "")
        let trial = call.request.bytes.isEmpty ? TrialBody() : try call.body(TrialBody.self)
        return .task {
            .json(try call.read { try $0.trial(of: agent, last: trial.last) })
        }
    }
}

extension AgentConfiguration {
    fileprivate var response: Response { .json(json, headers: [("ETag", ETag.text(version))]) }
}

extension Reader {
    /// Returns what the draft, or without one what is published, makes of the inputs of past decisions.
    fileprivate func trial(of agent: any AgentDefinition, last count: Int) throws -> JSON {
        let configuration = try agentConfigurations.draft(agent) ?? agentConfigurations.published(agent)
        var tested = 0, differences: [JSON] = []
        let past = try decisions.latest(of: agent.name, limit: count)
        for decision in past {
            guard let outcome = try decision.replayed(by: agent, under: configuration.values, in: self) else {
                continue
            }
            tested += 1
            let (before, after) = (JSON(stored: decision.outcome).withoutSayings, outcome.withoutSayings)
            guard after != before else { continue }
            differences.append([
                "subject": decision.subject.json, "decision_id": JSON(decision.id), "before": before,
                "after": after,
            ])
        }
        if tested == 0, !past.isEmpty {
            throw Problem(.conflict, "Decisions of \(agent.name) cannot be replayed.")
        }
        return [
            "tested": JSON(tested), "changed": JSON(differences.count), "differences": .array(differences),
            "config_version": JSON(configuration.version),
        ]
    }
}

private let configurationSchema: JSON = .record([
    "version": .anyInteger, "state": ["type": "string", "enum": ["draft", "published"]],
    "current": ["type": "boolean", "description": "Whether it is the published version."],
    "values": .anyObject,
    "created_at": .instantOrNull, "created_by": .anySubject,
])

private let formSchema: JSON = {
    var properties = configurationSchema["properties"]?.object ?? [:]
    properties.append(
        "draft",
        ["type": ["object", "null"], "description": "The draft that would be published; null without one."])
    properties.append("defaults", .anyObject)
    properties.append(
        "schema", ["type": "object", "description": "JSON Schema of values: what can be set, and how."])
    return .record(properties)
}()

private let trialSchema: JSON = .record([
    "tested": .anyInteger, "changed": .anyInteger,
    "differences": [
        "type": "array",
        "items": .record([
            "subject": .anySubject, "decision_id": .anyText, "before": .anyObject, "after": .anyObject,
        ]),
    ],
    "config_version": .anyInteger,
])
