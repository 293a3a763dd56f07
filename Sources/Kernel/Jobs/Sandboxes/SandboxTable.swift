package import Database
internal import JSON
package import Records

/// The rule for a tenant's table when a sandbox is made as a copy of the tenant. Every table is in one of the modules'
/// lists; a test fails when a new one is in none.
package struct SandboxTable: Sendable {
    /// A step over the copied rows of a chunk, by their ids.
    package typealias Step = @Sendable (Transaction, _ ids: [String]) throws -> Void

    package let name: String
    /// The reason why its rows are left behind; `nil`: they are copied.
    package let reason: String?
    /// Columns that hold something else in a copy.
    package private(set) var changed: [String: SQLValue] = [:]
    /// The steps after rows were copied, and before rows are removed.
    package private(set) var copied: Step?, removing: Step?

    /// Its rows are copied as they are, but for the columns of `changing`.
    package static func copied(
        _ name: String, changing changed: [String: SQLValue] = [:], then copied: Step? = nil
    ) -> SandboxTable {
        var table = SandboxTable(name: name, reason: nil)
        (table.changed, table.copied) = (changed, copied)
        return table
    }

    /// A resource's rows are copied as they are, but for the columns of `changing`, and its full text goes along.
    package static func copied<R: Record>(
        _ resource: Resource<R>, changing changed: [String: SQLValue] = [:]
    ) -> SandboxTable {
        var table = SandboxTable(name: resource.table, reason: nil)
        table.changed = changed
        if resource.searchTable != nil {
            table.copied = { tx, ids in try resource.indexText(of: ids, in: tx) }
            table.removing = { tx, ids in try resource.unindexText(of: ids, in: tx) }
        }
        return table
    }

    /// A sandbox begins without rows of it.
    package static func left(_ name: String, because reason: String) -> SandboxTable {
        SandboxTable(name: name, reason: reason)
    }

    private init(name: String, reason: String?) { (self.name, self.reason) = (name, reason) }
}

package let jobSandboxTables: [SandboxTable] = [
    .left("runtime_tenants", because: "it holds the sandbox's own clock"),
    .left("jobs", because: "work in flight is the live tenant's"),
    .left("tenant_queues", because: "a sandbox's jobs are in no pool"),
    .copied("counters"),
    .left("events", because: "they tell what happened outside"),
    .left("audit", because: "its chain is of one tenant; the sandbox begins its own"),
    .left("audit_heads", because: "it tells where that chain ends"),
    .left("job_rates", because: "they tell of jobs, which are left behind"),
    .left("job_batches", because: "they tell of jobs, which are left behind"),
]
