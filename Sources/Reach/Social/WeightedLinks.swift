internal import Records

/// Finds links as X does.
struct WeightedLinks {
    private let text: [Unicode.Scalar]

    static func all(in text: [Unicode.Scalar]) -> [Range<Int>] {
        guard text.contains(".") else { return [] }
        return WeightedLinks(text: text).all
    }

    private var all: [Range<Int>] {
        var found: [Range<Int>] = [], place = 0
        while place < text.count {
            guard mayBegin(place, after: found.last?.upperBound ?? 0), let link = link(at: place) else {
                place += 1
                continue
            }
            found += link.shown
            place = link.end
        }
        return found
    }

    private func at(_ place: Int) -> Unicode.Scalar? { text.indices.contains(place) ? text[place] : nil }

    /// Returns whether a link may begin at a place: what stands before it belongs to nothing else.
    private func mayBegin(_ place: Int, after end: Int) -> Bool {
        guard place > 0 else { return true }
        guard place > end || end == 0 else { return false }
        let before = text[place - 1]
        return
            !(before.isPlainLetterOrDigit
            || "@\u{FF20}$#\u{FF03}\u{FFFE}\u{FEFF}\u{FFFF}".unicodeScalars.contains(before))
    }

    private func link(at start: Int) -> (shown: [Range<Int>], end: Int)? {
        let scheme = scheme(at: start)
        guard let host = host(at: start + scheme) else { return nil }
        var end = host.upperBound
        if at(end) == ":", let digit = at(end + 1), digit.isPlainDigit {
            end += 1
            while at(end)?.isPlainDigit == true { end += 1 }
        }
        let pathStart = end
        end = pathEnd(from: end)
        let hasPath = end > pathStart
        end = queryEnd(from: end)
        guard scheme == 0 else { return ([start..<shortened(start, end)], shortened(start, end)) }
        if start > 0, "-_./".unicodeScalars.contains(text[start - 1]) { return ([], end) }
        var shown = plainHosts(in: host)
        guard let last = shown.last else { return ([], end) }
        if hasPath { shown[shown.count - 1] = last.lowerBound..<end }
        return (shown, end)
    }

    private func scheme(at start: Int) -> Int {
        for scheme in ["https://", "http://"] {
            let marks = Array(scheme.unicodeScalars)
            let isThere = marks.indices.allSatisfy { offset in
                at(start + offset).map { $0.lowered == marks[offset] } ?? false
            }
            if isThere { return marks.count }
        }
        return 0
    }

    // MARK: Hosts

    /// The longest host that begins here.
    private func host(at start: Int) -> Range<Int>? {
        var labels: [Range<Int>] = [], place = start
        while true {
            let begin = place
            while let scalar = at(place), scalar.isHostPart || scalar == "-" || scalar == "_" { place += 1 }
            guard place > begin else { break }
            labels.append(begin..<place)
            guard at(place) == "." else { break }
            place += 1
        }
        for index in labels.indices.dropFirst().reversed() {
            guard isName(labels[index - 1]), labels[..<(index - 1)].allSatisfy(isPart),
                let end = topLevel(at: labels[index])
            else { continue }
            return start..<end
        }
        return nil
    }

    private func isPart(_ label: Range<Int>) -> Bool {
        text[label.lowerBound].isHostPart && text[label.upperBound - 1].isHostPart
    }

    private func isName(_ label: Range<Int>) -> Bool { isPart(label) && !text[label].contains("_") }

    /// Where the name of a top level ends that a label begins with.
    private func topLevel(at label: Range<Int>) -> Int? {
        let letters = text[label].prefix { $0.isPlainLetterOrDigit }
        let end = letters.isEmpty ? label.upperBound : letters.endIndex
        let name = String(String.UnicodeScalarView(text[label.lowerBound..<end])).lowercased()
        // A name in Punycode counts as one, whatever it stands for.
        if name == "xn", at(end) == "-", at(end + 1) == "-" {
            let rest = text[(end + 2)..<label.upperBound].prefix { $0.isPlainLetterOrDigit || $0 == "-" }
            return rest.isEmpty ? nil : rest.endIndex
        }
        if let next = at(end), "@+-".unicodeScalars.contains(next) {
            return nil
        }
        return WebAddress.hasListedEnd(name) ? end : nil
    }

