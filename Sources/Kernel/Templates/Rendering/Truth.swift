internal import JSON

/// The rules for what counts as there, as equal and as less.
enum Truth {
    /// Nothing, a text of blanks, an empty list or object: what `default` stands in for.
    static func isMissing(_ value: JSON) -> Bool {
        switch value {
        case .null: true
        case .string(let text): text.utf8.allSatisfy { $0 <= 0x20 }
        case .array(let items): items.isEmpty
        case .object(let object): object.isEmpty
        case .bool, .integer, .number: false
        }
    }

    /// Returns whether a value holds. A missing value and `false` do not; 0 does: it is a number that is there.
    static func holds(_ value: JSON) -> Bool {
        if case .bool(let flag) = value { return flag }
        return !isMissing(value)
    }

    static func compare(_ a: JSON, _ sign: Comparison, _ b: JSON) -> Bool {
        switch sign {
        case .equal: equal(a, b)
        case .unequal: !equal(a, b)
        case .contains: contains(a, b)
        case .less, .atMost, .greater, .atLeast: ordered(a, sign, b)
        }
    }

    private static func equal(_ a: JSON, _ b: JSON) -> Bool {
        if isMissing(a) || isMissing(b) { return isMissing(a) && isMissing(b) }
        switch (a, b) {
        case (.string(let one), .string(let other)): return one == other
        case (.bool(let one), .bool(let other)): return one == other
        default:
            guard let one = number(a), let other = number(b) else { return false }
            return one == other
        }
    }

    private static func contains(_ a: JSON, _ b: JSON) -> Bool {
        switch a {
        case .string(let text):
            guard case .string(let part) = b, !part.isEmpty else { return false }
            return text.utf8.count >= part.utf8.count && Bytes.contain(Array(text.utf8), Array(part.utf8))
        case .array(let items): return items.contains { equal($0, b) }
        default: return false
        }
    }

    /// Numbers and amounts by their size, texts (dates and moments among them) by their letters; anything
    /// else is in no order.
    private static func ordered(_ a: JSON, _ sign: Comparison, _ b: JSON) -> Bool {
        if case .string(let one) = a, case .string(let other) = b {
            return isOrdered(one, sign, other)
        }
        guard let one = number(a), let other = number(b) else { return false }
        return isOrdered(one, sign, other)
    }

    private static func isOrdered<T: Comparable>(_ a: T, _ sign: Comparison, _ b: T) -> Bool {
        switch sign {
        case .less: a < b
        case .atMost: a <= b
        case .greater: a > b
        default: a >= b
        }
    }

    /// An amount counts in whole units of its currency.
    private static func number(_ value: JSON) -> Double? {
        if let money = MoneyValue(value) { return money.units }
        return value.double
    }
}

/// Search in bytes.
enum Bytes {
    /// At worst as long as the product of both lengths, which is what the renderer counts it as.
    static func contain(_ text: [UInt8], _ part: [UInt8]) -> Bool {
        guard part.count <= text.count, let first = part.first else { return part.isEmpty }
        for start in 0...(text.count - part.count)
        where text[start] == first && text[start..<start + part.count].elementsEqual(part) {
            return true
        }
        return false
    }
}
