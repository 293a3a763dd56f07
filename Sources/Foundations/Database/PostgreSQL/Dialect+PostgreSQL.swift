extension Dialect {
    /// The words of each row, each beginning with its tenant's mark, as in the other engine's index; and the order in
    /// which the rows of the table itself are found.
    func serverSearchTable(_ name: String) -> [String] {
        let table = name.hasSuffix("_search") ? String(name.dropLast("_search".count)) : name
        return [
            """
            CREATE TABLE \(name) (
                tenant_id TEXT NOT NULL, row INTEGER NOT NULL, words tsvector NOT NULL, PRIMARY KEY (tenant_id, row))
            """,
            "CREATE INDEX \(name)_words ON \(name) USING gin (words)",
            "CREATE UNIQUE INDEX \(table)_row ON \(table) (tenant_id, row)",
        ]
    }

    /// A statement of a migration: types have 64 bits, and texts compare by their bytes, as they do in a file.
    func translated(definition text: String) -> String {
        replacingTypes(text) { word, previous, next in
            switch word {
            case "INTEGER": "BIGINT"
            case "REAL": "DOUBLE PRECISION"
            case "BLOB": "BYTEA"
            case "TEXT" where previous != "AS" && next != "COLLATE": "TEXT COLLATE \"C\""
            default: nil
            }
        }
    }

    /// A query: types stand in casts alone, and nothing is in an empty list, of whatever type.
    func translated(query text: String) -> String {
        let nothing = "IN (SELECT NULL WHERE 1 = 0)"
        guard !text.contains(nothing) else {
            return translated(
                query: text.replacing("NOT " + nothing, with: "<> ALL ('{}')").replacing(
                    nothing, with: "= ANY ('{}')"))
        }
        guard text.contains("CAST(") else { return text }
        return replacingTypes(text) { word, previous, _ in
            guard previous == "AS" else { return nil }
            return switch word {
            case "INTEGER": "BIGINT"
            case "REAL": "DOUBLE PRECISION"
            case "BLOB": "BYTEA"
            default: nil
            }
        }
    }

    /// The text with other words in the place of some, outside quotation marks.
    private func replacingTypes(
        _ text: String, _ replacement: (_ word: String, _ previous: String, _ next: String) -> String?
    ) -> String {
        let bytes = Array(text.utf8)
        var pieces: [(text: String, isWord: Bool)] = []
        var index = 0
        while index < bytes.count {
            let start = index
            let byte = bytes[index]
            if byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") {
                index += 1
                while index < bytes.count, bytes[index] != byte { index += 1 }
                index = min(index + 1, bytes.count)
            } else if isWord(byte) {
                while index < bytes.count, isWord(bytes[index]) { index += 1 }
            } else {
                while index < bytes.count, !isWord(bytes[index]), bytes[index] != UInt8(ascii: "'"),
                    bytes[index] != UInt8(ascii: "\"")
                {
                    index += 1
                }
            }
            pieces.append((String(decoding: bytes[start..<index], as: UTF8.self), isWord(byte)))
        }
        let words = pieces.indices.filter { pieces[$0].isWord }
        for (place, index) in words.enumerated() {
            let previous = place > 0 ? pieces[words[place - 1]].text : ""
            let next = place + 1 < words.count ? pieces[words[place + 1]].text : ""
            if let other = replacement(pieces[index].text, previous, next) { pieces[index].text = other }
        }
        return pieces.map(\.text).joined()
    }

    private func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "$"):
            true
        default: false
        }
    }
}
