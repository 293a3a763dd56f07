internal import Agents
internal import Database
internal import Facts
internal import HTTPServer
internal import Integrations
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Routing
internal import RuntimeRoutes
internal import Tenancy

/// The body of `POST /v1/leads/{id}/enrich`.
private struct EnrichBody: Declared {
    var fields: [String] = []
    var maxCost: Money?
    var refresh = false
    var dryRun = false

    static let schema = Schema<EnrichBody>(
        "LeadEnrichRequest",
        [
            .texts(
                "fields", \.fields, max: 100, length: 64,
                .about("The fields that are wanted; without any all of the plan."),
                .example(["founded_year"])),
            .money("max_cost", \.maxCost, .about("The highest cost allowed.")),
            .boolean("refresh", \.refresh, .about("Whether to ask although what is known is fresh.")),
            .boolean(
                "dry_run", \.dryRun, .about("Whether only to tell who would be asked, and the price.")),
        ])

    func parameters(of lead: LeadID) -> JSON {
        var parameters: JSONObject = ["lead_id": JSON(lead)]
        if !fields.isEmpty { parameters["fields"] = JSON(fields) }
        if let maxCost { parameters["max_cost"] = maxCost.json }
        if refresh { parameters["refresh"] = true }
        if dryRun { parameters["dry_run"] = true }
        return .object(parameters)
    }
}

/// `/v1/enrichment-plan` and `/v1/leads/{id}/enrich`: which sources are asked for what, and a lead's enrichment.
func enrichmentRoutes(_ routes: inout Routes, _ runtime: Runtime, _ services: IntegrationServices) {
    let sources = EnrichmentSources(services)
    routes.declare(EnrichBody.self)
    routes.schema("EnrichmentPlan", planSchema)
    routes.schema("EnrichmentPlanPatch", planPatchSchema)
    routes.events(
        "lead", ["enriched": "Outside sources were asked about a lead."],
        [
            "fields": ["type": "array", "items": ["type": "string"]],
            "change_set_id": ["type": ["string", "null"]], "cost": .anyObject,
        ])
    routes.post(
        "/v1/leads/{id}/enrich", .permission("agents:run"),
        "Enrich a lead from its sources, and get the run; with wait, the finished one",
        body: .json(.reference("LeadEnrichRequest"), isOptional: true), query: [.wait],
        .json(.reference("AgentRun"), "The finished run."),
        .json(.reference("AgentRun"), status: 202, "The run to follow.")
    ) { call in
        let id = try call.id("id", of: Nouns.Lead.self)
        let body = call.request.bytes.isEmpty ? EnrichBody() : try call.body(EnrichBody.self)
        return try call.startRun(runtime) { tx in
            _ = try Lead.resource.get(id, in: tx)
            var faults = Faults()
            try body.maxCost?.checkCap(at: "/max_cost", &faults, in: tx, runtime)
            try faults.throwIfAny()
            return try tx.startRun(
                agent: ProspectResearchAgent.agent, body.parameters(of: id), at: "", by: call.actor)
        }
    }
    routes.get(
        "/v1/enrichment-plan", .permission("enrichment:read"),
        "Get the sources of each field, in their order, with their cost",
        .json(.reference("EnrichmentPlan"))
    ) { call in
        try call.allowQuery()
        return .read { .json(try planJSON(sources, services, in: $0)) }
    }
    routes.patch(
        "/v1/enrichment-plan", .permission("enrichment:write"),
        "Update which sources are asked for a field; null gives it back to what the installation suggests",
        body: .json(.reference("EnrichmentPlanPatch")), .json(.reference("EnrichmentPlan"))
    ) { call in
        let body = try call.object()
        return .write { tx in
            let document = try tx.enrichment.document().merged(with: body)
            var plan = EnrichmentPlan(sources), faults = Faults()
            plan.apply(document, sources, &faults)
            try plan.costMax?.checkCap(at: "/max_cost_per_record", &faults, in: tx, tx.runtime)
            try faults.throwIfAny()
            try tx.enrichment.save(document)
            try tx.auditLog.add(
                call.actor, "enrichment_plan.updated",
                Subject(type: "enrichment_plan", id: "enrichment_plan"),
                .object(body))
            return .json(try planJSON(sources, services, in: tx))
        }
    }
}

