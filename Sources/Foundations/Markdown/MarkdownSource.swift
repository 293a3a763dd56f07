internal import CMark
internal import Synchronization

/// Reads a text with the library, and takes its tree over into ours.
enum MarkdownSource {
    // While it parses, the library writes to tables that all its parsers share: which characters the
    // extensions wait for. Two at once would now and then miss a link.
    private static let library = Mutex(())
    private static let isRegistered: Void = cmark_gfm_core_extensions_ensure_registered()

    static func blocks(_ source: String) -> [Markdown.Block] {
        withExtendedLifetime(Document(source)) { $0.root.blocks(depth: 0) }
    }

    /// At most so many could the tables of a text have: as many columns as the widest line under a header
    /// asks for, in every line.
    private static func cells(_ source: String) -> Int {
        var columns = 0, lines = 0
        for line in source.utf8.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D }) {
            let dashes = line.count { $0 == UInt8(ascii: "-") }
            if dashes > 0 { columns = max(columns, min(dashes, line.count { $0 == UInt8(ascii: "|") } + 1)) }
            lines += 1
        }
        return columns * lines
    }

    /// A parsed text.
    private final class Document {
        let root: Node

        init(_ source: String) {
            var source = source
            let tables = MarkdownSource.cells(source) <= Markdown.cellsMax
            let document = source.withUTF8 { bytes in
                library.withLock { _ in
                    _ = isRegistered
                    // A pointer may not leave the lock as itself, for the lock knows nothing of whose it is.
                    return UInt(bitPattern: unsafe bureau_cmark_parse(bytes.baseAddress, bytes.count, tables))
                }
            }
            guard let handle = unsafe OpaquePointer(bitPattern: document) else {
                preconditionFailure("cmark-gfm lacks an extension")
            }
            root = unsafe Node(handle: handle)
        }

        deinit { unsafe cmark_node_free(root.handle) }
    }
}

/// A node of the library's tree, as long as that lives.
@safe private struct Node {
    let handle: OpaquePointer

    var kind: bureau_cmark_kind { unsafe bureau_cmark_kind_of(handle) }

    var literal: String { unsafe cmark_node_get_literal(handle).map { unsafe String(cString: $0) } ?? "" }

    var children: [Node] {
        var children: [Node] = []
        var next = unsafe cmark_node_first_child(handle)
        while let handle = unsafe next {
            unsafe children.append(Node(handle: handle))
            unsafe next = cmark_node_next(handle)
        }
        return children
    }

    /// All text below, however deep: without recursion.
    var words: String {
        var text = ""
        let iterator = unsafe cmark_iter_new(handle)
        defer { unsafe cmark_iter_free(iterator) }
        while true {
            let event = unsafe cmark_iter_next(iterator)
            guard event != CMARK_EVENT_DONE else { return text }
            guard event == CMARK_EVENT_ENTER, let inner = unsafe cmark_iter_get_node(iterator) else {
                continue
            }
            let node = unsafe Node(handle: inner)
            switch node.kind {
            case BUREAU_CMARK_TEXT, BUREAU_CMARK_CODE, BUREAU_CMARK_HTML, BUREAU_CMARK_CODE_BLOCK:
                text += node.literal
            case BUREAU_CMARK_SOFT_BREAK, BUREAU_CMARK_LINE_BREAK: text += " "
            case BUREAU_CMARK_PARAGRAPH, BUREAU_CMARK_HEADING: if !text.isEmpty { text += " " }
            default: break
            }
        }
    }

    // MARK: Blocks

    func blocks(depth: Int) -> [Markdown.Block] { children.compactMap { $0.block(depth: depth) } }

    private func block(depth: Int) -> Markdown.Block? {
        guard depth < Markdown.nestingMax else {
            let words = words
            return words.isEmpty ? nil : .paragraph([.text(words)])
        }
        switch kind {
        case BUREAU_CMARK_PARAGRAPH:
            let inlines = inlines(depth: 0)
            return inlines.isEmpty ? nil : .paragraph(inlines)
        case BUREAU_CMARK_HEADING:
            return .heading(level: Int(unsafe cmark_node_get_heading_level(handle)), inlines(depth: 0))
        case BUREAU_CMARK_LIST: return .list(list(depth: depth))
        case BUREAU_CMARK_QUOTE: return .quote(blocks(depth: depth + 1))
        case BUREAU_CMARK_RULE: return .rule
        case BUREAU_CMARK_TABLE: return .table(table)
        case BUREAU_CMARK_CODE_BLOCK:
            let language = unsafe cmark_node_get_fence_info(handle).map { unsafe String(cString: $0) } ?? ""
            let name = language.split(separator: " ").first.map(String.init)
            return .code(Self.withoutEnd(literal), language: name)
        case BUREAU_CMARK_HTML_BLOCK: return Self.shown(html: literal)
        default: return nil  // where links lead that are defined elsewhere
        }
    }

