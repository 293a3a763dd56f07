internal import JSON
internal import Records
internal import Telemetry
internal import Agents
internal import Templates

extension RuleBook {
    /// Checks a record against every rule.
    func judge(
        _ record: RecordValues, _ facts: RecordFacts, _ memory: inout JudgeMemory, at now: Instant
    ) -> JudgedRecord {
        guard !isArchived(record) else { return JudgedRecord(id: record.id, issues: nil) }
        var issues: [FoundIssue] = []
        for rule in rules {
            guard let (remedy, other) = rule.check(record, facts, &memory, at: now) else { continue }
            issues.append(
                FoundIssue(rule: rule, value: record.values[rule.place], remedy: remedy, other: other))
        }
        return JudgedRecord(id: record.id, issues: issues)
    }
}

extension CompiledRule {
    /// Returns what to do about a record that does not meet the rule; `nil`: it does.
    fileprivate func check(
        _ record: RecordValues, _ facts: RecordFacts, _ memory: inout JudgeMemory, at now: Instant
    ) -> (Remedy, other: String?)? {
        let value = record.values[place], name = Saying.Value.text(field)
        if case .required = test {
            guard value.isEmptyValue, others.allSatisfy({ record.values[$0].isEmptyValue }) else {
                return nil
            }
            return (Remedy(.review, Saying("quality.enter", ["field": name])), nil)
        }
        guard !value.isEmptyValue else { return nil }
        switch test {
        case .required: return nil
        case .format(let form):
            if form == .mailHost {
                guard let domain = value.text?.split(separator: "@").last, facts.isRefusing(String(domain))
                else {
                    return nil
                }
                let detail = Saying("quality.verify", ["field": name, "domain": .text(String(domain))])
                return (Remedy(.verify, detail), nil)
            }
            return form.fault(of: value.text ?? "", in: field, &memory).map { ($0, nil) }
        case .range(let low, let high):
            guard let number = value.double, number < low ?? number || number > high ?? number else {
                return nil
            }
            return (Remedy(.review, Saying("quality.range", ["field": name])), nil)
        case .stale(let time):
            guard let moment = value.moment, moment + time < now else { return nil }
            return (Remedy(.verify, Saying("quality.confirm")), nil)
        case .unique:
            guard let first = facts.firstOf(value, for: self), first != record.id else { return nil }
            let pair: JSONObject = ["keep": .string(first), "merge": .string(record.id)]
            return (Remedy(.merge, Saying("quality.merge", ["field": name]), changes: pair), first)
        case .reference(_, let mayClear, let isAcyclic):
            if isAcyclic, facts.isInCircle(record.id, for: self) {
                return (Remedy(.review, Saying("quality.circle", ["field": name])), nil)
            }
            guard facts.isMissing(value, for: self) else { return nil }
            return mayClear
                ? (Remedy(.clear, Saying("quality.empty", ["field": name]), changes: [field: nil]), nil)
                : (Remedy(.review, Saying("quality.missing", ["field": name])), nil)
        case .consistent(let agreement, let comparand):
            guard var other = others.first.map({ record.values[$0] }), !other.isEmptyValue else { return nil }
            if comparand.related != nil { other = facts.related(other, for: self) }
            guard !other.isEmptyValue, agreement.isBroken(value, other, &memory) else { return nil }
            let detail = Saying("quality.compare", ["field": name, "other": .text(comparand.text)])
            return (Remedy(.review, detail), nil)
        case .anomaly(let deviations, let per):
            guard var number = value.double, let usual = facts.usual(for: self) else { return nil }
            if let per {
                guard number > 0, let other = others.first.map({ record.values[$0] }),
                    let measure = per.number(in: other, currency: facts.currency)
                else { return nil }
                number = measure / number
            }
            guard usual.isUnusual(number, deviations: deviations) else { return nil }
            let detail =
                per.map { Saying("quality.unusual_pair", ["field": name, "other": .text($0.field)]) }
                ?? Saying("quality.unusual", ["field": name])
            return (Remedy(.verify, detail), nil)
        }
    }
}

