internal import Agents
internal import Cryptography
internal import Database
internal import HTTPServer
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Routing
internal import RuntimeRoutes
internal import Telemetry

/// The portal's own routes; what it shows of the slices' records, they add themselves.
func portalRoutes(
    _ routes: inout Routes, _ services: PlatformServices, _ runtime: Runtime,
    _ listeners: [any PortalExportListener]
) {
    overviewRoute(&routes, services)
    activityRoutes(&routes)
    portalAgentRoutes(&routes, runtime)
    peopleRoutes(&routes, services)
    portalFileRoutes(&routes, services)
    exportRoute(&routes, services, runtime, listeners)
    brandRoutes(&routes, services)
}

private func portalAgentRoutes(_ routes: inout Routes, _ runtime: Runtime) {
    routes.schema(
        "PortalAgent",
        .record([
            "name": .anyText, "title": .anyText, "purpose": .anyText,
            "cannot": ["type": "array", "items": .anyText],
        ]))
    routes.get(
        "/v1/portal/agents", .portal("portal:read"),
        "List the agents that work for you, each with its purpose and limits",
        query: ParameterDoc.page, .list(of: .reference("PortalAgent"))
    ) { call in
        let window = try call.window()
        return .read { reader in
            let words = try reader.wordings.find(for: call)
            return window.page(of: try runtime.statedLimits(in: reader).map { $0.said(in: words).json })
        }
    }
}

private func overviewRoute(_ routes: inout Routes, _ services: PlatformServices) {
    routes.schema(
        "PortalOverview",
        .schema(
            [
                "client": .schema(["id": .anyText, "name": .textOrNull], required: ["id", "name"]),
                "agency": .schema(["name": .anyText], required: ["name"]),
                "me": .schema(
                    ["id": .anyText, "client_role": .anyText, "contact_id": .textOrNull],
                    required: ["id", "client_role", "contact_id"]),
                "counts": ["type": "object", "additionalProperties": ["type": "integer"]],
                "waiting": [
                    "type": "array",
                    "items": .record([
                        "type": .anyText, "id": .anyText, "title": .anyText, "action": .anyText,
                        "since": .anyInstant, "due_on": .textOrNull,
                    ]),
                ],
            ], required: ["client", "agency", "me", "counts", "waiting"]))
    routes.get(
        "/v1/portal/overview",
        .portal(
            "portal:read"), "Get an overview of your projects and of what waits for you",
        .json(.reference("PortalOverview"), "The overview, with what waits for your decision first.")
    ) { call in
        let portal = try call.portal
        let held = call.principal?.permissions ?? []
        return .read { reader in
            let (counts, waiting) = try services.portal.standing(of: portal, holding: held, in: reader)
            let user = try User.resource.find(portal.userID, in: reader)
            return .json([
                "client": [
                    "id": JSON(portal.clientID),
                    "name": JSON(try services.portal.clientName(portal.clientID, in: reader)),
                ],
                "agency": ["name": .string(try reader.agency.tenant().name)],
                "me": [
                    "id": JSON(portal.userID),
                    "client_role": .string((user?.clientRole ?? .viewer).rawValue),
                    "contact_id": JSON(portal.contactID),
                ],
                "counts": .object(counts), "waiting": .array(waiting.map(\.json)),
            ])
        }
    }
}

// MARK: People

private struct PersonBody: Declared {
    var email = "", clientRole = ClientRole.viewer
    static let schema = Schema<PersonBody>(
        "PortalInvitation",
        [
            .email(
                "email", \.email, .required, .example("joe@example.com"),
                .about("The address that the invitation is sent to.")),
            .choice("client_role", \.clientRole, .standard("viewer")),
        ])
}

private struct PersonPatch: Declared {
    var clientRole = ClientRole.viewer
    static let schema = Schema<PersonPatch>(
        "PortalPersonPatch", [.choice("client_role", \.clientRole, .required)])
}

