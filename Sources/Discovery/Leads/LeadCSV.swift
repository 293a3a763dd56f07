internal import Database
internal import JSON
internal import Messaging
internal import Records
internal import Telemetry

/// Leads as CSV: a column for each field, and one for each declared custom field. What it writes, an
/// import reads back as it was.
struct LeadCSV: Sendable {
    private enum Cell: Sendable { case text, integer, number, flag, instant, money, tags, painPoints }

    private struct Column: Sendable {
        let name: String
        let cell: Cell
        let index: Int
    }

    private let columns: [Column]
    private let customIndex: Int, externalIndex: Int
    private let customKeys: [String], systems: [String]

    init(customKeys: [String], systems: [String]) {
        var columns: [Column] = [], index = 1, places: [String: Int] = [:]
        for field in Lead.resource.fields where !field.isSecret {
            let cell: Cell? =
                switch field.kind {
                case .integer: .integer
                case .number: .number
                case .boolean: .flag
                case .instant: .instant
                case .money: .money
                case .texts: field.name == "tags" ? .tags : .painPoints
                case .custom, .externalIDs, .document: nil
                default: .text
                }
            if let cell {
                columns.append(Column(name: field.name, cell: cell, index: index))
            } else {
                places[field.name] = index
            }
            index += field.columns.count
        }
        self.columns = columns
        customIndex = places["custom"] ?? 0
        externalIndex = places["external_ids"] ?? 0
        (self.customKeys, self.systems) = (customKeys, systems)
    }

    func writeHeader(to writer: inout CSVWriter) {
        for column in columns { writer.text(column.name) }
        for key in customKeys { writer.text("custom.\(key)") }
        for system in systems { writer.text("external_ids.\(system)") }
        writer.endRow()
    }

    /// A row of `SELECT row, <columns of the resource's row writer>`.
    func write(_ row: Row, to writer: inout CSVWriter) {
        for column in columns {
            guard !row.isNull(column.index) else {
                writer.empty()
                continue
            }
            switch column.cell {
            case .text: row.withText(column.index) { writer.text($0) }
            case .integer: writer.integer(row.int64(column.index))
            case .number: writer.number(row.double(column.index))
            case .flag: writer.flag(row.bool(column.index))
            case .instant: writer.text(row.instant(column.index).description)
            case .money:
                writer.money(row.int64(column.index), Currency(row.text(column.index + 1)) ?? .dollar)
            case .tags, .painPoints:
                let items = JSON(stored: row.text(column.index)).array?.compactMap(\.text) ?? []
                writer.list(items, column.cell == .tags ? .tags : .sentences)
            }
        }
        writeMembers(row, customIndex, customKeys, to: &writer)
        writeMembers(row, externalIndex, systems, to: &writer)
        writer.endRow()
    }

    private func writeMembers(_ row: Row, _ index: Int, _ keys: [String], to writer: inout CSVWriter) {
        guard !keys.isEmpty else { return }
        let object = JSON(stored: row.text(index)).object ?? [:]
        for key in keys {
            switch object[key] {
            case .string(let text): writer.customText(text)
            case .integer(let number): writer.integer(number)
            case .number(let number): writer.number(number)
            case .bool(let flag): writer.flag(flag)
            default: writer.empty()
            }
        }
    }
}

extension Reader {
    /// The columns that this agency's export has.
    func leadCSV() throws -> LeadCSV {
        let systems = try all(
            "SELECT DISTINCT system FROM external_ids WHERE tenant_id = \(tenant) AND resource = 'lead' ORDER BY system"
        ) { $0.text(0) }
        return LeadCSV(customKeys: try customFields(of: .lead).keys.sorted(), systems: systems)
    }
}
