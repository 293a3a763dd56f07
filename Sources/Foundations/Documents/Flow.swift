/// A part of the document that no page's end goes through.
struct Piece {
    /// Where a piece is drawn, and how much empty space is between it and the one above it on the page.
    struct Place {
        var x: Double, y: Double
        var gap: Double
    }

    var height: Double
    /// Of its first line, from its top, where it has one: where a list's mark stands.
    var baseline: Double?
    /// Between two pieces is the larger of what they want; at the head of a page there is none.
    var before = 0.0
    var after = 0.0
    /// Not the last on a page when another follows it.
    var keepsWithNext = false
    var startsPage = false
    /// Pieces that are repeated above it where it is the first on its page: a table's head.
    var head: [Piece] = []
    var draw: (Canvas, Place) -> Void = { _, _ in }
}

/// Distributes pieces among pages.
struct Flow {
    /// The height of a page between its head and its foot.
    let room: Double

    struct Placed {
        var piece: Piece
        var y: Double
        var gap: Double
        /// Below 1 for a piece that is higher than a page.
        var scale = 1.0
    }

    func pages(_ pieces: [Piece]) -> [[Placed]] {
        var pages: [[Placed]] = []
        var page: [Placed] = []
        var y = 0.0
        func turn() {
            pages.append(page)
            (page, y) = ([], 0)
        }
        func place(_ piece: Piece) {
            let gap = page.last.map { max($0.piece.after, piece.before) } ?? 0
            let scale = piece.height > room ? room / piece.height : 1
            page.append(Placed(piece: piece, y: y + gap, gap: gap, scale: scale))
            y += gap + piece.height * scale
        }
        var index = 0
        while index < pieces.count {
            let chain = chain(from: index, pieces)
            if pieces[index].startsPage, !page.isEmpty { turn() }
            if !page.isEmpty, y + height(pieces[chain], below: page.last) > room { turn() }
            for piece in pieces[chain] {
                // A chain can be longer than a page: then it is broken where it must.
                if !page.isEmpty, y + height([piece], below: page.last) > room + 0.01 { turn() }
                if page.isEmpty { piece.head.forEach(place) }
                place(piece)
            }
            index = chain.upperBound
        }
        if !page.isEmpty || pages.isEmpty { pages.append(page) }
        return pages
    }

    /// A piece and those that it must not leave.
    private func chain(from start: Int, _ pieces: [Piece]) -> Range<Int> {
        var end = start
        while pieces[end].keepsWithNext, end + 1 < pieces.count, !pieces[end + 1].startsPage { end += 1 }
        return start..<end + 1
    }

    private func height(_ pieces: some Collection<Piece>, below last: Placed?) -> Double {
        var (sum, above) = (0.0, last?.piece)
        for piece in pieces {
            sum += piece.height + (above.map { max($0.after, piece.before) } ?? 0)
            above = piece
        }
        return sum
    }
}
