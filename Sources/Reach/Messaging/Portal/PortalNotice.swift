internal import Database
internal import JSON
internal import Platform
internal import Records
internal import Telemetry

/// What tells somebody what waits for them.
struct PortalNotice {
    let subject: String
    /// Of a mail: Markdown.
    let body: String
    /// Of a short message.
    let text: String

    /// A short message names no more; the portal has the others.
    private static let namedMax = 8
    /// How long its links work.
    fileprivate static let lifetime = Duration.seconds(30 * 86_400)

    init(
        to contact: Contact, _ waiting: [PortalWaiting], _ services: PlatformServices,
        in reader: some Queryable
    ) throws {
        let tenant = try reader.ownTenant()
        let isGerman = (contact.locale ?? tenant.locale).lowercased().hasPrefix("de")
        func words(_ english: String, _ german: String) -> String { isGerman ? german : english }
        let portal = try services.portalURL(in: reader)
        let links = try waiting.map { one in
            (line: one.line(words), url: try one.url(for: contact, services, portal, reader))
        }
        let lines = links.map { "- [\($0.line.markdownEscaped)](<\($0.url)>)" }
        let agency = tenant.name
        var short = [words("This waits for you at \(agency):", "Bei \(agency) wartet auf Sie:")]
        short += links.prefix(Self.namedMax).map { "\($0.line)\n\($0.url)" }
        let others = links.count - Self.namedMax
        if others > 0 {
            short.append(words("And \(others) more: \(portal)", "Und \(others) weitere: \(portal)"))
        }
        text = short.joined(separator: "\n\n")
        subject =
            waiting.count == 1
            ? waiting[0].line(words)
            : words(
                "\(waiting.count) things wait for you at \(agency)",
                "\(waiting.count) Dinge warten auf Sie bei \(agency)")
        let name = contact.name.markdownEscaped
        body = [
            name.isEmpty ? words("Hello,", "Guten Tag,") : words("Hello \(name),", "Guten Tag \(name),"),
            words(
                "this waits for you at \(agency.markdownEscaped):",
                "bei \(agency.markdownEscaped) wartet auf Sie:"),
            lines.joined(separator: "\n"),
            words(
                "A link opens that one thing, without signing in. Everything else is in [your portal](<\(portal)>), where you also say how often you want to be written.",
                "Ein Link öffnet genau das eine, ohne Anmeldung. Alles andere steht in [Ihrem Portal](<\(portal)>); dort sagen Sie auch, wie oft wir Ihnen schreiben sollen."
            ),
        ].joined(separator: "\n\n")
    }

}

extension PortalWaiting {
    fileprivate func line(_ words: (String, String) -> String) -> String {
        let what =
            switch type {
            case "deliverable": words("Please look at", "Bitte ansehen")
            case "proposal": words("A proposal", "Ein Angebot")
            case "contract": words("A contract to sign", "Ein Vertrag zum Unterschreiben")
            case "invoice": words("An invoice", "Eine Rechnung")
            case "ticket": words("A question about", "Eine Rückfrage zu")
            case "survey": words("How did it go?", "Wie lief es?")
            default: words("New messages in the portal", "Neue Nachrichten im Portal")
            }
        return title.isEmpty ? what : what.hasSuffix("?") ? "\(what) \(title)" : "\(what): \(title)"
    }

    /// Where it is: on its own page, or in the portal, behind signing in.
    fileprivate func url(
        for contact: Contact, _ services: PlatformServices, _ portal: String, _ reader: some Queryable
    ) throws -> String {
        switch link {
        case .page(let url): url
        case .sealed(let kind, let subject):
            try services.links.url(
                kind, reader.tenant, "\(subject) \(contact.id)",
                // The machine's time, as everywhere where a link is opened.
                expiresAt: services.now() + PortalNotice.lifetime)
        case nil: type == "conversation" ? "\(portal)#/messages" : "\(portal)#/\(type)s/\(id)"
        }
    }
}
