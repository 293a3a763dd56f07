extension String {
    /// Returns whether the text contains `mark`, compared byte by byte, which is correct for our own marks
    /// and many times as fast.
    package func containsBytes(_ mark: String) -> Bool { !places(ofBytes: mark).isEmpty }

    /// Returns the text with `mark` replaced, also compared byte by byte.
    package func replacingBytes(of mark: String, with other: String) -> String {
        let places = places(ofBytes: mark)
        guard !places.isEmpty else { return self }
        var (text, result, end) = (self, [UInt8](), 0)
        result.reserveCapacity(utf8.count + places.count * other.utf8.count)
        return text.withUTF8 { bytes in
            for place in places {
                result.append(contentsOf: bytes[end..<place])
                result.append(contentsOf: other.utf8)
                end = place + mark.utf8.count
            }
            result.append(contentsOf: bytes[end...])
            return String(decoding: result, as: UTF8.self)
        }
    }

    private func places(ofBytes mark: String) -> [Int] {
        var (text, mark, places, index) = (self, mark, [Int](), 0)
        text.withUTF8 { bytes in
            mark.withUTF8 { mark in
                while index <= bytes.count - mark.count {
                    if bytes[index] == mark[0], bytes[index...].starts(with: mark) {
                        places.append(index)
                        index += mark.count
                    } else {
                        index += 1
                    }
                }
            }
        }
        return places
    }

    /// The text without white space at its ends.
    package var trimmed: String {
        guard let first = unicodeScalars.firstIndex(where: { !$0.properties.isWhitespace }),
            let last = unicodeScalars.lastIndex(where: { !$0.properties.isWhitespace })
        else { return "" }
        return first == startIndex && unicodeScalars.index(after: last) == endIndex
            ? self : String(unicodeScalars[first...last])
    }

    /// The member that a JSON Pointer leads to, as people write it: `items[0].price`. A pointer to the whole document
    /// has no member: "The value".
    package var pointedMember: String {
        var name = ""
        for token in split(separator: "/") {
            if !name.isEmpty, Int(token) != nil {
                name.append("[\(token)]")
            } else {
                if !name.isEmpty { name.append(".") }
                name.append(String(token).replacing("~1", with: "/").replacing("~0", with: "~"))
            }
        }
        return name.isEmpty ? "The value" : String(name.prefix(200))
    }

    /// The text, escaped as one token of a JSON Pointer.
    package var pointerToken: String {
        utf8.contains(where: { $0 == UInt8(ascii: "~") || $0 == UInt8(ascii: "/") })
            ? split(separator: "~", omittingEmptySubsequences: false).joined(separator: "~0")
                .split(separator: "/", omittingEmptySubsequences: false).joined(separator: "~1")
            : self
    }

    /// Whether the text may be the key of a custom field or of an outside system.
    package var isCustomKey: Bool {
        !isEmpty && utf8.count <= 64
            && utf8.allSatisfy {
                switch $0 {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"),
                    UInt8(ascii: "."):
                    true
                default: false
                }
            }
    }
}
