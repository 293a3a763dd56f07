internal import Markdown

/// Something written at length, as it is made into posts: an article, a message, the script of a film.
package struct LongPiece: Sendable {
    package enum Shape: Sendable {
        case words, film, story
    }

    package var shape = Shape.words
    /// The headline, where readers see it.
    package var title = ""
    /// Markdown; sentences with places for values, as templates have them, are left out.
    package var body = ""
    /// The address at which the whole of it stands.
    package var link: String?
    package var media: [PostDraft.Medium] = []

    package init() {}

    /// The networks that take what is written in this shape, the most fitting first.
    package var networks: [SocialNetwork] {
        switch shape {
        case .words where media.isEmpty: [.linkedin, .facebook, .x]
        case .words: [.linkedin, .facebook, .instagram, .x]
        case .film: [.youtube, .tiktok, .instagram, .facebook, .linkedin, .x]
        case .story: [.instagram, .facebook]
        }
    }

    /// The format in which it stands on a network, unless it needs a thread.
    package func format(on network: SocialNetwork) -> PostFormat {
        switch (shape, network) {
        case (_, .youtube): .video
        case (.film, .instagram): .reel
        case (.film, .tiktok), (.film, .facebook), (.film, .linkedin): .video
        case (.story, .instagram): .story
        case (.words, .instagram) where media.count > 1: .carousel
        default: .post
        }
    }

    /// The sentences below its headings, paragraph by paragraph, as readers see them; an entry of a list is one,
    /// without its bullet.
    package var paragraphs: [[String]] {
        let reader = sentenceReader
        return lines.filter { !$0.isHeading }.map { line in
            reader.sentences(of: line.text).map { sentence in
                sentence.text.hasPrefix("• ") ? String(sentence.text.dropFirst(2)) : sentence.text
            }
        }
    }

    var sentenceReader: SentenceReader { SentenceReader(for: "\(title)\n\(body)") }

    /// The words, line by line, without their marks; the headline comes first, and once.
    var lines: [PieceLine] {
        var lines = PieceLines(under: title)
        lines.add(Markdown.blocks(body))
        return lines.lines
    }
}

/// A paragraph, or a line of a list.
struct PieceLine: Sendable {
    let text: String
    /// Whether it belongs to the line before it.
    let isClose: Bool
    var isHeading = false

    var separator: String { isClose ? "\n" : "\n\n" }
}

/// Writes a tree as lines that read well where nothing is marked.
private struct PieceLines {
    private(set) var lines: [PieceLine] = []
    private let title: String

    init(under title: String) {
        self.title = title
        add(title, isHeading: true)
    }

    private mutating func add(_ text: String, isClose: Bool = false, isHeading: Bool = false) {
        let words = HiddenMarks.removed(from: text).split { $0.isBreakable }.joined(separator: " ")
        guard !words.isEmpty else { return }
        lines.append(PieceLine(text: words, isClose: isClose, isHeading: isHeading))
    }

    mutating func add(_ blocks: [Markdown.Block], isClose: Bool = false) {
        for (index, block) in blocks.enumerated() { add(block, isClose: isClose && index == 0) }
    }

    private mutating func add(_ block: Markdown.Block, isClose: Bool) {
        switch block {
        case .heading(_, let inlines):
            let text = text(inlines)
            guard text.lowercased() != title.lowercased() else { return }
            add(text, isClose: isClose, isHeading: true)
        case .paragraph(let inlines): add(lines: text(inlines), isClose: isClose)
        case .list(let list):
            for (index, item) in list.items.enumerated() {
                let count = lines.count
                add(item, isClose: list.isTight && index > 0)
                // Its number would be a figure that nobody has written.
                guard lines.count > count else { continue }
                lines[count] = PieceLine(text: "• " + lines[count].text, isClose: lines[count].isClose)
            }
        case .quote(let blocks): add(blocks, isClose: isClose)
        case .table(let table):
            for (index, row) in ([table.header] + table.rows).enumerated() {
                let cells = row.map(text).filter { !$0.isEmpty }
                add(cells.joined(separator: " – "), isClose: index > 0)
            }
        case .rule: break
        case .code(let code, _): add(lines: code, isClose: isClose)
        }
    }

    private mutating func add(lines text: String, isClose: Bool) {
        for (index, line) in text.split(whereSeparator: \.isNewline).enumerated() {
            add(String(line), isClose: isClose || index > 0)
        }
    }

    private func text(_ inlines: [Markdown.Inline]) -> String {
        inlines.reduce(into: "") { result, inline in
            switch inline {
            case .text(let value), .code(let value): result += value
            case .strong(let inner), .emphasis(let inner), .strikethrough(let inner): result += text(inner)
            case .link(let url, let inner): result += link(url, text(inner))
            case .lineBreak: result += "\n"
            case .softBreak: result += " "
            }
        }
    }

    /// The label with its address, or just one of them where they say the same.
    private func link(_ url: String, _ label: String) -> String {
        let isSame = ["", "mailto:", "tel:", "http://", "https://"].contains { url == $0 + label }
        return label.isEmpty ? url : isSame ? label : "\(label) (\(url))"
    }
}

extension Character {
    /// Whether a line may end here. What does not break holds a number and its unit together.
    var isBreakable: Bool { isWhitespace && self != "\u{A0}" && self != "\u{202F}" && self != "\u{2007}" }
}
