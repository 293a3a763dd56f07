internal import CPango

/// A file of pages, and the one that is drawn on.
@safe final class Canvas {
    private let surface: OpaquePointer
    private let cairo: OpaquePointer
    private let output: Output
    let palette: Palette
    let isRightToLeft: Bool
    private(set) var page = 1
    private var outlines: [(level: Int, id: Int32)] = []

    /// Where the library writes to.
    private final class Output {
        var bytes: [UInt8] = []
    }

    init(width: Double, height: Double, _ palette: Palette, isRightToLeft: Bool) {
        (self.palette, self.isRightToLeft) = (palette, isRightToLeft)
        let output = Output()
        self.output = output
        unsafe surface = cairo_pdf_surface_create_for_stream(
            { context, bytes, count in
                guard let context = unsafe context, let bytes = unsafe bytes else {
                    return CAIRO_STATUS_WRITE_ERROR
                }
                let output = unsafe Unmanaged<Output>.fromOpaque(context).takeUnretainedValue()
                unsafe output.bytes += UnsafeBufferPointer(start: bytes, count: Int(count))
                return CAIRO_STATUS_SUCCESS
            }, Unmanaged.passUnretained(output).toOpaque(), width, height)!
        unsafe cairo_pdf_surface_restrict_to_version(surface, CAIRO_PDF_VERSION_1_5)
        unsafe cairo = cairo_create(surface)!
    }

    deinit {
        unsafe cairo_destroy(cairo)
        unsafe cairo_surface_destroy(surface)
    }

    /// The file, after which nothing is drawn any more.
    func finish() throws(DocumentError) -> [UInt8] {
        let drawn = unsafe cairo_status(cairo)
        unsafe cairo_surface_finish(surface)
        let written = unsafe cairo_surface_status(surface)
        for status in [drawn, written] where status != CAIRO_STATUS_SUCCESS {
            throw .library(unsafe String(cString: cairo_status_to_string(status)))
        }
        return output.bytes
    }

    func describe(title: String, author: String, subject: String, keywords: String, created: String) {
        let entries = [
            (CAIRO_PDF_METADATA_TITLE, title), (CAIRO_PDF_METADATA_AUTHOR, author),
            (CAIRO_PDF_METADATA_SUBJECT, subject), (CAIRO_PDF_METADATA_KEYWORDS, keywords),
            (CAIRO_PDF_METADATA_CREATOR, "Bureau"), (CAIRO_PDF_METADATA_CREATE_DATE, created),
            (CAIRO_PDF_METADATA_MOD_DATE, created),
        ]
        for (name, value) in entries where !value.isEmpty {
            unsafe cairo_pdf_surface_set_metadata(surface, name, Self.text(value))
        }
    }

    func nextPage() {
        unsafe cairo_show_page(cairo)
        page += 1
    }

    // MARK: Shapes

    func fill(_ color: Color, x: Double, y: Double, width: Double, height: Double, radius: Double = 0) {
        path(x, y, width, height, radius)
        use(color)
        unsafe cairo_fill(cairo)
    }

    func stroke(
        _ color: Color, x: Double, y: Double, width: Double, height: Double, radius: Double = 0,
        line: Double = 0.5
    ) {
        path(x, y, width, height, radius)
        use(color)
        unsafe cairo_set_line_width(cairo, line)
        unsafe cairo_stroke(cairo)
    }

    func rule(_ color: Color, x: Double, y: Double, width: Double, line: Double = 0.5) {
        fill(color, x: x, y: y - line / 2, width: width, height: line)
    }

    private func path(_ x: Double, _ y: Double, _ width: Double, _ height: Double, _ radius: Double) {
        unsafe cairo_new_path(cairo)
        guard radius > 0, width > 2 * radius, height > 2 * radius else {
            unsafe cairo_rectangle(cairo, x, y, width, height)
            return
        }
        let right = x + width - radius, bottom = y + height - radius
        unsafe cairo_arc(cairo, right, y + radius, radius, -Double.pi / 2, 0)
        unsafe cairo_arc(cairo, right, bottom, radius, 0, Double.pi / 2)
        unsafe cairo_arc(cairo, x + radius, bottom, radius, Double.pi / 2, Double.pi)
        unsafe cairo_arc(cairo, x + radius, y + radius, radius, Double.pi, 1.5 * Double.pi)
        unsafe cairo_close_path(cairo)
    }

    private func use(_ color: Color) {
        unsafe cairo_set_source_rgb(cairo, color.red, color.green, color.blue)
    }

