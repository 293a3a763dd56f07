package import Database
internal import Wire

/// The beginning of a record's answer, which its row holds as JSON in a column of its own: a page of a list copies it
/// instead of writing column after column. The fields behind it are read from their columns: those that statements may
/// set without a change of the record, and those that each change sets.
///
/// Each insert and each update of the resource writes it. Where another statement sets one of its columns, a trigger
/// takes it away, and the row is written from its columns, as rows are that are older than the column;
/// `Resource.storeAnswers` writes it again. Only files hold answers: from a server's rows both would go over the wire
/// with each update.
package struct StoredAnswer: Sendable {
    static var column: String { "stored_answer" }

    /// The number of fields that it consists of, which are the first ones.
    let fieldCount: Int
    /// The columns to select after `row`: the answer, and those of the fields behind it.
    let columns: [String]
    /// Eight characters before each answer, which tell its fields: one of other fields is passed over.
    private let mark: [UInt8]
    private let head: RowWriter, tail: RowWriter
    /// Read one record; the columns of an answer that is missing; and write an answer.
    private let readStatement: Statement, headStatement: Statement, storeStatement: Statement
    /// The column of which readers of one record learn whether it holds something.
    private let noted: String?
    private let table: String
    /// The columns that each migration has added to those in the answer; `nil`: that of the table.
    private let added: [Int?: [String]]

    init<R>(_ table: String, _ fields: [Field<R>], before name: String, noting noted: String?) {
        guard let end = fields.firstIndex(where: { $0.name == name }), end > 0 else {
            preconditionFailure("\(table) has no field before \(name)")
        }
        let first = Array(fields[..<end])
        precondition(!first.contains(where: \.isSecret), "a stored answer of \(table) would hold a secret")
        fieldCount = first.count
        head = RowWriter(first)
        tail = RowWriter(Array(fields[end...]), from: 2, continues: true)
        columns = [Self.column] + tail.columns
        self.noted = noted
        mark = Self.mark(of: first)
        let names = head.columns.joined(separator: ", ")
        let read = (columns + ["version"] + (noted.map { [$0] } ?? [])).joined(separator: ", ")
        readStatement = Statement("SELECT row, \(read) FROM \(table) WHERE tenant_id = $1 AND id = $2")
        headStatement = Statement("SELECT row, \(names) FROM \(table) WHERE tenant_id = $1 AND row = $2")
        storeStatement = Statement("UPDATE \(table) SET \(Self.column) = $3 WHERE tenant_id = $1 AND id = $2")
        self.table = table
        added = Dictionary(grouping: first, by: \.addedIn).mapValues { $0.flatMap(\.columns) }
    }

    /// Returns the statement that makes the trigger for the columns that are there before a migration; without one, for
    /// all of them.
    package func trigger(in migration: Int = .max) -> String {
        let known = Set(added.filter { ($0.key ?? 0) < migration }.values.joined())
        let names = head.columns.filter(known.contains).joined(separator: ", ")
        return """
            CREATE TRIGGER \(table)_\(Self.column) AFTER UPDATE OF \(names) ON \(table)
            WHEN NEW.\(Self.column) IS OLD.\(Self.column) AND NEW.\(Self.column) IS NOT NULL
            BEGIN
                UPDATE \(table) SET \(Self.column) = NULL WHERE row = NEW.row;
            END
            """
    }

    /// The columns that are in the answer.
    package var storedColumns: [String] { head.columns }

    /// Hexadecimal digits over the names and the forms of the fields.
    private static func mark<R>(of fields: [Field<R>]) -> [UInt8] {
        var hash: UInt32 = 0x811c_9dc5
        for byte in fields.map({ "\($0.name):\($0.kind.storage)," }).joined().utf8 {
            hash = (hash ^ UInt32(byte)) &* 0x0100_0193
        }
        let digits = String(hash, radix: 16)
        return Array((String(repeating: "0", count: 8 - digits.count) + digits).utf8)
    }

    /// Returns the answer that a row is to hold, of the values that are bound to its columns; before them is the
    /// tenant's.
    func start(of values: [SQLValue]) -> AnswerStart {
        // Most leads have a little more than a kilobyte.
        let output = OutputBuffer(capacity: 2048)
        output.append(mark)
        let ends = head.writeMembers(of: values, to: output)
        return AnswerStart(text: output.text, ends: ends, markCount: mark.count)
    }

    /// Writes a row of `SELECT row, <columns>`.
    func write(_ row: Row, to output: OutputBuffer, in reader: some Queryable) throws {
        if case .bytes(let answer) = row.cell(1), answer.starts(with: mark) {
            output.append(UnsafeBufferPointer(rebasing: answer[mark.count...]))
        } else {
            let key: [SQLValue] = [reader.tenant.sqlValue, .integer(row.int64(0))]
            let found: Void? = try reader.first(headStatement, key) { head.writeMembers(of: $0, to: output) }
            guard found != nil else { throw DatabaseError.invalid("a row has gone within a read") }
        }
        tail.write(row, to: output)
    }

    /// Returns whether readers of one record learn of this column whether it holds something.
    func notes(_ column: String?) -> Bool { column == nil || column == noted }

    /// Returns the answer of one record, its version, and whether the noted column holds something.
    func read(
        _ id: SQLValue, in reader: some Queryable
    ) throws -> (OutputBuffer, version: Int64, isNoted: Bool)? {
        try reader.first(readStatement, [reader.tenant.sqlValue, id]) { row in
            let output = OutputBuffer()
            try write(row, to: output, in: reader)
            let version = columns.count + 1
            return (output, row.int64(version), noted != nil && !row.isNull(version + 1))
        }
    }

    func store(_ answer: SQLValue, with id: SQLValue, in tx: Transaction) throws {
        try tx.run(storeStatement, [tx.tenant.sqlValue, id, answer])
    }
}

