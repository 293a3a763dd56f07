import Records

@testable import Transfer

/// A whole file as it reads.
struct ReadFile: Equatable {
    var header: [String] = []
    var rows: [[String]] = []
    var faults: [RowFault.Code] = []

    init(_ bytes: [UInt8], pieceSize: Int = 1 << 18) throws {
        var reader = try CSVReader(.bytes(bytes), pieceSize: pieceSize)
        header = reader.header
        var row = CSVRow()
        while let item = try reader.next(into: &row) {
            switch item {
            case .row: rows.append(row.texts)
            case .fault(let code, _): faults.append(code)
            }
        }
    }

    init(_ text: String, pieceSize: Int = 1 << 18) throws {
        try self.init(Array(text.utf8), pieceSize: pieceSize)
    }
}

func utf16(_ text: String, bigEndian: Bool = false, mark: Bool = true) -> [UInt8] {
    ((mark ? [0xFEFF] : []) + Array(text.utf16)).flatMap { unit in
        let pair = [UInt8(unit >> 8), UInt8(unit & 0xFF)]
        return bigEndian ? pair : pair.reversed()
    }
}

func windows1252(_ text: String) -> [UInt8] {
    text.unicodeScalars.map { scalar in
        scalar.value < 0x100
            ? UInt8(scalar.value) : (0x80...0x9F).first { Windows1252.scalar(of: $0) == scalar }!
    }
}
