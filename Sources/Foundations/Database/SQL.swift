/// A statement's text with `$1`, `$2`, … in the place of its values. Interpolation binds:
///
///     let sql: SQL = "SELECT id FROM leads WHERE tenant_id = \(tenant) AND email = \(email)"
///
/// Text that is not a value comes in as `\(raw:)` (fixed by the programmer), `\(literal:)` (the number of a case) or
/// `\(trusted:)` (made by a declaration, never by a caller). Two pieces are joined with `+`, or by interpolating one
/// into the other. Written-out text must not contain `$` followed by a digit: numbers are given here.
package struct SQL: Sendable {
    /// The text in the portable subset, with numbered parameters.
    package private(set) var text: String
    /// The value of `$n` is at n − 1.
    package private(set) var values: [SQLValue]

    package init() { (text, values) = ("", []) }

    package var isEmpty: Bool { text.isEmpty }

    package static func += (left: inout SQL, right: SQL) {
        left.text +=
            right.values.isEmpty || left.values.isEmpty
            ? right.text : renumbered(right.text, by: left.values.count)
        left.values += right.values
    }

    package static func + (left: SQL, right: SQL) -> SQL {
        var sum = left
        sum += right
        return sum
    }

    fileprivate mutating func append(text more: String) {
        assert(!hasNumberedParameter(more), "a parameter's number was written out in: \(more)")
        text += more
    }

    fileprivate mutating func bind(_ value: SQLValue) {
        values.append(value)
        text += "$"
        text += String(values.count)
    }

    fileprivate mutating func reserve(_ bytes: Int, _ count: Int) {
        text.reserveCapacity(bytes)
        values.reserveCapacity(count)
    }
}

extension SQL: ExpressibleByStringInterpolation {
    package init(stringLiteral value: String) {
        self.init()
        append(text: value)
    }

    package init(stringInterpolation: Interpolation) { self = stringInterpolation.sql }

    /// Makes `\(value)` a bound value, never text.
    package struct Interpolation: StringInterpolationProtocol {
        fileprivate var sql = SQL()

        package init(literalCapacity: Int, interpolationCount: Int) {
            sql.reserve(literalCapacity + 3 * interpolationCount, interpolationCount)
        }

        package mutating func appendLiteral(_ literal: String) { sql.append(text: literal) }

        /// Binds a value.
        package mutating func appendInterpolation(_ value: some SQLConvertible) { sql.bind(value.sqlValue) }

        /// Binds a value, or null.
        package mutating func appendInterpolation(_ value: (some SQLConvertible)?) {
            sql.bind(value?.sqlValue ?? .null)
        }

        /// Inserts another piece, with its values.
        package mutating func appendInterpolation(_ piece: SQL) { sql += piece }

        /// Inserts text that is fixed in the source.
        package mutating func appendInterpolation(raw: StaticString) { sql.append(text: raw.description) }

        /// Inserts text made by a declaration: column and table names. Never anything that a request
        /// carries.
        package mutating func appendInterpolation(trusted: String) { sql.append(text: trusted) }

        /// Inserts text that is declared once.
        package mutating func appendInterpolation(_ text: some SQLText) { sql.append(text: text.description) }

        /// Writes a number out. A value that an index of some rows only is made for has to stand in the text.
        package mutating func appendInterpolation(literal value: some RawRepresentable<Int>) {
            sql.append(text: written(value))
        }

        /// Writes numbers out as a list in brackets.
        package mutating func appendInterpolation(literal values: [some RawRepresentable<Int>]) {
            sql.append(text: written(values))
        }

        /// Binds each value: `($1,$2,$3)`. An empty list is in nothing, and everything is not in it.
        package mutating func appendInterpolation(list: some Collection<some SQLConvertible>) {
            guard !list.isEmpty else { return sql.append(text: "(SELECT NULL WHERE 1 = 0)") }
            sql.append(text: "(")
            var isFirst = true
            for value in list {
                if !isFirst { sql.append(text: ",") }
                isFirst = false
                sql.bind(value.sqlValue)
            }
            sql.append(text: ")")
        }
    }
}

/// Text that several statements have in common and that holds no values: a condition, a list of columns. The texts of a
/// `Statement` and of `SQL` take it alike.
package protocol SQLText: CustomStringConvertible, Sendable {}

extension DefaultStringInterpolation {
    /// Writes out the number of a case in the text of a `Statement`.
    package mutating func appendInterpolation(literal value: some RawRepresentable<Int>) {
        appendLiteral(written(value))
    }

    /// Writes numbers out as a list in brackets.
    package mutating func appendInterpolation(literal values: [some RawRepresentable<Int>]) {
        appendLiteral(written(values))
    }
}

private func written(_ value: some RawRepresentable<Int>) -> String { String(value.rawValue) }

private func written(_ values: [some RawRepresentable<Int>]) -> String {
    "(\(values.map { written($0) }.joined(separator: ", ")))"
}

extension Collection<SQL> {
    /// The pieces with a separator between each two, say `" AND "`.
    package func joined(separator: SQL) -> SQL {
        var result = SQL()
        for (index, piece) in enumerated() {
            if index > 0 { result += separator }
            result += piece
        }
        return result
    }
}

extension String {
    /// The text as a literal of SQL.
    var asLiteral: String {
        "'" + split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
    }

    /// The name as an identifier of SQL.
    var asIdentifier: String {
        "\"" + split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }
}

private func hasNumberedParameter(_ text: String) -> Bool {
    var afterDollar = false
    for byte in text.utf8 {
        if afterDollar, isDigit(byte) { return true }
        afterDollar = byte == UInt8(ascii: "$")
    }
    return false
}

private func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

/// The text with each parameter's number raised by `offset`.
private func renumbered(_ text: String, by offset: Int) -> String {
    let bytes = Array(text.utf8)
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count + 8)
    var index = 0
    while index < bytes.count {
        result.append(bytes[index])
        index += 1
        guard bytes[index - 1] == UInt8(ascii: "$"), index < bytes.count, isDigit(bytes[index]) else {
            continue
        }
        var number = 0
        while index < bytes.count, isDigit(bytes[index]) {
            number = number * 10 + Int(bytes[index] - 0x30)
            index += 1
        }
        result.append(contentsOf: String(number + offset).utf8)
    }
    return String(decoding: result, as: UTF8.self)
}
