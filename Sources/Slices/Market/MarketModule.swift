internal import Agents
internal import Crawling
internal import Database
internal import HTTPServer
internal import JSON
internal import Jobs
internal import Records
internal import Routing
internal import RuntimeRoutes
package import Tenancy

extension Module {
    /// The market: competitors and what they make public, and what the agency's outcomes show.
    package static let market = Module(
        "market", migrations: marketMigrations, sandboxTables: { marketSandboxTables },
        permissions: marketPermissions, asks: [MarketDependencies.self],
        agents: { parts in [MarketResearchAgent(parts.answers(), try parts[PublicPages.self])] },
        jobs: { registration, _ in
            registration.add(Competitor.resource, read: "competitors:read", write: "competitors:write")
        },
        routes: { routes, _, _ in
            competitorRoutes(&routes)
            findingRoutes(&routes)
        })
}

private let marketPermissions: [DeclaredPermission] = [
    .init("competitors:read", for: .viewer, "Read competitors and what they make public."),
    .init("competitors:write", for: .member, "Create, update and delete competitors."),
    .init("market:read", for: .viewer, "Read findings about the market, and monthly reports on it."),
]

/// `/v1/market-findings` and `/v1/market-reports`: what is known of the market, and on what it rests.
private func findingRoutes(_ routes: inout Routes) {
    routes.declare(MarketFinding.resource)
    routes.shows(MarketFinding.resource, read: "market:read")
    routes.declare(MarketReport.resource)
    routes.shows(MarketReport.resource, read: "market:read")
    routes.event(
        "market.finding", "Something new was found about the market.", about: MarketFinding.noun,
        ["kind": .choice(MarketFinding.Kind.self), "title": .anyText])
    routes.event(
        "market_report.created", "The findings of a month were put together.",
        ["month": .anyText, "findings": .anyInteger])
    routes.get(
        "/v1/market-findings", .permission("market:read"), "List findings about the market",
        query: ParameterDoc.list(MarketFinding.resource), .list(MarketFinding.resource)
    ) { call in
        .read {
            try ListQuery(MarketFinding.resource, call.request.head.query, dialect: $0.dialect).page(in: $0)
        }
    }
    routes.get(
        "/v1/market-findings/{id}", .permission("market:read"), "Get a finding about the market",
        .record(MarketFinding.resource)
    ) { call in
        let id = try call.id("id", of: MarketFinding.self)
        return .read { .record(try MarketFinding.resource.get(id, in: $0)) }
    }
    routes.get(
        "/v1/market-reports", .permission("market:read"), "List monthly reports on the market",
        query: ParameterDoc.list(MarketReport.resource), .list(MarketReport.resource)
    ) { call in
        .read {
            try ListQuery(MarketReport.resource, call.request.head.query, dialect: $0.dialect).page(in: $0)
        }
    }
    routes.get(
        "/v1/market-reports/{id}", .permission("market:read"), "Get a monthly report on the market",
        .record(MarketReport.resource)
    ) { call in
        let id = try call.id("id", of: MarketReport.self)
        return .read { .record(try MarketReport.resource.get(id, in: $0)) }
    }
}
