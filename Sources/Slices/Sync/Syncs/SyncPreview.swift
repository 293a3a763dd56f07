internal import Agents
internal import Database
internal import Integrations
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Telemetry
internal import Tenancy

/// A preview of a run that compares everything. It reads both sides, and stores nothing.
struct SyncPreview: Sendable {
    /// Beyond so many of a side's records, or so long, the preview says that it is not complete.
    private static let recordsMax = 5000
    private static let timeMax: Duration = .seconds(25)
    private static let samplesMax = 50, faultsMax = 200
    private static let batch = 200

    private let plan: SyncPlan
    private let client: ConnectorClient?
    private let database: Database
    private let tenant: TenantID

    private var pull: [(name: String, count: Int)] = ["create", "update", "unchanged", "skip", "archive"].map
    {
        ($0, 0)
    }
    private var push: [(name: String, count: Int)] = ["create", "update", "unchanged", "skip"].map { ($0, 0) }
    private var conflicts = 0, calls = 0
    private var isComplete = true
    private var faults: [JSON] = [], samples: [JSON] = []
    /// The agency's records that were compared with one of the service's already.
    private var met: Set<String> = []

    /// `client`: `nil` in a sandbox, where only what was last seen is compared.
    init(_ plan: SyncPlan, _ client: ConnectorClient?, _ database: Database, _ tenant: TenantID) {
        (self.plan, self.client, self.database, self.tenant) = (plan, client, database, tenant)
    }

    var json: JSON {
        func counts(_ list: [(name: String, count: Int)]) -> JSON {
            .object(JSONObject(list.map { ($0.name, JSON($0.count)) }))
        }
        return [
            "pull": counts(pull), "push": counts(push), "conflicts": JSON(conflicts),
            "faults": .array(faults),
            "samples": .array(samples), "calls": JSON(calls), "complete": .bool(isComplete),
        ]
    }

    /// Compares both sides; throws `ToolFailure` where the service does not answer.
    mutating func compare() async throws {
        let end = Instant.steadyClock() + Self.timeMax
        if let client {
            try await compareRemote(client, until: end)
        } else {
            let id = plan.sync.id
            let linked = try database.read(tenant) { try $0.syncLinks.counts(id).linked }
            Self.count("unchanged", in: &pull, linked)
        }
        if plan.pushes { try compareLocal(until: end) }
    }

    // MARK: The service's records

    private mutating func compareRemote(_ client: ConnectorClient, until end: Instant) async throws {
        var cursor: String?, seen: Set<String> = [], count = 0
        repeat {
            let place = cursor
            calls += 1
            let page = try await client.page(of: plan.object, since: nil, after: place)
            if let next = page.next, !seen.insert(next).inserted {
                throw ToolFailure(
                    "cursor_loop", "the service's pages lead back to one that was there", isRetryable: false)
            }
            let plan = plan
            for (record, step) in try database.read(tenant, { try $0.syncPulls.judge(page.records, plan) }) {
                tell(record, step)
            }
            count += page.records.count
            cursor = page.next
            if cursor != nil, count >= Self.recordsMax || Instant.steadyClock() >= end {
                isComplete = false
                break
            }
        } while cursor != nil
    }

    private mutating func tell(_ record: RemoteRecord, _ step: PullStep) {
        switch step {
        case .unchanged(let link):
            met.insert(link.here)
            Self.count("unchanged", in: &pull)
        case .skip(let local, _, _):
            if let local { met.insert(local) }
            Self.count("skip", in: &pull)
        case .held(let local, _, _):
            met.insert(local.id)
            Self.count("skip", in: &pull)
        case .fail(let fault): tell(fault, of: record)
        case .deleted(let link):
            met.insert(link.here)
            Self.count(plan.sync.deletes == .archive ? "archive" : "skip", in: &pull)
        case .create(let values):
            Self.count("create", in: &pull)
            let after = values.filter { !$0.value.isNothing }.map { ($0.field.name, $0.value) }
            sample("local", "create", record.id, before: nil, after: JSONObject(after))
        case .pair(_, let local, let merge, _):
            met.insert(local.id)
            conflicts += merge.conflicts.count
            if merge.changes.isEmpty, !merge.unsubscribes {
                Self.count("unchanged", in: &pull)
            } else {
                Self.count("update", in: &pull)
                sample(
                    "local", "update", local.id,
                    before: JSONObject(merge.changes.map { ($0.field.name, $0.before) }),
                    after: JSONObject(merge.changes.map { ($0.field.name, $0.after) }))
            }
            if merge.pushes { tellPush(local, merge, record) }
        }
    }

