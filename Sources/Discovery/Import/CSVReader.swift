package import JSON

/// A row of a CSV file: the cells' contents, without quotation marks, one after the other.
package struct CSVRow {
    /// Data rows count from 1; the header is 0.
    package internal(set) var number = 0
    var bytes: [UInt8] = []
    var ends: [Int] = []

    package init() {}

    /// A row of texts, as a reader would give it.
    package init(number: Int, _ cells: [String]) {
        self.number = number
        for cell in cells {
            bytes += Array(cell.utf8)
            ends.append(bytes.count)
        }
    }

    package var count: Int { ends.count }

    /// The text of a cell; bytes that are no UTF-8 are read as Windows-1252, NULs are dropped.
    package func text(_ index: Int) -> String { UTF8Repair.text(slice(index)) }

    package func byteCount(_ index: Int) -> Int { ends[index] - (index == 0 ? 0 : ends[index - 1]) }

    package var texts: [String] { (0..<count).map(text) }

    func slice(_ index: Int) -> ArraySlice<UInt8> { bytes[(index == 0 ? 0 : ends[index - 1])..<ends[index]] }

    /// Nothing but blanks in every cell.
    var isBlank: Bool { !bytes.contains { $0 > 0x20 } }

    mutating func clear() {
        bytes.removeAll(keepingCapacity: true)
        ends.removeAll(keepingCapacity: true)
    }
}

/// A place to go on from, after the rows that were dealt with. It holds what was found out about the
/// file, so that a later version of this reader does not find out something else in the middle.
package struct ImportCheckpoint: Hashable, Sendable {
    /// Raw bytes of the file before the next record.
    package var offset: Int64
    /// Rows given out so far.
    package var row: Int
    package var encoding: TextEncoding
    /// Comma, semicolon, tab or bar; 0 where there are no columns (JSON lines).
    package var delimiter: UInt8

    package var json: JSON {
        [
            "offset": .integer(offset), "row": JSON(row), "encoding": .string(encoding.rawValue),
            "delimiter": JSON(Int(delimiter)),
        ]
    }

    package init(offset: Int64, row: Int, encoding: TextEncoding, delimiter: UInt8) {
        (self.offset, self.row, self.encoding, self.delimiter) = (offset, row, encoding, delimiter)
    }

    package init?(_ json: JSON) {
        guard let offset = json["offset"]?.int, let row = json["row"]?.int, let name = json["encoding"]?.text,
            let encoding = TextEncoding(rawValue: name), let delimiter = json["delimiter"]?.int.flatMap(UInt8.init(exactly:)),
            offset >= 0, row >= 0
        else { return nil }
        self.init(offset: offset, row: Int(row), encoding: encoding, delimiter: delimiter)
    }
}

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
    /// So many open quotation marks are bad luck; more are another format. It bounds the reading twice.
    package static let openQuotesMax = 100

    package let header: [String]
    package let delimiter: UInt8
    private var stream: TextStream
    private var rows: Int
    private var openQuotes = 0

    package var encoding: TextEncoding { stream.encoding }
    /// Raw bytes consumed, for progress.
    package var offset: Int64 { stream.offset }
    /// Where the next call of `next` would begin.
    package var checkpoint: ImportCheckpoint {
        ImportCheckpoint(offset: stream.offset, row: rows, encoding: encoding, delimiter: delimiter)
    }

    /// Opens a file: finds out its encoding and delimiter, or takes a checkpoint's, reads its header, and
    /// goes to its first row, or the checkpoint's next one.
    package init(_ source: ByteSource, from checkpoint: ImportCheckpoint? = nil, pieceSize: Int = 1 << 18) throws {
        let head = try source.read(0, TextDecoding.sampleSize)
        let found = try TextDecoding.detect(head)
        let encoding = checkpoint?.encoding ?? found.encoding
        var stream = TextStream(source, encoding, at: Int64(found.markLength), pieceSize: pieceSize)
        let declared = try Self.takeDeclaredDelimiter(&stream)
        delimiter = checkpoint?.delimiter ?? declared ?? Self.detectDelimiter(in: stream)
        var row = CSVRow()
        var isFound = false
        while try !isFound && !stream.isAtEnd() {
            switch try Self.scan(&stream, delimiter, into: &row, limit: Self.headerSizeMax) {
            case .row: isFound = !row.isBlank
            case .tooLong, .openQuote:
                throw FileFault(.malformedHeader, "The first line is no list of column names, or its quotation marks do not close.")
            }
        }
        guard isFound else { throw FileFault(.empty, "The file holds no line with column names.") }
        guard row.count <= Self.columnsMax else {
            throw FileFault(.malformedHeader, "The first line names more than \(Self.columnsMax) columns.")
        }
        header = row.texts
        if let checkpoint { stream = TextStream(source, encoding, at: checkpoint.offset, pieceSize: pieceSize) }
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
                return .fault(.rowTooLong, detail: "The row is longer than \(Self.rowSizeMax >> 20) MB.")
            case .openQuote:
                openQuotes += 1
                guard openQuotes <= Self.openQuotesMax else {
                    throw FileFault(.malformedQuoting, "Row \(rows + 1): quotation marks are opened and not closed, again and again.")
                }
                try spoil(&row)
                return .fault(.unterminatedQuote, detail: "A quotation mark opens in this row and is never closed.")
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
                RecordScanner(bytes: bytes, start: stream.position, isComplete: stream.isComplete, delimiter: delimiter)
                    .scan(into: &row)
            }
            switch outcome {
            case .record(let length) where length > limit: return .tooLong
            case .record(let length):
                stream.consume(length)
                return .row
            case .openQuote where stream.isComplete: return .openQuote
            case .needsMore, .openQuote:
                if stream.buffer.count - stream.position > limit { return outcome == .openQuote ? .openQuote : .tooLong }
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
                let scanner = RecordScanner(bytes: bytes, start: start, isComplete: stream.isComplete, delimiter: delimiter)
                guard case .record(let length) = scanner.scan(into: &row) else { break }
                if !row.isBlank { counts.append(row.count) }
                start += length
            }
        }
        return counts
    }
}

