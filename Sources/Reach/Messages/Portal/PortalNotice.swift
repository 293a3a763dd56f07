internal import Database
internal import JSON
internal import People
internal import Records
internal import Telemetry
internal import Tenancy
internal import Wording

/// A notice that tells a person what waits for them.
struct PortalNotice {
    let subject: String
    /// The body of a mail, in Markdown.
    let body: String
    /// The text of a short message.
    let text: String

    /// A short message names no more; the portal has the others.
    private static let namedMax = 8
    /// The time for which its links work.
    fileprivate static let lifetime = Duration.seconds(30 * 86_400)

    init(
        to contact: Contact, _ waiting: [PortalWaiting], _ services: PlatformServices,
        in reader: some Queryable
    ) throws {
        let tenant = try reader.agency.tenant()
        let words = try reader.wordings.find(contact.locale ?? tenant.locale)
        let portal = try services.portalURL(in: reader)
        let links = try waiting.map { one in
            (line: one.line(words), url: try one.url(for: contact, services, portal, reader))
        }
        let lines = links.map { "- [\($0.line.markdownEscaped)](<\($0.url)>)" }
        let agency = tenant.name
        var short = [words("notice.waiting", ["agency": .text(agency)])]
        short += links.prefix(Self.namedMax).map { "\($0.line)\n\($0.url)" }
        let others = links.count - Self.namedMax
        if others > 0 {
            short.append(words("notice.more", ["count": .number(others), "portal": .text(portal)]))
        }
        text = short.joined(separator: "\n\n")
        subject =
            waiting.count == 1
            ? waiting[0].line(words)
            : words("notice.subject", ["count": .number(waiting.count), "agency": .text(agency)])
        body = [
            words.greeting(contact.name.markdownEscaped),
            words("notice.waiting_mail", ["agency": .text(agency.markdownEscaped)]),
            lines.joined(separator: "\n"),
            words("notice.about_links", ["portal": .text(portal)]),
        ].joined(separator: "\n\n")
    }

}

extension PortalWaiting {
    fileprivate func line(_ words: Wording) -> String {
        let type = Wording.Value.text(type)
        return title.isEmpty
            ? words("notice.item", ["type": type])
            : words("notice.item_titled", ["type": type, "title": .text(title)])
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
