/// Parts a text without quotes into what is said and what it is signed with. Where it is not sure, all is said.
struct SignatureSplit {
    private(set) var text: [Substring]
    private(set) var signature: [Substring] = []

    /// Lines that a signature may have, blank ones not counted.
    private static let linesMax = 12

    init(_ lines: [Substring]) {
        text = lines
        if let start = Self.separator(lines) ?? Self.device(lines) ?? Self.closing(lines) {
            (text, signature) = (Array(lines[..<start]), Array(lines[start...]))
        }
    }

    /// `-- `, which many programs and people write without its blank.
    private static func separator(_ lines: [Substring]) -> Int? {
        lines.firstIndex { $0 == "-- " || $0 == "--" || $0 == "\u{2014} " || $0 == "—" }
    }

    // MARK: Devices

    private static let devices = MailLexicon.beginnings("device")

    /// `Sent from my iPhone`
    private static func device(_ lines: [Substring]) -> Int? {
        var seen = 0
        for index in lines.indices.reversed() where !lines[index].isBlank {
            seen += 1
            if seen > linesMax { return nil }
            let line = lines[index]
            guard line.utf8.count <= 120 else { continue }
            let lowered = line.drop { $0 == " " || $0 == "*" || $0 == "_" }.lowercased()
            if devices.contains(where: lowered.hasPrefix) { return closing(Array(lines[..<index])) ?? index }
        }
        return nil
    }

    // MARK: Closings

    private static let closings = Set(MailLexicon.phrases("closing"))

    /// A closing on a line of its own, near the end, with something said above it, and a name and short lines below.
    private static func closing(_ lines: [Substring]) -> Int? {
        var below: [Substring] = []
        for index in lines.indices.reversed() where !lines[index].isBlank {
            if below.count > linesMax { return nil }
            let line = lines[index]
            if line.utf8.count <= 60, closings.contains(bare(line)) {
                guard lines[..<index].contains(where: { !$0.isBlank }), isSigned(below.reversed()) else {
                    return nil
                }
                return index
            }
            below.append(line)
        }
        return nil
    }

    private static func bare(_ line: Substring) -> String {
        let ends: Set<Character> = [
            " ", ",", ".", "!", "*", "_", ";", ":", "-", "–", "—", "，", "。", "、", "\t", "’",
        ]
        var text = line.drop { ends.contains($0) }
        while let last = text.last, ends.contains(last) { text = text.dropLast() }
        return text.lowercased()
    }

    /// Returns whether these could be a name and what stands below one: short lines, the first a few words
    /// and no question.
    private static func isSigned(_ lines: [Substring]) -> Bool {
        guard let first = lines.first else { return true }
        let words = first.split(separator: " ").count
        guard first.utf8.count <= 60, words <= 6, let last = first.last, !"?:;".contains(last) else {
            return false
        }
        if last == ".", words > 3 { return false }
        // A sentence below is an afterthought, which is said, too; a disclaimer's is one long line.
        return lines.dropFirst().allSatisfy { line in
            line.utf8.count <= 90 && !line.contains("?") || line.utf8.count > 200
        }
    }
}
