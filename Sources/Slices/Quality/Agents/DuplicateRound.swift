internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Transfer

/// Compares the records that have changed, merges leads that are surely the same where the settings say so, and
/// proposes what is likely.
struct DuplicateRound {
    private static let mergesMax = 500, proposalsMax = 100
    /// Less sure pairs are no proposal.
    private static let proposedFrom = 0.8
    let run: AgentRun
    let dependencies: QualityDependencies
    let settings: DataManagementSettings

    func finish() async throws -> JSON {
        try await dependencies.compareRecords(run.job.runtime.database, run.tenant)
        var merges: [String] = []
        let least = Double(settings.mergeFrom) / 100
        while settings.mergesLeads, merges.count < Self.mergesMax {
            try Task.checkCancellation()
            let dependencies = dependencies
            let made = try await run.write { tx -> String? in
                guard let pair = try tx.duplicates.pairs(of: "leads", limit: 1).first,
                    pair.confidence >= least,
                    try conclude(pair, "merge", in: tx)
                else { return nil }
                return try dependencies.mergeSurest(tx, least)
            }
            guard let merge = made else { break }
            merges.append(merge)
            try await dependencies.compareRecords(run.job.runtime.database, run.tenant)
        }
        var proposed: JSONObject = [:]
        for table in ["leads", "contacts", "companies", "clients"] {
            let pairs = try run.read { try $0.duplicates.pairs(of: table, limit: Self.proposalsMax) }
                .filter { $0.confidence >= Self.proposedFrom }
            proposed[table] = JSON(pairs.count)
            guard table == "leads", !pairs.isEmpty else { continue }
            try await run.write { tx in
                for pair in pairs { _ = try conclude(pair, "propose", in: tx) }
            }
        }
        run.processed(merges.count)
        return ["merged": JSON(merges.count), "merges": JSON(merges), "proposed": .object(proposed)]
    }

    /// Keeps a conclusion about a pair of leads; answers whether it may be acted on.
    private func conclude(_ pair: DuplicatePair, _ action: String, in tx: Transaction) throws -> Bool {
        let subject = Subject(type: "lead", id: pair.ids[0])
        let made = try run.decide(
            in: tx, subject,
            Conclusion(
                outcome: ["action": .string(action), "leads": JSON(pair.ids)], confidence: pair.confidence,
                factors: .array(pair.reasons.map { ["name": .string($0)] }),
                model: ["name": "duplicates", "version": "1"],
                inputs: ["leads": JSON(pair.ids), "reasons": JSON(pair.reasons)]))
        guard made.isNew, action == "merge" else { return false }
        return try run.may(
            "update_record", permission: "leads:write", about: subject, decision: made.id, in: tx)
    }
}
