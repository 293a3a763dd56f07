/// The head of the first page, and pairs of names and values.
extension Composer {
    func cover(_ cover: Cover) -> [Piece] {
        var pieces = [masthead()]
        pieces.append(
            Piece(height: 3, before: 58) { canvas, place in
                canvas.fill(palette.brand, x: place.x + left(0, 26), y: place.y, width: 26, height: 3)
            })
        if let kind = cover.kind { pieces.append(stack(kind, .kind, before: 16)) }
        pieces.append(stack(document.title, .title, before: cover.kind == nil ? 16 : 4))
        if let subtitle = cover.subtitle { pieces.append(stack(subtitle, .subtitle, before: 7)) }
        for row in stride(from: 0, to: cover.facts.count, by: 4) {
            pieces.append(row == 0 ? Piece(height: 12) : Piece(height: 2))
            pieces.append(factColumns(Array(cover.facts[row..<min(row + 4, cover.facts.count)])))
        }
        pieces.append(
            Piece(height: 0.5, before: 20, after: 24) { canvas, place in
                canvas.rule(palette.hairline, x: place.x, y: place.y, width: width)
            })
        for index in pieces.indices.dropLast() { pieces[index].keepsWithNext = true }
        return pieces
    }

    /// The agency's logo; its name where it has none.
    private func masthead() -> Piece {
        guard let logo else {
            let name = typesetter.set(document.brand.name, .wordmark, width: width)
            return Piece(height: name.height) { canvas, place in
                canvas.draw(name, x: place.x, y: place.y, width: width, .start)
            }
        }
        let size = logo.size(width: 190, height: 42)
        return Piece(height: size.height) { canvas, place in
            canvas.draw(
                logo, x: place.x + left(0, size.width), y: place.y, width: size.width, height: size.height)
        }
    }

    private func stack(_ text: String, _ style: TextStyle, before: Double) -> Piece {
        let box = typesetter.set(text, style, width: width * 0.92)
        return Piece(height: box.height, before: before) { canvas, place in
            canvas.draw(box, x: place.x + left(0, width * 0.92), y: place.y, width: width * 0.92, .start)
        }
    }

    private func factColumns(_ facts: [Fact]) -> Piece {
        // The first, the recipient most often, has the most to say.
        let gap = 18.0, shares = facts.count >= 4 ? [1.9, 1, 1, 1] : facts.count == 3 ? [2, 1, 1] : [1, 1]
        let unit = (width - gap * Double(shares.count - 1)) / shares.reduce(0, +)
        var start = 0.0
        let boxes = zip(facts, shares).map { fact, share in
            let room = share * unit
            defer { start += room + gap }
            return (
                name: typesetter.set(fact.name, .label, width: room),
                value: typesetter.set(fact.value, .body.with { $0.leading = 14 }, width: room), start: start,
                room: room
            )
        }
        let names = boxes.map(\.name.height).max() ?? 0
        let baseline = boxes.map(\.value.baseline).max() ?? 0
        let values = boxes.map { $0.value.height + baseline - $0.value.baseline }.max() ?? 0
        let height = names + 3 + values
        return Piece(height: height, before: 12) { canvas, place in
            for box in boxes {
                let x = place.x + left(box.start, box.room)
                canvas.draw(box.name, x: x, y: place.y, width: box.room, .start)
                canvas.draw(
                    box.value, x: x, y: place.y + names + 3 + baseline - box.value.baseline, width: box.room,
                    .start)
            }
        }
    }

    /// Names beside their values, a hairline below each.
    func facts(_ facts: [Fact], _ frame: Frame) -> [Piece] {
        let names = (frame.width * 0.3).rounded(), values = frame.width - names - 14
        return facts.enumerated().map { index, fact in
            let name = typesetter.set(fact.name, .small.grey, width: names)
            let value = typesetter.set(fact.value, .body.with { $0.leading = 14 }, width: values)
            let baseline = max(name.baseline, value.baseline)
            let text = max(
                name.height + baseline - name.baseline, value.height + baseline - value.baseline)
            let isLast = index == facts.count - 1
            return Piece(height: text + 10, after: isLast ? 14 : 0) { canvas, place in
                canvas.draw(
                    name, x: place.x + left(frame.start, names), y: place.y + 5 + baseline - name.baseline,
                    width: names, .start)
                canvas.draw(
                    value, x: place.x + left(frame.start + names + 14, values),
                    y: place.y + 5 + baseline - value.baseline, width: values, .start)
                guard !isLast else { return }
                canvas.rule(
                    palette.hairline, x: place.x + left(frame.start, frame.width), y: place.y + text + 10,
                    width: frame.width, line: 0.4)
            }
        }
    }
}
