internal import Addresses
internal import Templates

/// Looks at who may send in a domain's name (RFC 7208), through all that its record includes.
struct SPFCheck {
    /// RFC 7208 §4.6.4: beyond it receivers give up.
    private static let lookupsMax = 10

    let lookups: DomainLookups
    /// `include:_spf.example.net`, `ip4:192.0.2.1`: what the domain's services need.
    let wanted: [String]

    private var asked = 0
    private var mechanisms: Set<String> = []
    private var trouble: DomainFinding?

    init(_ lookups: DomainLookups, wanted: [String]) { (self.lookups, self.wanted) = (lookups, wanted) }

    /// Returns the record that a domain without one should have.
    static func record(_ wanted: [String]) -> String {
        "v=spf1 \((wanted.isEmpty ? ["a", "mx"] : wanted).joined(separator: " ")) ~all"
    }

    mutating func find(_ domain: String) async -> DomainFinding {
        let record = Self.record(wanted), found: [String]
        switch await records(of: domain) {
        case .unclear(let detail):
            return DomainFinding(
                state: .unclear, wanted: record,
                explanation: Saying("domain.unclear", ["detail": .saying(.cause("lookup_failed", detail))]))
        case .absent:
            return DomainFinding(
                state: .missing, wanted: record,
                explanation:
                    Saying("domain.no_spf", ["domain": .text(domain)])
            )
        case .found(let texts): found = texts
        }
        func finding(_ state: DomainFinding.State, _ explanation: Saying) -> DomainFinding {
            DomainFinding(state: state, found: found, wanted: record, explanation: explanation)
        }
        guard found.count == 1 else {
            return finding(
                .wrong,
                Saying("domain.many_spf", ["count": .number(found.count)])
            )
        }
        let words = Self.words(found[0])
        if words.contains("+all") || words.contains("all") {
            return finding(
                .wrong,
                Saying("domain.spf_all"))
        }
        await visit(words)
        if let trouble { return finding(trouble.state, trouble.explanation) }
        if asked > Self.lookupsMax {
            return finding(
                .wrong,
                Saying("domain.spf_lookups", ["max": .number(Self.lookupsMax)])
            )
        }
        let missing = wanted.filter { !mechanisms.contains($0.lowercased()) }
        guard missing.isEmpty else {
            return finding(
                .wrong,
                Saying("domain.spf_lacks", ["missing": .text(missing.joined(separator: ", "))])
            )
        }
        return finding(
            .ok,
            Saying("domain.spf_ok", ["known": .flag(!wanted.isEmpty)]))
    }

    private static func words(_ record: String) -> [String] {
        record.lowercased().split(separator: " ").dropFirst().map(String.init)
    }

    private func records(of domain: String) async -> DomainLookups.Answer<String> {
        guard case .found(let texts) = await lookups.texts(domain) else { return await lookups.texts(domain) }
        let records = texts.filter { $0.lowercased() == "v=spf1" || $0.lowercased().hasPrefix("v=spf1 ") }
        return records.isEmpty ? .absent : .found(records)
    }

    private mutating func visit(_ words: [String]) async {
        for word in words {
            let plain = word.first.map { "+-~?".contains($0) } == true ? String(word.dropFirst()) : word
            mechanisms.insert(plain)
            let name = plain.prefix { $0.isLetter }
            if ["include", "a", "mx", "ptr", "exists", "redirect"].contains(name) { asked += 1 }
            guard asked <= Self.lookupsMax, trouble == nil else { return }
            let target: String
            if plain.hasPrefix("include:") {
                target = String(plain.dropFirst(8))
            } else if plain.hasPrefix("redirect=") {
                target = String(plain.dropFirst(9))
            } else {
                continue
            }
            // A name with a macro in it is another for each mail.
            if target.contains("%") { continue }
            switch await records(of: target) {
            case .found(let records) where records.count == 1: await visit(Self.words(records[0]))
            case .found, .absent:
                trouble = DomainFinding(
                    state: .wrong,
                    explanation:
                        Saying("domain.spf_refers", ["target": .text(target)]))
            case .unclear(let detail):
                trouble = DomainFinding(
                    state: .unclear,
                    explanation: Saying(
                        "domain.spf_refers_unclear",
                        ["target": .text(target), "detail": .saying(.cause("lookup_failed", detail))]))
            }
        }
    }
}
