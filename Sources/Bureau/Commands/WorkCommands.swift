internal import Cryptography
internal import Database
internal import Discovery
internal import Glibc
internal import JSON
internal import Platform
internal import Records
internal import Runtime
internal import Telemetry

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
                    let (status, metrics) = (try reader.agentStatus(agent), try reader.agentMetrics(agent.name))
                    return [
                        "name": .string(agent.name), "title": .string(agent.title), "state": .string(status.state.rawValue),
                        "autonomy": .string(status.autonomy.rawValue), "reason": JSON(status.reason), "runs": JSON(metrics.runs),
                        "failed": JSON(metrics.failed), "health": .string(metrics.health),
                        "last_run_at": JSON(metrics.lastRunAt?.description),
                        "next_run_at": JSON(try reader.nextRun(ofAgent: agent.name)?.description),
                    ]
                }
            })
    }

    func text(_ result: JSON, _ terminal: Terminal) -> String {
        let rows = (result.array ?? []).map { agent in
            [
                agent["name"]?.text ?? "", agent["state"]?.text ?? "", agent["health"]?.text ?? "",
                String(agent["runs"]?.int ?? 0), agent["next_run_at"]?.text ?? "", agent["reason"]?.text ?? "",
            ]
        }
        return table(["agent", "state", "health", "runs", "next run", ""], rows, terminal)
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
                "there is no agent \(name)" + didYouMean(suggestion(for: name, among: app.runtime.agents.all.map(\.name))),
                "bureau agents list --tenant T shows them.")
        }
        let parameters = try parsed()
        return try await call.whileWorking(app) {
            let run = try await app.database.write(tenant) { tx in
                try tx.startRun(agent: name, trigger: .manual, parameters: parameters, by: .system)
            }
            let end = systemSteadyClock() + .seconds(wait)
            var current = run
            while !current.status.isFinished, systemSteadyClock() < end {
                current = try await app.runtime.run(tenant, run.id, waitingFor: .milliseconds(500)) ?? current
                call.report(Progress(done: current.items, total: nil, unit: "items"))
            }
            return try app.database.read(tenant) { reader in
                var writer = JSONWriter(capacity: 1024)
                current.write(into: &writer, decisions: try reader.decisionIDs(ofRun: current.id))
                return try JSONParser.parse(writer.bytes)
            }
        }
    }

    private func parsed() throws -> JSON {
        guard let parameters else { return [:] }
        do {
            return try JSONParser.parse(parameters)
        } catch {
            throw CommandFailure("--parameters is no JSON: \(error.reason) at column \(error.column)")
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

struct ImportCommand: FolderCommand {
    var file: String?
    var tenant: String?
    var dedupe: String?
    var country: String?
    var mapping: String?

    static let usage = Usage<ImportCommand>(
        "import", "Imports leads from a file: CSV, or JSON lines.",
        [
            .positional("FILE", \.file, "The file; of any size and encoding."),
            .option("tenant", \.tenant, "T", "The agency's id, or its slug.", required: true),
            .option("dedupe", \.dedupe, "MODE", "What becomes of known people: skip, update or create (skip)."),
            .option("country", \.country, "CODE", "Of telephone numbers in rows without a country."),
            .option("mapping", \.mapping, "JSON", "A header's field, or null to leave its column out."),
        ],
        details: "  bureau import leads.csv --tenant northwind --dedupe update")

    func work(_ app: App, _ call: FolderCall) async throws -> JSON {
        let path = call.path(file ?? "")
        let tenant = try app.tenant(tenant).tenantID
        guard let size = fileStatus(path).map({ Int64($0.st_size) }), isFile(path) else {
            throw CommandFailure("there is no file \(file ?? "")", "Give the path of a CSV file or of JSON lines.")
        }
        let mode = try dedupe.map { text in
            guard let mode = Import.Dedupe(rawValue: text) else {
                throw CommandFailure("--dedupe must be one of \(Import.Dedupe.choices.joined(separator: ", "))")
            }
            return mode
        }
        let code = try country.map { text in
            guard let country = Country(text.uppercased()) ?? Country(named: text) else {
                throw CommandFailure("--country must be an ISO 3166 code such as DE")
            }
            return country.code
        }
        let mapping = try mapping.map { text in
            guard let object = (try? JSONParser.parse(text))?.object else { throw CommandFailure("--mapping must be a JSON object") }
            return object
        }
        return try await app.importFile(
            path, size: size, into: tenant, dedupe: mode ?? .skip, country: code, mapping: mapping ?? [:], call)
    }

    func text(_ result: JSON, _ terminal: Terminal) -> String {
        func count(_ key: String) -> Int64 { result[key]?.int ?? 0 }
        var text = "\(count("created")) created, \(count("updated")) updated, \(count("skipped")) skipped, \(count("failed")) failed"
        for error in result["errors"]?.array ?? [] {
            text += "\n  row \(error["row"]?.int ?? 0), \(error["field"]?.text ?? ""): \(error["detail"]?.text ?? "")"
        }
        if count("failed") > 0 { text += "\nEvery row with a fault: GET /v1/imports/\(result["id"]?.text ?? "")/errors" }
        return text
    }
}

extension App {
    /// Brings a file in and waits for its end.
    func importFile(
        _ path: String, size: Int64, into tenant: TenantID, dedupe: Import.Dedupe, country: String?, mapping: JSONObject,
        _ call: FolderCall
    ) async throws -> JSON {
        // The import owns its file, and removes it in the end: it gets a copy.
        let copy = configuration.uploads + "/" + RandomToken.make(characters: 24)
        try makeFolder(configuration.uploads)
        try await onOwnThread { try copyFile(path, to: copy) }
        let lower = path.lowercased()
        let isLines = [".jsonl", ".ndjson"].contains { lower.hasSuffix($0) }
        return try await call.whileWorking(self) {
            let started = try await database.write(tenant) { tx in
                try tx.startImport(
                    of: copy, size: size, mediaType: isLines ? "application/x-ndjson" : "text/csv",
                    fileName: path.split(separator: "/").last.map(String.init), dedupe: dedupe, country: country,
                    mapping: mapping, clientID: nil, by: .system)
            }
            var current = started
            while current.status == .queued || current.status == .running {
                try await Task.sleep(for: .milliseconds(100))
                current = try database.read(tenant) { try Import.resource.get(started.id, in: $0) }
                let total = current.progress > 0 ? Int(Double(current.processed) / current.progress) : nil
                call.report(Progress(done: current.processed, total: total, unit: "rows"))
            }
            guard current.status == .completed else {
                throw CommandFailure("the import \(current.status.rawValue): \(current.error ?? "no reason is known")")
            }
            let errors = try database.read(tenant) { reader in
                try reader.all(
                    """
                    SELECT data_row, field, code, detail FROM import_errors
                    WHERE tenant_id = \(reader.tenant) AND import_id = \(current.id) ORDER BY data_row, number LIMIT 5
                    """
                ) { row -> JSON in
                    [
                        "row": .integer(row.int64(0)), "field": JSON(row.optionalText(1)), "code": .string(row.text(2)),
                        "detail": .string(row.text(3)),
                    ]
                }
            }
            return Import.schema.json(current).merging(["errors": .array(errors)])
        }
    }
}

/// A copy for its owner alone, on the disk when this returns.
func copyFile(_ source: String, to target: String) throws(FileError) {
    let input = open(source, O_RDONLY | O_CLOEXEC)
    guard input >= 0 else { throw FileError(path: source, reason: systemError()) }
    defer { close(input) }
    let output = open(target, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard output >= 0 else { throw FileError(path: target, reason: systemError()) }
    defer { close(output) }
    var part = [UInt8](repeating: 0, count: 1 << 20)
    while case let count = read(input, &part, part.count), count != 0 {
        guard count > 0 else { throw FileError(path: source, reason: systemError()) }
        var written = 0
        while written < count {
            let more = part.withUnsafeBytes { write(output, $0.baseAddress! + written, count - written) }
            guard more > 0 else { throw FileError(path: target, reason: systemError()) }
            written += more
        }
    }
    guard fsync(output) == 0 else { throw FileError(path: target, reason: systemError()) }
}

struct StatusCommand: FolderCommand {
    static let usage = Usage<StatusCommand>("status", "Shows what the installation does.")

    func work(_ app: App, _ call: FolderCall) async throws -> JSON { try app.status(isServed: !call.isAlone) }

    func text(_ result: JSON, _ terminal: Terminal) -> String {
        func number(_ key: String) -> Int64 { result[key]?.int ?? 0 }
        var lines = [
            "Bureau \(result["version"]?.text ?? ""): \(terminal.bold(result["status"]?.text ?? ""))"
                + (result["address"]?.text.map { " at \($0)" } ?? ""),
            "Folder    \(result["data"]?.text ?? "") (\(byteText(result["database"]?["bytes"]?.int ?? 0)), \(result["database"]?["engine"]?.text ?? ""))",
            "Agencies  \(number("tenants")), with \(counted(number("users"), "user")) and \(counted(number("leads"), "lead"))",
        ]
        let jobs = (result["jobs"]?.object ?? [:]).members.map { "\($0.value.int ?? 0) \($0.key)" }
        lines.append("Jobs      " + (jobs.isEmpty ? "none is waiting" : jobs.joined(separator: ", ")))
        let backups = result["backups"]
        lines.append("Backups   \(backups?["count"]?.int ?? 0)" + (backups?["newest_at"]?.text.map { ", the newest of \($0)" } ?? ""))
        let rows = (result["agents"]?.array ?? []).map { agent in
            [
                agent["name"]?.text ?? "", agent["state"]?.text ?? "", agent["health"]?.text ?? "", String(agent["runs"]?.int ?? 0),
                String(agent["failed"]?.int ?? 0), agent["last_run_at"]?.text ?? "",
            ]
        }
        return lines.joined(separator: "\n") + "\n\n" + table(["agent", "state", "health", "runs", "failed", "last run"], rows, terminal)
    }
}

extension App {
    /// What `bureau status` tells: figures of all agencies together.
    func status(isServed: Bool) throws -> JSON {
        let (tenants, users, leads) = try database.acrossTenantsRead { reader in
            (
                try reader.int("SELECT count(*) FROM tenants") ?? 0, try reader.int("SELECT count(*) FROM users") ?? 0,
                try reader.int("SELECT count(*) FROM leads") ?? 0
            )
        }
        var jobs = JSONObject()
        let waiting = try database.acrossTenantsRead { reader in
            try reader.all("SELECT state, count(*) FROM jobs WHERE state < 4 GROUP BY state ORDER BY state") { ($0.int(0), $0.int64(1)) }
        }
        for (state, count) in waiting { jobs.append(JobState(rawValue: state)?.name ?? "\(state)", .integer(count)) }
        let files = backups.files
        var object: JSONObject = [
            "status": .string(isServed ? "running" : "stopped"), "version": .string(bureauVersion),
            "data": .string(configuration.data), "tenants": .integer(tenants), "users": .integer(users), "leads": .integer(leads),
            "database": [
                "engine": .string(Database.engineVersion), "bytes": .integer(database.size.file),
                "log_bytes": .integer(database.size.log),
            ],
            "jobs": .object(jobs), "agents": .array(try agentFigures()),
            "backups": [
                "enabled": .bool(configuration.isBackupEnabled), "count": JSON(files.count),
                "newest_at": JSON(files.last?.madeAt.description),
            ],
        ]
        if isServed {
            object.append("address", .string(configuration.address))
            object.append("started_at", .string(startedAt.description))
            object.append("process", JSON(Int(getpid())))
        }
        return .object(object)
    }

    private func agentFigures() throws -> [JSON] {
        struct Figures {
            var runs = 0, failed = 0, failedInARow = 0
            var lastRunAt: Instant?
        }
        let figures = try database.acrossTenantsRead { reader in
            try reader.all(
                "SELECT agent, sum(runs), sum(failed), max(failed_in_a_row), max(last_run_at) FROM agent_metrics GROUP BY agent"
            ) { row in
                (row.text(0), Figures(runs: row.int(1), failed: row.int(2), failedInARow: row.int(3), lastRunAt: row.optionalInstant(4)))
            }
        }
        let byAgent = Dictionary(figures) { first, _ in first }
        return runtime.agents.all.map { agent in
            let figures = byAgent[agent.name] ?? Figures()
            var object: JSONObject = ["name": .string(agent.name), "title": .string(agent.title)]
            if case .standby(let reason) = agent.buildState {
                object.append("state", "standby")
                object.append("reason", .string(reason))
            } else {
                object.append("state", "ready")
            }
            // As an agency sees it, for the agency where it does worst.
            let health =
                switch (figures.runs, figures.failedInARow) {
                case (0, _): "idle"
                case (_, 0): "healthy"
                case (_, 1...2): "degraded"
                default: "failing"
                }
            object.append("health", .string(health))
            object.append("runs", JSON(figures.runs))
            object.append("failed", JSON(figures.failed))
            object.append("last_run_at", JSON(figures.lastRunAt?.description))
            return .object(object)
        }
    }
}

struct HealthCommand: FolderCommand {
    static let usage = Usage<HealthCommand>(
        "health", "Checks the installation; exits with 1 when something is wrong.",
        details: "bureau doctor looks at the machine as well, and says what to do.")

    func work(_ app: App, _ call: FolderCall) async throws -> JSON {
        let checks = await app.health(isServed: !call.isAlone)
        return ["status": .string(checks.state.rawValue), "version": .string(bureauVersion), "checks": .array(checks.map(\.json))]
    }

    func text(_ result: JSON, _ terminal: Terminal) -> String { checkLines(result, terminal) }
    func status(_ result: JSON) -> Int32 { result["status"] == "failing" ? 1 : 0 }
}

/// A line for each check, and one for what to do.
func checkLines(_ result: JSON, _ terminal: Terminal) -> String {
    (result["checks"]?.array ?? []).map { check in
        let state = HealthCheck.State(rawValue: check["status"]?.text ?? "") ?? .failing
        let line = "\(terminal.mark(state)) \((check["name"]?.text ?? "").padded(to: 14)) \(check["detail"]?.text ?? "")"
        guard let remedy = check["remedy"]?.text else { return line }
        return line + "\n" + String(repeating: " ", count: 17) + terminal.faint(remedy)
    }.joined(separator: "\n")
}

/// `1 lead`, `2 leads`.
func counted(_ number: some BinaryInteger, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }
