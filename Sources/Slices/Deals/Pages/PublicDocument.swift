package import Database
package import Documents
package import Nouns
internal import Records
package import Tenancy

/// A kind of document that whoever has its link may see, at `/p/{token}`: a proposal, a contract, an invoice.
package protocol PublicDocument: Sendable {
    /// The type that its records' ids name; a link's subject is such an id.
    associatedtype Noun: Identified
    /// Returns the page; 404 for a document that is not there, or was not sent. `path` is the page's own: forms post
    /// below it.
    func page(_ id: ID<Noun>, path: String, in reader: Reader) throws -> PublicPage
    /// Returns the document as a file, with the same errors as its page.
    func paper(_ id: ID<Noun>, in reader: Reader) throws -> SaleDocumentCopy
    /// It was looked at; `isRead`: the page itself has said that it was on a screen.
    func seen(_ id: ID<Noun>, by visitor: Visitor, isRead: Bool, in tx: Transaction) throws
}

extension PublicDocument {
    package func seen(_ id: ID<Noun>, by visitor: Visitor, isRead: Bool, in tx: Transaction) throws {}

    /// `nil` for a link to a document of another kind.
    func opened(by link: PublicLinks.Opened) -> OpenedDocument? {
        link.id(of: Noun.self).map { OpenedDocument(self, $0, of: link.tenant) }
    }
}

/// The document that a link opens, of whatever kind.
struct OpenedDocument: Sendable {
    let tenant: TenantID
    let page: @Sendable (_ path: String, Reader) throws -> PublicPage
    let paper: @Sendable (Reader) throws -> SaleDocumentCopy
    let seen: @Sendable (Visitor, _ isRead: Bool, Transaction) throws -> Void

    init<Document: PublicDocument>(_ document: Document, _ id: ID<Document.Noun>, of tenant: TenantID) {
        self.tenant = tenant
        page = { try document.page(id, path: $0, in: $1) }
        paper = { try document.paper(id, in: $0) }
        seen = { try document.seen(id, by: $0, isRead: $1, in: $2) }
    }
}

/// A document that is to be set, or one that is kept as it was.
package struct SaleDocumentCopy: Sendable {
    package enum Source: Sendable {
        case document(Document)
        case kept([UInt8])
    }

    /// The file's name, without `.pdf`.
    package let name: String
    package let source: Source

    package init(_ name: String, _ source: Source) { (self.name, self.source) = (name, source) }

    /// A document is set first, which takes some ten milliseconds and may have to wait for others.
    package func bytes() async throws -> [UInt8] {
        switch source {
        case .kept(let bytes): return bytes
        case .document(let document): return try await PDFRenderer.shared.run { try document.bytesOfPaper() }
        }
    }
}

extension Document {
    /// A picture that cannot be set is no reason to have no document.
    fileprivate func bytesOfPaper() throws -> [UInt8] {
        do {
            return try pdf()
        } catch .logo {
            var document = self
            document.brand.logo = nil
            return try document.pdf()
        }
    }
}

extension SalesPageStore {
    /// Returns the look of the agency's documents.
    package func paperBrand() throws -> Documents.Brand {
        let tenant = try tx.agency.tenant()
        var footer = (tenant.brand?.footer ?? "").split(separator: "\n").map(String.init)
        if let address = tenant.postalAddress { footer.insert(address, at: 0) }
        var brand = Documents.Brand(
            name: tenant.name, color: tenant.brand?.color ?? "#1f4e79", footer: Array(footer.prefix(4)))
        if let id = tenant.brand?.logoFileID,
            let file = try StoredFile.resource.find(id, in: tx), file.mediaType == "image/png",
            file.size <= 2 << 20
        {
            brand.logo = try tx.files.content(of: file)
        }
        return brand
    }
}
