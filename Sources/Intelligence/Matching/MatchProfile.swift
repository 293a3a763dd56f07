/// What a record is compared with others by. Every text is folded; what is empty is not known.
package struct MatchProfile: Hashable, Sendable {
    /// What the record stands for, which decides what agreement is worth.
    package enum Subject: Sendable {
        /// A person, or a firm where nobody is named.
        case person
        case firm
    }

    package var subject: Subject
    /// A person's name, without honorifics.
    package var person = ""
    /// Addresses that are somebody's own, in lower case.
    package var email = ""
    /// In E.164.
    package var phones: Set<String> = []
    package var link = ""
    /// A firm's name, without its legal form.
    package var firm = ""
    /// The domain that is a firm's own.
    package var domain = ""
    package var place = ""
    /// Texts and numbers of the agency's own fields.
    package var custom: [String: String] = [:]

    package init(_ subject: Subject) { self.subject = subject }

    /// By what records that may be the same find each other. Whatever slip a record has, one of its keys is likely to
    /// be without it.
    package var keys: Set<String> {
        var keys: Set<String> = []
        if !email.isEmpty {
            keys.insert("email \(email)")
            let local = email.prefix { $0 != "@" }
            if local.utf8.count >= 5 { keys.insert("local \(local)") }
        }
        for phone in phones { keys.insert("phone \(phone)") }
        if !link.isEmpty { keys.insert("link \(link)") }
        let words = person.split(separator: " ").map(String.init).sorted()
        if words.isEmpty {
            if !domain.isEmpty { keys.insert("domain \(domain)") }
            if !firm.isEmpty {
                let letters = firm.filter { $0 != " " }
                keys.insert("firm \(letters)")
                if letters.utf8.count >= 8 {
                    keys.formUnion(["begin \(letters.prefix(6))", "end \(letters.suffix(6))"])
                }
            }
        } else {
            keys.insert("person \(words.joined(separator: " "))")
            let house = domain.isEmpty ? firm : domain
            for word in words where word.utf8.count > 2 {
                if !house.isEmpty { keys.insert("at \(word) \(house)") }
                if !place.isEmpty { keys.insert("in \(word) \(place)") }
            }
        }
        for (name, value) in custom where value.utf8.count >= 5 { keys.insert("own \(name) \(value)") }
        return keys
    }

    package static let customMax = 20
}

/// One thing in which two records agree or not.
package struct Likening: Hashable, Sendable {
    /// `email`, `person`, or `custom.` with a field's name.
    package let field: String
    /// 0: they contradict each other; the higher, the more they agree.
    package let level: Int

    package init(field: String, level: Int) { (self.field, self.level) = (field, level) }
}

extension MatchProfile {
    /// What two records have in common and where they contradict each other; what one of them does not say is left out.
    package func likening(to other: MatchProfile) -> [Likening] {
        var result: [Likening] = []
        func add(_ field: String, _ level: Int) { result.append(Likening(field: field, level: level)) }
        let namesBoth = !person.isEmpty && !other.person.isEmpty
        if namesBoth { add("person", Likeness.ofPersons(person, other.person)) }
        if !email.isEmpty, !other.email.isEmpty { add("email", Likeness.ofAddresses(email, other.email)) }
        if !phones.isEmpty, !other.phones.isEmpty {
            add("phone", phones.isDisjoint(with: other.phones) ? 0 : 1)
        }
        if !link.isEmpty, !other.link.isEmpty { add("link", link == other.link ? 1 : 0) }
        if let level = firmLevel(other) {
            let nobodyIsNamed = person.isEmpty && other.person.isEmpty
            add(subject == .firm ? "company" : nobodyIsNamed ? "branch" : "firm", level)
        }
        if !place.isEmpty, !other.place.isEmpty {
            add(subject == .firm ? "seat" : "place", Likeness.ofTexts(place, other.place))
        }
        for (name, value) in custom.sorted(by: { $0.key < $1.key }) {
            if let own = other.custom[name] { add("custom.\(name)", Likeness.ofTexts(value, own)) }
        }
        return result
    }

    /// 4 name and domain, 3 the name, 2 the domain alone or a name that is alike, 1 the name under another domain,
    /// 0 neither.
    private func firmLevel(_ other: MatchProfile) -> Int? {
        let knowsNames = !firm.isEmpty && !other.firm.isEmpty
        let knowsDomains = !domain.isEmpty && !other.domain.isEmpty
        guard knowsNames || knowsDomains else { return nil }
        let isSame = knowsNames && firm.filter { $0 != " " } == other.firm.filter { $0 != " " }
        let isNear = isSame || knowsNames && Likeness.isFirmNear(firm, other.firm)
        guard knowsDomains else { return isSame ? 3 : isNear ? 2 : 0 }
        if domain == other.domain { return isNear ? 4 : knowsNames ? 2 : 3 }
        return isSame ? 1 : 0
    }
}
