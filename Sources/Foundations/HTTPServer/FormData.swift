/// The fields of a form that was sent as a body: `application/x-www-form-urlencoded`, or
/// `multipart/form-data` (RFC 7578), which also carries files.
package struct FormData: Sendable {
    package struct Part: Sendable {
        package let name: String
        package let fileName: String?
        package let mediaType: String?
        package let bytes: [UInt8]

        /// Text that is no UTF-8 is mended, not refused.
        package var text: String { String(decoding: bytes, as: UTF8.self) }
    }

    package let parts: [Part]

    private static let partsMax = 1000, headMax = 16 * 1024

    /// `nil` for what is no form, or no whole one.
    package init?(_ body: [UInt8], contentType: String) {
        let type = contentType.prefix { $0 != ";" }.lowercased().filter { $0 != " " }
        switch type {
        case "application/x-www-form-urlencoded":
            parts = Self.fields(body[...])
        case "multipart/form-data":
            guard let boundary = Self.parameter("boundary", of: contentType), !boundary.isEmpty,
                let parts = Self.parts(body, boundary: boundary)
            else { return nil }
            self.parts = parts
        default: return nil
        }
    }

    /// The first value of a field.
    package subscript(name: String) -> String? { parts.first { $0.name == name }?.text }

    // MARK: application/x-www-form-urlencoded

    private static func fields(_ body: ArraySlice<UInt8>) -> [Part] {
        body.split(separator: UInt8(ascii: "&")).prefix(partsMax).map { pair in
            let halves = pair.split(
                separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            let value = halves.count > 1 ? decoded(halves[1]) : []
            return Part(
                name: String(decoding: decoded(halves[0]), as: UTF8.self), fileName: nil, mediaType: nil,
                bytes: value)
        }
    }

    private static func decoded(_ text: ArraySlice<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        var rest = text
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "+") {
                result.append(0x20)
            } else if byte == UInt8(ascii: "%"), let value = hexadecimal(rest.prefix(2)) {
                result.append(value)
                rest = rest.dropFirst(2)
            } else {
                result.append(byte)
            }
        }
        return result
    }

    /// Of two digits; a sign is none.
    private static func hexadecimal(_ digits: ArraySlice<UInt8>) -> UInt8? {
        guard digits.count == 2, !digits.contains(UInt8(ascii: "+")), !digits.contains(UInt8(ascii: "-"))
        else { return nil }
        return UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
    }

    // MARK: multipart/form-data

    private static func parts(_ body: [UInt8], boundary: String) -> [Part]? {
        let fence = Array("--\(boundary)".utf8)
        guard var place = find(fence, in: body, from: 0) else { return nil }
        var parts: [Part] = []
        while parts.count < partsMax {
            place += fence.count
            if body.dropFirst(place).starts(with: Array("--".utf8)) { return parts }
            guard let headEnd = find([13, 10, 13, 10], in: body, from: place), headEnd - place < headMax,
                let next = find([13, 10] + fence, in: body, from: headEnd + 2)
            else { return nil }
            let head = String(decoding: body[place..<headEnd], as: UTF8.self)
            let start = min(headEnd + 4, next)
            if let name = parameter("name", of: disposition(head)) {
                parts.append(
                    Part(
                        name: name, fileName: parameter("filename", of: disposition(head)),
                        mediaType: header("content-type", of: head), bytes: Array(body[start..<next])))
            }
            place = next + 2
        }
        return nil
    }

    private static func disposition(_ head: String) -> String {
        header("content-disposition", of: head) ?? ""
    }

    private static func header(_ name: String, of head: String) -> String? {
        for line in head.split(whereSeparator: \.isNewline) {
            let halves = line.split(separator: ":", maxSplits: 1)
            if halves.count == 2, halves[0].lowercased() == name {
                return String(halves[1].drop { $0 == " " || $0 == "\t" })
            }
        }
        return nil
    }

    /// A parameter of a header's value, with or without quotes; within these a backslash may stand before a quote.
    private static func parameter(_ name: String, of value: String) -> String? {
        var isQuoted = false, isEscaped = false, pieces = [""]
        for character in value {
            if character == "\"", !isEscaped { isQuoted.toggle() }
            isEscaped = character == "\\" && isQuoted && !isEscaped
            if character == ";", !isQuoted {
                pieces.append("")
            } else {
                pieces[pieces.count - 1].append(character)
            }
        }
        for piece in pieces {
            let halves = piece.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let key = halves[0].filter { $0 != " " && $0 != "\t" }.lowercased()
            if halves.count == 2, key == name {
                var text = Substring(halves[1])
                while text.first == " " { text.removeFirst() }
                while text.last == " " { text.removeLast() }
                guard text.first == "\"", text.last == "\"", text.count > 1 else { return String(text) }
                return String(text.dropFirst().dropLast()).replacing("\\\"", with: "\"")
            }
        }
        return nil
    }

    private static func find(_ pattern: [UInt8], in bytes: [UInt8], from start: Int) -> Int? {
        guard bytes.count >= pattern.count + start else { return nil }
        let end = bytes.count - pattern.count
        var place = start
        while place <= end {
            if bytes[place] == pattern[0], bytes[place..<place + pattern.count].elementsEqual(pattern) {
                return place
            }
            place += 1
        }
        return nil
    }
}
