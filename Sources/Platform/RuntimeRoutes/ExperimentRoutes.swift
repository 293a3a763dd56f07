internal import Agents
internal import Database
internal import HTTPServer
internal import JSON
internal import Jobs
internal import Records
internal import Routing

struct ExperimentBody: Declared {
    var agent = "", name = "", goal = ""
    var variants: JSON = []
    var subjectsMin = 200
    var observeFor = "P14D"
    var course = AgentExperiment.Course.propose
    static let schema = Schema<ExperimentBody>(
        "AgentExperimentCreate",
        [
            .text("agent", \.agent, max: 100, .required, .example("lead_scoring")),
            .text("name", \.name, max: 200, .required),
            .text(
                "goal", \.goal, max: 100, .required,
                .about("The type of the event about a subject that counts as success."),
                .example("lead.qualified")),
            .document(
                "variants", \.variants, schema: variantsSchema, .required,
                .about(
                    "The variants that are tried beside the published settings: {name, settings, weight}."),
                .example([["name": "eager", "settings": ["batch_size": 50]]])),
            .integer(
                "subjects_min", \.subjectsMin, in: 10...1_000_000, .standard(200),
                .about("How many subjects each variant needs before they are compared.")),
            .text(
                "observe_for", \.observeFor, max: 40, .standard("P14D"),
                .about("How long after its assignment a subject's goal counts.")),
            .choice(
                "apply", \.course, .standard("propose"),
                .about("Whether settings that win are published, or wait for a person.")),
        ])

    private static let variantsSchema: JSON = [
        "type": "array", "minItems": 1, "maxItems": 5,
        "items": .schema(
            [
                "name": ["type": "string", "minLength": 1, "maxLength": 64], "settings": .anyObject,
                "weight": ["type": "integer", "minimum": 1, "maximum": 100],
            ], required: ["name", "settings"]),
    ]

    /// The published settings first, under the name `control`.
    func checkedVariants(_ faults: inout Faults) -> [AgentExperiment.Variant] {
        var seen: Set<String> = ["control"], result = AgentExperiment.variants([["name": "control"]])
        let given = variants.array ?? []
        if !(1...5).contains(given.count) {
            faults.add("/variants", "out_of_range", "variants must have from 1 to 5 entries.")
        }
        for (index, variant) in given.enumerated() {
            let place = "/variants/\(index)"
            let name = variant["name"]?.text ?? ""
            if !name.isCustomKey {
                faults.add(
                    "\(place)/name", "invalid_key", "The variant's name must be short, of letters and digits."
                )
            }
            if !seen.insert(name).inserted {
                faults.add(
                    "\(place)/name", "already_exists",
                    "The name \(name) is taken: give each variant a name of its own, other than control.")
            }
            if variant["settings"]?.object?.isEmpty != false {
                faults.add(
                    "\(place)/settings", "required",
                    "settings is empty: name the settings that the variant changes.")
            }
            let weight = variant["weight"]?.int ?? (variant["weight"] == nil ? 1 : 0)
            if !(1...100).contains(weight) {
                faults.add("\(place)/weight", "out_of_range", "weight must be from 1 to 100.")
            }
        }
        result += AgentExperiment.variants(variants)
        return result
    }
}

