internal import Database
internal import JSON
package import Records
internal import Telemetry

/// Records as CSV: a column for each field, for each declared custom field and other system, and for the
/// names by which other records are known elsewhere. What it writes, an import reads back as it was.
package struct RecordCSV<R: Record>: Sendable {
    private enum Cell: Sendable { case text, integer, number, flag, instant, money, json, list(CSVList) }

    private struct Column: Sendable {
        let name: String
        let cell: Cell
        let index: Int
    }

    private let columns: [Column]
    private let customIndex: Int, externalIndex: Int
    private let members: TransferMembers
    let references: [TransferReference]
    /// Where the identifiers of `references` lie in a row.
    private let referenceIndexes: [Int]

    package init(
        _ resource: Resource<R>, _ members: TransferMembers = TransferMembers(),
        _ references: [TransferReference] = []
    ) {
        var columns: [Column] = [], index = 1, places: [String: Int] = [:]
        for field in resource.fields where !field.isSecret {
            if let cell = Self.cell(of: field) {
                columns.append(Column(name: field.name, cell: cell, index: index))
            }
            places[field.name] = index
            index += field.columns.count
        }
        self.columns = columns
        customIndex = places["custom"] ?? 0
        externalIndex = places["external_ids"] ?? 0
        self.members = members
        self.references = references.filter { places[$0.field] != nil }
        referenceIndexes = self.references.map { places[$0.field] ?? 0 }
    }

    private static func cell(of field: Field<R>) -> Cell? {
        switch field.kind {
        case .integer: .integer
        case .number: .number
        case .boolean: .flag
        case .instant: .instant
        case .money: .money
        case .texts, .ids: .list(CSVList(field: field.name))
        case .custom, .externalIDs: nil
        case .document, .part, .parts: field.isReadOnly ? nil : .json
        default: .text
        }
    }

    func writeHeader(to writer: inout CSVWriter) {
        for column in columns { writer.text(column.name) }
        for key in members.customKeys { writer.text("custom.\(key)") }
        for system in members.systems { writer.text("external_ids.\(system)") }
        for column in references.flatMap(\.columns) { writer.text(column) }
        writer.endRow()
    }

    /// The cells of a row of `SELECT row, <columns of the resource's row writer>`, but for those of
    /// references.
    func write(_ row: Row, to writer: inout CSVWriter) {
        for column in columns {
            guard !row.isNull(column.index) else {
                writer.empty()
                continue
            }
            switch column.cell {
            case .text, .json: row.withText(column.index) { writer.text($0) }
            case .integer: writer.integer(row.int64(column.index))
            case .number: writer.number(row.double(column.index))
            case .flag: writer.flag(row.bool(column.index))
            case .instant: writer.text(row.instant(column.index).description)
            case .money:
                writer.money(row.int64(column.index), Currency(row.text(column.index + 1)) ?? .dollar)
            case .list(let list):
                let items = JSON(stored: row.text(column.index)).array?.compactMap(\.text) ?? []
                writer.list(items, list)
            }
        }
        writeMembers(row, customIndex, members.customKeys, to: &writer) { $0.customText($1) }
        // Identifiers are texts, whatever they read like.
        writeMembers(row, externalIndex, members.systems, to: &writer) { $0.text($1) }
    }

    /// Returns the identifiers that the references of a row hold.
    func referred(_ row: Row) -> [String?] { referenceIndexes.map { row.optionalText($0) } }

    private func writeMembers(
        _ row: Row, _ index: Int, _ keys: [String], to writer: inout CSVWriter,
        text write: (inout CSVWriter, String) -> Void
    ) {
        guard !keys.isEmpty else { return }
        let object = JSON(stored: row.text(index)).object ?? [:]
        for key in keys {
            switch object[key] {
            case .string(let text): write(&writer, text)
            case .integer(let number): writer.integer(number)
            case .number(let number): writer.number(number)
            case .bool(let flag): writer.flag(flag)
            default: writer.empty()
            }
        }
    }
}

extension CSVList {
    /// Chooses the way in which a field's items are separated.
    package init(field name: String) { self = name == "tags" ? .tags : .sentences }
}

/// The names of what an agency adds to a resource itself.
package struct TransferMembers: Sendable {
    /// The kinds of values of declared custom fields.
    package var customKinds: [String: CustomCell] = [:]
    /// Other systems whose identifiers records have.
    package var systems: [String] = []

    var customKeys: [String] { customKinds.keys.sorted() }

    package init() {}

    package init(customKinds: [String: CustomCell], systems: [String]) {
        (self.customKinds, self.systems) = (customKinds, systems)
    }
}
