package import JSON

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
            let encoding = TextEncoding(rawValue: name),
            let delimiter = json["delimiter"]?.int.flatMap(UInt8.init(exactly:)),
            offset >= 0, row >= 0
        else { return nil }
        self.init(offset: offset, row: Int(row), encoding: encoding, delimiter: delimiter)
    }
}
