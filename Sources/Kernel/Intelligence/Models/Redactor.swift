internal import Synchronization

/// Keeps personal data from a model: addresses and numbers become marks such as `[email-1]`, and these become what
/// they were in what the model writes. One for each request; the same value has the same mark.
package final class Redactor: Sendable {
    private struct State {
        var marks: [String: String] = [:]
        var values: [(mark: String, value: String)] = []
        var counts: [String: Int] = [:]
    }

    private let state = Mutex(State())

    package init() {}

    package func redact(_ text: String) -> String {
        var result = ""
        var rest = Substring(text)
        while !rest.isEmpty {
            // Each piece between white space and marks of sentences is examined alone.
            let gap = rest.prefix { Self.isGap($0) }
            result += gap
            rest = rest[gap.endIndex...]
            if let number = Self.number(rest) {
                result += mark("number", number)
                rest = rest[number.endIndex...]
                continue
            }
            let word = rest.prefix { !Self.isGap($0) }
            result += Self.isEmail(word) ? redactEmail(word) : String(word)
            rest = rest[word.endIndex...]
        }
        return result
    }

    package func restore(_ text: String) -> String {
        state.withLock { $0.values }.reduce(text) { $0.replacing($1.mark, with: $1.value) }
    }

    private func redactEmail(_ word: Substring) -> String {
        let end = word.lastIndex { $0.isLetter || $0.isNumber }.map { word.index(after: $0) } ?? word.endIndex
        return mark("email", word[..<end]) + word[end...]
    }

    private func mark(_ kind: String, _ value: Substring) -> String {
        state.withLock { state in
            let value = String(value)
            if let known = state.marks[value] { return known }
            let number = (state.counts[kind] ?? 0) + 1
            state.counts[kind] = number
            let mark = "[\(kind)-\(number)]"
            state.marks[value] = mark
            state.values.append((mark, value))
            return mark
        }
    }

    private static func isGap(_ character: Character) -> Bool {
        character.isWhitespace || "<>()[]{}\"',;".contains(character)
    }

    private static func isEmail(_ word: Substring) -> Bool {
        let parts = word.split(separator: "@", omittingEmptySubsequences: false)
        return parts.count == 2 && !parts[0].isEmpty && parts[1].dropLast().dropFirst().contains(".")
    }

    /// Seven digits and more that belong together: telephone, card and account numbers. A date or an amount has
    /// fewer, or is written otherwise.
    private static func number(_ text: Substring) -> Substring? {
        guard let first = text.first, first.isASCII, first.isNumber || first == "+" else { return nil }
        var digits = 0
        var end = text.startIndex
        var index = text.startIndex
        while index < text.endIndex {
            let character = text[index]
            if character.isASCII, character.isNumber {
                digits += 1
                end = text.index(after: index)
            } else if !(index == text.startIndex && character == "+") && !" -./()".contains(character) {
                break
            }
            index = text.index(after: index)
        }
        let found = text[..<end]
        let isDate = found.split(separator: "-").map(\.count) == [4, 2, 2]
        return digits >= 7 && !isDate ? found : nil
    }
}
