package import Markdown

/// A part of a document, set below the one before it.
package indirect enum Block: Hashable, Sendable {
    /// The head of the first page: logo, the document's title, and who, when, what for.
    case cover(Cover)
    /// `level` is 1 to 3. Stands in the file's outline.
    case heading(level: Int, String)
    case paragraph([Markdown.Inline])
    case markdown(String)
    case list(Markdown.List)
    /// Names and values below one another.
    case facts([Fact])
    case table(Table)
    /// A remark that is to be noticed beside the text.
    case note(title: String?, [Markdown.Inline])
    /// The thing to do next; with a button where there is somewhere to go.
    case callToAction(CallToAction)
    case bars(BarChart)
    /// Lines to sign on by hand, each with the name of who does.
    case signatureLines([String])
    /// The facts about signatures that were given electronically.
    case signatures([Signature])
    case rule
    case pageBreak
    /// In points.
    case space(Double)

    /// A paragraph without emphasis.
    package static func text(_ text: String) -> Block { .paragraph([.text(text)]) }
}

/// A name and its value, which may have several lines.
package struct Fact: Hashable, Sendable {
    package var name: String, value: String

    package init(_ name: String, _ value: String) { (self.name, self.value) = (name, value) }
}

/// The head of the first page, below the logo.
package struct Cover: Hashable, Sendable {
    /// Above the title: what kind of document it is.
    package var kind: String?
    package var subtitle: String?
    /// Recipient, number, date: up to four beside one another.
    package var facts: [Fact]

    package init(kind: String? = nil, subtitle: String? = nil, facts: [Fact] = []) {
        (self.kind, self.subtitle, self.facts) = (kind, subtitle, facts)
    }
}

/// Rows whose head is repeated on every page, and which are not broken unless one alone is longer than a
/// page.
package struct Table: Hashable, Sendable {
    /// The side on which a column's cells stand: `start` is where the language's lines begin; figures stand at the
    /// `end`.
    package enum Alignment: Hashable, Sendable { case start, center, end }

    /// The width of a column: what its widest cell needs, within reason, or a share of the remaining width.
    package enum Width: Hashable, Sendable {
        case fit
        case share(Double)
    }

    /// The heading of a column, and how its cells stand.
    package struct Column: Hashable, Sendable {
        package var title: String
        package var alignment: Alignment
        package var width: Width

        package init(_ title: String, _ alignment: Alignment = .start, width: Width = .share(1)) {
            (self.title, self.alignment, self.width) = (title, alignment, width)
        }
    }

    /// A cell for each column.
    package struct Row: Hashable, Sendable {
        /// `section` names what follows, `subtotal` and `total` add up what came before.
        package enum Role: Hashable, Sendable { case item, section, subtotal, total }

        package var cells: [[Markdown.Inline]]
        package var role: Role

        /// Cells beyond the columns are left out, missing ones are empty.
        package init(_ cells: [[Markdown.Inline]], _ role: Role = .item) {
            (self.cells, self.role) = (cells, role)
        }
        package init(_ cells: [String], _ role: Role = .item) {
            self.init(cells.map { $0.isEmpty ? [] : [.text($0)] }, role)
        }
    }

    package var columns: [Column]
    package var rows: [Row]

    package init(columns: [Column], rows: [Row]) { (self.columns, self.rows) = (columns, rows) }
}

/// A request to the reader to do something.
package struct CallToAction: Hashable, Sendable {
    package var title: String
    package var text: String?
    /// The button's words, and where it leads (http, https, mailto or tel).
    package var button: (label: String, url: String)? {
        get { label.flatMap { label in url.map { (label, $0) } } }
        set { (label, url) = (newValue?.label, newValue?.url) }
    }
    private var label: String?, url: String?

    package init(title: String, text: String? = nil, button: (label: String, url: String)? = nil) {
        (self.title, self.text) = (title, text)
        self.button = button
    }
}

/// Bars beside one another's names, the longest as long as there is room.
package struct BarChart: Hashable, Sendable {
    package struct Bar: Hashable, Sendable {
        package var label: String
        /// 0 or more; what is less has no length.
        package var value: Double
        /// The value as people read it.
        package var text: String

        package init(_ label: String, _ value: Double, _ text: String) {
            (self.label, self.value, self.text) = (label, value, text)
        }
    }

    package var title: String?
    package var bars: [Bar]

    package init(title: String? = nil, bars: [Bar]) { (self.title, self.bars) = (title, bars) }
}

/// A signature as a certificate tells it.
package struct Signature: Hashable, Sendable {
    /// The act of signing, in the document's language: "Signed electronically".
    package var title: String
    package var name: String
    /// Time, address, device: with their names in the document's language.
    package var facts: [Fact]
    /// The digest of what was signed, with its name.
    package var hash: Fact?

    package init(title: String, name: String, facts: [Fact], hash: Fact? = nil) {
        (self.title, self.name, self.facts, self.hash) = (title, name, facts, hash)
    }
}
