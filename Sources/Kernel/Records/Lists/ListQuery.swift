package import Database
package import JSON
internal import Telemetry
package import Wire

/// The query parameters of a list, read and checked against a resource.
package struct ListQuery<R: Record>: Sendable {
    package private(set) var limit = 50
    private(set) var cursor: Cursor?
    private(set) var sort: [SortKey]
    /// The storage of the sort's values in their columns.
    private var sortStorages: [FieldKind.Storage]
    private(set) var sortName: String
    private(set) var wantsTotal = false
    private(set) var search: String?
    private(set) var selected: [Field<R>]?
    private var conditions: [SQL] = []
    private let resource: Resource<R>
    /// Fields that whoever asks must not learn of, not even by asking for them.
    private let hidden: Set<String>
    /// Members that are worked out when the page is read, and those of them that `fields` names.
    private let computed: [String]
    private var selectedComputed: [String]?

    /// Parameters that lists know beside filters.
    package static var reserved: Set<String> { ["limit", "cursor", "sort", "q", "fields", "total"] }

    /// `extra` names parameters that the route reads itself; `hidden` names fields that the caller must not
    /// learn of; `computed` names members that the page adds to each record.
    package init(
        _ resource: Resource<R>, _ query: [QueryItem], dialect: Dialect,
        oldestFirst: Bool = false, extra: Set<String> = [], hiding hidden: Set<String> = [],
        computed: [String] = []
    ) throws(Problem) {
        self.resource = resource
        self.hidden = hidden
        self.computed = computed
        sortName = oldestFirst ? "id" : "-id"
        sort = [SortKey("id", descending: !oldestFirst, nullable: false)]
        sortStorages = [.text]
        var cursorText: String?
        for item in query where !extra.contains(item.name) {
            let (name, value) = (item.name, item.value)
            switch name {
            case "limit":
                guard let number = Int(value), (1...200).contains(number) else {
                    throw Problem(.invalidParameter, "limit must be a number from 1 to 200.")
                }
                limit = number
            case "cursor": cursorText = value
            case "sort": try read(sort: value)
            case "q":
                guard !resource.searchable.contains(where: { hidden.contains($0.name) }) else {
                    throw Problem(.unknownFilter, "This list cannot be searched: leave q out.")
                }
                search = value
            case "fields": try read(fields: value)
            case "total":
                guard value == "true" || value == "false" else {
                    throw Problem(.invalidParameter, "total must be true or false.")
                }
                wantsTotal = value == "true"
            default: conditions.append(try condition(name, value, dialect))
            }
        }
        if selected == nil, !hidden.isEmpty {
            selected = resource.visible.filter { !hidden.contains($0.name) }
        }
        if search != nil, sortName == "-id" || sortName == "id" {
            // The index of words gives rows in their own order, which is that of their creation.
            (sort, sortStorages) = ([SortKey("row", descending: !oldestFirst, nullable: false)], [.integer])
            sortName = oldestFirst ? "row" : "-row"
        }
        if let cursorText { cursor = try Cursor(cursorText, sort: sortName, count: sort.count) }
    }

    package mutating func add(_ condition: SQL) { conditions.append(condition) }

    private mutating func read(sort text: String) throws(Problem) {
        var keys: [SortKey] = [], storages: [FieldKind.Storage] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let isDescending = part.first == "-"
            let name = isDescending ? String(part.dropFirst()) : String(part)
            guard let field = resource.schema[name], field.isSortable || name == "id",
                !hidden.contains(name)
            else {
                let names = resource.fields.filter { $0.isSortable && !hidden.contains($0.name) }.map(\.name)
                throw Problem(
                    .invalidParameter, "sort must name some of \((["id"] + names).joined(separator: ", ")).")
            }
            // Identifiers sort by time of creation, so the key serves for both.
            let column = name == "created_at" ? "id" : field.columns[0]
            let isNullable = field.isOptional && column != "id"
            keys.append(SortKey(column, descending: isDescending, nullable: isNullable))
            storages.append(column == "id" ? .text : field.kind.storage)
            if column == "id" { break }
        }
        if keys.last?.column != "id" {
            keys.append(SortKey("id", descending: keys.last?.isDescending ?? true, nullable: false))
            storages.append(.text)
        }
        (sort, sortStorages, sortName) = (keys, storages, text)
    }

    private mutating func read(fields text: String) throws(Problem) {
        var chosen: [Field<R>] = [], chosenComputed: [String] = []
        for name in text.split(separator: ",") {
            if computed.contains(String(name)) {
                if !chosenComputed.contains(String(name)) { chosenComputed.append(String(name)) }
                continue
            }
            guard let field = resource.schema[String(name)], !field.isSecret, !hidden.contains(field.name)
            else {
                throw Problem(
                    .invalidParameter, "fields names \(name.prefix(64)), which is not a field of this list.")
            }
            if !chosen.contains(where: { $0.name == field.name }) { chosen.append(field) }
        }
        guard !chosen.isEmpty || !chosenComputed.isEmpty else {
            throw Problem(.invalidParameter, "fields is empty: name a field, or leave it out.")
        }
        (selected, selectedComputed) = (chosen, chosenComputed)
    }

    private func condition(_ name: String, _ value: String, _ dialect: Dialect) throws(Problem) -> SQL {
        guard let filter = Filter(name: name, value: value) else { throw unknown(name) }
        try filter.requireFewValues()
        if let field = resource.schema[filter.field], field.isFilterable, !field.isSecret,
            !hidden.contains(field.name)
        {
            guard filter.op != .is || field.mayBeAbsent else {
                throw Problem(
                    .invalidParameter, "\(field.name) always has a value: leave \(field.name)[is] out.")
            }
            return try filter.condition(on: field.column, field.kind, dialect: dialect)
        }
        if let dot = filter.field.firstIndex(of: "."),
            let field = resource.schema[String(filter.field[..<dot])], field.isFilterable,
            !hidden.contains(field.name),
            case .json = field.kind.storage
        {
            let key = String(filter.field[filter.field.index(after: dot)...])
            guard key.isCustomKey else { throw unknown(name) }
            return try filter.memberCondition(field.column, key, dialect: dialect)
        }
        throw unknown(name)
    }

    private func unknown(_ name: String) -> Problem {
        let names = resource.fields.filter {
            $0.isFilterable && !$0.isSecret && !hidden.contains($0.name)
        }.map(\.name)
        return Problem(
            .unknownFilter,
            "\(name.prefix(64)) is not a filter of this list: filter by \(names.joined(separator: ", ")).")
    }

    // MARK: Running

    private func condition(in reader: some Queryable) -> SQL {
        let (tenant, dialect) = (reader.tenant, reader.dialect)
        var sql: SQL = "tenant_id = \(tenant)"
        sql += reader.limit(on: resource.table)
        for condition in conditions { sql += " AND " + condition }
        if let search, let table = resource.searchTable {
            sql +=
                " AND row IN "
                + dialect.searchMatch(table: table, tenant: tenant, SearchQuery(TextFolding.fold(search)))
        }
        return sql
    }

    /// Rows in order, from the cursor on.
    package func select(
        _ columns: [String], limit: Int, after place: Cursor?, in reader: some Queryable
    ) throws -> SQL {
        var sql: SQL =
            "SELECT row, \(trusted: columns.joined(separator: ", ")) FROM \(trusted: resource.table) WHERE "
        sql += condition(in: reader)
        if let place { sql += " AND " + sort.after(try bound(place)) }
        return sql + " ORDER BY \(trusted: sort.map(\.order).joined(separator: ", ")) LIMIT \(limit)"
    }

    private func bound(_ cursor: Cursor) throws(Problem) -> [SQLValue] {
        try zip(sortStorages, cursor.values).map { $0 }.mapThrowing { (storage, json) throws(Problem) in
            if json.isNull { return .null }
            switch storage {
            case .integer, .boolean, .instant, .money:
                guard let value = json.int else { throw Problem(.invalidCursor) }
                return .integer(value)
            case .real:
                guard let value = json.double else { throw Problem(.invalidCursor) }
                return .real(value)
            case .text, .json:
                guard let value = json.text else { throw Problem(.invalidCursor) }
                return .text(value)
            }
        }
    }

    private func cursor(after row: Row, firstKeyColumn: Int) -> Cursor {
        let values = sortStorages.enumerated().map { index, storage -> JSON in
            let column = firstKeyColumn + index
            if row.isNull(column) { return .null }
            switch storage {
            case .integer, .boolean, .instant, .money: return .integer(row.int64(column))
            case .real: return .number(row.double(column))
            case .text, .json: return .string(row.text(column))
            }
        }
        return Cursor(sort: sortName, values: values)
    }

    /// The page as `{"data": […], "has_more": …, "next_cursor": …}`.
    package func written(in reader: some Queryable) throws -> OutputBuffer {
        let (columns, write) = rows(of: selected, in: reader)
        return try page(of: columns, in: reader, write)
    }

    /// Returns the page with the members that `read` gives for records, by their ids. A record of which all is said as
    /// it is stored stays as it was written.
    package func written(
        in reader: some Queryable, adding read: ([String]) throws -> [String: JSONObject]
    ) throws -> OutputBuffer {
        let names = selectedComputed ?? computed
        // Members without other words are told as they are stored.
        let fields = selected.map { selected in
            selected
                + names.filter { name in !selected.contains { $0.name == name } && !hidden.contains(name) }
                .compactMap { resource.schema[$0] }
        }
        let (columns, write) = rows(of: fields, in: reader)
        var items: [(id: String, place: Range<Int>)] = []
        let written = try page(of: columns + ["id"], in: reader) { row, output in
            let start = output.count
            try write(row, output)
            items.append((row.text(columns.count + 1), start..<output.count))
        }
        let members = try names.isEmpty ? [:] : read(items.map(\.id))
        let shown = fields ?? resource.visible
        let areStored = names.allSatisfy { name in shown.contains { $0.name == name } }
        let changed = items.filter { !areStored || members[$0.id] != nil }
        guard !changed.isEmpty else { return written }
        let bytes = written.bytes, output = OutputBuffer(capacity: bytes.count + 4096)
        var end = 0
        for item in changed {
            output.append(Array(bytes[end..<item.place.lowerBound]))
            var object = try JSONParser.parse(Array(bytes[item.place])).object ?? [:]
            let found = members[item.id]
            for name in names { object[name] = found?[name] ?? object[name] ?? .null }
            output.append(JSON.object(object).bytes)
            end = item.place.upperBound
        }
        output.append(Array(bytes[end...]))
        return output
    }

    /// Returns the columns to select for answers with `fields`, which are all where it is `nil`, and what writes a row
    /// of them.
    private func rows(
        of fields: [Field<R>]?, in reader: some Queryable
    ) -> (columns: [String], write: (Row, OutputBuffer) throws -> Void) {
        if fields == nil, let answer = resource.storedAnswer(in: reader) {
            return (answer.columns, { try answer.write($0, to: $1, in: reader) })
        }
        if let fields, fields.isEmpty { return ([], { $1.append("{}") }) }
        let writer = fields.map { RowWriter($0) } ?? resource.rowWriter
        return (writer.columns, { writer.write($0, to: $1) })
    }

    private func page(
        of columns: [String], in reader: some Queryable, _ write: (Row, OutputBuffer) throws -> Void
    ) throws -> OutputBuffer {
        let output = OutputBuffer(capacity: 1024 * min(limit, 64))
        output.append("{\"data\":[")
        let end = try self.write(to: output, columns, in: reader, write)
        output.append("],\"has_more\":")
        output.append(end.hasMore ? "true" : "false")
        output.append(",\"next_cursor\":")
        output.append(end.hasMore ? JSON(end.cursor?.text).bytes : Array("null".utf8))
        if wantsTotal {
            output.append(",\"total\":")
            let condition = condition(in: reader)
            output.appendInteger(
                try reader.int("SELECT count(*) FROM \(trusted: resource.table) WHERE " + condition) ?? 0)
        }
        output.append("}")
        return output
    }

    /// Counts the records of the list by the values of two columns of text; `present` counts those of them that have a
    /// value in that column.
    package func counts(
        by columns: (String, String), present: String, in reader: some Queryable
    ) throws -> [(values: (String?, String?), count: Int64, present: Int64)] {
        let group: SQL = "\(trusted: columns.0), \(trusted: columns.1)"
        let head: SQL =
            "SELECT " + group + ", count(*), count(\(trusted: present)) FROM \(trusted: resource.table)"
        return try reader.all(head + " WHERE " + condition(in: reader) + " GROUP BY " + group) { row in
            ((row.optionalText(0), row.optionalText(1)), row.int64(2), row.int64(3))
        }
    }

    /// Visits up to `limit` rows after `place`: how many there were, and where to go on.
    package func rows(
        _ columns: [String], limit: Int, after place: Cursor?, in reader: some Queryable,
        _ visit: (Row) throws -> Void
    ) throws -> (count: Int, end: Cursor?) {
        var count = 0, end: Cursor?
        let sql = try select(columns + sort.map(\.column), limit: limit, after: place, in: reader)
        try reader.each(sql) { row in
            try visit(row)
            count += 1
            if count == limit { end = cursor(after: row, firstKeyColumn: columns.count + 1) }
        }
        return (count, end)
    }

    /// Writes the page's rows; says whether more follow and where to go on.
    private func write(
        to output: OutputBuffer, _ columns: [String], in reader: some Queryable,
        _ write: (Row, OutputBuffer) throws -> Void
    ) throws -> (hasMore: Bool, cursor: Cursor?) {
        var count = 0, last: Cursor?
        let key = columns.count + 1
        let sql = try select(columns + sort.map(\.column), limit: limit + 1, after: cursor, in: reader)
        try reader.each(sql) { row in
            count += 1
            guard count <= limit else { return }
            if count > 1 { output.append(",") }
            try write(row, output)
            if count == limit { last = cursor(after: row, firstKeyColumn: key) }
        }
        return (count > limit, last)
    }
}
