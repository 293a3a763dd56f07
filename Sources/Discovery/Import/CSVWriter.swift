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

    package mutating func endRow() {
        bytes.append(0x0D)
        bytes.append(0x0A)
        isRowStart = true
    }

    /// What was written so far; the writer goes on empty, with its room.
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

/// Keeps spreadsheets from running a cell. An apostrophe goes in front of a text that begins like a
/// formula, or with apostrophes and then like one; the way back takes one off, so that every text
/// comes back as it was.
package enum FormulaGuard {
    /// Without the apostrophe that protects it.
    package static func unprotected(_ text: String) -> String {
        guard text.utf8.first == UInt8(ascii: "'") else { return text }
        var copy = text
        return copy.withUTF8 { isDangerous($0) } ? String(text.dropFirst(1)) : text
    }

    static func isDangerous(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        var index = 0
        while index < text.count, text[index] == UInt8(ascii: "'") { index += 1 }
        guard index < text.count else { return false }
        switch text[index] {
        case UInt8(ascii: "="), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "@"), 0x09, 0x0D, 0x0A: return true
        // Full-width ＝ ＋ － ＠, which some spreadsheets take for the same.
        case 0xEF:
            guard index + 2 < text.count, text[index + 1] == 0xBC else { return false }
            return [0x9D, 0x8B, 0x8D, 0xA0].contains(text[index + 2])
        default: return false
        }
    }

    /// Whether a custom value reads like a number or a truth value, apart from apostrophes in front.
    static func isTyped(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        let rest = text.drop { $0 == UInt8(ascii: "'") }
        guard (1...40).contains(rest.count), let first = rest.first else { return false }
        switch first {
        case UInt8(ascii: "t"): return rest.elementsEqual("true".utf8)
        case UInt8(ascii: "f"): return rest.elementsEqual("false".utf8)
        case UInt8(ascii: "0")...UInt8(ascii: "9"): return Double(String(decoding: rest, as: UTF8.self)) != nil
        default: return false
        }
    }
}

/// Several texts in one cell: joined with `; `, marks inside them escaped with a backslash. Every list
/// of texts that are not empty comes back as it was.
package enum CSVList: Sendable {
    /// A comma parts items, too, when a cell is read; so one inside an item is escaped.
    case tags
    /// Items are sentences: commas are theirs.
    case sentences

    package func join(_ items: [String]) -> String { items.filter { !$0.isEmpty }.map(escaped).joined(separator: "; ") }

    /// The items, in order, without blanks around them and without empty ones.
    package func split(_ text: String) -> [String] {
        var items: [String] = []
        var item: [UInt8] = []
        // Blanks up to here were escaped and stay.
        var keptEnd = 0
        var isEscaped = false
        func close() {
            while item.count > keptEnd, item[item.count - 1] <= 0x20 { item.removeLast() }
            if !item.isEmpty { items.append(String(decoding: item, as: UTF8.self)) }
            item.removeAll(keepingCapacity: true)
            keptEnd = 0
        }
        let bytes = Array(text.utf8)
        for (index, byte) in bytes.enumerated() {
            if isEscaped {
                item.append(byte)
                keptEnd = item.count
                isEscaped = false
            } else if byte == UInt8(ascii: "\\"), index + 1 < bytes.count, isEscapable(bytes[index + 1]) {
                isEscaped = true
            } else if isSeparator(byte) {
                close()
            } else if byte > 0x20 || !item.isEmpty {
                item.append(byte)
            }
        }
        close()
        return items
    }

    private func isSeparator(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ";") || byte == 0x0A || self == .tags && byte == UInt8(ascii: ",")
    }

    private func isEscapable(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "\\") || isSeparator(byte) || byte <= 0x20 }

    private func escaped(_ item: String) -> String {
        let bytes = Array(item.utf8)
        guard bytes.contains(where: { isEscapable($0) && $0 != 0x20 }) || bytes[0] == 0x20 || bytes[bytes.count - 1] == 0x20
        else { return item }
        var result: [UInt8] = []
        for (index, byte) in bytes.enumerated() {
            let isEdge = index == 0 || index == bytes.count - 1
            if byte == UInt8(ascii: "\\") || isSeparator(byte) || byte <= 0x20 && (isEdge || byte != 0x20) {
                result.append(UInt8(ascii: "\\"))
            }
            result.append(byte)
        }
        return String(decoding: result, as: UTF8.self)
    }
}
