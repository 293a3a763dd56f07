internal import Records
internal import Templates

/// Finds data of people that a piece should hardly tell everybody.
struct PersonalCheck {
    private enum Kind: String {
        case email, phone, card, account

        var severity: QualityFinding.Severity {
            switch self {
            case .card, .account: .error
            case .email: .warning
            case .phone: .note
            }
        }
    }

    private(set) var findings: [QualityFinding] = []

    init(_ text: ScannedText) {
        for place in text.addresses {
            // An address of a function is meant to be told.
            if let address = EmailAddress(text.quote(place)), !address.isRole { add(.email, place, text) }
        }
        var taken = 0
        let passed = text.passed.sorted { $0.lowerBound < $1.lowerBound }
        var next = 0
        var index = 0
        while index < text.scalars.count {
            while next < passed.count, passed[next].upperBound <= index { next += 1 }
            if next < passed.count, passed[next].contains(index) {
                index = passed[next].upperBound
                continue
            }
            let limit = next < passed.count ? passed[next].lowerBound : text.scalars.count
            if index >= taken, let (kind, end) = Self.number(at: index, before: limit, in: text.scalars) {
                add(kind, index..<end, text)
                taken = end
            }
            index = max(index + 1, taken)
        }
    }

    private mutating func add(_ kind: Kind, _ place: Range<Int>, _ text: ScannedText) {
        let quote = text.quote(place)
        findings.append(
            QualityFinding(
                .personalData, kind.severity,
                Saying("content_check.personal", ["kind": .text(kind.rawValue)]),
                evidence: kind.severity == .error ? Self.masked(quote) : quote, at: place,
                suggestion: Saying("content_advice.personal")))
    }

    /// Its ends, so that the number itself is stored in no report.
    private static func masked(_ number: String) -> String { "\(number.prefix(2))…\(number.suffix(2))" }

    private static let lengthMax = 50

    /// Returns the number of somebody's that begins in a place, and where it ends.
    private static func number(
        at start: Int, before limit: Int, in scalars: [Unicode.Scalar]
    ) -> (Kind, Int)? {
        guard start == 0 || !scalars[start - 1].isWordPart else { return nil }
        if let end = account(at: start, before: limit, in: scalars) { return (.account, end) }
        let first = scalars[start]
        guard first.isDigit || first == "+" || first == "(" else { return nil }
        var digits: [UInt8] = [], end = start, index = start, isParted = false
        while index < min(limit, start + lengthMax) {
            let scalar = scalars[index]
            if scalar.isDigit {
                digits.append(UInt8(scalar.value - 0x30))
                end = index + 1
            } else if !(index == start && scalar == "+") {
                guard " -./()\u{A0}".unicodeScalars.contains(scalar) else { break }
                if !digits.isEmpty { isParted = true }
            }
            index += 1
        }
        // A number that goes on as a word is a name or has a unit.
        if end < scalars.count, scalars[end].isWordPart { return nil }
        if (13...19).contains(digits.count), isCard(digits) { return (.card, end) }
        guard (7...15).contains(digits.count), first == "+" || digits[0] == 0, isParted || first == "+" else {
            return nil
        }
        return (.phone, end)
    }

    /// The digits of a card have a sum that ends in nothing (Luhn).
    private static func isCard(_ digits: [UInt8]) -> Bool {
        guard Set(digits).count > 1 else { return false }
        let sum = digits.reversed().enumerated().reduce(0) { sum, digit in
            let value = Int(digit.element) * (digit.offset % 2 == 1 ? 2 : 1)
            return sum + (value > 9 ? value - 9 : value)
        }
        return sum % 10 == 0
    }

    /// Returns where an account number ends that begins in a place: its check digits have to fit (ISO 13616).
    private static func account(at start: Int, before limit: Int, in scalars: [Unicode.Scalar]) -> Int? {
        guard start + 15 <= limit, isCapital(scalars[start]), isCapital(scalars[start + 1]),
            scalars[start + 2].isDigit, scalars[start + 3].isDigit
        else { return nil }
        var signs: [Int] = [], index = start, end = start
        while index < limit, signs.count <= 34 {
            let scalar = scalars[index]
            if scalar.isDigit {
                signs.append(Int(scalar.value) - 0x30)
            } else if isCapital(scalar) {
                signs.append(Int(scalar.value) - 0x41 + 10)
            } else if scalar != " " {
                break
            }
            if scalar != " " {
                end = index + 1
                if signs.count >= 15, rest(of: signs) == 1,
                    end == scalars.count || !scalars[end].isWordPart
                {
                    return end
                }
            }
            index += 1
        }
        return nil
    }

    private static func rest(of signs: [Int]) -> Int {
        (signs.dropFirst(4) + signs.prefix(4)).reduce(0) { rest, sign in
            (rest * (sign > 9 ? 100 : 10) + sign) % 97
        }
    }

    private static func isCapital(_ scalar: Unicode.Scalar) -> Bool { scalar.value &- 0x41 < 26 }
}
