internal import Markdown

extension Table {
    /// A table as Markdown has it: widths by what is in the columns.
    init(_ table: Markdown.Table) {
        columns = zip(table.columns, table.header).map { alignment, title in
            let words = Markdown.words(title)
            return switch alignment {
            case .natural, .left: Column(words, .start, width: .fit)
            case .center: Column(words, .center, width: .fit)
            case .right: Column(words, .end, width: .fit)
            }
        }
        rows = table.rows.map { Row($0) }
    }
}

/// Tables: a head that every page repeats, hairlines between the rows, no other lines.
extension Composer {
    private static let gap = 14.0, padding = 6.5

    func table(_ table: Table, _ frame: Frame) -> [Piece] {
        guard !table.columns.isEmpty else { return [] }
        let columns = placed(table, frame)
        let head = table.columns.contains { !$0.title.isEmpty } ? [headPiece(table, columns, frame)] : []
        var pieces: [Piece] = []
        for (index, row) in table.rows.enumerated() {
            let isLast = index == table.rows.count - 1
            let next: Table.Row.Role? = isLast ? nil : table.rows[index + 1].role
            var rows = self.pieces(row, followedBy: next, table, columns, frame)
            for index in rows.indices { rows[index].head = head }
            // Sums stand with something that they add up, names of sections with something that they name.
            let leadsToSum = next == .subtotal || next == .total
            if row.role == .section || leadsToSum, let end = rows.indices.last {
                rows[end].keepsWithNext = true
            }
            pieces += rows
        }
        if var first = head.first {
            first.before = 10
            first.keepsWithNext = true
            pieces.insert(first, at: 0)
        }
        if let end = pieces.indices.last {
            pieces[end].after = 16
            pieces[end].keepsWithNext = false
        }
        return pieces
    }

    // MARK: Columns

    private struct Placement {
        var start: Double, width: Double
        var alignment: Alignment
    }

    private func placed(_ table: Table, _ frame: Frame) -> [Placement] {
        let gaps = Self.gap * Double(table.columns.count - 1)
        let widths = widths(table, room: max(frame.width - gaps, 8 * Double(table.columns.count)))
        var start = frame.start
        return zip(table.columns, widths).map { column, width in
            defer { start += width + Self.gap }
            let alignment: Alignment =
                switch column.alignment {
                case .start: .start
                case .center: .center
                case .end: .end
                }
            return Placement(start: start, width: width, alignment: alignment)
        }
    }

    private func widths(_ table: Table, room: Double) -> [Double] {
        let natural = table.columns.indices.map { index in naturalWidth(of: index, table) }
        let isFit = table.columns.map { $0.width == .fit }
        let fitted = zip(natural, isFit).reduce(0) { $0 + ($1.1 ? $1.0 : 0) }
        let shares = table.columns.map { column in
            if case .share(let share) = column.width { max(share, 0.01) } else { 0.0 }
        }
        let sharing = shares.reduce(0, +)
        if sharing > 0 {
            // Columns that fit themselves leave something to the others.
            let fittedMax = room * 0.7
            let scale = fitted > fittedMax ? fittedMax / fitted : 1
            let left = room - fitted * scale
            return table.columns.indices.map { isFit[$0] ? natural[$0] * scale : left * shares[$0] / sharing }
        }
        guard fitted > room else {
            let more = room - fitted
            return natural.map { $0 + (fitted > 0 ? more * $0 / fitted : more / Double(natural.count)) }
        }
        // Narrow columns get what they want, and what is left is shared by the wide ones.
        var widths = natural, open = Array(natural.indices), left = room
        while let narrow = open.first(where: { natural[$0] <= left / Double(open.count) }) {
            open.removeAll { $0 == narrow }
            left -= natural[narrow]
        }
        let wanted = open.reduce(0) { $0 + natural[$1].squareRoot() }
        for index in open { widths[index] = left * natural[index].squareRoot() / wanted }
        return widths
    }

    /// Of its title and its first few hundred cells.
    private func naturalWidth(of column: Int, _ table: Table) -> Double {
        let title = typesetter.set(table.columns[column].title, .label).width
        return table.rows.prefix(300).reduce(max(title, 12)) { width, row in
            guard row.role != .section, row.cells.count > column, !row.cells[column].isEmpty else {
                return width
            }
            return max(width, typesetter.set(row.cells[column], style(row.role, .end)).width)
        } + 0.5
    }

