/// A document's text, and the set of characters that it was written in.
package struct DecodedText: Sendable {
    package let text: String
    /// The set's name as IANA has it, in lower case.
    package let charset: String

    /// Decodes a page: by its byte order mark, else by the header's charset, else by what it says of itself, else by
    /// what its bytes look like. A name that nobody knows says nothing, and neither does one that the bytes refute.
    package init(_ bytes: [UInt8], header: String? = nil) {
        if let mark = Self.marked(bytes) {
            self = mark
            return
        }
        let named = [header, Self.declared(in: bytes)].compactMap { $0.flatMap(Self.known) }
        for charset in named {
            if charset == "utf-8" {
                guard let text = Self.utf8(bytes) else { continue }
                self.init(text: text, charset: charset)
                return
            }
            guard let text = CharacterConversion.text(bytes[...], from: charset) else { continue }
            self.init(text: text, charset: charset)
            return
        }
        if let text = Self.utf8(bytes) {
            self.init(text: text, charset: "utf-8")
        } else {
            self.init(
                text: CharacterConversion.text(bytes[...], from: "windows-1252")
                    ?? String(decoding: bytes, as: UTF8.self),
                charset: "windows-1252")
        }
    }

    private init(text: String, charset: String) { (self.text, self.charset) = (text, charset) }

    private static func utf8(_ bytes: [UInt8]) -> String? {
        String(validating: bytes, as: UTF8.self) ?? CharacterConversion.nearlySound(bytes[...])
    }

    private static func marked(_ bytes: [UInt8]) -> DecodedText? {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
            return DecodedText(text: String(decoding: bytes[3...], as: UTF8.self), charset: "utf-8")
        }
        for (mark, charset) in [([0xFF, 0xFE], "utf-16le"), ([0xFE, 0xFF], "utf-16be")] as [([UInt8], String)]
        where bytes.starts(with: mark) {
            return CharacterConversion.text(bytes[2...], from: charset).map {
                DecodedText(text: $0, charset: charset)
            }
        }
        return nil
    }

    // MARK: Names

    /// The set that a document names in its first bytes: `<meta charset>`, `http-equiv`, `<?xml encoding?>`.
    static func declared(in bytes: [UInt8]) -> String? {
        let start = bytes.prefix(4096).map { $0 | ((0x41...0x5A).contains($0) ? 0x20 : 0) }
        for mark in ["charset", "encoding"] {
            var rest = start[...]
            while let found = rest.firstRange(of: Array(mark.utf8)) {
                rest = rest[found.upperBound...]
                var value = rest.drop { $0 <= 0x20 }
                guard value.first == UInt8(ascii: "=") else { continue }
                value = value.dropFirst().drop { $0 <= 0x20 || $0 == 0x22 || $0 == 0x27 }
                let name = value.prefix {
                    (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || "-_:.".utf8.contains($0)
                }
                if !name.isEmpty { return String(decoding: name, as: UTF8.self) }
            }
        }
        return nil
    }

    /// `nil` where the system cannot read it.
    private static func known(_ name: String) -> String? {
        let name = String(name.lowercased().filter { !" \"'".contains($0) }.prefix(40))
        let charset = CharacterConversion.meant(by: name)
        // A page that names these in letters of ASCII was not written in them.
        if charset.hasPrefix("utf-16") { return "utf-8" }
        guard charset != "utf-7", !charset.isEmpty else { return nil }
        return charset == "utf-8" || CharacterConversion.knows(charset) ? charset : nil
    }
}
