/// Adds what the library cannot write to its files: the language and the marks. As PDF's own way to change a
/// file: the changed objects at its end, with a table of where they are (ISO 32000-1 §7.5.6).
enum PDFRevision {
    static func adding(
        language: String, marks: [UInt8]?, to pdf: [UInt8]
    ) throws(DocumentError) -> [UInt8] {
        let file = File(bytes: pdf)
        guard let table = file.startOfTable, let trailer = file.dictionary(from: table, after: "trailer"),
            let size = trailer.number("/Size"), let root = trailer.number("/Root"),
            let info = trailer.number("/Info"), let catalog = file.object(root, table),
            let facts = file.object(info, table)
        else { throw .library("a file without its objects") }
        let tag = language.filter { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
        var result = pdf
        if result.last != UInt8(ascii: "\n") { result.append(UInt8(ascii: "\n")) }
        var entries = facts.text
        if let marks {
            entries +=
                "   /\(PDFMarks.key) " + String(decoding: marks, as: UTF8.self) + "\n"
        }
        let shown = "   /Lang (\(tag))\n   /ViewerPreferences << /DisplayDocTitle true >>\n"
        let places = [
            (root, append(root, catalog.text + shown, to: &result)),
            (info, append(info, entries, to: &result)),
        ]
        let end = result.count
        var revision = "xref\n"
        for (number, offset) in places.sorted(by: { $0.0 < $1.0 }) {
            let digits = String(offset)
            revision += "\(number) 1\n\(String(repeating: "0", count: 10 - digits.count))\(digits) 00000 n \n"
        }
        revision += "trailer\n<< /Size \(size) /Root \(root) 0 R /Info \(info) 0 R /Prev \(table) >>\n"
        result += "\(revision)startxref\n\(end)\n%%EOF\n".utf8
        return result
    }

    /// Says where in the file the object is.
    private static func append(_ number: Int, _ entries: String, to file: inout [UInt8]) -> Int {
        let place = file.count
        file += "\(number) 0 obj\n<< \(entries)>>\nendobj\n".utf8
        return place
    }

    /// A dictionary's inside, as it is written.
    private struct Dictionary {
        var text: String

        func number(_ key: String) -> Int? {
            guard let place = text.firstRange(of: key + " ") else { return nil }
            return Int(text[place.upperBound...].prefix { $0.isNumber })
        }
    }

    /// A file as the library writes it: one table, in plain text, and these dictionaries beside it.
    private struct File {
        let bytes: [UInt8]

        var startOfTable: Int? {
            let end = String(decoding: bytes.suffix(64), as: UTF8.self)
            guard let place = end.firstRange(of: "startxref\n") else { return nil }
            return Int(end[place.upperBound...].prefix { $0.isNumber }).flatMap {
                $0 < bytes.count ? $0 : nil
            }
        }

        /// Each line of the table has 20 bytes; the first object's is the third.
        func object(_ number: Int, _ table: Int) -> Dictionary? {
            guard
                let count = String(decoding: bytes[table...].prefix(32), as: UTF8.self)
                    .split(separator: "\n").dropFirst().first
            else { return nil }
            let line = table + "xref\n".utf8.count + count.utf8.count + 1 + 20 * number
            guard line + 20 <= bytes.count,
                let offset = Int(String(decoding: bytes[line..<line + 10], as: UTF8.self)),
                offset < bytes.count
            else { return nil }
            return dictionary(from: offset, after: "\(number) 0 obj")
        }

        func dictionary(from start: Int, after word: String) -> Dictionary? {
            guard let place = position(of: word, from: start), let open = position(of: "<<", from: place)
            else { return nil }
            var (depth, index) = (1, open + 2)
            var isText = false
            while index + 1 < bytes.count {
                switch (bytes[index], bytes[index + 1]) {
                case (UInt8(ascii: "\\"), _) where isText: index += 1
                case (UInt8(ascii: "("), _): isText = true
                case (UInt8(ascii: ")"), _): isText = false
                case (UInt8(ascii: "<"), UInt8(ascii: "<")) where !isText:
                    (depth, index) = (depth + 1, index + 1)
                case (UInt8(ascii: ">"), UInt8(ascii: ">")) where !isText:
                    depth -= 1
                    if depth == 0 {
                        return Dictionary(text: String(decoding: bytes[open + 2..<index], as: UTF8.self))
                    }
                    index += 1
                default: break
                }
                index += 1
            }
            return nil
        }

        private func position(of word: String, from start: Int) -> Int? {
            bytes[start...].firstRange(of: Array(word.utf8))?.lowerBound
        }
    }
}
