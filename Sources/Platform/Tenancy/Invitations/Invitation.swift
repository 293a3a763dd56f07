internal import Agents
internal import Cryptography
package import Database
internal import HTTPServer
internal import JSON
internal import Jobs
package import Nouns
package import Records
internal import Routing
internal import RuntimeRoutes
package import Telemetry

/// An offer to join an agency: whoever has the token makes the account and its password.
package struct Invitation: ManagedRecord {
    package enum Status: String, Choice { case pending, accepted, revoked }

    package var head = Head<Invitation>()
    package var email = ""
    package var role = ""
    package var clientID: ClientID?
    package var clientRole: ClientRole?
    package var status = Status.pending
    package var expiresAt = Instant(seconds: 0)
    package var invitedBy: String?
    package var digest = ""

    package init() {}

    package static let idPrefix = "inv", noun = "invitation"
    package static let resource = Resource<Invitation>(
        "invitations", named: "Invitation", personal: .nobody,
        console: ConsoleForm(title: "email"),
        [
            .email(
                "email", \.email, .required, .personal, .filterable, .example("joe@example.com"),
                .about("The address that the invitation is sent to.")),
            .text(
                "role", \.role, max: 64, .required, .about("A built-in role or one of /v1/roles."),
                .example("member")),
            .id(
                "client_id", \.clientID, .filterable, .about("The client that a `client` user may see.")),
            .choice(
                "client_role", \.clientRole,
                .about(
                    "The role of a `client` user in the portal; the first user of a client is its `admin`.")),
            .choice(
                "status", \.status, .readOnly, .filterable,
                .about("Whether the invitation is pending, accepted or revoked.")),
            .instant("expires_at", \.expiresAt, .readOnly),
            .text("invited_by", \.invitedBy, max: 64, .readOnly),
            .text("digest", \.digest, max: 64, .secret),
        ])

    static let lifetime: Duration = .seconds(7 * 86_400)

    package func prepare(replacing old: Invitation?, by actor: Actor, in tx: Transaction) throws {
        if role == "client", clientID == nil {
            throw Problem(faults: [
                Fault(
                    "/client_id", "required",
                    "client_id is required for the role client: name the client that the person belongs to.")
            ])
        }
        guard role != "platform_admin", try tx.roles.permissionCatalog.held(byRole: role, in: tx) != nil
        else {
            let names = try tx.roles.names()
            throw Problem(faults: [
                Fault(
                    "/role", "invalid_choice", "The role \(role) does not exist: GET /v1/roles lists them.",
                    choices: names)
            ])
        }
    }
}

struct AcceptBody: Declared {
    var token = "", name = "", password = ""
    static let schema = Schema<AcceptBody>(
        "InvitationAcceptance",
        [
            .text("token", \.token, max: 200, .required, .about("The token of the invitation's link.")),
            .text("name", \.name, max: 200, .required, .about("The full name of the new user.")),
            .text("password", \.password, max: 1024, .required, .verbatim),
        ])
}

func invitationRoutes(_ routes: inout Routes, _ accounts: Accounts) {
    let services = accounts.services
    routes.standard(
        Invitation.resource, read: "invitations:read", write: "invitations:write", create: false,
        patch: false, delete: false)
    routes.declare(AcceptBody.self)
    routes.schema(
        "InvitationWithToken",
        Invitation.schema.jsonSchema(.record)
            .showing("token", "The token that accepts the invitation; shown once.", "4f0c2a9e7b1d")
            .showing(
                "link", "The page where it is accepted.", "https://agency.example/#/invitation/4f0c2a9e7b1d"))
    routes.post(
        "/v1/invitations",
        .permission(
            "invitations:write"), "Create an invitation, and get the link's token, shown once",
        body: .json(.reference("InvitationCreate")), holdsSecret: true,
        .json(.reference("InvitationWithToken"), status: 201, "The invitation, with the token of its link.")
    ) { call in
        let body = try call.object()
        return .write { tx in
            var invitation = Invitation.new(id: tx.nextID(), now: tx.now), faults = Faults()
            Invitation.schema.create(&invitation, from: body, faults: &faults)
            try faults.throwIfAny(in: tx)
            try services.portal.requireClient(invitation.clientID, in: tx)
            try requireRole(invitation.role, grantedBy: call.principal, in: tx)
            let (token, link) = try services.invite(&invitation, by: call.actor, in: tx)
            return .record(
                invitation, status: 201, location: "/v1/invitations/\(invitation.id)",
                extra: ["token": .string(token), "link": .string(link)])
        }
    }
    routes.delete(
        "/v1/invitations/{id}", .permission("invitations:write"), "Revoke an invitation", .empty("Revoked.")
    ) { call in
        let id = try call.id("id", of: Invitation.self)
        return .write { tx in
            let old = try Invitation.resource.get(id, in: tx)
            try call.checkVersion(old.version)
            try requireRole(old.role, grantedBy: call.principal, in: tx)
            guard old.status == .pending else {
                throw Problem(.conflict, "The invitation has already been \(old.status.rawValue).")
            }
            var new = old
            new.status = .revoked
            try tx.update(old, to: &new, by: call.actor)
            return .noContent
        }
    }
    routes.post(
        "/v1/invitations/accept", .anyone, "Accept an invitation: create the account, and get tokens",
        named: "accept_invitation",
        body: .json(.reference("InvitationAcceptance")), .json(.reference("SignedIn"), status: 201, "Tokens.")
    ) { call in
        let body = try call.body(AcceptBody.self)
        return .task { try await accept(body, call, accounts) }
    }
}

