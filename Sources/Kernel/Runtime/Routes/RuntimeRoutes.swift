package import Database
package import JSON
package import Records

/// What the routes over the runtime ask of the platform, which is built on it.
package struct RuntimeQuestions: Sendable {
    /// Whether the session or key that a stream was opened with is still good. Asked when credentials of its
    /// tenant change, and every 15 seconds.
    package var isStillSignedIn: @Sendable (Principal) -> Bool
    /// The time zone of the tenant's schedules that name none.
    package var timeZone: @Sendable (Transaction) throws -> String

    package init(
        isStillSignedIn: @escaping @Sendable (Principal) -> Bool,
        timeZone: @escaping @Sendable (Transaction) throws -> String
    ) {
        (self.isStillSignedIn, self.timeZone) = (isStillSignedIn, timeZone)
    }
}

/// The runtime over HTTP: agents, runs, decisions, events, audit, schedules, jobs.
package func runtimeRoutes(_ routes: inout Routes, _ runtime: Runtime, _ questions: RuntimeQuestions) {
    runtimeEvents(&routes)
    agentRoutes(&routes, runtime)
    agentConfigurationRoutes(&routes, runtime)
    agentRunRoutes(&routes, runtime)
    decisionRoutes(&routes, runtime)
    refusalRoutes(&routes)
    agentMemoryRoutes(&routes, runtime)
    agentMessageRoutes(&routes, runtime)
    experimentRoutes(&routes, runtime)
    eventRoutes(&routes, runtime, EventStreams(runtime, isStillSignedIn: questions.isStillSignedIn))
    auditRoutes(&routes, runtime)
    scheduleRoutes(&routes, runtime, timeZone: questions.timeZone)
    workflowRoutes(&routes)
    alertRoutes(&routes)
    toolRoutes(&routes, runtime)
    budgetRoutes(&routes, runtime)
    approvalRoutes(&routes)
    jobRoutes(&routes, runtime)
    queueRoutes(&routes, runtime)
    orchestratorRoutes(&routes, runtime)
    limitedMembers(&routes)
}

/// Opens to limited members what agents do for their clients, and how the agents are set up.
private func limitedMembers(_ routes: inout Routes) {
    for table in ["events", "audit", "decisions", "refusals", "alerts", "approvals"] {
        routes.limit(table, .subject())
    }
    routes.openToLimited(
        "GET /v1/events/stream", "GET /v1/agents", "GET /v1/agents/{name}", "GET /v1/agents/{name}/config",
        "GET /v1/agents/{name}/config/versions", "GET /v1/tools", "GET /v1/tools/{name}")
    // A workflow acts on any record, with the rights of the agency's agents.
    routes.closeToLimited("POST /v1/workflows", "PATCH /v1/workflows/{id}", "DELETE /v1/workflows/{id}")
}

// Schemas that several records share.

extension JSON {
    package static let anyInstant: JSON = ["type": "string", "format": "date-time"]
    package static let instantOrNull: JSON = ["type": ["string", "null"], "format": "date-time"]
    package static let anyInteger: JSON = ["type": "integer"]
    package static let anyText: JSON = ["type": "string"]
    package static let textOrNull: JSON = ["type": ["string", "null"]]
    package static let anyObject: JSON = ["type": "object"]
    package static let anySubject: JSON = .schema(
        ["type": anyText, "id": anyText], required: ["type", "id"])

    /// As `JobFailure` is written.
    package static let jobFailureOrNull: JSON = [
        "type": ["object", "null"],
        "properties": [
            "code": anyText, "detail": anyText,
            "reference": ["type": "string", "description": "The number that guides call it by, as ERR_003."],
            "recommended_action": [
                "type": "string", "minLength": 12, "description": "What a person should do about it.",
            ],
        ],
        "required": ["code", "detail"],
    ]

    package static func choice<C: CaseIterable & RawRepresentable<String>>(_ type: C.Type) -> JSON {
        ["type": "string", "enum": JSON(C.allCases.map(\.rawValue))]
    }

    /// The schema of a record: every property is always there.
    package static func record(_ properties: JSONObject) -> JSON {
        .schema(properties, required: properties.keys)
    }

    /// The properties of an object's schema.
    package var propertyNames: [String] { self["properties"]?.object?.keys ?? [] }
}

extension Problem {
    /// 422 for one member of a body.
    static func fault(
        _ pointer: String, _ code: String, _ detail: String, choices: [String]? = nil
    ) -> Problem {
        Problem(faults: [Fault(pointer, code, detail, choices: choices)])
    }
}
