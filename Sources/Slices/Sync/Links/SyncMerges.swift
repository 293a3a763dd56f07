internal import Agents
internal import Database
internal import JSON
internal import Jobs

/// Keeps companies that were merged from coming back: a pair that stays behind, since the kept company has one of its
/// own, remembers what the service was last known to have, so that the service's twins of it are known, too.
struct SyncMerges: MergeListener {
    let name = "syncs"

    func merged(_ gone: Subject, into kept: Subject, in tx: Transaction) throws -> JSON {
        let syncs = try tx.syncLinks.remember(gone.id, besides: kept.id)
        return syncs.isEmpty ? .null : JSON(syncs)
    }

    func unmerged(_ gone: Subject, from kept: Subject, _ noted: JSON, in tx: Transaction) throws {
        try tx.syncLinks.forget(gone.id, of: (noted.array ?? []).compactMap(\.text))
    }
}

extension SyncLinkStore where Base == Transaction {
    /// Has the pairs of a record that stay behind hold as sent what both sides agreed on; returns their syncs.
    fileprivate func remember(_ local: String, besides kept: String) throws -> [String] {
        try tx.all(
            """
            UPDATE sync_links SET is_dirty = 1,
                sent = '{"local":' || base || ',"others":' || coalesce(base_remote, '{}') || '}'
            WHERE tenant_id = \(tx.tenant) AND local_id = \(local) AND state = 'linked' AND sent IS NULL
                AND base IS NOT NULL AND EXISTS (
                    SELECT 1 FROM sync_links AS own
                    WHERE own.tenant_id = \(tx.tenant) AND own.sync_id = sync_links.sync_id
                        AND own.local_id = \(kept))
            RETURNING sync_id
            """
        ) { $0.text(0) }
    }

    /// Takes that back: what was sent long ago says nothing of what the service shows now.
    fileprivate func forget(_ local: String, of syncs: [String]) throws {
        try tx.run(
            """
            UPDATE sync_links SET sent = NULL
            WHERE tenant_id = \(tx.tenant) AND local_id = \(local) AND sync_id IN \(list: syncs)
            """)
    }
}
