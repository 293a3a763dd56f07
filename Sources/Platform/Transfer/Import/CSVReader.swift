/// Reads CSV as RFC 4180 describes it and as programs write it: commas, semicolons, tabs or bars; LF,
/// CR LF or CR; quotation marks left open, left single, or put where none belong; Excel's `sep=;`
/// line; blank lines and rows without any content, which are passed over and not counted.
///
/// A quotation mark inside a quoted cell that is neither doubled nor the last character of the cell
/// stands for itself where the cell closes properly later in the same line, and ends the cell's
/// quoting otherwise. A quotation mark that never closes spoils its own line only: reading goes on
/// at the line after it.
package struct CSVReader {
    package enum Item: Hashable, Sendable {
        /// The row was filled.
        case row
        /// The row's number is set, and its cells hold what could be read of it.
        case fault(RowFault.Code, detail: String)
    }

    /// A record that is longer is a fault. It bounds the memory.
    package static let rowSizeMax = 4 << 20
    /// A header that is longer is none.
    package static let headerSizeMax = 256 << 10
    package static let columnsMax = 1000
    /// The number of open quotation marks that may be bad luck; more are another format. It bounds the
    /// reading twice.
    package static let openQuotesMax = 100

    package let header: [String]
    package let delimiter: UInt8
    private var stream: TextStream
    private var rows: Int
    private var openQuotes = 0

    package var encoding: TextEncoding { stream.encoding }
    /// Raw bytes consumed, for progress.
    package var offset: Int64 { stream.offset }
    /// The place at which the next call of `next` would begin.
    package var checkpoint: ImportCheckpoint {
        ImportCheckpoint(offset: stream.offset, row: rows, encoding: encoding, delimiter: delimiter)
    }

    /// Opens a file: finds out its encoding and delimiter, or takes a checkpoint's, reads its header, and
    /// goes to its first row, or the checkpoint's next one.
    ///
    /// Where the first line is a row itself, `naming` gives the columns names.
    package init(
        _ source: ByteSource, from checkpoint: ImportCheckpoint? = nil, pieceSize: Int = 1 << 18,
        naming: ([String]) -> [String]? = { _ in nil }
    )
        throws
    {
        let head = try source.read(0, TextDecoding.sampleSize)
        let found = try TextDecoding.detect(head)
        let encoding = checkpoint?.encoding ?? found.encoding
        var stream = TextStream(source, encoding, at: Int64(found.markLength), pieceSize: pieceSize)
        let declared = try Self.takeDeclaredDelimiter(&stream)
        delimiter = checkpoint?.delimiter ?? declared ?? Self.detectDelimiter(in: stream)
        let start = stream
        var row = CSVRow()
        var isFound = false
        while try !isFound && !stream.isAtEnd() {
            switch try Self.scan(&stream, delimiter, into: &row, limit: Self.headerSizeMax) {
            case .row: isFound = !row.isBlank
            case .tooLong, .openQuote:
                throw FileFault(
                    .malformedHeader,
                    "The first line is not a list of column names, or its quotation marks do not close.")
            }
        }
        guard isFound else {
            throw FileFault(.empty, "The file has no line with column names: add one as the first line.")
        }
        guard row.count <= Self.columnsMax else {
            throw FileFault(
                .malformedHeader, "The first line names more than \(Self.columnsMax) columns: remove some.")
        }
        let names = row.texts
        let given = naming(names)
        header = given ?? names
        if given != nil { stream = start }
        if let checkpoint {
            stream = TextStream(source, encoding, at: checkpoint.offset, pieceSize: pieceSize)
        }
        self.stream = stream
        rows = checkpoint?.row ?? 0
    }

    /// Reads the next row into `row`; `nil` at the end of the file.
    package mutating func next(into row: inout CSVRow) throws -> Item? {
        while try !stream.isAtEnd() {
            switch try Self.scan(&stream, delimiter, into: &row, limit: Self.rowSizeMax) {
            case .row:
                if row.isBlank { continue }
                number(&row)
                return .row
            case .tooLong:
                try spoil(&row)
                return .fault(
                    .rowTooLong, detail: "The row is longer than \(Self.rowSizeMax >> 20) MB: shorten it.")
            case .openQuote:
                openQuotes += 1
                guard openQuotes <= Self.openQuotesMax else {
                    throw FileFault(
                        .malformedQuoting,
                        "Row \(rows + 1): too many quotation marks are opened and not closed; correct them and import the file again."
                    )
                }
                try spoil(&row)
                return .fault(
                    .unterminatedQuote,
                    detail:
                        "The row has a quotation mark that is opened and never closed: close or double it.")
            }
        }
        return nil
    }

    private mutating func number(_ row: inout CSVRow) {
        rows += 1
        row.number = rows
    }

    /// Passes over the line and keeps its beginning as the row's one cell.
    private mutating func spoil(_ row: inout CSVRow) throws {
        row.clear()
        row.bytes = try stream.skipLine(keeping: 1000)
        row.ends = [row.bytes.count]
        number(&row)
    }
}

