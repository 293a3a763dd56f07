package import Database
package import Jobs
package import Records
package import Routing

/// The questions that the routes over the runtime ask the platform, which is built on it.
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
    refusalRoutes(&routes, runtime)
    agentMemoryRoutes(&routes, runtime)
    agentMessageRoutes(&routes, runtime)
    experimentRoutes(&routes, runtime)
    eventRoutes(&routes, runtime, EventStreams(runtime, isStillSignedIn: questions.isStillSignedIn))
    auditRoutes(&routes, runtime)
    scheduleRoutes(&routes, runtime, timeZone: questions.timeZone)
    workflowRoutes(&routes)
    alertRoutes(&routes, runtime)
    toolRoutes(&routes, runtime)
    budgetRoutes(&routes, runtime)
    approvalRoutes(&routes, runtime)
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
