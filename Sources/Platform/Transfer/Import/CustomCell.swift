package import JSON
internal import Records

/// The way in which a cell of a custom field is read.
package enum CustomCell: Sendable {
    case text, number, flag

    /// A cell that we wrote: a number or a truth value, unless an apostrophe says that it is a text.
    package static func own(_ text: String) -> JSON {
        var copy = text
        let isTyped = copy.withUTF8 { FormulaGuard.isTyped($0) || FormulaGuard.isDangerous($0) }
        if text.utf8.first == UInt8(ascii: "'"), isTyped { return .string(String(text.dropFirst())) }
        if isTyped || text.hasPrefix("-"), let value = CellText.number(text) { return value }
        if let flag = ["true": true, "false": false][text] { return .bool(flag) }
        return .string(text)
    }
}
