internal import Database
package import HTTPServer
package import JSON
package import Records
internal import Routing
internal import Tenancy

/// The pages that whoever has their link may see. Looking changes nothing but the note that it was looked at.
func publicPageRoutes(_ routes: inout Routes, _ services: DealsServices, _ documents: [any PublicDocument]) {
    let (database, links) = (services.platform.database, services.platform.links)
    @Sendable func open(_ call: Call) throws(Problem) -> OpenedDocument {
        if let link = links.open(.page, call.parameters["token"] ?? "") {
            for document in documents {
                if let opened = document.opened(by: link) { return opened }
            }
        }
        throw Problem(.notFound)
    }
    routes.get(
        "/p/{token}", .anyone, "Show a proposal, a contract or an invoice to whoever has its link",
        .media("text/html", "The page.")
    ) { call in
        let document = try open(call)
        return .task {
            let page = try database.read(document.tenant) { try document.page(call.pagePath, $0) }
            if call.request.head.looksLikeBrowser {
                let visitor = Visitor(call.request.head)
                try await database.write(document.tenant) { try document.seen(visitor, false, $0) }
            }
            return page.response()
        }
    }
    routes.get(
        "/p/{token}/pdf", .anyone, "Download the PDF of a page", named: "download_document_by_link",
        .media("application/pdf", "The document.")
    ) { call in
        let document = try open(call)
        return .task {
            let paper = try database.read(document.tenant) { try document.paper($0) }
            return .pdf(try await paper.bytes(), named: paper.name)
        }
    }
    routes.post(
        "/p/{token}/seen", .anyone, "Record that a page was seen; the page calls this itself",
        named: "mark_document_seen_by_link",
        body: .raw(limit: 1024, .form(["type": "object"])), .empty("Noted.")
    ) { call in
        let document = try open(call)
        let visitor = Visitor(call.request.head)
        return .task {
            try await database.write(document.tenant) { try document.seen(visitor, true, $0) }
            return .noContent
        }
    }
}

extension Call {
    /// `/p/{token}`, whatever stands below it.
    package var pagePath: String { "/p/\(parameters["token"] ?? "")" }

    /// Returns the content of a page's form, or of a program's body: a form's fields as texts, but `consent` as whether
    /// it was given.
    package func answer() throws(Problem) -> JSONObject {
        let type = request.head.header("Content-Type") ?? ""
        guard let form = FormData(request.bytes, contentType: type) else {
            return request.bytes.isEmpty ? [:] : try object()
        }
        var object = JSONObject()
        for part in form.parts where object[part.name] == nil && part.fileName == nil {
            object[part.name] =
                part.name == "consent"
                ? .bool(["true", "yes", "on", "1"].contains(part.text)) : .string(part.text)
        }
        return object
    }

    /// Whether the answer is read by a person, in a browser.
    package var wantsPage: Bool {
        request.head.wantsHTML
    }
}

extension Response {
    /// A document, to be looked at or saved.
    package static func pdf(_ bytes: [UInt8], named name: String) -> Response {
        Response(
            status: 200,
            headers: [
                ("Content-Type", "application/pdf"), disposition("inline", fileName: "\(name).pdf"),
            ], body: .bytes(bytes))
    }
}
