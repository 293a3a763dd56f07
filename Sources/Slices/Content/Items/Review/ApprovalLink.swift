internal import Database
internal import HTTPServer
internal import JSON
internal import Nouns
internal import People
internal import Records
internal import Routing
internal import Telemetry
internal import Tenancy

/// The content of a link by which a client decides about a version of a content item. Looking changes nothing.
struct ApprovalLink {
    let tenant: TenantID
    let id: ContentItemID
    let revision: Int
    /// The person to whom the link was mailed; `nil`: it is whoever the agency gave it to.
    let contact: ContactID?
    let path: String
    private let portal: Portal

    /// The time for which a client may decide by a link, from when they were last asked.
    private static let lifetime: Duration = .seconds(30 * 86_400)

    /// Returns what a link to a version is sealed from.
    static func subject(_ item: String, _ revision: Int) -> String { "\(item) \(revision)" }

    init(_ call: Call, _ services: PlatformServices) throws(Problem) {
        let token = call.parameters["token"] ?? ""
        guard let link = services.links.open(.content, token) else { throw Problem(.notFound) }
        let parts = link.subject.split(separator: " ").map(String.init)
        guard parts.count == 2 || parts.count == 3, let id = ContentItemID(parts[0]),
            let revision = Int(parts[1])
        else { throw Problem(.notFound) }
        (tenant, self.id, self.revision, path) = (link.tenant, id, revision, "/a/\(token)")
        contact = parts.count == 3 ? ContactID(parts[2]) : nil
        portal = services.portal
        guard parts.count == 2 || contact != nil else { throw Problem(.notFound) }
    }

    /// The state of a version for whoever has its link.
    enum Standing { case asked, expired, approved, sentBack, changed }

    /// Returns the item, its version that the link is about, and how that stands.
    func found(in reader: some Queryable) throws -> (item: ContentItem, version: ContentVersion, Standing) {
        guard let item = try ContentItem.resource.find(id, in: reader), let client = item.clientID,
            try isOf(client, in: reader), let version = try reader.contentVersions.find(revision, of: id)
        else { throw Problem(.notFound) }
        return (item, version, standing(of: version, in: item, at: reader.now))
    }

    private func standing(of version: ContentVersion, in item: ContentItem, at now: Instant) -> Standing {
        let isNewest = item.revision == revision
        // The client may be asked for equal words again.
        if isNewest, item.status == .withClient, let asked = item.askedAt {
            return now < asked + Self.lifetime ? .asked : .expired
        }
        if isNewest, item.status.isGiven || item.decidedAt != nil { return .approved }
        return version.isSentBack ? .sentBack : .changed
    }

    /// Returns whether it is still a client, and whoever the link was mailed to is still one of theirs.
    private func isOf(_ client: ClientID, in reader: some Queryable) throws -> Bool {
        guard try portal.clientName(client, in: reader) != nil else { return false }
        guard let contact else { return true }
        guard let person = try Contact.resource.find(contact, in: reader) else { return false }
        return try person.clientID == client || portal.mainContact(of: client, in: reader) == contact
    }

    /// Returns the item for a decision; throws where the version that was shown is not the one that waits.
    func open(in tx: Transaction) throws -> ContentItem {
        let (item, _, standing) = try found(in: tx)
        switch standing {
        case .asked: return item
        case .expired: throw Problem(.conflict, "The link has expired: ask the agency for a new one.")
        case .approved:
            throw item.refusal("The content is already approved: there is nothing left to decide.")
        case .sentBack: throw item.refusal("The content is being changed: use the newest link to it.")
        case .changed:
            throw Problem(.conflict, "The content has changed since: use the newest link to it.")
        }
    }

    /// Returns who decides by the link.
    func decider(_ call: Call, in reader: some Queryable) throws -> ContentDecider {
        let person = try contact.flatMap { try Contact.resource.find($0, in: reader) }
        return ContentDecider(
            name: person.flatMap { $0.name.isEmpty ? $0.email : $0.name },
            address: call.request.head.remoteAddress.description,
            userAgent: call.request.head.header("User-Agent").map { String($0.prefix(300)) },
            evidence: person.map { "By the link that was mailed to \($0.email ?? "\($0.id)")." }
                ?? "By the link that the agency has given out.")
    }
}
