internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Records
internal import Telemetry
internal import Tenancy

struct AgentsListCommand: FolderCommand {
    var tenant: String?

    static let usage = Usage<AgentsListCommand>(
        "agents list", "Lists an agency's agents and how they do.",
        [.option("tenant", \.tenant, "T", "The agency's id, or its slug.", required: true)])

    func work(_ app: App, _ call: FolderCall) async throws -> JSON {
        let tenant = try app.tenant(tenant)
        return .array(
            try app.database.read(tenant.tenantID) { reader in
                try app.runtime.agents.all.map { agent in
                    let (status, metrics) = (
                        try reader.agents.status(agent), try reader.agents.metrics(agent.name)
                    )
                    return [
                        "name": .string(agent.name), "title": .string(agent.title),
                        "state": .string(status.state.rawValue),
                        "autonomy": .string(status.autonomy.rawValue), "reason": JSON(status.reason),
                        "runs": JSON(metrics.runs),
                        "failed": JSON(metrics.failed),
                        "health": .string(
                            metrics.health(
                                nextRun: status.state == .active
                                    ? try reader.schedules.nextRun(ofAgent: agent.name) : nil, now: reader.now
                            ).rawValue),
                        "last_run_at": JSON(metrics.lastRunAt?.description),
                        "next_run_at": JSON(try reader.schedules.nextRun(ofAgent: agent.name)?.description),
                    ]
                }
            })
    }

    func text(_ result: JSON, _ terminal: Terminal) -> String {
        // Agents that are not built share one line.
        let planned = (result.array ?? []).filter { $0["reason"]?.text == notBuilt }.map {
            $0["name"]?.text ?? ""
        }
        let rows = (result.array ?? []).filter { $0["reason"]?.text != notBuilt }.map { agent in
            [
                agent["name"]?.text ?? "", agent["state"]?.text ?? "", agent["health"]?.text ?? "",
                String(agent["runs"]?.int ?? 0), agent["next_run_at"]?.text ?? "",
                agent["reason"]?.text ?? "",
            ]
        }
        let rest =
            planned.isEmpty
            ? ""
            : "\n\(planned.count) more are planned, and not built in this release: \(planned.joined(separator: ", "))\n"
        return table(["agent", "state", "health", "runs", "next run", ""], rows, terminal) + rest
    }
}

struct AgentsRunCommand: FolderCommand {
    var agent: String?
    var tenant: String?
    var parameters: String?
    var wait = 300

    static let usage = Usage<AgentsRunCommand>(
        "agents run", "Runs an agent once, and shows how it went.",
        [
            .positional("NAME", \.agent, "The agent: lead_scoring."),
            .option("tenant", \.tenant, "T", "The agency's id, or its slug.", required: true),
            .option("parameters", \.parameters, "JSON", "The run's parameters ({})."),
            .number("wait", \.wait, "SECONDS", in: 0...86_400, "How long to wait for its end (300)."),
        ])

    func work(_ app: App, _ call: FolderCall) async throws -> JSON {
        let tenant = try app.tenant(tenant).tenantID
        let name = agent ?? ""
        guard app.runtime.agents[name] != nil else {
            throw CommandFailure(
                "the agent \(name) does not exist"
                    + didYouMean(suggestion(for: name, among: app.runtime.agents.all.map(\.name))),
                "Run bureau agents list --tenant T to see all agents.")
        }
        let parameters = try parsed()
        return try await call.whileWorking(app) {
            let run = try await app.database.write(tenant) { tx in
                try tx.runs.start(agent: name, trigger: .manual, parameters: parameters, by: .system)
            }
            let end = systemSteadyClock() + .seconds(wait)
            var current = run
            while !current.status.isFinished, systemSteadyClock() < end {
                current = try await app.runtime.run(tenant, run.id, waitingFor: .milliseconds(500)) ?? current
                call.report(Progress(done: current.items, total: nil, unit: "items"))
            }
            return try app.database.read(tenant) { reader in
                var writer = JSONWriter(capacity: 1024)
                current.write(into: &writer, decisions: try reader.runs.decisionIDs(ofRun: current.id))
                return try JSONParser.parse(writer.bytes)
            }
        }
    }

    private func parsed() throws -> JSON {
        guard let parameters else { return [:] }
        do {
            return try JSONParser.parse(parameters)
        } catch {
            throw CommandFailure("--parameters is not valid JSON: \(error.reason) at column \(error.column)")
        }
    }

    func text(_ result: JSON, _ terminal: Terminal) -> String {
        let status = result["status"]?.text ?? ""
        var text = "\(result["agent"]?.text ?? "") \(terminal.bold(status)): \(result["id"]?.text ?? "")"
        if let items = result["items_processed"]?.int ?? result["items"]?.int { text += ", \(items) items" }
        if let error = result["error"], !error.isNull { text += "\n" + (error.text ?? error.serialized) }
        if let outcome = result["result"], !outcome.isNull { text += "\n" + outcome.serialized }
        return text
    }

    func status(_ result: JSON) -> Int32 { ["failed", "cancelled"].contains(result["status"]?.text) ? 1 : 0 }
}