/// Variants of agents' settings, tried on their subjects side by side.
func experimentRoutes(_ routes: inout Routes, _ runtime: Runtime) {
    let path = "/v1/agent-experiments"
    let columns: [SimpleList.Column] = [
        .init("agent", .text(max: 100)),
        .init("status", .choice(AgentExperiment.Status.allCases.map(\.rawValue))),
        .init("created_at", .instant),
    ]
    let answer = Answer.json(.reference("AgentExperiment"), "The experiment.")
    routes.schema("AgentExperiment", experimentSchema)
    routes.declare(ExperimentBody.self)

    routes.get(
        path, .permission("agents:read"), "List experiments with agents' settings",
        query: SimpleList.docs(columns, fields: experimentSchema.propertyNames),
        .list(of: .reference("AgentExperiment"))
    ) { call in
        .read { reader in
            let list = try SimpleList(
                call.request.head.query, columns, fields: experimentSchema.propertyNames,
                dialect: reader.dialect)
            return try list.page(of: "agent_experiments", AgentExperiment.self, in: reader) {
                $1.value(try $0.described(in: reader))
            }
        }
    }
    routes.post(
        path, .permission("agents:configure"), "Start an experiment with variants of an agent's settings",
        body: .json(.reference("AgentExperimentCreate")),
        .json(.reference("AgentExperiment"), status: 201, "The experiment.")
    ) { call in
        let body = try call.body(ExperimentBody.self)
        var faults = Faults()
        if runtime.agents[body.agent] == nil {
            faults.add(
                "/agent", "invalid_choice",
                "The agent \(body.agent) does not exist: GET /v1/agents lists them.")
        }
        let variants = body.checkedVariants(&faults)
        let observeFor = Duration(iso8601: body.observeFor)
        if observeFor == nil {
            faults.add("/observe_for", "wrong_type", "observe_for must be a duration such as P14D.")
        }
        try faults.throwIfAny()
        return .write { tx in
            let experiment = try tx.agentExperiments.start(
                body.agent, name: body.name, goal: body.goal, variants: variants,
                subjectsMin: body.subjectsMin, observeFor: observeFor ?? .zero, course: body.course,
                by: call.actor)
            return try experiment.response(in: tx, status: 201)
        }
    }
    routes.get("\(path)/{id}", .permission("agents:read"), "Get an experiment", answer) { call in
        .read { try $0.experiment(call).response(in: $0) }
    }
    routes.post(
        "\(path)/{id}/stop", .permission("agents:configure"), "Stop an experiment without a result", answer
    ) { call in
        .write { tx in
            let experiment = try tx.experiment(call)
            try call.checkVersion(experiment.version)
            return try tx.agentExperiments.stop(experiment, by: call.actor).response(in: tx)
        }
    }
    routes.post(
        "\(path)/{id}/apply",
        .permission(
            "agents:configure"), "Apply the winning variant of an experiment by publishing its settings",
        answer
    ) { call in
        .write { tx in
            let experiment = try tx.experiment(call)
            try call.checkVersion(experiment.version)
            return try tx.agentExperiments.apply(experiment, by: call.actor).response(in: tx)
        }
    }
}

extension Queryable {
    fileprivate func experiment(_ call: Call) throws -> AgentExperiment {
        guard let experiment = try agentExperiments.find(call.id("id", of: AgentExperiment.self)) else {
            throw Problem(.notFound)
        }
        return experiment
    }
}

extension AgentExperiment {
    /// With how the variants do so far.
    fileprivate func described(in reader: some Queryable) throws -> JSON {
        var object = json.object ?? [:]
        object.append("tally", .array(try reader.agentExperiments.tallies(self).map(\.json)))
        return .object(object)
    }

    fileprivate func response(in reader: some Queryable, status: Int = 200) throws -> Response {
        .json(
            try described(in: reader), status: status,
            headers: [("ETag", ETag.text(version)), ("Location", "/v1/agent-experiments/\(id)")])
    }
}

private let experimentSchema: JSON = .record([
    "id": .anyText, "agent": .anyText, "name": .anyText, "goal": .anyText,
    "variants": [
        "type": "array",
        "items": .record(["name": .anyText, "weight": .anyInteger, "settings": .anyObject]),
    ],
    "subjects_min": .anyInteger, "observe_for": .anyText, "apply": .choice(AgentExperiment.Course.self),
    "status": .choice(AgentExperiment.Status.self), "result": ["type": ["object", "null"]],
    "created_by": .anySubject, "version": .anyInteger, "created_at": .anyInstant,
    "updated_at": .anyInstant,
    "tally": [
        "type": "array", "description": "How each variant does so far.",
        "items": .record([
            "name": .anyText, "assigned": .anyInteger, "observed": .anyInteger, "converted": .anyInteger,
            "rate": ["type": "number", "minimum": 0, "maximum": 1],
        ]),
    ],
])
