/// A `.env` file: one `NAME=value` a line, as shells and Compose write it.
enum DotEnv {
    /// The names and values, in order. Lines that are none are told by their numbers.
    static func parse(_ text: String) -> (values: [(name: String, value: String)], faults: [Int]) {
        var values: [(name: String, value: String)] = [], faults: [Int] = []
        let lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }
        for (index, line) in lines.enumerated() {
            var line = line.trimmingSpaces
            guard !line.isEmpty, line.first != "#" else { continue }
            if line.hasPrefix("export ") { line = line.dropFirst(7).trimmingSpaces }
            guard let equals = line.firstIndex(of: "="), isName(line[..<equals]) else {
                faults.append(index + 1)
                continue
            }
            values.append((String(line[..<equals]), value(line[line.index(after: equals)...].trimmingSpaces)))
        }
        return (values, faults)
    }

    private static func isName(_ text: Substring) -> Bool {
        guard let first = text.utf8.first, !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) else { return false }
        return text.utf8.allSatisfy {
            switch $0 {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
                true
            default: false
            }
        }
    }

    /// Quotes are taken off; outside of them ` #` begins a comment.
    private static func value(_ text: Substring) -> String {
        for quote in ["\"", "'"] as [Character] where text.first == quote {
            let inner = text.dropFirst()
            if let end = inner.firstIndex(of: quote) { return String(inner[..<end]) }
        }
        guard let comment = text.firstRange(of: " #") else { return String(text) }
        return String(text[..<comment.lowerBound].trimmingSpaces)
    }
}

extension StringProtocol {
    /// Without the white space at both ends.
    var trimmingSpaces: SubSequence {
        guard let start = firstIndex(where: { !$0.isWhitespace }), let end = lastIndex(where: { !$0.isWhitespace }) else {
            return self[startIndex..<startIndex]
        }
        return self[start...end]
    }
}
