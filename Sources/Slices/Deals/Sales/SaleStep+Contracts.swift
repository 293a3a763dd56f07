internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import People
internal import Records
internal import Templates

extension SaleStep {
    /// An accepted proposal gets its contract.
    func accepted(_ id: ID<Proposal>) throws -> String? {
        guard let proposal = try Proposal.resource.find(id, in: tx), proposal.status == .accepted,
            try !tx.exists(
                "SELECT 1 FROM contracts WHERE tenant_id = \(tx.tenant) AND proposal_id = \(id)")
        else { return nil }
        let made = try run.decide(
            in: tx, proposal.subject,
            Conclusion(
                outcome: JSON.object(["step": "contract"]).saying("detail", Saying("sale.accepted")),
                confidence: 1,
                model: ["name": "rules", "version": "1"], inputs: ["proposal_id": JSON(id)]))
        guard made.isNew,
            try run.may(
                "create_record", ["type": "contract"], permission: "contracts:write", about: proposal.subject,
                decision: made.id, in: tx)
        else { return nil }
        var contract = Contract.new(id: tx.nextID(), now: tx.now)
        contract.proposalID = id
        try services.create(&contract, by: .agent(salesAgent), in: tx)
        guard settings.sendsContracts,
            let contact = try contract.contactID.flatMap({ try Contact.resource.find($0, in: tx) })
        else { return "contract" }
        try SaleDocument.contract(contract.id).leave(
            to: contact, amount: contract.price, because: Saying("approval.accepted").english,
            from: Origin(run: .agent(run.id), decision: made.id), in: tx)
        return "contract"
    }
}
