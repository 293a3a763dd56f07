internal import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Telemetry
internal import Tenancy

extension OpportunityStore where Base == Transaction {
    private static var period: Duration { .seconds(60 * 86_400) }
    /// Fewer tasks than these say nothing about usage.
    private static var tasksMin: Int64 { 10 }

    /// Looks for what more a client may want, by what it uses and by what it has told; never of a client at risk.
    func grow(_ client: Client, _ dependencies: OpportunityDependencies) throws {
        guard client.status == .active, !client.isAtRisk, client.lifecycle != .ended,
            let package = client.packageID
        else { return }
        try growByUse(client, package, dependencies)
        try growByNeeds(client, package, dependencies)
    }

    private func growByUse(
        _ client: Client, _ package: PackageID, _ dependencies: OpportunityDependencies
    ) throws {
        let middle = tx.now - Self.period
        // A new client has nothing to be compared with.
        guard client.createdAt <= middle - Self.period else { return }
        let now = try done(for: client.id, from: middle, to: tx.now)
        guard now >= Self.tasksMin, try open(.upgrade, of: client.id) == nil,
            try 2 * now >= 3 * max(1, done(for: client.id, from: middle - Self.period, to: middle)),
            let next = try dependencies.dearer(tx, package)
        else { return }
        let month = try tx.agency.tenant().today(tx.now).iso.prefix(7)
        let tasks = try tx.all(
            """
            SELECT id FROM tasks WHERE tenant_id = \(tx.tenant) AND client_id = \(client.id)
                AND completed_at > \(middle) AND completed_at <= \(tx.now) ORDER BY completed_at DESC, id LIMIT 50
            """
        ) { $0.text(0) }
        try raise(.upgrade, for: client, key: "usage:\(client.id):\(month)", because: "usage") {
            ($0.packageID, $0.value, $0.evidence) = (next.id, next.price, tasks)
        }
    }

    private func done(for client: ClientID, from start: Instant, to end: Instant) throws -> Int64 {
        try tx.int(
            """
            SELECT count(*) FROM tasks WHERE tenant_id = \(tx.tenant) AND client_id = \(client)
                AND completed_at > \(start) AND completed_at <= \(end)
            """) ?? 0
    }

    private func growByNeeds(
        _ client: Client, _ package: PackageID, _ dependencies: OpportunityDependencies
    ) throws {
        guard try open(.crossSell, of: client.id) == nil else { return }
        let told = client.handover["requirements"]
        let sold = ["explicit", "implicit"].flatMap { (told?[$0]?.array ?? []).compactMap(\.text) }
        let said = try client.leadID.map { try dependencies.needs(tx, $0) } ?? []
        guard !(sold + said).isEmpty, let found = try dependencies.answering(tx, sold + said, package) else {
            return
        }
        let month = try tx.agency.tenant().today(tx.now).iso.prefix(7)
        try raise(.crossSell, for: client, key: "cross_sell:\(client.id):\(found.package.id):\(month)") {
            ($0.packageID, $0.value) = (found.package.id, found.package.price)
            // Heard as a lead, or handed over by whoever sold.
            $0.evidence = [
                client.leadID.flatMap { said.contains(found.need) ? "\($0)" : nil } ?? "\(client.id)"
            ]
            $0.reason = String("\($0.reason ?? "") “\(found.need)”".prefix(2000))
        }
    }
}
