internal import ChangeSets
internal import JSON
internal import Nouns
internal import Records
internal import Templates

/// A way to mend an issue.
struct Remedy: Sendable {
    enum Action: String, Choice { case set, clear, merge, archive, verify, review }

    let action: Action
    /// The fields with their new values, for what can be applied.
    var changes: JSONObject = [:]
    let detail: Saying

    init(_ action: Action, _ detail: Saying, changes: JSONObject = [:]) {
        (self.action, self.detail, self.changes) = (action, detail, changes)
    }

    /// Whether it is a change that can be applied without a further question.
    var isChange: Bool { action == .set || action == .clear }

    /// As an issue keeps it: in English, and with what that is made of.
    func json(isAutomatic: Bool) -> JSON {
        [
            "action": .string(action.rawValue), "changes": .object(changes),
            "detail": .string(detail.english), "automatic": .bool(isAutomatic && isChange),
            "said": detail.json,
        ]
    }
}

/// A record that does not meet a rule.
struct FoundIssue: Sendable {
    let rule: CompiledRule
    let value: JSON
    let remedy: Remedy
    /// Another record that has to do with it, such as the first of two with the same address.
    var other: String?
}

extension FoundIssue {
    var valueDigest: Int { fingerprint([value.serialized]) }

    /// The digest of all that an issue keeps of it.
    var digest: Int {
        fingerprint([
            value.serialized, other ?? "", remedy.action.rawValue, JSON.object(remedy.changes).serialized,
            remedy.detail.key, rule.isAutomatic ? "1" : "0", rule.severity.rawValue, rule.field, rule.name,
        ])
    }
}

/// Returns a digest that is the same in every process: FNV-1a.
private func fingerprint(_ texts: [String]) -> Int {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for text in texts {
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        hash = (hash ^ 0x1F) &* 0x100_0000_01b3
    }
    return Int(Int64(bitPattern: hash))
}

/// A record with what the rules found.
struct JudgedRecord: Sendable {
    let id: String
    /// `nil`: it is archived, and no longer judged.
    let issues: [FoundIssue]?
}

/// A rule with its check.
struct CompiledRule: Sendable {
    let id: ID<QualityRule>
    let name: String, field: String
    let kind: QualityRule.Kind
    let severity: QualityRule.Severity
    let weight: Int
    let isAutomatic: Bool
    /// The uses of a record that wait while it does not meet the rule.
    let pauses: [RecordUse]
    let test: RuleTest
    /// The places of its fields among those of the book.
    let place: Int, others: [Int]
}
