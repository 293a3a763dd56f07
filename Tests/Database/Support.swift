import Foundation
import Synchronization
import Telemetry
import TestDatabases
import Testing

@testable import Database

let acme = TenantID(rawValue: "ten_acme")
let other = TenantID(rawValue: "ten_other")

/// A folder that goes when its test ends.
final class TemporaryFolder: Sendable {
    let path: String

    init() {
        path = NSTemporaryDirectory() + "bureau-database-" + UUID().uuidString
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// A database file in the folder, whatever engine the tests run on.
    func configuration(_ change: (inout DatabaseConfiguration) -> Void = { _ in }) -> DatabaseConfiguration {
        var configuration = DatabaseConfiguration(folder: path)
        change(&configuration)
        return configuration
    }
}

/// A database without tables, on the engine that the tests run on, open until the test ends.
final class EmptyDatabase: Sendable {
    let folder = TemporaryFolder()
    let configuration: DatabaseConfiguration
    let database: Database

    init(
        from template: String = "empty", prepare: (Database) throws -> Void = { _ in },
        _ change: (inout DatabaseConfiguration) -> Void = { _ in }
    ) throws {
        var configuration = folder.configuration(change)
        configuration.server = try TestDatabases.make(from: template) { url in
            var configuration = TemporaryFolder().configuration()
            configuration.server = url
            let database = try Database.open(configuration)
            try prepare(database)
            database.close()
        }
        self.configuration = configuration
        database = try Database.open(configuration)
    }

    deinit {
        database.close()
        TestDatabases.drop(configuration.server)
    }
}

/// A database of one table, open until the test ends.
final class Fixture: Sendable {
    private let empty: EmptyDatabase
    var folder: TemporaryFolder { empty.folder }
    var configuration: DatabaseConfiguration { empty.configuration }
    var database: Database { empty.database }

    init(_ change: (inout DatabaseConfiguration) -> Void = { _ in }) throws {
        empty = try EmptyDatabase(from: "leads", prepare: { try $0.migrate([.leads]) }, change)
        try database.migrate([.leads])
    }

    func add(_ email: String, _ score: Int? = nil) throws {
        try database.writeAndWait(acme) { tx in try tx.addLead(email, score) }
    }

    var emails: [String] {
        get throws { try database.read(acme) { reader in try reader.emails() } }
    }
}

extension Trait where Self == ConditionTrait {
    /// Tests about a file: its log, its statistics, its folder.
    static var ofFiles: Self { .enabled(if: !TestDatabases.isOnServer, "about a database's file") }
    static var ofServers: Self { .enabled(if: TestDatabases.isOnServer, "about a database's server") }
}

extension Migration {
    static let leads = Migration(number: 1, name: "leads") { dialect in
        [
            """
            CREATE TABLE companies (
                tenant_id \(dialect.text) NOT NULL, id \(dialect.text) NOT NULL,
                owner \(dialect.text), PRIMARY KEY (tenant_id, id),
                FOREIGN KEY (tenant_id, owner) REFERENCES companies (tenant_id, id)
                    DEFERRABLE INITIALLY DEFERRED
            ) \(dialect.keyedTableOptions)
            """,
            """
            CREATE TABLE leads (
                \(dialect.identity()), tenant_id \(dialect.text) NOT NULL, id \(dialect.text) NOT NULL,
                email \(dialect.text) NOT NULL,
                score \(dialect.integer) CONSTRAINT score_range CHECK (score <= 100),
                company \(dialect.text), custom \(dialect.text), tags \(dialect.text),
                \(dialect.key("tenant_id, id")),
                FOREIGN KEY (tenant_id, company) REFERENCES companies (tenant_id, id)
            ) \(dialect.tableOptions)
            """,
            "CREATE UNIQUE INDEX leads_email ON leads (tenant_id, email)",
            "CREATE UNIQUE INDEX leads_custom_id ON leads (tenant_id, lower(custom))",
        ] + dialect.searchTable("leads_search")
    }
}

extension Transaction {
    @discardableResult
    func addLead(_ email: String, _ score: Int? = nil) throws -> Int64 {
        try first(
            """
            INSERT INTO leads (tenant_id, id, email, score)
            VALUES (\(tenant), \("id-" + email), \(email), \(score))
            RETURNING row
            """
        ) { row in row.int64(0) }!
    }
}

extension Queryable {
    func emails() throws -> [String] {
        try all("SELECT email FROM leads WHERE tenant_id = \(tenant) ORDER BY row") { row in row.text(0) }
    }
}

struct Refusal: Error {}

/// A flag that one thread raises and another waits for; who waits in vain fails, and goes on.
final class Signal: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)
    func raise() { semaphore.signal() }

    @discardableResult
    func wait(at place: SourceLocation = #_sourceLocation) -> Bool {
        let isRaised = semaphore.wait(timeout: .now() + 120) == .success
        if !isRaised { Issue.record("nobody raised what is waited for", sourceLocation: place) }
        return isRaised
    }
}

/// A value that several threads change.
final class Shared<T: Sendable>: Sendable {
    private let value: Mutex<T>
    init(_ value: T) { self.value = Mutex(value) }
    var current: T { value.withLock { $0 } }
    func update(_ change: @Sendable (inout T) -> Void) { value.withLock { change(&$0) } }
}

func error<T>(_ body: () throws -> T) -> DatabaseError? {
    do {
        _ = try body()
        return nil
    } catch { return error as? DatabaseError }
}

/// Keeps the writer in a closure of its own until `release` is raised, so that what is submitted
/// meanwhile goes into one group.
func holdWriter(_ database: Database) -> Signal {
    let (held, release) = (Signal(), Signal())
    database.submit(acme) { _ in
        held.raise()
        release.wait()
    } completion: { _ in
    }
    held.wait()
    return release
}
