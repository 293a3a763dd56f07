package import Database
internal import JSON
internal import Nouns
internal import Telemetry
package import Wire

/// Writes the columns of a row straight into a response as JSON, without building the record.
package struct RowWriter: Sendable {
    /// Where its `,"name":` lies in `keys`: a part holds nothing that would have to be retained.
    private struct Part: Sendable {
        let keyStart: Int, keyCount: Int
        let storage: FieldKind.Storage
        let column: Int
    }

    private let parts: [Part]
    private let keys: [UInt8]
    /// The columns to select, in order, after `row`.
    package let columns: [String]

    package init<R>(_ fields: [Field<R>]) { self.init(fields, from: 1, continues: false) }

    /// `place` is that of the first column in the row. `continues`: members stand before those of the fields.
    init<R>(_ fields: [Field<R>], from place: Int, continues: Bool) {
        var parts: [Part] = [], columns: [String] = [], keys: [UInt8] = []
        for field in fields where !field.isSecret {
            let key = "\(parts.isEmpty && !continues ? "{" : ",")\"\(field.name)\":".utf8
            parts.append(
                Part(
                    keyStart: keys.count, keyCount: key.count, storage: field.kind.storage,
                    column: columns.count + place))
            keys += key
            columns += field.columns
        }
        self.parts = parts
        self.keys = keys + [UInt8](repeating: 0, count: OutputBuffer.shortMax)
        self.columns = columns
    }

    package func write(_ row: Row, to output: OutputBuffer) {
        writeMembers(of: row, to: output)
        output.append("}")
    }

    /// Writes all but the closing brace.
    func writeMembers(of row: Row, to output: OutputBuffer) {
        keys.withUnsafeBufferPointer { keys in
            parts.withUnsafeBufferPointer { write($0, keys, row, to: output) }
        }
    }

    private func write(
        _ parts: UnsafeBufferPointer<Part>, _ keys: UnsafeBufferPointer<UInt8>, _ row: Row,
        to output: OutputBuffer
    ) {
        guard let keys = keys.baseAddress else { return }
        for part in parts {
            if part.keyCount <= OutputBuffer.shortMax {
                output.appendShort(keys + part.keyStart, part.keyCount)
            } else {
                output.append(UnsafeBufferPointer(start: keys + part.keyStart, count: part.keyCount))
            }
            switch (row.cell(part.column), part.storage) {
            case (.null, _): output.appendNull()
            case (.bytes(let json), .json): output.append(json)
            case (.bytes(let text), _):
                output.append(UInt8(ascii: "\""))
                output.appendJSONEscaped(text)
                output.append(UInt8(ascii: "\""))
            case (.integer(let value), .instant): output.appendInstant(Instant(microseconds: value))
            case (.integer(let value), .boolean): output.append(value == 0 ? "false" : "true")
            case (.integer(let amount), .money):
                output.append("{\"amount\":")
                output.appendInteger(amount)
                output.append(",\"currency\":\"")
                row.withText(part.column + 1) { output.appendJSONEscaped($0) }
                output.append("\"}")
            case (.integer(let value), _): output.appendInteger(value)
            case (.real(let value), _): output.append(JSON.number(value).bytes)
            }
        }
    }

    /// Writes the same from the values that are bound to the columns, which have the places of the row's. Returns where
    /// each member ends.
    @discardableResult
    func writeMembers(of values: [SQLValue], to output: OutputBuffer) -> [Int] {
        var ends: [Int] = []
        ends.reserveCapacity(parts.count)
        for part in parts {
            keys.withUnsafeBufferPointer { keys in
                output.append(
                    UnsafeBufferPointer(rebasing: keys[part.keyStart..<part.keyStart + part.keyCount]))
            }
            switch (values[part.column], part.storage) {
            case (.null, _): output.appendNull()
            case (.text(let json), .json): output.appendString(json)
            case (.text(let text), _): output.appendJSONString(text)
            case (.id(let id), _):
                output.append(UInt8(ascii: "\""))
                id.withUTF8 { output.append($0) }
                output.append(UInt8(ascii: "\""))
            case (.integer(let value), .instant): output.appendInstant(Instant(microseconds: value))
            case (.integer(let value), .boolean): output.append(value == 0 ? "false" : "true")
            case (.integer(let amount), .money):
                output.append("{\"amount\":")
                output.appendInteger(amount)
                output.append(",\"currency\":\"")
                if case .text(let currency) = values[part.column + 1] { output.appendJSONEscaped(currency) }
                output.append("\"}")
            case (.integer(let value), .real): output.append(JSON.number(Double(value)).bytes)
            case (.integer(let value), _): output.appendInteger(value)
            case (.real(let value), _): output.append(JSON.number(value).bytes)
            case (.blob, _): preconditionFailure("a field is bound to bytes")
            }
            ends.append(output.count)
        }
        return ends
    }
}
