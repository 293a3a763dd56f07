/// Keeps spreadsheets from running a cell. An apostrophe goes in front of a text that begins like a
/// formula, or with apostrophes and then like one; the way back takes one off, so that every text
/// comes back as it was.
package enum FormulaGuard {
    /// Returns a text without the apostrophe that protects it.
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
        case UInt8(ascii: "="), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "@"), 0x09, 0x0D, 0x0A:
            return true
        // Full-width ＝ ＋ － ＠, which some spreadsheets take for the same.
        case 0xEF:
            guard index + 2 < text.count, text[index + 1] == 0xBC else { return false }
            return [0x9D, 0x8B, 0x8D, 0xA0].contains(text[index + 2])
        default: return false
        }
    }

    /// Returns whether a custom value reads like a number or a truth value, apart from apostrophes in front.
    static func isTyped(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        let rest = text.drop { $0 == UInt8(ascii: "'") }
        guard (1...40).contains(rest.count), let first = rest.first else { return false }
        switch first {
        case UInt8(ascii: "t"): return rest.elementsEqual("true".utf8)
        case UInt8(ascii: "f"): return rest.elementsEqual("false".utf8)
        case UInt8(ascii: "0")...UInt8(ascii: "9"):
            return Double(String(decoding: rest, as: UTF8.self)) != nil
        default: return false
        }
    }
}