extension CSVReader {
    private enum Scan { case row, tooLong, openQuote }

    /// Reads one record and consumes it; on `tooLong` and `openQuote` nothing is consumed.
    private static func scan(
        _ stream: inout TextStream, _ delimiter: UInt8, into row: inout CSVRow, limit: Int
    ) throws -> Scan {
        while true {
            let outcome = stream.buffer.withUnsafeBufferPointer { bytes in
                RecordScanner(
                    bytes: bytes, start: stream.position, isComplete: stream.isComplete, delimiter: delimiter
                )
                .scan(into: &row)
            }
            switch outcome {
            case .record(let length) where length > limit: return .tooLong
            case .record(let length):
                stream.consume(length)
                return .row
            case .openQuote where stream.isComplete: return .openQuote
            case .needsMore, .openQuote:
                if stream.buffer.count - stream.position > limit {
                    return outcome == .openQuote ? .openQuote : .tooLong
                }
                try stream.fill()
            }
        }
    }

    /// The delimiter of a first line `sep=;`, which Excel writes and obeys; the line is consumed.
    private static func takeDeclaredDelimiter(_ stream: inout TextStream) throws -> UInt8? {
        while stream.buffer.count < 1 << 13, !stream.isComplete { try stream.fill() }
        let line = stream.buffer[stream.position...].prefix(8).prefix { $0 != 0x0A && $0 != 0x0D }
        let text = Array(line.filter { $0 != UInt8(ascii: "\"") })
        guard text.count == 5, text.prefix(4).elementsEqual("sep=".utf8, by: { $0 | 0x20 == $1 | 0x20 }),
            candidates.contains(text[4])
        else { return nil }
        _ = try stream.skipLine()
        return text[4]
    }

    private static let candidates = Array(",;\t|".utf8)

    /// The delimiter that parts the first lines into the most columns, all of them into the same number.
    private static func detectDelimiter(in stream: TextStream) -> UInt8 {
        var best: (delimiter: UInt8, score: Double) = (candidates[0], 0)
        for candidate in candidates {
            let counts = columnCounts(in: stream, candidate)
            guard let columns = counts.first, columns > 1 else { continue }
            let alike = Double(counts.count { $0 == columns }) / Double(counts.count)
            let score = alike * alike * Double(columns)
            if score > best.score { best = (candidate, score) }
        }
        return best.delimiter
    }

    private static func columnCounts(in stream: TextStream, _ delimiter: UInt8) -> [Int] {
        var counts: [Int] = []
        var row = CSVRow()
        stream.buffer.withUnsafeBufferPointer { bytes in
            var start = stream.position
            while counts.count < 25, start < bytes.count {
                let scanner = RecordScanner(
                    bytes: bytes, start: start, isComplete: stream.isComplete, delimiter: delimiter)
                guard case .record(let length) = scanner.scan(into: &row) else { break }
                if !row.isBlank { counts.append(row.count) }
                start += length
            }
        }
        return counts
    }
}