extension JSONObject {
    /// The document with a merge patch, down to the members of each field's plan.
    fileprivate func merged(with patch: JSONObject) -> JSONObject {
        var result = self
        for (name, value) in patch.members where name != "sources" {
            guard name == "fields", let wanted = value.object else {
                result[name] = value
                continue
            }
            var fields = result["fields"]?.object ?? [:]
            for (field, plan) in wanted.members {
                if plan.isNull {
                    fields.remove(field)
                } else if let object = plan.object, let known = fields[field]?.object {
                    fields[field] = JSON.object(known).merging(.object(object))
                } else {
                    fields[field] = plan
                }
            }
            result["fields"] = .object(fields)
        }
        return result
    }
}

private func planJSON(
    _ sources: EnrichmentSources, _ services: IntegrationServices, in reader: some Queryable
) throws -> JSON {
    let plan = try reader.enrichment.plan(sources)
    var object = plan.json
    let caller = ToolCaller(actor: .system)
    let question = ServiceQuestion(
        tool: EnrichCompanyTool.name, kind: LeadEnrichment.kind, key: "", for: caller)
    let found = try services.connections(for: .companyEnrichment, question, in: reader)
    let prices = Dictionary(found.map { ($0.provider.name, $0.connector.price) }) { first, _ in first }
    let yields = try reader.enrichment.yields()
    let currency = try reader.reading.agency.tenant().currency
    func row(_ name: String, _ title: String, fields: Set<String>, needsKey: Bool) -> JSON {
        let counted = yields.filter { $0.key.hasPrefix("\(name)/") }.values
        return [
            "name": .string(name), "title": .string(title), "fields": JSON(fields.sorted()),
            "needs_key": .bool(needsKey), "connected": .bool(!needsKey || prices[name] != nil),
            "cost": Money(micros: prices[name] ?? 0, currency: currency).json,
            "asked": JSON(counted.reduce(0) { $0 + $1.asked }),
            "found": JSON(counted.reduce(0) { $0 + $1.found }),
        ]
    }
    object["sources"] = .array(
        [row(SiteStatements.source, "Website", fields: SiteStatements.fields, needsKey: false)]
            + sources.providers.map {
                row($0.name, $0.title, fields: $0.enrichedFields, needsKey: !$0.isOpen)
            })
    return .object(object)
}

private let fieldPlanSchema: JSON = .record([
    "sources": ["type": "array", "items": ["type": "string"], "description": "The sources, in their order."],
    "min_confidence": ["type": "number", "description": "When it is enough, from 0 to 1."],
    "max_age": ["type": "string", "description": "After what time a value is stale."],
])

private let planPatchSchema: JSON = .schema(
    [
        "fields": [
            "type": "object",
            "additionalProperties": .schema(
                [
                    "sources": ["type": "array", "items": ["type": "string"]],
                    "min_confidence": ["type": "number", "minimum": 0, "maximum": 1],
                    "max_age": ["type": "string"],
                ], required: []),
            "description": "The fields that change, by their names; what is left out of one stays.",
        ],
        "max_cost_per_record": ["type": ["object", "null"]],
        "follows_yield": ["type": "boolean"],
    ], required: [])

private let planSchema: JSON = .record([
    "fields": [
        "type": "object", "additionalProperties": fieldPlanSchema,
        "description": "The plan of each field, by its name.",
    ],
    "max_cost_per_record": [
        "type": ["object", "null"], "description": "The highest cost of asking about one lead; null: any.",
    ],
    "follows_yield": [
        "type": "boolean",
        "description": "Whether the order follows how often each source knew something, and its price.",
    ],
    "sources": [
        "type": "array", "description": "The sources, with their prices and how often they knew something.",
        "items": .record([
            "name": ["type": "string", "description": "Its name in plans."],
            "title": ["type": "string", "description": "The name, for people."],
            "fields": [
                "type": "array", "items": ["type": "string"], "description": "The fields that it may tell.",
            ],
            "needs_key": ["type": "boolean", "description": "Whether it is asked with credentials only."],
            "connected": ["type": "boolean", "description": "Whether it can be asked."],
            "cost": ["type": "object", "description": "The price of a call."],
            "asked": ["type": "integer", "description": "For how many fields it was asked."],
            "found": ["type": "integer", "description": "How many of them it knew."],
        ]),
    ],
])
