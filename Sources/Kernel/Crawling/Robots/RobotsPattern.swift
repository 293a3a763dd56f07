internal import Markup

/// A path of `robots.txt` with its wildcards, which is found in an address in linear time: whoever writes patterns may
/// mean harm.
struct RobotsPattern: Hashable, Sendable {
    /// The octets of the pattern: the longest pattern that fits decides.
    let length: Int
    /// The parts between the stars. The first begins the address.
    private let pieces: [Piece]
    private let isAnchored: Bool

    private struct Piece: Hashable, Sendable {
        let bytes: [UInt8]
        /// The length of the piece that is still good where the next byte is not (Knuth, Morris and Pratt).
        let failure: [Int32]

        init(_ bytes: some Collection<UInt8>) {
            let bytes = Array(bytes)
            self.bytes = bytes
            var failure = [Int32](repeating: 0, count: bytes.count)
            var length = 0
            for index in bytes.indices.dropFirst() {
                while length > 0, bytes[length] != bytes[index] { length = Int(failure[length - 1]) }
                if bytes[length] == bytes[index] { length += 1 }
                failure[index] = Int32(length)
            }
            self.failure = failure
        }

        /// Returns where its first occurrence ends.
        func end(in text: [UInt8], from start: Int) -> Int? {
            guard !bytes.isEmpty else { return start }
            var length = 0
            for index in start..<max(start, text.count) {
                while length > 0, bytes[length] != text[index] { length = Int(failure[length - 1]) }
                if bytes[length] == text[index] { length += 1 }
                if length == bytes.count { return index + 1 }
            }
            return nil
        }
    }

    /// `nil` for an empty one, which is no rule.
    init?(_ text: some StringProtocol) {
        let written = PageAddress.encoded(Substring(text), in: Self.kept)
        guard !written.isEmpty else { return nil }
        length = written.utf8.count
        var bytes = Array(written.utf8)
        isAnchored = bytes.last == UInt8(ascii: "$")
        if isAnchored { bytes.removeLast() }
        pieces = bytes.split(separator: UInt8(ascii: "*"), omittingEmptySubsequences: false)
            .map { Piece(Self.literal($0)) }
    }

    /// `target` is as `normalized` has it.
    func matches(_ target: [UInt8]) -> Bool {
        guard target.starts(with: pieces[0].bytes) else { return false }
        var place = pieces[0].bytes.count
        if pieces.count == 1 { return !isAnchored || place == target.count }
        for piece in pieces.dropFirst().dropLast() {
            guard let end = piece.end(in: target, from: place) else { return false }
            place = end
        }
        let last = pieces[pieces.count - 1].bytes
        if isAnchored {
            return target.count - last.count >= place && target.suffix(last.count).elementsEqual(last)
        }
        return pieces[pieces.count - 1].end(in: target, from: place) != nil
    }

    /// The path and query of an address, as patterns are compared with: percent signs by one rule on both sides.
    static func normalized(_ target: String) -> [UInt8] {
        let target = target.hasPrefix("/") ? target : "/" + target
        return Array(literal(PageAddress.encoded(target[...], in: kept).utf8))
    }

    private static let kept = ByteSet("!\"#$&'()*+,/:;<=>?@[\\]^`{|}")

    /// With the two signs that mean something in patterns written as percent signs, as RFC 9309 §2.2.3 has it.
    private static func literal(_ bytes: some Sequence<UInt8>) -> [UInt8] {
        var output: [UInt8] = []
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "$"): output += "%24".utf8
            case UInt8(ascii: "*"): output += "%2A".utf8
            default: output.append(byte)
            }
        }
        return output
    }
}
