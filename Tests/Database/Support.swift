import Foundation
import Synchronization
import Telemetry

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

    func configuration(_ change: (inout DatabaseConfiguration) -> Void = { _ in }) -> DatabaseConfiguration {
        var configuration = DatabaseConfiguration(folder: path)
        change(&configuration)
        return configuration
    }
}

/// A database of one table, open until the test ends.
final class Fixture: Sendable {
    let folder = TemporaryFolder()
    let database: Database

    init(_ change: (inout DatabaseConfiguration) -> Void = { _ in }) throws {
        database = try Database.open(folder.configuration(change))
        try database.migrate([.leads])
    }

    deinit { database.close() }

    func add(_ email: String, _ score: Int? = nil) throws {
        try database.writeAndWait(acme) { tx in try tx.addLead(email, score) }
    }

    var emails: [String] {
        get throws { try database.read(acme) { reader in try reader.emails() } }
    }
}

extension Migration {
    static let leads = Migration(number: 1, name: "leads") { dialect in
        [
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
            """
            CREATE TABLE companies (
                tenant_id \(dialect.text) NOT NULL, id \(dialect.text) NOT NULL,
                owner \(dialect.text), PRIMARY KEY (tenant_id, id),
                FOREIGN KEY (tenant_id, owner) REFERENCES companies (tenant_id, id)
                    DEFERRABLE INITIALLY DEFERRED
            ) \(dialect.keyedTableOptions)
            """,
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

/// A flag that one thread raises and another waits for.
final class Signal: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)
    func raise() { semaphore.signal() }
    func wait() { semaphore.wait() }
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
