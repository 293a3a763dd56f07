internal import Markdown

/// Makes pieces out of blocks.
struct Composer {
    let typesetter: Typesetter
    let document: Document
    let logo: Logo?
    let palette: Palette
    /// The width between the page's margins.
    let width: Double

    /// Text that has no more room than this moves in no further, however deeply it is nested.
    private static let narrowest = 120.0

    var isRightToLeft: Bool { typesetter.isRightToLeft }

    /// Part of the width: where nested text stands. Measured from where the language's lines begin.
    struct Frame {
        var start = 0.0
        var width: Double
        /// Bars beside the text of quotes, as starts.
        var bars: [Double] = []
        var style = TextStyle.body
    }

    /// Where something begins that is `start` away from where lines begin.
    func left(_ start: Double, _ width: Double) -> Double {
        isRightToLeft ? self.width - start - width : start
    }

    func pieces() -> [Piece] {
        var pieces: [Piece] = []
        var startsPage = false
        for block in document.blocks {
            if block == .pageBreak {
                startsPage = true
                continue
            }
            var next = self.pieces(block, Frame(width: width))
            guard !next.isEmpty else { continue }
            if startsPage { next[0].startsPage = true }
            startsPage = false
            pieces += next
        }
        return pieces
    }

    private func pieces(_ block: Block, _ frame: Frame) -> [Piece] {
        switch block {
        case .cover(let cover): self.cover(cover)
        case .heading(let level, let text): heading(level, [.text(text)], frame)
        case .paragraph(let inlines): paragraph(inlines, frame)
        case .markdown(let source): markdown(Markdown.blocks(source), frame)
        case .list(let list): self.list(list, frame)
        case .facts(let facts): self.facts(facts, frame)
        case .table(let table): self.table(table, frame)
        case .note(let title, let inlines): note(title, inlines)
        case .callToAction(let call): [callToAction(call)]
        case .bars(let chart): bars(chart)
        case .signatureLines(let names): signatureLines(names)
        case .signatures(let signatures): signatures.map(signature)
        case .rule: [rule(frame)]
        case .space(let height): [Piece(height: max(0, height))]
        case .pageBreak: []
        }
    }

    // MARK: Text

    func heading(_ level: Int, _ inlines: [Markdown.Inline], _ frame: Frame) -> [Piece] {
        let style = TextStyle.heading(level)
        let box = typesetter.set(inlines, style, width: frame.width)
        let before = level == 1 ? 30.0 : level == 2 ? 24 : 16
        var pieces = lines(
            of: box, frame, before: before, after: level == 1 ? 10 : level == 2 ? 7 : 4, .start)
        let words = Markdown.words(inlines)
        for index in pieces.indices { pieces[index].keepsWithNext = true }
        guard var first = pieces.first else { return [] }
        let draw = first.draw
        first.draw = { canvas, place in
            canvas.outline(level: min(level, 3), words, y: place.y)
            draw(canvas, place)
        }
        pieces[0] = first
        return pieces
    }

    func paragraph(_ inlines: [Markdown.Inline], _ frame: Frame) -> [Piece] {
        let box = typesetter.set(inlines, frame.style, width: frame.width)
        return lines(of: box, frame, before: 0, after: 9, .natural)
    }

    /// A piece for each line; no page begins or ends with one line of a longer paragraph.
    func lines(
        of box: TextBox, _ frame: Frame, before: Double, after: Double, _ alignment: Alignment
    ) -> [Piece] {
        let count = box.lines.count
        return box.lines.indices.map { index in
            var piece = Piece(height: box.lines[index].height, baseline: box.lines[index].baseline)
            if index == 0 { piece.before = before }
            if index == count - 1 { piece.after = after }
            piece.keepsWithNext = (index == 0 || index == count - 2) && index < count - 1
            piece.draw = { canvas, place in
                drawBars(canvas, frame, place, height: box.lines[index].height)
                canvas.draw(
                    box, lines: index..<index + 1, x: place.x + left(frame.start, frame.width), y: place.y,
                    width: frame.width, alignment)
            }
            return piece
        }
    }

    /// Beside a quote, through the gap above the line as well.
    private func drawBars(_ canvas: Canvas, _ frame: Frame, _ place: Piece.Place, height: Double) {
        for bar in frame.bars {
            canvas.fill(
                palette.hairline, x: place.x + left(bar, 2), y: place.y - place.gap, width: 2,
                height: height + place.gap)
        }
    }

