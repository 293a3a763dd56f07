internal import Agents
internal import Database
internal import HTTPServer
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Routing
internal import Telemetry

/// A budget as the API has it, with what its present period has seen.
struct BudgetDocument: Declared {
    var id = ""
    var agent: String?, clientID: ClientID?, campaignID: String?
    var kind = Budget.Kind.calls
    var limit = JSON.null
    var per = Budget.Period.day
    var spent = JSON.null, held = JSON.null
    var resetsAt = Instant(seconds: 0)
    var version = 1
    var createdAt = Instant(seconds: 0), updatedAt = Instant(seconds: 0)

    private static let amount: JSON = [
        "description": "How much was spent in the period: {amount, currency} for money, else a whole number.",
        "oneOf": [
            ["type": "integer", "minimum": 0],
            .schema(
                ["amount": ["type": "integer", "minimum": 0], "currency": ["type": "string"]],
                required: ["amount", "currency"]),
        ],
    ]

    static let schema = Schema<BudgetDocument>(
        "Budget",
        [
            .text("id", \.id, .readOnly),
            .text(
                "agent", \.agent, max: 100, .writeOnce,
                .about("The agent whose calls count; null: all calls, including people's workflows.")),
            .id(
                "client_id", \.clientID, .writeOnce,
                .about("The client whose spending counts; null: everybody's.")),
            .text(
                "campaign_id", \.campaignID, max: 64, .writeOnce,
                .about("The campaign that they belong to; null: any, or none.")),
            .choice(
                "kind", \.kind, .required, .writeOnce,
                .about(
                    "The counted quantity: calls are all calls of outside services, sends those that reach people."
                )),
            .document(
                "limit", \.limit, schema: amount, .required, .about("The limit of one period.")),
            .choice(
                "per", \.per, .writeOnce,
                .standard(
                    "day"), .about("The period of the budget, in the agency's time zone.")
            ),
            .document("spent", \.spent, schema: amount, .readOnly),
            .document(
                "held", \.held, schema: amount, .readOnly,
                .about("How much is reserved for running calls.")),
            .instant("resets_at", \.resetsAt, .readOnly),
            .integer("version", \.version, in: 1...Int64.max, .readOnly),
            .instant("created_at", \.createdAt, .readOnly),
            .instant("updated_at", \.updatedAt, .readOnly),
        ])

    init() {}

    init(_ budget: Budget, _ use: BudgetUse) {
        (id, agent) = ("\(budget.id)", budget.agent)
        (clientID, campaignID) = (budget.clientID, budget.campaignID)
        (kind, per) = (budget.kind, budget.per)
        (limit, spent) = (budget.json(of: budget.amount), budget.json(of: use.spent))
        (held, resetsAt) = (budget.json(of: use.held), use.resetsAt)
        (version, createdAt, updatedAt) = (budget.version, budget.createdAt, budget.updatedAt)
    }

    /// The limit as it is stored.
    func amount(currency: String, _ faults: inout Faults) -> Int64 {
        let max = Int64.max / Budget.microsPerMinorUnit
        guard kind == .money else {
            guard let number = limit.int else {
                faults.add("/limit", "wrong_type", "limit must be a whole number.")
                return 0
            }
            if number < 0 { faults.add("/limit", "out_of_range", "limit must be 0 or more.") }
            return number
        }
        guard
            let money = FieldKind.money.validated(limit, at: "/limit", siblings: [:], faults: &faults)
                .flatMap(
                    Money.init(json:))
        else { return 0 }
        if money.currency != currency {
            faults.add(
                "/limit/currency", "invalid_currency",
                "limit must be in \(currency), the agency's currency.")
        }
        if money.amount > max { faults.add("/limit/amount", "out_of_range", "limit may be at most \(max).") }
        return money.micros
    }
}

