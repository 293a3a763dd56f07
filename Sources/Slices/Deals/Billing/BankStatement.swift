internal import HTTPServer
internal import Lexicons
internal import Records
internal import Telemetry

/// A statement that a bank gives out as CSV: a head with date, amount, reference and payer, and a line for each
/// movement.
struct BankStatement {
    struct Line: Hashable {
        /// The number of the line in the file, from 1.
        let number: Int
        let date: String, amount: String, reference: String, payer: String
    }

    static let linesMax = 5000
    let lines: [Line]

    private static let names: [String: [String]] = {
        let lexicon = Lexicon("statements", in: ResourceTable.texts)
        return Dictionary(
            uniqueKeysWithValues: ["date", "amount", "reference", "payer"].map { ($0, lexicon.phrases($0)) })
    }()

    init(_ bytes: [UInt8]) throws(Problem) {
        var text = String(decoding: bytes, as: UTF8.self)
        if text.first == "\u{FEFF}" { text.removeFirst() }
        let rows = Self.rows(text)
        guard let head = rows.first else {
            throw Self.unreadable("The statement is empty: send a CSV with a line for each payment.")
        }
        let heads = head.cells.map { $0.trimmed.lowercased() }
        let columns = Self.names.compactMapValues { names in heads.firstIndex { names.contains($0) } }
        guard let date = columns["date"], let amount = columns["amount"], let reference = columns["reference"]
        else {
            throw Self.unreadable(
                "The first line must name the columns date, amount and reference, and may name payer.")
        }
        guard rows.count - 1 <= Self.linesMax else {
            throw Self.unreadable("The statement has more than \(Self.linesMax) lines: send it in parts.")
        }
        lines = rows.dropFirst().map { row in
            func cell(_ index: Int?) -> String {
                index.flatMap { row.cells.indices.contains($0) ? row.cells[$0].trimmed : nil } ?? ""
            }
            return Line(
                number: row.number, date: cell(date), amount: cell(amount), reference: cell(reference),
                payer: cell(columns["payer"]))
        }
    }

    private static func unreadable(_ detail: String) -> Problem {
        Problem(faults: [Fault("", "invalid_statement", detail)])
    }

    /// RFC 4180, with the sign between cells that the first line has most of. Blank lines are left out.
    private static func rows(_ text: String) -> [(number: Int, cells: [String])] {
        let head = text.prefix { !$0.isNewline }
        let separator: Character =
            [",", ";", "\t"].max { a, b in head.count { $0 == a } < head.count { $0 == b } } ?? ","
        var rows: [(Int, [String])] = [], cells: [String] = [], cell = ""
        var isQuoted = false, line = 1, start = 1
        func close() {
            cells.append(cell)
            if cells != [""] { rows.append((start, cells)) }
            (cells, cell) = ([], "")
        }
        var rest = text[...]
        while let character = rest.popFirst() {
            if character.isNewline { line += 1 }
            switch character {
            case "\"" where isQuoted && rest.first == "\"":
                cell.append("\"")
                rest.removeFirst()
            case "\"" where isQuoted: isQuoted = false
            case "\"" where cell.isEmpty: isQuoted = true
            case separator where !isQuoted:
                cells.append(cell)
                cell = ""
            case _ where character.isNewline && !isQuoted:
                close()
                start = line
            default: cell.append(character)
            }
        }
        close()
        return rows
    }
}

extension BankStatement.Line {
    /// `2027-03-01`, `01.03.2027`, `3/1/2027` where the agency's country writes the month first.
    func day(monthFirst: Bool) -> CivilDate? {
        if let day = CivilDate(iso: date) { return day }
        let parts = date.split(whereSeparator: { "./-".contains($0) }).map { Int($0) }
        guard parts.count == 3, case let numbers = parts.compactMap(\.self), numbers.count == 3 else {
            return nil
        }
        let year = numbers[2] < 100 ? 2000 + numbers[2] : numbers[2]
        let isMonthFirst = monthFirst && date.contains("/")
        let (month, day) = isMonthFirst ? (numbers[0], numbers[1]) : (numbers[1], numbers[0])
        guard (1...9999).contains(year), (1...12).contains(month),
            (1...CivilDate.daysInMonth(month, year: year)).contains(day)
        else { return nil }
        return CivilDate(year: year, month: month, day: day)
    }

    /// Everything in the reference that may be an invoice's number, as numbers are compared: each word, and words that
    /// follow one another, since banks break them.
    var candidates: [String] {
        let words = reference.split { !($0.isLetter || $0.isNumber) }.prefix(40).map {
            String($0).referenceKey
        }
        var found: [String] = []
        for start in words.indices {
            var joined = ""
            for word in words[start...].prefix(4) {
                joined += word
                if joined.utf8.count <= 60, joined.contains(where: \.isNumber), !found.contains(joined) {
                    found.append(joined)
                }
            }
        }
        return found
    }
}
