/// Several texts in one cell: joined with `; `, marks inside them escaped with a backslash. Every list
/// of texts that are not empty comes back as it was.
package enum CSVList: Sendable {
    /// A comma parts items, too, when a cell is read; so one inside an item is escaped.
    case tags
    /// Items are sentences: commas are theirs.
    case sentences

    package func join(_ items: [String]) -> String {
        items.filter { !$0.isEmpty }.map(escaped).joined(separator: "; ")
    }

    /// The items, in order, without blanks around them and without empty ones.
    package func split(_ text: String) -> [String] {
        var items: [String] = []
        var item: [UInt8] = []
        // Blanks up to here were escaped and stay.
        var keptEnd = 0
        var isEscaped = false
        func close() {
            while item.count > keptEnd, item[item.count - 1] <= 0x20 { item.removeLast() }
            if !item.isEmpty { items.append(String(decoding: item, as: UTF8.self)) }
            item.removeAll(keepingCapacity: true)
            keptEnd = 0
        }
        let bytes = Array(text.utf8)
        for (index, byte) in bytes.enumerated() {
            if isEscaped {
                item.append(byte)
                keptEnd = item.count
                isEscaped = false
            } else if byte == UInt8(ascii: "\\"), index + 1 < bytes.count, isEscapable(bytes[index + 1]) {
                isEscaped = true
            } else if isSeparator(byte) {
                close()
            } else if byte > 0x20 || !item.isEmpty {
                item.append(byte)
            }
        }
        close()
        return items
    }

    private func isSeparator(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ";") || byte == 0x0A || self == .tags && byte == UInt8(ascii: ",")
    }

    private func isEscapable(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "\\") || isSeparator(byte) || byte <= 0x20
    }

    private func escaped(_ item: String) -> String {
        let bytes = Array(item.utf8)
        guard
            bytes.contains(where: { isEscapable($0) && $0 != 0x20 }) || bytes[0] == 0x20
                || bytes[bytes.count - 1] == 0x20
        else { return item }
        var result: [UInt8] = []
        for (index, byte) in bytes.enumerated() {
            let isEdge = index == 0 || index == bytes.count - 1
            if byte == UInt8(ascii: "\\") || isSeparator(byte) || byte <= 0x20 && (isEdge || byte != 0x20) {
                result.append(UInt8(ascii: "\\"))
            }
            result.append(byte)
        }
        return String(decoding: result, as: UTF8.self)
    }
}
