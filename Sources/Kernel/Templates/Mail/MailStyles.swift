/// Puts a style on each element of the body.
struct MailStyles {
    private let styles: [(tag: [UInt8], style: [UInt8])]

    init(accent: String, isRightToLeft: Bool) {
        let side = isRightToLeft ? "right" : "left", align = isRightToLeft ? "right" : "left"
        let heading = "margin:28px 0 12px;line-height:1.3;font-weight:600;color:#111418;"
        let cell = "padding:8px 12px;border-bottom:1px solid #e3e6ea;vertical-align:top;"
        let list = "margin:0 0 16px;padding:0;padding-\(side):24px;"
        let mono = "font-family:ui-monospace,Menlo,Consolas,monospace;font-size:14px;"
        styles = [
            ("p", "margin:0 0 16px;"), ("a", "color:\(accent);text-decoration:underline;"),
            ("h1", heading + "font-size:26px;"), ("h2", heading + "font-size:21px;"),
            ("h3", heading + "font-size:18px;"), ("h4", heading + "font-size:16px;"),
            ("h5", heading + "font-size:16px;"), ("h6", heading + "font-size:16px;"),
            ("ul", list), ("ol", list), ("li", "margin:0 0 6px;"),
            (
                "blockquote",
                "margin:0 0 16px;padding:0;padding-\(side):16px;border-\(side):3px solid \(accent);color:#4a515b;"
            ),
            ("hr", "margin:28px 0;border:0;border-top:1px solid #e3e6ea;"),
            ("table", "width:100%;margin:0 0 16px;border-collapse:collapse;font-size:15px;"),
            ("th", cell + "text-align:\(align);font-weight:600;"), ("td", cell),
            ("pre", mono + "margin:0 0 16px;padding:12px 16px;background:#f4f5f7;white-space:pre-wrap;"),
            ("code", mono + "background:#f4f5f7;"),
        ].map { tag, style in (Array("<\(tag)".utf8), Array(" style=\"\(style)\"".utf8)) }
    }

    /// In what `Markdown` writes, a `<` begins an element and nothing else.
    func applied(to html: String) -> String {
        var result: [UInt8] = []
        var html = html
        html.withUTF8 { bytes in
            result.reserveCapacity(bytes.count * 2)
            var index = 0
            while index < bytes.count {
                let byte = bytes[index]
                guard byte == UInt8(ascii: "<"), index + 1 < bytes.count,
                    bytes[index + 1] != UInt8(ascii: "/"),
                    let found = styles.first(where: { Self.begins($0.tag, bytes, at: index) })
                else {
                    result.append(byte)
                    index += 1
                    continue
                }
                result.append(contentsOf: found.tag)
                index += found.tag.count
                // A style wins over the attribute, and some programs know styles only.
                guard let side = Self.alignment(bytes, at: index) else {
                    result.append(contentsOf: found.style)
                    continue
                }
                index += side.attribute
                result.append(contentsOf: Self.aligned(found.style, side.text))
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static func begins(_ tag: [UInt8], _ bytes: UnsafeBufferPointer<UInt8>, at index: Int) -> Bool {
        let end = index + tag.count
        guard end < bytes.count, bytes[end] == UInt8(ascii: ">") || bytes[end] == 0x20 else { return false }
        for offset in 0..<tag.count where bytes[index + offset] != tag[offset] { return false }
        return true
    }

    /// The side that ` align="…"` at that place names, and how long that is.
    private static func alignment(
        _ bytes: UnsafeBufferPointer<UInt8>, at index: Int
    ) -> (text: String, attribute: Int)? {
        let name = " align=\"".utf8
        guard bytes[index...].starts(with: name) else { return nil }
        let value = bytes[(index + name.count)...].prefix { $0 != UInt8(ascii: "\"") }
        return (String(decoding: value, as: UTF8.self), name.count + value.count + 1)
    }

    private static func aligned(_ style: [UInt8], _ side: String) -> [UInt8] {
        let text = String(decoding: style, as: UTF8.self)
            .replacing("text-align:left;", with: "").replacing("text-align:right;", with: "")
        return Array((text.dropLast() + "text-align:\(side);\"").utf8)
    }
}
