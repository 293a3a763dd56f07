/// The identity of a mail among all mails (RFC 5322 §3.6.4), without its angle brackets: `m42@example.com`.
package struct InternetMessageID: Hashable, Sendable, CustomStringConvertible {
    package static let lengthMax = 500

    package let description: String
    /// The identifier as it stands in a header.
    package var bracketed: String { "<\(description)>" }

    /// Reads it with or without brackets; `nil` for what could not stand between brackets.
    package init?(_ text: some StringProtocol) {
        var bare = Substring(text)
        while bare.first == " " || bare.first == "\t" { bare = bare.dropFirst() }
        while bare.last == " " || bare.last == "\t" { bare = bare.dropLast() }
        if bare.first == "<", bare.last == ">" { bare = bare.dropFirst().dropLast() }
        let isWhole = bare.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F && $0 != 0x3C && $0 != 0x3E }
        guard isWhole, !bare.isEmpty, bare.utf8.count <= Self.lengthMax else { return nil }
        description = String(bare)
    }
}
