internal import Markdown

/// The parts that stand apart from the text: notes, what to do next, charts, signatures.
extension Composer {
    /// A bar beside it, a wash behind it; line by line, so that it can be longer than a page.
    func note(_ title: String?, _ inlines: [Markdown.Inline]) -> [Piece] {
        let inner = Frame(start: 16, width: width - 32)
        var parts: [Piece] = []
        if let title {
            let box = typesetter.set(title, .body.bold, width: inner.width)
            parts += lines(of: box, inner, before: 0, after: 0, .start)
            for index in parts.indices { parts[index].keepsWithNext = true }
        }
        parts += lines(
            of: typesetter.set(inlines, .small.with { $0.leading = 14 }, width: inner.width), inner,
            before: 0,
            after: 0, .natural)
        for index in parts.indices {
            let isFirst = index == 0, isLast = index == parts.count - 1
            let (draw, above) = (parts[index].draw, isFirst ? 11.0 : 0)
            let height = parts[index].height + above + (isLast ? 11 : 0)
            (parts[index].height, parts[index].before, parts[index].after) =
                (height, isFirst ? 6 : 0, isLast ? 16 : 0)
            parts[index].draw = { canvas, place in
                canvas.fill(palette.wash, x: place.x, y: place.y, width: width, height: height)
                canvas.fill(
                    palette.accent, x: place.x + left(0, 2.5), y: place.y, width: 2.5, height: height)
                draw(canvas, Piece.Place(x: place.x, y: place.y + above, gap: 0))
            }
        }
        return parts
    }

    /// A box in a tint of the brand's color, with a button in the color itself.
    func callToAction(_ call: CallToAction) -> Piece {
        let padding = 20.0
        let link = call.button.flatMap { Markdown.isAllowed(link: $0.url) ? $0 : nil }
        let label = link.map {
            typesetter.set($0.label, TextStyle(size: 9, leading: 12, weight: 600, tone: .onBrand))
        }
        let button = label.map { min($0.width + 32, width * 0.4) } ?? 0
        let room = width - 2 * padding - (button > 0 ? button + 20 : 0)
        let title = typesetter.set(call.title, .heading(2), width: room)
        let text = call.text.map { typesetter.set($0, .small.grey, width: room) }
        let content = title.height + (text.map { $0.height + 3 } ?? 0)
        let height = max(content, button > 0 ? 30 : 0) + 2 * padding
        let tint = palette.brand.mixed(0.07, with: .white)
        return Piece(height: height, before: 14, after: 18) { canvas, place in
            canvas.fill(tint, x: place.x, y: place.y, width: width, height: height, radius: 7)
            let (x, y) = (place.x + left(padding, room), place.y + (height - content) / 2)
            canvas.draw(title, x: x, y: y, width: room, .start)
            if let text { canvas.draw(text, x: x, y: y + title.height + 3, width: room, .start) }
            guard let link, let label else { return }
            let (bx, by) = (place.x + left(width - padding - button, button), place.y + (height - 30) / 2)
            canvas.fill(palette.brand, x: bx, y: by, width: button, height: 30, radius: 5)
            canvas.draw(label, x: bx, y: by + (30 - label.height) / 2, width: button, .center)
            canvas.mark(link.url, x: bx, y: by, width: button, height: 30)
        }
    }

    // MARK: Charts

