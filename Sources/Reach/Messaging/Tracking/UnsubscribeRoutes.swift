internal import Database
internal import HTTPServer
internal import JSON
internal import Platform
internal import Records
internal import Runtime
internal import Telemetry

/// The way out that every marketing mail carries (RFC 8058): looking changes nothing, posting does at once.
func unsubscribeRoutes(_ routes: inout Routes, _ outbox: Outbox) {
    let services = outbox.services
    routes.get(
        "/u/{token}", .anyone, "Show the page for unsubscribing", .media("text/html", "The page.")
    ) { call in
        let link = try call.unsubscribeLink(services)
        return .task {
            let (_, tenant) = try services.database.read(link.tenant) { try link.subject(in: $0) }
            return UnsubscribePage.ask(tenant).response()
        }
    }
    routes.post(
        "/u/{token}", .anyone, "Unsubscribe with one click", body: .raw(limit: 64 * 1024),
        .media("text/html", "The unsubscription is recorded.")
    ) { call in
        let link = try call.unsubscribeLink(services)
        return .task {
            let tenant = try await services.database.write(link.tenant) { tx in
                let (message, tenant) = try link.subject(in: tx)
                try tx.unsubscribe(message)
                return tenant
            }
            return UnsubscribePage.done(tenant).response()
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
    fileprivate func subject(in reader: some Queryable) throws -> (Message, Tenant) {
        guard let id = ID<Message>(subject), let message = try Message.resource.find(id, in: reader) else {
            throw Problem(.notFound)
        }
        return (message, try reader.ownTenant())
    }
}

extension Transaction {
    /// Ends marketing to whoever got a message. A second time changes nothing.
    fileprivate func unsubscribe(_ message: Message) throws {
        guard let address = message.recipient else { return }
        let isNew = try suppress(
            address, message.channel, .unsubscribe, message: message.id.text, note: "By the link in a mail.")
        guard isNew else { return }
        try note("unsubscribed", of: message.id)
        try publish(
            "contact.unsubscribed", Subject(type: "contact", id: message.contactID?.text ?? ""),
            ["channel": .string(message.channel.rawValue), "message_id": .string(message.id.text)])
    }
}

private enum UnsubscribePage {
    static func ask(_ tenant: Tenant) -> PublicPage {
        page(
            tenant, "Unsubscribe",
            """
            <h1>Unsubscribe?</h1>
            <p>You will get no more mail of this kind from \(tenant.name.htmlEscaped).</p>
            <form method="post"><button name="List-Unsubscribe" value="One-Click">Unsubscribe</button></form>
            """)
    }

    static func done(_ tenant: Tenant) -> PublicPage {
        page(
            tenant, "Unsubscribed",
            """
            <h1>You are unsubscribed</h1>
            <p class="done">\(tenant.name.htmlEscaped) will send you no more mail of this kind, from now on.</p>
            """)
    }

    private static func page(_ tenant: Tenant, _ title: String, _ body: String) -> PublicPage {
        PublicPage(
            title: title, body: body, agency: tenant.name, color: tenant.brand?.color ?? "#1f4e79",
            language: tenant.locale)
    }
}