    private func list(depth: Int) -> Markdown.List {
        let isOrdered = unsafe cmark_node_get_list_type(handle) == CMARK_ORDERED_LIST
        return Markdown.List(
            start: isOrdered ? Int(unsafe cmark_node_get_list_start(handle)) : nil,
            isTight: unsafe cmark_node_get_list_tight(handle) != 0,
            items: children.map { $0.blocks(depth: depth + 1) })
    }

    private var table: Markdown.Table {
        let count = Int(unsafe cmark_gfm_extensions_get_table_columns(handle))
        let marks = unsafe cmark_gfm_extensions_get_table_alignments(handle)
        let columns = (0..<count).map { index -> Markdown.Table.Alignment in
            let mark = unsafe marks?[index]
            return switch mark {
            case UInt8(ascii: "l"): .left
            case UInt8(ascii: "c"): .center
            case UInt8(ascii: "r"): .right
            default: .natural
            }
        }
        var rows = children.map { row in
            let cells = row.children.prefix(count).map { $0.inlines(depth: 0) }
            return cells + Array(repeating: [], count: count - cells.count)
        }
        return Markdown.Table(columns: columns, header: rows.isEmpty ? [] : rows.removeFirst(), rows: rows)
    }

    /// HTML as the text that it is; a comment is said to nobody.
    private static func shown(html: String) -> Markdown.Block? {
        let text = withoutEnd(html)
        if text.hasPrefix("<!--"), text.hasSuffix("-->") { return nil }
        var inlines: [Markdown.Inline] = []
        for line in text.split(separator: "\n") {
            if !inlines.isEmpty { inlines.append(.lineBreak) }
            inlines.append(.text(String(line)))
        }
        return inlines.isEmpty ? nil : .paragraph(inlines)
    }

    private static func withoutEnd(_ text: String) -> String {
        text.hasSuffix("\n") ? String(text.dropLast()) : text
    }

    // MARK: Inlines

    private func inlines(depth: Int) -> [Markdown.Inline] {
        guard depth < Markdown.nestingMax else {
            let words = words
            return words.isEmpty ? [] : [.text(words)]
        }
        var found: [Markdown.Inline] = []
        for child in children { child.append(to: &found, depth: depth) }
        return found
    }

    private func append(to found: inout [Markdown.Inline], depth: Int) {
        switch kind {
        case BUREAU_CMARK_TEXT: Self.append(literal, to: &found)
        case BUREAU_CMARK_SOFT_BREAK: found.append(.softBreak)
        case BUREAU_CMARK_LINE_BREAK: found.append(.lineBreak)
        case BUREAU_CMARK_CODE: found.append(.code(literal))
        case BUREAU_CMARK_EMPHASIS: found.append(.emphasis(inlines(depth: depth + 1)))
        case BUREAU_CMARK_STRONG: found.append(.strong(inlines(depth: depth + 1)))
        case BUREAU_CMARK_STRIKETHROUGH: found.append(.strikethrough(inlines(depth: depth + 1)))
        case BUREAU_CMARK_LINK, BUREAU_CMARK_IMAGE:
            // A picture is somewhere else, and tells there who looks at it: whoever wants to can go.
            let (inner, url) = (inlines(depth: depth + 1), url)
            if let url, LinkAddress.isAllowed(url) {
                found.append(.link(url: url, inner.isEmpty ? [.text(url)] : inner))
            } else {
                inner.forEach { Self.append($0, to: &found) }
            }
        case BUREAU_CMARK_HTML:
            let tag = literal
            // People who write Markdown know this one, for there is no better way to a new line in a table's
            // cell.
            if tag.lowercased().filter({ $0 != " " && $0 != "/" }) == "<br>" {
                found.append(.lineBreak)
            } else if !tag.hasPrefix("<!--") {
                Self.append(tag, to: &found)
            }
        default: Self.append(words, to: &found)
        }
    }

    private var url: String? { unsafe cmark_node_get_url(handle).map { unsafe String(cString: $0) } }

    private static func append(_ inline: Markdown.Inline, to found: inout [Markdown.Inline]) {
        if case .text(let text) = inline { append(text, to: &found) } else { found.append(inline) }
    }

    /// The library cuts texts at every character that might have meant something.
    private static func append(_ text: String, to found: inout [Markdown.Inline]) {
        if case .text(let before)? = found.last {
            found[found.count - 1] = .text(before + text)
        } else if !text.isEmpty {
            found.append(.text(text))
        }
    }
}