    private func style(_ role: Table.Row.Role, _ alignment: Alignment) -> TextStyle {
        let style: TextStyle =
            switch role {
            case .item, .subtotal: TextStyle(size: 9, leading: 13.5)
            case .section: TextStyle(size: 9, leading: 13.5, weight: 600)
            case .total: TextStyle(size: 11, leading: 16, weight: 700)
            }
        return alignment == .start ? style : style.figures
    }

    // MARK: Rows

    private func headPiece(_ table: Table, _ columns: [Placement], _ frame: Frame) -> Piece {
        let boxes = zip(table.columns, columns).map { column, place in
            typesetter.set(column.title, .label, width: place.width)
        }
        let text = boxes.map(\.height).max() ?? 0
        let baseline = boxes.map { text - $0.height + $0.baseline }.min() ?? 0
        return Piece(height: text + 7) { canvas, place in
            for (box, column) in zip(boxes, columns) {
                canvas.draw(
                    box, x: place.x + left(column.start, column.width),
                    y: place.y + max(0, baseline - box.baseline),
                    width: column.width, column.alignment)
            }
            canvas.rule(
                palette.ink, x: place.x + left(frame.start, frame.width), y: place.y + text + 6.5,
                width: frame.width, line: 0.75)
        }
    }

    private func pieces(
        _ row: Table.Row, followedBy next: Table.Row.Role?, _ table: Table, _ columns: [Placement],
        _ frame: Frame
    ) -> [Piece] {
        let cells = columns.indices.map { index -> (box: TextBox, column: Placement)? in
            guard row.cells.count > index, !row.cells[index].isEmpty else { return nil }
            var column = columns[index]
            // A section's name has the row to itself.
            if row.role == .section, index == 0 { column.width = frame.width }
            let style = style(row.role, column.alignment)
            return (typesetter.set(row.cells[index], style, width: column.width), column)
        }.compactMap(\.self)
        let line: Color? = next == nil || row.role == .subtotal || next == .total ? nil : palette.hairline
        let parts = parts(cells.map(\.box))
        return parts.enumerated().map { index, lines in
            let isFirst = index == 0, isLast = index == parts.count - 1
            // The first lines of a row stand on one line, whatever their scripts.
            let baseline = isFirst ? cells.map(\.box.baseline).max() ?? 0 : 0
            let drops = cells.map { isFirst ? baseline - $0.box.baseline : 0 }
            let text = cells.indices.reduce(0) { highest, cell in
                max(highest, drops[cell] + cells[cell].box.lines[lines[cell]].reduce(0) { $0 + $1.height })
            }
            let above = !isFirst ? 0 : row.role == .total ? 9 : row.role == .section ? 12 : Self.padding
            let below = isLast ? Self.padding : 0
            return Piece(height: above + text + below) { canvas, place in
                let x = place.x + left(frame.start, frame.width)
                if row.role == .total, isFirst {
                    canvas.rule(palette.ink, x: x, y: place.y + 0.5, width: frame.width, line: 0.75)
                }
                for ((cell, lines), drop) in zip(zip(cells, lines), drops) {
                    canvas.draw(
                        cell.box, lines: lines, x: place.x + left(cell.column.start, cell.column.width),
                        y: place.y + above + drop, width: cell.column.width, cell.column.alignment)
                }
                if isLast, let line {
                    canvas.rule(line, x: x, y: place.y + above + text + below, width: frame.width, line: 0.4)
                }
            }
        }
    }

    /// A row's lines, cell by cell, in one part; in several where it is higher than most of a page.
    private func parts(_ boxes: [TextBox]) -> [[Range<Int>]] {
        let room = 480.0
        guard boxes.contains(where: { $0.height > room }) else { return [boxes.map(\.lines.indices)] }
        var parts: [[Range<Int>]] = []
        var starts = boxes.map { _ in 0 }
        while zip(boxes, starts).contains(where: { $0.lines.count > $1 }) {
            let ranges = zip(boxes, starts).map { box, start in
                var (end, height) = (start, 0.0)
                while end < box.lines.count, height + box.lines[end].height <= room || end == start {
                    height += box.lines[end].height
                    end += 1
                }
                return start..<end
            }
            starts = ranges.map(\.upperBound)
            parts.append(ranges)
        }
        return parts
    }
}
