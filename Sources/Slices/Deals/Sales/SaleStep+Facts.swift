internal import Database
internal import People
internal import Records

// Facts about the person who has answered.

extension SaleStep {
    func openQuestions(_ lead: LeadFacts) -> [OpenQuestion] {
        OpenQuestion.allCases.filter { question in
            switch question {
            case .budget: lead.budget == nil
            case .timeline: lead.timelineDays == nil
            case .authority: lead.authority == nil
            }
        }
    }

    /// Nobody reads a longer list.
    private static let painPointsMax = 20

    /// The lead with what the answer adds; what is known already is not overwritten by words in a mail.
    func learned(
        _ lead: LeadFacts, _ reading: ReplyReading, applying: Bool, isNeed: Bool
    ) throws -> LeadFacts {
        var facts = lead
        facts.budget = lead.budget ?? reading.budget
        facts.timelineDays = lead.timelineDays ?? reading.timelineDays
        facts.authority = lead.authority ?? reading.authority
        let new = !isNeed ? [] : reading.needs.compactMap(\.quote).filter { !lead.painPoints.contains($0) }
        facts.painPoints = Array((lead.painPoints + new).prefix(Self.painPointsMax))
        if applying { try services.dependencies.learn(tx, facts, .agent(salesAgent)) }
        return facts
    }

    func asked(_ contact: Contact) throws -> Int {
        Int(
            try tx.int(
                """
                SELECT count(*) FROM messages
                WHERE tenant_id = \(tx.tenant) AND contact_id = \(contact.id) AND topic = 'needs_assessment'
                    AND status <> 'cancelled'
                """) ?? 0)
    }

    func hasOpenProposal(_ deal: Deal?) throws -> Bool {
        guard let deal else { return false }
        return try tx.exists(
            """
            SELECT 1 FROM proposals
            WHERE tenant_id = \(tx.tenant) AND deal_id = \(deal.id) AND status IN ('sent', 'viewed')
            """)
    }
}
