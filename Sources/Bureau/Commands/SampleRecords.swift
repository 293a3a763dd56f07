internal import Agents
internal import ChangeSets
internal import Database
internal import Deals
internal import Discovery
internal import Facts
internal import Integrations
internal import JSON
internal import Jobs
internal import Market
internal import Nouns
internal import Records
internal import Support
internal import Sync
internal import Telemetry
internal import Templates

/// The records of the sample agency beside its sales: `Config/demo/records.json`. Records of any kind come about as
/// over the API, in the owner's name; sources say facts about leads, which are judged as at any other time; competitors
/// have done something, and a sync that is switched off has a past. At the end agents look at it all.
struct SampleRecords: Sendable {
    private static let kinds: [String: any ManagedRecord.Type] = Dictionary(
        uniqueKeysWithValues: [
            Competitor.self, LeadSearch.self, CaseStudy.self, TriageRule.self, Improvement.self, Survey.self,
        ].map { ($0.noun, $0) })
    private let told: JSON

    init(_ text: String) throws { told = try JSONParser.parse(text) }

    func begin(in tx: Transaction, by owner: Actor) throws {
        var made: [String: String] = [:]
        for record in list("records") {
            let type = record["type"]?.text ?? ""
            guard let kind = Self.kinds[type] else {
                throw CommandFailure("Config/demo/records.json: nothing is a \(type)", nil)
            }
            let id = try make(kind, from: record["fields"]?.object ?? [:], in: tx, by: owner)
            if let name = record["as"]?.text { made[name] = id }
        }
        for activity in list("activity") { try tell(activity, of: made, in: tx) }
        for lead in list("facts") { try say(lead, in: tx, by: owner) }
        if let sync = told["sync"] { try SampleSync(told: sync).begin(in: tx, by: owner) }
        for run in list("agents") {
            _ = try tx.runs.start(
                agent: run["agent"]?.text ?? "", trigger: .manual, parameters: run["parameters"] ?? [:],
                by: owner)
        }
    }

    private func make<T: ManagedRecord>(
        _ kind: T.Type, from fields: JSONObject, in tx: Transaction, by owner: Actor
    ) throws -> String {
        "\(try tx.make(kind, from: fields, by: owner).id)"
    }

    private func list(_ name: String) -> [JSON] { told[name]?.array ?? [] }

    private func tell(_ told: JSON, of competitors: [String: String], in tx: Transaction) throws {
        var activity = MarketActivity.new(id: tx.nextID(), now: tx.now)
        activity.competitorID = told["by"]?.text.flatMap { competitors[$0] }.flatMap { ID<Competitor>($0) }
        activity.type = told["type"]?.text.flatMap(MarketActivity.Kind.init(rawValue:)) ?? .post
        activity.at = tx.now.before(told["ago"])
        (activity.title, activity.url) = (told["title"]?.text ?? "", told["url"]?.text)
        (activity.sourceURL, activity.identity) = (activity.url ?? "", "\(activity.id)")
        try MarketActivity.resource.insert(&activity, in: tx)
    }

    /// Keeps what sources say of a lead.
    private func say(_ told: JSON, in tx: Transaction, by owner: Actor) throws {
        guard let lead = try tx.sampleLead(told["company"]) else { return }
        let observations = (told["says"]?.array ?? []).map { said in
            Observation(
                said["field"]?.text ?? "", said["value"] ?? .null,
                from: FactSource(
                    said["kind"]?.text.flatMap(FactSource.Kind.init(rawValue:)) ?? .website,
                    said["name"]?.text ?? "", url: said["url"]?.text),
                quote: said["quote"]?.text, confidence: said["confidence"]?.double ?? 0.5)
        }
        try tx.facts.observe(
            observations, of: lead.subject,
            as: NewChangeSet(
                .enrichment, Saying("change_set.enrichment", ["name": .text(lead.company)]).english),
            by: owner)
    }
}

