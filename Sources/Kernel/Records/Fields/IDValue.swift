package import Database
package import JSON
package import Nouns
package import Wire

extension ID: FieldValue {
    package init?(json: JSON) {
        guard let text = json.text else { return nil }
        self.init(text)
    }
    package init(row: Row, column: Int) {
        self.init(row, column)
    }
    package var json: JSON { .string(text) }
    package func bind(into values: inout [SQLValue]) { values.append(.id(untyped)) }
    package func write(to output: OutputBuffer) {
        output.append("\"")
        untyped.withUTF8 { unsafe output.append($0) }
        output.append("\"")
    }
}

extension ID: ListItem {}

extension ID {
    /// Reads an identifier that is stored for every row.
    package init(_ row: Row, _ column: Int) {
        guard let value = row.uniqueID(column, behind: Subject.idPrefix) else {
            preconditionFailure("a stored \(Subject.idPrefix) id is malformed")
        }
        self.init(value)
    }
}

extension Row {
    /// Reads an identifier; `nil` where the column is null, or holds another's.
    package func id<Subject: Identified>(_ column: Int, of type: Subject.Type = Subject.self) -> ID<Subject>?
    {
        guard let value = uniqueID(column, behind: Subject.idPrefix) else { return nil }
        return ID(value)
    }

    /// Reads the identifier of a record in the same way.
    package func id<R: Record>(_ column: Int, of type: R.Type) -> ID<R.Identity>? {
        id(column, of: R.Identity.self)
    }
}

extension ColumnReader {
    /// Reads an identifier that is stored for every row.
    package mutating func id<Subject: Identified>(_ name: String) -> ID<Subject> {
        if let value = uniqueID(name, behind: Subject.idPrefix) { return ID(value) }
        precondition(!hasRow, "a stored \(Subject.idPrefix) id is malformed")
        return .unset
    }

    /// Reads an identifier; `nil` where the column is null, or holds another's.
    package mutating func optionalID<Subject: Identified>(_ name: String) -> ID<Subject>? {
        guard let value = uniqueID(name, behind: Subject.idPrefix) else { return nil }
        return ID(value)
    }
}

extension JSON {
    /// The text of an identifier.
    package init<Subject>(_ id: ID<Subject>) { self = .string(id.text) }

    /// The text of an identifier, or null.
    package init<Subject>(_ id: ID<Subject>?) { self = id.map { .string($0.text) } ?? .null }

    package init<Subject>(_ ids: [ID<Subject>]) { self = .array(ids.map { JSON($0) }) }

    /// Reads an identifier of the wanted type; `nil` for anything else.
    package func id<Subject: Identified>(of type: Subject.Type = Subject.self) -> ID<Subject>? {
        text.flatMap { ID($0) }
    }

    /// Reads the identifier of a record; `nil` for anything else.
    package func id<R: Record>(of type: R.Type) -> ID<R.Identity>? { id(of: R.Identity.self) }
}

extension RunID: FieldValue {
    package init?(json: JSON) {
        guard let text = json.text else { return nil }
        self.init(text)
    }
    package init(row: Row, column: Int) {
        guard let id = RunID(row.text(column)) else {
            preconditionFailure("a stored id of a run is malformed")
        }
        self = id
    }
    package var json: JSON { .string(text) }
    package func bind(into values: inout [SQLValue]) { values.append(.id(untyped)) }
}

extension ColumnReader {
    /// Reads the identifier of a run; `nil` where the column is null.
    package mutating func optionalRunID(_ name: String) -> RunID? { optionalText(name).flatMap { RunID($0) } }
}

extension JSON {
    /// The text of a run's identifier, or null.
    package init(_ id: RunID?) { self = id.map { .string($0.text) } ?? .null }
}
