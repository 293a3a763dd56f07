internal import Agents
internal import Database
internal import HTTPServer
internal import JSON
package import Jobs
internal import Records
package import Routing
internal import Telemetry
internal import Tenancy

/// The dashboards and controls of the seed documents, under the paths that they were written for, and the
/// dashboards under `/v1`, too.
package func insightsRoutes(_ routes: inout Routes, _ runtime: Runtime, _ dependencies: DashboardDependencies)
{
    routes.schema("DashboardOverview", overviewSchema)
    routes.schema("DashboardLeads", leadsSchema)
    routes.schema("DashboardPipeline", pipelineSchema)
    routes.schema("DashboardClients", clientsSchema)
    routes.schema("DashboardAgentPerformance", performanceSchema)
    for path in ["/api/dashboard", "/v1/dashboard"] {
        dashboardRoutes(&routes, path, runtime.agents, dependencies)
        routes.openToLimited(
            "GET \(path)/overview", "GET \(path)/leads", "GET \(path)/pipeline", "GET \(path)/clients")
    }
    journeyRoute(&routes, dependencies)
    // A contact's journey may lead through several clients.
    routes.closeToLimited("GET /v1/contacts/{id}/journey")
    routes.schema("CommunicationMetrics", communicationSchema)
    routes.get(
        "/v1/communication-figures", .permission("dashboard:read"),
        "Get the metrics of messages, by channel, purpose, hour and day, and how leads progress",
        .json(.reference("CommunicationMetrics"), "The figures.")
    ) { call in
        try call.allowQuery()
        return .read { .json(try CommunicationMetrics.json(in: $0)) }
    }
    controlRoutes(&routes, runtime)
}

private func dashboardRoutes(
    _ routes: inout Routes, _ path: String, _ agents: AgentRegistry, _ dependencies: DashboardDependencies
) {
    routes.get(
        "\(path)/overview", .permission("dashboard:read"), "Get the agency's ten key metrics",
        .json(.reference("DashboardOverview"), "The figures.")
    ) { call in
        try call.allowQuery()
        return .read { .json(try overview(dependencies, $0)) }
    }
    routes.get(
        "\(path)/leads", .permission("dashboard:read"), "List leads, by page number",
        query: LeadListing.parameters(dependencies.leadStatuses),
        .json(.reference("DashboardLeads"), "A page.")
    ) { call in
        let listing = try LeadListing(call, statuses: dependencies.leadStatuses)
        return .read { .json(listing.json(try dependencies.leadPage($0, listing.query))) }
    }
    routes.get(
        "\(path)/pipeline", .permission("dashboard:read"), "Get the deals in each stage of the pipeline",
        .json(.reference("DashboardPipeline"), "The stages, in order.")
    ) { call in
        try call.allowQuery()
        return .read { .json(try pipeline(dependencies, $0)) }
    }
    routes.get(
        "\(path)/clients", .permission("dashboard:read"), "List active clients with their health",
        .json(.reference("DashboardClients"), "The clients.")
    ) { call in
        try call.allowQuery()
        return .read { .json(try clients(dependencies, $0)) }
    }
    routes.get(
        "\(path)/agent-performance", .permission("dashboard:read"), "Get the performance of each agent",
        .json(.reference("DashboardAgentPerformance"), "The agents.")
    ) { call in
        try call.allowQuery()
        return .read { .json(try performance(agents, $0)) }
    }
}

private func overview(_ dependencies: DashboardDependencies, _ reader: Reader) throws -> JSON {
    let leads = try LeadTotals(counting: reader)
    let open = try dependencies.deals(reader).filter { $0.key.isOpen }.values
    let clients = try dependencies.clients(reader)
    let outreach = try dependencies.outreach(reader)
    let unit = try reader.insights.minorUnits()
    return [
        "leads": [
            "total": JSON(leads.total), "qualified": JSON(leads.qualified),
            "conversion_rate": .percent(leads.qualified, of: leads.total),
        ],
        "sales": [
            "pipeline_value": .plain(open.map(\.value).reduce(0, +), unit),
            "active_deals": JSON(open.map(\.deals).reduce(0, +)),
        ],
        "clients": [
            "active": JSON(clients.count),
            "monthly_revenue": .plain(clients.map(\.monthlyFee).reduce(0, +), unit),
        ],
        "outreach": [
            "total_sent": JSON(outreach.sent), "total_replies": JSON(outreach.replies),
            "response_rate": .percent(outreach.replies, of: outreach.sent),
        ],
    ]
}

private func pipeline(_ dependencies: DashboardDependencies, _ reader: Reader) throws -> JSON {
    let (figures, unit) = (try dependencies.deals(reader), try reader.insights.minorUnits())
    let stages = DealStage.allCases.map { ($0, figures[$0] ?? DealMetrics()) }
    return [
        "stages": .array(
            stages.map { stage, figures in
                [
                    "stage": .string(stage.rawValue), "deals": JSON(figures.deals),
                    "value": .plain(figures.value, unit),
                ]
            }),
        "total_deals": JSON(stages.map(\.1.deals).reduce(0, +)),
        "total_value": .plain(stages.map(\.1.value).reduce(0, +), unit),
    ]
}