extension PlatformServices {
    /// Stores an invitation and has its link mailed.
    func invite(
        _ invitation: inout Invitation, by actor: Actor, in tx: Transaction
    ) throws -> (token: String, link: String) {
        let token = RandomToken.make(prefix: "it_", characters: 40)
        invitation.digest = Hex.encode(SHA256.hash(token))
        invitation.expiresAt = tx.now + Invitation.lifetime
        invitation.invitedBy = actor.id
        try tx.create(&invitation, by: actor)
        let link = try page("/invitation/\(token)", for: invitation.role, in: tx)
        _ = try accountMails.send(
            AccountMail(kind: .invitation, name: nil, email: invitation.email, link: link), in: tx)
        return (token, link)
    }
}

private func accept(_ body: AcceptBody, _ call: Call, _ accounts: Accounts) async throws -> Response {
    let services = accounts.services
    let digest = Hex.encode(SHA256.hash(body.token))
    let scope = try services.database.acrossTenantsRead { try $0.acrossTenantsTenant(ofInvitation: digest) }
    var faults = Faults()
    accounts.checkPassword(body.password, personal: [body.name], &faults)
    try faults.throwIfAny()
    guard let scope else { throw Problem(.invitationInvalid) }
    let hash = try await services.hash(body.password)
    let (agent, address) = (
        call.request.head.header("User-Agent"), call.request.head.remoteAddress.description
    )
    return try await services.database.write(scope) { tx in
        guard let old = try Invitation.resource.first(where: "digest = \(digest)", in: tx),
            old.status == .pending,
            old.expiresAt > tx.now
        else { throw Problem(.invitationInvalid) }
        var accepted = old
        accepted.status = .accepted
        var user = User.new(id: tx.nextID(), now: tx.now)
        user.name = body.name
        user.email = old.email
        user.role = old.role
        (user.clientID, user.clientRole) = (old.clientID, old.clientRole)
        user.passwordHash = hash
        let actor = Actor(user.id)
        try services.portal.settle(&user, in: tx)
        try tx.create(&user, by: actor)
        try tx.update(old, to: &accepted, by: actor)
        let tokens = try tx.sessions.open(of: user, by: .invitation, userAgent: agent, address: address)
        return try accounts.signedIn(user, tx.agency.tenant(), tokens, status: 201)
    }
}

/// Refuses to create, change or remove a user who has permissions that the caller does not have.
func requireRole(_ role: String, grantedBy principal: Principal?, in tx: Transaction) throws {
    guard let wanted = try tx.roles.permissionCatalog.held(byRole: role, in: tx) else { return }
    let held = principal?.permissions ?? []
    // The portal's permissions are the clients' alone: nobody of an agency could hold them.
    guard wanted.allSatisfy({ $0.isPortal || held.contains($0) }) else {
        throw Problem(
            .forbidden, "The role \(role) has permissions that you do not have: invite with a lesser role.")
    }
}

extension SystemReader {
    func acrossTenantsTenant(ofInvitation digest: String) throws -> TenantID? {
        try first("SELECT tenant_id FROM invitations WHERE digest = \(digest)") {
            TenantID(rawValue: $0.text(0))
        }
    }
}
