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

/// A program's way in: a secret with scopes. Only digests of secrets are kept.
package struct APIKey: ManagedRecord {
    package var head = Head<Nouns.APIKey>()
    package var name = ""
    package var scopes: [String] = []
    package var prefix = ""
    package var expiresAt: Instant?
    package var allowedAddresses: [String] = []
    package var lastUsedAt: Instant?
    package var createdBy: String?
    package var digest = ""
    package var previousDigest: String?
    package var previousExpiresAt: Instant?

    package init() {}

    package static let resource = Resource<APIKey>(
        "api_keys", named: "APIKey",
        [
            .text(
                "name", \.name, max: 100, .required, .filterable, .example("robot"),
                .about("The name of the key, such as its purpose.")),
            .texts(
                "scopes", \.scopes, max: 500, .required,
                .about("The scopes of the key, such as `leads:read`.")),
            .text(
                "prefix", \.prefix, max: 20, .readOnly, .about("The first characters of the key's secret.")),
            .instant("expires_at", \.expiresAt, .about("When the key stops working; null: never.")),
            .texts(
                "allowed_addresses", \.allowedAddresses,
                .about("Addresses and ranges it may be used from; none: any.")),
            .instant("last_used_at", \.lastUsedAt, .readOnly),
            .text("created_by", \.createdBy, max: 64, .readOnly, .about("The user who created the key.")),
            .text("digest", \.digest, max: 64, .secret),
            .text("previous_digest", \.previousDigest, max: 64, .secret),
            .instant(
                "previous_expires_at", \.previousExpiresAt, .readOnly,
                .about("Until when the previous secret is valid.")),
        ])

    /// The time for which a rotated secret goes on opening.
    static let overlap: Duration = .seconds(86_400)

    /// Gives the key a new secret, which is returned once.
    mutating func renewSecret() -> String {
        let secret = RandomToken.make(prefix: "bk_", characters: 40)
        prefix = String(secret.prefix(8))
        digest = Self.digest(of: secret)
        return secret
    }

    static func digest(of secret: String) -> String { Hex.encode(SHA256.hash(secret)) }

    package func prepare(replacing old: APIKey?, by actor: Actor, in tx: Transaction) throws {
        var faults = Faults()
        if scopes.isEmpty { faults.add("/scopes", "required", "scopes must name at least one scope.") }
        let catalog = tx.roles.permissionCatalog
        for (index, scope) in scopes.enumerated() where !catalog.all.contains(Permission(scope)) {
            faults.add(
                "/scopes/\(index)", "invalid_choice", "The scope \(scope) does not exist.",
                choices: catalog.names)
        }
        for (index, address) in allowedAddresses.enumerated() where AddressRange(address) == nil {
            faults.add(
                "/allowed_addresses/\(index)", "invalid_address",
                "Each address must be an IP address or range, such as 203.0.113.7 or 203.0.113.0/24.")
        }
        if old == nil, let expiresAt, expiresAt <= tx.now {
            faults.add("/expires_at", "out_of_range", "expires_at must be in the future.")
        }
        try faults.throwIfAny()
    }

    package func saved(replacing old: APIKey?, by actor: Actor, in tx: Transaction) throws {
        tx.sessions.forgetCredentials()
    }
    package func deleted(by actor: Actor, in tx: Transaction) throws { tx.sessions.forgetCredentials() }
}

extension APIKeyStore where Base == Transaction {
    /// Makes a key; answers the secret, which is shown once.
    package func create(_ key: inout APIKey, by actor: Actor) throws -> String {
        let secret = key.renewSecret()
        key.createdBy = actor.id
        try tx.create(&key, by: actor)
        return secret
    }
}

