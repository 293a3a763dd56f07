internal import Agents
package import Database
package import JSON
package import Nouns
internal import People
package import Records

extension Lead {
    /// The lead that somebody is: of several, the one that is furthest from its end.
    package static func ofContact(_ contact: ContactID, in reader: some Queryable) throws -> Lead? {
        try resource.first(
            where: "contact_id = \(contact) AND status NOT IN ('archived', 'lost')",
            suffix: "ORDER BY row DESC LIMIT 1", in: reader)
            ?? resource.first(
                where: "contact_id = \(contact)", suffix: "ORDER BY row DESC LIMIT 1", in: reader)
    }

    /// Returns the lead's values, and which of three wordings a template takes at each of its places: leads at one
    /// company get different ones.
    package func templateValues(in reader: some Queryable) throws -> JSONObject {
        var values = templateValues
        values["wordings"] = .array(try wordings(in: reader).map { JSON($0) })
        return values
    }

    /// Chooses the wordings. Companies start at different ones, and the leads of a company take the next ones in the
    /// order of their creation.
    private func wordings(in reader: some Queryable) throws -> [Int] {
        let firm = companyKey ?? company
        let start = 3 * Int(firm.utf8.reduce(UInt32(7)) { ($0 &* 31) &+ UInt32($1) } % 3)
        let before = try companyID.map { id in
            try reader.int(
                """
                SELECT count(*) FROM (
                    SELECT 1 FROM leads WHERE tenant_id = \(reader.tenant) AND company_id = \(id) AND row < \(row)
                    LIMIT 1000) AS earlier
                """) ?? 0
        }
        let number = start + Int(before ?? 0)
        // Any three leads in a row differ at every place; only the tenth repeats the first.
        return (0..<3).map { place in (number + place * (number / 3)) % 3 }
    }

    /// The values that templates may use of it.
    package var templateValues: JSONObject {
        [
            "company": .string(company), "contact_name": JSON(contactName),
            "contact_title": JSON(contactTitle),
            "industry": JSON(industry), "location": JSON(location), "country": JSON(country),
            "website": JSON(website), "employee_count": JSON(employeeCount),
            "budget": budget.map(\.json) ?? .null, "timeline_days": JSON(timelineDays),
            "pain_points": JSON(painPoints), "tags": JSON(tags), "source": JSON(source),
            "score": JSON(score), "priority": JSON(priority?.rawValue), "next_action": JSON(nextAction),
            "technical_level": .string(technicalLevel.rawValue),
            "lifecycle_stage": .string(lifecycleStage.rawValue), "custom": .object(custom),
        ]
    }
}

extension LeadStore where Base == Transaction {
    /// Takes a lead on to a status that its deal has reached, over those between; one that is further already, or
    /// that a person has put elsewhere, stays.
    package func advance(_ id: LeadID, to status: Lead.Status) throws {
        guard let lead = try Lead.resource.find(id, in: tx) else { return }
        let way: [Lead.Status] = [
            .new, .researched, .scored, .qualified, .contacted, .engaged, .proposal, .negotiation, .won,
        ]
        guard let here = way.firstIndex(of: lead.status) else { return }
        let isEnd = status == .lost
        guard isEnd || (way.firstIndex(of: status).map { $0 > here } ?? false) else { return }
        var moved = lead
        moved.status = status
        try tx.update(lead, to: &moved, by: .dealing, action: "lead.advanced")
    }
}

extension Actor {
    /// Selling takes leads over stages at once.
    package static let dealing = Actor(.system, id: "deals")
}