private func clients(_ dependencies: DashboardDependencies, _ reader: Reader) throws -> JSON {
    let (clients, unit) = (try dependencies.clients(reader), try reader.insights.minorUnits())
    let metrics = try dependencies.clientMetrics(reader)
    return [
        "clients": .array(
            clients.map { client in
                [
                    "id": JSON(client.id), "name": .string(client.name), "package": JSON(client.package),
                    "status": .string(client.status), "monthly_fee": .plain(client.monthlyFee, unit),
                    "satisfaction": client.satisfaction.map(JSON.number) ?? .null,
                    "health": JSON(client.health),
                    "metrics": .array(
                        (metrics[client.id] ?? []).map { metric in
                            [
                                "source": .string(metric.source), "metric": .string(metric.metric),
                                "unit": JSON(metric.unit), "value": .number(metric.value),
                                "previous": .number(metric.previous),
                            ]
                        }),
                ]
            }),
        "total": JSON(clients.count),
    ]
}

private func performance(_ agents: AgentRegistry, _ reader: Reader) throws -> JSON {
    let (statuses, counted) = (try reader.agents.statuses(of: agents.all), try reader.agents.metrics())
    let rows = try agents.all.map { agent -> JSON in
        let metrics = counted[agent.name] ?? AgentMetrics()
        return [
            "agent_name": .string(agent.name), "state": JSON(statuses[agent.name]?.state.rawValue),
            "runs": JSON(metrics.runs),
            "success_rate": .percent(metrics.succeeded, of: metrics.runs),
            "average_duration_ms": .integer(metrics.averageDuration.microseconds / 1000),
            "last_run": JSON(metrics.lastRunAt?.description),
            "next_run": JSON(try reader.schedules.nextRun(ofAgent: agent.name)?.description),
            "items_processed": JSON(metrics.items), "errors": JSON(metrics.failed),
        ]
    }
    return ["agents": .array(rows)]
}

extension JSON {
    /// Percent, rounded to two places; 0 of nothing.
    static func percent(_ part: Int, of whole: Int) -> JSON {
        whole == 0 ? 0 : .number((Double(part) / Double(whole) * 10_000).rounded() / 100)
    }

    /// A plain number in the agency's currency.
    static func plain(_ amount: Int64, _ unit: Int64) -> JSON {
        .number(Double(amount) / Double(unit))
    }
}

extension InsightsStore where Base == Reader {
    /// Minor units in one of the agency's currency.
    fileprivate func minorUnits() throws -> Int64 {
        Currency(try tx.agency.tenant().currency)?.minorUnits ?? 100
    }
}

private let count: JSON = ["type": "integer", "minimum": 0]
private let amount: JSON = ["type": "number"]
private let rate: JSON = ["type": "number", "minimum": 0]

private func whole(_ properties: JSONObject) -> JSON { .schema(properties, required: properties.keys) }

private let overviewSchema = whole([
    "leads": whole(["total": count, "qualified": count, "conversion_rate": rate]),
    "sales": whole(["pipeline_value": amount, "active_deals": count]),
    "clients": whole(["active": count, "monthly_revenue": amount]),
    "outreach": whole(["total_sent": count, "total_replies": count, "response_rate": rate]),
])

private let leadsSchema = whole([
    "leads": [
        "type": "array",
        "items": whole([
            "id": ["type": "string"], "company_name": ["type": "string"],
            "contact_name": ["type": ["string", "null"]],
            "email": ["type": ["string", "null"]], "phone": ["type": ["string", "null"]],
            "status": ["type": "string"],
            "score": ["type": ["integer", "null"]], "priority": ["type": ["string", "null"]],
            "created_date": ["type": "string", "format": "date-time"],
        ]),
    ],
    "page": count, "per_page": count, "total": count, "pages": count,
])

private let pipelineSchema = whole([
    "stages": [
        "type": "array",
        "items": whole([
            "stage": ["type": "string", "enum": JSON(DealStage.allCases.map(\.rawValue))], "deals": count,
            "value": amount,
        ]),
    ],
    "total_deals": count, "total_value": amount,
])

private let clientsSchema = whole([
    "clients": [
        "type": "array",
        "items": whole([
            "id": ["type": "string"], "name": ["type": "string"], "package": ["type": ["string", "null"]],
            "status": ["type": "string"], "monthly_fee": amount,
            "satisfaction": ["type": ["number", "null"]],
            "health": ["type": ["string", "null"]],
            "metrics": [
                "type": "array",
                "description": "The client's key metrics: sums, or averages of what is counted in %.",
                "items": whole([
                    "source": ["type": "string", "description": "The source of the metric."],
                    "metric": ["type": "string", "description": "The name of the metric."],
                    "unit": [
                        "type": ["string", "null"], "description": "The unit that is counted, or a currency.",
                    ],
                    "value": [
                        "type": "number",
                        "description": "The value of the last thirty days, including today.",
                    ],
                    "previous": ["type": "number", "description": "The value of the thirty days before."],
                ]),
            ],
        ]),
    ],
    "total": count,
])

private let performanceSchema = whole([
    "agents": [
        "type": "array",
        "items": whole([
            "agent_name": ["type": "string"],
            "state": ["type": "string", "enum": JSON(AgentState.allCases.map(\.rawValue))], "runs": count,
            "success_rate": rate, "average_duration_ms": count,
            "last_run": ["type": ["string", "null"], "format": "date-time"],
            "next_run": ["type": ["string", "null"], "format": "date-time"], "items_processed": count,
            "errors": count,
        ]),
    ]
])
