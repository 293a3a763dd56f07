/// The style of a text: the document's scale of sizes is here, and nowhere else.
struct TextStyle: Hashable, Sendable {
    enum Tone: Hashable, Sendable { case ink, grey, brand, onBrand }

    /// In points, as all measures here.
    var size: Double
    /// From one line to the next; a script that needs more gets it.
    var leading: Double
    /// 400 is regular, 600 half bold, 700 bold.
    var weight: Int32 = 400
    var tone = Tone.ink
    var isItalic = false
    var isMonospaced = false
    /// Between characters, in points. Only where it does not tear joined letters apart.
    var tracking = 0.0
    /// Figures of one width, so that they stand below one another.
    var hasTabularFigures = false

    static let body = TextStyle(size: 9.5, leading: 15)
    static let small = TextStyle(size: 8.5, leading: 13)
    static let label = TextStyle(size: 7.5, leading: 11, weight: 500, tone: .grey)
    static let footer = TextStyle(size: 7, leading: 10.5, tone: .grey)
    static let title = TextStyle(size: 28, leading: 34, weight: 700, tracking: -0.5)
    static let subtitle = TextStyle(size: 12, leading: 18, tone: .grey)
    static let kind = TextStyle(size: 9, leading: 13, weight: 600, tone: .brand)
    static let wordmark = TextStyle(size: 13, leading: 18, weight: 700, tone: .brand)
    static let code = TextStyle(size: 8, leading: 12.5, isMonospaced: true)
    static let signature = TextStyle(size: 15, leading: 21, isItalic: true)

    /// Of levels 1 to 3; deeper ones of Markdown are like 3.
    static func heading(_ level: Int) -> TextStyle {
        switch level {
        case 1: TextStyle(size: 17, leading: 22, weight: 600, tracking: -0.2)
        case 2: TextStyle(size: 12.5, leading: 17, weight: 600)
        default: TextStyle(size: 10, leading: 15, weight: 600)
        }
    }

    func with(_ change: (inout TextStyle) -> Void) -> TextStyle {
        var style = self
        change(&style)
        return style
    }
    var bold: TextStyle { with { $0.weight = 600 } }
    var grey: TextStyle { with { $0.tone = .grey } }
    var figures: TextStyle { with { $0.hasTabularFigures = true } }
}

/// Where lines stand in the width that they have. `natural` is where their own language begins them, `start`
/// where the document's does.
enum Alignment: Hashable, Sendable { case natural, start, center, end }