    /// Tells what would go out of a pair that has just been compared.
    private mutating func tellPush(_ local: LocalRecord, _ merge: PairMerge, _ record: RemoteRecord) {
        Self.count("update", in: &push)
        let fields = plan.fields.filter { field in
            guard field.flow.pushes, let agreed = merge.base[field.name] else { return false }
            return agreed.local != field.value(of: local)
        }
        sample(
            "remote", "update", record.id,
            before: JSONObject(fields.map { ($0.remote.name, record.fields[$0.remote.name] ?? .null) }),
            after: JSONObject(fields.map { ($0.remote.name, $0.value(of: local)) }))
    }

    private mutating func tell(_ fault: FieldFault, of record: RemoteRecord) {
        Self.count("skip", in: &pull)
        guard faults.count < Self.faultsMax else { return }
        faults.append([
            "side": "remote", "id": .string(record.id), "field": .string(fault.field),
            "code": .string(fault.code), "detail": .string(fault.detail),
        ])
    }

    // MARK: The agency's records

    private mutating func compareLocal(until end: Instant) throws {
        var place = "", count = 0
        while true {
            let (plan, after) = (plan, place)
            let (locals, steps) = try database.read(tenant) { reader in
                let locals = try reader.syncs.locals(.after(after, limit: Self.batch), plan)
                return (locals, try reader.syncPushes.judge(locals.filter { !met.contains($0.id) }, plan))
            }
            guard let last = locals.last?.id else { return }
            for step in steps { tell(step) }
            place = last
            count += locals.count
            if count >= Self.recordsMax || Instant.steadyClock() >= end {
                isComplete = false
                return
            }
        }
    }

    private mutating func tell(_ step: PushStep) {
        switch step.action {
        case .note: Self.count("unchanged", in: &push)
        case .skip, .hold: Self.count("skip", in: &push)
        case .create:
            Self.count("create", in: &push)
            sample("remote", "create", step.local.id, before: nil, after: step.body)
        case .update(let fields):
            Self.count("update", in: &push)
            let before = fields.map {
                ($0.field.remote.name, step.link.base[$0.field.name]?.remote ?? .null)
            }
            sample(
                "remote", "update", step.link.there ?? step.local.id, before: JSONObject(before),
                after: step.body)
        }
    }

    // MARK: Counts

    private static func count(_ name: String, in list: inout [(name: String, count: Int)], _ more: Int = 1) {
        guard let index = list.firstIndex(where: { $0.name == name }) else { return }
        list[index].count += more
    }

    private mutating func sample(
        _ side: String, _ action: String, _ id: String, before: JSONObject?, after: JSONObject
    ) {
        // Of each kind of change there are to be some, however many there are of another.
        let kind = samples.filter { $0["side"]?.text == side && $0["action"]?.text == action }.count
        guard kind < Self.samplesMax else { return }
        samples.append([
            "side": .string(side), "action": .string(action), "id": .string(id),
            "before": before.map { .object($0) } ?? .null, "after": .object(after),
        ])
    }

    static let schema: JSON = {
        func counts(_ names: [String]) -> JSON {
            .record(JSONObject(names.map { ($0, ["type": "integer"]) }))
        }
        let values: JSON = ["type": ["object", "null"]]
        return .record([
            "pull": counts(["create", "update", "unchanged", "skip", "archive"]),
            "push": counts(["create", "update", "unchanged", "skip"]),
            "conflicts": ["type": "integer", "description": "How many fields would be left to a person."],
            "faults": [
                "type": "array",
                "items": .record([
                    "side": ["type": "string"], "id": ["type": "string"], "field": ["type": "string"],
                    "code": ["type": "string"], "detail": ["type": "string"],
                ]),
                "description": "Records that would not fit.",
            ],
            "samples": [
                "type": "array",
                "items": .record([
                    "side": ["type": "string", "enum": ["local", "remote"]],
                    "action": ["type": "string", "enum": ["create", "update"]], "id": ["type": "string"],
                    "before": values, "after": values,
                ]),
                "description": "Some of the changes, on the side that they would be made on.",
            ],
            "calls": ["type": "integer", "description": "How often the service was asked."],
            "complete": [
                "type": "boolean",
                "description": "Whether all records were compared; of very many only some are.",
            ],
        ])
    }()
}
