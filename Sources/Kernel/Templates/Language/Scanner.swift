/// Takes a source apart into text, outputs and tags. Comments and the blanks that tags ask to lose are gone
/// afterwards.
struct Scanner {
    enum Piece {
        case text(Range<Int>)
        /// The bytes between the braces, and where these begin.
        case output(Range<Int>, start: Int)
        case tag(Range<Int>, start: Int)
    }

    private let bytes: [UInt8]
    private(set) var pieces: [Piece] = []
    private(set) var faults: [(offset: Int, code: TemplateFault.Code, detail: String)] = []
    private var position = 0
    private var textStart = 0
    /// The tag before swallows the blanks that follow.
    private var trimsNext = false

    static func scan(
        _ bytes: [UInt8]
    ) -> (pieces: [Piece], faults: [(offset: Int, code: TemplateFault.Code, detail: String)]) {
        var scanner = Scanner(bytes: bytes)
        scanner.run()
        scanner.removeTagLines()
        return (scanner.pieces, scanner.faults)
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private static let brace = UInt8(ascii: "{"), percent = UInt8(ascii: "%"), minus = UInt8(ascii: "-")

    private func opens(at index: Int) -> Bool {
        index + 1 < bytes.count && bytes[index] == Self.brace
            && (bytes[index + 1] == Self.brace || bytes[index + 1] == Self.percent)
    }

    private mutating func run() {
        while position + 1 < bytes.count {
            guard opens(at: position) else {
                position += 1
                continue
            }
            tag()
        }
        endText(at: bytes.count, trims: false)
    }

    private mutating func tag() {
        let start = position, isOutput = bytes[start + 1] == Self.brace
        guard let end = close(from: start + 2, isOutput: isOutput) else {
            let detail =
                isOutput
                ? "The value is never closed: write }} after it."
                : "The tag is never closed: write %} after it."
            faults.append((start, .syntaxError, detail))
            position = start + 2
            return
        }
        var inside = start + 2..<end
        let trimsBefore = !inside.isEmpty && bytes[inside.lowerBound] == Self.minus
        if trimsBefore { inside = inside.lowerBound + 1..<inside.upperBound }
        let trimsAfter = !inside.isEmpty && bytes[inside.upperBound - 1] == Self.minus
        if trimsAfter { inside = inside.lowerBound..<inside.upperBound - 1 }
        endText(at: start, trims: trimsBefore)
        (position, textStart, trimsNext) = (end + 2, end + 2, trimsAfter)
        if isOutput {
            pieces.append(.output(inside, start: start))
        } else {
            pieces.append(.tag(inside, start: start))
            if name(inside) == "comment" { comment(from: start) }
        }
    }

    /// Where the braces close; `nil` where another tag begins before, or nothing comes.
    private func close(from start: Int, isOutput: Bool) -> Int? {
        let first = isOutput ? UInt8(ascii: "}") : Self.percent
        var index = start
        while index + 1 < bytes.count {
            let byte = bytes[index]
            if byte == first, bytes[index + 1] == UInt8(ascii: "}") { return index }
            if opens(at: index) { return nil }
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'"), let end = quote(from: index) {
                index = end
            }
            index += 1
        }
        return nil
    }

    /// The place of the closing quotation mark, on the same line.
    private func quote(from start: Int) -> Int? {
        var index = start + 1
        while index < bytes.count, bytes[index] != UInt8(ascii: "\n") {
            if bytes[index] == bytes[start] { return index }
            index += 1
        }
        return nil
    }

    private func name(_ range: Range<Int>) -> String {
        let word = bytes[range].drop(while: isBlank).prefix { !isBlank($0) }
        return String(decoding: word, as: UTF8.self)
    }

    /// Goes on behind the comment's end; what stands inside is not looked at.
    private mutating func comment(from start: Int) {
        while position + 1 < bytes.count {
            if opens(at: position), bytes[position + 1] == Self.percent,
                let end = close(from: position + 2, isOutput: false)
            {
                var inside = position + 2..<end
                if bytes[inside].first == Self.minus { inside = inside.lowerBound + 1..<end }
                let trims = bytes[inside].last == Self.minus
                if trims { inside = inside.lowerBound..<inside.upperBound - 1 }
                position = end + 2
                if name(inside) == "endcomment" {
                    (textStart, trimsNext) = (position, trims)
                    return
                }
            } else {
                position += 1
            }
        }
        (position, textStart) = (bytes.count, bytes.count)
        faults.append(
            (start, .unclosedBlock, "The comment is never closed: write {% endcomment %} after it."))
    }

    private mutating func endText(at end: Int, trims: Bool) {
        var range = textStart..<end
        if trimsNext {
            let kept = bytes[range].drop(while: isSpace)
            range = kept.startIndex..<range.upperBound
        }
        if trims {
            let blanks = bytes[range].reversed().prefix(while: isSpace).count
            range = range.lowerBound..<range.upperBound - blanks
        }
        trimsNext = false
        if !range.isEmpty { pieces.append(.text(range)) }
    }

    /// A line with nothing but tags is no line of the result: so a loop over list items makes one list.
    private mutating func removeTagLines() {
        var index = 0
        while index < pieces.count {
            guard case .tag = pieces[index] else {
                index += 1
                continue
            }
            // From here to the first piece that is neither a tag nor blanks in the same line.
            var end = index
            while end + 1 < pieces.count, isTagOrBlanks(pieces[end + 1]) { end += 1 }
            if case .text = pieces[end] { end -= 1 }
            if let before = startOfLine(before: index), let after = endOfLine(after: end) {
                if index > 0, case .text(let range) = pieces[index - 1] {
                    pieces[index - 1] = .text(range.lowerBound..<before)
                }
                if end + 1 < pieces.count, case .text(let range) = pieces[end + 1] {
                    pieces[end + 1] = .text(after..<range.upperBound)
                }
                for inner in index...end {
                    if case .text(let range) = pieces[inner] {
                        pieces[inner] = .text(range.lowerBound..<range.lowerBound)
                    }
                }
            }
            index = end + 1
        }
    }

    private func isTagOrBlanks(_ piece: Piece) -> Bool {
        switch piece {
        case .tag: true
        case .text(let range): bytes[range].allSatisfy(isBlank)
        case .output: false
        }
    }

    /// Where the line of a tag begins, when only blanks stand before it.
    private func startOfLine(before index: Int) -> Int? {
        guard index > 0 else { return 0 }
        guard case .text(let range) = pieces[index - 1] else { return nil }
        let blanks = bytes[range].reversed().prefix(while: isBlank).count
        let start = range.upperBound - blanks
        let isWhole = start == 0 || bytes[start - 1] == UInt8(ascii: "\n")
        return isWhole ? start : nil
    }

    /// Behind the line end after a tag, when only blanks stand before that.
    private func endOfLine(after index: Int) -> Int? {
        guard index + 1 < pieces.count else { return bytes.count }
        guard case .text(let range) = pieces[index + 1] else { return nil }
        var end = range.lowerBound
        while end < range.upperBound, isBlank(bytes[end]) { end += 1 }
        if end < range.upperBound, bytes[end] == UInt8(ascii: "\r") { end += 1 }
        if end < range.upperBound { return bytes[end] == UInt8(ascii: "\n") ? end + 1 : nil }
        return end == bytes.count ? end : nil
    }
}

private func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

private func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
