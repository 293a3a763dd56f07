package import Telemetry

/// A reader that may also write: inside a transaction, one of any tenant's or the system's.
package protocol WriteScope: QueryScope {
    /// The closure's own bookkeeping; opaque outside this module.
    var pending: PendingWork { get }
}

/// What a write closure leaves to be done around the commit.
package final class PendingWork {
    var afterSavepoints: [() throws -> Void] = []
    var onCommit: [@Sendable () -> Void] = []
    var notifications: Notifications?

    init() {}

    /// Lets go of the closures: they hold the transaction, which holds this.
    func forget() {
        afterSavepoints = []
        onCommit = []
    }
}

/// Writes for one tenant. Good only inside the closure that it is handed to, and in what that closure
/// defers with `afterSavepoints`.
package struct Transaction: Queryable, WriteScope {
    package let session: Session
    package let pending: PendingWork
    package let tenant: TenantID
    /// When the closure began, by the tenant's clock.
    package let now: Instant
}

extension Transaction {
    /// The same transaction at another moment of the tenant's, whose clock it moves there.
    package func at(_ now: Instant) -> Transaction {
        Transaction(session: session, pending: pending, tenant: tenant, now: now)
    }
}

/// Writes across tenants: for the platform and the runtime only.
package struct SystemTransaction: WriteScope {
    package let session: Session
    package let pending: PendingWork
    package let now: Instant

    /// The same transaction, for one tenant.
    package func scoped(to tenant: TenantID) -> Transaction {
        Transaction(session: session, pending: pending, tenant: tenant, now: session.now(tenant))
    }
}

extension WriteScope {
    /// Runs a statement for its effect and gives the number of rows that it inserted, updated or deleted.
    @discardableResult
    package func run(_ sql: SQL) throws(DatabaseError) -> Int {
        let connection = try session.connection()
        return try connection.change(connection.prepared(sql.text), sql.values)
    }

    /// The same with a fixed statement.
    @discardableResult
    package func run(_ statement: Statement, _ values: [SQLValue] = []) throws(DatabaseError) -> Int {
        let connection = try session.connection()
        return try connection.change(connection.prepared(statement), values)
    }

    /// Runs an INSERT of one row into a table with an identity column, and gives the number that the row got.
    package func insert(_ statement: Statement, _ values: [SQLValue]) throws(DatabaseError) -> Int64 {
        let connection = try session.connection()
        _ = try connection.change(connection.prepared(statement), values)
        return connection.lastIdentity
    }

    /// Defers work to the end of the commit's group, after the last savepoint and in the same transaction:
    /// for full-text rows, which are dear inside a savepoint. Dropped when the closure throws. When the
    /// work itself throws, the closures of the group are run again one by one, and only its own fails.
    package func afterSavepoints(_ work: @escaping () throws -> Void) {
        pending.afterSavepoints.append(work)
    }

    /// Runs on the writer's thread when the commit is durable, before the caller is answered. Must be
    /// quick.
    package func onCommit(_ work: @escaping @Sendable () -> Void) { pending.onCommit.append(work) }

    /// Runs a part that may fail alone: when it throws, its changes are undone, and the transaction goes
    /// on.
    package func attempt<T>(_ body: () throws -> T) throws -> T {
        let connection = try session.connection()
        let (deferred, hooks) = (pending.afterSavepoints.count, pending.onCommit.count)
        try connection.control(SQLiteWriter.savepoint)
        do {
            let result = try body()
            try connection.control(SQLiteWriter.release)
            return result
        } catch {
            pending.afterSavepoints.removeSubrange(deferred...)
            pending.onCommit.removeSubrange(hooks...)
            if !connection.isAutocommit {
                try connection.control(SQLiteWriter.rollbackToSavepoint)
                try connection.control(SQLiteWriter.release)
            }
            throw error
        }
    }
}
