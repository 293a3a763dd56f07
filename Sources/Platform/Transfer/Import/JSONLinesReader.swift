package import JSON

/// Reads a JSON object from every line. Blank lines are passed over and not counted; a line that is no
/// object is a fault of that line alone. UTF-8, or UTF-16 with or without a byte-order mark.
package struct JSONLinesReader {
    package struct Line: Hashable, Sendable {
        package let number: Int
        package let content: Content
        /// The beginning of the line as it stands in the file.
        package let excerpt: String
    }

    package enum Content: Hashable, Sendable {
        case object(JSONObject)
        case fault(RowFault.Code, detail: String)
    }

    /// A longer line is a fault. It bounds the memory.
    package static let lineSizeMax = 4 << 20

    private var stream: TextStream
    private var rows: Int

    package var offset: Int64 { stream.offset }
    package var checkpoint: ImportCheckpoint {
        ImportCheckpoint(offset: stream.offset, row: rows, encoding: stream.encoding, delimiter: 0)
    }

    package init(
        _ source: ByteSource, from checkpoint: ImportCheckpoint? = nil, pieceSize: Int = 1 << 18
    )
        throws
    {
        if let checkpoint {
            stream = TextStream(source, checkpoint.encoding, at: checkpoint.offset, pieceSize: pieceSize)
            rows = checkpoint.row
            return
        }
        let head = try source.read(0, TextDecoding.sampleSize)
        let found = try TextDecoding.detect(head)
        // JSON is never Windows-1252: a line with such bytes is a fault and says so.
        let encoding = found.encoding == .windows1252 ? .utf8 : found.encoding
        stream = TextStream(source, encoding, at: Int64(found.markLength), pieceSize: pieceSize)
        rows = 0
        let text = encoding.transcode(Array(head.dropFirst(found.markLength)))
        let first = text.first { $0 > 0x20 }
        guard first != nil || head.count == TextDecoding.sampleSize else {
            throw FileFault(.empty, "The file is empty: send one JSON object a line.")
        }
        guard first != UInt8(ascii: "[") else {
            throw FileFault(
                .notJSONLines,
                "The file is one JSON array: write one object a line, without brackets and commas.")
        }
    }

    /// `nil` at the end of the file.
    package mutating func next() throws -> Line? {
        while try !stream.isAtEnd() {
            guard let end = try lineEnd() else {
                let excerpt = UTF8Repair.text(try stream.skipLine(keeping: 1000)[...])
                return line(
                    .fault(
                        .rowTooLong,
                        detail: "The line is longer than \(Self.lineSizeMax >> 20) MB: shorten it."),
                    excerpt)
            }
            let bytes = Array(stream.buffer[stream.position..<end])
            stream.consume(end - stream.position)
            if try !stream.isAtEnd() { stream.consume(stream.lineEndLength(at: stream.position)) }
            guard bytes.contains(where: { $0 > 0x20 }) else { continue }
            return line(Self.content(bytes), UTF8Repair.text(bytes.prefix(1000)))
        }
        return nil
    }

    private static func content(_ bytes: [UInt8]) -> Content {
        do throws(JSONError) {
            guard case .object(let object) = try JSONParser.parse(bytes) else {
                return .fault(
                    .wrongType, detail: "The line is not a JSON object: write one in braces on each line.")
            }
            return .object(object)
        } catch {
            return .fault(
                .malformedJSON,
                detail: "The line is not valid JSON at column \(error.column): \(error.reason). Correct it.")
        }
    }

    private mutating func line(_ content: Content, _ excerpt: String) -> Line {
        rows += 1
        return Line(number: rows, content: content, excerpt: excerpt)
    }

    /// The index of the line end, or of the end of the file; `nil` when the line is too long.
    private mutating func lineEnd() throws -> Int? {
        var searched = 0
        while true {
            let end = stream.buffer[(stream.position + searched)...].firstIndex { $0 == 0x0A || $0 == 0x0D }
            // A CR at the end of the buffer waits for its LF.
            if let end, end + 1 < stream.buffer.count || stream.isComplete {
                return end - stream.position <= Self.lineSizeMax ? end : nil
            }
            searched = (end ?? stream.buffer.count) - stream.position
            guard searched <= Self.lineSizeMax else { return nil }
            if stream.isComplete { return stream.buffer.count }
            try stream.fill()
        }
    }
}
