/// Writes a tree as lines that read well in a mail without HTML.
enum PlainTextWriter {
    /// A table that would be wider is written as a list of its rows.
    private static let columnsMax = 72

    static func text(_ blocks: [Markdown.Block]) -> String {
        let lines = lines(blocks)
        return lines.isEmpty ? "" : lines.joined(separator: "\n") + "\n"
    }

    /// The blocks' lines, an empty one between two blocks.
    private static func lines(_ blocks: [Markdown.Block], isTight: Bool = false) -> [String] {
        var lines: [String] = []
        for block in blocks {
            if !lines.isEmpty, !isTight { lines.append("") }
            lines += self.lines(block)
        }
        return lines
    }

    private static func lines(_ block: Markdown.Block) -> [String] {
        switch block {
        case .heading(_, let inlines), .paragraph(let inlines): split(text(inlines))
        case .list(let list): lines(list)
        case .quote(let blocks): lines(blocks).map { $0.isEmpty ? ">" : "> " + $0 }
        case .table(let table): lines(table)
        case .rule: [String(repeating: "-", count: 24)]
        case .code(let code, _): split(code).map { "    " + $0 }
        }
    }

    private static func lines(_ list: Markdown.List) -> [String] {
        var lines: [String] = []
        for (index, item) in list.items.enumerated() {
            if index > 0, !list.isTight { lines.append("") }
            let mark = list.start.map { "\($0 + index). " } ?? "- "
            let inner = self.lines(item, isTight: list.isTight)
            lines.append(mark + (inner.first ?? ""))
            let indent = String(repeating: " ", count: mark.count)
            lines += inner.dropFirst().map { $0.isEmpty ? "" : indent + $0 }
        }
        return lines
    }

    private static func split(_ text: String) -> [String] {
        text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    // MARK: Inlines

    private static func text(_ inlines: [Markdown.Inline]) -> String {
        inlines.reduce(into: "") { result, inline in
            switch inline {
            case .text(let value), .code(let value): result += value
            case .strong(let inner), .emphasis(let inner), .strikethrough(let inner): result += text(inner)
            case .link(let url, let inner): result += link(url, text(inner))
            case .lineBreak, .softBreak: result += "\n"
            }
        }
    }

    /// `text (url)`, or just one of them where they say the same.
    private static func link(_ url: String, _ text: String) -> String {
        let isSame = ["", "mailto:", "tel:", "http://"].contains { url == $0 + text }
        return isSame ? text : "\(text) (\(url))"
    }

    // MARK: Tables

    private static func lines(_ table: Markdown.Table) -> [String] {
        let rows = ([table.header] + table.rows).map { row in
            row.map { split(text($0)).joined(separator: " ") }
        }
        let widths = table.columns.indices.map { column in rows.map { width($0[column]) }.max() ?? 0 }
        guard widths.reduce(0, +) + 2 * max(0, widths.count - 1) <= columnsMax else { return list(rows) }
        var lines = rows.map { row in
            let cells = row.indices.map { pad(row[$0], to: widths[$0], table.columns[$0]) }
            return trimmed(cells.joined(separator: "  "))
        }
        lines.insert(widths.map { String(repeating: "-", count: $0) }.joined(separator: "  "), at: 1)
        return lines
    }

    /// Each row as a few lines, every cell with its column's name.
    private static func list(_ rows: [[String]]) -> [String] {
        var lines: [String] = []
        for row in rows.dropFirst() {
            if !lines.isEmpty { lines.append("") }
            for (name, cell) in zip(rows[0], row) where !cell.isEmpty {
                lines.append(name.isEmpty ? cell : "\(name): \(cell)")
            }
        }
        return lines
    }

    private static func pad(_ cell: String, to width: Int, _ alignment: Markdown.Table.Alignment) -> String {
        let free = width - self.width(cell)
        let before =
            switch alignment {
            case .natural, .left: 0
            case .center: free / 2
            case .right: free
            }
        return String(repeating: " ", count: before) + cell + String(repeating: " ", count: free - before)
    }

    private static func trimmed(_ line: String) -> String {
        String(line.reversed().drop { $0 == " " }.reversed())
    }

    /// In a terminal's columns: East Asian characters and emoji take two.
    private static func width(_ text: String) -> Int {
        text.reduce(0) { sum, character in
            let first = character.unicodeScalars.first?.value ?? 0
            let isWide =
                switch first {
                case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF,
                    0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD:
                    true
                default: false
                }
            return sum + (isWide ? 2 : 1)
        }
    }
}
