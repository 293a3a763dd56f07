internal import Telemetry

/// One cell of a table that a model learns from.
package enum FeatureValue: Hashable, Sendable {
    /// Dates come as numbers, too (days or seconds since some day).
    case number(Double)
    case category(String)
    case boolean(Bool)
    case missing

    package init(_ value: Double?) { self = value.map(Self.number) ?? .missing }
    package init(_ value: Int?) { self = value.map { .number(Double($0)) } ?? .missing }
    package init(_ value: Bool?) { self = value.map(Self.boolean) ?? .missing }

    /// A cell of text: a decimal number, a day such as `2026-11-20` (as days since 1970), a category
    /// otherwise. Blank text is missing; words such as "unknown" are categories, for not knowing can
    /// tell something.
    package init(text: String?) {
        let trimmed = (text ?? "").trimmed
        if trimmed.isEmpty {
            self = .missing
        } else if let number = Double(decimal: trimmed) {
            self = .number(number)
        } else if let days = trimmed.daysOfDate {
            self = .number(Double(days))
        } else {
            self = .category(String(trimmed.prefix(Self.categoryLengthMax)))
        }
    }

    /// Characters of a category; longer texts are no categories anyway.
    package static let categoryLengthMax = 120
}

/// The cells of one subject by column. Columns that are not there are missing.
package struct FeatureRow: Sendable, ExpressibleByDictionaryLiteral {
    private var cells: [String: FeatureValue] = [:]

    package init() {}

    package init(dictionaryLiteral elements: (String, FeatureValue)...) {
        for (column, value) in elements { self[column] = value }
    }

    package subscript(column: String) -> FeatureValue {
        get { cells[column] ?? .missing }
        set { cells[column] = newValue }
    }

    /// The columns in an order that depends on the names alone.
    package var columns: [String] { cells.keys.sorted() }

    fileprivate func addNames(to names: inout Set<String>) {
        for name in cells.keys where !names.contains(name) { names.insert(name) }
    }
}

/// The data that a model is trained from: rows, and how each of them ended.
///
/// The order of rows takes part in how they are dealt into folds: callers give them in a stable order.
package struct TrainingTable: Sendable {
    package private(set) var rows: [FeatureRow] = []
    package private(set) var outcomes: [Bool] = []

    package init() {}

    package mutating func append(_ row: FeatureRow, outcome: Bool) {
        rows.append(row)
        outcomes.append(outcome)
    }

    package var count: Int { rows.count }
    package var positives: Int { outcomes.count { $0 } }
    package var negatives: Int { count - positives }

    /// Every column of any row, by name.
    package var columns: [String] {
        var names: Set<String> = []
        for row in rows { row.addNames(to: &names) }
        return names.sorted()
    }

    package func prefix(_ length: Int) -> TrainingTable {
        var table = TrainingTable()
        table.rows = Array(rows.prefix(length))
        table.outcomes = Array(outcomes.prefix(length))
        return table
    }
}

extension StringProtocol {
    var trimmed: String {
        var rest = Substring(self)
        while rest.first?.isWhitespace == true { rest.removeFirst() }
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return String(rest)
    }

    /// Days since 1970 of `yyyy-mm-dd`, with or without a time after it.
    fileprivate var daysOfDate: Int? {
        let bytes = Array(utf8)
        guard bytes.count >= 10, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
            bytes.count == 10 || bytes[10] == UInt8(ascii: "T") || bytes[10] == UInt8(ascii: " "),
            let year = Int(String(decoding: bytes[0..<4], as: UTF8.self)), year >= 1,
            let month = Int(String(decoding: bytes[5..<7], as: UTF8.self)), (1...12).contains(month),
            let day = Int(String(decoding: bytes[8..<10], as: UTF8.self)),
            (1...CivilDate.daysInMonth(month, year: year)).contains(day)
        else { return nil }
        return CivilDate(year: year, month: month, day: day).daysSinceEpoch
    }
}

extension Double {
    /// Digits with an optional sign, fraction and exponent; no "inf", "nan" or hexadecimal.
    fileprivate init?(decimal text: String) {
        guard text.utf8.count <= 40,
            text.utf8.allSatisfy({ byte in
                (0x30...0x39).contains(byte) || [0x2B, 0x2D, 0x2E, 0x45, 0x65].contains(byte)
            }),
            let value = Double(text), value.isFinite
        else { return nil }
        self = value
    }
}
