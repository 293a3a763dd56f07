internal import Database
internal import HTTPServer
internal import JSON
internal import Jobs
internal import Nouns
internal import People
internal import Records
internal import Routing
internal import Telemetry
internal import Tenancy
internal import Wording

/// The way out that every marketing mail carries (RFC 8058): looking changes nothing, posting does at once.
func unsubscribeRoutes(_ routes: inout Routes, _ outbox: Outbox) {
    let services = outbox.services
    routes.get(
        "/u/{token}", .anyone, "Show the page for unsubscribing", .media("text/html", "The page.")
    ) { call in
        let link = try call.unsubscribeLink(services)
        return .task {
            try services.database.read(link.tenant) { reader in
                try UnsubscribePage(for: link.message(in: reader), in: reader).asking.response()
            }
        }
    }
    routes.post(
        "/u/{token}", .anyone, "Unsubscribe with one click", body: .raw(limit: 64 * 1024),
        .media("text/html", "The unsubscription is recorded.")
    ) { call in
        let link = try call.unsubscribeLink(services)
        return .task {
            let page = try await services.database.write(link.tenant) { tx in
                let message = try link.message(in: tx)
                try message.endMarketing(in: tx)
                return try UnsubscribePage(for: message, in: tx)
            }
            return page.done.response()
        }
    }
}

extension Call {
    fileprivate func unsubscribeLink(_ services: PlatformServices) throws(Problem) -> PublicLinks.Opened {
        guard let link = services.links.open(.unsubscribe, parameters["token"] ?? "") else {
            throw Problem(.notFound)
        }
        return link
    }
}

extension PublicLinks.Opened {
    fileprivate func message(in reader: some Queryable) throws -> Message {
        guard let id = MessageID(subject), let message = try Message.resource.find(id, in: reader) else {
            throw Problem(.notFound)
        }
        return message
    }
}

extension Message {
    /// Ends marketing to whoever got the message. A second time changes nothing.
    fileprivate func endMarketing(in tx: Transaction) throws {
        guard let address = recipient else { return }
        let isNew = try tx.consents.suppress(
            address, channel, .unsubscribe, message: id, note: "By the link in a mail.")
        guard isNew else { return }
        try tx.conversations.note("unsubscribed", of: id)
        try tx.publish(
            "contact.unsubscribed", Subject(type: "contact", id: contactID?.keyText ?? ""),
            ["channel": .string(channel.rawValue), "message_id": JSON(id)])
    }
}

/// The page in the language of whoever got the message.
private struct UnsubscribePage: Sendable {
    private let tenant: Tenant
    private let words: Wording

    init(for message: Message, in reader: some Queryable) throws {
        let contact = try message.contactID.flatMap { try Contact.resource.find($0, in: reader) }
        tenant = try reader.agency.tenant()
        words = try reader.wordings.find(contact?.locale ?? tenant.locale)
    }

    var asking: PublicPage {
        page(
            words("unsubscribe.unsubscribe"),
            """
            <h1>\(words("unsubscribe.question").htmlEscaped)</h1>
            <p>\(words("unsubscribe.about", ["agency": .text(tenant.name)]).htmlEscaped)</p>
            <form method="post"><button name="List-Unsubscribe" value="One-Click">\
            \(words("unsubscribe.unsubscribe").htmlEscaped)</button></form>
            """)
    }

    var done: PublicPage {
        page(
            words("unsubscribe.done_title"),
            """
            <h1>\(words("unsubscribe.done").htmlEscaped)</h1>
            <p class="done">\(words("unsubscribe.done_about", ["agency": .text(tenant.name)]).htmlEscaped)</p>
            """)
    }

    private func page(_ title: String, _ body: String) -> PublicPage {
        PublicPage(
            title: title, body: body, agency: tenant.name, color: tenant.brand?.color ?? "#1f4e79",
            language: words.tag)
    }
}
