package import Database

/// The places of a tenant's rows in `audit` and `events`. A file keeps these tables by one integer, which is the
/// tenant's number and the row behind it: a tenant's rows lie together in the order of their coming, and need no index
/// to be found by. A server keeps them by tenant and row. What is told outside is the row.
package enum Places {
    /// Rows are counted from 1 to this at most: so many bits lie behind the tenant's number.
    package static let rowMax: Int64 = (1 << 40) - 1

    /// Behind the table's name. Its indexes begin with the tenant, too, and would have to be sorted.
    package static func path(_ dialect: Dialect) -> SQL { dialect == .sqlite ? "NOT INDEXED" : "" }

    /// The column that has the rows' order.
    package static func order(_ dialect: Dialect) -> SQL { dialect == .sqlite ? "place" : "row" }

    /// The condition for the tenant's rows behind one and before another, beside that for the tenant.
    package static func between(
        _ first: Int64, _ last: Int64 = Places.rowMax + 1, in scope: some Queryable
    ) -> SQL {
        guard scope.dialect == .sqlite else { return "row > \(first) AND row < \(last)" }
        let start: SQL = "(SELECT number << 40 FROM tenant_numbers WHERE tenant = \(scope.tenant))"
        return "place > \(start) + \(bounded(first)) AND place < \(start) + \(bounded(last))"
    }

    /// The condition for the rows behind one, in the text of a file's `Statement`; `$1` is the tenant.
    package static func textAfter(_ row: String) -> String {
        """
        place > (SELECT number << 40 FROM tenant_numbers WHERE tenant = $1) + \(row)
            AND place < (SELECT (number + 1) << 40 FROM tenant_numbers WHERE tenant = $1)
        """
    }

    /// A caller may name any number.
    private static func bounded(_ row: Int64) -> Int64 { min(max(row, 0), rowMax + 1) }

    /// The place of a row in a file. A tenant gets its number with its first row, and keeps it for good.
    package static func place(of row: Int64, in tx: Transaction) throws -> Int64 {
        try number(in: tx) << 40 | row
    }

    private static func number(in tx: Transaction) throws -> Int64 {
        if let known = tx.noted(TenantNumber.self) { return known.value }
        let found = try tx.int(numberOfTenant, [tx.tenant.sqlValue])
        let number = try found ?? tx.insert(numberTenant, [tx.tenant.sqlValue])
        tx.note(TenantNumber(value: number))
        return number
    }
}

private struct TenantNumber {
    let value: Int64
}

private let numberOfTenant = Statement("SELECT number FROM tenant_numbers WHERE tenant = $1")

private let numberTenant = Statement("INSERT INTO tenant_numbers (tenant) VALUES ($1)")
