internal import Addresses
internal import Database
internal import Records

/// Keeps segments in step with what is found out about addresses, which changes records without an event of theirs.
struct SegmentAddresses: AddressListener {
    func changed(_ emails: [String], isGood: Bool, in tx: Transaction) throws {
        for kind in [Segment.Kind.leads, .contacts] {
            let ids = try tx.all(
                """
                SELECT id FROM \(trusted: kind.rawValue) WHERE tenant_id = \(tx.tenant) AND email IN \(list: emails)
                """
            ) { $0.text(0) }
            for chunk in ids.parts(of: SegmentStore<Transaction>.chunk) {
                try tx.segments.judge(changed: chunk, of: kind, onlyActivity: false)
            }
        }
    }
}
