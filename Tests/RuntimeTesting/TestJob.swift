internal import Database
internal import Glibc
internal import Telemetry

@testable internal import Agents
@testable internal import Jobs
@testable internal import Workflows

func removeFolder(_ path: String) {
    if let directory = opendir(path) {
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { unlink("\(path)/\(name)") }
        }
        closedir(directory)
    }
    rmdir(path)
}

/// The deeds of the tests' handlers: a row for each time.
let testMigration = Migration(number: 900, name: "effects") { dialect in
    ["CREATE TABLE effects (tenant_id TEXT NOT NULL, name TEXT NOT NULL) \(dialect.tableOptions)"]
}

/// The needs of the runtime's tests from a database.
let testMigrations = jobMigrations + agentMigrations + workflowMigrations + [testMigration]

extension Transaction {
    func effect(_ name: String) throws {
        try run("INSERT INTO effects (tenant_id, name) VALUES (\(tenant), \(name))")
    }
}

extension Queryable {
    func effects() throws -> [String] {
        try all("SELECT name FROM effects WHERE tenant_id = \(tenant) ORDER BY name") { $0.text(0) }
    }
}

/// A kind whose work is a closure of the test.
struct TestJob: JobKind {
    struct Payload: Codable, Sendable { var name: String }
    static let kind = "test"
    static let attemptsMax = 3
    static let retry = RetryPolicy(base: .seconds(10), cap: .seconds(3600))
    let time: Duration
    let ends = Signal<String>()
    let work: @Sendable (Payload, JobContext) async throws -> Void

    init(
        time: Duration = .seconds(60),
        _ work: @escaping @Sendable (Payload, JobContext) async throws -> Void = { _, _ in }
    ) {
        (self.time, self.work) = (time, work)
    }

    func timeout(_ payload: Payload) -> Duration { time }
    func run(_ payload: Payload, _ job: JobContext) async throws { try await work(payload, job) }
    func ended(_ payload: Payload, _ end: AttemptEnd, in tx: Transaction) throws {
        let (ends, text) = (ends, "\(payload.name) \(end.word)")
        tx.onCommit { ends.send(text) }
    }
}

extension AttemptEnd {
    var word: String {
        switch self {
        case .retried(let failure): "retried \(failure?.code ?? "-")"
        case .snoozed(let reason): "snoozed \(reason)"
        case .dead(let failure): "dead \(failure.code)"
        case .cancelled: "cancelled"
        case .revived: "revived"
        }
    }
}
