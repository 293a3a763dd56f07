internal import CPango

/// A text in lines, ready to be drawn.
@safe final class TextBox {
    struct Link {
        var bytes: Range<Int>
        var url: String
    }

    @safe struct Line {
        let handle: UnsafeMutablePointer<PangoLayoutLine>
        let width: Double
        /// From the line's top to where its letters stand.
        let baseline: Double
        let height: Double
        let isRightToLeft: Bool
        let bytes: Range<Int>
    }

    private let layout: OpaquePointer
    let style: TextStyle
    let lines: [Line]
    private let links: [Link]

    /// Takes the layout over.
    init(_ layout: OpaquePointer, _ style: TextStyle, _ links: [Link]) {
        unsafe self.layout = layout
        (self.style, self.links) = (style, links)
        var lines: [Line] = []
        var found = unsafe bureau_line()
        while unsafe bureau_pango_line(layout, Int32(lines.count), &found) != 0 {
            let natural = unsafe found.ascent + found.descent
            // A script with more above or below its letters than the style has room for gets that room.
            let height = max(style.leading, natural)
            unsafe lines.append(
                Line(
                    handle: found.line, width: found.width, baseline: (height - natural) / 2 + found.ascent,
                    height: height, isRightToLeft: found.is_rtl != 0,
                    bytes: Int(found.start)..<Int(found.start + found.length)))
        }
        self.lines = lines
    }

    deinit { unsafe bureau_unref(UnsafeMutableRawPointer(layout)) }

    var height: Double { lines.reduce(0) { $0 + $1.height } }
    var width: Double { lines.reduce(0) { max($0, $1.width) } }
    /// From the top to where the first line's letters stand: what texts beside one another have in common,
    /// whatever their scripts.
    var baseline: Double { lines.first?.baseline ?? 0 }

    /// The rectangles of a line's links, from the line's start at the left.
    func links(in line: Line) -> [(url: String, x: Double, width: Double)] {
        links.flatMap { link -> [(url: String, x: Double, width: Double)] in
            let bytes = link.bytes.clamped(to: line.bytes)
            guard !bytes.isEmpty else { return [] }
            var ranges: UnsafeMutablePointer<Int32>?
            var count: Int32 = 0
            unsafe pango_layout_line_get_x_ranges(
                line.handle, Int32(bytes.lowerBound), Int32(bytes.upperBound), &ranges, &count)
            defer { unsafe g_free(ranges) }
            guard let ranges = unsafe ranges else { return [] }
            return (0..<Int(count)).map { index in
                let (start, end) = unsafe (ranges[2 * index], ranges[2 * index + 1])
                return (link.url, Double(start) / 1024, Double(end - start) / 1024)
            }
        }
    }
}