/// The answer that a row was stored with, mark and all: what else is made of the record is copied from it.
package struct AnswerStart: Sendable {
    let text: String
    /// Where each member ends in it.
    let ends: [Int]
    let markCount: Int

    /// Writes the members of all its fields, with the brace before them.
    func write(to output: OutputBuffer) { copy(markCount..<(ends.last ?? markCount), to: output) }

    /// Writes the member of a field behind the first, `"name":value`, without the comma before it.
    func write(_ index: Int, to output: OutputBuffer) { copy(ends[index - 1] + 1..<ends[index], to: output) }

    private func copy(_ range: Range<Int>, to output: OutputBuffer) {
        var text = text
        text.withUTF8 { output.append(UnsafeBufferPointer(rebasing: $0[range])) }
    }
}

extension Resource {
    /// The form in which rows hold answers where `reader` reads.
    func storedAnswer(in reader: some Queryable) -> StoredAnswer? {
        reader.dialect == .sqlite ? stored : nil
    }

    /// Returns the statements of the migration from which on rows hold their answers. A later field among those that
    /// are stored needs another migration, which drops the trigger, makes it anew, and empties the column.
    package func storingAnswers(_ dialect: Dialect, in migration: Int) -> [String] {
        guard let stored else { return [] }
        let column = "ALTER TABLE \(table) ADD COLUMN \(StoredAnswer.column) TEXT"
        guard dialect == .sqlite else { return [column] }
        let empty = "\(StoredAnswer.column) IS NULL"
        return [
            column, stored.trigger(in: migration),
            "CREATE INDEX \(table)_unstored ON \(table) (tenant_id, id) WHERE \(empty)",
        ]
    }

    /// Returns the answer that a record's row holds.
    func storedValue(of record: R, _ answer: StoredAnswer) -> SQLValue {
        // The first stands for the tenant.
        var values: [SQLValue] = [.null]
        values.reserveCapacity(answer.storedColumns.count + 1)
        for field in fields.prefix(answer.fieldCount) { field.bind(record, &values) }
        return .text(answer.start(of: values).text)
    }

    /// Writes the answers of rows that hold none.
    package func storeAnswers(of ids: [String], in tx: Transaction) throws {
        guard let answer = storedAnswer(in: tx), !ids.isEmpty else { return }
        for record in try all(where: "id IN \(list: ids)", suffix: "ORDER BY row", in: tx) {
            try answer.store(storedValue(of: record, answer), with: record.id.sqlValue, in: tx)
        }
    }
}
