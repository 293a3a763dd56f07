internal import Agents
internal import HTTPServer
internal import JSON
internal import Records
internal import Routing
internal import RuntimeRoutes
internal import Tenancy

/// The body of `POST /v1/brands/parse`.
private struct GuidelinesBody: Declared {
    var text = ""
    var locale: String?

    static let schema = Schema<GuidelinesBody>(
        "BrandGuidelines",
        [
            .text(
                "text", \.text, max: 200_000, .required, .verbatim, .example("Never say “cheap”."),
                .about("The guidelines, in plain words or Markdown.")),
            .text(
                "locale", \.locale, max: 35, .line, .example("en"),
                .about("The language that they are in; BCP 47. As they read unless it is given.")),
        ])
}

/// `/v1/brands`: how content of the agency and its clients is to be written.
func brandRoutes(_ routes: inout Routes) {
    routes.standard(Brand.resource, read: "brands:read", write: "brands:write")
    routes.declare(GuidelinesBody.self)
    routes.schema("BrandGuidelineRules", GuidelineRule.schema)
    routes.post(
        "/v1/brands/parse", .permission("brands:read"),
        "Find the rules in a brand's guidelines; nothing is stored",
        body: .json(.reference("BrandGuidelines")),
        .json(.reference("BrandGuidelineRules"), "The rules, each with its line.")
    ) { call in
        let body = try call.body(GuidelinesBody.self)
        return .task {
            let rules = GuidelineReader(body.text, locale: body.locale).rules
            return .json(["rules": .array(rules.map(\.json))])
        }
    }
}