/// One record, from an index of a buffer on.
private struct RecordScanner {
    enum Outcome: Equatable {
        /// So many bytes, line end included.
        case record(Int)
        /// The buffer ends before the record does.
        case needsMore
        /// The same, inside quotation marks.
        case openQuote
    }

    /// What comes after a cell.
    private enum CellEnd { case delimiter, line, file, needsMore, openQuote }

    let bytes: UnsafeBufferPointer<UInt8>
    let start: Int
    let isComplete: Bool
    let delimiter: UInt8

    private static let quote = UInt8(ascii: "\"")
    /// More cells than any header has are counted no further, lest a line of commas fill the memory.
    private static let cellsMax = 2 * CSVReader.columnsMax

    func scan(into row: inout CSVRow) -> Outcome {
        row.clear()
        var index = start
        while true {
            let end = cell(&index, into: &row)
            if row.ends.count < Self.cellsMax { row.ends.append(row.bytes.count) }
            switch end {
            case .delimiter: index += 1
            case .file: return .record(index - start)
            case .needsMore: return .needsMore
            case .openQuote: return .openQuote
            case .line:
                guard bytes[index] == 0x0D else { return .record(index + 1 - start) }
                guard index + 1 < bytes.count else { return isComplete ? .record(index + 1 - start) : .needsMore }
                return .record(index + (bytes[index + 1] == 0x0A ? 2 : 1) - start)
            }
        }
    }

    private func cell(_ index: inout Int, into row: inout CSVRow) -> CellEnd {
        var content = index
        while content < bytes.count, bytes[content] == 0x20 { content += 1 }
        if content < bytes.count, bytes[content] == Self.quote {
            index = content + 1
            return quotedCell(&index, into: &row)
        }
        return bareText(&index, into: &row)
    }

    /// Up to the delimiter or the line end.
    private func bareText(_ index: inout Int, into row: inout CSVRow) -> CellEnd {
        let from = index
        while index < bytes.count {
            let byte = bytes[index]
            if byte == delimiter || byte == 0x0A || byte == 0x0D { break }
            index += 1
        }
        append(from..<index, to: &row)
        return cellEnd(at: index)
    }

    private func cellEnd(at index: Int) -> CellEnd {
        guard index < bytes.count else { return isComplete ? .file : .needsMore }
        return bytes[index] == delimiter ? .delimiter : .line
    }

    private func quotedCell(_ index: inout Int, into row: inout CSVRow) -> CellEnd {
        var from = index
        // Marks before this index were found to stand for themselves.
        var innerEnd = index
        while true {
            while index < bytes.count, bytes[index] != Self.quote { index += 1 }
            guard index < bytes.count else { return .openQuote }
            guard index + 1 < bytes.count || isComplete else { return .needsMore }
            if index + 1 < bytes.count, bytes[index + 1] == Self.quote {
                append(from..<(index + 1), to: &row)
                index += 2
                from = index
                continue
            }
            if index < innerEnd {
                index += 1
                continue
            }
            let tail = skippingSpaces(from: index + 1)
            guard tail < bytes.count || isComplete else { return .needsMore }
            if isCellEnd(tail) {
                append(from..<index, to: &row)
                index = tail
                return cellEnd(at: index)
            }
            switch properClose(after: index + 1) {
            case .found(let close):
                innerEnd = close
                index += 1
            case .none:
                append(from..<index, to: &row)
                index += 1
                return bareText(&index, into: &row)
            case .needsMore: return .needsMore
            }
        }
    }

    private enum Close { case found(Int), none, needsMore }

    /// The mark in the rest of the line that closes the cell: the one before a delimiter or the line end,
    /// unless a mark that opens another cell comes first.
    private func properClose(after start: Int) -> Close {
        var index = start
        while index < bytes.count, bytes[index] != 0x0A, bytes[index] != 0x0D {
            guard bytes[index] == Self.quote else {
                index += 1
                continue
            }
            if index + 1 < bytes.count, bytes[index + 1] == Self.quote {
                index += 2
                continue
            }
            var before = index - 1
            while before > start, bytes[before] == 0x20 { before -= 1 }
            if bytes[before] == delimiter { return .none }
            let tail = skippingSpaces(from: index + 1)
            guard tail < bytes.count || isComplete else { return .needsMore }
            if isCellEnd(tail) { return .found(index) }
            index += 1
        }
        return index < bytes.count || isComplete ? .none : .needsMore
    }

    private func isCellEnd(_ index: Int) -> Bool {
        index == bytes.count || bytes[index] == delimiter || bytes[index] == 0x0A || bytes[index] == 0x0D
    }

    private func skippingSpaces(from index: Int) -> Int {
        var index = index
        while index < bytes.count, bytes[index] == 0x20 { index += 1 }
        return index
    }

    private func append(_ range: Range<Int>, to row: inout CSVRow) {
        guard row.ends.count < Self.cellsMax else { return }
        row.bytes.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[range]))
    }
}
