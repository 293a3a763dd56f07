internal import Cryptography
internal import Database
package import JSON

/// The end of a page: the sort it belongs to and the last row's values in it.
package struct Cursor: Sendable {
    package let sort: String
    package let values: [JSON]

    package init(sort: String, values: [JSON]) { (self.sort, self.values) = (sort, values) }

    package init(_ text: String, sort: String, count: Int) throws(Problem) {
        guard let bytes = Base64.decodeURL(text), let json = try? JSONParser.parse(bytes),
            let parts = json.array,
            parts.count == count + 1, parts[0].text == sort
        else { throw Problem(.invalidCursor) }
        self.init(sort: sort, values: Array(parts.dropFirst()))
    }

    package var text: String { Base64.encodeURL(JSON.array([.string(sort)] + values).bytes) }
}

/// One key of a sort. A missing value counts as the smallest.
package struct SortKey: Sendable {
    package let column: String
    package let isDescending: Bool
    package let isNullable: Bool

    package init(_ column: String, descending: Bool, nullable: Bool) {
        (self.column, isDescending, isNullable) = (column, descending, nullable)
    }

    var order: String {
        switch (isDescending, isNullable) {
        case (true, false): "\(column) DESC"
        case (false, false): "\(column)"
        case (true, true): "\(column) DESC NULLS LAST"
        case (false, true): "\(column) ASC NULLS FIRST"
        }
    }

    func after(_ value: SQLValue) -> SQL {
        let column: SQL = "\(trusted: column)"
        switch (isDescending, value) {
        case (true, .null): return "1 = 0"
        case (true, _):
            return isNullable
                ? "(" + column + " < \(value) OR " + column + " IS NULL)" : column + " < \(value)"
        case (false, .null): return column + " IS NOT NULL"
        case (false, _): return column + " > \(value)"
        }
    }

    func equal(_ value: SQLValue) -> SQL {
        value == .null ? "\(trusted: column) IS NULL" : "\(trusted: column) = \(value)"
    }
}

extension [SortKey] {
    /// Rows after those values, in this order.
    func after(_ values: [SQLValue]) -> SQL {
        var alternatives: [SQL] = []
        for index in indices {
            var condition: SQL = ""
            for (key, value) in zip(self, values).prefix(index) { condition += key.equal(value) + " AND " }
            alternatives.append("(" + condition + self[index].after(values[index]) + ")")
        }
        let chain = alternatives.dropFirst().reduce(alternatives[0]) { $0 + " OR " + $1 }
        guard count > 1, !self[0].isNullable, values[0] != .null else { return "(" + chain + ")" }
        // The planner ranges over an index only by a bound that stands outside the OR.
        let bound: SQL =
            "\(trusted: self[0].column) \(trusted: self[0].isDescending ? "<=" : ">=") \(values[0])"
        return bound + " AND (" + chain + ")"
    }
}
