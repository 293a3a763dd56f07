package import Database

package extension CounterStore where Base == Transaction {
    /// Adds to a counter that a dashboard reads, in the transaction that changes what is counted.
    func count(_ name: String, _ change: Int) throws {
        try tx.run(addToCounter, [tx.tenant.sqlValue, name.sqlValue, change.sqlValue])
    }

    /// Adds to a counter that no transaction reads: it is stored once for all that are committed together.
    func countLater(_ name: String, _ change: Int) {
        tx.add(change, to: "counters \(tx.tenant) \(name)") { change in
            if change != 0 { try count(name, change) }
        }
    }
}

extension CounterStore {
    /// 0 for what was never counted.
    package func find(_ name: String) throws -> Int {
        Int(try tx.int(readCounter, [tx.tenant.sqlValue, name.sqlValue]) ?? 0)
    }

    /// Every counter whose name begins with the prefix, such as `leads.status.`.
    package func all(prefix: String) throws -> [String: Int] {
        try all(prefix: prefix, from: "", through: "")
    }

    /// Returns the counters of a prefix that go on from one text to another, such as from day to day, with all that
    /// begins with the last one.
    package func all(
        prefix: String, from first: String, through last: String
    ) throws -> [String: Int] {
        var found: [String: Int] = [:]
        try tx.each(
            readCounters,
            [tx.tenant.sqlValue, (prefix + first).sqlValue, (prefix + last + "\u{10FFFF}").sqlValue]
        ) { row in found[row.text(0)] = row.int(1) }
        return found
    }

    /// Returns counters by their names; those that were never counted are left out.
    package func all(of names: [String]) throws -> [String: Int] {
        var found: [String: Int] = [:]
        for start in stride(from: 0, to: names.count, by: 500) {
            let some = Array(names[start..<min(start + 500, names.count)])
            try tx.each(
                "SELECT name, value FROM counters WHERE tenant_id = \(tx.tenant) AND name IN \(list: some)"
            ) { row in found[row.text(0)] = row.int(1) }
        }
        return found
    }

    /// The first name that begins with the prefix; `nil` where nothing was counted.
    package func first(prefix: String) throws -> String? {
        try tx.first(
            readFirstCounter, [tx.tenant.sqlValue, prefix.sqlValue, (prefix + "\u{10FFFF}").sqlValue]
        ) { $0.text(0) }
    }
}

private let addToCounter = Statement(
    """
    INSERT INTO counters (tenant_id, name, value) VALUES ($1, $2, $3)
    ON CONFLICT (tenant_id, name) DO UPDATE SET value = counters.value + excluded.value
    """)

private let readCounter = Statement("SELECT value FROM counters WHERE tenant_id = $1 AND name = $2")

private let readFirstCounter = Statement(
    "SELECT name FROM counters WHERE tenant_id = $1 AND name >= $2 AND name < $3 ORDER BY name LIMIT 1")

private let readCounters = Statement(
    "SELECT name, value FROM counters WHERE tenant_id = $1 AND name >= $2 AND name < $3")
