internal import Lexicons
internal import Records
internal import Transfer

/// Sizes of firms and spans of time, as people write them.
extension CellText {
    enum Reading<Value: Sendable>: Sendable {
        case value(Value)
        case outOfRange
        case unreadable
    }

    /// A number of people: `1,200`, `40+`, `ca. 50`, `15 Mitarbeiter`, `2.5k`. Of a range the geometric
    /// middle, since firms' sizes grow by factors: `51-200` is 101. `Nov-50` is what a spreadsheet makes
    /// of `11-50`.
    static func headcount(_ text: String) -> Reading<Int> {
        let folded = TextFolding.fold(text)
        if let (low, high) = monthRange(folded) { return .value(middle(low, high)) }
        let numbers = headcounts(folded)
        let isNegative = folded.hasPrefix("-") && numbers.count == 1
        guard let low = numbers.first, let value = low, !isNegative else {
            return isNegative && numbers.first != nil ? .outOfRange : .unreadable
        }
        if numbers.count == 1 { return .value(value) }
        guard numbers.count == 2, let high = numbers[1], high >= value else { return .unreadable }
        return .value(middle(value, high))
    }

    private static func middle(_ low: Int, _ high: Int) -> Int {
        Int((Double(max(low, 1)) * Double(max(high, 1))).squareRoot().rounded())
    }

    /// The numbers in a text, `nil` for one that is no whole number; empty when a word is none that goes
    /// with a number of people.
    private static func headcounts(_ folded: String) -> [Int?] {
        var numbers: [Int?] = []
        var rest = folded[...]
        while let first = rest.first {
            if first.isNumber, first.isASCII {
                var number = rest.prefix { $0.isASCII && ($0.isNumber || ".,'".contains($0)) }
                rest = rest.dropFirst(number.count)
                while let last = number.last, !last.isNumber { number = number.dropLast() }
                let scale = rest.hasPrefix("k") && !rest.dropFirst().hasPrefix("e") ? 1000.0 : 1
                numbers.append(whole(number, scale))
            } else if first.isLetter {
                let word = rest.prefix { $0.isLetter }
                guard headcountWords.contains(String(word)) else { return [] }
                rest = rest.dropFirst(word.count)
            } else {
                guard "+-–—~<>≈().,' \u{A0}\t#".contains(first) else { return [] }
                rest = rest.dropFirst()
            }
        }
        return numbers
    }

    /// `1,200`, `1.200` and `1'200` are thousands; `12.0` is 12; `12.5` is none.
    private static func whole(_ text: Substring, _ scale: Double) -> Int? {
        let groups = text.split(omittingEmptySubsequences: false) { !$0.isNumber }
        guard text.utf8.count <= 15, let digits = Int(text.filter(\.isNumber)) else { return nil }
        if groups.count == 1 { return Int(Double(digits) * scale) }
        if scale == 1, groups.dropFirst().allSatisfy({ $0.count == 3 }), groups[0].count <= 3 {
            return digits
        }
        guard groups.count == 2, let value = Double(groups[0] + "." + groups[1]),
            case let scaled = value * scale,
            scaled == scaled.rounded()
        else { return nil }
        return Int(scaled)
    }

    private static let lexicon = Lexicon("cells", in: ResourceTable.texts)
    private static let headcountWords = lexicon.folded("headcount")
    /// As spreadsheets shorten them.
    private static let months = lexicon.values("months")

    /// `nov-50`, `10-jan`: the month was the lower number.
    private static func monthRange(_ folded: String) -> (Int, Int)? {
        let parts = folded.split(separator: "-").map(String.init)
        guard parts.count == 2 else { return nil }
        for (name, number) in [(parts[0], parts[1]), (parts[1], parts[0])] {
            if let month = months[name], let high = Int(number), high > month, high <= 99 {
                return (month, high)
            }
        }
        return nil
    }

    /// A span of time in days: `90`, `3 months`, `within 6 weeks`, `asap`. Of a range the later end.
    static func days(_ text: String) -> Reading<Int> {
        let words = TextFolding.searchTokens(text)
        if words.count <= 3, words.contains(where: immediate.contains) { return .value(0) }
        var number: Int?
        var unit: Int?
        for word in words {
            let digits = word.prefix(while: \.isNumber)
            let name = word.dropFirst(digits.count)
            if !digits.isEmpty {
                guard digits.count <= 6, let value = Int(digits) else { return .outOfRange }
                number = max(number ?? 0, value)
            }
            guard !name.isEmpty else { continue }
            if let days = units[String(name)] {
                guard unit == nil || unit == days else { return .unreadable }
                unit = days
            } else if let value = numerals[String(name)], number == nil {
                number = value
            } else if !durationWords.contains(String(name)) {
                return .unreadable
            }
        }
        if text.hasPrefix("-") { return number == nil ? .unreadable : .outOfRange }
        guard let number = number ?? (unit == nil ? nil : 1) else { return .unreadable }
        return .value(number * (unit ?? 1))
    }

    private static let immediate = lexicon.folded("immediate")
    /// In days.
    private static let units = lexicon.values("units")
    private static let numerals = lexicon.values("numerals")
    private static let durationWords = lexicon.folded("duration")

    /// Returns whether the person behind a `consent` column said no.
    static func isConsentRefused(_ text: String) -> Bool { flag(text) == false || isRefusal(text) }
}

extension Lexicon {
    fileprivate func folded(_ section: String) -> Set<String> {
        Set(words(section).map { TextFolding.fold($0) })
    }
}
