/// The texts that people at an agency write: CommonMark with GFM's tables, strikethrough and bare addresses. Every text
/// is Markdown, so nothing here fails; nothing that a text says runs, or leads anywhere but to the web, a mailbox or a
/// telephone.
package enum Markdown {
    /// A longer text is no Markdown but lines: the library's worst cases grow with the square of their
    /// length.
    package static let bytesMax = 128 << 10
    /// The limit of a table's cells. A table that could have more becomes lines: a short row is filled up, so that few
    /// bytes could make any number of cells.
    package static let cellsMax = 50_000
    /// The limit of nesting, of blocks and of inlines: deeper ones are there as plain text.
    package static let nestingMax = 24

    /// The text as a small tree.
    package static func blocks(_ source: String) -> [Block] {
        guard source.utf8.count <= bytesMax else { return lines(source) }
        return MarkdownSource.blocks(source)
    }

    /// The text as HTML that can stand in any page or mail: only elements without a behaviour, HTML in the
    /// source shown as the text that it is.
    package static func html(_ source: String) -> String { html(blocks(source)) }
    package static func html(_ blocks: [Block]) -> String {
        var writer = HTMLWriter()
        writer.write(blocks)
        return writer.text
    }

    /// The text as people write it in a mail without HTML: links as `text (url)`, lists with `- `, tables in
    /// columns.
    package static func plainText(_ source: String) -> String { plainText(blocks(source)) }
    package static func plainText(_ blocks: [Block]) -> String { PlainTextWriter.text(blocks) }

    /// Returns whether an address is one that a link may lead to: http, https, mailto or tel.
    package static func isAllowed(link url: String) -> Bool { LinkAddress.isAllowed(url) }

    /// Paragraphs at empty lines, the lines within them kept.
    private static func lines(_ source: String) -> [Block] {
        var blocks: [Block] = []
        var inlines: [Inline] = []
        func end() {
            if !inlines.isEmpty { blocks.append(.paragraph(inlines)) }
            inlines = []
        }
        for line in source.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            guard line.contains(where: { !$0.isWhitespace }) else {
                end()
                continue
            }
            if !inlines.isEmpty { inlines.append(.lineBreak) }
            inlines.append(.text(String(line)))
        }
        end()
        return blocks
    }
}

extension Markdown {
    /// A part of a text that begins on a line of its own.
    package indirect enum Block: Hashable, Sendable {
        /// `level` is 1 to 6.
        case heading(level: Int, [Inline])
        case paragraph([Inline])
        case list(List)
        case quote([Block])
        case table(Table)
        case rule
        /// Its lines without the last one's end, and the language that the author named.
        case code(String, language: String?)
    }

    /// A part of a line.
    package indirect enum Inline: Hashable, Sendable {
        case text(String)
        case strong([Inline])
        case emphasis([Inline])
        case strikethrough([Inline])
        /// `url` begins with http:, https:, mailto: or tel:.
        case link(url: String, [Inline])
        case code(String)
        case lineBreak
        /// A line's end in the source, which says no more than a space.
        case softBreak
    }

    /// Items with bullets, or with numbers from `start`.
    package struct List: Hashable, Sendable {
        package var start: Int?
        /// No empty lines between the items: they are set close.
        package var isTight: Bool
        package var items: [[Block]]

        package init(start: Int? = nil, isTight: Bool = true, items: [[Block]]) {
            (self.start, self.isTight, self.items) = (start, isTight, items)
        }
    }

    /// Every row has as many cells as there are columns.
    package struct Table: Hashable, Sendable {
        /// The alignment of a column's cells; `natural` is where the language's lines begin.
        package enum Alignment: Hashable, Sendable { case natural, left, center, right }

        package var columns: [Alignment]
        package var header: [[Inline]]
        package var rows: [[[Inline]]]

        package init(columns: [Alignment], header: [[Inline]], rows: [[[Inline]]]) {
            (self.columns, self.header, self.rows) = (columns, header, rows)
        }
    }

    /// Returns the words of inlines, without their formatting.
    package static func words(_ inlines: [Inline]) -> String {
        inlines.reduce(into: "") { text, inline in
            switch inline {
            case .text(let value), .code(let value): text += value
            case .strong(let inner), .emphasis(let inner), .strikethrough(let inner), .link(_, let inner):
                text += words(inner)
            case .lineBreak, .softBreak: text += " "
            }
        }
    }
}
