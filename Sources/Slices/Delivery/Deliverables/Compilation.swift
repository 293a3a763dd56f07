internal import Agents
internal import Database
internal import JSON
internal import Jobs
package import Nouns
package import Records
package import Tenancy

/// The parts that a deliverable is compiled of, and the form of the whole.
package struct Compilation: Declared {
    package enum Form: String, Choice { case pdf, zip }

    package var parts: [ID<StoredFile>] = []
    package var form = Form.pdf
    package var title = ""

    package init() {}

    package static let schema = Schema<Compilation>(
        "DeliverableCompilation",
        [
            .ids(
                "parts", \.parts, max: 100, .required,
                .about("The ids of files in /v1/files, in their order.")),
            .choice("as", \.form, .required, .about("One PDF, or an archive of the files as they are.")),
            .text("title", \.title, max: 200, .required, .about("The title, and the name of the file.")),
        ])

    /// The most bytes of all parts together.
    private static let sizeMax = 100 << 20

    /// Names what cannot be a part of a client's deliverable.
    func check(of client: ClientID, in reader: some Queryable) throws {
        var faults = Faults(), size = 0
        if parts.isEmpty { faults.add("/parts", "required", "parts must have at least one file.") }
        if title.trimmed.isEmpty { faults.add("/title", "required", "title is required.") }
        for (index, id) in parts.enumerated() {
            guard let file = try StoredFile.resource.find(id, in: reader),
                file.clientID == nil || file.clientID == client
            else {
                faults.add(
                    "/parts/\(index)", "unknown_reference", "The file does not exist: upload it first.")
                continue
            }
            size += file.size
            if form == .pdf, CompiledPart(of: file) == nil {
                faults.add(
                    "/parts/\(index)", "invalid_choice",
                    "The file \(file.name) cannot be part of a PDF: choose text, Markdown, HTML, a picture (PNG, JPEG) or a PDF."
                )
            }
        }
        if size > Self.sizeMax {
            faults.add("/parts", "too_long", "All files together may have at most \(Self.sizeMax >> 20) MB.")
        }
        try faults.throwIfAny()
    }
}

/// The way in which a file becomes pages.
enum CompiledPart {
    case text, markdown, html, picture, pdf

    init?(of file: StoredFile) {
        let type = file.mediaType.prefix { $0 != ";" }
        let ending = file.name.split(separator: ".").last.map { $0.lowercased() } ?? ""
        switch type {
        case "application/pdf": self = .pdf
        case "image/png", "image/jpeg": self = .picture
        case _ where !type.hasPrefix("text/") && type != "application/xhtml+xml": return nil
        case _ where ["md", "markdown"].contains(ending): self = .markdown
        case _ where type == "text/html" || ["html", "htm", "xhtml"].contains(ending): self = .html
        default: self = .text
        }
    }
}
