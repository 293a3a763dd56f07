internal import Agents
internal import Database
internal import Facts
internal import Integrations
internal import Jobs
internal import Nouns
internal import People
internal import Records

/// Knows from which file a lead came: an import writes no fact for that.
struct ImportTraces: FactTrace {
    private static let most = 20

    func traces(of subject: Subject, in reader: any Queryable) throws -> [WrittenTrace] {
        guard let id = subject.id(of: Lead.self) else { return [] }
        return try reader.reading.enrichment.imports(of: id, Self.most)
    }
}

extension EnrichmentStore {
    /// Returns the keys by which services were asked about the companies of leads and contacts.
    fileprivate func companyKeys(of subjects: [Subject]) throws -> [String] {
        try subjects.flatMap { subject -> [String] in
            let lead = try subject.id(of: Lead.self).flatMap { try Lead.resource.find($0, in: tx) }
            let contact = try subject.id(of: Contact.self).flatMap { try Contact.resource.find($0, in: tx) }
            let company = try (lead?.companyID ?? contact?.companyID).flatMap {
                try Company.resource.find($0, in: tx)
            }
            return [lead?.serviceKey, company?.companyKey].compactMap(\.self)
        }
    }

    fileprivate func companies(of leads: [String]) throws -> [String] {
        try tx.all(
            """
            SELECT DISTINCT company_id FROM leads
            WHERE tenant_id = \(tx.tenant) AND id IN \(list: leads) AND company_id IS NOT NULL
            """
        ) { $0.text(0) }
    }

    /// An import that made the lead wrote all that it had then; a later one may have written any of it.
    fileprivate func imports(of lead: LeadID, _ limit: Int) throws -> [WrittenTrace] {
        try tx.all(
            """
            SELECT lead_imports.import_id, imports.file_name, lead_imports.at
            FROM lead_imports LEFT JOIN imports ON imports.tenant_id = lead_imports.tenant_id
                AND imports.id = lead_imports.import_id
            WHERE lead_imports.tenant_id = \(tx.tenant) AND lead_imports.lead_id = \(lead)
            ORDER BY lead_imports.at DESC LIMIT \(limit)
            """
        ) { row in
            WrittenTrace(
                FactSource(.file, row.optionalText(1) ?? row.text(0)), fields: nil, at: row.instant(2))
        }
    }
}

/// The state of the enrichment of people's leads, which goes with them, and what the sites of their companies have
/// said, and what services have answered about these: it may name them. What is still said there is read and asked for
/// again.
struct EnrichmentData: PersonalData {
    let name = "enrichment"

    func erase(_ subjects: [Subject], _ words: PersonalIdentifiers, in tx: Transaction) throws -> Int {
        let leads = subjects.filter { $0.type == Lead.noun }.map(\.id)
        if !leads.isEmpty {
            try tx.siteReadings.forget(try tx.crawls.forgetFacts(ofLeads: leads))
            try tx.facts.forgetPeople(of: try tx.enrichment.companies(of: leads))
        }
        let keys = try tx.enrichment.companyKeys(of: subjects)
        return try tx.enrichment.forget(subjects.map(\.id))
            + tx.keptAnswers.forget(LeadEnrichment.kind, keys)
    }
}
