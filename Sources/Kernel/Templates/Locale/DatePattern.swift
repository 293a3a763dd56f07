/// The form of a date: a locale's own, or one that a pattern says.
enum DatePattern: Sendable {
    case long, short
    case parts([Part], hasDay: Bool)

    enum Part: Sendable {
        case text(String)
        case day(width: Int), weekday(short: Bool)
        case month(width: Int), monthName(short: Bool)
        case year, yearOfCentury
        case hour(width: Int), hour12(width: Int), minute, second, half
    }

    struct Fault: Error {
        let expected: String
    }

    private static let lengthMax = 100

    /// `long`, `short`, letters as in `d MMMM yyyy` (Unicode TR 35), or signs as in `%d.%m.%Y` (strftime).
    static func read(_ text: String) -> Result<DatePattern, Fault> {
        switch text {
        case "long": return .success(.long)
        case "short": return .success(.short)
        case _ where text.isEmpty || text.utf8.count > lengthMax:
            return .failure(Fault(expected: "\"long\", \"short\" or a pattern such as \"d MMMM yyyy\""))
        default: break
        }
        let read = text.contains("%") ? signs(text) : letters(text)
        return read.map { parts in
            let hasDay = parts.contains { if case .day = $0 { true } else { false } }
            return .parts(parts, hasDay: hasDay)
        }
    }

    private static func signs(_ text: String) -> Result<[Part], Fault> {
        var parts: [Part] = [], literal = ""
        var rest = text.unicodeScalars[...]
        while let scalar = rest.popFirst() {
            guard scalar == "%" else {
                literal.unicodeScalars.append(scalar)
                continue
            }
            var sign = rest.popFirst()
            let isNarrow = sign == "-"
            if isNarrow { sign = rest.popFirst() }
            let width = isNarrow ? 1 : 2
            let part: Part
            switch sign {
            case "d": part = .day(width: width)
            case "e": part = .day(width: 1)
            case "m": part = .month(width: width)
            case "B": part = .monthName(short: false)
            case "b", "h": part = .monthName(short: true)
            case "Y": part = .year
            case "y": part = .yearOfCentury
            case "A": part = .weekday(short: false)
            case "a": part = .weekday(short: true)
            case "H": part = .hour(width: width)
            case "I": part = .hour12(width: width)
            case "l": part = .hour12(width: 1)
            case "M": part = .minute
            case "S": part = .second
            case "p", "P": part = .half
            case "%": part = .text("%")
            default:
                let name = sign.map { "%\($0)" } ?? "a % at the end"
                return .failure(
                    Fault(
                        expected:
                            "a pattern without \(name): it may have %d %m %B %b %Y %y %A %a %H %I %M %S %p"))
            }
            if !literal.isEmpty { parts.append(.text(literal)) }
            literal = ""
            parts.append(part)
        }
        if !literal.isEmpty { parts.append(.text(literal)) }
        return .success(parts)
    }

    private static func letters(_ text: String) -> Result<[Part], Fault> {
        var parts: [Part] = []
        var rest = text.unicodeScalars[...]
        while let scalar = rest.first {
            let isLetter = ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
            if scalar == "'" {
                rest.removeFirst()
                let quoted = rest.prefix { $0 != "'" }
                guard quoted.endIndex < rest.endIndex else {
                    return .failure(
                        Fault(expected: "a closing ' for the text that stands between two of them"))
                }
                parts.append(.text(quoted.isEmpty ? "'" : String(quoted)))
                rest = rest[rest.index(after: quoted.endIndex)...]
                continue
            }
            let run = isLetter ? rest.prefix { $0 == scalar } : rest.prefix(1)
            rest = rest[run.endIndex...]
            guard isLetter else {
                parts.append(.text(String(run)))
                continue
            }
            guard let part = part(scalar, run.count) else {
                let known = "d dd EEE EEEE M MM MMM MMMM yy yyyy H HH h hh mm ss a"
                return .failure(
                    Fault(
                        expected:
                            "a pattern without '\(String(run))': it may have \(known), and text between '…'"))
            }
            parts.append(part)
        }
        return .success(parts)
    }

    private static func part(_ letter: Unicode.Scalar, _ count: Int) -> Part? {
        switch (letter, count) {
        case ("d", 1...2): .day(width: count)
        case ("E", 1...3): .weekday(short: true)
        case ("E", 4): .weekday(short: false)
        case ("M", 1...2), ("L", 1...2): .month(width: count)
        case ("M", 3), ("L", 3): .monthName(short: true)
        case ("M", 4), ("L", 4): .monthName(short: false)
        case ("y", 2): .yearOfCentury
        case ("y", 1), ("y", 4): .year
        case ("H", 1...2): .hour(width: count)
        case ("h", 1...2): .hour12(width: count)
        case ("m", 1...2): .minute
        case ("s", 1...2): .second
        case ("a", 1): .half
        default: nil
        }
    }
}
