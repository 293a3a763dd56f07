package import Database
package import HTTPServer
package import JSON

/// The list of a table that is written by hand: pages by its key, filters by the columns named.
package struct SimpleList: Sendable {
    /// What a list can be filtered by: the parameter, its column and its kind.
    package struct Column: Sendable {
        let name: String, column: String
        let kind: FieldKind

        package init(_ name: String, _ kind: FieldKind, column: String? = nil) {
            (self.name, self.kind, self.column) = (name, kind, column ?? name)
        }
    }

    package let limit: Int
    private let key: SortKey
    private let cursor: Cursor?
    private let wantsTotal: Bool
    private var conditions: [SQL] = []

    /// `key` orders the rows and is never null; it is an integer or a text.
    package init(
        _ query: [QueryItem], _ columns: [Column], key: String = "id", oldestFirst: Bool = false, dialect: Dialect
    ) throws(Problem) {
        self.key = SortKey(key, descending: !oldestFirst, nullable: false)
        var limit = 50, cursor: Cursor?, wantsTotal = false
        for item in query {
            switch item.name {
            case "limit":
                guard let number = Int(item.value), (1...200).contains(number) else {
                    throw Problem(.invalidParameter, "limit is a number from 1 to 200.")
                }
                limit = number
            case "cursor": cursor = try Cursor(item.value, sort: key, count: 1)
            case "total":
                guard item.value == "true" || item.value == "false" else {
                    throw Problem(.invalidParameter, "total is true or false.")
                }
                wantsTotal = item.value == "true"
            default:
                guard let filter = Filter(name: item.name, value: item.value),
                    let column = columns.first(where: { $0.name == filter.field })
                else { throw Problem(.unknownFilter, "Filter by \(columns.map(\.name).joined(separator: ", ")).") }
                conditions.append(try filter.condition(on: column.column, column.kind, dialect: dialect))
            }
        }
        (self.limit, self.cursor, self.wantsTotal) = (limit, cursor, wantsTotal)
    }

    package mutating func add(_ condition: SQL) { conditions.append(condition) }

    /// The page: `columns` of the rows of `table`, each written by `write`; `keyOf` gives a row's key.
    package func page(
        of table: StaticString, _ columns: StaticString, in reader: some Queryable, keyOf: (Row) -> JSON,
        _ write: (Row, inout JSONWriter) throws -> Void
    ) throws -> Response {
        var condition: SQL = "tenant_id = \(reader.tenant)"
        for extra in conditions { condition += " AND " + extra }
        var page = condition
        if let value = cursor?.values.first { page += " AND " + key.after(value.int.map(SQLValue.integer) ?? .text(value.text ?? "")) }
        var writer = JSONWriter(capacity: 16_384)
        writer.beginObject()
        writer.key("data")
        writer.beginArray()
        var count = 0, last: JSON = .null
        let head: SQL = "SELECT \(raw: columns) FROM \(raw: table) WHERE "
        try reader.each(head + page + " ORDER BY \(trusted: key.order) LIMIT \(limit + 1)") { row in
            count += 1
            guard count <= limit else { return }
            try write(row, &writer)
            last = keyOf(row)
        }
        writer.endArray()
        writer.member("has_more", .bool(count > limit))
        writer.member("next_cursor", count > limit ? .string(Cursor(sort: key.column, values: [last]).text) : .null)
        if wantsTotal {
            writer.member("total", .integer(try reader.int("SELECT count(*) FROM \(raw: table) WHERE " + condition) ?? 0))
        }
        writer.endObject()
        return Response(status: 200, headers: [("Content-Type", "application/json")], body: .bytes(writer.bytes))
    }

    /// What OpenAPI says of the parameters.
    package static func docs(_ columns: [Column]) -> [ParameterDoc] {
        [
            .query("limit", "Records a page.", ["type": "integer", "minimum": 1, "maximum": 200, "default": 50]),
            .query("cursor", "next_cursor of the page before."),
            .query("total", "Count the filtered records, too.", ["type": "boolean"]),
        ] + columns.map { .query($0.name, "Equal to one of these, separated by commas; also [ne], [gt], [gte], [lt], [lte].") }
    }
}
