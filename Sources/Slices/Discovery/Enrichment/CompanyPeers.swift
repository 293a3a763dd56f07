internal import Agents
internal import Database
internal import Facts
internal import JSON
internal import Jobs
internal import Nouns
internal import Records

/// The other companies of an industry among the agency's own leads: what they have in common, and who competes.
struct CompanyPeers {
    private static let leadsMax = 500, namesMax = 5
    /// From so few nothing follows.
    private static let least = 5

    /// Companies of the same industry and country.
    private(set) var names: [String] = []
    /// Sentences about the industry.
    private(set) var trends: [String] = []

    init(
        industry: String?, country: String?, company: String, of lead: String, in reader: some Queryable
    ) throws {
        guard let industry else { return }
        let own = CompanyName.key(company)
        var seen: Set<String> = [own], ids: [String] = []
        for (id, name, place) in try reader.enrichment.leads(in: industry, Self.leadsMax) where id != lead {
            guard seen.insert(CompanyName.key(name)).inserted else { continue }
            ids.append(id)
            if names.count < Self.namesMax, country == nil || place == country { names.append(name) }
        }
        guard ids.count >= Self.least else { return }
        let told = try reader.enrichment.signals(of: ids)
        for (field, words) in [("hiring", "are hiring"), ("growth", "say that they grow")] {
            let count = told.count { $0.field == field }
            if count > 0 { trends.append("\(count) of \(ids.count) companies in \(industry) \(words)") }
        }
        var counts: [String: Int] = [:]
        for signal in told where signal.field == "technologies" {
            for name in signal.value.array?.compactMap(\.text) ?? [] { counts[name, default: 0] += 1 }
        }
        let common = counts.filter { $0.value >= 3 }.sorted {
            $0.value == $1.value ? $0.key < $1.key : $0.value > $1.value
        }
        for (name, count) in common.prefix(3) {
            trends.append("\(count) of \(ids.count) companies in \(industry) use \(name)")
        }
    }
}

extension EnrichmentStore {
    fileprivate func leads(in industry: String, _ limit: Int) throws -> [(String, String, String?)] {
        try tx.all(
            """
            SELECT id, company, country FROM leads
            WHERE tenant_id = \(tx.tenant) AND industry = \(industry) AND status <> 'archived'
            ORDER BY id DESC LIMIT \(limit)
            """
        ) { ($0.text(0), $0.text(1), $0.optionalText(2)) }
    }

    fileprivate func signals(of leads: [String]) throws -> [(field: String, value: JSON)] {
        try tx.all(
            """
            SELECT field, value FROM facts WHERE tenant_id = \(tx.tenant) AND subject_id IN \(list: leads)
                AND field IN ('hiring', 'growth', 'technologies') AND status = 'current'
            """
        ) { ($0.text(0), JSON(stored: $0.text(1))) }
    }

    /// The channel on which a contact writes most, with the reason.
    func usualChannel(of contact: String?) throws -> (name: String, reason: String)? {
        guard let contact else { return nil }
        return try tx.first(
            """
            SELECT channel, count(*) FROM messages WHERE tenant_id = \(tx.tenant) AND contact_id = \(contact)
                AND direction = 'inbound' GROUP BY channel ORDER BY count(*) DESC, channel LIMIT 1
            """
        ) { ($0.text(0), "they wrote \($0.int(1)) message\($0.int(1) == 1 ? "" : "s") there") }
    }
}
