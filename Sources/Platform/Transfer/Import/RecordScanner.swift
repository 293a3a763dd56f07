/// One record, from an index of a buffer on.
struct RecordScanner {
    enum Outcome: Equatable {
        /// So many bytes, line end included.
        case record(Int)
        /// The buffer ends before the record does.
        case needsMore
        /// The buffer ends before the record does, inside quotation marks.
        case openQuote
    }

    /// The end of a cell.
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
                guard index + 1 < bytes.count else {
                    return isComplete ? .record(index + 1 - start) : .needsMore
                }
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
