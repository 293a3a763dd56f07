internal import Database
internal import Integrations
internal import JSON
internal import Jobs
internal import Nouns
internal import People
internal import Records

/// The traits that a found company and a known lead have in common.
enum CompanyMatch: String {
    case entry, registerNumber = "register_number", domain, email, place = "name_and_place", name
}

extension LeadSourceStore where Base == Transaction {
    /// Returns the lead of the same company: by the entry that was found before, the register's number, the domain, the
    /// address, or the name with the place.
    func match(
        _ company: FoundCompany, _ lead: Lead, of source: String
    ) throws -> (lead: Lead, by: CompanyMatch)? {
        if let earlier = try find(company.listed.key, of: source)?.leadID, let lead = try present(earlier) {
            return (lead, .entry)
        }
        if let number = company.listed.registerNumber {
            for id in try leads(ofNumber: number) {
                if let lead = try present(id) { return (lead, .registerNumber) }
            }
        }
        if let email = lead.email,
            let same = try Lead.resource.first(
                where: "email = \(email)", suffix: "ORDER BY row LIMIT 1", in: tx),
            let known = try present(same.id)
        {
            return (known, .email)
        }
        let domain = lead.companyKey.flatMap { $0.hasPrefix(DedupeKey.nameMark) ? nil : $0 }
        if let domain, let known = try leads(withKey: domain).first { return (known, .domain) }
        return try namesake(of: lead, hasDomain: domain != nil)
    }

    /// Returns a lead whose company has the same name, and is in the same place where both are known. Without a place,
    /// a name alone tells two companies apart only where one has a site of its own.
    private func namesake(of lead: Lead, hasDomain: Bool) throws -> (lead: Lead, by: CompanyMatch)? {
        let key = CompanyName.key(lead.company)
        guard !key.isEmpty else { return nil }
        let unsited = try leads(withKey: DedupeKey.nameMark + key)
        let spelled = try Lead.resource.all(
            where: "company = \(lead.company)", suffix: "ORDER BY row LIMIT 20", in: tx
        ).compactMap { try present($0.id) }
        for known in unsited + spelled where known.contradiction(to: lead) == nil {
            let isSited = known.companyKey.map { !$0.hasPrefix(DedupeKey.nameMark) } ?? false
            // Two sites are two companies, whatever they are called.
            if hasDomain, isSited { continue }
            switch known.sharesPlace(with: lead) {
            case true?: return (known, .place)
            case false?: continue
            case nil: if !hasDomain, !isSited { return (known, .name) }
            }
        }
        return nil
    }

    /// The leads whose identity begins with a company's key.
    private func leads(withKey key: String) throws -> [Lead] {
        let (start, end) = ("\(key) ", "\(key) \u{10FFFF}")
        return try Lead.resource.all(
            where: "identity_key >= \(start) AND identity_key < \(end)", suffix: "ORDER BY row LIMIT 20",
            in: tx
        ).compactMap { try present($0.id) }
    }

    /// Returns a lead, or the one that took it in. One that a person has archived counts, too: it does not come back.
    private func present(_ id: LeadID) throws -> Lead? {
        guard var lead = try Lead.resource.find(id, in: tx) else { return nil }
        for _ in 0..<8 {
            guard let target = lead.mergedInto, let next = try Lead.resource.find(target, in: tx) else {
                break
            }
            lead = next
        }
        return lead
    }

    /// Returns whether a person with that address does not want data about them to be collected.
    func isUnwilling(_ email: String) throws -> Bool {
        let people = try tx.contacts.people(at: email)
        return try !tx.consents.unwilling(Set(people), .dataCollection).isEmpty
    }
}

extension Lead {
    /// Returns whether two are in the same place; `nil` where that is not known of one.
    fileprivate func sharesPlace(with other: Lead) -> Bool? {
        if let mine = country, let theirs = other.country, mine != theirs { return false }
        if let mine = location, let theirs = other.location {
            return !mine.foldedWords.isDisjoint(with: theirs.foldedWords)
        }
        return nil
    }
}

extension String {
    /// The words of a text, as they are compared: folded, each once.
    var foldedWords: Set<String> {
        Set(TextFolding.fold(self).split { !$0.isLetter && !$0.isNumber }.map(String.init))
    }
}
