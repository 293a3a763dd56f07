package import Database
package import JSON
package import Nouns
internal import Records

/// The way in which the rows of one file become records: leads have their own way, other resources share one.
package protocol RowImport: Sendable {
    associatedtype Item: ImportedRow
    /// The state that a chunk gathers until it ends.
    associatedtype Chunk

    /// `lead`: in the audit.
    var noun: String { get }
    /// Each header's field, null where it is left out; empty for JSON lines.
    var mapping: JSONObject { get }

    func item(_ row: CSVRow) -> Item
    /// `excerpt` is the line as it stands in the file.
    func item(_ object: JSONObject, row: Int, excerpt: String) -> Item
    func unreadable(_ fault: RowFault, cells: [String]) -> Item

    func begin(_ items: [Item], of record: Import, in tx: Transaction) throws -> Chunk
    func bringIn(
        _ item: Item, of record: Import, _ chunk: inout Chunk, in tx: Transaction
    ) throws -> RowOutcome
    func end(_ chunk: Chunk, in tx: Transaction) throws
    /// Does what follows once all rows are imported.
    func finished(in tx: Transaction) throws
}

/// A row, read, normalised and checked: what the writer need not do.
package protocol ImportedRow: Sendable {
    /// Counts data rows from 1.
    var row: Int { get }
    /// Not empty: the row is not to be written.
    var faults: [RowFault] { get }
    /// Warnings about a row that is imported nevertheless.
    var warnings: [RowFault] { get }
    /// The row's own cells, kept when it has faults or warnings.
    var cells: [String] { get }
}

extension ImportedRow {
    package var warnings: [RowFault] { [] }
}

/// The outcome of a row.
package enum RowOutcome: Sendable {
    /// The record that was created.
    case created(UntypedID)
    /// The record that was changed, and what the changed fields held before.
    case updated(UntypedID, before: JSONObject)
    case skipped
    /// A record was created although a similar one exists.
    case createdBeside(UntypedID, RowFault)
}

/// Rows on their way from the file to the writer.
package struct ImportBatch<Item: Sendable>: Sendable {
    package var items: [Item] = []
    /// Rows of the file before these.
    var start = 0
    var checkpoint = JSON.null
    /// 0–1 of the file.
    var progress = 0.0
}
