package import Database
package import JSON
package import Telemetry

extension CivilDate {
    /// `2026-11-20`
    package var iso: String {
        func padded(_ number: Int, _ width: Int) -> String {
            let text = String(number)
            return String(repeating: "0", count: max(0, width - text.utf8.count)) + text
        }
        return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
    }

    /// Reads `2026-11-20`; the years 0001–9999.
    package init?(iso text: String) {
        let parts = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard parts.map(\.count) == [4, 2, 2], parts.joined().allSatisfy({ (0x30...0x39).contains($0) })
        else {
            return nil
        }
        let numbers = parts.map { $0.reduce(0) { $0 * 10 + Int($1 - 0x30) } }
        guard numbers[0] >= 1, (1...12).contains(numbers[1]),
            (1...CivilDate.daysInMonth(numbers[1], year: numbers[0])).contains(numbers[2])
        else { return nil }
        self.init(year: numbers[0], month: numbers[1], day: numbers[2])
    }

    package func adding(days: Int) -> CivilDate { CivilDate(daysSinceEpoch: daysSinceEpoch + days) }
}

extension CivilDate: FieldValue {
    package init?(json: JSON) {
        guard let date = json.text.flatMap(CivilDate.init(iso:)) else { return nil }
        self = date
    }
    package init(row: Row, column: Int) {
        guard let date = CivilDate(iso: row.text(column)) else {
            preconditionFailure("a stored day is malformed")
        }
        self = date
    }
    package var json: JSON { .string(iso) }
    package func bind(into values: inout [SQLValue]) { values.append(.text(iso)) }
}
