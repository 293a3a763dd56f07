package import Database
internal import HTTPServer
package import JSON
internal import Jobs
package import Records
internal import Routing
internal import Telemetry

/// The concessions that may be made without asking anybody: one row of `selling_rules` for an agency.
package struct SellingRules: Declared {
    /// The largest discount, in percent.
    package var discountMax = 15
    /// The smallest margin, in percent of a price, where a package's cost is known.
    package var marginMin = 30
    package var freeMonthsMax = 1
    /// The smallest prices by package's id, in minor units of the agency's currency.
    package var minPrices: JSONObject = [:]
    package var version = 1

    package init() {}

    package static let schema = Schema<SellingRules>(
        "SellingRules",
        [
            .integer(
                "max_discount_percent", \.discountMax, in: 0...100, .standard(15),
                .about("The highest discount in percent; a higher one waits for approval.")),
            .integer("min_margin_percent", \.marginMin, in: 0...95, .standard(30)),
            .integer("max_free_months", \.freeMonthsMax, in: 0...24, .standard(1)),
            .document(
                "min_prices", \.minPrices,
                schema: ["type": "object", "additionalProperties": ["type": "integer", "minimum": 0]],
                .about("The lowest monthly price by package id, in minor units.")),
            .integer("version", \.version, in: 1...Int64.max, .readOnly),
        ])
}

extension OfferStore {
    package func sellingRules() throws -> SellingRules {
        try tx.first(readRules, [tx.tenant.sqlValue], SellingRules.init) ?? SellingRules()
    }
}

extension SellingRules: StoredRow {
    package static let columns = Columns(of: Self.self)

    package init(_ row: inout ColumnReader) {
        (discountMax, marginMin) = (row.int("max_discount_percent"), row.int("min_margin_percent"))
        freeMonthsMax = row.int("max_free_months")
        (minPrices, version) = (JSON(stored: row.text("min_prices")).object ?? [:], row.int("version"))
    }
}

private let readRules = Statement("SELECT \(SellingRules.columns) FROM selling_rules WHERE tenant_id = $1")

func sellingRulesRoutes(_ routes: inout Routes) {
    routes.schema("SellingRules", SellingRules.schema.jsonSchema(.record))
    routes.schema("SellingRulesPatch", SellingRules.schema.jsonSchema(.patch))
    routes.get(
        "/v1/selling-rules",
        .permission(
            "deals:read"), "Get the selling rules: what may be conceded without approval",
        .json(.reference("SellingRules"), "The rules.")
    ) { _ in
        .read { reader in .rules(try reader.offers.sellingRules()) }
    }
    routes.patch(
        "/v1/selling-rules", .permission("packages:write"),
        "Update the selling rules: what may be conceded without approval",
        body: .json(.reference("SellingRulesPatch")), .json(.reference("SellingRules"), "The rules.")
    ) { call in
        let body = try call.object()
        return .write { tx in
            let old = try tx.offers.sellingRules()
            try call.checkVersion(old.version)
            var rules = old, faults = Faults()
            _ = SellingRules.schema.patch(&rules, with: body, faults: &faults)
            for (id, price) in rules.minPrices.members where price.int.map({ $0 < 0 }) ?? true {
                faults.add(
                    "/min_prices/\(id.pointerToken)", "wrong_type",
                    "Each smallest price must be an amount in minor units.")
            }
            try faults.throwIfAny()
            rules.version = old.version + 1
            try tx.offers.store(rules, replacing: old, by: call.actor)
            return .rules(rules)
        }
    }
}

extension Response {
    fileprivate static func rules(_ rules: SellingRules) -> Response {
        .json(SellingRules.schema.json(rules), headers: [("ETag", ETag.text(rules.version))])
    }
}

extension OfferStore where Base == Transaction {
    fileprivate func store(_ rules: SellingRules, replacing old: SellingRules, by actor: Actor) throws {
        try tx.run(
            """
            INSERT INTO selling_rules (tenant_id, max_discount_percent, min_margin_percent, max_free_months, min_prices,
                version, updated_at)
            VALUES (\(tx.tenant), \(rules.discountMax), \(rules.marginMin), \(rules.freeMonthsMax),
                \(JSON.object(rules.minPrices).serialized), \(rules.version), \(tx.now))
            ON CONFLICT (tenant_id) DO UPDATE SET max_discount_percent = excluded.max_discount_percent,
                min_margin_percent = excluded.min_margin_percent, max_free_months = excluded.max_free_months,
                min_prices = excluded.min_prices, version = excluded.version, updated_at = excluded.updated_at
            """)
        let subject = Subject(type: "selling_rules", id: tx.tenant.rawValue)
        try tx.auditLog.add(
            actor, "selling_rules.updated", subject,
            ["from": SellingRules.schema.json(old), "to": SellingRules.schema.json(rules)])
        try tx.publish("selling_rules.updated", subject)
    }
}
