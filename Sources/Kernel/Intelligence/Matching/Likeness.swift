/// Measures how alike two short, folded texts are in spelling, regardless of their meaning.
enum Likeness {
    /// Returns whether the texts are equal or a slip apart: one letter added, missing, changed or swapped
    /// from four letters on, two from six letters on.
    static func isNear(_ a: String, _ b: String) -> Bool {
        if a == b { return true }
        let (left, right) = (Array(a.utf8), Array(b.utf8))
        let longer = max(left.count, right.count)
        guard min(left.count, right.count) >= 3, longer >= 4 else { return false }
        return distance(left, right, most: longer >= 6 ? 2 : 1) != nil
    }

    /// Returns the number of letters to insert, delete, change or swap with their neighbour; `nil` where there are
    /// more than `most`.
    static func distance(_ a: [UInt8], _ b: [UInt8], most: Int) -> Int? {
        guard abs(a.count - b.count) <= most else { return nil }
        var beforeLast: [Int] = [], last = Array(0...b.count)
        for i in 0..<a.count {
            var row = [i + 1]
            row.reserveCapacity(b.count + 1)
            for j in 0..<b.count {
                var best = min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
                    best = min(best, beforeLast[j - 1] + 1)
                }
                row.append(best)
            }
            guard row.min()! <= most else { return nil }
            (beforeLast, last) = (last, row)
        }
        return last[b.count] <= most ? last[b.count] : nil
    }

    /// Compares two names of a person, word by word: 4 the same words in any order, 3 the same but for slips, initials
    /// or a missing word, 2 one word that the other name has too, 1 only some of the words, 0 none.
    static func ofPersons(_ a: String, _ b: String) -> Int {
        let words = (a.split(separator: " ").map(String.init), b.split(separator: " ").map(String.init))
        if words.0.sorted() == words.1.sorted() { return words.0.count > 1 ? 4 : 3 }
        let (fewer, more) = words.0.count <= words.1.count ? words : (words.1, words.0)
        var rest = more, met = 0
        for word in fewer {
            let place =
                rest.firstIndex(of: word) ?? rest.firstIndex { isNear(word, $0) || isInitial(word, $0) }
            guard let place else { continue }
            rest.remove(at: place)
            met += 1
        }
        if met == fewer.count { return met > 1 ? 3 : 2 }
        if isNear(words.0.joined(), words.1.joined()) { return 3 }
        return met > 0 ? 1 : 0
    }

    private static func isInitial(_ a: String, _ b: String) -> Bool {
        (a.utf8.count == 1 || b.utf8.count == 1) && a.utf8.first == b.utf8.first
    }

    /// Compares two mail addresses: 3 equal, 2 a slip apart, 1 of one domain, 0 different.
    static func ofAddresses(_ a: String, _ b: String) -> Int {
        if a == b { return 3 }
        if isNear(a, b) { return 2 }
        func domain(_ address: String) -> Substring? {
            address.lastIndex(of: "@").map { address[address.index(after: $0)...] }
        }
        return domain(a) == domain(b) ? 1 : 0
    }

    /// Compares two texts: 2 equal, 1 alike, 0 different.
    static func ofTexts(_ a: String, _ b: String) -> Int { a == b ? 2 : isNear(a, b) ? 1 : 0 }

    /// Returns whether the cleaned names of two companies are the same apart from slips, spaces or one more
    /// word.
    static func isFirmNear(_ a: String, _ b: String) -> Bool {
        let (left, right) = (a.filter { $0 != " " }, b.filter { $0 != " " })
        if isNear(left, right) { return true }
        let (fewer, more) = left.utf8.count <= right.utf8.count ? (a, b) : (b, a)
        return fewer.utf8.count >= 6 && more.hasPrefix(fewer + " ")
    }
}
