internal import Agents
internal import Database
internal import Facts
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Templates

/// The other companies of an industry among the agency's own leads: what they have in common, and who competes.
struct CompanyPeers {
    private static let leadsMax = 500, namesMax = 5
    /// From so few nothing follows.
    private static let least = 5

    /// Companies of the same industry and country.
    private(set) var names: [String] = []
    /// Sentences about the industry.
    private(set) var trends: [String] = []
    private var industry = "", count = 0, hiring = 0
    private var employees: [Int64] = [], founded: [Int64] = []
    /// The technologies that several of them use, by how many do.
    private var common: [(name: String, count: Int)] = []

    init(
        industry: String?, country: String?, company: String, of lead: String, in reader: some Queryable
    ) throws {
        guard let industry else { return }
        let own = CompanyName.key(company)
        var seen: Set<String> = [own], ids: [String] = []
        for (id, name, place, size) in try reader.enrichment.leads(in: industry, Self.leadsMax)
        where id != lead {
            guard seen.insert(CompanyName.key(name)).inserted else { continue }
            ids.append(id)
            if let size { employees.append(size) }
            if names.count < Self.namesMax, country == nil || place == country { names.append(name) }
        }
        guard ids.count >= Self.least else { return }
        let told = try reader.enrichment.signals(of: ids)
        (self.industry, count) = (industry, ids.count)
        hiring = told.count { $0.field == "hiring" }
        founded = told.filter { $0.field == "founded_year" }.compactMap(\.value.int)
        func note(_ what: String, _ count: Int, _ name: String = "") {
            let said = Saying(
                "peers.trend",
                [
                    "what": .text(what), "count": .text("\(count)"), "all": .text("\(ids.count)"),
                    "industry": .text(industry), "name": .text(name),
                ])
            trends.append(said.english)
        }
        for field in ["hiring", "growth"] {
            let count = told.count { $0.field == field }
            if count > 0 { note(field, count) }
        }
        var counts: [String: Int] = [:]
        for signal in told where signal.field == "technologies" {
            for name in signal.value.array?.compactMap(\.text) ?? [] { counts[name, default: 0] += 1 }
        }
        let common = counts.filter { $0.value >= 3 }.sorted {
            $0.value == $1.value ? $0.key < $1.key : $0.value > $1.value
        }
        self.common = common.prefix(3).map { (name: $0.key, count: $0.value) }
        for (name, count) in common.prefix(3) { note("technologies", count, name) }
    }
}

extension CompanyPeers {
    /// Where a company stands among those of its industry whom the agency knows, a sentence for each trait that enough
    /// of them have told. `nil`: the trait of the company itself is not known.
    func position(
        employees own: Int64?, founded year: Int64?, technologies: [String]?, isHiring: Bool?
    ) -> [String] {
        var said: [String] = []
        func say(
            _ trait: String, _ count: Int, of all: Int, own: String = "", median: String = "",
            name: String = ""
        ) {
            let sentence = Saying(
                "peers.position",
                [
                    "trait": .text(trait), "industry": .text(industry), "count": .text("\(count)"),
                    "all": .text("\(all)"), "own": .text(own), "median": .text(median),
                    "name": .text(name),
                ])
            said.append(sentence.english)
        }
        if let own, employees.count >= Self.least {
            let smaller = employees.count { $0 < own }
            say(
                "larger", smaller, of: employees.count, own: "\(own)",
                median: "\(Self.median(employees))")
        }
        if let year, founded.count >= Self.least {
            let younger = founded.count { $0 > year }
            say("older", younger, of: founded.count, own: "\(year)")
        }
        if let technologies {
            for (name, users) in common where !technologies.contains(name) {
                say("unused", users, of: count, name: name)
            }
        }
        if let isHiring, hiring > 0 {
            say(isHiring ? "hiring" : "not_hiring", hiring, of: count)
        }
        return said
    }

    private static func median(_ values: [Int64]) -> Int64 { values.sorted()[(values.count - 1) / 2] }
}

extension EnrichmentStore {
    fileprivate func leads(
        in industry: String, _ limit: Int
    ) throws -> [(String, String, String?, Int64?)] {
        try tx.all(
            """
            SELECT id, company, country, employee_count FROM leads
            WHERE tenant_id = \(tx.tenant) AND industry = \(industry) AND status <> 'archived'
            ORDER BY id DESC LIMIT \(limit)
            """
        ) { ($0.text(0), $0.text(1), $0.optionalText(2), $0.optionalInt64(3)) }
    }

    fileprivate func signals(of leads: [String]) throws -> [(field: String, value: JSON)] {
        try tx.all(
            """
            SELECT field, value FROM facts WHERE tenant_id = \(tx.tenant) AND subject_id IN \(list: leads)
                AND field IN ('hiring', 'growth', 'technologies', 'founded_year') AND status = 'current'
            """
        ) { ($0.text(0), JSON(stored: $0.text(1))) }
    }

    /// The channel on which a contact writes most, with the reason; of two that are used as much, the one used last.
    /// Answers of machines in their name, such as notices of absence and of failed delivery, are no writing of theirs.
    func usualChannel(of contact: String?) throws -> (name: String, reason: String)? {
        guard let contact else { return nil }
        return try tx.first(
            """
            SELECT channel, count(*) FROM messages WHERE tenant_id = \(tx.tenant) AND contact_id = \(contact)
                AND direction = 'inbound' AND is_automatic = 0
                AND (class IS NULL OR class NOT IN ('out_of_office', 'bounce'))
            GROUP BY channel ORDER BY count(*) DESC, max(id) DESC LIMIT 1
            """
        ) { ($0.text(0), Saying("peers.wrote", ["count": .number($0.int(1))]).english) }
    }
}
