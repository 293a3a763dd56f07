/// A paragraph, a heading, a cell, a line: text that a page shows in one place.
package struct TextBlock: Sendable {
    /// The text on one line, each run of blanks as one.
    package let text: String
    /// The element that makes it a block.
    package let node: Int
    /// The texts that it is put together from are among these nodes, and no other block's are.
    package let texts: Range<Int>
    /// The page shows its letters from right to left, and has them the other way round, to hide an address from
    /// machines. `text` is as people see it.
    package let isReversed: Bool
}

extension MarkupDocument {
    /// The texts that a reader of the page gets to see, in order.
    package func blocks() -> [TextBlock] {
        var writer = BlockWriter(self)
        writer.walk()
        return writer.blocks
    }

    /// Returns whether readers of the page see nothing of a node: it, or what is around it, is hidden or never shown.
    package func isUnseen(_ node: Int) -> Bool {
        var current: Int? = node
        while let place = current {
            if BlockWriter.isUnseen(place, in: self) { return true }
            current = parent(of: place)
        }
        return false
    }

    /// All of it, a block a line.
    package func readableText() -> String { blocks().map(\.text).joined(separator: "\n") }
}

/// Spaces of texts.
package enum MarkupText {
    package static func collapsed(_ text: String) -> String {
        var output: [UInt8] = []
        append(Array(text.utf8)[...], to: &output)
        if output.last == 0x20 { output.removeLast() }
        return String(decoding: output, as: UTF8.self)
    }

    /// Appends with each run of blanks as one, none at the beginning.
    static func append(_ bytes: ArraySlice<UInt8>, to output: inout [UInt8]) {
        unsafe bytes.withUnsafeBufferPointer { bytes in
            var index = 0
            let count = bytes.count
            while index < count {
                let byte = unsafe bytes[index]
                if byte > 0x20, byte < 0x7F {
                    output.append(byte)
                } else if byte <= 0x20 || byte == 0x7F {
                    if let last = output.last, last != 0x20 { output.append(0x20) }
                } else if byte == 0xC2, index + 1 < count, unsafe bytes[index + 1] == 0xA0 {
                    if let last = output.last, last != 0x20 { output.append(0x20) }
                    index += 1
                } else if byte == 0xC2, index + 1 < count, unsafe bytes[index + 1] == 0xAD {
                    index += 1
                } else if byte == 0xE2, index + 2 < count, unsafe bytes[index + 1] == 0x80,
                    unsafe (0x8B...0x8F).contains(bytes[index + 2])
                {
                    index += 2
                } else {
                    output.append(byte)
                }
                index += 1
            }
        }
    }
}

private struct BlockWriter {
    private let document: MarkupDocument
    private(set) var blocks: [TextBlock] = []
    private var output: [UInt8] = []
    private var current = 0
    private var open: [Int] = []
    private var texts: Range<Int>?
    private var reversedEnd = 0, isReversed = false

    init(_ document: MarkupDocument) { self.document = document }

    mutating func walk() {
        var index = 0
        let nodes = document.nodes
        while index < nodes.count {
            while let last = open.last, index >= document.end(of: last) { close() }
            let name = nodes[index].name
            if name == .text {
                add(index)
                index += 1
                continue
            }
            let traits = Self.traits[min(Int(name.number), Self.traits.count - 1)]
            if traits == .unseen || isHidden(index) {
                index = Int(nodes[index].end)
                continue
            }
            switch traits {
            case .block:
                flush()
                open.append(index)
                current = index
            case .lineBreak: flush()
            case .inline, .unseen: break
            }
            index += 1
        }
        flush()
    }

    private mutating func close() {
        flush()
        open.removeLast()
        current = open.last ?? 0
    }

    private mutating func add(_ node: Int) {
        texts = (texts?.lowerBound ?? node)..<node + 1
        if node < reversedEnd {
            let shown = String(String(decoding: document.textBytes(of: node), as: UTF8.self).reversed())
            MarkupText.append(Array(shown.utf8)[...], to: &output)
            isReversed = true
        } else {
            MarkupText.append(document.textBytes(of: node), to: &output)
        }
    }

    private mutating func flush() {
        if output.last == 0x20 { output.removeLast() }
        if !output.isEmpty, let texts {
            blocks.append(
                TextBlock(
                    text: String(decoding: output, as: UTF8.self), node: current, texts: texts,
                    isReversed: isReversed))
        }
        output.removeAll(keepingCapacity: true)
        (texts, isReversed) = (nil, false)
    }

    private mutating func isHidden(_ node: Int) -> Bool {
        if document.hasAttribute(.hidden, of: node) { return true }
        guard let text = Self.style(of: node, in: document), text.utf8.count >= 12 else { return false }
        if text.contains("unicode-bidi:bidi-override"), text.contains("direction:rtl") {
            reversedEnd = max(reversedEnd, document.end(of: node))
        }
        return Self.hides(text)
    }

    /// Returns whether an element hides what is within it.
    static func isUnseen(_ node: Int, in document: MarkupDocument) -> Bool {
        let name = document.nodes[node].name
        guard name != .text else { return false }
        if traits[min(Int(name.number), traits.count - 1)] == .unseen { return true }
        if document.hasAttribute(.hidden, of: node) { return true }
        return style(of: node, in: document).map(hides) ?? false
    }

    /// An element's style without spaces and capitals.
    private static func style(of node: Int, in document: MarkupDocument) -> String? {
        guard let style = document.attributeBytes(style, of: node) else { return nil }
        let plain = style.lazy.filter { $0 > 0x20 }.map { $0 | ((0x41...0x5A).contains($0) ? 0x20 : 0) }
        return String(decoding: Array(plain), as: UTF8.self)
    }

    private static func hides(_ style: String) -> Bool {
        style.contains("display:none") || style.contains("visibility:hidden")
    }

    private enum Trait { case inline, block, lineBreak, unseen }

    private static let style = MarkupName(known: "style")
    /// By the names' numbers; the last is for names that are not known.
    private static let traits: [Trait] = {
        let blocks: Set = [
            "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details",
            "dialog",
            "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "frameset", "h1",
            "h2",
            "h3", "h4", "h5", "h6", "header", "hgroup", "html", "legend", "li", "main", "menu", "nav",
            "ol", "optgroup", "option", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot",
            "th",
            "thead", "tr", "ul",
        ]
        let unseen: Set = [
            "head", "script", "style", "noscript", "template", "svg", "iframe", "object", "select",
            "textarea",
            "canvas", "audio", "video", "datalist", "noframes", "title", "meta", "link", "map",
        ]
        return MarkupName.table.map { name in
            if name == "br" || name == "hr" { return .lineBreak }
            return blocks.contains(name) ? .block : unseen.contains(name) ? .unseen : .inline
        } + [.inline]
    }()
}