private func peopleRoutes(_ routes: inout Routes, _ services: PlatformServices) {
    routes.declare(PersonBody.self)
    routes.declare(PersonPatch.self)
    let person: JSON = .record([
        "id": .anyText, "name": .anyText, "email": .anyText, "client_role": .textOrNull, "status": .anyText,
    ])
    routes.schema("PortalPerson", person)
    routes.get(
        "/v1/portal/people", .portal("portal:manage"), "List your people",
        query: ParameterDoc.page, .list(of: .reference("PortalPerson"))
    ) { call in
        let (portal, window) = (try call.portal, try call.window())
        return .read { reader in
            window.page(of: try reader.portal.people(of: portal.clientID).map(\.asPerson))
        }
    }
    routes.post(
        "/v1/portal/people", .portal("portal:manage"), "Invite one of your people to the portal",
        named: "invite_portal_person",
        body: .json(.reference("PortalInvitation")),
        .json(.schema(["status": .anyText], required: ["status"]), status: 202, "Invited, by mail.")
    ) { call in
        let (body, portal) = (try call.body(PersonBody.self), try call.portal)
        return .write { tx in
            var invitation = Invitation.new(id: tx.nextID(), now: tx.now)
            (invitation.email, invitation.role) = (body.email, BuiltInRole.client.rawValue)
            (invitation.clientID, invitation.clientRole) = (portal.clientID, body.clientRole)
            _ = try services.invite(&invitation, by: call.actor, in: tx)
            return .json(["status": "invited"], status: 202)
        }
    }
    routes.patch(
        "/v1/portal/people/{id}", .portal("portal:manage"), "Update what one of your people may do",
        body: .json(.reference("PortalPersonPatch")), .json(.reference("PortalPerson"), "The person.")
    ) { call in
        let (id, body, portal) = (
            try call.id("id", of: User.self), try call.body(PersonPatch.self), try call.portal
        )
        return .write { tx in
            let old = try tx.portal.person(id, of: portal.clientID)
            var new = old
            new.clientRole = body.clientRole
            try tx.update(old, to: &new, by: call.actor)
            try tx.portal.requireAnAdmin(of: portal.clientID)
            return .json(new.asPerson)
        }
    }
    routes.delete(
        "/v1/portal/people/{id}", .portal("portal:manage"), "Remove one of your people from the portal",
        named: "remove_portal_person",
        .empty("Ended.")
    ) { call in
        let (id, portal) = (try call.id("id", of: User.self), try call.portal)
        return .write { tx in
            let old = try tx.portal.person(id, of: portal.clientID)
            var new = old
            new.status = .disabled
            try tx.update(old, to: &new, by: call.actor)
            try tx.portal.requireAnAdmin(of: portal.clientID)
            return .noContent
        }
    }
}

extension User {
    fileprivate var asPerson: JSON {
        [
            "id": JSON(id), "name": .string(name), "email": .string(email),
            "client_role": JSON(clientRole?.rawValue), "status": .string(status.rawValue),
        ]
    }
}

extension PortalStore {
    fileprivate func people(of client: ClientID) throws -> [User] {
        try User.resource.all(
            where: "client_id = \(client) AND role = 'client'", suffix: "ORDER BY id LIMIT 200", in: tx)
    }

    fileprivate func person(_ id: UserID, of client: ClientID) throws -> User {
        let found = try User.resource.first(
            where: "id = \(id) AND client_id = \(client) AND role = 'client'", in: tx)
        guard let found else { throw Problem(.notFound) }
        return found
    }

    fileprivate func requireAnAdmin(of client: ClientID) throws {
        let hasOne = try people(of: client).contains { $0.status == .active && $0.clientRole == .admin }
        if !hasOne {
            throw Problem(.conflict, "The last admin cannot be removed: make somebody else an admin first.")
        }
    }
}

// MARK: Files

private func portalFileRoutes(_ routes: inout Routes, _ services: PlatformServices) {
    let (view, store) = (StoredFile.shared, FileStore(services.database))
    routes.portal(view)
    routes.post(
        "/v1/portal/files", .portal("portal:write"),
        "Upload a file for the agency: its bytes as the body, or as the part file of a form",
        named: "upload_portal_file",
        body: .raw(limit: StoredFile.sizeMax + 64 * 1024),
        query: [.query("name", "The name of the file.", ["type": "string", "maxLength": 255])],
        .json(.reference(view.schemaName), status: 201, "The file.")
    ) { call in
        let ((bytes, name), portal) = (try call.upload(), try call.portal)
        return .task {
            let content = try await store.write(bytes, call.tenant)
            return try await call.commit { tx in
                let file = try tx.files.create(
                    content, name: name, client: portal.clientID, isShared: true, by: call.actor)
                return view.response(file, status: 201)
            }
        }
    }
    routes.get(
        "/v1/portal/files/{id}/content", .portal("portal:read"), "Download one of your files",
        .media("application/octet-stream", "The bytes of the file.")
    ) { call in
        let (id, portal) = (try call.id("id", of: StoredFile.self), try call.portal)
        return .read { reader in
            let file = try view.get(id, portal, in: reader)
            return .download(file, try reader.files.content(of: file))
        }
    }
}

// MARK: What is kept about the person

