internal import Caching
internal import Cryptography
internal import Database
internal import Telemetry
internal import Tenancy

/// The installation's key: from the configuration, or from the file in the data folder, which is made for
/// a new database.
func masterKey(_ configuration: Configuration, _ database: Database) throws -> MasterKey {
    guard configuration.masterKey.isEmpty else { return try MasterKey(base64: configuration.masterKey) }
    let path = configuration.masterKeyFile
    guard try isFile(path) || !SigningKeys.areThere(database) else {
        throw CommandFailure(
            "the master key is missing: \(path)",
            "Put it back from where you keep it (bureau backup leaves it beside the backup), or set BUREAU_MASTER_KEY."
        )
    }
    return try MasterKey.atFile(path)
}

extension Configuration {
    var masterKeyFile: String { data + "/master.key" }
}

/// The secrets that sign access tokens, kept in the database under the master key.
///
/// A row's `wrapped` holds a data key wrapped by the master key, and behind it the secret that this
/// key has sealed: the master key itself seals nothing but keys.
enum SigningKeys {
    /// Made anew after this time.
    static let lifetime: Duration = .seconds(90 * 86_400)
    private static let context = "signing_keys"
    /// A wrapped key is a sealed value of 32 bytes.
    private static let keyCount = SealingKey.overhead + 32

    private struct Stored {
        let id: String, wrapped: [UInt8], createdAt: Instant
    }

    /// The ring of the newest key and the one before it; makes the first one, and the next one in its time.
    static func load(_ database: Database, _ master: MasterKey) throws -> JWTKeyRing {
        var keys = try stored(database)
        if keys.isEmpty || Instant.wallClock() - keys[0].createdAt > lifetime {
            try make(database, master, replacing: keys.first?.id)
            keys = try stored(database)
        }
        let opened = try keys.prefix(2).map { try open($0, master) }
        guard let current = opened.first else { throw CommandFailure("no signing key could be made") }
        return JWTKeyRing(
            issuer: "bureau", audience: "bureau", current: current, older: Array(opened.dropFirst()))
    }

    /// Throws where the master key is not the one that the database was used with.
    static func check(_ database: Database, _ master: MasterKey) throws {
        for key in try stored(database).prefix(2) { _ = try open(key, master) }
    }

    static func areThere(_ database: Database) throws -> Bool {
        try database.read(.platform) {
            try $0.exists("SELECT 1 FROM signing_keys WHERE tenant_id = \($0.tenant)")
        }
    }

    private static func stored(_ database: Database) throws -> [Stored] {
        try database.read(.platform) { reader in
            try reader.all(
                """
                SELECT id, wrapped, created_at FROM signing_keys
                WHERE tenant_id = \(reader.tenant) ORDER BY created_at DESC, id DESC
                """
            ) { Stored(id: $0.text(0), wrapped: $0.blob(1), createdAt: $0.instant(2)) }
        }
    }

    private static func open(_ stored: Stored, _ master: MasterKey) throws -> JWTKey {
        do {
            let key = try master.unwrap(Array(stored.wrapped.prefix(keyCount)), context: context)
            let secret = try key.open(Array(stored.wrapped.dropFirst(keyCount)), context: context)
            guard let key = JWTKey(secret: secret, id: stored.id) else { throw EnvelopeError.malformedKey }
            return key
        } catch is EnvelopeError {
            throw CommandFailure(
                "the master key does not open this database's keys",
                "Give the key that the folder was made with: BUREAU_MASTER_KEY, or its master.key."
            )
        }
    }

    /// Makes a new key, and deletes those older than the key before: their tokens ended long ago.
    private static func make(_ database: Database, _ master: MasterKey, replacing previous: String?) throws {
        let key = SealingKey()
        let wrapped =
            try master.wrap(key, context: context) + key.seal(SystemRandom.bytes(32), context: context)
        let id = RandomToken.make(characters: 12)
        try database.writeAndWait(.platform) { tx in
            try tx.run(
                """
                INSERT INTO signing_keys (tenant_id, id, wrapped, created_at)
                VALUES (\(tx.tenant), \(id), \(wrapped), \(Instant.wallClock()))
                """)
            try tx.run(
                """
                DELETE FROM signing_keys WHERE tenant_id = \(tx.tenant) AND id <> \(id) AND id <> \(previous ?? "")
                """)
        }
    }
}

/// The tenants' data keys: each seals what its tenant must keep secret at rest.
final class DataKeys: Sendable {
    private let database: Database
    private let master: MasterKey
    private let opened = Cache<TenantID, SealingKey>(capacity: 10_000)

    init(_ database: Database, _ master: MasterKey) { (self.database, self.master) = (database, master) }

    /// The platform seals, too: what public links say.
    func makePlatformKey() throws {
        let isThere = try database.read(.platform) {
            try $0.exists("SELECT 1 FROM data_keys WHERE tenant_id = \($0.tenant)")
        }
        guard !isThere else { return }
        let master = master
        try database.writeAndWait(.platform) { tx in try tx.makeDataKey(under: master) }
    }

    /// The key is derived from the platform's key, which stays the same when the master key is changed.
    func auditKey() throws -> HMACKey { try key(of: .platform).derivedKey(for: "audit") }

    var sealing: SecretSealing {
        SecretSealing(
            sealing: { bytes, tenant in try self.key(of: tenant).seal(bytes, context: tenant.rawValue) },
            opening: { bytes, tenant in try self.key(of: tenant).open(bytes, context: tenant.rawValue) })
    }

    private func key(of tenant: TenantID) throws -> SealingKey {
        try opened.value(of: tenant) {
            let wrapped = try database.read(tenant) { reader in
                try reader.first("SELECT wrapped FROM data_keys WHERE tenant_id = \(reader.tenant)") {
                    $0.blob(0)
                }
            }
            guard let wrapped else { throw EnvelopeError.unknownKey }
            return try master.unwrap(wrapped, context: tenant.rawValue)
        }
    }
}

extension Transaction {
    /// Gives a new tenant its data key.
    func makeDataKey(under master: MasterKey) throws {
        let wrapped = try master.wrap(SealingKey(), context: tenant.rawValue)
        try run(
            """
            INSERT INTO data_keys (tenant_id, wrapped, created_at) VALUES (\(tenant), \(wrapped), \(now))
            ON CONFLICT (tenant_id) DO NOTHING
            """)
    }
}
