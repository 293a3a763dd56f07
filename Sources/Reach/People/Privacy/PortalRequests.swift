internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Telemetry
internal import Tenancy

/// Enters what people of clients get for themselves in the portal into the register: they have signed in, and were
/// answered at once. Their open request for access is completed with it.
struct PortalRequests: PortalExportListener {
    func exported(_ body: JSON, to user: User, by actor: Actor, in tx: Transaction) throws {
        let result = SubjectRequest.result(exported: body)
        let mine: SQL = "kind = 'access' AND address_digest = \(tx.privacyRequests.digest(of: user.email))"
        if let open = try SubjectRequest.resource.first(
            where: mine + " AND status IN ('received', 'in_progress')", suffix: "ORDER BY id LIMIT 1", in: tx)
        {
            return try tx.privacyRequests.complete(
                open.id, by: .system, identity: .signedIn, result: result)
        }
        // A person who looks several times a day has asked once.
        let yesterday = tx.now - .seconds(86_400)
        guard
            try SubjectRequest.resource.first(
                where: mine + " AND source = 'portal' AND received_at > \(yesterday)", suffix: "LIMIT 1",
                in: tx) == nil
        else { return }
        var request = SubjectRequest.new(id: tx.nextID(), now: tx.now)
        (request.name, request.address, request.contactID) = (user.name, user.email, user.contactID)
        (request.kind, request.source, request.identityCheck) = (.access, .portal, .signedIn)
        (request.status, request.closedAt, request.result) = (.completed, tx.now, result)
        try tx.create(&request, by: .system)
    }
}
