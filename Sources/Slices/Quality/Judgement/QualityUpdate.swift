internal import Agents
internal import ChangeSets
internal import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Telemetry

/// The changes to be stored after records were judged: only what differs from what is there.
struct QualityUpdate: Sendable {
    enum Change: Sendable {
        case found(FoundIssue, of: String)
        case changed(KnownIssue, FoundIssue)
        case resolved(KnownIssue)
        case score(String, Int)
        case forgotten(String)
    }

    private(set) var changes: [Change] = []
    private(set) var found = 0, resolved = 0
    /// The type of the records as subjects.
    let type: String

    /// Compares what was found about records with the issues and scores that are stored.
    init(
        _ judged: [JudgedRecord], _ book: RuleBook, in reader: some Queryable
    ) throws {
        type = book.records.noun
        let ids = judged.map(\.id)
        let (issues, scores) = (try reader.quality.known(of: ids), try reader.quality.scores(of: ids))
        for record in judged {
            let known = issues[record.id] ?? []
            guard let present = record.issues else {
                for issue in known where issue.isOpen { resolve(issue) }
                if scores[record.id] != nil { changes.append(.forgotten(record.id)) }
                continue
            }
            var lost = 0
            for new in present {
                if let issue = known.first(where: { $0.ruleID == new.rule.id }) {
                    guard compare(new, with: issue) else { continue }
                } else {
                    changes.append(.found(new, of: record.id))
                    found += 1
                }
                lost += new.rule.weight
            }
            for issue in known where issue.isOpen && book.has(issue.ruleID) {
                if !present.contains(where: { $0.rule.id == issue.ruleID }) { resolve(issue) }
            }
            let score = Int((100 * (1 - Double(lost) / Double(book.weight))).rounded())
            if scores[record.id] != score { changes.append(.score(record.id, score)) }
        }
    }

    /// Notes what is new about an issue; false where it is ignored, so that it takes nothing from the score.
    private mutating func compare(_ new: FoundIssue, with issue: KnownIssue) -> Bool {
        switch issue.status {
        case .ignored where issue.valueDigest == new.valueDigest: return false
        case .open where issue.digest == new.digest: return true
        case .open: break
        case .ignored, .fixed, .resolved: found += 1
        }
        changes.append(.changed(issue, new))
        return true
    }

    private mutating func resolve(_ issue: KnownIssue) {
        changes.append(.resolved(issue))
        resolved += 1
    }

    /// The changes in parts, each of which a short transaction stores.
    func parts(of size: Int) -> [ArraySlice<Change>] {
        stride(from: 0, to: changes.count, by: size).map { changes[$0..<min($0 + size, changes.count)] }
    }
}

/// A stored issue, as far as a check has to know it.
struct KnownIssue: StoredRow {
    let id: ID<QualityIssue>, version: Int
    let recordID: String, ruleID: ID<QualityRule>
    let status: QualityIssue.Status
    let valueDigest: Int, digest: Int

    static let columns = Columns(of: Self.self)

    init(_ row: inout ColumnReader) {
        (id, version) = (row.id("id"), row.int("version"))
        (recordID, ruleID) = (row.text("subject_id"), row.id("rule_id"))
        status = QualityIssue.Status(rawValue: row.text("status")) ?? .open
        (valueDigest, digest) = (row.int("value_digest"), row.int("digest"))
    }

    var isOpen: Bool { status == .open }
}

extension QualityIssue {
    fileprivate mutating func take(_ new: FoundIssue) {
        let rule = new.rule
        (self.rule, ruleID, kind, severity) = (rule.name, rule.id, rule.kind, rule.severity)
        (field, value, otherID) = (rule.field, new.value, new.other)
        (valueDigest, digest) = (new.valueDigest, new.digest)
        remedy = new.remedy.json(isAutomatic: rule.isAutomatic).object ?? [:]
    }
}

extension QualityStore {
    /// Returns what is known of the issues of some records, whatever their status.
    fileprivate func known(of subjects: [String]) throws -> [String: [KnownIssue]] {
        let all = try tx.all(
            """
            SELECT \(KnownIssue.columns) FROM quality_issues
            WHERE tenant_id = \(tx.tenant) AND subject_id IN \(list: subjects)
            """, KnownIssue.init)
        return Dictionary(grouping: all, by: \.recordID)
    }
}

extension QualityStore where Base == Transaction {
    /// Stores a part of an update. What has changed meanwhile is left to the next check.
    func store(
        _ part: ArraySlice<QualityUpdate.Change>, of type: String, _ dependencies: QualityDependencies
    ) throws {
        var scores: [(id: String, score: Int)] = [], gone: [String] = [], doubted: Set<String> = []
        for change in part {
            switch change {
            case .found(let new, of: let id):
                guard try !hasIssue(id, new.rule.id) else { continue }
                let name = "quality issue \(id) \(new.rule.id)"
                var issue = QualityIssue.new(id: try tx.derivedID(name), now: tx.now)
                issue.take(new)
                (issue.subjectType, issue.subjectID, issue.foundAt) = (type, id, tx.now)
                issue.about = ["type": .string(type), "id": .string(id)]
                try QualityIssue.resource.insert(&issue, in: tx)
                try hold(issue, new.rule.pauses, &doubted)
            case .changed(let known, let new):
                guard let old = try QualityIssue.resource.find(known.id, in: tx), old.version == known.version
                else { continue }
                var issue = old
                issue.take(new)
                if old.status != .open {
                    (issue.status, issue.reason, issue.closedAt) = (.open, nil, nil)
                    (issue.foundAt, issue.changeSetID) = (tx.now, nil)
                }
                try save(old, &issue)
                try hold(issue, new.rule.pauses, &doubted)
            case .resolved(let known):
                guard let old = try QualityIssue.resource.find(known.id, in: tx), old.version == known.version
                else { continue }
                var issue = old
                (issue.status, issue.closedAt) = (.resolved, tx.now)
                try save(old, &issue)
                if old.kind.findsWrongValues { doubted.insert(old.subjectID) }
            case .score(let id, let score):
                try tx.run(upsertScore, [tx.tenant.sqlValue, id.sqlValue, type.sqlValue, score.sqlValue])
                scores.append((id, score))
            case .forgotten(let id): gone.append(id)
            }
        }
        if !gone.isEmpty {
            try tx.run(
                "DELETE FROM quality_scores WHERE tenant_id = \(tx.tenant) AND subject_id IN \(list: gone)")
        }
        if !scores.isEmpty { try dependencies.keepScores(tx, type, scores) }
        if !doubted.isEmpty { try dependencies.scoreAgain(tx, type, doubted.sorted()) }
    }

    private func hold(_ issue: QualityIssue, _ uses: [RecordUse], _ doubted: inout Set<String>) throws {
        guard !uses.isEmpty else { return }
        if uses.contains(.scoring) { doubted.insert(issue.subjectID) }
        try hold(issue, for: uses)
    }

    private func hasIssue(_ subject: String, _ rule: ID<QualityRule>) throws -> Bool {
        try tx.exists(
            """
            SELECT 1 FROM quality_issues
            WHERE tenant_id = \(tx.tenant) AND subject_id = \(subject) AND rule_id = \(rule)
            """)
    }
}

private let upsertScore = Statement(
    """
    INSERT INTO quality_scores (tenant_id, subject_id, subject_type, score) VALUES ($1, $2, $3, $4)
    ON CONFLICT (tenant_id, subject_id) DO UPDATE SET score = excluded.score
    """)
