/// The importance of a line of the log.
package enum LogLevel: String, CaseIterable, Comparable, Sendable {
    case debug, info, warning, error

    package static func < (a: LogLevel, b: LogLevel) -> Bool { a.rank < b.rank }

    var rank: Int {
        switch self {
        case .debug: 0
        case .info: 1
        case .warning: 2
        case .error: 3
        }
    }
}

/// A value in a line of the log.
package enum LogValue: Hashable, Sendable, ExpressibleByStringInterpolation, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByBooleanLiteral
{
    case text(String)
    case integer(Int64)
    case number(Double)
    case flag(Bool)
    case instant(Instant)
    /// Written in milliseconds.
    case duration(Duration)

    package init(stringLiteral value: String) { self = .text(value) }
    package init(integerLiteral value: Int64) { self = .integer(value) }
    package init(floatLiteral value: Double) { self = .number(value) }
    package init(booleanLiteral value: Bool) { self = .flag(value) }
    package init(_ value: Int) { self = .integer(Int64(value)) }
    package init(_ value: String) { self = .text(value) }
    /// The error's description: it may name files and conditions, so it stays in the log.
    package init(_ error: any Error) { self = .text(String(describing: error)) }
}

/// The named values of a line, in order: `["port": 8080, "path": .text(path)]`. The names are fixed
/// in the source, so that no outside text becomes one.
package struct LogFields: Sendable, ExpressibleByDictionaryLiteral {
    package private(set) var members: [(key: StaticString, value: LogValue)] = []

    package init() {}
    package init(dictionaryLiteral elements: (StaticString, LogValue)...) {
        members = elements.map { (key: $0.0, value: $0.1) }
    }

    package mutating func append(_ key: StaticString, _ value: LogValue) { members.append((key, value)) }
    package mutating func append(_ fields: LogFields) { members += fields.members }
}

/// Keeps secrets and personal data out of the log: by the field's name, and, since texts of errors
/// quote what they were about, by the look of the words in a text.
enum Redaction {
    static let mark = "[redacted]"

    /// Names with one of these words (between underscores) are never shown.
    private static let hiddenWords: Set<String> = [
        "password", "passwords", "passphrase", "token", "secret", "secrets", "authorization", "cookie",
        "credential", "credentials", "signature", "email", "emails", "phone", "phones", "apikey",
    ]
    /// In names of two words.
    private static let hiddenPairs = ["api_key", "data_key", "master_key", "private_key"]
    private static let secretPrefixes = [
        "bk_", "rt_", "sb_", "it_", "pr_", "sl_", "wl_", "whsec_", "sk-", "sk_", "rk_", "xoxb-", "xoxp-",
        "ghp_", "eyJ",
    ].map { Array($0.utf8) }
    /// Longer texts are cut: a line is for reading.
    private static let textMax = 2048

    static func hides(_ key: StaticString) -> Bool {
        let name = key.description
        return name.split(separator: "_").contains { hiddenWords.contains(String($0)) }
            || hiddenPairs.contains { name.contains($0) }
    }

    /// The text with e-mail addresses, telephone numbers, bearer credentials and keys replaced.
    static func scrub(_ text: String) -> String {
        let text =
            text.utf8.count > textMax
            ? String(decoding: text.utf8.prefix(textMax), as: UTF8.self) + "…" : text
        let bytes = Array(text.utf8)
        var scrubbed: [UInt8]?
        var start = 0, copied = 0, before = 0..<0
        while start < bytes.count {
            var end = start
            while end < bytes.count, !borders[Int(bytes[end])] { end += 1 }
            if end > start {
                if isHidden(bytes[start..<end], after: bytes[before]) {
                    scrubbed = (scrubbed ?? []) + bytes[copied..<start] + Array(mark.utf8)
                    copied = end
                }
                before = start..<end
            }
            start = end + 1
        }
        guard let scrubbed else { return text }
        return String(decoding: scrubbed + bytes[copied...], as: UTF8.self)
    }

    /// The bytes that stand between words: a flag for each byte.
    private static let borders = (0...255).map { byte in
        byte <= 0x20 || "\"'<>()[]{},;=&:/?\\|`%".utf8.contains(UInt8(byte))
    }

    private static func isHidden(_ word: ArraySlice<UInt8>, after before: ArraySlice<UInt8>) -> Bool {
        if before.count == 6, String(decoding: before, as: UTF8.self).lowercased() == "bearer" { return true }
        if let sign = word.firstIndex(of: UInt8(ascii: "@")) {
            return sign > word.startIndex && sign < word.endIndex - 1
        }
        if word.first == UInt8(ascii: "+") { return word.count { (0x30...0x39).contains($0) } >= 8 }
        return word.count >= 15 && secretPrefixes.contains { word.starts(with: $0) }
    }
}
