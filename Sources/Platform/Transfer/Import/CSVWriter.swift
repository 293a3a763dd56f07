package import Records

/// Writes CSV (RFC 4180, CR LF) into bytes, cell by cell. Texts that a spreadsheet would run as a
/// formula get an apostrophe in front, which `FormulaGuard` takes off again on the way in.
package struct CSVWriter {
    package private(set) var bytes: [UInt8] = []
    private var isRowStart = true

    package init(capacity: Int = 1 << 16) { bytes.reserveCapacity(capacity) }

    /// A cell of free text.
    package mutating func text(_ value: String) {
        var value = value
        value.withUTF8 { text($0) }
    }

    /// A cell of free text in UTF-8.
    package mutating func text(_ value: UnsafeBufferPointer<UInt8>) {
        separate()
        append(value, protecting: FormulaGuard.isDangerous(value))
    }

    /// A value of a custom field. A text that reads like a number or a truth value is marked as text.
    package mutating func customText(_ value: String) {
        var value = value
        value.withUTF8 { value in
            separate()
            append(value, protecting: FormulaGuard.isDangerous(value) || FormulaGuard.isTyped(value))
        }
    }

    package mutating func integer(_ value: Int64) {
        separate()
        appendDigits(value)
    }

    package mutating func number(_ value: Double) {
        separate()
        if value == value.rounded(), abs(value) < 1e15 { return appendDigits(Int64(value)) }
        bytes.append(contentsOf: value.description.utf8)
    }

    package mutating func flag(_ value: Bool) {
        separate()
        bytes.append(contentsOf: (value ? "true" : "false").utf8)
    }

    /// `3000.00 USD`; `amount` in minor units.
    package mutating func money(_ amount: Int64, _ currency: Currency) {
        separate()
        bytes.append(contentsOf: AmountText.format(amount, currency).utf8)
    }

    package mutating func list(_ items: [String], _ kind: CSVList) { text(kind.join(items)) }

    package mutating func empty() { separate() }

    /// A row's first cells, as another writer has written them.
    mutating func cells(_ written: [UInt8]) {
        bytes += written
        isRowStart = false
    }

    package mutating func endRow() {
        bytes.append(0x0D)
        bytes.append(0x0A)
        isRowStart = true
    }

    /// Returns the bytes written so far; the writer goes on empty, with its room.
    package mutating func take() -> [UInt8] {
        let taken = bytes
        bytes.removeAll(keepingCapacity: true)
        return taken
    }

    private mutating func separate() {
        if !isRowStart { bytes.append(UInt8(ascii: ",")) }
        isRowStart = false
    }

    private mutating func append(_ value: UnsafeBufferPointer<UInt8>, protecting: Bool) {
        var needsQuotes = false
        for byte in value where byte <= 0x2C {
            if byte == 0x22 || byte == 0x2C || byte == 0x0A || byte == 0x0D {
                needsQuotes = true
                break
            }
        }
        // Some readers trim blanks at the ends of bare cells.
        if value.first == 0x20 || value.last == 0x20 { needsQuotes = true }
        if !needsQuotes {
            if protecting { bytes.append(UInt8(ascii: "'")) }
            bytes.append(contentsOf: value)
            return
        }
        bytes.append(UInt8(ascii: "\""))
        if protecting { bytes.append(UInt8(ascii: "'")) }
        for byte in value {
            if byte == UInt8(ascii: "\"") { bytes.append(byte) }
            bytes.append(byte)
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func appendDigits(_ value: Int64) {
        if (0..<10).contains(value) { return bytes.append(UInt8(ascii: "0") + UInt8(value)) }
        bytes.append(contentsOf: String(value).utf8)
    }
}
