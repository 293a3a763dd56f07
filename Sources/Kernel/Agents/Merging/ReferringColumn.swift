package import Database
package import JSON
package import Jobs
internal import Nouns
internal import Records

/// A column that names records of a table: a resource declares it, or a module that has a table of its own.
package struct ReferringColumn: Sendable {
    /// The table of the records that it names.
    let target: String
    let table: String, column: String
    /// The column that tells the rows about one record apart: a resource's ids, or another one; an empty text where a
    /// record has one row at most.
    let key: String
    /// Whether a record has each key once, so that of two rows with the same one cannot move to the other's record.
    let isUnique: Bool
    /// The noun of records whose changes are events.
    let noun: String?
    /// The column that is 1 in rows which have moved; an empty text where none is.
    let mark: String

    /// Declares a column of a table that is no resource's; `once`: the other column of its key, `marking`: one that is
    /// 1 in rows which have moved.
    package init(
        _ table: String, _ column: String, of target: String, once key: String? = nil,
        marking mark: String = ""
    ) {
        (self.table, self.column, self.target) = (table, column, target)
        (self.key, isUnique, noun, self.mark) = (key ?? "''", true, nil, mark)
    }

    private init(_ table: String, _ column: String, of target: String, noun: String?) {
        (self.table, self.column, self.target) = (table, column, target)
        (key, isUnique, self.noun, mark) = ("id", false, noun, "")
    }

    package var place: String { "\(table).\(column)" }

    /// Returns the columns by which a resource declares that its records name others, one each.
    static func declared<R: Record>(by type: R.Type) -> [ReferringColumn] {
        R.resource.fields.compactMap { field in
            guard case .id = field.kind, let target = field.refers?.table else { return nil }
            return ReferringColumn(
                R.resource.table, field.column, of: target, noun: R.managed == nil ? nil : R.noun)
        }
    }
}

/// Keeps in step what no column says when records become one, and when that is taken back.
package protocol MergeListener: Sendable {
    /// The name under which it finds again what it has noted: stored, never renamed.
    var name: String { get }
    /// Hears that a record, which is still there, goes on as another of its kind; returns what it takes to undo that.
    func merged(_ gone: Subject, into kept: Subject, in tx: Transaction) throws -> JSON
    /// Hears that the record is there again, on its own.
    func unmerged(_ gone: Subject, from kept: Subject, _ noted: JSON, in tx: Transaction) throws
}

extension JobRegistration {
    /// Declares a column of a table that is no resource's and names records that may be merged.
    package mutating func add(_ column: ReferringColumn) { self[AgentsDraft.self].columns.append(column) }

    package mutating func add(_ listener: some MergeListener) {
        self[AgentsDraft.self].mergeListeners.append(listener)
    }
}
