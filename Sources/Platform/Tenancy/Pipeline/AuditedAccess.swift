internal import Agents
internal import Database
internal import HTTPServer
internal import JSON
internal import Jobs
internal import Records
internal import Routing
internal import Synchronization
internal import Telemetry

/// Something that nobody's data shows afterwards, and that an agency wants to know of all the same: a key at work, a
/// refusal, a file that was taken along.
struct AuditedAccess: Sendable {
    /// The period in which equal access is told once.
    enum Period: Int64 { case hour = 3600, day = 86_400 }

    let actor: Actor, action: String, subject: Subject, details: JSONObject, period: Period

    private init(
        _ actor: Actor, _ action: String, _ subject: Subject, _ details: JSONObject,
        once period: Period = .hour
    ) {
        (self.actor, self.action, self.subject, self.details) = (actor, action, subject, details)
        self.period = period
    }

    /// A key came from an address.
    static func use(of key: Actor, from address: RemoteAddress) -> AuditedAccess {
        AuditedAccess(key, "api_key.used", key.subject, ["address": .string(address.description)], once: .day)
    }

    /// A good credential was presented where it may not be used.
    static func refusal(of actor: Actor, at address: RemoteAddress) -> AuditedAccess {
        AuditedAccess(
            actor, "access.refused", actor.subject,
            ["reason": "address", "address": .string(address.description)])
    }

    /// Somebody asked for what they may not do. The pattern of the path names no record and no person.
    static func refusal(of actor: Actor, _ route: Route, from address: RemoteAddress?) -> AuditedAccess {
        AuditedAccess(
            actor, "access.refused", actor.subject,
            [
                "reason": "forbidden", "method": .string(route.method), "path": .string(route.pattern),
                "address": JSON(address?.description),
            ])
    }

    /// A file was taken along; `address` of whoever came by a link, without a name.
    static func download(_ file: StoredFile, by actor: Actor, address: RemoteAddress? = nil) -> AuditedAccess
    {
        var details: JSONObject = [:]
        if let address {
            details.append("by", "link")
            details.append("address", .string(address.description))
        }
        return AuditedAccess(actor, "file.downloaded", file.subject, details)
    }

    /// The installation's operator looked at an agency.
    static func look(at tenant: Tenant, by actor: Actor) -> AuditedAccess {
        AuditedAccess(actor, "tenant.viewed", tenant.subject, [:])
    }
}

extension Principal {
    /// The tenant whose audit tells of their acts: platform administrators have one of their own.
    var scope: TenantID { tenantID ?? .platform }
}

extension Actor {
    fileprivate var subject: Subject { Subject(type: kind.rawValue, id: id) }
}

/// Which accesses stand in an audit already: an entry for each would bury those that are worth a look.
final class KnownAccesses: Sendable {
    private static let countMax = 100_000

    struct Key: Hashable {
        let tenant: TenantID, actor: Actor, action: String, subject: Subject, details: String
    }

    private let told = Mutex<[Key: Int64]>([:])

    func isNew(_ key: Key, in period: Int64) -> Bool {
        told.withLock { told in
            guard told[key] != period else { return false }
            if told.count >= Self.countMax { told = [:] }
            told[key] = period
            return true
        }
    }

    func forget(_ key: Key) { told.withLock { _ = $0.removeValue(forKey: key) } }
}

extension PlatformServices {
    /// Has an access audited, unless the same was in its period. Sandboxes are without: their audits tell what was done
    /// in a time of their own.
    func audit(_ access: AuditedAccess, in tenant: TenantID) {
        let key = KnownAccesses.Key(
            tenant: tenant, actor: access.actor, action: access.action, subject: access.subject,
            details: JSON.object(access.details).serialized)
        guard knownAccesses.isNew(key, in: now().seconds / access.period.rawValue) else { return }
        let (knownAccesses, log) = (knownAccesses, log)
        database.submit(tenant, .batch) { tx in
            guard !tx.sandboxClock.isSandbox else { return }
            try tx.auditLog.add(access.actor, access.action, access.subject, .object(access.details))
        } completion: { result in
            guard case .failure(let error) = result else { return }
            knownAccesses.forget(key)
            log.warning("an access could not be audited", ["error": .init(error)])
        }
    }
}
