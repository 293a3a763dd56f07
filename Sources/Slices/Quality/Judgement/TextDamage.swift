internal import Records

/// The damage that a program on the way has done to a text: letters of UTF-8 read as those of Windows, or signs that
/// are escaped for a page. Such texts hint at a file or a service that was read wrongly.
struct TextDamage {
    /// The text as it was written; `nil` where that cannot be told.
    let repaired: String?

    /// `nil`: the text is as it was written.
    init?(_ text: String) {
        let scalars = text.unicodeScalars
        if scalars.contains("\u{FFFD}") {
            repaired = nil
            return
        }
        if text.contains("&"), let plain = Self.unescaped(text) {
            repaired = plain
            return
        }
        guard scalars.contains(where: { Self.leads.contains($0) }), let read = Self.readAnew(text) else {
            return nil
        }
        repaired = read
    }

    /// The first bytes of letters of two and three bytes, as they look when they are read as those of Windows.
    private static let leads: Set<Unicode.Scalar> = ["\u{C2}", "\u{C3}", "\u{C4}", "\u{C5}", "\u{E2}"]

    /// The letters of Windows between 0x80 and 0x9F, by their bytes.
    private static let windows: [Unicode.Scalar: UInt8] = [
        "€": 0x80, "‚": 0x82, "ƒ": 0x83, "„": 0x84, "…": 0x85, "†": 0x86, "‡": 0x87, "ˆ": 0x88, "‰": 0x89,
        "Š": 0x8A, "‹": 0x8B, "Œ": 0x8C, "Ž": 0x8E, "‘": 0x91, "’": 0x92, "“": 0x93, "”": 0x94, "•": 0x95,
        "–": 0x96, "—": 0x97, "˜": 0x98, "™": 0x99, "š": 0x9A, "›": 0x9B, "œ": 0x9C, "ž": 0x9E, "Ÿ": 0x9F,
    ]

    /// The text whose bytes these letters of Windows are; `nil` where they are no text in UTF-8, or where nothing would
    /// differ.
    private static func readAnew(_ text: String) -> String? {
        var bytes: [UInt8] = []
        for scalar in text.unicodeScalars {
            if let byte = windows[scalar] {
                bytes.append(byte)
            } else if scalar.value < 0x100 {
                bytes.append(UInt8(scalar.value))
            } else {
                return nil
            }
        }
        guard let read = String(validating: bytes, as: UTF8.self), read != text,
            read.unicodeScalars.count < text.unicodeScalars.count
        else { return nil }
        return read
    }

    private static let escapes = [
        ("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&apos;", "'"),
        ("&nbsp;", " "),
    ]

    /// The text without signs that are escaped for a page; `nil` where there are none.
    private static func unescaped(_ text: String) -> String? {
        var plain = text
        for (escape, sign) in escapes where plain.contains(escape) {
            plain = plain.replacing(escape, with: sign)
        }
        return plain == text ? nil : plain
    }
}
