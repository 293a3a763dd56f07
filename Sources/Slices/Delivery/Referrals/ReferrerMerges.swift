internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Records
internal import Telemetry

/// Has the referrals of a contact who is merged into another be that one's: a document holds the referrer.
struct ReferrerMerges: MergeListener {
    let name = "referrals"

    func merged(_ gone: Subject, into kept: Subject, in tx: Transaction) throws -> JSON {
        let ids = try tx.referrals.all(of: gone.id)
        try tx.referrals.give(ids, from: gone.id, to: kept.id)
        return ids.isEmpty ? .null : JSON(ids)
    }

    func unmerged(_ gone: Subject, from kept: Subject, _ noted: JSON, in tx: Transaction) throws {
        try tx.referrals.give((noted.array ?? []).compactMap(\.text), from: kept.id, to: gone.id)
    }
}

extension ReferralStore where Base == Transaction {
    fileprivate func all(of referrer: String) throws -> [String] {
        let quoted = "%\"" + referrer + "\"%"
        return try tx.all(
            """
            SELECT id FROM referrals
            WHERE tenant_id = \(tx.tenant) AND referrer LIKE \(quoted) ORDER BY id
            """
        ) { $0.text(0) }
    }

    fileprivate func give(_ ids: [String], from old: String, to new: String) throws {
        guard !ids.isEmpty else { return }
        try tx.run(
            """
            UPDATE referrals SET referrer = replace(referrer, \(old), \(new)), version = version + 1,
                updated_at = \(tx.now)
            WHERE tenant_id = \(tx.tenant) AND id IN \(list: ids)
            """)
    }
}
