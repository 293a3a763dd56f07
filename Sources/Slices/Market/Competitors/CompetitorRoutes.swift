internal import Agents
internal import Database
internal import HTTPServer
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Routing
internal import RuntimeRoutes

/// `/v1/competitors`: who else sells the same, and what they do in public.
func competitorRoutes(_ routes: inout Routes, _ dependencies: MarketDependencies) {
    statementRoutes(&routes, dependencies)
    routes.standard(Competitor.resource, read: "competitors:read", write: "competitors:write")
    routes.declare(MarketActivity.resource)
    routes.shows(MarketActivity.resource, read: "competitors:read")
    routes.schema("MarketWatch", MarketWatchRow.schema)
    routes.event(
        "competitor.activity", "A competitor has published something, or changed a page.",
        ["type": .choice(MarketActivity.Kind.self), "title": .anyText, "url": .textOrNull])
    routes.get(
        "/v1/market-activity", .permission("competitors:read"),
        "List the publications of competitors and of feeds of the market",
        query: ParameterDoc.list(MarketActivity.resource), .list(MarketActivity.resource)
    ) { call in
        .read { reader in
            try ListQuery(MarketActivity.resource, call.request.head.query, dialect: reader.dialect)
                .page(in: reader)
        }
    }
    routes.get(
        "/v1/competitors/{id}/activity", .permission("competitors:read"),
        "List the publications of a competitor", query: ParameterDoc.list(MarketActivity.resource),
        .list(MarketActivity.resource)
    ) { call in
        let id = try call.id("id", of: Competitor.self)
        return .read { reader in
            _ = try Competitor.resource.get(id, in: reader)
            var list = try ListQuery(
                MarketActivity.resource, call.request.head.query, dialect: reader.dialect)
            list.add("competitor_id = \(id)")
            return try list.page(in: reader)
        }
    }
    routes.get(
        "/v1/competitors/{id}/watches", .permission("competitors:read"),
        "List the feeds and pages of a competitor that are watched, with what became of each",
        query: SimpleList.docs([], fields: MarketWatchRow.memberNames), .list(of: .reference("MarketWatch"))
    ) { call in
        let id = try call.id("id", of: Competitor.self)
        return .read { reader in
            _ = try Competitor.resource.get(id, in: reader)
            var list = try SimpleList(
                call.request.head.query, [], key: "url", oldestFirst: true,
                fields: MarketWatchRow.memberNames, dialect: reader.dialect)
            list.add("owner = \(id)")
            return try list.page(of: "market_watches", MarketWatchRow.self, in: reader) {
                $0.write(into: &$1)
            }
        }
    }
}

/// Declares the routes of what competitors' pages say of their offers, and how that compares.
private func statementRoutes(_ routes: inout Routes, _ dependencies: MarketDependencies) {
    routes.declare(CompetitorStatement.resource)
    routes.shows(CompetitorStatement.resource, read: "competitors:read")
    routes.schema("CompetitorComparison", MarketComparison.schema)
    routes.get(
        "/v1/competitors/{id}/statements", .permission("competitors:read"),
        "List the prices and positions that a competitor's pages have stated",
        query: ParameterDoc.list(CompetitorStatement.resource), .list(CompetitorStatement.resource)
    ) { call in
        let id = try call.id("id", of: Competitor.self)
        return .read { reader in
            _ = try Competitor.resource.get(id, in: reader)
            var list = try ListQuery(
                CompetitorStatement.resource, call.request.head.query, dialect: reader.dialect)
            list.add("competitor_id = \(id)")
            return try list.page(in: reader)
        }
    }
    routes.get(
        "/v1/competitors/{id}/comparison", .permission("competitors:read"),
        "Compare a competitor's prices and positions with the agency's packages",
        .json(.reference("CompetitorComparison"))
    ) { call in
        try call.allowQuery()
        let id = try call.id("id", of: Competitor.self)
        let seesPackages = call.principal?.permissions.contains("packages:read") == true
        return .read { reader in
            let competitor = try Competitor.resource.get(id, in: reader)
            let isOurs = competitor.clientID == nil && seesPackages
            let comparison = MarketComparison(
                competitor: competitor, statements: try reader.market.statements(of: id),
                packages: isOurs ? try dependencies.services(reader) : [])
            return .json(comparison.json)
        }
    }
}
