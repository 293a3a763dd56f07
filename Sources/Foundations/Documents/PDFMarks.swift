internal import JSON

/// The marks of a document for programs, and how they find them in a file again: `Document.metadata`, as one entry of
/// the file's information, in JSON. They say what a file claims to be; whether that is true, the digest tells that is
/// among the claims, or the agency's own copy.
package enum PDFMarks {
    static let key = "BureauMarks"
    /// Larger files are none of ours.
    private static let bytesMax = 64 << 20
    /// As they are written.
    static let marksMax = 32 << 10
    /// The most times that a file may say the name without the marks.
    private static let attemptsMax = 32

    /// The marks of a file, the newest where it was written on later; `nil` where it has none that can be
    /// read.
    package static func read(_ pdf: [UInt8]) -> [String: String]? {
        guard pdf.count <= bytesMax, pdf.starts(with: "%PDF-".utf8) else { return nil }
        let name = Array("/\(key)".utf8)
        var end = pdf.count, attempts = 0
        while attempts < attemptsMax,
            let place = pdf[..<end].lastIndex(of: name[0], where: { pdf[$0...].starts(with: name) })
        {
            if let text = string(pdf[(place + name.count)...].prefix(2 * marksMax + 8)),
                case .object(let members)? = try? JSONParser.parse(text)
            {
                var marks: [String: String] = [:]
                for (name, value) in members.members { marks[name] = value.text }
                return marks
            }
            end = place
            attempts += 1
        }
        return nil
    }

    /// A string as PDF writes it: in brackets, or in hexadecimal digits (ISO 32000-1 §7.3.4).
    private static func string(_ bytes: ArraySlice<UInt8>) -> [UInt8]? {
        let rest = bytes.drop { $0 == 0x20 || $0 == 0x0A || $0 == 0x0D || $0 == 0x09 }
        switch rest.first {
        case UInt8(ascii: "("): return literal(rest.dropFirst())
        case UInt8(ascii: "<"): return hexadecimal(rest.dropFirst())
        default: return nil
        }
    }

    private static func literal(_ bytes: ArraySlice<UInt8>) -> [UInt8]? {
        var (text, depth, index) = ([UInt8](), 1, bytes.startIndex)
        while index < bytes.endIndex {
            var byte = bytes[index]
            if byte == UInt8(ascii: "\\") {
                index += 1
                guard index < bytes.endIndex else { return nil }
                byte = bytes[index]
            } else if byte == UInt8(ascii: "(") {
                depth += 1
            } else if byte == UInt8(ascii: ")") {
                depth -= 1
                if depth == 0 { return text }
            }
            text.append(byte)
            index += 1
        }
        return nil
    }

    private static func hexadecimal(_ bytes: ArraySlice<UInt8>) -> [UInt8]? {
        guard let end = bytes.firstIndex(of: UInt8(ascii: ">")) else { return nil }
        var digits = bytes[..<end].filter { $0 > 0x20 }
        if digits.count % 2 == 1 { digits.append(UInt8(ascii: "0")) }
        return stride(from: 0, to: digits.count, by: 2).reduce(into: [UInt8]?([])) { text, index in
            let pair = String(decoding: digits[index..<index + 2], as: UTF8.self)
            guard let byte = UInt8(pair, radix: 16) else { return text = nil }
            text?.append(byte)
        }
    }

    /// As an entry's value: JSON of ASCII alone, in the order of names.
    static func written(_ marks: [String: String]) -> [UInt8] {
        let object = JSONObject(marks.sorted { $0.key < $1.key }.map { ($0.key, JSON.string($0.value)) })
        var bytes = Array("(".utf8)
        for unit in JSON.object(object).serialized.utf16 {
            switch unit {
            case 0x28, 0x29, 0x5C: bytes += [0x5C, UInt8(unit)]
            case 0x20..<0x7F: bytes.append(UInt8(unit))
            default:
                // An escape of JSON's, with its own backslash escaped once more.
                let digits = String(unit, radix: 16)
                bytes += "\\\\u\(String(repeating: "0", count: 4 - digits.count))\(digits)".utf8
            }
        }
        return bytes + ")".utf8
    }
}

extension Array<UInt8>.SubSequence {
    /// The last place of a byte that something is true of.
    fileprivate func lastIndex(of byte: UInt8, where holds: (Int) -> Bool) -> Int? {
        var index = endIndex - 1
        while index >= startIndex {
            if self[index] == byte, holds(index) { return index }
            index -= 1
        }
        return nil
    }
}
