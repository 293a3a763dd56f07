/// What a text may hold, decided by its declaration alone: a short one is one line, since it becomes a header, a file's
/// name, a title or a cell; a longer one may have several. Whatever is made of a text takes what passes here.
package enum TextRule {
    /// Characters of the longest text that is one line.
    package static let lineMax = 320

    /// What is wrong with it, as a sentence; `nil` where it can be kept.
    package static func fault(in text: String, max: Int) -> String? {
        if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return nil }
        let isLine = max <= lineMax
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x09: continue
            case 0x0A, 0x0D, 0x85, 0x2028, 0x2029:
                if isLine { return "It holds a line end, and is one line." }
            case 0..<0x20, 0x7F..<0xA0: return "It holds control characters."
            // They turn the order of letters around, in an address or a file's name too.
            case 0x202D, 0x202E: return "It holds characters that override the direction of writing."
            case 0x202A...0x202C, 0x2066...0x2069:
                if isLine { return "It holds characters that change the direction of writing." }
            default:
                if isNoncharacter(scalar) { return "It holds a code point that is no character." }
            }
        }
        return nil
    }

    /// Without what no file format takes: for texts that were kept before there was a rule, or that came another way.
    package static func printable(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isUnprintable) else { return text }
        return String(String.UnicodeScalarView(text.unicodeScalars.filter { !isUnprintable($0) }))
    }

    private static func isUnprintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09, 0x0A, 0x0D: false
        case 0..<0x20, 0x7F..<0xA0: true
        default: isNoncharacter(scalar)
        }
    }

    private static func isNoncharacter(_ scalar: Unicode.Scalar) -> Bool {
        (0xFDD0...0xFDEF).contains(scalar.value) || scalar.value & 0xFFFE == 0xFFFE
    }
}
