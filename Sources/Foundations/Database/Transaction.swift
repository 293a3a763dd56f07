package import Nouns
package import Telemetry

/// A reader that may also write: inside a transaction, one of any tenant's or the system's.
package protocol WriteScope: QueryScope {
    /// The closure's own bookkeeping; opaque outside this module.
    var pending: PendingWork { get }
}

/// An amount that is stored once for all who add to it.
struct Sum {
    var amount: Int
    let store: (Int) throws -> Void
}

struct CommitHook {
    let needsDisk: Bool
    let work: @Sendable () -> Void
}

/// The work that a write closure leaves to be done around the commit.
package final class PendingWork {
    var afterSavepoints: [() throws -> Void] = []
    var sums: [String: Sum] = [:]
    var onCommit: [CommitHook] = []
    var notifications: Notifications?
    /// The notices that the commit sends to other processes.
    var notices: [String] = []
    /// The changes that a server is to find in its search tables.
    var searchChanges = SearchChanges()
    /// The records that this transaction has found to exist, so that one which many others refer to is looked up once.
    package var knownRecords: [TenantID: Set<String>] = [:]
    /// The agent whose run writes, and that run: whatever the agent does in the closure goes back to it.
    package var acting: (agent: String, run: AgentRunID)?
    /// The object that works on the database, as `Database.own` was told.
    package internal(set) var owner: (any AnyObject & Sendable)?

    init() {}

    /// Lets go of the closures: they hold the transaction, which holds this.
    func forget() {
        afterSavepoints = []
        sums = [:]
        onCommit = []
        knownRecords = [:]
        owner = nil
    }
}

/// Writes for one tenant. Good only inside the closure that it is handed to, and in what that closure
/// defers with `afterSavepoints`.
package struct Transaction: Queryable, WriteScope {
    package let session: Session
    package let pending: PendingWork
    package let tenant: TenantID
    /// The time at which the closure began, by the tenant's clock.
    package let now: Instant
    package private(set) var limit: RowLimit? = nil
}

extension Transaction {
    /// Returns this transaction at another moment of the tenant's, whose clock it moves there.
    package func at(_ now: Instant) -> Transaction {
        Transaction(session: session, pending: pending, tenant: tenant, now: now, limit: limit)
    }
}

/// Writes across tenants: for the platform and the runtime only.
package struct SystemTransaction: WriteScope {
    package let session: Session
    package let pending: PendingWork
    package let now: Instant

    /// Returns this transaction for one tenant.
    package func scoped(to tenant: TenantID) -> Transaction {
        Transaction(session: session, pending: pending, tenant: tenant, now: session.now(tenant))
    }
}

extension WriteScope {
    /// Runs a statement for its effect and gives the number of rows that it inserted, updated or deleted.
    @discardableResult
    package func run(_ sql: SQL) throws(DatabaseError) -> Int {
        try session.change(sql)
    }

    /// Runs a fixed statement for its effect and gives the number of rows that it inserted, updated or deleted.
    @discardableResult
    package func run(_ statement: Statement, _ values: [SQLValue] = []) throws(DatabaseError) -> Int {
        try session.change(statement, values)
    }

    /// Runs an INSERT of one row into a table with an identity column, and gives the number that the row got.
    package func insert(_ statement: Statement, _ values: [SQLValue]) throws -> Int64 {
        switch try session.live() {
        case .sqlite(let connection):
            _ = try connection.change(connection.prepared(statement), values)
            return connection.lastIdentity
        case .postgreSQL(let connection): return try connection.insert(statement, values)
        }
    }

    /// Calls with an empty array for the values of one statement, which in a file is the same storage each time.
    package func withValues<T>(_ body: (inout [SQLValue]) throws -> T) rethrows -> T {
        var values: [SQLValue] = []
        guard case .sqlite(let connection) = session.engine else { return try body(&values) }
        swap(&values, &connection.keptValues)
        defer {
            values.removeAll(keepingCapacity: true)
            swap(&values, &connection.keptValues)
        }
        return try body(&values)
    }

    /// Defers work to the end of the commit's group, after the last savepoint and in the same transaction:
    /// for full-text rows, which are dear inside a savepoint. Dropped when the closure throws. When the
    /// work itself throws, the closures of the group are run again one by one, and only its own fails.
    package func afterSavepoints(_ work: @escaping () throws -> Void) {
        pending.afterSavepoints.append(work)
    }

    /// Adds to an amount that is stored once for all closures of the commit's group, at its end and in the same
    /// transaction: for what many of them change. Until then nobody who reads knows of it. `key` says of what, and of
    /// whose. Dropped when the closure throws; as above when `store` does.
    package func add(_ amount: Int, to key: String, store: @escaping (Int) throws -> Void) {
        let before = pending.sums[key]?.amount ?? 0
        pending.sums[key] = Sum(amount: before + amount, store: store)
    }

    /// Has the log emptied at the next quiet moment: until then it holds what this transaction deletes, which in the
    /// file itself is overwritten at once. A server writes over it by itself.
    package func emptyLogSoon() throws(DatabaseError) {
        if case .sqlite(let connection) = try session.live() { connection.isLogToBeEmptied = true }
    }

    /// Runs on a writing thread when the commit is durable, before the caller is answered. Must be
    /// quick. What only leads to further writes need not be durable before: those come after it on the disk, too.
    package func onCommit(needsDisk: Bool = true, _ work: @escaping @Sendable () -> Void) {
        pending.onCommit.append(CommitHook(needsDisk: needsDisk, work: work))
    }

    /// Runs a part that may fail alone: when it throws, its changes are undone, and the transaction goes
    /// on.
    package func attempt<T>(_ body: () throws -> T) throws -> T {
        let (deferred, hooks) = (pending.afterSavepoints.count, pending.onCommit.count)
        let (notices, searchChanges, sums) = (pending.notices.count, pending.searchChanges, pending.sums)
        try session.setSavepoint()
        do {
            let result = try body()
            try session.releaseSavepoint()
            return result
        } catch {
            pending.afterSavepoints.removeSubrange(deferred...)
            pending.onCommit.removeSubrange(hooks...)
            pending.notices.removeSubrange(notices...)
            pending.searchChanges = searchChanges
            pending.sums = sums
            try session.returnToSavepoint()
            throw error
        }
    }
}

extension Session {
    fileprivate func setSavepoint() throws(DatabaseError) {
        switch try live() {
        case .sqlite(let connection): try connection.control(SQLiteWriter.savepoint)
        case .postgreSQL(let connection): try connection.control(SQLiteWriter.savepoint.text)
        }
    }

    fileprivate func releaseSavepoint() throws(DatabaseError) {
        switch try live() {
        case .sqlite(let connection): try connection.control(SQLiteWriter.release)
        case .postgreSQL(let connection): try connection.control(SQLiteWriter.release.text)
        }
    }

    fileprivate func returnToSavepoint() throws(DatabaseError) {
        switch try live() {
        case .sqlite(let connection):
            connection.notes.forget()
            // A full disk, among others, makes SQLite roll back everything by itself.
            guard !connection.isAutocommit else { return }
            try connection.control(SQLiteWriter.rollbackToSavepoint)
            try connection.control(SQLiteWriter.release)
        case .postgreSQL(let connection):
            connection.notes.forget()
            guard connection.isConnected else { return }
            try connection.control(
                SQLiteWriter.rollbackToSavepoint.text + "; " + SQLiteWriter.release.text)
            connection.forgetFailure()
        }
    }
}
