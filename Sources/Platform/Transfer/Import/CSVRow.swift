/// A row of a CSV file: the cells' contents, without quotation marks, one after the other.
package struct CSVRow: Sendable {
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
