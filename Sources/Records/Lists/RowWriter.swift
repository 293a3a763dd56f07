package import Database
package import HTTPServer
internal import JSON
internal import Telemetry

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

    package init<R>(_ fields: [Field<R>]) {
        var parts: [Part] = [], columns: [String] = [], keys: [UInt8] = []
        for field in fields where !field.isSecret {
            let key = "\(parts.isEmpty ? "{" : ",")\"\(field.name)\":".utf8
            parts.append(
                Part(keyStart: keys.count, keyCount: key.count, storage: field.kind.storage, column: columns.count + 1))
            keys += key
            columns += field.columns
        }
        self.parts = parts
        self.keys = keys
        self.columns = columns
    }

    package func write(_ row: Row, to output: OutputBuffer) {
        keys.withUnsafeBufferPointer { keys in
            parts.withUnsafeBufferPointer { write($0, keys, row, to: output) }
        }
        output.append("}")
    }

    private func write(
        _ parts: UnsafeBufferPointer<Part>, _ keys: UnsafeBufferPointer<UInt8>, _ row: Row, to output: OutputBuffer
    ) {
        for part in parts {
            output.append(UnsafeBufferPointer(rebasing: keys[part.keyStart..<part.keyStart + part.keyCount]))
            if row.isNull(part.column) {
                output.append("null")
                continue
            }
            switch part.storage {
            case .text:
                output.append("\"")
                unsafe row.withText(part.column) { unsafe output.appendJSONEscaped($0) }
                output.append("\"")
            case .integer: output.appendInteger(row.int64(part.column))
            case .real: output.append(JSON.number(row.double(part.column)).bytes)
            case .boolean: output.append(row.bool(part.column) ? "true" : "false")
            case .instant: output.appendInstant(row.instant(part.column))
            case .json: unsafe row.withText(part.column) { unsafe output.append($0) }
            case .money:
                output.append("{\"amount\":")
                output.appendInteger(row.int64(part.column))
                output.append(",\"currency\":\"")
                unsafe row.withText(part.column + 1) { unsafe output.appendJSONEscaped($0) }
                output.append("\"}")
            }
        }
    }
}
