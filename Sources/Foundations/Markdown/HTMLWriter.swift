/// Writes a tree as HTML; every character of the author's is escaped here, in two places.
struct HTMLWriter {
    private(set) var text = ""

    mutating func write(_ blocks: [Markdown.Block]) { for block in blocks { write(block) } }

    private mutating func write(_ block: Markdown.Block) {
        switch block {
        case .heading(let level, let inlines):
            text += "<h\(level)>"
            write(inlines)
            text += "</h\(level)>\n"
        case .paragraph(let inlines):
            text += "<p>"
            write(inlines)
            text += "</p>\n"
        case .list(let list): write(list)
        case .quote(let blocks):
            text += "<blockquote>\n"
            write(blocks)
            text += "</blockquote>\n"
        case .table(let table): write(table)
        case .rule: text += "<hr>\n"
        case .code(let code, _):
            text += "<pre><code>"
            escape(code)
            text += "</code></pre>\n"
        }
    }

    private mutating func write(_ list: Markdown.List) {
        text += list.start.map { $0 == 1 ? "<ol>\n" : "<ol start=\"\($0)\">\n" } ?? "<ul>\n"
        for item in list.items {
            text += "<li>"
            for (index, block) in item.enumerated() {
                if list.isTight, case .paragraph(let inlines) = block {
                    if index > 0 { text += "\n" }
                    write(inlines)
                } else {
                    if index > 0, list.isTight { text += "\n" }
                    write(block)
                }
            }
            text += "</li>\n"
        }
        text += list.start == nil ? "</ul>\n" : "</ol>\n"
    }

    private mutating func write(_ table: Markdown.Table) {
        text += "<table>\n<thead>\n"
        write(table.header, in: table, as: "th")
        text += "</thead>\n"
        if !table.rows.isEmpty {
            text += "<tbody>\n"
            for row in table.rows { write(row, in: table, as: "td") }
            text += "</tbody>\n"
        }
        text += "</table>\n"
    }

    private mutating func write(_ row: [[Markdown.Inline]], in table: Markdown.Table, as tag: String) {
        text += "<tr>\n"
        for (cell, alignment) in zip(row, table.columns) {
            text += "<\(tag)"
            switch alignment {
            case .natural: break
            case .left: text += " align=\"left\""
            case .center: text += " align=\"center\""
            case .right: text += " align=\"right\""
            }
            text += ">"
            write(cell)
            text += "</\(tag)>\n"
        }
        text += "</tr>\n"
    }

    private mutating func write(_ inlines: [Markdown.Inline]) { for inline in inlines { write(inline) } }

    private mutating func write(_ inline: Markdown.Inline) {
        switch inline {
        case .text(let value): escape(value)
        case .strong(let inner): write(inner, as: "strong")
        case .emphasis(let inner): write(inner, as: "em")
        case .strikethrough(let inner): write(inner, as: "del")
        case .code(let value):
            text += "<code>"
            escape(value)
            text += "</code>"
        case .link(let url, let inner):
            // Opened from a page of ours, the page there learns neither where from nor gets a hand on it.
            text += "<a href=\"\(LinkAddress.escaped(url))\" rel=\"noopener noreferrer\">"
            write(inner)
            text += "</a>"
        case .lineBreak: text += "<br>\n"
        case .softBreak: text += "\n"
        }
    }

    private mutating func write(_ inner: [Markdown.Inline], as tag: String) {
        text += "<\(tag)>"
        write(inner)
        text += "</\(tag)>"
    }

    private mutating func escape(_ value: String) {
        for character in value.unicodeScalars {
            switch character {
            case "&": text += "&amp;"
            case "<": text += "&lt;"
            case ">": text += "&gt;"
            case "\"": text += "&quot;"
            case "'": text += "&#39;"
            default: text.unicodeScalars.append(character)
            }
        }
    }
}
