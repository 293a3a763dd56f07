internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Telemetry
internal import Templates
internal import Wording

extension MarketStore {
    /// Returns the findings that the last run has made, by kind.
    func currentFindings() throws -> [MarketFinding] {
        try MarketFinding.resource.all(
            where: "status = 'current'", suffix: "ORDER BY kind, subject LIMIT 500", in: tx)
    }

    /// Returns what was found or confirmed since a moment.
    func findings(since moment: Instant) throws -> [MarketFinding] {
        try MarketFinding.resource.all(
            where: "confirmed_at >= \(moment)", suffix: "ORDER BY kind, subject, id LIMIT 500", in: tx)
    }
}

extension MarketStore where Base == Transaction {
    /// Keeps a finding in place of the one about the same, in the words of the agency's language; tells it when it is
    /// new. What is not to be kept, since the agent only observes, is made all the same.
    func keep(
        _ asked: MarketCase, _ conclusion: MarketConclusion, decision: DecisionID, _ words: Wording,
        isKept: Bool
    ) throws -> MarketFinding {
        let old = try MarketFinding.resource.first(
            where: "status = 'current' AND subject = \(asked.key)", suffix: "ORDER BY id LIMIT 1", in: tx)
        // News of a competitor are told each time; other findings go on.
        let before = asked.kind == .competitor ? nil : old
        var finding = before ?? MarketFinding.new(id: tx.nextID(), now: tx.now)
        finding.kind = MarketFinding.Kind(rawValue: asked.kind.rawValue) ?? .trend
        (finding.mark, finding.status) = (asked.key, .current)
        finding.title = String(conclusion.title.said(in: words).prefix(1000))
        finding.recommendation = String(conclusion.advice.said(in: words).prefix(1000))
        (finding.numbers, finding.interval) = (conclusion.numbers, conclusion.intervalJSON.object ?? [:])
        (finding.chance, finding.evidence) = (conclusion.chance, .array(asked.evidence))
        finding.competitorID = asked.kind == .competitor ? ID(asked.value) : nil
        (finding.decisionID, finding.confirmedAt) = (decision, tx.now)
        if before == nil { finding.foundAt = tx.now }
        guard isKept else { return finding }
        if let before {
            try save(before, &finding)
            return finding
        }
        if let old { try end(old) }
        try MarketFinding.resource.insert(&finding, in: tx)
        try tx.publish(
            "market.finding", finding.subject,
            ["kind": .string(finding.kind.rawValue), "title": .string(finding.title)])
        return finding
    }

    /// Ends the findings that a run has not made again.
    func endFindings(except marks: Set<String>) throws {
        for finding in try currentFindings()
        where finding.kind != .competitor && !marks.contains(finding.mark) {
            try end(finding)
        }
    }

    private func end(_ old: MarketFinding) throws {
        var finding = old
        (finding.status, finding.endedAt) = (.past, tx.now)
        try save(old, &finding)
    }

    private func save(_ old: MarketFinding, _ new: inout MarketFinding) throws {
        new.version = old.version + 1
        new.updatedAt = tx.now
        try MarketFinding.resource.update(old, to: new, in: tx)
    }
}
