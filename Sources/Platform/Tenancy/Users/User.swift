internal import Agents
package import Database
package import JSON
package import Nouns
package import Records
internal import Telemetry

/// Someone who signs in to an agency.
package struct User: ManagedRecord {
    package enum Status: String, Choice { case active, disabled }

    package var head = Head<Nouns.User>()
    package var name = ""
    package var email = ""
    package var role = ""
    package var status = Status.active
    package var clientID: ClientID?
    package var clientRole: ClientRole?
    package var contactID: ContactID?
    package var passwordHash: String?
    package var notifications: NotificationPreferences?
    package var locale: String?

    package init() {}

    package static let resource = Resource<User>(
        "users", named: "User", rule: .client(orAgency: true), personal: .nobody,
        console: ConsoleForm(
            "person",
            plural: "people",
            columns: ["email", "role", "status"],
            form: ["name", "email", "role"]),
        [
            .text(
                "name", \.name, max: 200, .required, .line, .personal, .searchable, .example("Olive Owner"),
                .about("The full name of the user.")),
            .email(
                "email", \.email, .required, .personal, .filterable, .sortable, .searchable,
                .about("The address that the user signs in with.")),
            .text(
                "role", \.role, max: 64, .required, .filterable,
                .about("A built-in role or one of /v1/roles.")),
            .choice(
                "status", \.status, .standard("active"), .filterable, .about("Whether the user may sign in.")),
            .id(
                "client_id", \.clientID, .writeOnce, .filterable,
                .about(
                    "The client that the person belongs to (role `client`), or is limited to (any other role)."
                )
            ),
            .choice(
                "client_role", \.clientRole,
                .about(
                    "The role of a `client` user in the portal; the first user of a client is its `admin`.")),
            .id(
                "contact_id", \.contactID, .readOnly,
                .about("For `client` users: the contact that the person is.")),
            .text("password_hash", \.passwordHash, max: 500, .secret),
            .part("notifications", \.notifications, .secret),
            .text(
                "locale", \.locale, max: 35, .example("de"), .added(in: 251),
                .about("The language that the user reads; BCP 47. Null: the agency's.")),
        ])

    package mutating func prepare(replacing old: User?, by actor: Actor, in tx: Transaction) throws {
        if role == "client", clientID == nil {
            throw Problem(faults: [
                Fault(
                    "/client_id", "required",
                    "client_id is required for the role client: name the client that the person belongs to.")
            ])
        }
        if old?.locale != locale, let given = locale {
            guard let tag = LocaleTag(given) else {
                throw Problem(faults: [
                    Fault("/locale", "invalid_locale", "locale must be a language tag, such as en or pt-BR.")
                ])
            }
            locale = tag.description
        }
        try setClientRole(in: tx)
        guard old?.role != role else { return }
        guard role != "platform_admin" || tx.tenant == .platform,
            try tx.roles.permissionCatalog.held(byRole: role, in: tx) != nil
        else {
            let names = try tx.roles.names()
            throw Problem(faults: [
                Fault(
                    "/role", "invalid_choice", "The role \(role) does not exist: GET /v1/roles lists them.",
                    choices: names)
            ])
        }
    }

    private mutating func setClientRole(in tx: Transaction) throws {
        guard role == "client" else {
            guard clientRole == nil else {
                throw Problem(faults: [
                    Fault(
                        "/client_role", "invalid_choice",
                        "client_role is for the role client only: leave it out.", choices: [])
                ])
            }
            return
        }
        if clientRole == nil {
            let isFirst = try !tx.exists(
                """
                SELECT 1 FROM users WHERE tenant_id = \(tx.tenant) AND client_id = \(clientID) AND role = 'client'
                """)
            clientRole = isFirst ? .admin : .viewer
        }
    }

    /// The client and contact of the person, in the portal.
    package var portal: PortalCall? {
        guard role == BuiltInRole.client.rawValue, let clientID else { return nil }
        return PortalCall(clientID: clientID, userID: id, contactID: contactID)
    }

    /// Returns the limit of a colleague who is limited to some clients; a client's own people use the portal, and have
    /// none.
    func limit(by rules: RowRules) -> RowLimit? {
        guard portal == nil, let clientID else { return nil }
        return RowLimit(clients: [clientID], person: id, rules: rules)
    }

    package func saved(replacing old: User?, by actor: Actor, in tx: Transaction) throws {
        if let old, old.role == "owner", role != "owner" || status != .active {
            try tx.users.requireAnOwner()
        }
        guard let old else { return }
        if status != .active || old.passwordHash != passwordHash { try tx.sessions.end(of: id) }
        tx.sessions.forgetCredentials()
    }

    package func deleted(by actor: Actor, in tx: Transaction) throws {
        if role == "owner" { try tx.users.requireAnOwner() }
        try tx.sessions.end(of: id)
        try tx.views.release(of: id)
    }

    /// The user as answers to signing in show it.
    package var brief: JSON {
        ["id": JSON(id), "name": .string(name), "email": .string(email), "role": .string(role)]
    }
}

extension TenantID {
    /// The tenant of platform administrators and their sessions: no agency.
    package static let platform = TenantID(rawValue: "platform")
}

extension UserStore where Base == Transaction {
    fileprivate func requireAnOwner() throws {
        let hasOne = try tx.exists(
            """
            SELECT 1 FROM users WHERE tenant_id = \(tx.tenant) AND role = 'owner' AND status = 'active'
            """)
        if !hasOne {
            throw Problem(.conflict, "The last owner cannot be removed: make somebody else an owner first.")
        }
    }
}

extension UserStore {
    package func find(email: String) throws -> User? {
        try User.resource.first(where: "email = \(email)", in: tx)
    }
}
