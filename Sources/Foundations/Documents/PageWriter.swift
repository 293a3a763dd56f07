internal import Telemetry

/// Sets a document and writes its pages, each with its head and foot.
struct PageWriter {
    static let textMax = 512 << 10, pagesMax = 1000

    private let document: Document
    private let typesetter: Typesetter
    private let palette: Palette
    private let logo: Logo?
    private let size: (width: Double, height: Double)
    private let margins = (side: 62.0, top: 66.0, foot: 40.0)
    private let footer: TextBox

    init(_ document: Document, _ typesetter: Typesetter, _ palette: Palette, _ logo: Logo?) {
        (self.document, self.typesetter, self.palette, self.logo) = (document, typesetter, palette, logo)
        size = document.paper == .a4 ? (595.276, 841.89) : (612, 792)
        let brand = document.brand
        footer = Self.footer(
            [brand.name] + brand.footer, typesetter, room: (size.width - 2 * margins.side) * 0.62)
    }

    func write() throws(DocumentError) -> [UInt8] {
        guard document.textSize <= Self.textMax else { throw .tooLong("\(document.textSize) bytes of text") }
        let width = size.width - 2 * margins.side
        let composer = Composer(
            typesetter: typesetter, document: document, logo: logo, palette: palette, width: width)
        let top = margins.top, bottom = margins.foot + footer.height + 30
        let pages = Flow(room: size.height - top - bottom).pages(composer.pieces())
        guard pages.count <= Self.pagesMax else { throw .tooLong("\(pages.count) pages") }
        let canvas = Canvas(
            width: size.width, height: size.height, palette, isRightToLeft: typesetter.isRightToLeft)
        describe(canvas)
        for (index, page) in pages.enumerated() {
            if index > 0 || !startsWithCover { head(canvas) }
            for placed in page { draw(placed, on: canvas, top: top) }
            foot(canvas, page: index + 1, of: pages.count)
            canvas.nextPage()
        }
        return try canvas.finish()
    }

    /// Statements beside one another: a line ends between two of them, not in the middle of an account's
    /// number.
    private static func footer(_ statements: [String], _ typesetter: Typesetter, room: Double) -> TextBox {
        var lines: [String] = []
        for statement in statements where !statement.isEmpty {
            let longer = lines.last.map { "\($0)\u{2002}·\u{2002}\(statement)" }
            if let longer, typesetter.set(longer, .footer).width <= room {
                lines[lines.count - 1] = longer
            } else {
                lines.append(statement)
            }
        }
        return typesetter.set(lines.joined(separator: "\n"), .footer, width: room)
    }

    // The heading need not repeat the cover's text, which stands a line further down.
    private var startsWithCover: Bool { if case .cover? = document.blocks.first { true } else { false } }

    private func draw(_ placed: Flow.Placed, on canvas: Canvas, top: Double) {
        let place = Piece.Place(x: margins.side, y: top + placed.y, gap: placed.gap)
        guard placed.scale < 1 else { return placed.piece.draw(canvas, place) }
        canvas.scaled(placed.scale, x: place.x, y: place.y) { placed.piece.draw(canvas, place) }
    }

    private func head(_ canvas: Canvas) {
        let width = size.width - 2 * margins.side
        let name = typesetter.set(document.brand.name, .footer.with { $0.weight = 600 })
        canvas.draw(name, x: margins.side, y: 34, width: width, .start)
        let number = typesetter.set(document.number ?? document.title, .footer.figures)
        canvas.draw(number, x: margins.side, y: 34, width: width, .end)
    }

    private func foot(_ canvas: Canvas, page: Int, of pages: Int) {
        let width = size.width - 2 * margins.side
        let y = size.height - margins.foot - footer.height
        canvas.rule(palette.hairline, x: margins.side, y: y - 9, width: width, line: 0.4)
        let isLeftward = typesetter.isRightToLeft
        let room = width * 0.62
        canvas.draw(
            footer, x: isLeftward ? margins.side + width - room : margins.side, y: y, width: room, .start)
        var text = document.pageFormat.replacing("{pages}", with: String(pages))
            .replacing("{page}", with: String(page))
        // A page with a cover has no head that says it.
        if page == 1, startsWithCover, let number = document.number {
            text = "\(number)\u{2002}·\u{2002}\(text)"
        }
        let box = typesetter.set(text, .footer.figures, width: width * 0.36)
        canvas.draw(
            box, x: isLeftward ? margins.side : margins.side + width * 0.64, y: y, width: width * 0.36, .end)
    }

    private func describe(_ canvas: Canvas) {
        canvas.describe(
            title: document.title, author: document.brand.name, subject: document.number ?? "", keywords: "",
            created: String(decoding: document.created.rfc3339.prefix(19), as: UTF8.self) + "Z")
    }
}