func budgetRoutes(_ routes: inout Routes, _ runtime: Runtime) {
    let questions = runtime.questions
    let columns: [SimpleList.Column] = [
        .init("agent", .text(max: 100)), .init("client_id", .text(max: 100)),
        .init("campaign_id", .text(max: 64)),
        .init("kind", .choice(Budget.Kind.choices)), .init("per", .choice(Budget.Period.choices)),
        .init("created_at", .instant),
    ]
    let fields = BudgetDocument.schema.fields.map(\.name)
    routes.schema("Budget", BudgetDocument.schema.jsonSchema(.record))
    routes.schema("BudgetCreate", BudgetDocument.schema.jsonSchema(.create))
    routes.schema("BudgetPatch", BudgetDocument.schema.jsonSchema(.patch))

    routes.get(
        "/v1/budgets", .permission("budgets:read"), "List budgets, each with what was spent in its period",
        query: SimpleList.docs(columns, fields: fields), .list(of: .reference("Budget"))
    ) { call in
        .read { reader in
            let list = try SimpleList(
                call.request.head.query, columns, fields: fields, dialect: reader.dialect)
            let page = try list.rows(of: "budgets", Budget.self, in: reader)
            let zone = try questions.zone(reader)
            return try list.response(page) { budget, writer in
                writer.value(try budget.json(in: reader, zone))
            }
        }
    }
    routes.post(
        "/v1/budgets", .permission("budgets:write"),
        "Create a budget; calls that would exceed it do not run",
        body: .json(.reference("BudgetCreate")), .json(.reference("Budget"), status: 201, "The budget.")
    ) { call in
        let body = try call.object()
        return .write { tx in
            var wanted = BudgetDocument(), faults = Faults()
            BudgetDocument.schema.create(&wanted, from: body, faults: &faults)
            let names = runtime.agents.all.map(\.name)
            if let agent = wanted.agent, !names.contains(agent) {
                faults.add(
                    "/agent", "invalid_choice",
                    "The agent \(agent) does not exist: GET /v1/agents lists them.", choices: names)
            }
            let currency = try questions.currency(tx)
            let amount = wanted.limit.isNull ? 0 : wanted.amount(currency: currency, &faults)
            try faults.throwIfAny(in: tx)
            let budget = try tx.budgets.create(
                Budget(
                    id: tx.makeID(), agent: wanted.agent, clientID: wanted.clientID,
                    campaignID: wanted.campaignID, kind: wanted.kind,
                    amount: amount, currency: wanted.kind == .money ? currency : nil, per: wanted.per,
                    now: tx.now), by: call.actor)
            return try budget.response(in: tx, questions.zone(tx), status: 201)
        }
    }
    budgetRecordRoutes(&routes, runtime)
}

private func budgetRecordRoutes(_ routes: inout Routes, _ runtime: Runtime) {
    let questions = runtime.questions
    let answer = Answer.json(.reference("Budget"), "The budget.")
    routes.get("/v1/budgets/{id}", .permission("budgets:read"), "Get a budget", answer) { call in
        .read { reader in try reader.budget(call).response(in: reader, questions.zone(reader)) }
    }
    routes.patch(
        "/v1/budgets/{id}", .permission("budgets:write"), "Update a budget's limit, from now on",
        body: .json(.reference("BudgetPatch")), answer
    ) { call in
        let body = try call.object()
        return .write { tx in
            let (budget, zone) = (try tx.budget(call), try questions.zone(tx))
            try call.checkVersion(budget.version)
            var wanted = BudgetDocument(budget, try tx.budgets.use(of: budget, zone)), faults = Faults()
            let changed = BudgetDocument.schema.patch(&wanted, with: body, faults: &faults)
            // A limit that is sent back as it is stays, even where the agency has another currency by now.
            let currency = try questions.currency(tx)
            let isKept = changed.isEmpty || wanted.limit.isNull
            let amount = isKept ? budget.amount : wanted.amount(currency: currency, &faults)
            try faults.throwIfAny()
            guard !changed.isEmpty else { return try budget.response(in: tx, zone) }
            return try tx.budgets.change(budget, to: amount, currency: currency, by: call.actor)
                .response(in: tx, zone)
        }
    }
    routes.delete(
        "/v1/budgets/{id}", .permission("budgets:write"), "Delete a budget", .empty("The record was deleted.")
    ) {
        call in
        .write { tx in
            let budget = try tx.budget(call)
            try call.checkVersion(budget.version)
            try tx.budgets.delete(budget, by: call.actor)
            return .noContent
        }
    }
}

extension Queryable {
    fileprivate func budget(_ call: Call) throws -> Budget {
        guard let budget = try budgets.find(call.id("id", of: Budget.self)) else { throw Problem(.notFound) }
        return budget
    }
}

extension Budget {
    fileprivate func json(in reader: some Queryable, _ zone: TimeZoneRules) throws -> JSON {
        BudgetDocument.schema.json(BudgetDocument(self, try reader.budgets.use(of: self, zone)))
    }

    fileprivate func response(
        in reader: some Queryable, _ zone: TimeZoneRules, status: Int = 200
    ) throws -> Response {
        var headers = [("ETag", ETag.text(version))]
        if status == 201 { headers.append(("Location", "/v1/budgets/\(id)")) }
        return .json(try json(in: reader, zone), status: status, headers: headers)
    }
}
