import Dispatch
import Glibc
import Synchronization

@testable import Database

/// The engine that the tests of this process run on. BUREAU_TEST_DATABASE_URL names a PostgreSQL server, as an
/// administrator, for those that run on one; without it they run on files.
package enum TestDatabases {
    private static let administrator: String? = environment("BUREAU_TEST_DATABASE_URL")
    private static let templates = Mutex<[String: String]>([:])
    private static let count = Mutex(0)

    package static var isOnServer: Bool { administrator != nil }
    /// Every write closure is run twice.
    package static var repeatsClosures: Bool { environment("BUREAU_TEST_REPEAT") == "1" }

    /// A database of its own for a test, as the server's role: a copy of the named template, which `prepare` fills
    /// when it is first asked for. `nil` when the tests run on files.
    package static func make(
        from template: String = "empty", prepare: (_ url: String) throws -> Void = { _ in }
    ) throws -> String? {
        guard administrator != nil else { return nil }
        let source = try templates.withLock { templates in
            if let known = templates[template] { return known }
            let made = try create(copyOf: "template0")
            try prepare(url(of: made))
            templates[template] = made
            return made
        }
        return url(of: try create(copyOf: source))
    }

    /// Removes a database in a while, whoever still uses it: the server has every connection of every database
    /// agree to it, for which no test should wait. What is left when the process ends is removed by the next one.
    package static func drop(_ url: String?) {
        guard let url, let name = name(in: url) else { return }
        removal.async { remove(name) }
    }

    private static let removal: DispatchQueue = {
        let queue = DispatchQueue(label: "removal of databases")
        queue.async(execute: removeLeftovers)
        return queue
    }()

    private static func remove(_ name: String) {
        try? administer("DROP DATABASE IF EXISTS \(name) WITH (FORCE)")
    }

    /// Of processes that have ended.
    private static func removeLeftovers() {
        guard let administrator else { return }
        var configuration = DatabaseConfiguration(folder: "")
        configuration.server = administrator
        var names: [String] = []
        try? PostgreSQLConnection(configuration, PostgreSQLCatalog()).rows(
            "SELECT datname::text FROM pg_database WHERE datname LIKE 'test\\_%'", []
        ) { row in
            names.append(row.text(0))
            return true
        }
        for name in names {
            guard let number = name.split(separator: "_").dropFirst().first.flatMap({ pid_t($0) }) else {
                continue
            }
            if kill(number, 0) != 0, errno == ESRCH { remove(name) }
        }
    }

    private static func create(copyOf template: String) throws -> String {
        let number = count.withLock {
            $0 += 1
            return $0
        }
        let name = "test_\(processNumber)_\(number)"
        try administer("CREATE DATABASE \(name) OWNER bureau_owner TEMPLATE \(template) STRATEGY file_copy")
        return name
    }

    /// Runs a statement as an administrator, in the server's own database or in that of a test.
    package static func administer(_ statement: String, in url: String? = nil) throws {
        var configuration = DatabaseConfiguration(folder: "")
        configuration.server = administrator
        if let name = url.flatMap(name(in:)) {
            configuration.server = administrator?.replacing("/postgres?", with: "/\(name)?")
        }
        try PostgreSQLConnection(configuration, PostgreSQLCatalog()).command(statement)
    }

    /// Returns the number of rows of a table in a test's database, of all tenants.
    package static func rowCount(of table: String, in url: String) throws -> Int {
        var configuration = DatabaseConfiguration(folder: "")
        configuration.server = administrator?.replacing("/postgres?", with: "/\(name(in: url) ?? "")?")
        var count = 0
        try PostgreSQLConnection(configuration, PostgreSQLCatalog()).rows(
            "SELECT count(*) FROM \(table)", []
        ) { row in
            count = row.int(0)
            return true
        }
        return count
    }

    /// The database's address for the role that the server signs in as.
    private static func url(of name: String) -> String {
        "postgresql:///\(name)?user=bureau&"
            + ((administrator ?? "").split(separator: "?").last.map(String.init) ?? "")
    }

    private static func name(in url: String) -> String? {
        url.split(separator: "?").first?.split(separator: "/").last.map(String.init)
    }
}
