internal import Cryptography
package import Database
package import JSON
package import Nouns
package import Telemetry
package import Wire

/// A struct that is kept as one row of a tenant's table and served as one resource.
package protocol Record: Declared, Identified {
    /// The type that its identifiers name: itself, or the noun by which modules below refer to it.
    associatedtype Identity: Identified = Self
    static var resource: Resource<Self> { get }
    /// Tells the kernel how its changes are made, where that makes them (`ManagedRecord`); `nil` otherwise. To ask a
    /// type whether it is such a record instead would search through all conformances of the program.
    static var management: (any Sendable)? { get }
    /// Its identity, version and times.
    var head: Head<Identity> { get set }
}

extension Record {
    package static var table: String { resource.table }
    package static var path: String { resource.path }
    package static var management: (any Sendable)? { nil }
}

extension Record where Identity: Noun {
    package static var idPrefix: String { Identity.idPrefix }
    package static var noun: String { Identity.noun }
}

extension Record {
    package static var schema: Schema<Self> { resource.schema }

    /// A record that is not stored yet.
    package static func new(id: UniqueID, now: Instant) -> Self {
        var record = Self()
        record.beginLife(id: id, now: now)
        return record
    }

    /// Gives a draft its identity.
    package mutating func beginLife(id: UniqueID, now: Instant) {
        self.id = ID(id)
        version = 1
        createdAt = now
        updatedAt = now
    }
}

