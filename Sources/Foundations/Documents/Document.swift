package import Telemetry

/// A proposal, a contract, an invoice, a report: what is to be set, as values. The same document gives the
/// same bytes, on every machine with the same packages (scripts/packages), in whatever thread and however
/// often.
package struct Document: Hashable, Sendable {
    package var title: String
    /// The agency's name for it: `INV-2026-0042`. At the head of every page but the first.
    package var number: String?
    /// The language of the text, as a tag of BCP 47. It decides in which direction the pages run, and which forms
    /// characters have that languages share.
    package var language: String
    package var brand: Brand
    package var paper = Paper.a4
    /// The time at which the document was made, as the file gives it: its only time.
    package var created: Instant
    /// The format of the text at the foot of every page; `{page}` and `{pages}` are filled in.
    package var pageFormat = "Page {page} of {pages}"
    /// The data that programs find in the file again (`PDFMarks`), such as the document's id and the hash of what was
    /// agreed.
    package var metadata: [String: String] = [:]
    package var blocks: [Block]

    package init(
        title: String, number: String? = nil, language: String, brand: Brand, created: Instant,
        blocks: [Block]
    ) {
        (self.title, self.number, self.language) = (title, number, language)
        (self.brand, self.created, self.blocks) = (brand, created, blocks)
    }

    /// The size of a page.
    package enum Paper: Hashable, Sendable { case a4, letter }

    /// The document as a file. Takes some ten milliseconds of the calling thread, a hundred at first, and
    /// waits for documents that are being set in other threads.
    package func pdf() throws(DocumentError) -> [UInt8] {
        let marks = PDFMarks.written(metadata)
        guard marks.count <= PDFMarks.marksMax else { throw .tooLong("\(marks.count) bytes of metadata") }
        let palette = try Palette(brand)
        let logo = try brand.logo.map { bytes throws(DocumentError) in try Logo(bytes) }
        let pages = try RenderingLock.lend(language) { typesetter throws(DocumentError) in
            try PageWriter(self, typesetter, palette, logo).write()
        }
        return try PDFRevision.adding(
            language: language, marks: metadata.isEmpty ? nil : marks, to: pages)
    }
}

/// An agency as its documents show it.
package struct Brand: Hashable, Sendable {
    package var name: String
    /// A PNG of at most 2 MiB and 4,000 pixels a side; it is set at most 42 points high.
    package var logo: [UInt8]?
    /// `#RRGGBB` or `#RGB`. Text in it is darkened until it can be read on paper.
    package var color: String
    /// The color of charts and notes; `nil` where it is `color`.
    package var accent: String?
    /// The lines at the foot of every page: address, registration, bank.
    package var footer: [String]

    package init(
        name: String, logo: [UInt8]? = nil, color: String = "#1F2A44", accent: String? = nil,
        footer: [String] = []
    ) {
        (self.name, self.logo, self.color, self.accent, self.footer) = (name, logo, color, accent, footer)
    }
}

/// The reason why a document was not set.
package enum DocumentError: Error, Hashable, Sendable {
    /// A brand's color that is no `#RRGGBB`.
    case color(String)
    /// A logo that is no PNG, or too large.
    case logo(String)
    /// Families of fonts that are not installed (scripts/packages).
    case fonts([String])
    /// More text or more pages than a document may have.
    case tooLong(String)
    /// The library's own words, where it was out of memory, most likely.
    case library(String)
}
