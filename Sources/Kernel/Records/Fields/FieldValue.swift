package import Database
package import JSON
package import Telemetry
package import Wire

/// A Swift type that a field can have. `init(json:)` receives only what its field's kind has
/// validated, so it answers `nil` for programming errors alone.
package protocol FieldValue: Sendable, Equatable {
    init?(json: JSON)
    /// Reads the value at `column`; money takes two columns.
    init(row: Row, column: Int)
    var json: JSON { get }
    func bind(into values: inout [SQLValue])
    func write(to output: OutputBuffer)
    /// Adds its texts to those that a search looks through, each with a space behind it.
    func appendWords(to text: inout String)
    static var isOptional: Bool { get }
    /// Nothing is there: null, or an empty list or object.
    var isAbsent: Bool { get }
    /// The value that the field holds when a body does not name it; `nil`: it has to be named.
    static var absent: Self? { get }
}

extension FieldValue {
    package static var isOptional: Bool { false }
    package var isAbsent: Bool { false }
    package static var absent: Self? { nil }
    package func write(to output: OutputBuffer) { output.append(json.bytes) }
    package func appendWords(to text: inout String) {
        switch json {
        case .string(let value): value.appendWords(to: &text)
        case .array(let items): for item in items { item.text?.appendWords(to: &text) }
        default: break
        }
    }
}

extension String: FieldValue {
    package init?(json: JSON) {
        guard let text = json.text else { return nil }
        self = text
    }
    package init(row: Row, column: Int) { self = row.text(column) }
    package var json: JSON { .string(self) }
    package func bind(into values: inout [SQLValue]) { values.append(.text(self)) }
    package func write(to output: OutputBuffer) { output.appendJSONString(self) }
    package func appendWords(to text: inout String) {
        text += self
        text += " "
    }
}

extension Int: FieldValue {
    package init?(json: JSON) {
        guard let value = json.int else { return nil }
        self.init(value)
    }
    package init(row: Row, column: Int) { self = row.int(column) }
    package var json: JSON { .integer(Int64(self)) }
    package func bind(into values: inout [SQLValue]) { values.append(.integer(Int64(self))) }
    package func write(to output: OutputBuffer) { output.appendInteger(Int64(self)) }
}

extension Double: FieldValue {
    package init?(json: JSON) {
        guard let value = json.double else { return nil }
        self = value
    }
    package init(row: Row, column: Int) { self = row.double(column) }
    package var json: JSON { .number(self) }
    package func bind(into values: inout [SQLValue]) { values.append(.real(self)) }
}

extension Bool: FieldValue {
    package init?(json: JSON) {
        guard let value = json.flag else { return nil }
        self = value
    }
    package init(row: Row, column: Int) { self = row.bool(column) }
    package var json: JSON { .bool(self) }
    package func bind(into values: inout [SQLValue]) { values.append(.integer(self ? 1 : 0)) }
    package func write(to output: OutputBuffer) { output.append(self ? "true" : "false") }
}

extension Instant: FieldValue {
    package init?(json: JSON) {
        guard let text = json.text else { return nil }
        self.init(text)
    }
    package init(row: Row, column: Int) { self = row.instant(column) }
    package var json: JSON { .string(description) }
    package func bind(into values: inout [SQLValue]) { values.append(.integer(microseconds)) }
    package func write(to output: OutputBuffer) { output.appendInstant(self) }
}

extension Money: FieldValue {
    package init?(json: JSON) {
        guard let amount = json["amount"]?.int, let currency = json["currency"]?.text else { return nil }
        self.init(amount: amount, currency: currency)
    }
    package init(row: Row, column: Int) {
        self.init(amount: row.int64(column), currency: row.text(column + 1))
    }
    package func bind(into values: inout [SQLValue]) { values += [.integer(amount), .text(currency)] }
}

extension JSONObject: FieldValue {
    package init?(json: JSON) {
        guard let object = json.object else { return nil }
        self = object
    }
    package init(row: Row, column: Int) { self = JSON(stored: row.text(column)).object ?? [:] }
    package var json: JSON { .object(self) }
    package func bind(into values: inout [SQLValue]) {
        values.append(.text(isEmpty ? "{}" : json.serialized))
    }
    package static var absent: JSONObject? { [:] }
    package var isAbsent: Bool { isEmpty }
}