private func exportRoute(
    _ routes: inout Routes, _ services: PlatformServices, _ runtime: Runtime,
    _ listeners: [any PortalExportListener]
) {
    routes.schema(
        "PortalExport", .schema(["user": .anyObject, "data": .anyObject], required: ["user", "data"]))
    routes.get(
        "/v1/portal/privacy/export", .portal("portal:read"), "Export everything that is kept about you",
        named: "export_portal_personal_data",
        .json(.reference("PortalExport"), "Your account, and everything that is kept about you.")
    ) { call in
        let portal = try call.portal
        return .task {
            let contact = portal.contactID.map { Subject($0) }
            let (user, data) = try services.database.read(call.tenant) { reader in
                (
                    try User.resource.find(portal.userID, in: reader),
                    try runtime.exportToThemselves(contact.map { [$0] } ?? [], in: reader)
                )
            }
            let body: JSON = ["user": user.map { User.schema.json($0) } ?? [:], "data": data]
            // The audit names everybody who has seen it all.
            try await services.database.write(call.tenant) { tx in
                if let contact { try tx.auditLog.add(call.actor, "privacy.exported", contact) }
                guard let user else { return }
                for listener in listeners { try listener.exported(body, to: user, by: call.actor, in: tx) }
            }
            return .json(body)
        }
    }
}

// MARK: How the agency looks

private func brandRoutes(_ routes: inout Routes, _ services: PlatformServices) {
    routes.schema(
        "PortalBrand",
        .record([
            "name": .anyText, "slug": .anyText, "color": .anyText, "locale": .anyText,
            "logo_url": .textOrNull,
            "languages": [
                "type": "array", "items": ["type": "string"],
                "description":
                    "The languages in which the agency has words of its own for the portal's pages.",
            ],
        ]))
    routes.schema(
        "PortalWordings",
        .record([
            "texts": wordsSchema("Texts of the pages, by the English that stands in their place."),
            "codes": wordsSchema("The names of states, by their codes."),
        ]))
    routes.get(
        "/v1/portal/brand", .anyone, "Get the brand of an agency's portal, before anybody has signed in",
        query: [.query("slug", "The agency's slug; not needed on an agency's own host.")],
        .json(.reference("PortalBrand"), "The name, colour and logo of the agency.")
    ) { call in
        let (host, slug) = (call.request.head.hostName, call.query("slug"))
        return .task {
            try services.database.read(try services.agency(atHost: host, orNamed: slug)) { reader in
                let tenant = try reader.agency.tenant()
                let logo = try tenant.brand?.logoFileID.map {
                    try services.links.url(
                        .file, reader.tenant, $0, expiresAt: services.now() + .seconds(86_400))
                }
                return .json([
                    "name": .string(tenant.name), "slug": .string(tenant.slug),
                    "color": .string(tenant.brand?.color ?? "#1f4e79"), "locale": .string(tenant.locale),
                    "logo_url": JSON(logo), "languages": JSON(try reader.wordings.portalLanguages()),
                ])
            }
        }
    }
    routes.get(
        "/v1/portal/wordings", .anyone,
        "Get the words of an agency's own for the portal's pages, before anybody has signed in",
        query: [
            .query("slug", "The agency's slug; not needed on an agency's own host."),
            .query("language", "The language, as an ISO 639 code.", isRequired: true),
        ], .json(.reference("PortalWordings"), "The words of the agency's own; empty where it has none.")
    ) { call in
        let (host, slug) = (call.request.head.hostName, call.query("slug"))
        guard let language = call.query("language"), LocaleTag(language)?.language == language else {
            throw Problem(.invalidParameter, "language must be an ISO 639 code, such as de.")
        }
        return .task {
            try services.database.read(try services.agency(atHost: host, orNamed: slug)) { reader in
                .json(.object(PortalWords.catalogue(try reader.wordings.portal(in: language))))
            }
        }
    }
}

private func wordsSchema(_ description: String) -> JSON {
    [
        "type": "object", "additionalProperties": ["type": "string"],
        "description": .string(description),
    ]
}

extension PlatformServices {
    /// Returns the agency whose portal is asked for. Under an agency's own name nobody shows themselves as another.
    fileprivate func agency(atHost host: String, orNamed slug: String?) throws -> TenantID {
        let found =
            try agency(atHost: host)
            ?? slug.flatMap { slug in
                try database.acrossTenantsRead { try $0.acrossTenantsTenant(slug: slug) }
            }
        guard let found else { throw Problem(.notFound) }
        return found
    }
}

extension SystemReader {
    fileprivate func acrossTenantsTenant(slug: String) throws -> TenantID? {
        try first("SELECT id FROM tenants WHERE slug = \(slug) AND status = 'active'") {
            TenantID(rawValue: $0.text(0))
        }
    }
}