/// The one declaration of a resource: names, table and fields. SQL, JSON, validation, filters,
/// search, CSV and OpenAPI are derived from it.
package struct Resource<R: Record>: Sendable {
    /// `lead`: what ids begin with.
    package let prefix: String
    /// `lead`: in the types of events, in the audit, and as a subject's type.
    package let noun: String
    /// `leads`: the table, and the last part of the path.
    package let table: String
    package let schema: Schema<R>
    /// The table of full text, for resources with searchable fields.
    package let searchTable: String?
    package let fields: [Field<R>]
    private let insertStatement: Statement
    private let getStatement: Statement
    package let columns: [String]
    /// The path of its records below `/v1/`.
    package let path: String
    /// The rule for what callers who are limited to some clients see of the table.
    package let rule: RowRule
    /// The rule for what is personal in it; `nil`: nothing is.
    package let personal: PersonalRule?
    /// The words that people have for it, and the fields that they meet first.
    package let console: ConsoleForm
    private let selectHead: String
    package let searchable: [Field<R>]
    /// The fields beside the head's: those that tell what a change is, and are audited.
    private let own: [Field<R>]
    /// Writes the rows that `SELECT row, <columns>` gives.
    package let rowWriter: RowWriter
    /// The beginning of answers, where rows hold it.
    package let stored: StoredAnswer?
    private let rowStatement: Statement, versionStatement: Statement

    /// Declares a resource. `table` has the columns `row`, `tenant_id`, `id`, `version`, `created_at`, `updated_at`
    /// and one (for money: two) for each field. `rule` says how its records belong to clients: by their `client_id`,
    /// unless it is given; where there is neither, limited callers see nothing of it. `personal` says whose data its
    /// personal fields are, and what becomes of them with that person. `console` says what people call it, and which
    /// fields they meet first. Its `path` below `/v1/` is the table's name, unless it is given. `storing`: rows hold
    /// the beginning of their answer, up to that field, and readers of one note whether the `noting` column is empty
    /// (`StoredAnswer`).
    package init(
        _ table: String, named name: String, path: String? = nil, rule: RowRule? = nil,
        personal: PersonalRule? = nil,
        console: ConsoleForm = ConsoleForm(), storing unstored: String? = nil, noting noted: String? = nil,
        _ fields: [Field<R>]
    ) {
        let all: [Field<R>] =
            // By closures: a path to what a protocol asks for has no place in the struct, and takes longer.
            [
                Field(
                    "id", .id(Referent(R.self)), \.id,
                    [.readOnly, .filterable, .about("Identifies the record; later ones sort later.")],
                    reading: { $0.id }, writing: { $0.id = $1 })
            ] + fields + [
                Field(
                    "version", .integer(1...Int64.max), \.version,
                    [.readOnly, .about("Rises with every change; the ETag.")],
                    reading: { $0.version }, writing: { $0.version = $1 }),
                Field(
                    "created_at", .instant, \.createdAt,
                    [.readOnly, .filterable, .sortable, .about("When it was made.")],
                    reading: { $0.createdAt }, writing: { $0.createdAt = $1 }),
                Field(
                    "updated_at", .instant, \.updatedAt,
                    [.readOnly, .filterable, .sortable, .about("When it last changed.")],
                    reading: { $0.updatedAt }, writing: { $0.updatedAt = $1 }),
            ]
        (prefix, noun) = (R.idPrefix, R.noun)
        (self.table, self.console) = (table, console)
        self.path = path ?? table.replacing("_", with: "-")
        self.fields = all
        self.rule = rule ?? (fields.contains { $0.name == "client_id" } ? .client() : .hidden)
        self.personal = personal ?? (fields.contains(where: \.isErased) ? PersonalRule.emptied() : nil)
        schema = Schema(name, all)
        searchable = all.filter(\.isSearchable)
        own = fields
        searchTable = searchable.isEmpty ? nil : "\(table)_search"
        columns = all.flatMap(\.columns)
        selectHead = "SELECT row, \(columns.joined(separator: ", ")) FROM \(table) WHERE tenant_id = "
        rowWriter = RowWriter(all)
        rowStatement = Statement(
            "SELECT row, \(rowWriter.columns.joined(separator: ", ")), version FROM \(table) WHERE tenant_id = $1 AND id = $2"
        )
        versionStatement = Statement("SELECT version FROM \(table) WHERE tenant_id = $1 AND id = $2")
        stored = unstored.map { StoredAnswer(table, all, before: $0, noting: noted) }
        let inserted = ["tenant_id"] + columns + (unstored == nil ? [] : [StoredAnswer.column])
        let places = (1...inserted.count).map { "$\($0)" }.joined(separator: ", ")
        insertStatement = Statement(
            "INSERT INTO \(table) (\(inserted.joined(separator: ", "))) VALUES (\(places))"
        )
        getStatement = Statement(
            "SELECT row, \(columns.joined(separator: ", ")) FROM \(table) WHERE tenant_id = $1 AND id = $2")
    }

    // MARK: Rows

    /// Fills a record from a row that begins with `row` and goes on with `columns`.
    package func load(_ row: Row) -> R {
        var record = R()
        record.head = Head(row, last: columns.count)
        var column = 2
        for field in own {
            field.load(&record, row, column)
            column += field.columns.count
        }
        return record
    }

    package func find(_ id: ID<R.Identity>, in reader: some Queryable) throws -> R? {
        if let limit = reader.limit, try !limit.holds(table, id, .read, in: reader) { return nil }
        return try reader.first(getStatement, [.text(reader.tenant.rawValue), .id(id.untyped)], load)
    }

    package func get(_ id: ID<R.Identity>, in reader: some Queryable) throws -> R {
        guard let record = try find(id, in: reader) else { throw Problem(.notFound) }
        return record
    }

    /// A record that was read before, and that nobody has touched since, as it is now: read again where its version is
    /// another.
    package func current(_ known: R, in reader: some Queryable) throws -> R? {
        guard reader.limit == nil else { return try find(known.id, in: reader) }
        let values: [SQLValue] = [.text(reader.tenant.rawValue), .id(known.id.untyped)]
        let version = try reader.first(versionStatement, values) { $0.int(0) }
        return version == known.version ? known : try version.flatMap { _ in try find(known.id, in: reader) }
    }

    /// Returns the tenant's records that meet `condition`. A limited caller's limit applies only where the condition
    /// ends with `reader.limit(on:)`.
    package func all(
        where condition: SQL, suffix: SQL = "", in reader: some Queryable
    ) throws -> [R] {
        try reader.all(select(where: condition, suffix: suffix, in: reader), load)
    }

    /// Returns a value of each of some records, by the text of its identifier, as lists and files have it.
    package func values<Value>(
        of ids: [String], in reader: some Queryable, _ value: (R) throws -> Value
    ) throws -> [String: Value] {
        let records = try all(where: "id IN \(list: ids)", suffix: "ORDER BY row", in: reader)
        return Dictionary(try records.map { ($0.id.text, try value($0)) }) { first, _ in first }
    }

    package func first(where condition: SQL, suffix: SQL = "", in reader: some Queryable) throws -> R? {
        try reader.first(select(where: condition, suffix: suffix, in: reader), load)
    }

    private func select(where condition: SQL, suffix: SQL, in reader: some Queryable) -> SQL {
        var sql: SQL = "\(trusted: selectHead)\(reader.tenant) AND "
        sql += condition
        sql += " "
        sql += suffix
        return sql
    }

    /// Stores a new record and its search text.
    package func insert(_ record: inout R, in tx: Transaction) throws {
        _ = try insert(answering: &record, in: tx)
    }

    /// Does so, and returns the beginning of its answer, where rows hold that.
    package func insert(answering record: inout R, in tx: Transaction) throws -> AnswerStart? {
        let (row, start) = try insertRow(of: record, in: tx)
        record.row = row
        try requireChangeable(record.id, .make, in: tx)
        if let searchTable { tx.indexSearch(searchTable, row: record.row, text: searchText(record)) }
        return start
    }

    private func insertRow(of record: R, in tx: Transaction) throws -> (row: Int64, start: AnswerStart?) {
        try tx.withValues { values in
            values.reserveCapacity(columns.count + 2)
            values.append(.text(tx.tenant.rawValue))
            for field in fields { field.bind(record, &values) }
            let start = storedAnswer(in: tx)?.start(of: values)
            if stored != nil { values.append(start.map { SQLValue.text($0.text) } ?? .null) }
            return (try tx.insert(insertStatement, values), start)
        }
    }

    /// Stores what differs between `old` and `record`; the version must still be `old`'s.
    package func update(_ old: R, to record: R, in tx: Transaction) throws {
        try requireChangeable(old.id, in: tx)
        var assignments: SQL = "SET version = \(record.version), updated_at = \(record.updatedAt)"
        var before: [SQLValue] = [], after: [SQLValue] = [], changesText = false
        for field in own where !field.isSame(old, record) {
            before.removeAll(keepingCapacity: true)
            after.removeAll(keepingCapacity: true)
            field.bind(old, &before)
            field.bind(record, &after)
            for (index, column) in field.columns.enumerated() where before[index] != after[index] {
                assignments += ", \(trusted: column) = \(after[index])"
                changesText = changesText || field.isSearchable
            }
        }
        if let answer = storedAnswer(in: tx) {
            assignments += ", \(trusted: StoredAnswer.column) = \(storedValue(of: record, answer))"
        }
        let condition: SQL = """
             WHERE tenant_id = \(tx.tenant) AND id = \(record.id) AND version = \(old.version)
            """
        guard try tx.run("UPDATE \(trusted: table) " + assignments + condition) == 1 else {
            throw Problem(.versionMismatch)
        }
        try requireChangeable(record.id, in: tx)
        if let searchTable, changesText {
            tx.unindexSearch(searchTable, row: old.row, oldText: searchText(old))
            tx.indexSearch(searchTable, row: old.row, text: searchText(record))
        }
    }

    package func delete(_ record: R, in tx: Transaction) throws {
        try requireChangeable(record.id, in: tx)
        try tx.run("DELETE FROM \(trusted: table) WHERE tenant_id = \(tx.tenant) AND id = \(record.id)")
        if let searchTable { tx.unindexSearch(searchTable, row: record.row, oldText: searchText(record)) }
    }

    /// Refuses to change a record that does not belong to the caller's clients, or would no longer do so.
    private func requireChangeable(
        _ id: ID<R.Identity>, _ use: RowLimit.Use = .change, in tx: Transaction
    ) throws {
        guard let limit = tx.limit, try !limit.holds(table, id, use, in: tx) else { return }
        throw Problem(.forbidden, "You may create and change records of your own clients only.")
    }

    /// Makes records that were stored without this declaration searchable.
    package func indexText(of ids: [String], in tx: Transaction) throws {
        guard let searchTable, !ids.isEmpty else { return }
        for record in try all(where: "id IN \(list: ids)", suffix: "ORDER BY row", in: tx) {
            tx.indexSearch(searchTable, row: record.row, text: searchText(record))
        }
    }

    /// The reverse, before they are removed without it.
    package func unindexText(of ids: [String], in tx: Transaction) throws {
        guard let searchTable, !ids.isEmpty else { return }
        for record in try all(where: "id IN \(list: ids)", suffix: "ORDER BY row", in: tx) {
            tx.unindexSearch(searchTable, row: record.row, oldText: searchText(record))
        }
    }

    /// The words that full-text search finds the record by: folded, but for capitals of ASCII.
    package func searchText(_ record: R) -> String {
        var text = ""
        text.reserveCapacity(256)
        for field in searchable { field.appendWords?(record, &text) }
        // The index takes plain letters as small ones by itself.
        return text.utf8.allSatisfy { $0 < 0x80 } ? text : TextFolding.fold(text)
    }

    // MARK: JSON

    /// A record's row as JSON, and its version; `nil` when there is none. `noting` names a column of which the answer
    /// says whether it holds something.
    package func read(
        _ id: ID<R.Identity>, in reader: some Queryable, noting column: String? = nil
    ) throws -> (OutputBuffer, version: Int64, isNoted: Bool)? {
        if let limit = reader.limit, try !limit.holds(table, id, .read, in: reader) { return nil }
        if let answer = storedAnswer(in: reader), answer.notes(column) {
            return try answer.read(.id(id.untyped), in: reader)
        }
        let noted = column.flatMap { rowWriter.columns.firstIndex(of: $0) }
        return try reader.first(rowStatement, [.text(reader.tenant.rawValue), .id(id.untyped)]) { row in
            let output = OutputBuffer()
            rowWriter.write(row, to: output)
            let isNoted = noted.map { !row.isNull($0 + 1) } ?? false
            return (output, row.int64(rowWriter.columns.count + 1), isNoted)
        }
    }

    /// Fields that leave, in the order of the declaration.
    package var visible: [Field<R>] { fields.filter { !$0.isSecret } }

    /// Whether a field holds documents of declared members.
    package var hasParts: Bool {
        fields.contains { field in
            switch field.kind {
            case .part, .parts: true
            default: false
            }
        }
    }

    package func write(_ record: R, to output: OutputBuffer) {
        output.append("{")
        var isFirst = true
        for field in fields where !field.isSecret {
            if !isFirst { output.append(",") }
            isFirst = false
            output.append(field.key)
            field.write(record, output)
        }
        output.append("}")
    }

    /// Writes a record whose answer begins as its row was stored.
    package func write(_ record: R, from start: AnswerStart?, to output: OutputBuffer) {
        guard let start else { return write(record, to: output) }
        start.write(to: output)
        for field in fields[start.ends.count...] where !field.isSecret {
            output.append(",")
            output.append(field.key)
            field.write(record, output)
        }
        output.append("}")
    }

    /// Returns the contents of a new record, as JSON text; personal and secret values are masked. `start`: the
    /// beginning of its answer, as its row was stored.
    package func contents(of record: R, from start: AnswerStart? = nil) -> String {
        let output = OutputBuffer()
        var separator: StaticString = "{"
        // The first member of an answer is the id, which is not among them.
        var index = 0
        for field in own {
            index += 1
            guard field.isPresent(record) else { continue }
            output.append(separator)
            separator = ","
            if !field.isMasked, let start, index < start.ends.count {
                start.write(index, to: output)
                continue
            }
            output.append(field.key)
            if field.isMasked { output.append("\"***\"") } else { field.write(record, output) }
        }
        output.append(output.count == 0 ? "{}" : "}")
        return output.text
    }

    /// The names of what `new` changes against `old`, with old and new values; what is personal or
    /// secret is masked.
    package func changes(from old: R, to new: R) -> JSONObject {
        var result = JSONObject()
        for field in own where !field.isSame(old, new) {
            let (before, after) = (field.json(old), field.json(new))
            guard before != after else { continue }
            result.append(field.name, ["from": field.shown(before), "to": field.shown(after)])
        }
        return result
    }
}

extension Field {
    /// Whether the audit keeps no value of it.
    fileprivate var isMasked: Bool { isPersonal || isSecret }

    /// A value as the audit keeps it.
    fileprivate func shown(_ value: JSON) -> JSON { isMasked && !value.isNull ? "***" : value }
}