extension JSON: FieldValue {
    package init?(json: JSON) { self = json }
    package init(row: Row, column: Int) { self = row.isNull(column) ? .null : JSON(stored: row.text(column)) }
    package var json: JSON { self }
    package func bind(into values: inout [SQLValue]) { values.append(isNull ? .null : .text(serialized)) }
    package static var isOptional: Bool { true }
    package static var absent: JSON? { .some(.null) }
    package var isAbsent: Bool { isNull }

    /// A document that we stored ourselves.
    package init(stored text: String) { self = (try? JSONParser.parse(text)) ?? .null }
}

/// A type that lists of a field hold.
package protocol ListItem: Sendable, Equatable {
    init?(json: JSON)
    var json: JSON { get }
}

extension String: ListItem {}

extension Array: FieldValue where Element: ListItem {
    package init?(json: JSON) {
        guard let items = json.array else { return nil }
        self = items.compactMap { Element(json: $0) }
    }
    package init(row: Row, column: Int) {
        self = row.isNull(column) ? [] : Self(json: JSON(stored: row.text(column))) ?? []
    }
    package var json: JSON { .array(map { $0.json }) }
    package func bind(into values: inout [SQLValue]) {
        values.append(.text(isEmpty ? "[]" : json.serialized))
    }
    package static var absent: Self? { [] }
    package var isAbsent: Bool { isEmpty }
}

/// An enumeration of texts: one of a closed set.
package protocol Choice: RawRepresentable<String>, CaseIterable, FieldValue, Hashable {}

extension Choice {
    package init?(json: JSON) {
        guard let text = json.text else { return nil }
        self.init(rawValue: text)
    }
    package init(row: Row, column: Int) {
        let text = row.text(column)
        guard let value = Self(rawValue: text) else {
            preconditionFailure("a stored choice is unknown: \(text)")
        }
        self = value
    }
    package var json: JSON { .string(rawValue) }
    package func bind(into values: inout [SQLValue]) { values.append(.text(rawValue)) }
    package func write(to output: OutputBuffer) { output.appendJSONString(rawValue) }
    package static var choices: [String] { allCases.map(\.rawValue) }
}

extension Optional: FieldValue where Wrapped: FieldValue {
    package init?(json: JSON) {
        guard !json.isNull else {
            self = .none
            return
        }
        guard let value = Wrapped(json: json) else { return nil }
        self = .some(value)
    }
    package init(row: Row, column: Int) {
        self = row.isNull(column) ? nil : Wrapped(row: row, column: column)
    }
    package var json: JSON { self?.json ?? .null }
    package func bind(into values: inout [SQLValue]) {
        guard let self else {
            values.append(.null)
            if Wrapped.self == Money.self { values.append(.null) }
            return
        }
        self.bind(into: &values)
    }
    package func write(to output: OutputBuffer) {
        guard let self else { return output.append("null") }
        self.write(to: output)
    }
    package func appendWords(to text: inout String) { self?.appendWords(to: &text) }
    package static var isOptional: Bool { true }
    package var isAbsent: Bool { self?.isAbsent ?? true }
    package static var absent: Optional? { .some(.none) }
}

extension OutputBuffer {
    /// Appends `text` in quotes, escaped as JSON.
    package func appendJSONString(_ text: String) {
        append("\"")
        var text = text
        text.withUTF8 { unsafe appendJSONEscaped($0) }
        append("\"")
    }

    /// Appends an instant in quotes, in RFC 3339.
    package func appendInstant(_ instant: Instant) {
        let milliseconds = instant.microseconds.dividedDown(by: 1000)
        let days = milliseconds.dividedDown(by: 86_400_000)
        let date = CivilDate(daysSinceEpoch: Int(days))
        let ofDay = Int(milliseconds - days * 86_400_000)
        appendDateTime(
            date.year, date.month, date.day, hour: ofDay / 3_600_000, minute: ofDay / 60_000 % 60,
            second: ofDay / 1000 % 60, millisecond: ofDay % 1000)
    }
}
