internal import CPango
internal import Lexicons
internal import Markdown

/// A piece of text in one manner.
struct Run: Hashable, Sendable {
    var text: String
    var isBold = false
    var isItalic = false
    var isMonospaced = false
    var isStruck = false
    var url: String?
}

/// Sets texts in lines, with the fonts of a map and the habits of a language.
@safe final class Typesetter {
    private let context: OpaquePointer
    private let map: FontMap
    private let families: String
    let isRightToLeft: Bool

    private struct Short: Hashable {
        var runs: [Run]
        var style: TextStyle
    }
    private static let shortMax = 160
    private var short: [Short: TextBox] = [:]

    init(_ map: FontMap, language: String) {
        self.map = map
        families = Fonts.families(for: language)
        isRightToLeft = WritingDirection.isRightToLeft(language)
        unsafe context = bureau_pango_context(map.handle)
        unsafe pango_context_set_language(context, pango_language_from_string(language))
        unsafe pango_context_set_base_dir(context, isRightToLeft ? PANGO_DIRECTION_RTL : PANGO_DIRECTION_LTR)
    }

    deinit { unsafe bureau_unref(UnsafeMutableRawPointer(context)) }

    /// The text in lines no wider than this; in one line where there is no width.
    func set(_ text: String, _ style: TextStyle, width: Double? = nil) -> TextBox {
        set([Run(text: text)], style, width: width)
    }

    func set(_ inlines: [Markdown.Inline], _ style: TextStyle, width: Double? = nil) -> TextBox {
        set(Self.runs(inlines), style, width: width)
    }

    /// Short texts are set without a width first: a table's cells are measured before they are set, and many
    /// say the same. Lines that are narrow enough as they are need not be broken.
    private func set(_ runs: [Run], _ style: TextStyle, width: Double?) -> TextBox {
        guard runs.reduce(0, { $0 + $1.text.utf8.count }) <= Self.shortMax else {
            return lines(runs, style, width: width)
        }
        let key = Short(runs: runs, style: style)
        let box = short[key] ?? lines(runs, style, width: nil)
        short[key] = box
        return box.width <= width ?? .infinity ? box : lines(runs, style, width: width)
    }

    private func lines(_ runs: [Run], _ style: TextStyle, width: Double?) -> TextBox {
        let layout = unsafe pango_layout_new(context)!
        var text = "", links: [TextBox.Link] = [], unbroken = 0
        let attributes = unsafe pango_attr_list_new()
        defer { unsafe pango_attr_list_unref(attributes) }
        for run in runs {
            let start = text.utf8.count
            text += printable(run.text, &unbroken)
            let end = text.utf8.count
            func mark(_ attribute: UnsafeMutablePointer<PangoAttribute>?) {
                unsafe bureau_pango_insert(attributes, attribute, UInt32(start), UInt32(end))
            }
            if run.isBold { unsafe mark(pango_attr_weight_new(PangoWeight(style.weight >= 600 ? 800 : 600))) }
            if run.isItalic { unsafe mark(pango_attr_style_new(PANGO_STYLE_ITALIC)) }
            if run.isStruck { unsafe mark(pango_attr_strikethrough_new(1)) }
            if run.isMonospaced {
                unsafe mark(pango_attr_family_new(Fonts.monospaced + "," + families))
                unsafe mark(pango_attr_size_new_absolute(Self.units(style.size * 0.9)))
                unsafe mark(pango_attr_font_features_new(Self.plainFeatures))
            }
            if let url = run.url, end > start { links.append(TextBox.Link(bytes: start..<end, url: url)) }
        }
        if style.isMonospaced { unsafe cover(attributes, pango_attr_font_features_new(Self.plainFeatures)) }
        if style.hasTabularFigures { unsafe cover(attributes, pango_attr_font_features_new("tnum=1")) }
        if style.tracking != 0, text.unicodeScalars.allSatisfy({ $0.value < 0x590 }) {
            unsafe cover(attributes, pango_attr_letter_spacing_new(Self.units(style.tracking)))
        }
        unsafe pango_layout_set_attributes(layout, attributes)
        unsafe describe(layout, style)
        if let width { unsafe pango_layout_set_width(layout, Self.units(max(width, 1))) }
        unsafe pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR)
        unsafe pango_layout_set_text(layout, text, Int32(text.utf8.count))
        return unsafe TextBox(layout, style, links)
    }

    private func cover(_ attributes: OpaquePointer?, _ attribute: UnsafeMutablePointer<PangoAttribute>?) {
        unsafe bureau_pango_insert(attributes, attribute, 0, UInt32.max)
    }

    private func describe(_ layout: OpaquePointer, _ style: TextStyle) {
        let font = unsafe pango_font_description_new()
        defer { unsafe pango_font_description_free(font) }
        unsafe pango_font_description_set_family(
            font, style.isMonospaced ? Fonts.monospaced + "," + families : families)
        unsafe pango_font_description_set_absolute_size(font, Double(Self.units(style.size)))
        unsafe pango_font_description_set_weight(font, PangoWeight(UInt32(style.weight)))
        if style.isItalic { unsafe pango_font_description_set_style(font, PANGO_STYLE_ITALIC) }
        unsafe pango_layout_set_font_description(layout, font)
    }

    private static func units(_ points: Double) -> Int32 { Int32((points * 1024).rounded()) }

    private static let unbrokenMax = 10_000

    /// Code is what it is: no arrows made of signs.
    private static let plainFeatures = "calt=0, liga=0"

    /// Without characters that are no text, or that nobody has drawn (emoji younger than the fonts): nothing
    /// stands there rather than a box. A new line stays in its paragraph. Neither is a paragraph longer than
    /// the library can count points in one: it goes on on a line of its own.
    private func printable(_ text: String, _ unbroken: inout Int) -> String {
        var result = ""
        result.unicodeScalars.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            unbroken += 1
            if unbroken > Self.unbrokenMax, scalar == " " || unbroken > 2 * Self.unbrokenMax {
                result.unicodeScalars.append("\u{2029}")
                unbroken = 0
            }
            switch scalar.value {
            case 0x0A: result.unicodeScalars.append("\u{2028}")
            case 0x09: result.unicodeScalars.append(" ")
            case _ where Self.isLeftOut(scalar): break
            case 0x250...
            where !scalar.properties.isDefaultIgnorableCodePoint && !scalar.properties.isWhitespace:
                if map.fonts.has(scalar) { result.unicodeScalars.append(scalar) }
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// Returns whether a code point is left out, since it has no glyph or is no character.
    static func isLeftOut(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0, 0xFDD0...0xFDEF, 0xE000...0xF8FF: true
        default: scalar.value & 0xFFFE == 0xFFFE
        }
    }

    /// Inlines as runs, in their order.
    private static func runs(_ inlines: [Markdown.Inline], _ manner: Run = Run(text: "")) -> [Run] {
        inlines.flatMap { inline -> [Run] in
            var run = manner
            switch inline {
            case .text(let text): run.text = text
            case .lineBreak: run.text = "\n"
            case .softBreak: run.text = " "
            case .code(let text): (run.text, run.isMonospaced) = (text, true)
            case .strong(let inner):
                run.isBold = true
                return runs(inner, run)
            case .emphasis(let inner):
                run.isItalic = true
                return runs(inner, run)
            case .strikethrough(let inner):
                run.isStruck = true
                return runs(inner, run)
            case .link(let url, let inner):
                run.url = url
                return runs(inner, run)
            }
            return [run]
        }
    }
}
