internal import JSON
internal import Records
internal import Telemetry
internal import Agents

extension RuleBook {
    /// Checks a record against every rule.
    func judge(
        _ record: RecordValues, _ facts: RecordFacts, _ memory: inout JudgeMemory, at now: Instant
    ) -> JudgedRecord {
        guard !isArchived(record) else { return JudgedRecord(id: record.id, findings: nil) }
        var findings: [Finding] = []
        for rule in rules {
            guard let (remedy, other) = rule.check(record, facts, &memory, at: now) else { continue }
            findings.append(
                Finding(rule: rule, value: record.values[rule.place], remedy: remedy, other: other))
        }
        return JudgedRecord(id: record.id, findings: findings)
    }
}

extension CompiledRule {
    /// Returns what to do about a record that does not meet the rule; `nil`: it does.
    fileprivate func check(
        _ record: RecordValues, _ facts: RecordFacts, _ memory: inout JudgeMemory, at now: Instant
    ) -> (Remedy, other: String?)? {
        let value = record.values[place]
        if case .required = test {
            guard value.isEmptyValue, others.allSatisfy({ record.values[$0].isEmptyValue }) else {
                return nil
            }
            return (Remedy(.review, "Enter the value of \(field)."), nil)
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
                return (Remedy(.verify, "Verify \(field): \(domain) takes no mail."), nil)
            }
            return form.fault(of: value.text ?? "", in: field, &memory).map { ($0, nil) }
        case .range(let low, let high):
            guard let number = value.double, number < low ?? number || number > high ?? number else {
                return nil
            }
            return (Remedy(.review, "Correct \(field): it is out of its range."), nil)
        case .stale(let time):
            guard let moment = value.moment, moment + time < now else { return nil }
            return (Remedy(.verify, "Confirm that the record still holds: nobody has since then."), nil)
        case .unique:
            guard let first = facts.firstOf(value, for: self), first != record.id else { return nil }
            let pair: JSONObject = ["keep": .string(first), "merge": .string(record.id)]
            return (
                Remedy(.merge, "Merge it with the record that has the same \(field).", changes: pair), first
            )
        case .reference(_, let mayClear, let isAcyclic):
            if isAcyclic, facts.isInCircle(record.id, for: self) {
                return (Remedy(.review, "Look at \(field): it leads back to the record itself."), nil)
            }
            guard facts.isMissing(value, for: self) else { return nil }
            return mayClear
                ? (Remedy(.clear, "Empty \(field): the record does not exist.", changes: [field: nil]), nil)
                : (Remedy(.review, "Look at \(field): the record does not exist."), nil)
        case .consistent(let agreement, let comparand):
            guard var other = others.first.map({ record.values[$0] }), !other.isEmptyValue else { return nil }
            if comparand.related != nil { other = facts.related(other, for: self) }
            guard !other.isEmptyValue, agreement.isBroken(value, other, &memory) else { return nil }
            return (
                Remedy(.review, "Compare \(field) with \(comparand.text): they contradict each other."), nil
            )
        case .anomaly(let deviations, let per):
            guard var number = value.double, let usual = facts.usual(for: self) else { return nil }
            if let per {
                guard number > 0, let other = others.first.map({ record.values[$0] }),
                    let measure = per.number(in: other, currency: facts.currency)
                else { return nil }
                number = measure / number
            }
            guard usual.isUnusual(number, deviations: deviations) else { return nil }
            let fields = per.map { "\(field) and \($0.field): together they are" } ?? "\(field): it is"
            return (Remedy(.verify, "Confirm \(fields) far from what others have."), nil)
        }
    }
}

extension ValueForm {
    /// Returns the remedy for a text that does not have the form.
    fileprivate func fault(of text: String, in field: String, _ memory: inout JudgeMemory) -> Remedy? {
        switch self {
        case .mailHost: return nil
        case .cleanText:
            guard let damage = TextDamage(text) else { return nil }
            guard let repaired = damage.repaired else {
                return Remedy(.review, "Correct \(field): some of its letters were damaged on the way.")
            }
            return Remedy(.set, "Is \(repaired) meant?", changes: [field: .string(repaired)])
        case .personName:
            let signs = SignCounts(text)
            let isName = signs.letters > 0 && !signs.hasAt && !(signs.hasColon && text.contains("://"))
            return isName && signs.digits * 2 < signs.all
                ? nil : Remedy(.review, "Correct \(field): it is no person's name.")
        case .companyName:
            let signs = SignCounts(text)
            return signs.letters + signs.digits > 0 && !signs.hasAt
                ? nil : Remedy(.review, "Correct \(field): it is no company's name.")
        case .emailDomain:
            guard let address = EmailAddress(text), let domain = memory.meantDomain(of: address) else {
                return nil
            }
            let meant = "\(address.local)@\(domain)".lowercased()
            return Remedy(.set, "Is \(meant) meant?", changes: [field: .string(meant)])
        }
    }
}

extension Agreement {
    fileprivate func isBroken(_ value: JSON, _ other: JSON, _ memory: inout JudgeMemory) -> Bool {
        switch self {
        case .sameDomain:
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