func apiKeyRoutes(_ routes: inout Routes, _ services: PlatformServices) {
    routes.standard(
        APIKey.resource, read: "api_keys:read", write: "api_keys:write", create: false, patch: false,
        delete: false)
    routes.schema(
        "APIKeyWithSecret",
        APIKey.schema.jsonSchema(.record).showing(
            "secret", "The secret that programs send as Authorization: Bearer; shown once.",
            "bk_NyT02TGuSUmBrMzfykmDknY4NaBKTYTsyt8EVJPk"))
    routes.delete(
        "/v1/api-keys/{id}", .permission("api_keys:write"), "Delete an API key, which stops working",
        .empty("The record was deleted.")
    ) { call in
        let id = try call.id("id", of: APIKey.self)
        return .write { tx in
            let key = try APIKey.resource.get(id, in: tx)
            try call.checkVersion(key.version)
            try call.requireHeld(key.scopes, of: services.permissions)
            try tx.delete(key, by: call.actor)
            return .noContent
        }
    }
    routes.post(
        "/v1/api-keys", .permission("api_keys:write"), "Create an API key, and get its secret, shown once",
        body: .json(.reference("APIKeyCreate")), holdsSecret: true,
        .json(.reference("APIKeyWithSecret"), status: 201, "The key, with its secret.")
    ) { call in
        let body = try call.object()
        return .write { tx in
            var key = APIKey.new(id: tx.nextID(), now: tx.now), faults = Faults()
            APIKey.schema.create(&key, from: body, faults: &faults)
            faults.refuseBlankAddresses(in: body)
            try faults.throwIfAny()
            try call.requireHeld(key.scopes, of: services.permissions)
            let secret = try tx.apiKeys.create(&key, by: call.actor)
            return .record(
                key, status: 201, location: "/v1/api-keys/\(key.id)", extra: ["secret": .string(secret)])
        }
    }
    routes.patch(
        "/v1/api-keys/{id}", .permission("api_keys:write"), "Update an API key",
        body: .json(.reference("APIKeyPatch")),
        .record(APIKey.resource)
    ) { call in
        let (id, body) = try (call.id("id", of: APIKey.self), call.object())
        return .write { tx in
            let old = try APIKey.resource.get(id, in: tx)
            try call.checkVersion(old.version)
            var new = old, faults = Faults()
            _ = APIKey.schema.patch(&new, with: body, faults: &faults)
            faults.refuseBlankAddresses(in: body)
            try faults.throwIfAny()
            try call.requireHeld(old.scopes + new.scopes, of: services.permissions)
            try tx.update(old, to: &new, by: call.actor)
            return .record(new)
        }
    }
    routes.post(
        "/v1/api-keys/{id}/rotate", .permission("api_keys:write"),
        "Rotate an API key's secret, and get the new one, shown once; the previous one works for another day",
        holdsSecret: true, .json(.reference("APIKeyWithSecret"), "The key, with its new secret.")
    ) { call in
        let id = try call.id("id", of: APIKey.self)
        return .write { tx in
            let old = try APIKey.resource.get(id, in: tx)
            try call.requireHeld(old.scopes, of: services.permissions)
            var new = old
            let secret = new.renewSecret()
            new.previousDigest = old.digest
            new.previousExpiresAt = tx.now + APIKey.overlap
            try tx.update(old, to: &new, by: call.actor)
            return .record(new, extra: ["secret": .string(secret)])
        }
    }
}

extension Faults {
    /// Refuses blank addresses. They are dropped from the list, and a list of nothing else would become empty and
    /// allow every address.
    mutating func refuseBlankAddresses(in body: JSONObject) {
        for (index, address) in (body["allowed_addresses"]?.array ?? []).enumerated()
        where address.text?.trimmed.isEmpty == true {
            add(
                "/allowed_addresses/\(index)", "invalid_address",
                "Each address must be an IP address or range, such as 203.0.113.7 or 203.0.113.0/24.")
        }
    }
}

extension Call {
    /// Nobody hands out a permission that they do not hold themselves.
    func requireHeld(_ permissions: [String], of catalog: PermissionCatalog) throws(Problem) {
        for permission in permissions.map({ Permission($0) }) where catalog.all.contains(permission) {
            guard principal?.permissions.contains(permission) == true else {
                throw Problem(
                    .forbidden,
                    "You do not have the permission \(permission.name) yourself: leave the scope out.")
            }
        }
    }
}
