internal import Markdown

extension Document {
    /// Bytes of text in all blocks, which is what setting them takes time for.
    var textSize: Int { blocks.reduce(title.utf8.count) { $0 + $1.textSize } }
}

extension Block {
    fileprivate var textSize: Int {
        func size(_ facts: [Fact]) -> Int {
            facts.reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count }
        }
        func size(_ inlines: [Markdown.Inline]) -> Int { Markdown.words(inlines).utf8.count }
        switch self {
        case .cover(let cover): return size(cover.facts) + (cover.subtitle?.utf8.count ?? 0)
        case .heading(_, let text), .markdown(let text): return text.utf8.count
        case .paragraph(let inlines): return size(inlines)
        case .note(let title, let inlines): return size(inlines) + (title?.utf8.count ?? 0)
        case .list(let list): return Markdown.plainText([.list(list)]).utf8.count
        case .facts(let facts): return size(facts)
        case .table(let table):
            return table.rows.reduce(0) { $0 + $1.cells.reduce(1) { $0 + size($1) } }
        case .callToAction(let call): return call.title.utf8.count + (call.text?.utf8.count ?? 0)
        case .bars(let chart): return chart.bars.reduce(0) { $0 + $1.label.utf8.count + $1.text.utf8.count }
        case .signatureLines(let names): return names.reduce(0) { $0 + $1.utf8.count }
        case .signatures(let signatures):
            return signatures.reduce(0) { $0 + size($1.facts) + $1.name.utf8.count }
        case .rule, .pageBreak, .space: return 0
        }
    }
}
