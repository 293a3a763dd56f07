internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Sequences
internal import Telemetry
internal import Templates

/// The results of the variants of an item, as a decision keeps them: its conclusion follows from them.
struct ContentTrial: Sendable {
    let results: ContentResults

    init(_ results: ContentResults) { self.results = results }

    /// The numbers that a decision has kept.
    init?(inputs: JSON) {
        guard let rows = inputs["variants"]?.array else { return nil }
        var figures: [String: ContentFigures] = [:]
        for row in rows {
            var one = ContentFigures()
            one.sent = Int(row["sent"]?.int ?? 0)
            one.answered = Int(row["answered"]?.int ?? 0)
            one.converted = Int(row["converted"]?.int ?? 0)
            figures[row["name"]?.text ?? ""] = one
        }
        let goal = inputs["goal"]?.text.flatMap(ContentItem.Goal.init(rawValue:)) ?? .answered
        results = ContentResults(
            names: rows.compactMap { $0["name"]?.text }, figures: figures, goal: goal)
    }

    var inputs: JSON {
        .object([
            "goal": .string(results.goal.rawValue),
            "variants": .array(
                results.names.map { name in
                    let own = results.of(name)
                    return [
                        "name": .string(name), "sent": JSON(own.sent), "answered": JSON(own.answered),
                        "converted": JSON(own.converted),
                    ]
                }),
        ])
    }

    var outcome: JSON { ["variant": JSON(results.winner)] }

    /// The conclusion that some variant is the best; `nil` while the difference may be chance.
    var conclusion: Conclusion? {
        guard let winner = results.winner else { return nil }
        let tests = results.names.compactMap { results.test(of: winner, against: $0) }
        let factors = results.names.map { name -> JSON in
            let own = results.of(name)
            let factor: JSON = [
                "name": .string(name), "value": .number(own.rate(of: results.goal)), "weight": 1,
                "contribution": .number(results.test(of: name, against: winner)?.difference ?? 0),
            ]
            return factor.saying(
                "evidence",
                Saying(
                    "evidence.of_all",
                    ["count": .number(own.hits(of: results.goal)), "all": .number(own.sent)]
                ))
        }
        return Conclusion(
            outcome: outcome, confidence: 1 - (tests.map(\.chance).max() ?? 1), factors: .array(factors),
            model: ["name": "sequential_test", "version": "1"], inputs: inputs)
    }
}

/// The outcome of a trial of variants: the words that everybody gets from now on. A person may decide otherwise.
struct ContentChoice: Declared {
    var variant: String?

    static let schema = Schema<ContentChoice>(
        "ContentChoice",
        [
            .text(
                "variant", \.variant, max: 40,
                .about("The variant that everybody gets from now on; null: each gets one by chance."))
        ])
}

/// An agency's settings for what it tells many people.
struct ContentDistributionSettings: AgentSettings {
    var adoptsWinners = false

    init() {}

    static let schema = Schema<ContentDistributionSettings>(
        "ContentDistributionSettings",
        [
            .boolean(
                "adopt_winners", \.adoptsWinners, .standard(false),
                .about("Whether a variant that is surely better is what everybody gets from then on."))
        ])
}

extension ContentItem {
    /// Lets everybody get one variant from now on, or again one by chance. Whoever decides settles the trial: no
    /// agent decides it anew.
    mutating func settle(on variant: String?, at now: Instant) throws(Problem) {
        let names = tried.map(\.name)
        guard variant.map(names.contains) ?? true else {
            throw Problem(faults: [
                Fault(
                    "/variant", "unknown_reference", "variant must name a variant of the content item.",
                    choices: names)
            ])
        }
        (adoptedVariant, settledAt) = (variant, now)
    }

    /// Forgets what was settled about other variants than there are now.
    mutating func forgetTrial(of old: ContentItem) {
        let names = tried.map(\.name)
        guard names != old.tried.map(\.name) else { return }
        settledAt = nil
        if let adopted = adoptedVariant, names.contains(adopted) { settledAt = old.settledAt }
        if settledAt == nil { adoptedVariant = nil }
    }
}

/// Trials of variants of content items: `tx.contentTrials`.
struct ContentTrialStore<Base: Queryable> {
    let tx: Base
}

extension Queryable {
    var contentTrials: ContentTrialStore<Self> { ContentTrialStore(tx: self) }
}

extension ContentTrialStore {
    /// Returns items whose variants are being tried on people, behind a place.
    func running(after place: ContentItemID, limit: Int) throws -> [ContentItem] {
        try ContentItem.resource.all(
            where: "settled_at IS NULL AND status = 'published' AND id > \(place)",
            suffix: "ORDER BY id LIMIT \(limit)", in: tx)
    }

    func find(of item: ContentItem) throws -> ContentTrial {
        ContentTrial(
            ContentResults(
                names: item.tried.map(\.name), figures: try tx.content.results(of: item.id), goal: item.goal))
    }
}

extension AgentRun {
    /// Concludes which variant of an item is best, once that is sure, and lets everybody get it where the agency
    /// allows it; answers whether they do now.
    func conclude(_ item: ContentItem, adopts: Bool, in tx: Transaction) throws -> Bool {
        let trial = try tx.contentTrials.find(of: item)
        guard let conclusion = trial.conclusion else { return false }
        if !adopts, let known = try tx.decisions.latest(agent, subjectID: item.id),
            JSON(stored: known.outcome) == trial.outcome
        {
            return false
        }
        let made = try decide(in: tx, Subject(item.id), conclusion)
        guard adopts, made.isNew, let winner = trial.results.winner,
            try may(
                "update_record", trial.outcome, permission: "content_items:write",
                about: Subject(item.id), decision: made.id, in: tx)
        else { return false }
        // A person's word about the same numbers goes before it.
        let said = made.override.map { $0["variant"]?.text }
        return try tx.contentTrials.settle(item, on: said ?? winner, by: actor).adoptedVariant != nil
    }
}

extension ContentTrialStore where Base == Transaction {
    /// Lets everybody get one variant from now on, or again one by chance, as a person has decided.
    @discardableResult
    func settle(_ item: ContentItem, on variant: String?, by actor: Actor) throws -> ContentItem {
        var settled = item
        try settled.settle(on: variant, at: tx.now)
        let verb = settled.adoptedVariant == nil ? "variant_undone" : "variant_adopted"
        try tx.update(item, to: &settled, by: actor, action: "content_item.\(verb)")
        return settled
    }
}
