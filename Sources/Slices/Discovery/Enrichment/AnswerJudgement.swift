internal import Facts
internal import JSON
internal import Records

/// Judges whether a source's answer is about the company that was asked about, and fits together.
enum AnswerJudgement {
    /// Returns whether the answer is about the company: of its domain, or where no domain is known, of its
    /// name and country.
    static func isAbout(_ question: CompanyQuestion, _ answer: CompanyAnswer) -> Bool {
        if let asked = question.domain, let told = answer.domain {
            return registered(asked) == registered(told)
        }
        guard let name = answer.name else { return true }
        let (asked, told) = (CompanyName.key(question.name), CompanyName.key(name))
        guard !asked.isEmpty, asked == told || begins(asked, with: told) || begins(told, with: asked) else {
            return false
        }
        guard let here = question.country, let there = answer.country else { return true }
        return here == there
    }

    private static func begins(_ long: String, with short: String) -> Bool {
        short.utf8.count >= 4 && long.hasPrefix(short + " ")
    }

    private static func registered(_ domain: String) -> String {
        let host = domain.lowercased()
        let bare = host.hasPrefix("www.") ? String(host.dropFirst(4)) : host
        return WebAddress.registrableDomain(of: bare) ?? bare
    }

    /// Returns whether the answer says otherwise of a number elsewhere.
    static func contradicts(_ answer: CompanyAnswer, _ field: String, _ value: JSON) -> Bool {
        guard let range = answer.ranges[field], let number = value.int ?? value["amount"]?.int else {
            return false
        }
        return !range.contains(number)
    }
}
