internal import Database
internal import JSON
internal import Records
internal import Runtime

/// The data that selling keeps about people: what they need and want, how they answered, when they met with us. What
/// they have accepted or signed is the proof of it, and stays.
struct SoldData: PersonalData {
    static let name = "deals"

    func export(_ subjects: [Subject], in reader: Reader) throws -> [JSON] {
        let theirs = Theirs(subjects)
        return try all(Deal.self, theirs.sold, in: reader) + all(Proposal.self, theirs.sold, in: reader)
            + all(Contract.self, theirs.sold, in: reader) + all(Meeting.self, theirs.met, in: reader)
    }

    private func all<R: Record>(_ type: R.Type, _ condition: SQL, in reader: Reader) throws -> [JSON] {
        try R.resource.all(where: condition, suffix: "ORDER BY id LIMIT 10000", in: reader).map { record in
            ["type": .string(R.noun), "record": R.schema.json(record)]
        }
    }

    func related(to subjects: [Subject], in reader: some Queryable) throws -> [Subject] {
        let theirs = Theirs(subjects)
        func found<R: Record>(_ type: R.Type, _ condition: SQL) throws -> [Subject] {
            try R.resource.all(where: condition, suffix: "ORDER BY id LIMIT 10000", in: reader).map {
                Subject(type: R.noun, id: $0.id.text)
            }
        }
        return try found(Deal.self, theirs.sold) + found(Proposal.self, theirs.sold)
            + found(Contract.self, theirs.sold) + found(Meeting.self, theirs.met)
    }

    func kept(_ subjects: [Subject], in tx: Transaction) throws -> [KeptData] {
        [
            KeptData(
                "proposals and contracts",
                "Accepted and signed documents, and who accepted them, are kept as proof (GDPR art. 17(3)(e))."
            ),
            KeptData("invoices and payments", "Accounts have to be kept by law (GDPR art. 17(3)(b))."),
        ]
    }

    func erase(_ subjects: [Subject], in tx: Transaction) throws -> Int {
        let theirs = Theirs(subjects)
        try forgetQuestions(about: theirs, in: tx)
        return try rewrite(Deal.self, theirs.sold, in: tx) { deal in
            (deal.needs, deal.preferences, deal.notes) = (Parts(), nil, nil)
        }
            + rewrite(Proposal.self, theirs.sold, in: tx) { proposal in
                proposal.notes = nil
                guard proposal.status != .accepted else { return }
                (proposal.needs, proposal.introduction) = ([], nil)
                (proposal.evidence, proposal.declineReason) = (.null, nil)
            }
            + rewrite(Contract.self, theirs.sold, in: tx) { contract in
                contract.notes = nil
                guard contract.status != .signed else { return }
                (contract.evidence, contract.declineReason) = (.null, nil)
            }
            + rewrite(Meeting.self, theirs.met, in: tx) { meeting in
                (meeting.inviteeEmail, meeting.notes, meeting.location) = (nil, nil, nil)
                (meeting.rescheduleURL, meeting.cancelURL, meeting.cancelReason) = (nil, nil, nil)
            }
    }

    /// Withdraws offers and forgets approvals: questions about documents and offers quote whom they are for.
    private func forgetQuestions(about theirs: Theirs, in tx: Transaction) throws {
        func ids<R: Record>(_ type: R.Type, _ condition: SQL) throws -> [String] {
            try R.resource.all(where: condition, suffix: "ORDER BY id LIMIT 10000", in: tx).map(\.id.text)
        }
        let deals = try ids(Deal.self, theirs.sold)
        // Nobody is asked about an offer any more, so that it is not left waiting.
        for old in try DealOffer.resource.all(
            where: "deal_id IN \(list: deals) AND status = 'pending'", suffix: "ORDER BY id LIMIT 10000",
            in: tx)
        {
            var offer = old
            (offer.status, offer.decidedAt) = (.withdrawn, tx.now)
            try tx.update(old, to: &offer, by: .system)
        }
        let asked =
            try ids(Proposal.self, theirs.sold) + ids(Contract.self, theirs.sold)
            + ids(DealOffer.self, "deal_id IN \(list: deals)")
        for id in asked {
            let owner = (kind: AgentEffects.owner, id: id)
            try tx.withdrawApprovals(of: owner, because: "The person whom it was for was erased.")
            try tx.forgetApprovals(of: owner)
        }
    }

    /// Changes records without a word of what was there; how many had something to take away.
    private func rewrite<R: Record>(
        _ type: R.Type, _ condition: SQL, in tx: Transaction, _ change: (inout R) -> Void
    ) throws -> Int {
        var count = 0
        for old in try R.resource.all(where: condition, suffix: "ORDER BY id LIMIT 10000", in: tx) {
            var record = old
            change(&record)
            guard R.schema.json(record) != R.schema.json(old) else { continue }
            (record.version, record.updatedAt) = (old.version + 1, tx.now)
            try R.resource.update(old, to: record, in: tx)
            count += 1
        }
        return count
    }
}

/// Which records are about somebody, who is known as a contact, and as leads.
private struct Theirs {
    let sold: SQL, met: SQL

    init(_ subjects: [Subject]) {
        func ids(_ type: String) -> [String] {
            let found = subjects.filter { $0.type == type }.map(\.id)
            return found.isEmpty ? [""] : found
        }
        let contacts = ids("contact")
        sold = "(contact_id IN \(list: contacts) OR lead_id IN \(list: ids("lead")))"
        met = "contact_id IN \(list: contacts)"
    }
}