    func bars(_ chart: BarChart) -> [Piece] {
        var pieces: [Piece] = []
        if let title = chart.title {
            pieces = lines(
                of: typesetter.set(title, .heading(3), width: width), Frame(width: width), before: 14,
                after: 5, .start)
            for index in pieces.indices { pieces[index].keepsWithNext = true }
        }
        let texts = chart.bars.map { typesetter.set($0.text, .small.bold.figures) }
        let figures = min(texts.map(\.width).max() ?? 0, width * 0.25)
        let names = (width * 0.28).rounded()
        let room = width - names - figures - 24
        let longest = chart.bars.map(\.value).filter(\.isFinite).max() ?? 0
        for (index, bar) in chart.bars.enumerated() {
            let name = typesetter.set(bar.label, .small, width: names)
            let text = texts[index]
            let height = max(name.height, text.height) + 8
            let share = longest > 0 && bar.value.isFinite ? max(0, bar.value) / longest : 0
            pieces.append(
                Piece(height: height, after: index == chart.bars.count - 1 ? 16 : 0) { canvas, place in
                    let middle = place.y + height / 2
                    canvas.draw(
                        name, x: place.x + left(0, names), y: middle - name.height / 2, width: names, .start)
                    canvas.fill(
                        palette.wash, x: place.x + left(names + 12, room), y: middle - 3.5, width: room,
                        height: 7,
                        radius: 2)
                    let length = room * share
                    canvas.fill(
                        palette.brand, x: place.x + left(names + 12, length), y: middle - 3.5, width: length,
                        height: 7, radius: 2)
                    canvas.draw(
                        text, x: place.x + left(width - figures, figures), y: middle - text.height / 2,
                        width: figures, .end)
                })
        }
        return pieces
    }

    // MARK: Signatures

    /// Two beside one another.
    func signatureLines(_ names: [String]) -> [Piece] {
        let room = (width - 36) / 2
        return stride(from: 0, to: names.count, by: 2).map { index in
            let boxes = names[index..<min(index + 2, names.count)].map {
                typesetter.set($0, .small.grey, width: room)
            }
            let text = boxes.map(\.height).max() ?? 0
            return Piece(height: 50 + text, before: 10, after: 14) { canvas, place in
                for (column, box) in boxes.enumerated() {
                    let x = place.x + left(Double(column) * (room + 36), room)
                    canvas.rule(palette.ink, x: x, y: place.y + 44, width: room, line: 0.6)
                    canvas.draw(box, x: x, y: place.y + 50, width: room, .start)
                }
            }
        }
    }

    /// A card: who, what is known of when and where, and the digest of what was signed.
    func signature(_ signature: Signature) -> Piece {
        let padding = 18.0, room = width - 2 * padding
        let title = typesetter.set(signature.title, .kind, width: room)
        let name = typesetter.set(signature.name, .signature, width: room)
        let names = (room * 0.26).rounded(), values = room - names - 12
        let facts = signature.facts + (signature.hash.map { [$0] } ?? [])
        let rows = facts.enumerated().map { index, fact in
            let isHash = signature.hash != nil && index == facts.count - 1
            return (
                name: typesetter.set(fact.name, .label.with { $0.leading = 13 }, width: names),
                value: typesetter.set(fact.value, isHash ? .code : .small, width: values)
            )
        }
        let baselines = rows.map { max($0.name.baseline, $0.value.baseline) }
        let heights = zip(rows, baselines).map { row, baseline in
            max(row.name.height - row.name.baseline, row.value.height - row.value.baseline) + baseline + 3
        }
        let head = title.height + 4 + name.height + 14
        let height = 2 * padding + head + heights.reduce(0, +)
        return Piece(height: height, before: 8, after: 14) { canvas, place in
            canvas.stroke(
                palette.hairline, x: place.x + 0.3, y: place.y + 0.3, width: width - 0.6,
                height: height - 0.6,
                radius: 7, line: 0.6)
            let x = place.x + left(padding, room)
            var y = place.y + padding
            y += canvas.draw(title, x: x, y: y, width: room, .start) + 4
            y += canvas.draw(name, x: x, y: y, width: room, .start) + 7
            canvas.rule(palette.hairline, x: x, y: y, width: room, line: 0.4)
            y += 7
            for ((row, height), baseline) in zip(zip(rows, heights), baselines) {
                canvas.draw(
                    row.name, x: place.x + left(padding, names), y: y + baseline - row.name.baseline,
                    width: names,
                    .start)
                canvas.draw(
                    row.value, x: place.x + left(padding + names + 12, values),
                    y: y + baseline - row.value.baseline, width: values, .start)
                y += height
            }
        }
    }
}
