internal import JSON

/// The kind of text that a template is rendered to: how its values are made safe.
package enum Output: Sendable {
    /// Values as they are, without control characters.
    case text
    /// Values cannot become markup; in an address they cannot become another one.
    case html
    /// Values cannot become Markdown or HTML. A line end inside of one is U+2028, which Markdown leaves
    /// alone.
    case markdown
    /// One line, without control characters.
    case subject
    /// Each value is a component of an address, percent-encoded.
    case url
}

/// Writes values, safe for where they go.
struct ValueWriter {
    let output: Output
    let format: ValueFormat

    func write(_ value: JSON, _ node: Node.Output, into bytes: inout [UInt8]) {
        switch value {
        case .string(let text): write(text, node, into: &bytes)
        case .null: return
        default: write(format.plain(value), node, into: &bytes)
        }
    }

    private func write(_ text: String, _ node: Node.Output, into bytes: inout [UInt8]) {
        var text = text
        text.makeContiguousUTF8()
        if text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F || $0 == 0xC2 || $0 == 0xE2 }) {
            text = Escape.withoutControls(text)
        }
        switch output {
        case .subject: bytes.append(contentsOf: text.utf8)
        case .url: component(text, node, into: &bytes)
        case .text:
            if case .component = node.context {
                component(text, node, into: &bytes)
            } else {
                bytes.append(contentsOf: text.utf8)
            }
        case .markdown:
            if let address = address(text, node) {
                bytes.append(contentsOf: address)
            } else if node.form == .address, WebLink.isAllowed(text) {
                Escape.address(text, into: &bytes)
            } else {
                Escape.markdown(text, into: &bytes)
            }
        case .html: Escape.html(address(text, node) ?? Array(text.utf8), into: &bytes)
        }
    }

    /// The value as its place in an address wants it; `nil` where it stands in none.
    private func address(_ text: String, _ node: Node.Output) -> [UInt8]? {
        var bytes: [UInt8] = []
        switch node.context {
        case .none: return nil
        case .start:
            // Anything but a link to follow is no link at all.
            if WebLink.hasScheme(text), !WebLink.isAllowed(text) { return [UInt8(ascii: "#")] }
            Escape.address(text, into: &bytes)
        case .middle: Escape.address(text, into: &bytes)
        case .component: component(text, node, into: &bytes)
        }
        return bytes
    }

    private func component(_ text: String, _ node: Node.Output, into bytes: inout [UInt8]) {
        if node.form == .encoded {
            bytes.append(contentsOf: text.utf8)
        } else {
            Escape.component(text, into: &bytes)
        }
    }
}

/// The schemes that a link in a mail may have.
enum WebLink {
    static func isAllowed(_ text: String) -> Bool {
        let start = text.prefix(8).lowercased()
        return ["https://", "http://", "mailto:", "tel:"].contains { start.hasPrefix($0) }
    }

    /// Returns whether anything that a browser would take for a scheme stands at the beginning:
    /// `javascript:`, also with blanks in it.
    static func hasScheme(_ text: String) -> Bool {
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: ":"): return true
            case UInt8(ascii: "/"), UInt8(ascii: "?"), UInt8(ascii: "#"): return false
            default: continue
            }
        }
        return false
    }
}
