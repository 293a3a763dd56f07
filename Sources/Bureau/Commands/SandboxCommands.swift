internal import Agents
internal import Database
internal import HTTPServer
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Telemetry
internal import Tenancy

struct SandboxListCommand: FolderCommand {
    var tenant: String?

    static let usage = Usage<SandboxListCommand>(
        "sandbox list", "Lists an agency's sandboxes and what their clocks show.",
        [.option("tenant", \.tenant, "T", "The agency's id, or its slug.", required: true)])

    func work(_ app: App, _ call: FolderCall) async throws -> JSON {
        let tenant = try app.tenant(tenant).tenantID
        return .array(try app.database.read(tenant) { try $0.sandboxes.all() }.map { $0.json(app.runtime) })
    }

    func text(_ result: JSON, _ terminal: Terminal) -> String {
        let rows = (result.array ?? []).map { sandbox in
            ["id", "name", "from", "now"].map { sandbox[$0]?.text ?? "" }
        }
        return table(["id", "name", "from", "now"], rows, terminal)
    }
}

struct SandboxCreateCommand: FolderCommand {
    var tenant: String?
    var name: String?
    var origin: String?
    var start: String?
    var seed: String?

    static let usage = Usage<SandboxCreateCommand>(
        "sandbox create", "Makes a sandbox of an agency, and prints its token.",
        [
            .option("tenant", \.tenant, "T", "The agency's id, or its slug.", required: true),
            .option("name", \.name, "NAME", "The sandbox's name.", required: true),
            .option("from", \.origin, "FROM", "live, a copy of the agency, or empty (live)."),
            .option("start-at", \.start, "INSTANT", "The time that the sandbox's clock shows first (now)."),
            .option("seed", \.seed, "NUMBER", "Of its ids and chances."),
        ])

    func work(_ app: App, _ call: FolderCall) async throws -> JSON {
        let tenant = try app.tenant(tenant).tenantID
        var body: JSONObject = ["from": .string(origin ?? "live"), "name": .string(name ?? "")]
        if let start { body.append("start_at", .string(start)) }
        if let seed {
            body.append("seed", seed.isEmpty ? .null : Int64(seed).map(JSON.integer) ?? .string(seed))
        }
        let wanted = try SandboxCreate.read(body)
        return try await call.whileWorking(app) {
            let made = try await SandboxMaking(app.services, app.runtime, agency: tenant, by: .system)
                .make(wanted) { try await app.database.write(tenant, .request, $0) }
            guard case .bytes(let bytes) = made.body else { return .null }
            return try JSONParser.parse(bytes)
        }
    }

    func text(_ result: JSON, _ terminal: Terminal) -> String {
        "\(result["id"]?.text ?? "")\n\(result["token"]?.text ?? "")\n"
            + terminal.faint("The token opens all of it. It is shown this once.")
    }
}

struct SandboxAdvanceCommand: FolderCommand {
    var sandbox: String?
    var tenant: String?
    var by: String?
    var to: String?

    static let usage = Usage<SandboxAdvanceCommand>(
        "sandbox advance", "Lets time pass in a sandbox: runs what becomes due meanwhile.",
        [
            .positional("ID", \.sandbox, "The sandbox, by its id."),
            .option("tenant", \.tenant, "T", "The agency's id, or its slug.", required: true),
            .option("by", \.by, "DURATION", "How much: PT45M, P30D."),
            .option("to", \.to, "INSTANT", "Until when, instead."),
        ])

    func work(_ app: App, _ call: FolderCall) async throws -> JSON {
        var body = JSONObject()
        if let by { body.append("by", .string(by)) }
        if let to { body.append("to", .string(to)) }
        let wanted = try SandboxAdvance.read(body)
        let sandbox = try app.sandbox(sandbox, of: tenant)
        return try await call.whileWorking(app) {
            let (now, ran) = try await app.runtime.sandboxes.advance(sandbox.tenant, app.runtime) {
                try wanted.target($0)
            }
            return [
                "now": .string(now.description), "ran": ["jobs": JSON(ran.jobs), "agents": JSON(ran.agents)],
            ]
        }
    }

    func text(_ result: JSON, _ terminal: Terminal) -> String {
        let ran = result["ran"]
        return "\(result["now"]?.text ?? ""): \(ran?["jobs"]?.int ?? 0) jobs ran, "
            + "\(ran?["agents"]?.int ?? 0) of them agents'"
    }
}

struct SandboxDeleteCommand: FolderCommand {
    var sandbox: String?
    var tenant: String?

    static let usage = Usage<SandboxDeleteCommand>(
        "sandbox delete", "Removes a sandbox and all that is in it.",
        [
            .positional("ID", \.sandbox, "The sandbox, by its id."),
            .option("tenant", \.tenant, "T", "The agency's id, or its slug.", required: true),
        ])

    func work(_ app: App, _ call: FolderCall) async throws -> JSON {
        let sandbox = try app.sandbox(sandbox, of: tenant)
        return try await call.whileWorking(app) {
            try await app.database.write(sandbox.agency) { try $0.sandboxes.delete(sandbox, by: .system) }
            return ["id": JSON(sandbox.id)]
        }
    }

    func text(_ result: JSON, _ terminal: Terminal) -> String { "\(result["id"]?.text ?? "") is removed" }
}

extension App {
    fileprivate func sandbox(_ text: String?, of tenant: String?) throws -> Sandbox {
        let agency = try self.tenant(tenant).tenantID
        let found = try database.read(agency) { try $0.sandboxes.all() }.first { "\($0.id)" == text }
        guard let found else {
            throw CommandFailure(
                "the agency has no sandbox \(text ?? "")",
                "Run bureau sandbox list --tenant T to see all sandboxes.")
        }
        return found
    }
}
