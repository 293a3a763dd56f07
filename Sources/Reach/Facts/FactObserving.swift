internal import Agents
package import ChangeSets
package import Database
internal import JSON
package import Jobs
internal import Nouns
package import Records

package extension FactStore where Base == Transaction {
    /// Judges what sources say of a record: which values it shows from now on, and which stand beside them. A person's
    /// value is never replaced. What changes in the record is one change set; its rules are asked as for any change.
    @discardableResult
    func observe(
        _ observations: [Observation], of subject: Subject, as new: NewChangeSet, by actor: Actor
    ) throws -> FactReport {
        try observe([(subject, observations)], as: new, by: actor)
    }

    /// Judges what sources say of several records, as one change set.
    func observe(
        _ groups: [(subject: Subject, observations: [Observation])], as new: NewChangeSet, by actor: Actor
    ) throws -> FactReport {
        var judges: [FactJudge] = [], plan = ChangeSetPlan()
        for group in groups where !group.observations.isEmpty {
            var judge = try FactJudge(group.subject, in: tx)
            for observation in group.observations { try judge.consider(observation) }
            if !judge.wanted.isEmpty {
                try plan.add(
                    WantedChange(group.subject.id, judge.wanted), of: tx.runtime.records, in: tx)
            }
            judges.append(judge)
        }
        var report = FactReport()
        if !plan.changes.isEmpty { report.changeSetID = try tx.changeSets.apply(plan, as: new, by: actor).id }
        for judge in judges { report.outcomes += try store(judge, changedBy: report.changeSetID) }
        return report
    }

    /// Stores what was judged. A value that the record did not take after all, or brought into a form of its own, is
    /// told as the record has it.
    private func store(_ judge: FactJudge, changedBy set: ID<ChangeSet>?) throws -> [FactOutcome] {
        let subject = judge.sheet.subject
        guard let records = tx.runtime.records.records(of: subject.id) else { return [] }
        let present = try records.get(subject.id, tx)
        var refused: Set<ID<Fact>> = []
        for id in judge.changed.keys.sorted() {
            guard var fact = judge.changed[id] else { continue }
            if fact.status == .current, judge.sheet.columns.contains(fact.field) {
                let value = present[fact.field] ?? .null
                if value.isNothing {
                    refused.insert(id)
                    continue
                }
                fact.value = value
            }
            if fact.status == .current, let set { fact.changeSetID = set }
            try save(fact)
        }
        return judge.outcomes.map { outcome in
            guard let id = outcome.factID, refused.contains(id) else { return outcome }
            return FactOutcome(
                subject: subject, observation: outcome.observation, result: .invalid, factID: nil)
        }
    }

    /// Stores whence the values come that the caller has just written to a record itself, such as a lead that a search
    /// has made. Nothing is judged, and nothing changes in the record.
    func attribute(_ observations: [Observation], to subject: Subject) throws {
        guard let records = tx.runtime.records.records(of: subject.id) else { throw Problem(.notFound) }
        let record = try records.get(subject.id, tx)
        for observation in observations {
            var fact = Fact.new(id: tx.nextID(), now: tx.now)
            (fact.field, fact.value) = (observation.field, record[observation.field] ?? observation.value)
            guard !fact.value.isNothing else { continue }
            (fact.confidence, fact.source) = (observation.confidence, observation.source)
            fact.evidence = ["quote": JSON(observation.quote), "url": JSON(observation.url)]
            fact.observedAt = observation.observedAt ?? tx.now
            (fact.expiresAt, fact.cost) = (observation.expiresAt, observation.cost)
            (fact.subjectType, fact.subjectID) = (subject.type, subject.id)
            try save(fact)
        }
    }

    /// Has what was said by a company's site, and by services that know companies by their site, count as stale: the
    /// record has another site. It keeps the values until somebody knows newer ones.
    func expireSiteFacts(of subject: Subject) throws {
        for old in try stored(about: subject.id)
        where [.website, .provider].contains(old.source.kind) && !old.isHuman && !old.isStale(at: tx.now) {
            var fact = old
            fact.expiresAt = tx.now
            try save(fact)
        }
    }

    /// Forgets whom companies are said to consist of: somebody of them wants not to be known.
    func forgetPeople(of companies: [String]) throws {
        guard !companies.isEmpty else { return }
        try tx.run(
            """
            DELETE FROM facts WHERE tenant_id = \(tx.tenant) AND subject_id IN \(list: companies)
                AND field = \(FactField.decisionMakers.rawValue)
            """)
    }

    internal func save(_ fact: Fact) throws {
        var fact = fact
        guard let old = try Fact.resource.find(fact.id, in: tx.unlimited) else {
            return try Fact.resource.insert(&fact, in: tx.unlimited)
        }
        fact.version = old.version + 1
        fact.updatedAt = tx.now
        try Fact.resource.update(old, to: fact, in: tx.unlimited)
    }
}
