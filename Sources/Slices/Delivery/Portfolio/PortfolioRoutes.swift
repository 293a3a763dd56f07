internal import Agents
internal import Database
internal import HTTPServer
internal import JSON
internal import Records
internal import Routing
internal import Tenancy
internal import Wording

/// Adds the route of an agency's clients together.
func portfolioRoutes(_ routes: inout Routes, _ agent: OutlookAgent, _ dependencies: PortfolioDependencies) {
    routes.schema("Portfolio", Portfolio.schema)
    let state: JSON = ["type": "string", "enum": ["free", "tight", "over"]]
    routes.event(
        "capacity.changed", "The agency has more or less room in the next four weeks than before.",
        ["from": state, "to": state, "free": ["type": "number"]])
    routes.get(
        "/v1/portfolio", .permission("clients:read"),
        "Get the clients together: dependence, concentration, retention, capacity and warnings",
        .json(.reference("Portfolio"), "As things stand.")
    ) { call in
        .read { reader in
            let settings = agent.settings(from: try reader.agentConfigurations.published(agent).values)
                .settings
            let portfolio = try reader.clients.portfolio(settings, dependencies)
            return .json(portfolio.json(in: try reader.wordings.find(for: call)))
        }
    }
}
