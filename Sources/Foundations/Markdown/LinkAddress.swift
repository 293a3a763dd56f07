/// Where a link may lead.
enum LinkAddress {
    private static let schemes: Set = ["http", "https", "mailto", "tel"]

    /// With one of four schemes, and nothing that a reader of addresses would leave out before it looks at
    /// the scheme.
    static func isAllowed(_ url: String) -> Bool {
        guard let colon = url.utf8.firstIndex(of: UInt8(ascii: ":")),
            url.unicodeScalars.allSatisfy({ $0.value > 0x1F && $0.value != 0x7F })
        else { return false }
        return schemes.contains(url[..<colon].lowercased())
    }

    /// As it stands in an attribute: what RFC 3986 lets stand in an address, all else as bytes with a percent
    /// sign.
    static func escaped(_ url: String) -> String {
        var bytes: [UInt8] = []
        for byte in url.utf8 {
            switch byte {
            case UInt8(ascii: "&"): bytes += "&amp;".utf8
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                bytes.append(byte)
            case _ where punctuation.contains(byte): bytes.append(byte)
            default: bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static let punctuation = Set("-._~:/?#[]@!$()*+,;=%".utf8)
    private static let digits = Array("0123456789ABCDEF".utf8)
}