extension ValueForm {
    /// Returns the remedy for a text that does not have the form.
    fileprivate func fault(of text: String, in field: String, _ memory: inout JudgeMemory) -> Remedy? {
        let name = Saying.Value.text(field)
        switch self {
        case .mailHost: return nil
        case .cleanText:
            guard let damage = TextDamage(text) else { return nil }
            guard let repaired = damage.repaired else {
                return Remedy(.review, Saying("quality.damaged", ["field": name]))
            }
            return .meant(repaired, in: field)
        case .personName:
            let signs = SignCounts(text)
            let isName = signs.letters > 0 && !signs.hasAt && !(signs.hasColon && text.contains("://"))
            return isName && signs.digits * 2 < signs.all
                ? nil : Remedy(.review, Saying("quality.no_person", ["field": name]))
        case .companyName:
            let signs = SignCounts(text)
            return signs.letters + signs.digits > 0 && !signs.hasAt
                ? nil : Remedy(.review, Saying("quality.no_company", ["field": name]))
        case .emailDomain:
            guard let address = EmailAddress(text), let domain = memory.meantDomain(of: address) else {
                return nil
            }
            return .meant("\(address.local)@\(domain)".lowercased(), in: field)
        }
    }
}

extension Remedy {
    /// Puts another value in place of one that was probably mistyped or damaged.
    fileprivate static func meant(_ value: String, in field: String) -> Remedy {
        Remedy(.set, Saying("quality.meant", ["value": .text(value)]), changes: [field: .string(value)])
    }
}

extension Agreement {
    fileprivate func isBroken(_ value: JSON, _ other: JSON, _ memory: inout JudgeMemory) -> Bool {
        switch self {
        case .sameDomain:
            if let text = value.text, let site = other.text, Self.isAtHost(text, of: site) { return false }
            guard let address = value.text.flatMap({ EmailAddress($0) }), !address.isFreeMail,
                let site = other.text.flatMap({ WebAddress($0)?.ownDomain }),
                let domain = memory.registrable(address.domain)
            else { return false }
            return domain != site
        case .same:
            guard let one = value.text, let two = other.text else { return false }
            return TextFolding.fold(one) != TextFolding.fold(two)
        case .notBefore:
            guard let moment = value.moment, let earlier = other.moment else { return false }
            return moment < earlier
        }
    }

    /// Returns whether a mail address is plainly at the host of a web address. Most are, and need not be taken apart.
    private static func isAtHost(_ address: String, of site: String) -> Bool {
        guard let at = address.utf8.lastIndex(of: UInt8(ascii: "@")) else { return false }
        let domain = address.utf8[address.utf8.index(after: at)...]
        return ["https://", "https://www.", "http://", "http://www."].contains { beginning in
            guard site.hasPrefix(beginning) else { return false }
            let host = site.utf8.dropFirst(beginning.utf8.count)
            guard host.starts(with: domain) else { return false }
            let next = host.dropFirst(domain.count).first
            return next == nil || next == UInt8(ascii: "/")
        }
    }
}

/// The signs that a text is made of, counted in one go.
private struct SignCounts {
    private(set) var all = 0, letters = 0, digits = 0
    private(set) var hasAt = false, hasColon = false

    init(_ text: String) {
        for scalar in text.unicodeScalars {
            all += 1
            switch scalar {
            case "@": hasAt = true
            case ":": hasColon = true
            case "0"..."9": digits += 1
            case "a"..."z", "A"..."Z": letters += 1
            default:
                guard !scalar.isASCII else { continue }
                if scalar.properties.isAlphabetic { letters += 1 }
                if scalar.properties.numericType != nil { digits += 1 }
            }
        }
    }
}

extension JSON {
    var isEmptyValue: Bool {
        switch self {
        case .null: true
        case .string(let text): text.isEmpty
        case .array(let items): items.isEmpty
        case .object(let object): object.isEmpty
        default: false
        }
    }

    /// The moment that a time or the beginning of a day is.
    fileprivate var moment: Instant? { text.flatMap { Instant($0) ?? Instant("\($0)T00:00:00Z") } }
}
