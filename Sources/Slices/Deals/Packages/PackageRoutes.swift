internal import Database
internal import HTTPServer
internal import JSON
internal import Nouns
internal import Records
internal import Routing
internal import RuntimeRoutes
internal import Templates
internal import Tenancy
internal import Wording

func packageRoutes(_ routes: inout Routes, _ services: DealsServices) {
    routes.standard(ServicePackage.resource, read: "packages:read", write: "packages:write")
    routes.declare(RecommendationBody.self)
    routes.schema("PackageRecommendation", recommendationSchema)
    routes.post(
        "/v1/packages/recommend", .permission("packages:read"),
        "Recommend a package for a lead, with a price and reasons",
        body: .json(.reference("RecommendationBody")),
        .json(.reference("PackageRecommendation"), "The package, its price and every reason.")
    ) { call in
        let body = try call.body(RecommendationBody.self)
        return .read { reader in
            let lead = try services.lead(body.leadID, in: reader)
            guard let found = try reader.packages.recommendation(for: lead) else {
                throw Problem(.conflict, "The agency offers no package: publish one first.")
            }
            return .json(found.json(in: try reader.wordings.find(for: call)))
        }
    }
}

/// A recommended offer for a lead.
struct Recommendation: Sendable {
    /// The package to offer: the one that fits, unless something else is tried instead.
    let package: ServicePackage
    let fit: PackageFit
    let price: PackagePrice
    let trials: [OfferTrial]

    /// Returns what is recommended, with the reasons in the reader's words.
    func json(in words: Wording) -> JSON {
        let factors = price.reasons.map { factor, reason -> JSON in
            factor.json.merging(["reason": .string(reason.said(in: words))])
        }
        return [
            "package_id": JSON(package.id), "package": ServicePackage.schema.json(package),
            "price": price.price.json, "base_price": price.base.json,
            "factors": .array(factors), "confidence": .number(fit.confidence),
            "reasons": JSON((fit.said + trials.compactMap(\.reason)).map { $0.said(in: words) }),
        ]
    }
}

extension PackageStore {
    /// `nil` where nothing is offered.
    func recommendation(for lead: LeadFacts) throws -> Recommendation? {
        let prospect = try prospect(lead)
        guard let fit = PackageFit(prospect, among: try offered()) else { return nil }
        let (meant, instead) = try offered(for: fit.package, to: lead.contact)
        let (package, trial) = try priced(meant, for: lead.contact)
        return Recommendation(
            package: package, fit: fit, price: try price(of: package, for: prospect),
            trials: [instead, trial].compactMap(\.self))
    }

    /// The price of a package, at what it costs for them.
    func price(of package: ServicePackage, for prospect: Prospect) throws -> PackagePrice {
        let rules = try tx.offers.sellingRules()
        return PackagePrice(
            package, for: prospect, marginMin: rules.marginMin, discountMax: rules.discountMax)
    }

    /// A lead as a prospect, with the needs that its deal knows.
    func prospect(_ lead: LeadFacts) throws -> Prospect {
        let deal = try tx.deals.open(of: lead.id)
        let needs = lead.painPoints + (deal?.needs.list.map(\.text) ?? [])
        let hasCompetitor = try tx.exists(
            """
            SELECT 1 FROM deal_objections WHERE tenant_id = \(tx.tenant) AND deal_id = \(deal?.id)
                AND kind = 'competitor'
            """)
        return Prospect(
            budget: lead.budget, employeeCount: lead.employeeCount, industry: lead.industry,
            timelineDays: lead.timelineDays, needs: needs, hasCompetitor: hasCompetitor)
    }
}

struct RecommendationBody: Declared {
    var leadID = LeadID.unset

    static let schema = Schema<RecommendationBody>(
        "RecommendationBody",
        [.id("lead_id", \.leadID, .required, .about("The lead for whom a package is sought."))])
}

private let amount = JSON.schema(
    ["amount": ["type": "integer"], "currency": ["type": "string"]], required: ["amount", "currency"])

private let recommendationSchema = JSON.schema(
    [
        "package_id": ["type": "string"], "package": .reference("Package"), "price": amount,
        "base_price": amount,
        "factors": ["type": "array", "items": PriceFactor.schema.jsonSchema(.whole)],
        "confidence": ["type": "number", "minimum": 0, "maximum": 1],
        "reasons": ["type": "array", "items": ["type": "string"]],
    ], required: ["package_id", "package", "price", "base_price", "factors", "confidence", "reasons"])