    private func quote(_ blocks: [Markdown.Block], _ frame: Frame) -> [Piece] {
        var inner = frame
        if frame.width > Self.narrowest { (inner.start, inner.width) = (frame.start + 14, frame.width - 14) }
        inner.bars.append(frame.start)
        inner.style = frame.style.grey
        var pieces = markdown(blocks, inner)
        guard var first = pieces.first else { return [] }
        // The gap above the whole quote belongs to what it stands in.
        let draw = first.draw
        first.draw = { canvas, place in draw(canvas, Piece.Place(x: place.x, y: place.y, gap: 0)) }
        first.before = 6
        pieces[0] = first
        pieces[pieces.count - 1].after = 14
        return pieces
    }

    func rule(_ frame: Frame) -> Piece {
        Piece(height: 1, before: 16, after: 16) { canvas, place in
            canvas.rule(
                palette.hairline, x: place.x + left(frame.start, frame.width), y: place.y + 0.5,
                width: frame.width)
        }
    }

    // MARK: Markdown

    func markdown(_ blocks: [Markdown.Block], _ frame: Frame) -> [Piece] {
        blocks.flatMap { block -> [Piece] in
            switch block {
            case .heading(let level, let inlines): heading(level, inlines, frame)
            case .paragraph(let inlines): paragraph(inlines, frame)
            case .list(let list): self.list(list, frame)
            case .quote(let inner): quote(inner, frame)
            case .table(let table): self.table(Table(table), frame)
            case .rule: [rule(frame)]
            case .code(let code, _): self.code(code, frame)
            }
        }
    }

    /// Nested lists move in by their marks' width, until there is too little left to move into.
    func list(_ list: Markdown.List, _ frame: Frame) -> [Piece] {
        let last = (list.start ?? 0) + list.items.count - 1
        let indent = list.start == nil ? 14.0 : max(16, 8 + 5.5 * Double(String(last).count))
        var inner = frame
        if frame.width > Self.narrowest {
            (inner.start, inner.width) = (frame.start + indent, frame.width - indent)
        }
        var pieces: [Piece] = []
        for (index, item) in list.items.enumerated() {
            let mark = typesetter.set(
                list.start.map { "\($0 + index)." } ?? "•",
                TextStyle.body.with { $0.tone = list.start == nil ? .brand : .grey }.figures)
            var next = markdown(item, inner)
            if next.isEmpty { next = [Piece(height: TextStyle.body.leading)] }
            if list.isTight { for index in next.indices { next[index].after = min(next[index].after, 3) } }
            let draw = next[0].draw
            let baseline = next[0].baseline ?? mark.baseline
            next[0].draw = { canvas, place in
                draw(canvas, place)
                let gap = list.start == nil ? indent - 4 : indent - 6
                canvas.draw(
                    mark, x: place.x + left(frame.start, gap), y: place.y + baseline - mark.baseline,
                    width: gap, list.start == nil ? .start : .end)
            }
            pieces += next
        }
        if let end = pieces.indices.last { pieces[end].after = max(pieces[end].after, 9) }
        return pieces
    }

    private func code(_ code: String, _ frame: Frame) -> [Piece] {
        let inner = Frame(start: frame.start + 10, width: max(40, frame.width - 20), bars: frame.bars)
        let box = typesetter.set(code.isEmpty ? " " : code, .code, width: inner.width)
        var pieces = lines(of: box, inner, before: 0, after: 0, .natural)
        for index in pieces.indices {
            let isFirst = index == 0, isLast = index == pieces.count - 1
            let draw = pieces[index].draw
            let (above, below) = (isFirst ? 8.0 : 0, isLast ? 8.0 : 0)
            let height = pieces[index].height + above + below
            pieces[index].height = height
            pieces[index].after = isLast ? 10 : 0
            pieces[index].draw = { canvas, place in
                canvas.fill(
                    palette.wash, x: place.x + left(frame.start, frame.width), y: place.y, width: frame.width,
                    height: height)
                draw(canvas, Piece.Place(x: place.x, y: place.y + above, gap: place.gap))
            }
        }
        return pieces
    }
}
