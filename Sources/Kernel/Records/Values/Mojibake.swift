/// Text that was UTF-8, was read as Windows-1252 or Latin-1, and was saved so: `MÃ¼ller` for `Müller`.
package enum Mojibake {
    /// The text as it was meant; unchanged unless it is certain: every character of it must come from
    /// one byte, all the bytes together must be UTF-8, and what they say must be usual characters.
    /// `CAFÉ®` has the bytes of a letter, too, but nobody writes that letter in a name.
    package static func repair(_ text: String) -> String {
        var text = text
        // Twice, since files that were saved wrongly twice do occur.
        for _ in 0..<2 {
            guard mayBeDamaged(text), let repaired = repairedOnce(text) else { return text }
            text = repaired
        }
        return text
    }

    /// Every damaged text holds a lead byte's character, U+00C2–U+00F4: in UTF-8 one of two bytes.
    private static func mayBeDamaged(_ text: String) -> Bool { text.utf8.contains(0xC3) }

    private static func repairedOnce(_ text: String) -> String? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            guard let byte = Windows1252.byte(of: scalar) else { return nil }
            bytes.append(byte)
        }
        guard let repaired = String(validating: bytes, as: UTF8.self) else { return nil }
        var evidence = 0
        for (scalar, lead, trail) in sequences(of: repaired, bytes) {
            guard isUsual(scalar) else { return nil }
            evidence += weight(lead: lead, trail: trail)
        }
        return evidence >= 2 ? repaired : nil
    }

    /// The characters of more than one byte, each with its first two bytes.
    private static func sequences(
        of text: String, _ bytes: [UInt8]
    ) -> [(scalar: Unicode.Scalar, lead: UInt8, trail: UInt8)] {
        var found: [(Unicode.Scalar, UInt8, UInt8)] = []
        var index = 0
        for scalar in text.unicodeScalars {
            if scalar.value >= 0x80 { found.append((scalar, bytes[index], bytes[index + 1])) }
            index += UTF8.width(scalar)
        }
        return found
    }

    /// 2 is enough alone. `Ã` and `Â` before a sign hardly ever mean themselves; three bytes in a row
    /// are no accident. A capital `Ä` before `®` or a closing quote may well be what was meant, and a
    /// capital of another script has to come twice.
    private static func weight(lead: UInt8, trail: UInt8) -> Int {
        switch lead {
        case 0xC2, 0xC3, 0xE0...0xF4: 2
        case 0xC4, 0xC5:
            switch trail {
            case 0xAE, 0x99, 0xB0, 0x85, 0x91...0x97, 0xBB, 0xAB, 0xAA, 0xBA: 0
            default: 2
            }
        default: 1
        }
    }

    private static func isUsual(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0xA0...0x17F, 0x1E00...0x1EFF, 0x218...0x21B: true
        case 0x370...0x3FF, 0x400...0x4FF, 0x590...0x6FF, 0x900...0x97F, 0xE00...0xE7F: true
        case 0x2010...0x203A, 0x20A0...0x20BF, 0x2100...0x2122, 0x2190...0x21FF, 0x2600...0x27BF: true
        case 0x3000...0x30FF, 0x4E00...0x9FFF, 0xAC00...0xD7A3, 0xFE0F, 0xFF00...0xFF60: true
        case 0x1F300...0x1FAFF: true
        default: false
        }
    }
}

/// The Windows-1252 character set, a superset of Latin-1's letters.
package enum Windows1252 {
    /// The characters of the bytes 0x80–0x9F. The five bytes that Windows leaves open stand for the
    /// control characters of Latin-1, so that every byte has one character and back.
    private static let high: [UInt16] = [
        0x20AC, 0x81, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152,
        0x8D,
        0x017D, 0x8F, 0x90, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161,
        0x203A,
        0x0153, 0x9D, 0x017E, 0x0178,
    ]

    package static func scalar(of byte: UInt8) -> Unicode.Scalar {
        (0x80...0x9F).contains(byte) ? Unicode.Scalar(high[Int(byte) - 0x80])! : Unicode.Scalar(byte)
    }

    /// `nil` for a character that the set lacks. The controls of Latin-1 count as their own byte.
    static func byte(of scalar: Unicode.Scalar) -> UInt8? {
        if scalar.value < 0x100 { return UInt8(scalar.value) }
        guard scalar.value < 0x10000 else { return nil }
        return high.firstIndex(of: UInt16(scalar.value)).map { UInt8($0 + 0x80) }
    }
}
