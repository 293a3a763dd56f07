import JSON
import Testing

func cents(_ amount: Int64, _ currency: String = "USD") -> JSON {
    ["amount": .integer(amount), "currency": .string(currency)]
}

func item(_ amount: Int64, _ quantity: Int64 = 1, _ description: String = "Work") -> JSON {
    ["description": .string(description), "quantity": .integer(quantity), "unit_price": cents(amount)]
}

extension JSON {
    /// The minor units of a member.
    func cents(_ key: String) -> Int64? { self[key]?["amount"]?.int }
}

/// An agency's billing, live or in a sandbox.
extension Caller {
    @discardableResult
    func makeClient(
        _ more: JSONObject = [:], sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> JSON {
        var body: JSONObject = ["name": "Example GmbH", "contact_email": "billing@example.com"]
        for (key, value) in more.members { body[key] = value }
        return try post("/v1/clients", .object(body)).ok(201, sourceLocation: sourceLocation)
    }

    func draft(
        _ client: JSON, _ items: [JSON] = [item(50_000)], _ more: JSONObject = [:],
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> JSON {
        var body: JSONObject = [
            "client_id": .string(client.id), "items": .array(items), "due_on": "2030-01-31",
        ]
        for (key, value) in more.members { body[key] = value }
        return try post("/v1/invoices", .object(body)).ok(201, sourceLocation: sourceLocation)
    }

    func invoice(
        _ client: JSON, _ items: [JSON] = [item(50_000)], _ more: JSONObject = [:],
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> JSON {
        let draft = try draft(client, items, more, sourceLocation: sourceLocation)
        return try post("/v1/invoices/\(draft.id)/send").ok(200, sourceLocation: sourceLocation)
    }

    func invoice(_ id: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> JSON {
        try get("/v1/invoices/\(id)").ok(200, sourceLocation: sourceLocation)
    }

    func pay(_ invoice: JSON, _ amount: Int64, _ more: JSONObject = [:]) throws -> Answer {
        var body: JSONObject = ["invoice_id": .string(invoice.id), "amount": cents(amount), "reference": "r"]
        for (key, value) in more.members { body[key] = value }
        return try post("/v1/payments", .object(body))
    }

    func billing(_ billing: JSON, _ more: JSONObject = [:]) throws {
        var body: JSONObject = ["billing": billing]
        for (key, value) in more.members { body[key] = value }
        try patch("/v1/settings", .object(body)).ok()
    }

    /// Returns the events of types that begin so, oldest first.
    func told(_ prefix: String, of subject: String? = nil) throws -> [String] {
        try every("/v1/events").filter { event in
            event.text("type").hasPrefix(prefix) && (subject == nil || event["subject"]?.id == subject)
        }.map { $0.text("type") }
    }
}

extension SandboxCaller {
    /// Leaves nothing that happens by itself but what is billed: months go by in a moment.
    func stillAllElse() throws {
        try quieten()
        for schedule in try owner.every("/v1/schedules") {
            _ = try owner.delete("/v1/schedules/\(schedule.id)")
        }
    }
}
