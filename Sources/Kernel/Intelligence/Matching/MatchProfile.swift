/// The values of a record that are compared with those of others. Every text is folded; an empty one is not known.
package struct MatchProfile: Hashable, Sendable {
    /// The kind of thing that the record stands for, which decides how much an agreement means.
    package enum Subject: Sendable {
        /// The record is a person, or a company where no person is named.
        case person
        case firm
    }

    package var subject: Subject
    /// A person's name, without honorifics.
    package var person = ""
    /// The personal mail address, in lower case.
    package var email = ""
    /// The telephone numbers, in E.164.
    package var phones: Set<String> = []
    package var link = ""
    /// A firm's name, without its legal form.
    package var firm = ""
    /// The company's own domain.
    package var domain = ""
    package var place = ""
    /// The texts and numbers in the agency's own fields.
    package var custom: [String: String] = [:]

    package init(_ subject: Subject) { self.subject = subject }

    /// The keys under which records that may be the same find each other. Whatever slip a record has, one of its keys
    /// is likely to be free of it.
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
        // Numbers, codes and dates identify somebody; a text that many share does not.
        for (name, value) in custom where value.utf8.count(where: { (48...57).contains($0) }) >= 4 {
            keys.insert("own \(name) \(value)")
        }
        return keys
    }

    package static let customMax = 20
}

/// The result of comparing two records in one field.
package struct Likening: Hashable, Sendable {
    /// The field: `email`, `person`, or `custom.` with the name of an own field.
    package let field: String
    /// The level of agreement: 0 is a contradiction, and a higher number is a closer agreement.
    package let level: Int

    package init(field: String, level: Int) { (self.field, self.level) = (field, level) }
}

extension MatchProfile {
    /// Compares two records field by field; a field that one of them lacks is left out.
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

    /// Compares companies: 4 the same name and domain, 3 the same name, 2 only the same domain or a similar name, 1
    /// the same name with another domain, 0 none of these.
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
