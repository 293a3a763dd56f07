package import Database
package import JSON
package import Wire

/// The list of a table that is written by hand: pages by its key, filters by the columns named.
package struct SimpleList: Sendable {
    /// A filter of a list: the parameter, its column and its kind.
    package struct Column: Sendable {
        package let name: String
        let column: String
        package let kind: FieldKind
        /// Whether `lead.*` stands for every value that begins with `lead.`.
        package let takesPrefixes: Bool

        package init(_ name: String, _ kind: FieldKind, column: String? = nil, takesPrefixes: Bool = false) {
            (self.name, self.kind, self.column) = (name, kind, column ?? name)
            self.takesPrefixes = takesPrefixes
        }
    }

    /// Items of a page that are in memory, and what comes with them.
    package struct Page<Item> {
        package let items: [Item]
        let cursor: Cursor?
        let total: Int64?
    }

    /// The keys that are numbers; all others are texts. A server of databases takes no value of the other kind.
    private static let numbers: Set = ["number", "row", "slot", "version"]

    package let limit: Int
    private let key: SortKey
    private let cursor: Cursor?
    private let wantsTotal: Bool
    /// The members that `fields` asks for; `nil`: all.
    private let selected: [String]?
    private var conditions: [SQL] = []
    /// The rows are read by their places.
    private let isPlaced: Bool

    /// `key` orders the rows by the time of their making and is never null; it is an integer or a text.
    /// `fields` are the members that a caller may choose among; `extra` names parameters that the route
    /// reads itself. A table whose rows have `Places` names, in `placedBut`, the filters by whose values there are
    /// indexes of it.
    package init(
        _ query: [QueryItem], _ columns: [Column], key: String = "id", oldestFirst: Bool = false,
        fields: [String] = [], extra: Set<String> = [], placedBut indexed: Set<String>? = nil,
        dialect: Dialect
    ) throws(Problem) {
        var limit = 50, cursor: String?, wantsTotal = false, isDescending = !oldestFirst, selected: [String]?
        var isPlaced = dialect == .sqlite && indexed != nil
        for item in query where !extra.contains(item.name) {
            switch item.name {
            case "limit":
                guard let number = Int(item.value), (1...200).contains(number) else {
                    throw Problem(.invalidParameter, "limit must be a number from 1 to 200.")
                }
                limit = number
            case "cursor": cursor = item.value
            case "sort":
                isDescending = item.value.hasPrefix("-")
                guard
                    ["id", "created_at"].contains(isDescending ? String(item.value.dropFirst()) : item.value)
                else {
                    throw Problem(
                        .invalidParameter, "sort must be id or created_at, with - for newest first.")
                }
            case "fields" where !fields.isEmpty:
                let names = item.value.split(separator: ",").map(String.init)
                guard !names.isEmpty, names.allSatisfy(fields.contains) else {
                    throw Problem(
                        .invalidParameter, "fields must name some of \(fields.joined(separator: ", ")).")
                }
                selected = names
            case "total":
                guard item.value == "true" || item.value == "false" else {
                    throw Problem(.invalidParameter, "total must be true or false.")
                }
                wantsTotal = item.value == "true"
            default:
                guard let filter = Filter(name: item.name, value: item.value),
                    let column = columns.first(where: { $0.name == filter.field })
                else { throw Self.unknownFilter(item.name, columns) }
                try filter.requireFewValues()
                conditions.append(try Self.condition(filter, column, dialect))
                let isRange = filter.op != .eq || column.takesPrefixes && filter.value.contains("*")
                if !isRange, let indexed, indexed.contains(filter.field) { isPlaced = false }
            }
        }
        self.key = SortKey(key, descending: isDescending, nullable: false)
        let sort = Self.sortName(self.key)
        self.cursor = try cursor.map { text throws(Problem) in
            let place = try Cursor(text, sort: sort, count: 1), isNumber = place.values[0].int != nil
            guard isNumber == Self.numbers.contains(key), isNumber || place.values[0].text != nil else {
                throw Problem(.invalidCursor)
            }
            return place
        }
        (self.limit, self.wantsTotal, self.selected) = (limit, wantsTotal, selected)
        self.isPlaced = isPlaced
    }

    package mutating func add(_ condition: SQL) { conditions.append(condition) }

    private static func unknownFilter(_ name: String, _ columns: [Column]) -> Problem {
        let names = columns.map(\.name).joined(separator: ", ")
        let remedy = names.isEmpty ? "leave it out" : "filter by \(names)"
        return Problem(.unknownFilter, "\(name.prefix(64)) is not a filter of this list: \(remedy).")
    }

    private static func condition(
        _ filter: Filter, _ column: Column, _ dialect: Dialect
    ) throws(Problem) -> SQL {
        guard column.takesPrefixes, filter.op == .eq, filter.value.contains("*") else {
            return try filter.condition(on: column.column, column.kind, dialect: dialect)
        }
        var alternatives: [SQL] = []
        for value in filter.value.split(separator: ",", omittingEmptySubsequences: false) {
            let name: SQL = "\(trusted: column.column)"
            if value.hasSuffix(".*") {
                let prefix = String(value.dropLast())
                alternatives.append("(" + name + " >= \(prefix) AND " + name + " < \(prefix + "\u{10FFFF}"))")
            } else {
                alternatives.append(name + " = \(String(value))")
            }
        }
        return "(" + alternatives.joined(separator: " OR ") + ")"
    }

    private static func sortName(_ key: SortKey) -> String {
        key.isDescending ? "-" + key.column : key.column
    }

    // MARK: Pages

    /// Returns a page of the rows of `table`, each read as an `Item` and written by `write`. The items' columns include
    /// the list's key.
    package func written<Item: StoredRow>(
        of table: StaticString, _ type: Item.Type, in reader: some Queryable, also more: JSONObject = [:],
        _ write: (Item, inout JSONWriter) throws -> Void
    ) throws -> [UInt8] {
        var writer = JSONWriter(capacity: 16_384)
        begin(&writer)
        let cursor = try visit(table, type, reader) { item in
            try self.write(into: &writer) { writer in try write(item, &writer) }
        }
        return end(&writer, cursor, try total(of: table, in: reader), also: more)
    }

    /// Returns the page in memory, for rows that need something more before they are written.
    package func rows<Item: StoredRow>(
        of table: StaticString, _ type: Item.Type, in reader: some Queryable
    ) throws -> Page<Item> {
        var items: [Item] = []
        let cursor = try visit(table, type, reader) { item in items.append(item) }
        return Page(items: items, cursor: cursor, total: try total(of: table, in: reader))
    }

    /// The page of items that are all in memory, given oldest first.
    package func written(of items: [(key: String, json: JSON)]) -> [UInt8] {
        let ordered = key.isDescending ? items.reversed() : items
        let start =
            cursor?.values.first?.text.flatMap { last in ordered.firstIndex { $0.key == last } }.map {
                $0 + 1
            } ?? 0
        let rest = ordered[start...]
        let shown = rest.prefix(limit)
        let cursor = rest.count > limit ? shown.last.map { self.cursor(at: .string($0.key)) } : nil
        let page = Page(
            items: shown.map(\.json), cursor: cursor, total: wantsTotal ? Int64(items.count) : nil)
        return written(page) { json, writer in writer.value(json) }
    }

    package func written<Item>(
        _ page: Page<Item>, _ write: (Item, inout JSONWriter) throws -> Void
    ) rethrows -> [UInt8] {
        var writer = JSONWriter(capacity: 16_384)
        begin(&writer)
        for item in page.items {
            try self.write(into: &writer) { writer in try write(item, &writer) }
        }
        return end(&writer, page.cursor, page.total)
    }

    /// Hands over up to `limit` rows, and returns where the next page begins, if there is one.
    private func visit<Item: StoredRow>(
        _ table: StaticString, _ type: Item.Type, _ reader: some Queryable, _ body: (Item) throws -> Void
    ) throws -> Cursor? {
        guard let place = Item.columns.names.firstIndex(of: key.column) else {
            preconditionFailure("\(Item.self) does not read \(key.column), the key of its list")
        }
        var condition = condition(on: table, in: reader)
        var path: SQL = "", order: SQL = "\(trusted: key.order)"
        if isPlaced {
            path = Places.path(.sqlite)
            order = key.isDescending ? "place DESC" : "place"
            condition += " AND " + places(in: reader)
        } else if let value = cursor?.values.first {
            condition += " AND " + key.after(value.int.map(SQLValue.integer) ?? .text(value.text ?? ""))
        }
        var count = 0, last = SQLValue.null
        let head: SQL = "SELECT \(Item.columns) FROM \(raw: table) \(path) WHERE "
        try reader.each(head + condition + " ORDER BY \(order) LIMIT \(limit + 1)") { row in
            count += 1
            guard count <= limit else { return }
            try body(try Item(row))
            last = row.value(place)
        }
        guard count > limit else { return nil }
        if case .integer(let number) = last { return cursor(at: .integer(number)) }
        if case .text(let text) = last { return cursor(at: .string(text)) }
        return nil
    }

    /// The part of the tenant's places that this page and those behind it are in.
    private func places(in reader: some Queryable) -> SQL {
        guard let row = cursor?.values.first?.int else { return Places.between(0, in: reader) }
        return key.isDescending ? Places.between(0, row, in: reader) : Places.between(row, in: reader)
    }

    private func condition(on table: StaticString, in reader: some Queryable) -> SQL {
        var condition: SQL = "tenant_id = \(reader.tenant)" + reader.limit(on: "\(table)")
        for extra in conditions { condition += " AND " + extra }
        return condition
    }

    private func total(of table: StaticString, in reader: some Queryable) throws -> Int64? {
        guard wantsTotal else { return nil }
        return try reader.int("SELECT count(*) FROM \(raw: table) WHERE " + condition(on: table, in: reader))
            ?? 0
    }

    private func cursor(at key: JSON) -> Cursor { Cursor(sort: Self.sortName(self.key), values: [key]) }

    private func begin(_ writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("data")
        writer.beginArray()
    }

    private func write(into writer: inout JSONWriter, _ body: (inout JSONWriter) throws -> Void) rethrows {
        guard let selected else { return try body(&writer) }
        var whole = JSONWriter()
        try body(&whole)
        let object = JSON(stored: String(decoding: whole.bytes, as: UTF8.self))
        writer.beginObject()
        for name in selected { writer.member(name, object[name] ?? .null) }
        writer.endObject()
    }

    private func end(
        _ writer: inout JSONWriter, _ cursor: Cursor?, _ total: Int64?, also more: JSONObject = [:]
    ) -> [UInt8] {
        writer.endArray()
        writer.member("has_more", .bool(cursor != nil))
        writer.member("next_cursor", JSON(cursor?.text))
        if let total { writer.member("total", .integer(total)) }
        for (name, value) in more.members { writer.member(name, value) }
        writer.endObject()
        return writer.bytes
    }
}