/// A sync of the sample agency that has run, and is paused since its service is switched off.
private struct SampleSync {
    let told: JSON

    func begin(in tx: Transaction, by owner: Actor) throws {
        guard let service = try service(in: tx, by: owner) else { return }
        var sync = RecordSync.new(id: tx.nextID(), now: tx.now), faults = Faults()
        let body = JSONObject(
            (told.object?.members ?? []).filter { ["object", "local", "mapping"].contains($0.key) })
        RecordSync.schema.create(
            &sync, from: JSON.object(body).merging(["integration_id": JSON(service.id)]).object ?? [:],
            faults: &faults)
        try faults.throwIfAny()
        (sync.provider, sync.status) = (service.provider, .paused)
        (sync.pausedBecause, sync.backfill.state) = (told["paused_because"]?.text, .done)
        try tx.create(&sync, by: owner)
        for run in told["runs"]?.array ?? [] { try keep(run, of: sync, in: tx) }
        if let conflict = told["conflict"] { try keep(conflict: conflict, of: sync, in: tx) }
    }

    private func service(in tx: Transaction, by owner: Actor) throws -> Integration? {
        let body = told["integration"]?.object ?? [:]
        try tx.connect(
            JSONObject(body.members.filter { $0.key != "status" && $0.key != "error" }), by: owner)
        guard
            let old = try Integration.resource.first(
                where: "provider = \(body["provider"]?.text ?? "")", in: tx)
        else { return nil }
        var new = old
        (new.status, new.error) = (.disabled, body["error"]?.text)
        try tx.update(old, to: &new, by: owner)
        return new
    }

    private func keep(_ told: JSON, of sync: RecordSync, in tx: Transaction) throws {
        let end = tx.now.before(told["ago"])
        var run = SyncRun.new(id: tx.nextID(), now: end)
        func count(_ side: String, _ name: String) -> Int { told[side]?[name]?.int.map(Int.init) ?? 0 }
        (run.syncID, run.status) = (sync.id, .completed)
        run.pulled.created = count("pulled", "created")
        run.pulled.updated = count("pulled", "updated")
        run.pulled.unchanged = count("pulled", "unchanged")
        run.pushed.updated = count("pushed", "updated")
        run.calls = told["calls"]?.int.map(Int.init) ?? 0
        run.conflicts = told["conflicts"]?.int.map(Int.init) ?? 0
        (run.startedAt, run.finishedAt) = (end, end + .seconds(12))
        try SyncRun.resource.insert(&run, in: tx)
    }

    private func keep(conflict told: JSON, of sync: RecordSync, in tx: Transaction) throws {
        guard let lead = try tx.sampleLead(told["company"]), let field = told["field"]?.text else { return }
        var conflict = SyncConflict.new(id: tx.nextID(), now: tx.now)
        (conflict.syncID, conflict.subjectType) = (sync.id, Lead.noun)
        (conflict.subjectID, conflict.remoteID) = ("\(lead.id)", "1042")
        conflict.about = ["type": .string(Lead.noun), "id": JSON(lead.id)]
        (conflict.field, conflict.base) = (field, told["base"] ?? .null)
        conflict.local = [
            "value": Lead.schema.json(lead)[field] ?? .null, "at": .string(tx.now.before("P2D").description),
        ]
        conflict.remote = [
            "value": told["remote"] ?? .null, "at": .string(tx.now.before("P1D").description),
        ]
        try SyncConflict.resource.insert(&conflict, in: tx)
    }
}

extension Transaction {
    fileprivate func sampleLead(_ company: JSON?) throws -> Lead? {
        try Lead.resource.first(where: "company = \(company?.text ?? "")", in: self)
    }
}

extension Instant {
    /// The moment so long before, such as "P2D".
    fileprivate func before(_ told: JSON?) -> Instant {
        let period: Duration = told?.text.flatMap { Duration(iso8601: $0) } ?? .seconds(0)
        return self + (.seconds(0) - period)
    }
}
