internal import Database
internal import HTTPServer
internal import JSON
internal import Markdown
internal import Nouns
internal import People
internal import Records
internal import Routing
internal import Telemetry
internal import Tenancy
internal import Wording

/// The content of a link that was mailed to one reader: a version of a deliverable. Looking changes nothing.
private struct DeliverableLink {
    let tenant: TenantID
    let id: ID<Deliverable>
    let revision: Int
    let contact: ContactID

    init(_ call: Call, _ services: DeliveryServices) throws(Problem) {
        let platform = services.platform
        guard
            let link = platform.links.open(
                .deliverable, call.parameters["token"] ?? "", at: platform.now())
        else { throw Problem(.notFound) }
        let parts = link.subject.split(separator: " ").map(String.init)
        guard parts.count == 3, let id = ID<Deliverable>(parts[0]), let revision = Int(parts[1]),
            let contact = ContactID(parts[2])
        else { throw Problem(.notFound) }
        (tenant, self.id, self.revision, self.contact) = (link.tenant, id, revision, contact)
    }

    /// It and its reader, while the client has both.
    func found(_ services: DeliveryServices, in reader: some Queryable) throws -> (Deliverable, Contact) {
        guard let deliverable = try Deliverable.resource.find(id, in: reader),
            Deliverable.clientStatuses.contains(deliverable.status)
        else { throw Problem(.notFound) }
        return (deliverable, try Client.person(contact, of: deliverable.clientID, in: reader))
    }

    /// Returns the deliverable and its reader for a decision; throws where there is a newer version, to be looked at
    /// first.
    func open(_ services: DeliveryServices, in tx: Transaction) throws -> (Deliverable, Contact) {
        let (deliverable, contact) = try found(services, in: tx)
        guard deliverable.revision == revision else {
            throw Problem(.conflict, "The deliverable has a newer version: use the link in its mail.")
        }
        return (deliverable, contact)
    }
}

/// A page for whoever has a deliverable's link: it is approved or sent back there, without signing in.
func deliverablePage(_ routes: inout Routes, _ services: DeliveryServices) {
    let database = services.platform.database
    routes.get(
        "/d/{token}", .anyone, "Show a deliverable to whoever has its link", .media("text/html", "The page.")
    ) { call in
        let link = try DeliverableLink(call, services)
        return .task {
            try database.read(link.tenant) { reader in
                try link.page(try link.found(services, in: reader).0, call, in: reader).response()
            }
        }
    }
    routes.get(
        "/d/{token}/files/{file_id}", .anyone, "Download a file of a deliverable",
        named: "download_deliverable_file_by_link",
        .media("application/octet-stream", "The bytes of the file.")
    ) { call in
        let link = try DeliverableLink(call, services)
        let file = try call.id("file_id", of: StoredFile.self)
        return .task {
            try database.read(link.tenant) { reader in
                let deliverable = try link.found(services, in: reader).0
                guard deliverable.shownFiles.contains(file) else { throw Problem(.notFound) }
                let portal = PortalCall(clientID: deliverable.clientID, userID: .unset, contactID: nil)
                return try reader.files.download(file, for: portal)
            }
        }
    }
    step(&routes, services, "approve", "Approve a deliverable") { deliverable, _, word, tx in
        try tx.deliverables.approve(deliverable, word, by: .system)
    }
    step(&routes, services, "request-changes", "Request changes of a deliverable") {
        deliverable, text, word, tx in
        try tx.deliverables.requestChanges(deliverable, text, word, by: .system)
    }
}

private func step(
    _ routes: inout Routes, _ services: DeliveryServices, _ verb: String, _ summary: String,
    _ act: @escaping @Sendable (Deliverable, String, ClientDecider, Transaction) throws -> Deliverable
) {
    let database = services.platform.database
    routes.post(
        "/d/{token}/\(verb)", .anyone, summary,
        body: .raw(limit: 64 * 1024, .form(.schema(["text": .anyText]))),
        .json(.schema(["status": .anyText], required: ["status"]), "The answer is recorded."),
        .media("text/html", "The answer is recorded; a browser gets the page as it stands now.")
    ) { call in
        let link = try DeliverableLink(call, services)
        let text = try call.field("text") ?? ""
        let isPage = call.isFromPage
        return .task {
            do {
                let decided = try await database.write(link.tenant) { tx in
                    let (deliverable, contact) = try link.open(services, in: tx)
                    return try act(deliverable, text, ClientDecider(contact, call), tx)
                }
                guard isPage else { return .json(["status": .string(decided.status.rawValue)]) }
                return try database.read(link.tenant) { try link.page(decided, call, in: $0).response() }
            } catch let problem as Problem where isPage && problem.type.status != 404 {
                return try database.read(link.tenant) { reader in
                    let deliverable = try link.found(services, in: reader).0
                    return try link.page(deliverable, call, problem: problem, in: reader)
                        .response(status: problem.type.status)
                }
            }
        }
    }
}

extension ClientDecider {
    /// Creates the decision of whoever has the link that was mailed to somebody.
    fileprivate init(_ contact: Contact, _ call: Call) {
        self.init(
            name: contact.name.isEmpty ? contact.email : contact.name,
            address: call.request.head.remoteAddress.description,
            userAgent: call.request.head.header("User-Agent").map { String($0.prefix(300)) },
            evidence: "By the link that was mailed to \(contact.email ?? "\(contact.id)").")
    }
}

extension DeliverableLink {
    fileprivate func page(
        _ deliverable: Deliverable, _ call: Call, problem: Problem? = nil, in reader: some Queryable
    ) throws -> PublicPage {
        let tenant = try reader.agency.tenant(), path = "/d/\(call.parameters["token"] ?? "")".htmlEscaped
        let locale = try Contact.resource.find(contact, in: reader)?.locale
        let words = try reader.wordings.find(locale ?? tenant.locale)
        let shown = deliverable.shown(revision) ?? deliverable.shown(deliverable.revision)
        var html = "<h1>\(deliverable.name.htmlEscaped)</h1>\n"
        if let text = deliverable.description { html += "<p class=\"soft\">\(text.htmlEscaped)</p>\n" }
        let done: String? =
            switch deliverable.status {
            case .approved: words("deliverable.approved")
            case .changesRequested: words("deliverable.changes_noted")
            default: nil
            }
        if let done { html += "<p class=\"done\">\(done.htmlEscaped)</p>\n" }
        if let problem {
            let text = problem.faults.first?.detail ?? problem.detail
            html += "<p class=\"done\" role=\"alert\">\(text.htmlEscaped)</p>\n"
        }
        if let text = shown?.text { html += Markdown.html(text) }
        for (index, file) in (shown?.files ?? []).enumerated() {
            let name = words("deliverable.download", ["number": .number(index + 1)])
            html += "<p><a href=\"\(path)/files/\(file)\">\(name.htmlEscaped)</a></p>\n"
        }
        if deliverable.status == .withClient, deliverable.revision == revision {
            html += """
                <form method="post" action="\(path)/approve">
                <button>\(words("deliverable.approve").htmlEscaped)</button></form>
                <form method="post" action="\(path)/request-changes">
                <label for="text">\(words("deliverable.what_to_change").htmlEscaped)</label>
                <textarea id="text" name="text" rows="5" required></textarea>
                <button class="quiet">\(words("deliverable.request_changes").htmlEscaped)</button></form>

                """
        }
        return PublicPage(
            title: deliverable.name, body: html, agency: tenant.name, color: tenant.brand?.color ?? "#1f4e79",
            language: words.tag)
    }
}
