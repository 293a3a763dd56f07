/// The text before a value, back to the last blank: whether the value stands in an address, and where in it.
struct LinkTail {
    private var tail: [UInt8] = []
    private static let lengthMax = 512

    /// Text that comes next in the source.
    mutating func add(_ text: some BidirectionalCollection<UInt8>) {
        let word = text.reversed().prefix { $0 > 0x20 }
        if word.count < text.count { tail.removeAll(keepingCapacity: true) }
        tail.append(contentsOf: word.prefix(Self.lengthMax).reversed())
        shorten()
    }

    /// A value stands there, whatever it is.
    mutating func addValue() {
        tail.append(UInt8(ascii: "x"))
        shorten()
    }

    private mutating func shorten() {
        if tail.count > Self.lengthMax { tail.removeFirst(tail.count - Self.lengthMax / 2) }
    }

    var context: LinkContext {
        // Most values stand nowhere near an address: every mark has one of these.
        guard
            tail.contains(where: {
                $0 == UInt8(ascii: "(") || $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: "=")
            })
        else { return .none }
        var found = LinkContext.none
        // Where several marks match, the last one that is still open counts.
        var place = -1
        for mark in Self.marks {
            guard let start = end(ofLast: mark.text), start > place else { continue }
            let rest = tail[start...]
            guard !rest.contains(where: { mark.closing.contains($0) }) else { continue }
            place = start
            if rest.contains(where: { $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#") }) {
                found = .component
            } else {
                found = rest.isEmpty && mark.isStart ? .start : .middle
            }
        }
        return found
    }

    private struct Mark {
        let text: [UInt8]
        /// Nothing of the address stands before it.
        let isStart: Bool
        let closing: Set<UInt8>
    }

    private static let marks: [Mark] = {
        let closing = Set(#")>"']"#.utf8)
        return ["http://", "https://", "mailto:"].map {
            Mark(text: Array($0.utf8), isStart: false, closing: closing)
        }
            + ["](<", "]("].map { Mark(text: Array($0.utf8), isStart: true, closing: Set(")>".utf8)) }
            + ["href=\"", "src=\"", "href='", "src='"].map {
                Mark(text: Array($0.utf8), isStart: true, closing: [UInt8(ascii: $0.unicodeScalars.last!)])
            }
    }()

    private func end(ofLast mark: [UInt8]) -> Int? {
        guard tail.count >= mark.count else { return nil }
        for start in stride(from: tail.count - mark.count, through: 0, by: -1)
        where tail[start..<start + mark.count].elementsEqual(mark) {
            return start + mark.count
        }
        return nil
    }
}
