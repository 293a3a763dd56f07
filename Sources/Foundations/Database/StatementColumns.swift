/// The columns of one table by which a statement chooses and orders its rows, as its text tells.
struct StatementColumns: Equatable {
    private static let comparisons: Set = ["<", ">", "<=", ">=", "LIKE"]
    /// Words that end a list behind `ORDER BY`.
    private static let ends: Set = ["LIMIT", "FOR", "RETURNING", ")", "UNION", "WHERE"]
    private static let columnsMax = 4

    /// Columns that are equal to something, that are in a range, and by which rows are sorted; each once.
    private(set) var equal: [String] = [], ranged: [String] = [], sorted: [String] = []

    init(_ statement: String, of table: String, with columns: Set<String>) {
        let words = Self.words(statement)
        let names = Self.names(of: table, in: words)
        func column(_ word: String) -> String? {
            let parts = word.split(separator: ".").map(String.init)
            guard let last = parts.last, columns.contains(last) else { return nil }
            return parts.count == 1 || names.contains(parts[0]) ? last : nil
        }
        for (index, word) in words.enumerated() where index + 1 < words.count {
            guard let column = column(word) else { continue }
            let next = words[index + 1].uppercased()
            // An assignment of an UPDATE is no condition.
            if next == "=" || next == "IN", !Self.isSet(words, index) {
                if !equal.contains(column) { equal.append(column) }
            } else if Self.comparisons.contains(next), !ranged.contains(column) {
                ranged.append(column)
            }
        }
        guard let order = words.lastIndex(where: { $0.uppercased() == "ORDER" }) else { return }
        for word in words[order...].dropFirst(2) {
            if Self.ends.contains(word.uppercased()) { break }
            if let column = column(word), !sorted.contains(column) { sorted.append(column) }
        }
    }

    /// The columns of the index that would serve: those that are equal first, the tenant's before all others, then
    /// those by which rows are sorted, or else the first that is in a range.
    var index: [String] {
        let first = equal.filter { $0 == "tenant_id" } + equal.filter { $0 != "tenant_id" }
        let rest = sorted.isEmpty ? Array(ranged.prefix(1)) : sorted
        return Array((first + rest.filter { !first.contains($0) }).prefix(Self.columnsMax))
    }

    /// The table's name, and those by which the statement calls it.
    private static func names(of table: String, in words: [String]) -> Set<String> {
        var names: Set = [table]
        for (index, word) in words.enumerated() where word == table && index + 1 < words.count {
            let next = words[index + 1].uppercased() == "AS" ? index + 2 : index + 1
            if next < words.count, words[next].allSatisfy({ $0.isLetter || $0.isNumber || $0 == "_" }) {
                names.insert(words[next])
            }
        }
        return names
    }

    /// Returns the table that a statement calls by a name; the name itself where it is one.
    static func table(called name: String, in statement: String) -> String {
        let words = words(statement)
        for (index, word) in words.enumerated() where index > 0 && word == name {
            let before = words[index - 1].uppercased() == "AS" ? index - 2 : index - 1
            guard before > 0, ["FROM", "JOIN", ","].contains(words[before - 1].uppercased()) else { continue }
            return words[before]
        }
        return name
    }

    private static func isSet(_ words: [String], _ index: Int) -> Bool {
        let start = words[..<index].lastIndex { ["SET", "WHERE"].contains($0.uppercased()) }
        return start.map { words[$0].uppercased() == "SET" } ?? false
    }

    /// Words and signs, one by one; texts in quotation marks are left out.
    private static func words(_ statement: String) -> [String] {
        var words: [String] = [], word = "", isQuoted = false
        func isWord(_ character: Character) -> Bool {
            character.isLetter || character.isNumber || character == "_" || character == "."
                || character == "$"
        }
        for character in statement {
            if character == "'" { isQuoted.toggle() }
            if isQuoted || character == "'" || character == "\"" { continue }
            if isWord(character) {
                if let last = word.last, !isWord(last) { (words, word) = (words + [word], "") }
                word.append(character)
                continue
            }
            let goesOn = character == "=" && (word == "<" || word == ">")
            if !goesOn, !word.isEmpty { (words, word) = (words + [word], "") }
            if !character.isWhitespace { word.append(character) }
        }
        return word.isEmpty ? words : words + [word]
    }
}
