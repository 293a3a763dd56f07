internal import Records

/// A web address that a counted link leads to: as it was written, since its query and fragment are for whoever answers
/// there.
struct LinkTarget: Hashable, Sendable {
    let text: String

    static let lengthMax = 2000
    /// Characters that would end the address, or make it read as another host than it is.
    private static let forbidden = Set("<>\"{}|^`\\".unicodeScalars)

    /// `nil` for other schemes than those of web pages, and for hosts that not everybody can reach.
    init?(_ text: String) {
        let lower = text.prefix(8).lowercased()
        let isPlain = text.unicodeScalars.allSatisfy { scalar in
            scalar.value > 0x20 && scalar.value != 0x7F && !scalar.properties.isWhitespace
                && !scalar.properties.isBidiControl && !Self.forbidden.contains(scalar)
        }
        guard lower.hasPrefix("https://") || lower.hasPrefix("http://"), isPlain,
            text.utf8.count <= Self.lengthMax, WebAddress.link(text) != nil
        else { return nil }
        self.text = text
    }

    /// The address in the letters of a header: others are escaped, and what is escaped already stays.
    var header: String {
        var header = ""
        for scalar in text.unicodeScalars {
            header += scalar.isASCII ? String(scalar) : String(scalar).percentEncoded
        }
        return header
    }

    /// Returns the address with those of some parameters that its query does not have yet, in front of the fragment.
    func completed(with parameters: [(name: String, value: String)]) -> LinkTarget {
        let bare = text.prefix { $0 != "#" }, fragment = text[bare.endIndex...]
        let mark = bare.firstIndex(of: "?")
        let query = mark.map { bare[bare.index(after: $0)...] } ?? ""
        let known = Set(query.split(separator: "&").map { $0.prefix { $0 != "=" }.lowercased() })
        let added = parameters.filter { !known.contains($0.name) }
            .map { "\($0.name)=\($0.value.percentEncoded)" }
        guard !added.isEmpty else { return self }
        let joint = mark == nil ? "?" : query.isEmpty || query.hasSuffix("&") ? "" : "&"
        return LinkTarget(trusted: bare + joint + added.joined(separator: "&") + fragment)
    }

    /// Returns the value of a parameter of the query as it reads; `nil`: the query has none of the name.
    func parameter(_ name: String) -> String? {
        let bare = text.prefix { $0 != "#" }
        guard let mark = bare.firstIndex(of: "?") else { return nil }
        let pairs = bare[bare.index(after: mark)...].split(separator: "&")
        return pairs.first { $0.prefix { $0 != "=" }.lowercased() == name }
            .map { Self.read($0.drop { $0 != "=" }.dropFirst()) }
    }

    /// Reads what is escaped in a query; what is escaped wrongly stays as it is.
    private static func read(_ value: Substring) -> String {
        var bytes: [UInt8] = [], rest = Array(value.utf8)[...]
        while let byte = rest.popFirst() {
            let digits = rest.prefix(2)
            if byte == UInt8(ascii: "%"), digits.count == 2,
                let code = UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
            {
                bytes.append(code)
                rest.removeFirst(2)
            } else {
                bytes.append(byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private init(trusted text: String) { self.text = text }
}
