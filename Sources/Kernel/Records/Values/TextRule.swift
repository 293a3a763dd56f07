/// Decides which characters a text may have, for every field at once: a text that passes here can become a header, a
/// document or a calendar entry without further checks.
package enum TextRule {
    /// Returns what is wrong with the text, as the end of a sentence about its field; `nil` where nothing is. In what
    /// people write (`isProse`), letters may be set against their direction as long as that ends within the text: it
    /// then cannot reach the words around it.
    package static func fault(in text: String, isProse: Bool = false) -> String? {
        if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return nil }
        lazy var mayOverride = isProse && closesOverrides(text)
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x09, 0x0A, 0x0D: continue
            case 0..<0x20, 0x7F..<0xA0: return "has control characters"
            // These characters reverse the order of letters, which disguises an address or a file's name.
            case 0x202D...0x202E where mayOverride: continue
            case 0x202D, 0x202E: return "has characters that override the direction of writing"
            default:
                if isNoncharacter(scalar) { return "has code points that are not characters" }
            }
        }
        return nil
    }

    /// The depth to which Unicode's rules nest directions.
    private static let depthMax = 125

    /// Returns whether each override of the direction is ended where it was begun, as Unicode's rules pair
    /// them: an embedding by U+202C, an isolate by U+2069, which ends the embeddings within it, too.
    private static func closesOverrides(_ text: String) -> Bool {
        enum Opening { case embedding, override, isolate }
        var open: [Opening] = []
        for scalar in text.unicodeScalars {
            if open.count > depthMax { return false }
            switch scalar.value {
            case 0x202A, 0x202B: open.append(.embedding)
            case 0x202D, 0x202E: open.append(.override)
            case 0x2066...0x2068: open.append(.isolate)
            case 0x202C: if let last = open.last, last != .isolate { open.removeLast() }
            case 0x2069: if let place = open.lastIndex(of: .isolate) { open.removeSubrange(place...) }
            default: continue
            }
        }
        return !open.contains(.override)
    }

    /// Returns what is wrong with a text that has to be one line, in the same form.
    package static func lineFault(in text: String) -> String? {
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x0A, 0x0D, 0x2028, 0x2029: return "has line breaks, but must be one line"
            case 0x202A...0x202E, 0x2066...0x2069:
                return "has characters that change the direction of writing"
            default: continue
            }
        }
        return nil
    }

    /// Tells whether a character may stand in a text of one line, for texts that no rule has seen.
    package static func mayStandInLine(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0, 0x2028, 0x2029, 0x202A...0x202E, 0x2066...0x2069: false
        default: !isNoncharacter(scalar)
        }
    }

    /// Returns the text without characters that no file format takes, for texts that were stored before this rule or
    /// came another way.
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
