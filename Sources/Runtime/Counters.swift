package import Database

extension Transaction {
    /// Adds to a counter that a dashboard reads, in the transaction that changes what is counted.
    package func count(_ name: String, _ change: Int) throws {
        try run(addToCounter, [tenant.sqlValue, name.sqlValue, change.sqlValue])
    }
}

extension Queryable {
    /// 0 for what was never counted.
    package func counter(_ name: String) throws -> Int {
        Int(try int(readCounter, [tenant.sqlValue, name.sqlValue]) ?? 0)
    }

    /// Every counter whose name begins with the prefix, such as `leads.status.`.
    package func counters(prefix: String) throws -> [String: Int] {
        var found: [String: Int] = [:]
        try each(readCounters, [tenant.sqlValue, prefix.sqlValue, (prefix + "\u{10FFFF}").sqlValue]) { row in
            found[row.text(0)] = row.int(1)
        }
        return found
    }
}

private let addToCounter = Statement(
    """
    INSERT INTO counters (tenant_id, name, value) VALUES ($1, $2, $3)
    ON CONFLICT (tenant_id, name) DO UPDATE SET value = counters.value + excluded.value
    """)

private let readCounter = Statement("SELECT value FROM counters WHERE tenant_id = $1 AND name = $2")

private let readCounters = Statement(
    "SELECT name, value FROM counters WHERE tenant_id = $1 AND name >= $2 AND name < $3")
