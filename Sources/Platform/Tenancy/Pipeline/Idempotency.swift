package import Agents
internal import Cryptography
package import Database
internal import HTTPServer
internal import JSON
package import Jobs
internal import Records
internal import Routing
internal import Telemetry
internal import Wire

/// The right of a request to be repeated: its key, and what it was.
struct Idempotency: Sendable {
    static let lifetime: Duration = .seconds(86_400)

    let principal: String
    let key: String
    /// Over method, target and body: another request under the same key is refused.
    let fingerprint: [UInt8]
    /// Seals answers that hold a secret.
    let seal: SecretSealing?

    /// `nil` when the request has no key. Keys belong to a principal of a tenant, or to an operator of the platform.
    init?(_ request: Request, _ route: Route, _ principal: Principal?, secrets: SecretSealing) throws(Problem)
    {
        guard request.head.method == "POST", let principal,
            principal.tenantID != nil || principal.isPlatformAdmin,
            let key = request.head.header("Idempotency-Key")
        else { return nil }
        guard (1...255).contains(key.utf8.count), key.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw Problem(.invalidParameter, "Idempotency-Key must have from 1 to 255 visible characters.")
        }
        self.principal = principal.actor.id
        self.key = key
        seal = route.holdsSecret ? secrets : nil
        let digest = SHA256()
        digest.update(Array(request.head.target.utf8) + [0])
        switch request.body {
        case .empty: break
        case .bytes(let bytes): digest.update(bytes)
        case .spooled(let body): digest.update(body.digest ?? [])
        }
        fingerprint = digest.finish()
    }

    /// The answer that was given before; throws when the key belongs to another request.
    func stored(in reader: some Queryable) throws -> Response? {
        let found = try reader.first(
            """
            SELECT fingerprint, status, headers, body FROM idempotency
            WHERE tenant_id = \(reader.tenant) AND principal = \(principal) AND idempotency_key = \(key)
            AND created_at > \(reader.now - Self.lifetime)
            """
        ) { ($0.blob(0), $0.int(1), $0.text(2), $0.blob(3)) }
        guard let (print, status, headers, body) = found else { return nil }
        guard constantTimeEqual(print, fingerprint) else { throw Problem(.idempotencyKeyReused) }
        let content = try seal?.open(body, reader.tenant) ?? body
        var answer = Response(status: status, body: content.isEmpty ? .empty : .bytes(content))
        for (name, value) in JSON(stored: headers).object?.members ?? [] {
            answer.setHeader(name, value.text ?? "")
        }
        answer.setHeader("Idempotency-Replayed", "true")
        return answer
    }

    /// Keeps the answer in the transaction of what it tells.
    func store(_ answer: Response, in tx: Transaction) throws {
        var headers = JSONObject()
        for (name, value) in answer.headers { headers[name] = .string(value) }
        var body = answer.body.bytes
        if let seal { body = try seal.close(body, tx.tenant) }
        try tx.run(
            """
            INSERT INTO idempotency (tenant_id, principal, idempotency_key, fingerprint, status, headers, body, created_at)
            VALUES (\(tx.tenant), \(principal), \(key), \(fingerprint), \(answer.status),
                \(JSON.object(headers).serialized), \(body), \(tx.now))
            ON CONFLICT (tenant_id, principal, idempotency_key) DO UPDATE SET fingerprint = excluded.fingerprint,
                status = excluded.status, headers = excluded.headers, body = excluded.body, created_at = excluded.created_at
            """)
    }

    /// Runs `work` unless its answer is known.
    func answer(in tx: Transaction, _ work: (Transaction) throws -> Response) throws -> Response {
        if let known = try stored(in: tx) { return known }
        var answer = try work(tx)
        answer.settle()
        try store(answer, in: tx)
        return answer
    }
}

/// Encrypts what is kept for a tenant and must not be read from the disk.
package struct SecretSealing: Sendable {
    package let close: @Sendable ([UInt8], TenantID) throws -> [UInt8]
    package let open: @Sendable ([UInt8], TenantID) throws -> [UInt8]

    /// A text, sealed, as text.
    package func closeText(_ text: String, _ tenant: TenantID) throws -> String {
        Base64.encode(try close(Array(text.utf8), tenant))
    }

    package func openText(_ sealed: String, _ tenant: TenantID) throws -> String {
        String(decoding: try open(Base64.decode(sealed) ?? [], tenant), as: UTF8.self)
    }
}

extension SecretSealing {
    package init(
        sealing: @escaping @Sendable ([UInt8], TenantID) throws -> [UInt8],
        opening: @escaping @Sendable ([UInt8], TenantID) throws -> [UInt8]
    ) {
        self.init(close: sealing, open: opening)
    }
}

/// The stored answers to repeated requests, from which personal data is erased. The record that a request was answered
/// stays, so that it is not run again.
package struct AnsweredRequests: PersonalData {
    package let name = "kept_answers"
    package init() {}

    private static let forgotten = Array(#"{"erased":true}"#.utf8)

    package func erase(_ subjects: [Subject], _ words: PersonalIdentifiers, in tx: Transaction) throws -> Int
    {
        let known = subjects.map(\.id) + words.addresses.filter { $0.utf8.count >= 6 }
        let kept = try tx.all(
            "SELECT principal, idempotency_key, body FROM idempotency WHERE tenant_id = \(tx.tenant)"
        ) { ($0.text(0), $0.text(1), String(decoding: $0.blob(2), as: UTF8.self)) }
        let theirs = kept.filter { answer in known.contains { answer.2.contains($0) } }
        for (principal, key, _) in theirs {
            try tx.run(
                """
                UPDATE idempotency SET body = \(Self.forgotten)
                WHERE tenant_id = \(tx.tenant) AND principal = \(principal) AND idempotency_key = \(key)
                """)
        }
        return theirs.count
    }
}
