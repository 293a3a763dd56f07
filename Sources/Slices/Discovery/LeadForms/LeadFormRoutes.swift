internal import Agents
internal import Database
internal import HTTPServer
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Routing
internal import RuntimeRoutes
internal import Telemetry
internal import Tenancy

/// `/v1/lead-forms`, `/v1/lead-form-responses` and `/v1/lead-form-figures`: forms of networks, and whom they bring.
func leadFormRoutes(_ routes: inout Routes) {
    routes.standard(
        LeadForm.resource, read: "leads:read", write: "leads:write", create: false, patch: false,
        delete: false)
    routes.standard(
        LeadFormResponse.resource, read: "leads:read", write: "leads:write", create: false, patch: false,
        delete: false)
    routes.event(
        "lead.form_filled_in", "Somebody has filled in a form at a network, and is a lead.", about: "lead",
        [
            "form_id": .anyText, "response_id": .anyText, "network": .anyText,
            "created": ["type": "boolean", "description": "Whether the lead was not known before."],
        ])
    routes.schema("LeadFormFigures", LeadFormFigures.schema)
    routes.get(
        "/v1/lead-form-figures", .permission("leads:read"),
        "Get how many leads forms, campaigns and posts at networks have brought",
        named: "get_lead_form_figures",
        query: [
            .query(
                "by", "The dimension of the breakdown; form unless said.",
                ["type": "string", "enum": JSON(LeadFormFigures.Division.choices)]),
            .query(
                "days", "The number of days back from now, from 1 to 365; 90 unless it is given.", .anyInteger
            ),
        ], .json(.reference("LeadFormFigures"), "The figures.")
    ) { call in
        try call.allowQuery("by", "days")
        let asked = call.query("by") ?? LeadFormFigures.Division.form.rawValue
        guard let division = LeadFormFigures.Division(rawValue: asked) else {
            let choices = LeadFormFigures.Division.choices.joined(separator: ", ")
            throw Problem(.invalidParameter, "by must be one of \(choices).")
        }
        let days = call.query("days").map { Int($0) ?? 0 } ?? 90
        guard (1...365).contains(days) else {
            throw Problem(.invalidParameter, "days must be a number from 1 to 365.")
        }
        return .read { reader in
            .json(try LeadFormFigures.json(by: division, days: days, in: reader))
        }
    }
}

/// The number of people who have filled in forms at networks, and what has become of them.
enum LeadFormFigures {
    enum Division: String, Choice { case form, campaign, post }

    static let schema: JSON = {
        let count: JSON = ["type": "integer"], text: JSON = .textOrNull
        let row: JSON = .schema(
            [
                "key": text, "name": text, "network": .anyText, "responses": count, "created": count,
                "known": count, "tests": count, "refused": count, "leads": count, "qualified": count,
                "won": count,
            ],
            required: [
                "key", "name", "network", "responses", "created", "known", "tests", "refused", "leads",
                "qualified", "won",
            ])
        return .schema(
            ["by": .anyText, "days": count, "rows": ["type": "array", "items": row]],
            required: ["by", "days", "rows"])
    }()

    private static let columns: SQL = """
        , count(*),
            sum(CASE WHEN outcome = 'created' THEN 1 ELSE 0 END),
            sum(CASE WHEN outcome = 'known' THEN 1 ELSE 0 END),
            sum(CASE WHEN outcome = 'test' THEN 1 ELSE 0 END),
            sum(CASE WHEN outcome = 'refused' THEN 1 ELSE 0 END),
            count(DISTINCT leads.id),
            count(DISTINCT CASE WHEN leads.qualified_at IS NOT NULL THEN leads.id END),
            count(DISTINCT CASE WHEN leads.status = 'won' THEN leads.id END)
        """

    static func json(by division: Division, days: Int, in reader: Reader) throws -> JSON {
        let since = reader.now - .seconds(Int64(days) * 86_400)
        let (key, name): (SQL, SQL) =
            switch division {
            case .form: ("lead_form_responses.form_id", "min(lead_forms.name)")
            case .campaign:
                ("lead_form_responses.remote_campaign", "max(lead_form_responses.campaign_name)")
            case .post: ("lead_form_responses.remote_post", "max(lead_form_responses.social_post_id)")
            }
        var sql: SQL = "SELECT lead_form_responses.network, "
        sql += key + ", " + name + columns
        sql += """
             FROM lead_form_responses
            JOIN lead_forms ON lead_forms.tenant_id = lead_form_responses.tenant_id
                AND lead_forms.id = lead_form_responses.form_id
            LEFT JOIN leads ON leads.tenant_id = lead_form_responses.tenant_id
                AND leads.id = lead_form_responses.lead_id
            WHERE lead_form_responses.tenant_id = \(reader.tenant)
                AND lead_form_responses.submitted_at >= \(since)
            """
        sql += reader.limit(on: "lead_form_responses")
        sql += " GROUP BY lead_form_responses.network, "
        sql += key + " ORDER BY count(*) DESC, " + key + " LIMIT 500"
        let rows = try reader.all(sql) { row -> JSON in
            func count(_ column: Int) -> JSON { JSON(row.int(column)) }
            return [
                "network": .string(row.text(0)), "key": JSON(row.optionalText(1)),
                "name": JSON(row.optionalText(2)), "responses": count(3), "created": count(4),
                "known": count(5), "tests": count(6), "refused": count(7), "leads": count(8),
                "qualified": count(9), "won": count(10),
            ]
        }
        return ["by": .string(division.rawValue), "days": JSON(days), "rows": .array(rows)]
    }
}