    /// The hosts in letters of Latin kin within a longer one: what is before them is no part of them.
    private func plainHosts(in host: Range<Int>) -> [Range<Int>] {
        var found: [Range<Int>] = [], place = host.lowerBound
        while place < host.upperBound {
            guard text[place].isPlainHostPart else {
                place += 1
                continue
            }
            var labels: [Range<Int>] = [], end = place
            while true {
                let begin = end
                while end < host.upperBound, text[end].isPlainHostPart { end += 1 }
                guard end > begin else { break }
                labels.append(begin..<end)
                guard end < host.upperBound, text[end] == "." else { break }
                end += 1
            }
            // The top level itself may be in other letters.
            if !labels.isEmpty, end < host.upperBound, text[end - 1] == "." {
                labels.append(end..<host.upperBound)
            }
            let last = labels.indices.dropFirst().reversed().lazy.compactMap { topLevel(at: labels[$0]) }
                .first
            if let last { found.append(place..<last) }
            place = max(last ?? end, place + 1)
        }
        return found
    }

    // MARK: What follows a host

    private func pathEnd(from start: Int) -> Int {
        guard at(start) == "/" else { return start }
        var place = start + 1, good = start + 1
        while let scalar = at(place) {
            if scalar == "(" {
                guard let end = bracketEnd(from: place) else { break }
                (place, good) = (end, end)
            } else if scalar.isPathPart {
                place += 1
                if scalar.mayEndPath { good = place }
            } else {
                break
            }
        }
        return good
    }

    /// Brackets in a path are in pairs, one within another at most.
    private func bracketEnd(from start: Int) -> Int? {
        var place = start + 1, depth = 1, count = 0, inner = 0
        while let scalar = at(place) {
            if scalar == "(" {
                guard depth == 1, inner == 0 else { return nil }
                (depth, inner) = (2, 1)
                count = 0
            } else if scalar == ")" {
                guard count > 0 || depth == 1 && inner > 0 else { return nil }
                depth -= 1
                if depth == 0 { return place + 1 }
            } else if scalar.isPathPart {
                count += 1
            } else {
                return nil
            }
            place += 1
        }
        return nil
    }

    private func queryEnd(from start: Int) -> Int {
        guard at(start) == "?" else { return start }
        var place = start + 1, good = start
        while let scalar = at(place), scalar.isQueryPart {
            place += 1
            if scalar.mayEndQuery { good = place }
        }
        return good
    }

    /// The network's own short links end with their name.
    private func shortened(_ start: Int, _ end: Int) -> Int {
        let address = String(String.UnicodeScalarView(text[start..<end])).lowercased()
        for head in ["https://t.co/", "http://t.co/"] where address.hasPrefix(head) {
            let name = address.dropFirst(head.count).prefix { $0.isASCII && ($0.isLetter || $0.isNumber) }
            guard !name.isEmpty else { return end }
            let last = start + head.count + name.count
            return at(last) == "?" ? max(last, min(end, queryEnd(from: last))) : last
        }
        return end
    }
}

extension Unicode.Scalar {
    fileprivate var lowered: Unicode.Scalar { value &- 0x41 < 26 ? Unicode.Scalar(value | 0x20)! : self }
    fileprivate var isPlainDigit: Bool { value &- 0x30 < 10 }
    fileprivate var isPlainLetterOrDigit: Bool { value | 0x20 &- 0x61 < 26 || isPlainDigit }

    private var isLatinAccent: Bool {
        switch value {
        case 0xC0...0xD6, 0xD8...0xF6, 0xF8...0x24F, 0x253, 0x254, 0x256, 0x257, 0x259, 0x25B, 0x263, 0x268,
            0x26F, 0x272, 0x289, 0x28B, 0x2BB, 0x300...0x36F, 0x1E00...0x1EFF:
            true
        default: false
        }
    }
    private var isCyrillic: Bool { (0x400...0x4FF).contains(value) }

    fileprivate var isHostPart: Bool {
        if isASCII {
            return isPlainLetterOrDigit || "\"`".unicodeScalars.contains(self) || value < 9
                || (0xE..<0x20).contains(value) || value == 0x7F
        }
        switch value {
        case 0x85, 0xA0, 0x1680, 0x180E, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000, 0xFEFF,
            0xFFFE, 0xFFFF, 0x202A...0x202E, 0x61C, 0x200E, 0x200F, 0x2066...0x2069:
            return false
        default: return true
        }
    }

    fileprivate var isPlainHostPart: Bool { isPlainLetterOrDigit || self == "-" || isLatinAccent }

    fileprivate var isPathPart: Bool {
        isPlainLetterOrDigit || isLatinAccent || isCyrillic
            || "!*';:=+,.$/%#[]-\u{2013}_~@|&".unicodeScalars.contains(self)
    }
    fileprivate var mayEndPath: Bool {
        isPlainLetterOrDigit || isLatinAccent || isCyrillic || "+-=_#/".unicodeScalars.contains(self)
    }
    fileprivate var isQueryPart: Bool {
        isPlainLetterOrDigit || "!?*'@();:&=+$/%#[]-_.,~|".unicodeScalars.contains(self)
    }
    fileprivate var mayEndQuery: Bool { isPlainLetterOrDigit || "-_&=#/".unicodeScalars.contains(self) }
}
