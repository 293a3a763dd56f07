internal import Agents
package import JSON
internal import Records

/// A row of a file on its way to a record: the body that creating it through the API would have, and what is
/// not yet in it.
package struct TransferRow: ImportedRow {
    /// Counts data rows from 1.
    package let row: Int
    package let cells: [String]
    /// The file is an export of ours.
    package let isOwn: Bool
    /// Filled fields only; for an update, what is absent keeps its old value.
    package var values = JSONObject()
    /// The texts in columns of references and companions.
    package var given: [String: String] = [:]
    /// The texts that an export of ours has for fields that nobody sets.
    package internal(set) var readOnly: [String: String] = [:]
    package internal(set) var faults: [RowFault] = []
    package internal(set) var warnings: [RowFault] = []
    /// Whether nothing is to be made of the row: one of a whole list that says that it is not meant.
    package var isLeftOut = false
    /// The texts that found no place of their own: `Header: text`.
    package internal(set) var leftovers: [String] = []

    init(row: Int, cells: [String], isOwn: Bool) { (self.row, self.cells, self.isOwn) = (row, cells, isOwn) }

    package mutating func fault(_ field: String, _ code: RowFault.Code, _ detail: String) {
        faults.append(RowFault(row: row, field: field, code: code, detail: detail))
    }

    package mutating func leave(_ text: String, from header: String) {
        let line = "\(TextCleaning.line(header)): \(TextCleaning.line(text))"
        if !leftovers.contains(line) { leftovers.append(line) }
    }
}

/// Turns rows of a file into rows of a resource.
struct TransferReading<R: ManagedRecord>: Sendable {
    /// The agency's own settings for reading.
    struct Setting: Sendable {
        /// Where telephone numbers without a country code are dialled, for rows without a country.
        let country: Country?
        /// Of amounts that name no currency.
        let currency: Currency
        let time: WrittenTime
        let customKinds: [String: CustomCell]
    }

    let transfer: Transfer<R>
    let columns: TransferColumns?
    /// For JSON lines: a member's field, or null.
    let explicit: JSONObject
    let setting: Setting

    func row(_ cells: CSVRow) -> TransferRow {
        let columns = columns?.columns ?? []
        var row = TransferRow(row: cells.number, cells: cells.texts, isOwn: self.columns?.isOwn ?? false)
        guard cells.count == columns.count else {
            row.fault(
                "", .columnCount,
                "The row has \(cells.count) cells, but the header has \(columns.count): give it as many.")
            return row
        }
        var waiting: [(index: Int, column: TransferColumns.Column)] = []
        for (index, column) in columns.enumerated() {
            guard let target = column.target, cells.byteCount(index) > 0 else { continue }
            // Numbers wait for the row's country, amounts for its currency.
            switch transfer.writable(target)?.kind {
            case .phone, .money: waiting.append((index, column))
            default: take(cells.text(index), column, into: &row)
            }
        }
        for (index, column) in waiting { take(cells.text(index), column, into: &row) }
        return finished(row)
    }

    func row(_ object: JSONObject, number: Int, excerpt: String) -> TransferRow {
        let isOwn = TransferColumns.marks.allSatisfy { object[$0] != nil }
        var row = TransferRow(row: number, cells: [excerpt], isOwn: isOwn)
        for (name, value) in object.members where !value.isNull {
            let target = explicit[name].map(\.text) ?? name
            guard let target else { continue }
            let column = TransferColumns.Column(header: name, target: target, hints: AmountHints(""))
            if case .string(let text) = value, transfer.isTarget(target) {
                if !text.isEmpty { take(text, column, into: &row, isCell: false) }
            } else if transfer.writable(target) != nil {
                row.values[target] = value
            } else if transfer.companions.contains(target) {
                row.given[target] = value.text ?? value.serialized
            } else if let field = transfer.resource.schema[target], !field.isSecret {
                row.readOnly[target] = value.text ?? value.serialized
            } else {
                row.fault(name, .unknownField, "The field '\(name.prefix(64))' is not known.")
            }
        }
        return finished(row)
    }

    private func finished(_ read: TransferRow) -> TransferRow {
        var row = read
        transfer.settle(&row)
        for field in transfer.resource.fields {
            guard case .email = field.kind, let address = row.values[field.name]?.text else { continue }
            if let slip = RowFault(slipIn: address, of: field.name, row: row.row) {
                row.warnings.append(slip)
            }
        }
        return row
    }

