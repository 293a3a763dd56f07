/// A file's text in UTF-8, piece by piece, that knows where in the file it stands. It holds no more than
/// the record in hand and one piece.
struct TextStream {
    let encoding: TextEncoding
    private let source: ByteSource
    private let pieceSize: Int
    /// Decoded text that is not consumed yet, from `position` on.
    private(set) var buffer: [UInt8] = []
    private(set) var position = 0
    /// The raw byte that `buffer[position]` came from.
    private(set) var offset: Int64
    private var rawEnd: Int64
    /// Whether `buffer` reaches to the end of the file.
    private(set) var isComplete = false

    init(_ source: ByteSource, _ encoding: TextEncoding, at offset: Int64, pieceSize: Int) {
        self.source = source
        self.encoding = encoding
        self.offset = offset
        self.rawEnd = offset
        self.pieceSize = max(16, pieceSize)
    }

    /// Everything was consumed.
    mutating func isAtEnd() throws -> Bool {
        while position == buffer.count, !isComplete { try fill() }
        return position == buffer.count
    }

    /// Reads on: as much again as is waiting, so that a long record costs a linear number of looks.
    mutating func fill() throws {
        guard !isComplete else { return }
        if position > 0 {
            buffer.removeSubrange(..<position)
            position = 0
        }
        var raw = try source.read(rawEnd, max(pieceSize, buffer.count) & ~1)
        isComplete = raw.isEmpty
        if encoding == .utf16LittleEndian || encoding == .utf16BigEndian {
            // Half a character waits for the next piece; at the end there is none.
            if raw.count & 1 == 1 { raw.removeLast() }
            if raw.count > 2, raw[raw.count - (encoding == .utf16LittleEndian ? 1 : 2)] & 0xFC == 0xD8 {
                raw.removeLast(2)
            }
            isComplete = raw.isEmpty
        }
        rawEnd += Int64(raw.count)
        if buffer.isEmpty { buffer = encoding.transcode(raw) } else { buffer += encoding.transcode(raw) }
    }

    mutating func consume(_ count: Int) {
        let end = position + count
        offset += Int64(encoding.rawLength(buffer[position..<end]))
        position = end
    }

    /// Consumes up to and including the next line end, however far it is, and gives up to `limit` bytes
    /// of what was passed.
    mutating func skipLine(keeping limit: Int = 0) throws -> [UInt8] {
        var kept: [UInt8] = []
        while try !isAtEnd() {
            let end = buffer[position...].firstIndex { $0 == 0x0A || $0 == 0x0D }
            kept += buffer[position..<(end ?? buffer.count)].prefix(max(0, limit - kept.count))
            guard let end else {
                consume(buffer.count - position)
                continue
            }
            if end + 1 == buffer.count, buffer[end] == 0x0D, !isComplete {
                return try endingLine(&kept, end - position)
            }
            consume(end - position + lineEndLength(at: end))
            return kept
        }
        return kept
    }

    /// A CR at the very end of what is read: whether an LF follows shows only after reading on.
    private mutating func endingLine(_ kept: inout [UInt8], _ length: Int) throws -> [UInt8] {
        consume(length)
        try fill()
        consume(lineEndLength(at: position))
        return kept
    }

    /// 2 for CR LF at this index, 1 for CR or LF.
    func lineEndLength(at index: Int) -> Int {
        buffer[index] == 0x0D && index + 1 < buffer.count && buffer[index + 1] == 0x0A ? 2 : 1
    }
}
