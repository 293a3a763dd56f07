internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Telemetry

/// Judges what sources say of one record, one observation after the other; nothing is stored yet.
struct FactJudge {
    /// Confidences that differ by less are equal.
    private static let margin = 0.05
    /// Of two equal sources the one counts that was read so much later.
    private static let freshness: Duration = .seconds(30 * 86_400)

    private(set) var sheet: FactSheet
    /// The values that the record is to hold.
    private(set) var wanted = JSONObject()
    /// The facts to be stored, by their place among the outcomes.
    private(set) var changed: [ID<Fact>: Fact] = [:]
    private(set) var outcomes: [FactOutcome] = []
    private let tx: Transaction

    init(_ subject: Subject, in tx: Transaction) throws {
        self.tx = tx
        sheet = try tx.facts.sheet(of: subject, tx.runtime)
    }

    mutating func consider(_ observation: Observation) throws {
        let (result, fact) = try judge(observation)
        outcomes.append(
            FactOutcome(subject: sheet.subject, observation: observation, result: result, factID: fact?.id))
    }

    private mutating func judge(_ new: Observation) throws -> (FactOutcome.Result, Fact?) {
        guard let value = try normalised(new) else { return (.invalid, nil) }
        let known = sheet.facts(of: new.field)
        if let rejected = known.first(where: { $0.status == .rejected && $0.says(value, new.source) }) {
            return (.kept(.rejected), rejected)
        }
        guard let shown = sheet.shown(new.field) else {
            if let gone = known.first(where: { sheet.taken.contains($0.id) && $0.says(value, new.source) }) {
                return (.kept(.rejected), gone)
            }
            return (.filled, fill(new, value))
        }
        if shown.value.saysSame(as: value) { return confirm(shown, new, value) }
        if shown.isHuman { return (.kept(.person), put(new, value, as: .alternative)) }
        if shown.status == .expired { return (.filled, fill(new, value)) }
        if shown.source.isSame(as: new.source) {
            // It has changed its mind.
            var old = shown
            (old.status, old.expiresAt) = (.expired, tx.now)
            store(old)
            return (.filled, fill(new, value))
        }
        let difference = new.confidence - shown.confidence
        let isFresher = (new.observedAt ?? tx.now) - shown.observedAt >= Self.freshness
        if difference >= Self.margin || (difference > -Self.margin && isFresher) {
            demote(shown)
            return (.filled, fill(new, value))
        }
        let isList = FactField(rawValue: new.field)?.isList ?? (value.array != nil)
        let status: Fact.Status = difference <= -Self.margin || isList ? .alternative : .disputed
        return (.kept(.lowerConfidence), put(new, value, as: status))
    }

    /// The source says what the record shows already.
    private mutating func confirm(
        _ shown: Fact, _ new: Observation, _ value: JSON
    ) -> (FactOutcome.Result, Fact?) {
        if shown.isHuman { return (.kept(.person), shown) }
        if shown.source.isSame(as: new.source) || shown.status == .expired {
            return (.filled, fill(new, shown.value))
        }
        guard new.confidence >= shown.confidence + Self.margin else { return (.kept(.fresh), shown) }
        demote(shown)
        return (.filled, fill(new, shown.value))
    }

    private func normalised(_ new: Observation) throws -> JSON? {
        try tx.facts.normalised(new.value, of: new.field, about: sheet.subject, tx.runtime)
    }

    // MARK: Facts

    private mutating func fill(_ new: Observation, _ value: JSON) -> Fact {
        if sheet.columns.contains(new.field) { wanted[new.field] = value }
        return put(new, value, as: .current)
    }

    private mutating func demote(_ shown: Fact) {
        if shown.row == 0 { sheet.remove(shown.id) }
        var old = shown.stored(tx)
        old.status = .alternative
        store(old)
    }

    /// Puts the fact among the record's: what the same source has said of the field before gives way to it.
    private mutating func put(_ new: Observation, _ value: JSON, as status: Fact.Status) -> Fact {
        var fact: Fact
        let earlier = sheet.facts(of: new.field).filter {
            $0.row > 0 && $0.source.isSame(as: new.source) && $0.status != .rejected
        }
        if let same = earlier.last(where: { $0.value.saysSame(as: value) }) {
            fact = same
        } else {
            fact = Fact.new(id: tx.nextID(), now: tx.now)
            for old in earlier where old.status == .alternative || old.status == .disputed {
                var ended = old
                (ended.status, ended.expiresAt) = (.expired, tx.now)
                store(ended)
            }
        }
        (fact.field, fact.value, fact.status, fact.confidence) = (new.field, value, status, new.confidence)
        fact.source = new.source
        fact.evidence = ["quote": JSON(new.quote), "url": JSON(new.url)]
        (fact.observedAt, fact.expiresAt, fact.cost) = (new.observedAt ?? tx.now, new.expiresAt, new.cost)
        (fact.subjectType, fact.subjectID) = (sheet.subject.type, sheet.subject.id)
        (fact.reason, fact.acceptedAt) = (nil, nil)
        store(fact)
        return fact
    }

    private mutating func store(_ fact: Fact) {
        var fact = fact
        fact.wasCurrent = fact.status == .current
        changed[fact.id] = fact
        sheet.replace(fact)
    }
}

extension Fact {
    fileprivate func says(_ value: JSON, _ source: FactSource) -> Bool {
        self.source.isSame(as: source) && self.value.saysSame(as: value)
    }

    /// Returns the fact with an identifier of its own, to be stored.
    func stored(_ tx: Transaction) -> Fact {
        guard row == 0 else { return self }
        var fact = self
        fact.beginLife(id: tx.nextID(), now: tx.now)
        return fact
    }
}
