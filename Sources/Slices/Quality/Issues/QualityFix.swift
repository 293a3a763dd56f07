internal import Agents
internal import ChangeSets
internal import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Telemetry

/// The remedies of some issues as one change set, before it is applied.
struct QualityFix: Sendable {
    /// The most issues that one set is about; the others are fixed with the next one.
    static let issuesMax = 1000

    private(set) var issues: [QualityIssue] = []
    private(set) var plan = ChangeSetPlan()

    /// Plans the remedies of those issues whose remedy is a change. An issue is passed over where its record has
    /// another value by now, or does not take the new one: the next check sees to it.
    init(_ all: [QualityIssue], _ registry: RecordRegistry, in reader: some Queryable) throws {
        let fixable = all.filter { $0.changes != nil }
        let bySubject = Dictionary(grouping: fixable, by: \.subjectID)
        var seen: Set<String> = []
        for id in fixable.map(\.subjectID) where seen.insert(id).inserted {
            guard let records = registry.records(of: id) else { continue }
            var fields = JSONObject(), taken: [QualityIssue] = []
            do {
                let present = try records.get(id, reader)
                for issue in bySubject[id] ?? [] {
                    let value = present[issue.field] ?? .null
                    guard value.isStored(as: issue.value), let changes = issue.changes,
                        changes.keys.allSatisfy({ fields[$0] == nil })
                    else { continue }
                    for (name, value) in changes.members { fields.append(name, value) }
                    taken.append(issue)
                }
                guard !taken.isEmpty else { continue }
                try plan.add(WantedChange(id, fields), of: registry, in: reader)
            } catch let problem as Problem where problem.type.status < 500 {
                continue
            }
            issues += taken
        }
    }
}

extension JSON {
    /// Returns whether the value is stored as the other is: numbers may have lost their kind on the way.
    fileprivate func isStored(as other: JSON) -> Bool { self == other || serialized == other.serialized }
}

extension QualityStore {
    /// Returns open issues: those of a rule, or those with some ids.
    func open(rule: String?, ids: [ID<QualityIssue>]) throws -> [QualityIssue] {
        var condition: SQL = "status = 'open'"
        if let rule { condition += " AND rule = \(rule)" }
        if !ids.isEmpty { condition += " AND id IN \(list: ids)" }
        return try QualityIssue.resource.all(
            where: condition, suffix: "ORDER BY id LIMIT \(QualityFix.issuesMax)", in: tx)
    }
}

extension QualityStore where Base == Transaction {
    /// Applies remedies as one change set, and marks their issues as fixed. Where a change was refused or came too
    /// late, its issue stays open.
    func apply(_ fix: QualityFix, titled title: String, by actor: Actor, run: AgentRunID?) throws -> ChangeSet
    {
        let set = try tx.changeSets.apply(
            fix.plan, as: NewChangeSet(.qualityFix, title, run: run), by: actor)
        let failed = try tx.changeSets.failedRecords(of: set.id)
        for old in fix.issues where !failed.contains(old.subjectID) {
            guard let present = try QualityIssue.resource.find(old.id, in: tx), present.status == .open else {
                continue
            }
            var issue = present
            (issue.status, issue.closedAt, issue.changeSetID) = (.fixed, tx.now, set.id)
            try save(present, &issue)
        }
        return set
    }
}

/// The issues about a person, which go with them.
struct QualityIssueData: PersonalData {
    let name = "quality_issues"

    func export(_ subjects: [Subject], in reader: Reader) throws -> [JSON] {
        try QualityIssue.resource.all(
            where: "subject_id IN \(list: subjects.map(\.id))",
            // As the index has them, or SQLite would walk all issues to find these in order.
            suffix: "ORDER BY subject_id, rule_id", in: reader
        ).map { issue in
            var issue = issue
            issue.remedy.remove("said")
            return QualityIssue.schema.json(issue)
        }
    }

    func erase(_ subjects: [Subject], _ words: PersonalIdentifiers, in tx: Transaction) throws -> Int {
        let ids = subjects.map(\.id)
        let count = Int(
            try tx.int(
                """
                SELECT count(*) FROM quality_issues WHERE tenant_id = \(tx.tenant) AND subject_id IN \(list: ids)
                """) ?? 0)
        try tx.quality.forget(ids)
        return count
    }
}
