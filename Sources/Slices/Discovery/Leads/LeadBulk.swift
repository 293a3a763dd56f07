internal import Agents
internal import Database
internal import HTTPServer
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Routing
internal import RuntimeRoutes
internal import Tenancy
internal import Wording

/// One operation of a bulk call.
private enum Operation: Sendable {
    case create(JSONObject)
    case update(LeadID, JSONObject)
    case delete(LeadID)

    init(_ json: JSON, _ index: Int) throws(Problem) {
        let place = "/operations/\(index)"
        guard let object = json.object else {
            throw Problem(faults: [Fault(place, "wrong_type", "Each operation must be an object.")])
        }
        let body = object["body"]?.object
        switch object["op"]?.text {
        case "create":
            guard let body else {
                throw Problem(faults: [
                    Fault("\(place)/body", "required", "data is required for create: the fields of the lead.")
                ])
            }
            self = .create(body)
        case "update":
            guard let body else {
                throw Problem(faults: [
                    Fault("\(place)/body", "required", "data is required for update: the fields to change.")
                ])
            }
            self = .update(try Self.id(object), body)
        case "delete": self = .delete(try Self.id(object))
        default:
            let choices = ["create", "update", "delete"]
            throw Problem(faults: [
                Fault(
                    "\(place)/op", "invalid_choice", "op must be create, update or delete.", choices: choices)
            ])
        }
    }

    private static func id(_ object: JSONObject) throws(Problem) -> LeadID {
        guard let id = LeadID(object["id"]?.text ?? "") else { throw Problem(.notFound) }
        return id
    }

    func run(in tx: Transaction, by actor: Actor, telling words: Wording) throws -> JSONObject {
        switch self {
        case .create(let body):
            var lead = Lead.new(id: tx.nextID(), now: tx.now), faults = Faults()
            Lead.schema.create(&lead, from: body, faults: &faults)
            try faults.throwIfAny(in: tx)
            lead.derive()
            try tx.create(&lead, by: actor)
            let notes = try leadNotes.read(lead, tx)
            return ["status": 201, "body": lead.json(in: words).merging(.object(notes))]
        case .update(let id, let body):
            let old = try Lead.resource.get(id, in: tx)
            var lead = old, faults = Faults()
            _ = Lead.schema.patch(&lead, with: body, faults: &faults)
            try faults.throwIfAny(in: tx)
            try tx.update(old, to: &lead, by: actor)
            return ["status": 200, "body": lead.json(in: words)]
        case .delete(let id):
            try tx.leads.archive(try Lead.resource.get(id, in: tx), by: actor)
            return ["status": 204]
        }
    }
}

extension Lead {
    fileprivate func json(in words: Wording) -> JSON {
        Lead.schema.json(self).merging(.object(told(in: words)))
    }
}

private let operationsMax = 1000

func leadBulkRoute(_ routes: inout Routes) {
    routes.post(
        "/v1/leads/bulk",
        .permission(
            "leads:write"), "Run up to 1,000 operations on leads, and get a result for each",
        named: "bulk_edit_leads",
        body: .json(
            .schema(
                [
                    "operations": [
                        "type": "array", "maxItems": .integer(Int64(operationsMax)),
                        // A faulty operation has its own answer, so that none is a fault of the whole.
                        "items": [
                            "description":
                                "The operations, each with op (create, update, delete), id except for create, and body except for delete.",
                            "examples": [["op": "create", "body": ["company": "Example GmbH"]]],
                        ],
                    ]
                ], required: ["operations"]
            ).merging(["additionalProperties": false])),
        .json(
            .schema(["results": ["type": "array", "items": ["type": "object"]]], required: ["results"]),
            "Results, in order.")
    ) { call in
        let body = try call.object()
        let unknown = body.keys.filter { $0 != "operations" }
        guard unknown.isEmpty else {
            throw Problem(
                faults: unknown.map {
                    Fault(
                        "/\($0.pointerToken)", "unknown_field",
                        "The body has no other field than operations: leave the others out.")
                })
        }
        guard let operations = body["operations"]?.array else {
            throw Problem(faults: [
                Fault("/operations", "required", "operations is required: send a list of operations.")
            ])
        }
        guard operations.count <= operationsMax else { throw Problem(.tooManyOperations) }
        return .write { tx in
            let words = try tx.wordings.find(for: call)
            let results = try operations.enumerated().map { index, json -> JSON in
                do {
                    let operation = try Operation(json, index)
                    return .object(
                        try tx.attempt { try operation.run(in: tx, by: call.actor, telling: words) })
                } catch DatabaseError.unavailable(let reason) {
                    // Of none of them anything can be kept.
                    throw DatabaseError.unavailable(reason)
                } catch {
                    let problem = (error as? any ProblemConvertible)?.problem ?? Problem(.internalError)
                    return [
                        "status": .integer(Int64(problem.type.status)),
                        "problem": problem.json(requestID: call.requestID),
                    ]
                }
            }
            return .json(["results": .array(results)])
        }
    }
}