    private func take(
        _ raw: String, _ column: TransferColumns.Column, into row: inout TransferRow, isCell: Bool = true
    ) {
        guard let target = column.target else { return }
        let (name, key) = target.member
        if let key, name == "custom" { return takeCustom(raw, key, isCell: isCell, into: &row) }
        var text = isCell ? FormulaGuard.unprotected(raw) : raw
        if let key {
            let identifier = TextCleaning.line(text)
            if !identifier.isEmpty { row.values.put(.string(identifier), at: key, of: "external_ids") }
            return
        }
        guard let field = transfer.resource.schema[target], !field.isReadOnly else {
            if transfer.resource.schema[target] == nil {
                text = row.isOwn ? text : CellText.cleaned(text)
                if !text.isEmpty, row.given[target] == nil { row.given[target] = text }
            } else {
                row.readOnly[target] = text
            }
            return
        }
        if !row.isOwn { text = CellText.cleaned(text, isBlock: field.kind.isLong, isName: target == "name") }
        if field.isLine, TextRule.lineFault(in: text) != nil { text = TextCleaning.oneLine(text) }
        guard !text.isEmpty else { return }
        let country = row.values["country"]?.text.flatMap { Country($0) } ?? setting.country
        let currency =
            row.given[Transfer<R>.currency].flatMap { Currency($0) } ?? column.hints.currency
            ?? setting.currency
        let reading = TransferCell(
            text: text, time: setting.time, country: country, currency: currency, scale: column.hints.scale,
            words: transfer.words.value[target] ?? [:], field: target)
        switch reading.value(field.kind) {
        case .value(let value): put(value, target, text, column.header, into: &row)
        case .fault(let code, _) where transfer.lenient.contains(target):
            row.leave(text, from: column.header)
            let detail = "'\(text.prefix(100))' could not be read; it is kept in the notes."
            row.warnings.append(RowFault(row: row.row, field: target, code: code, detail: detail))
        case .fault(let code, let detail): row.fault(target, code, detail)
        }
    }

    /// Of two columns for one field the first that is filled wins; lists are put together.
    private func put(
        _ value: JSON, _ target: String, _ text: String, _ header: String, into row: inout TransferRow
    ) {
        guard let present = row.values[target] else {
            row.values[target] = value
            return
        }
        if let old = present.array, let new = value.array {
            row.values[target] = .array(old + new.filter { !old.contains($0) })
        } else if present != value {
            row.leave(text, from: header)
        }
    }

    private func takeCustom(_ raw: String, _ key: String, isCell: Bool, into row: inout TransferRow) {
        let value: JSON
        if row.isOwn {
            value = isCell ? CustomCell.own(raw) : .string(raw)
        } else {
            let text = CellText.cleaned(isCell ? FormulaGuard.unprotected(raw) : raw)
            guard !text.isEmpty else { return }
            switch setting.customKinds[key] {
            case .number:
                guard let number = CellText.number(text) else {
                    return row.fault("custom.\(key)", .wrongType, "'\(text.prefix(100))' is not a number.")
                }
                value = number
            case .flag:
                guard let flag = CellText.flag(text) else {
                    return row.fault(
                        "custom.\(key)", .wrongType, "'\(text.prefix(100))' is not yes or no.")
                }
                value = .bool(flag)
            case .text, nil: value = .string(text)
            }
        }
        row.values.put(value, at: key, of: "custom")
    }
}

extension JSONObject {
    fileprivate mutating func put(_ value: JSON, at key: String, of name: String) {
        var object = self[name]?.object ?? [:]
        object[key] = value
        self[name] = .object(object)
    }
}

extension String {
    /// `custom` and `tier` of `custom.tier`.
    fileprivate var member: (name: String, key: String?) {
        for name in ["custom", "external_ids"] where hasPrefix(name + ".") {
            return (name, String(dropFirst(name.count + 1)))
        }
        return (self, nil)
    }
}

extension FieldKind {
    /// Texts of more than a line.
    fileprivate var isLong: Bool { if case .text(let max) = self { max >= 1000 } else { false } }
}
