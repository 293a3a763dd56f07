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
        agents: { parts in
            let pages = try parts[PublicPages.self]
            return [
                MarketResearchAgent(
                    parts.answers(), pages, FeedHubs(services: parts.services, pages: pages))
            ]
        },
        jobs: { registration, _ in
            registration.add(Competitor.resource, read: "competitors:read", write: "competitors:write")
            registration.add(FeedPollJob())
        },
        routes: { routes, parts, runtime in
            competitorRoutes(&routes, parts.answers())
            findingRoutes(&routes, runtime.agents)
            reportRoutes(&routes, runtime.agents)
            feedHubRoutes(&routes, parts.services)
        })
}

private let marketPermissions: [DeclaredPermission] = [
    .init("competitors:read", for: .viewer, "Read competitors and what they make public."),
    .init("competitors:write", for: .member, "Create, update and delete competitors."),
    .init("market:read", for: .viewer, "Read findings about the market, and monthly reports on it."),
]

/// `/v1/market-findings`: what is known of the market, and on what it rests.
private func findingRoutes(_ routes: inout Routes, _ agents: AgentRegistry) {
    routes.declare(MarketFinding.resource)
    routes.shows(MarketFinding.resource, read: "market:read")
    routes.event(
        "market.finding", "Something new was found about the market.", about: MarketFinding.noun,
        ["kind": .choice(MarketFinding.Kind.self), "title": .anyText])
    routes.get(
        "/v1/market-findings", .permission("market:read"), "List findings about the market",
        query: ParameterDoc.list(MarketFinding.resource), .list(MarketFinding.resource)
    ) { call in
        .read { reader in
            let list = try ListQuery(
                MarketFinding.resource, call.request.head.query, dialect: reader.dialect,
                computed: ["title", "recommendation"])
            let telling = try MarketTelling(call, agents, in: reader)
            return try list.page(in: reader) { try telling.findings($0, in: reader) }
        }
    }
    routes.get(
        "/v1/market-findings/{id}", .permission("market:read"), "Get a finding about the market",
        .record(MarketFinding.resource)
    ) { call in
        let id = try call.id("id", of: MarketFinding.self)
        return .read { reader in
            let finding = try MarketFinding.resource.get(id, in: reader)
            let telling = try MarketTelling(call, agents, in: reader)
            return .record(finding, extra: try telling.members(of: finding, in: reader))
        }
    }
}

/// `/v1/market-reports`: what months have shown.
private func reportRoutes(_ routes: inout Routes, _ agents: AgentRegistry) {
    routes.declare(MarketReport.resource)
    routes.shows(MarketReport.resource, read: "market:read")
    routes.event(
        "market_report.created", "The findings of a month were put together.",
        ["month": .anyText, "findings": .anyInteger])
    routes.get(
        "/v1/market-reports", .permission("market:read"), "List monthly reports on the market",
        query: ParameterDoc.list(MarketReport.resource), .list(MarketReport.resource)
    ) { call in
        .read { reader in
            let list = try ListQuery(
                MarketReport.resource, call.request.head.query, dialect: reader.dialect,
                computed: ["title", "text", "findings"])
            let telling = try MarketTelling(call, agents, in: reader)
            return try list.page(in: reader) { try telling.reports($0, in: reader) }
        }
    }
    routes.get(
        "/v1/market-reports/{id}", .permission("market:read"), "Get a monthly report on the market",
        .record(MarketReport.resource)
    ) { call in
        let id = try call.id("id", of: MarketReport.self)
        return .read { reader in
            let report = try MarketReport.resource.get(id, in: reader)
            let telling = try MarketTelling(call, agents, in: reader)
            return .record(report, extra: try telling.members(of: report, in: reader))
        }
    }
}
