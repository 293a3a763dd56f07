internal import Agents
internal import Cryptography
package import Database
package import JSON
internal import Jobs
package import Nouns
package import Records
internal import Telemetry

/// The register of privacy requests: `tx.privacyRequests`.
package struct SubjectRequestStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    package var privacyRequests: SubjectRequestStore<Self> { SubjectRequestStore(tx: self) }
}

extension SubjectRequestStore {
    /// Returns the digest of an address, which tells the same address again. The agency's id is part of it, so that
    /// agencies cannot compare theirs.
    func digest(of address: String) -> String {
        let plain = EmailAddress(address)?.key ?? address.lowercased()
        return Hex.encode(SHA256.hash("\(tx.tenant.rawValue):\(plain)"))
    }

    /// Returns the one contact whom the email address means; `nil` where there is none, or where several have it.
    func contact(at address: String?) throws -> ContactID? {
        guard let key = address.flatMap({ EmailAddress($0)?.key }) else { return nil }
        let found = try tx.contacts.all(at: key)
        return found.count == 1 ? found[0].id : nil
    }

    /// Returns an open request whose person has been confirmed, and which the operation answers.
    package func answerable(
        _ id: ID<SubjectRequest>, by operation: String, _ kinds: Set<SubjectRequest.Kind>
    ) throws -> SubjectRequest {
        let request = try SubjectRequest.resource.get(id, in: tx)
        try request.requireOpen()
        guard kinds.contains(request.kind) else {
            throw Problem(
                .conflict, "A request for \(request.kind.rawValue) is not answered with an \(operation).")
        }
        try request.requireIdentity()
        return request
    }
}

extension SubjectRequest {
    /// Returns the result of an export: how much was handed out, and the digest by which a file is known again. The
    /// file itself is not kept: it would be one more copy of everything.
    package static func result(exported body: JSON) -> JSON {
        let counts = (body["data"]?.object?.members ?? []).compactMap { name, items in
            items.array.map { (name, JSON.integer(Int64($0.count))) }
        }
        return [
            "exported": .object(JSONObject(counts)), "sha256": .string(Hex.encode(SHA256.hash(body.serialized))),
        ]
    }

    func requireOpen() throws {
        guard isOpen else {
            throw Problem(.conflict, "The request has already been \(status.rawValue): enter a new one.")
        }
    }

    /// Nothing is handed out or erased for somebody else (GDPR art. 12(6)).
    func requireIdentity() throws {
        guard identityCheck != nil else {
            throw Problem(.conflict, "The request lacks identity_check: confirm who asks, and set it first.")
        }
    }
}

extension SubjectRequestStore where Base == Transaction {
    /// Completes a request with what was done, as it is stored now: an erasure may have emptied it.
    package func complete(
        _ id: ID<SubjectRequest>, by actor: Actor, identity: SubjectRequest.IdentityCheck? = nil, result: JSON
    ) throws {
        guard let old = try SubjectRequest.resource.find(id, in: tx) else { return }
        var request = old
        (request.status, request.closedAt) = (.completed, tx.now)
        (request.identityCheck, request.result) = (request.identityCheck ?? identity, result)
        request.handledBy = request.handledBy ?? actor.userID
        try tx.update(old, to: &request, by: actor, action: "privacy_request.completed")
        try tx.publish("privacy_request.completed", request.subject)
    }

    /// Empties the requests that were made with the address of a request, and that name no contact or lead.
    package func forget(like request: SubjectRequest) throws {
        guard let digest = request.addressDigest else { return try empty([request]) }
        try empty(
            SubjectRequest.resource.all(
                where: "address_digest = \(digest)", suffix: "ORDER BY id LIMIT 10000", in: tx))
    }

    /// Empties the requests that were made with one of the addresses and name nobody; returns how many there were.
    func forget(addresses: Set<String>) throws -> Int {
        guard !addresses.isEmpty else { return 0 }
        let digests = addresses.sorted().map { digest(of: $0) }
        let found = try SubjectRequest.resource.all(
            where:
                "contact_id IS NULL AND lead_id IS NULL AND address IS NOT NULL AND address_digest IN \(list: digests)",
            suffix: "ORDER BY id LIMIT 10000", in: tx)
        try empty(found)
        return found.count
    }

    private func empty(_ requests: [SubjectRequest]) throws {
        for request in requests { _ = try tx.personalRecords.erase(request) }
    }

    /// Enters what a person asked for in a mail; asked again while it is open, it is the same request.
    package func receive(_ kind: SubjectRequest.Kind, from contact: Contact, in message: MessageID) throws
        -> SubjectRequest
    {
        if let open = try SubjectRequest.resource.first(
            where:
                "contact_id = \(contact.id) AND kind = \(kind.rawValue) AND status IN ('received', 'in_progress')",
            suffix: "ORDER BY id LIMIT 1", in: tx)
        {
            return open
        }
        var request = SubjectRequest.new(id: tx.nextID(), now: tx.now)
        (request.name, request.address) = (contact.name, contact.email ?? contact.phone)
        (request.kind, request.source) = (kind, .email)
        (request.contactID, request.messageID) = (contact.id, message)
        try tx.create(&request, by: .system)
        return request
    }
}