    func draw(_ logo: Logo, x: Double, y: Double, width: Double, height: Double) {
        unsafe cairo_save(cairo)
        unsafe cairo_translate(cairo, x, y)
        unsafe cairo_scale(cairo, width / Double(logo.width), height / Double(logo.height))
        unsafe cairo_set_source_surface(cairo, logo.surface, 0, 0)
        unsafe cairo_paint(cairo)
        unsafe cairo_restore(cairo)
    }

    /// Draws smaller, from a corner on.
    func scaled(_ scale: Double, x: Double, y: Double, _ body: () -> Void) {
        unsafe cairo_save(cairo)
        unsafe cairo_translate(cairo, x, y)
        unsafe cairo_scale(cairo, scale, scale)
        unsafe cairo_translate(cairo, -x, -y)
        body()
        unsafe cairo_restore(cairo)
    }

    // MARK: Text

    private func color(_ tone: TextStyle.Tone) -> Color {
        switch tone {
        case .ink: palette.ink
        case .grey: palette.grey
        case .brand: palette.brandInk
        case .onBrand: palette.onBrand
        }
    }

    /// Draws some of a text's lines below one another; says how high they are.
    @discardableResult
    func draw(
        _ box: TextBox, lines: Range<Int>? = nil, x: Double, y: Double, width: Double,
        _ alignment: Alignment = .natural
    ) -> Double {
        var top = y
        for line in box.lines[lines ?? box.lines.indices] {
            let left = x + offset(of: line, width, alignment)
            use(color(box.style.tone))
            unsafe cairo_move_to(cairo, left, top + line.baseline)
            unsafe pango_cairo_show_layout_line(cairo, line.handle)
            for link in box.links(in: line) {
                let start = left + link.x
                rule(palette.brandInk, x: start, y: top + line.baseline + 1.6, width: link.width, line: 0.4)
                mark(link.url, x: start, y: top, width: link.width, height: line.height)
            }
            top += line.height
        }
        return top - y
    }

    private func offset(of line: TextBox.Line, _ width: Double, _ alignment: Alignment) -> Double {
        let rightward =
            switch alignment {
            case .natural: line.bytes.isEmpty ? isRightToLeft : line.isRightToLeft
            case .start: isRightToLeft
            case .end: !isRightToLeft
            case .center: false
            }
        let free = width - line.width
        return alignment == .center ? free / 2 : rightward ? free : 0
    }

    // MARK: What a reader can press

    /// Makes an area lead somewhere.
    func mark(_ url: String, x: Double, y: Double, width: Double, height: Double) {
        let uri = Self.address(url)
        let attributes =
            "rect=[\(Self.number(x)) \(Self.number(y)) \(Self.number(width)) \(Self.number(height))]"
        unsafe cairo_tag_begin(cairo, "Link", attributes + " uri='\(uri)'")
        unsafe cairo_tag_end(cairo, "Link")
    }

    /// Removes control characters and code points that are no characters: the library gives up a document that has
    /// any.
    private static func text(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.filter { !Typesetter.isLeftOut($0) }))
    }

    /// In the characters of addresses, without those that end a text in the file or for the library.
    private static func address(_ url: String) -> String {
        let kept = Set("-._~:/?#[]@!$&*+,;=%".utf8)
        return url.utf8.reduce(into: "") { text, byte in
            let character = Character(Unicode.Scalar(byte))
            if byte < 0x80, character.isLetter || character.isNumber || kept.contains(byte) {
                text.append(character)
            } else {
                text += (byte < 16 ? "%0" : "%") + String(byte, radix: 16, uppercase: true)
            }
        }
    }

    /// An entry of the file's outline, under the last one of a higher level.
    func outline(level: Int, _ text: String, y: Double) {
        outlines.removeAll { $0.level >= level }
        let id = unsafe cairo_pdf_surface_add_outline(
            surface, outlines.last?.id ?? 0, Self.text(text),
            "page=\(page) pos=[0 \(Self.number(max(0, y - 12)))]",
            CAIRO_PDF_OUTLINE_FLAG_OPEN)
        outlines.append((level, id))
    }

    /// With two decimals, as the library reads them.
    private static func number(_ value: Double) -> String {
        let hundredths = Int((value * 100).rounded()), part = abs(hundredths) % 100
        return "\(hundredths < 0 ? "-" : "")\(abs(hundredths) / 100).\(part < 10 ? "0" : "")\(part)"
    }
}
