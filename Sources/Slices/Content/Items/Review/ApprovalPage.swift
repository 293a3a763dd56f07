internal import Database
internal import HTTPServer
internal import JSON
internal import Markdown
internal import Messages
internal import Nouns
internal import People
internal import Records
internal import Routing
internal import Telemetry
internal import Tenancy
internal import Wording

/// A page for whoever has the link to a version of a content item: it is approved or sent back there, without signing
/// in.
func approvalPage(_ routes: inout Routes, _ desk: ContentDesk) {
    let services = desk.outbox.services, database = services.database
    routes.get(
        "/a/{token}", .anyone, "Show a content item to whoever has its link",
        named: "show_content_item_by_link", .media("text/html", "The page.")
    ) { call in
        let link = try ApprovalLink(call, services)
        return .task { try database.read(link.tenant) { try link.page(in: $0).response() } }
    }
    routes.get(
        "/a/{token}/files/{file_id}", .anyone, "Download a file of a content item",
        named: "download_content_item_file_by_link",
        .media("application/octet-stream", "The bytes of the file.")
    ) { call in
        let link = try ApprovalLink(call, services)
        let file = try call.id("file_id", of: StoredFile.self)
        return .task {
            try database.read(link.tenant) { reader in
                let (item, version, _) = try link.found(in: reader)
                guard let client = item.clientID, version.media.list.contains(where: { $0.fileID == file })
                else { throw Problem(.notFound) }
                let portal = PortalCall(clientID: client, userID: .unset, contactID: nil)
                return try reader.files.download(file, for: portal)
            }
        }
    }
    step(&routes, services, "approve", "Approve a content item") { item, _, word, tx in
        try tx.contentReview.approve(item, word, by: .system)
    }
    step(&routes, services, "request-changes", "Request changes of a content item") { item, text, word, tx in
        try tx.contentReview.requestChanges(item, text, word, by: .system)
    }
}

extension ContentItem {
    /// All that some readers get besides its own words, or in place of them: a yes is one to that, too.
    fileprivate var shownBesides: String {
        let others = variants.list.filter { $0.subject != nil || $0.body != nil }.map { variant in
            let subject = variant.subject.map { "<p class=\"soft\">\($0.htmlEscaped)</p>\n" } ?? ""
            return "<h2>\(variant.name.htmlEscaped)</h2>\n\(subject)\(Markdown.html(variant.body ?? ""))"
        }
        let links = [resourceLink, technical, guide].compactMap(\.self).map { link in
            "<p><a href=\"\(link.url.htmlEscaped)\">\(link.label.htmlEscaped)</a></p>\n"
        }
        return (links + others).joined()
    }
}

private func step(
    _ routes: inout Routes, _ services: PlatformServices, _ verb: String, _ summary: String,
    _ act: @escaping @Sendable (ContentItem, String, ContentDecider, Transaction) throws -> ContentItem
) {
    let database = services.database
    let name = verb == "approve" ? "approve_content_item" : "request_content_item_changes"
    routes.post(
        "/a/{token}/\(verb)", .anyone, summary, named: "\(name)_by_link",
        body: .raw(limit: 64 * 1024, .form(.schema(["text": .anyText]))),
        .json(.schema(["status": .anyText], required: ["status"]), "The answer is recorded."),
        .media("text/html", "The answer is recorded; a browser gets the page as it stands now.")
    ) { call in
        let link = try ApprovalLink(call, services)
        let (text, isPage) = (try call.field("text") ?? "", call.isFromPage)
        return .task {
            do {
                let decided = try await database.write(link.tenant) { tx in
                    try act(try link.open(in: tx), text, try link.decider(call, in: tx), tx)
                }
                guard isPage else { return .json(["status": .string(decided.status.rawValue)]) }
                return try database.read(link.tenant) { try link.page(in: $0).response() }
            } catch let problem as Problem where isPage && problem.type.status != 404 {
                return try database.read(link.tenant) { reader in
                    try link.page(problem: problem, in: reader).response(status: problem.type.status)
                }
            }
        }
    }
}

extension ApprovalLink {
    fileprivate func page(problem: Problem? = nil, in reader: some Queryable) throws -> PublicPage {
        let (item, version, standing) = try found(in: reader), tenant = try reader.agency.tenant()
        let locale = try contact.flatMap { try Contact.resource.find($0, in: reader) }?.locale
        let words = try reader.wordings.find(locale ?? item.locale ?? tenant.locale)
        var html = "<h1>\(version.title.htmlEscaped)</h1>\n"
        if !version.subject.isEmpty { html += "<p class=\"soft\">\(version.subject.htmlEscaped)</p>\n" }
        let said: String? =
            switch standing {
            case .asked: nil
            case .approved: words("deliverable.approved")
            case .sentBack: words("deliverable.changes_noted")
            case .expired: words("content_approval.expired")
            case .changed: words("content_approval.changed")
            }
        if let said { html += "<p class=\"done\" role=\"status\">\(said.htmlEscaped)</p>\n" }
        if let problem, standing == .asked {
            let text = problem.faults.first?.detail ?? problem.detail
            html += "<p class=\"done\" role=\"alert\">\(text.htmlEscaped)</p>\n"
        }
        html += Markdown.html(version.body)
        if standing == .asked { html += item.shownBesides }
        for (index, medium) in version.media.list.enumerated() {
            html += try draw(
                medium, named: words("deliverable.download", ["number": .number(index + 1)]), reader)
        }
        if standing == .asked { html += form(words) }
        return PublicPage(
            title: version.title, body: html, agency: tenant.name,
            color: tenant.brand?.color ?? "#1f4e79", language: words.tag)
    }

    private func draw(_ medium: ContentMedium, named name: String, _ reader: some Queryable) throws -> String
    {
        let address = "\(path)/files/\(medium.fileID)".htmlEscaped, alt = medium.altText.htmlEscaped
        let type = try StoredFile.resource.find(medium.fileID, in: reader)?.mediaType ?? ""
        let picture =
            ["image/jpeg", "image/png", "image/gif", "image/webp"].contains(type)
            ? "<p><img src=\"\(address)\" alt=\"\(alt)\" style=\"max-width:100%\"></p>\n" : ""
        let about = medium.altText.isEmpty ? "" : "<br><span class=\"soft\">\(alt)</span>"
        return "\(picture)<p><a href=\"\(address)\">\(name.htmlEscaped)</a>\(about)</p>\n"
    }

    private func form(_ words: Wording) -> String {
        let place = path.htmlEscaped
        return """
            <form method="post" action="\(place)/approve">
            <button>\(words("deliverable.approve").htmlEscaped)</button></form>
            <form method="post" action="\(place)/request-changes">
            <label for="text">\(words("deliverable.what_to_change").htmlEscaped)</label>
            <textarea id="text" name="text" rows="5" required></textarea>
            <button class="quiet">\(words("deliverable.request_changes").htmlEscaped)</button></form>

            """
    }
}
