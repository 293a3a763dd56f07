internal import Database
internal import Glibc
internal import JSON
internal import Jobs
internal import Records
internal import Telemetry
internal import Templates
internal import Tenancy
internal import Wording

/// The processes of the installation. One whose database is a file is alone, and asks itself; those that share a server
/// write down how they are, twice a minute, for whichever of them is asked.
struct Nodes: Sendable {
    private static let interval = Duration.seconds(30)
    /// The longest silence of a process that lives.
    private static let patience = Duration.seconds(120)
    /// The time for which a silent process is shown.
    private static let shown = Duration.seconds(900)

    private let parts: SystemParts
    private let runtime: Runtime

    init(_ parts: SystemParts, _ runtime: Runtime) { (self.parts, self.runtime) = (parts, runtime) }

    private var database: Database { parts.database }
    private var id: String { runtime.configuration.boot }

    /// Tells the others how this process is, until the task is cancelled; it then leaves.
    func run() async {
        guard database.isOnServer else { return }
        while !Task.isCancelled {
            let (id, report) = (id, await report().serialized)
            do {
                try await database.write(.platform, .batch) {
                    try $0.nodes.tell(id, report, shown: Self.shown)
                }
            } catch {
                // The next time tells; meanwhile the others see that this one is silent.
            }
            await pause(Self.interval)
        }
        let id = id
        _ = try? await database.write(.platform, .batch) { try $0.nodes.leave(id) }
    }

    /// Returns how every process is, this one first, in the reader's words.
    func all(in words: Wording) async throws -> [JSON] {
        let own = await report()
        guard database.isOnServer else { return [told(own, in: words)] }
        let id = id
        let others = try database.read(.platform) { reader in
            try reader.nodes.others(than: id, since: reader.now - Self.shown).map { other in
                other.isSilent(at: reader.now, after: Self.patience) ? other.silent : other.report
            }
        }
        return ([own] + others).map { told($0, in: words) }
    }

    private func told(_ report: JSON, in words: Wording) -> JSON {
        var object = report.object ?? [:]
        object["checks"] = .array(
            (object["checks"]?.array ?? []).map { HealthCheck.told($0, in: words) })
        return .object(object)
    }

    /// Returns how this process is.
    private func report() async -> JSON {
        let configuration = parts.configuration, now = Instant.wallClock()
        let checks =
            [await checkDatabase(database), checkWorkers(parts), checkDisk(configuration.data)]
            + MachineChecks(configuration).whileServed
        let size = database.size, space = diskSpace(configuration.data)
        return [
            "id": .string(id), "host": .string(hostName()), "process": JSON(Int(getpid())),
            "role": .string(configuration.role.rawValue), "version": .string(bureauVersion),
            "address": .string(configuration.address),
            "status": .string(checks.state.rawValue),
            "started_at": .string(parts.startedAt.description),
            "seen_at": .string(now.description),
            "uptime": .string(max(now - parts.startedAt, .zero).iso8601),
            "database": [
                "engine": .string(database.engineVersion), "bytes": .integer(size.file),
                "log_bytes": .integer(size.log), "waiting_writes": JSON(database.waitingWrites),
            ],
            "disk": space.map {
                ["free_bytes": .integer($0.free), "total_bytes": .integer($0.total)] as JSON
            } ?? .null,
            "checks": .array(checks.map(\.stored)),
        ]
    }
}

/// A process as it has told the others of itself.
struct ToldNode: Sendable {
    let report: JSON
    let seenAt: Instant

    func isSilent(at now: Instant, after patience: Duration) -> Bool { now - seenAt > patience }

    /// As it was when it last told, and that it has not since.
    var silent: JSON {
        let check = HealthCheck.warning(
            "node", Saying("check.node_silent", ["since": .time(seenAt)]), Saying("check.node_silent_do")
        )
        var object = report.object ?? [:]
        object["status"] = .string(HealthCheck.State.warning.rawValue)
        object["checks"] = [check.stored]
        return .object(object)
    }
}

/// The store of what processes have told of themselves: `tx.nodes`.
struct NodeStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    var nodes: NodeStore<Self> { NodeStore(tx: self) }
}

extension NodeStore {
    func others(than id: String, since instant: Instant) throws -> [ToldNode] {
        try tx.all(
            """
            SELECT report, seen_at FROM nodes
            WHERE tenant_id = \(tx.tenant) AND id <> \(id) AND seen_at > \(instant) ORDER BY id
            """
        ) { ToldNode(report: JSON(stored: $0.text(0)), seenAt: $0.instant(1)) }
    }
}

extension NodeStore where Base == Transaction {
    /// Stores how a process is, and forgets those that have been silent for `shown`.
    func tell(_ id: String, _ report: String, shown: Duration) throws {
        try tx.run(
            """
            INSERT INTO nodes (tenant_id, id, report, seen_at) VALUES (\(tx.tenant), \(id), \(report), \(tx.now))
            ON CONFLICT (tenant_id, id) DO UPDATE SET report = excluded.report, seen_at = excluded.seen_at
            """)
        try tx.run("DELETE FROM nodes WHERE tenant_id = \(tx.tenant) AND seen_at < \(tx.now - shown)")
    }

    func leave(_ id: String) throws {
        try tx.run("DELETE FROM nodes WHERE tenant_id = \(tx.tenant) AND id = \(id)")
    }
}

/// The machine's name, as other machines may know it.
private func hostName() -> String {
    var bytes = [CChar](repeating: 0, count: 256)
    guard gethostname(&bytes, bytes.count - 1) == 0 else { return "localhost" }
    return String(decoding: bytes.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
}
