internal import Cryptography
package import Database
internal import HTTPServer
package import JSON
package import Jobs
package import Nouns
internal import Records
package import Telemetry

/// A tenant beside an agency's own, with a clock of its own: a row of `sandboxes`, which belongs to the agency.
package struct Sandbox: StoredRow {
    package enum Origin: String, Choice { case live, empty }
    package enum Status: String, Choice {
        /// Its rows are being put in; nobody sees it.
        case creating
        case ready
        /// It is gone for everyone; its rows follow.
        case removing
    }

    package let id: SandboxID
    /// The agency that it belongs to, and the tenant that it is.
    package let agency: TenantID, tenant: TenantID
    package let name: String
    package let origin: Origin
    package let status: Status
    package let seed: Int64
    /// The time that its clock showed first.
    package let startAt: Instant
    package let tokenExpiresAt: Instant
    /// The user whom its token acts as.
    package let userID: UserID?
    package let version: Int
    package let createdAt: Instant, updatedAt: Instant

    /// The lifetime of a token, in real time.
    static let tokenLifetime: Duration = .seconds(90 * 86_400)

    package static let columns = Columns(of: Self.self)

    package init(_ row: inout ColumnReader) {
        id = row.id("id")
        agency = TenantID(rawValue: row.text("tenant_id"))
        tenant = TenantID(rawValue: row.text("sandbox_tenant"))
        name = row.text("name")
        origin = Origin(rawValue: row.text("origin")) ?? .empty
        status = Status(rawValue: row.text("status")) ?? .removing
        (seed, startAt) = (row.int64("seed"), row.instant("start_at"))
        (tokenExpiresAt, userID) = (row.instant("token_expires_at"), row.optionalID("user_id"))
        version = row.int("version")
        (createdAt, updatedAt) = (row.instant("created_at"), row.instant("updated_at"))
    }

    var subject: Subject { Subject(type: "sandbox", id: id) }

    package func json(_ runtime: Runtime, token: String? = nil) -> JSON {
        var object: JSONObject = [
            "id": JSON(id), "name": .string(name), "from": .string(origin.rawValue),
            "tenant_id": .string(tenant.rawValue),
            "now": .string(runtime.clocks.now(tenant).description),
            "advancing": .bool(runtime.sandboxes.isAdvancing(tenant)), "seed": .integer(seed),
            "start_at": .string(startAt.description),
            "token_expires_at": .string(tokenExpiresAt.description), "version": JSON(version),
            "created_at": .string(createdAt.description), "updated_at": .string(updatedAt.description),
        ]
        if let token { object.append("token", .string(token)) }
        return .object(object)
    }

    static let memberNames = [
        "id", "name", "from", "tenant_id", "now", "advancing", "seed", "start_at", "token_expires_at",
        "version", "created_at", "updated_at",
    ]

    static let schema: JSON = {
        let text: JSON = ["type": "string"], instant: JSON = ["type": "string", "format": "date-time"]
        var properties: JSONObject = [
            "id": text, "name": text, "from": ["type": "string", "enum": JSON(Origin.choices)],
            "tenant_id": text, "now": instant, "advancing": ["type": "boolean"],
            "seed": ["type": "integer"], "start_at": instant, "token_expires_at": instant,
            "version": ["type": "integer"], "created_at": instant, "updated_at": instant,
        ]
        let required = properties.keys
        properties.append(
            "token",
            [
                "type": "string",
                "description":
                    "The token that gives full access to the sandbox; only in the answers that create it.",
            ])
        return .schema(properties, required: required)
    }()

    static func makeToken() -> (text: String, digest: String) {
        let text = RandomToken.make(prefix: "sb_", characters: 40)
        return (text, digest(of: text))
    }

    static func digest(of token: String) -> String { Hex.encode(SHA256.hash(token)) }
}

extension QueryScope {
    /// The sandbox with that id, as its agency sees it and as it sees itself.
    func acrossTenantsSandbox(_ id: SandboxID, seenBy tenant: TenantID) throws -> Sandbox? {
        try first(
            """
            SELECT \(Sandbox.columns) FROM sandboxes
            WHERE id = \(id) AND (tenant_id = \(tenant) OR sandbox_tenant = \(tenant)) AND status = 'ready'
            """, Sandbox.init)
    }

    /// The sandbox that is that tenant.
    func acrossTenantsSandbox(asTenant tenant: TenantID) throws -> Sandbox? {
        try first(
            "SELECT \(Sandbox.columns) FROM sandboxes WHERE sandbox_tenant = \(tenant) AND status = 'ready'",
            Sandbox.init)
    }

    func acrossTenantsSandbox(ofToken token: String) throws -> Sandbox? {
        try first(
            """
            SELECT \(Sandbox.columns) FROM sandboxes
            WHERE token_digest = \(Sandbox.digest(of: token)) AND status = 'ready'
            """, Sandbox.init)
    }

    /// Sandboxes whose making was not finished.
    func acrossTenantsUnfinishedSandboxes() throws -> [Sandbox] {
        try all("SELECT \(Sandbox.columns) FROM sandboxes WHERE status = 'creating'", Sandbox.init)
    }
}

extension SandboxStore {
    /// The agency's sandboxes, in the order of their making.
    package func all() throws -> [Sandbox] {
        try tx.all(
            """
            SELECT \(Sandbox.columns) FROM sandboxes WHERE tenant_id = \(tx.tenant) AND status = 'ready' ORDER BY id
            """, Sandbox.init)
    }

    /// One of the agency's, though it be just being made or removed.
    func find(_ id: SandboxID) throws -> Sandbox? {
        try tx.first(
            "SELECT \(Sandbox.columns) FROM sandboxes WHERE tenant_id = \(tx.tenant) AND id = \(id)",
            Sandbox.init)
    }

    /// Every tenant that is a sandbox of this one.
    func tenants() throws -> [TenantID] {
        try tx.all("SELECT sandbox_tenant FROM sandboxes WHERE tenant_id = \(tx.tenant) ORDER BY id") {
            TenantID(rawValue: $0.text(0))
        }
    }
}
