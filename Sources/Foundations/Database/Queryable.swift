package import Telemetry

/// Anything that statements are read through: readers and transactions, of one tenant or across all.
package protocol QueryScope {
    /// The engine's side; opaque outside this module.
    var session: Session { get }
    /// The moment this reader or transaction works at: of the tenant's clock, or the installation's.
    var now: Instant { get }
}

/// A reader or transaction of one tenant: what a store's read functions are written against.
package protocol Queryable: QueryScope {
    var tenant: TenantID { get }
    /// The clients that the caller is limited to; `nil` where the caller may see all of them.
    var limit: RowLimit? { get }
}

/// The engine's state behind a reader or transaction.
package struct Session {
    enum Engine {
        case sqlite(SQLiteConnection)
        case postgreSQL(PostgreSQLConnection)
    }

    let engine: Engine
    private let scope: Int

    init(_ connection: SQLiteConnection) { (engine, scope) = (.sqlite(connection), connection.scope) }
    init(_ connection: PostgreSQLConnection) { (engine, scope) = (.postgreSQL(connection), connection.scope) }

    /// The engine, unless the closure that this belongs to is over.
    func live() throws(DatabaseError) -> Engine {
        let current =
            switch engine {
            case .sqlite(let connection): connection.scope
            case .postgreSQL(let connection): connection.scope
            }
        guard current == scope else {
            throw .invalid("a reader or transaction was used after its closure had ended")
        }
        return engine
    }

    func now(_ tenant: TenantID?) -> Instant {
        switch engine {
        case .sqlite(let connection): connection.now(tenant)
        case .postgreSQL(let connection): connection.now(tenant)
        }
    }

    /// A fresh reading, for a transaction that begins.
    func currentTime(_ tenant: TenantID?) -> Instant {
        switch engine {
        case .sqlite(let connection): connection.currentTime(tenant)
        case .postgreSQL(let connection): connection.currentTime(tenant)
        }
    }

    /// The number of interpolated statements that are kept. For tests.
    var keptTexts: Int {
        switch engine {
        case .sqlite(let connection): connection.keptTexts
        case .postgreSQL(let connection): connection.keptTexts
        }
    }

    /// Hands each row to `row` until it returns false.
    func rows(_ sql: SQL, _ row: (Row) throws -> Bool) throws {
        switch try live() {
        case .sqlite(let connection): try connection.run(connection.prepared(sql.text), sql.values, row)
        case .postgreSQL(let connection): try connection.rows(sql.text, sql.values, row)
        }
    }

    func rows(_ statement: Statement, _ values: [SQLValue], _ row: (Row) throws -> Bool) throws {
        switch try live() {
        case .sqlite(let connection): try connection.run(connection.prepared(statement), values, row)
        case .postgreSQL(let connection): try connection.rows(statement, values, row)
        }
    }

    /// Runs a statement for its effect; the number of rows inserted, updated or deleted.
    func change(_ sql: SQL) throws(DatabaseError) -> Int {
        switch try live() {
        case .sqlite(let connection): try connection.change(connection.prepared(sql.text), sql.values)
        case .postgreSQL(let connection): try connection.change(sql.text, sql.values)
        }
    }

    func change(_ statement: Statement, _ values: [SQLValue]) throws(DatabaseError) -> Int {
        switch try live() {
        case .sqlite(let connection): try connection.change(connection.prepared(statement), values)
        case .postgreSQL(let connection): try connection.change(statement, values)
        }
    }
}

extension QueryScope {
    package var dialect: Dialect {
        switch session.engine {
        case .sqlite: .sqlite
        case .postgreSQL: .postgreSQL
        }
    }

    /// Every row, mapped.
    package func all<T>(_ sql: SQL, _ map: (Row) throws -> T) throws -> [T] {
        var result: [T] = []
        try each(sql) { row in result.append(try map(row)) }
        return result
    }

    /// The first row, mapped; `nil` without one. A statement that writes runs to its end all the same.
    package func first<T>(_ sql: SQL, _ map: (Row) throws -> T) throws -> T? {
        var result: T?
        try session.rows(sql) { row in
            result = try map(row)
            return false
        }
        return result
    }

    /// Hands over each row; an error thrown by the callback ends the statement.
    package func each(_ sql: SQL, _ body: (Row) throws -> Void) throws {
        try session.rows(sql) { row in
            try body(row)
            return true
        }
    }

    /// The first column of the first row; `nil` without a row, or when it is null.
    package func int(_ sql: SQL) throws -> Int64? {
        try first(sql) { row in row.optionalInt64(0) } ?? nil
    }

    /// Returns whether there is a row.
    package func exists(_ sql: SQL) throws -> Bool {
        try first(sql) { _ in true } ?? false
    }

    /// Every row of a fixed statement, mapped.
    package func all<T>(
        _ statement: Statement, _ values: [SQLValue] = [], _ map: (Row) throws -> T
    ) throws -> [T] {
        var result: [T] = []
        try each(statement, values) { row in result.append(try map(row)) }
        return result
    }

    /// The first row of a fixed statement, mapped; `nil` without one.
    package func first<T>(
        _ statement: Statement, _ values: [SQLValue] = [], _ map: (Row) throws -> T
    ) throws -> T? {
        var result: T?
        try session.rows(statement, values) { row in
            result = try map(row)
            return false
        }
        return result
    }

    /// Hands over each row of a fixed statement.
    package func each(
        _ statement: Statement, _ values: [SQLValue] = [], _ body: (Row) throws -> Void
    ) throws {
        try session.rows(statement, values) { row in
            try body(row)
            return true
        }
    }

    /// The first column of the first row of a fixed statement.
    package func int(_ statement: Statement, _ values: [SQLValue] = []) throws -> Int64? {
        try first(statement, values) { row in row.optionalInt64(0) } ?? nil
    }

    /// Returns whether a fixed statement gives a row.
    package func exists(_ statement: Statement, _ values: [SQLValue] = []) throws -> Bool {
        try first(statement, values) { _ in true } ?? false
    }
}

/// Reads for one tenant. Good only inside the closure that it is handed to.
package struct Reader: Queryable {
    package let session: Session
    package let tenant: TenantID
    package private(set) var limit: RowLimit? = nil
    private(set) var moment: Instant? = nil

    /// The time, which is the same throughout one read.
    package var now: Instant { moment ?? session.now(tenant) }
}

extension Queryable {
    /// A reader in the same transaction, at the same time and for the same caller. It has the stores, which what is
    /// only known as some `Queryable` has not.
    package var reading: Reader {
        Reader(session: session, tenant: tenant, limit: limit, moment: now)
    }
}

/// Reads across tenants: for the platform and the runtime only.
package struct SystemReader: QueryScope {
    package let session: Session

    package var now: Instant { session.now(nil) }

    /// Returns this read for one tenant.
    package func scoped(to tenant: TenantID) -> Reader { Reader(session: session, tenant: tenant) }
}
