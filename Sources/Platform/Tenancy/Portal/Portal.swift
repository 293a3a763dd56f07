package import Agents
package import Database
package import HTTPServer
package import JSON
package import Jobs
package import Nouns
package import Records
internal import Synchronization
package import Telemetry

/// Something that waits for a client's person.
package struct PortalWaiting: Sendable {
    /// The link that opens it without signing in, and nothing else.
    package enum Link: Sendable {
        /// Its own page, the same for everybody.
        case page(String)
        /// One that is sealed for each reader, who stands in it: they decide with it.
        case sealed(LinkKind, String)
    }

    package let type: String, id: String, title: String
    package let action: String
    package let needs: Permission
    package let since: Instant
    package let dueOn: CivilDate?
    package let link: Link?

    /// `needs`: the permission without which it waits for somebody else.
    package init(
        _ subject: Subject, _ title: String, action: String, needs: Permission, since: Instant,
        dueOn: CivilDate? = nil, link: Link? = nil
    ) {
        (type, id, self.title, self.action) = (subject.type, subject.id, title, action)
        (self.needs, self.since, self.dueOn, self.link) = (needs, since, dueOn, link)
    }

    var json: JSON {
        [
            "type": .string(type), "id": .string(id), "title": .string(title), "action": .string(action),
            "since": .string(since.description), "due_on": JSON(dueOn?.iso),
        ]
    }
}

/// A slice's part of the portal's first page.
package struct PortalPart: Sendable {
    package typealias Reading =
        @Sendable (PortalCall, Reader) throws -> (
            counts: JSONObject, waiting: [PortalWaiting]
        )
    let read: Reading

    package init(_ read: @escaping Reading) { self.read = read }
}

/// The portal with what the slices tell it: whose clients there are, who their people are, what waits for them.
package final class Portal: Sendable {
    package struct Clients: Asking {
        /// The name of a client who may come in; `nil`: there is none, or not any more.
        @ModuleNeed("the name of a client", for: "whoever comes into the portal")
        package var name: @Sendable (any Queryable, _ id: ClientID) throws -> String?
        /// The contact that a client's new person is, found or made.
        @ModuleNeed("the contact that a person of a client is", for: "whoever comes into the portal")
        package var contact:
            @Sendable (Transaction, _ client: ClientID, _ name: String, _ email: String, Actor) throws ->
                ContactID?

        /// Returns the contact to whom the agency writes about a client, where it has no person of its own in the
        /// portal.
        @ModuleNeed("the main contact of a client", for: "what is told to a client outside the portal")
        package var mainContact: @Sendable (any Queryable, _ client: ClientID) throws -> ContactID?

        package init() {}
    }

    private struct State {
        var clients: Clients?
        var parts: [PortalPart] = []
    }

    private let state = Mutex(State())

    package init() {}

    package func connect(_ clients: Clients) { state.withLock { $0.clients = clients } }
    package func add(_ part: PortalPart) { state.withLock { $0.parts.append(part) } }

    private var parts: [PortalPart] { state.withLock { $0.parts } }

    /// Returns the counts for a person, and what waits for them: approvals first.
    package func standing(
        of portal: PortalCall, holding held: Set<Permission>, in reader: Reader
    ) throws -> (counts: JSONObject, waiting: [PortalWaiting]) {
        var counts = JSONObject(), waiting: [PortalWaiting] = []
        for part in parts {
            let found = try part.read(portal, reader)
            for (name, count) in found.counts.members { counts[name] = count }
            waiting += found.waiting.filter { held.contains($0.needs) }
        }
        waiting.sort {
            let (a, b) = ($0.needs == "portal:approve", $1.needs == "portal:approve")
            return a == b ? ($0.since, $0.id) < ($1.since, $1.id) : a
        }
        return (counts, waiting)
    }

    package func clientName(_ id: ClientID, in reader: any Queryable) throws -> String? {
        try state.withLock { $0.clients }?.name(reader, id)
    }

    package func mainContact(of client: ClientID, in reader: any Queryable) throws -> ContactID? {
        try state.withLock { $0.clients }?.mainContact(reader, client)
    }

    /// Throws where `id` names a former client, whose people may not sign in.
    func requireClient(_ id: ClientID?, in reader: any Queryable) throws {
        guard let id, try clientName(id, in: reader) == nil else { return }
        throw Problem(faults: [
            Fault(
                "/client_id", "unknown_reference",
                "The client \(id) is a former client: its people cannot sign in.")
        ])
    }

    /// Makes somebody who comes in for a client a contact of that client.
    func settle(_ user: inout User, in tx: Transaction) throws {
        guard user.role == BuiltInRole.client.rawValue, let client = user.clientID else { return }
        guard try clientName(client, in: tx) != nil else { throw Problem(.invitationInvalid) }
        let actor = Actor(user.id)
        user.contactID = try state.withLock { $0.clients }?.contact(
            tx, client, user.name, user.email, actor)
    }
}

extension PortalStore where Base == Transaction {
    /// Ends what a client's people have open; they come in again when the agency lets them.
    package func close(ofClient id: ClientID, by actor: Actor) throws {
        for user in try User.resource.all(
            where: "client_id = \(id) AND status = 'active' AND role = 'client'",
            suffix: "ORDER BY row LIMIT 1000", in: tx)
        {
            var closed = user
            closed.status = .disabled
            try tx.update(user, to: &closed, by: actor)
        }
    }
}

extension PlatformServices {
    /// Returns the address of an agency's portal: at its own host name, where it has one.
    package func portalURL(in reader: some Queryable) throws -> String {
        let tenant = try reader.agency.tenant(), base = settings.publicURL
        guard let host = tenant.portalHost, let scheme = base.firstRange(of: "://") else {
            return "\(base)/portal/?agency=\(tenant.slug)"
        }
        let place = base[scheme.upperBound...]
        let port = place.prefix { $0 != "/" }.firstIndex(of: ":").map { place[$0...].prefix { $0 != "/" } }
        return "\(base[..<scheme.upperBound])\(host)\(port ?? "")/"
    }

    /// The agency whose portal a host is for; none where it is the installation's own, whatever agencies say.
    func agency(atHost host: String) throws -> TenantID? {
        guard host.contains("."), host != ownHost else { return nil }
        return try database.acrossTenantsRead { reader in try reader.acrossTenantsTenant(portalHost: host) }
    }

    /// Returns whether a request is one to an agency's portal, by the host that it names.
    package func isPortal(_ head: RequestHead) throws -> Bool { try agency(atHost: head.hostName) != nil }

    private var ownHost: String {
        let base = settings.publicURL
        let place = base.firstRange(of: "://").map { base[$0.upperBound...] } ?? base[...]
        return place.prefix { $0 != ":" && $0 != "/" }.lowercased()
    }

    /// A page for somebody with that role: of the portal for a client's people, of the console for everybody else.
    func page(_ place: String, for role: String, in reader: some Queryable) throws -> String {
        guard role == BuiltInRole.client.rawValue else { return "\(settings.publicURL)/#\(place)" }
        return "\(try portalURL(in: reader))#\(place)"
    }
}

extension RequestHead {
    /// The host that the request names, without its port; empty where it names none, or an IPv6 address.
    var hostName: String { (header("Host") ?? "").prefix { $0 != ":" }.lowercased() }
}

extension SystemReader {
    fileprivate func acrossTenantsTenant(portalHost: String) throws -> TenantID? {
        try first("SELECT id FROM tenants WHERE portal_host = \(portalHost) AND status = 'active'") {
            TenantID(rawValue: $0.text(0))
        }
    }
}
