internal import Database
internal import Deals
internal import Delivery
internal import Discovery
internal import Insights
internal import Messages
internal import Nouns
internal import People
internal import Records
internal import Telemetry
internal import Tenancy

/// The answers that the slices which own the metrics give to the dashboards.
let answersToDashboards: [ModuleAnswer] = [
    ModuleAnswer(for: "discovery", to: DashboardDependencies.self) { answerAboutLeads(&$0) },
    ModuleAnswer(for: "deals", to: DashboardDependencies.self) { answerAboutDeals(&$0) },
    ModuleAnswer(for: "delivery", to: DashboardDependencies.self) { answerAboutClients(&$0) },
    ModuleAnswer(for: "messages", to: DashboardDependencies.self) { answerAboutMessages(&$0) },
]

private func answerAboutLeads(_ dependencies: inout DashboardDependencies) {
    dependencies.leadStatuses = Lead.Status.choices
    dependencies.leadPage = { reader, query in
        let order: LeadOrder =
            switch query.sort {
            case .createdDate: .newest
            case .score: .highestScore
            case .companyName: .companyName
            }
        let page = try reader.leads.page(
            status: query.status, order: order, limit: query.limit, offset: query.offset)
        return LeadPage(
            leads: page.leads.map { lead in
                DashboardLead(
                    id: lead.id, companyName: lead.company, contactName: lead.contactName,
                    email: lead.email,
                    phone: lead.phone, status: lead.status.rawValue, score: lead.score,
                    priority: lead.priority?.rawValue, createdAt: lead.createdAt)
            }, total: page.total)
    }
    dependencies.journey = { reader, id in
        try Contact.resource.find(id, in: reader).map {
            try reader.journey(of: $0)
        }
    }
}

private func answerAboutDeals(_ dependencies: inout DashboardDependencies) {
    dependencies.deals = { reader in
        var figures: [DealStage: DealMetrics] = [:]
        for (stage, figure) in try reader.deals.metrics() {
            guard let stage = DealStage(rawValue: stage.rawValue) else { continue }
            figures[stage] = DealMetrics(deals: figure.deals, value: figure.value)
        }
        return figures
    }
}

private func answerAboutClients(_ dependencies: inout DashboardDependencies) {
    dependencies.clients = { reader in
        let packages = try Dictionary(
            ServicePackage.resource.all(where: "1 = 1", suffix: "ORDER BY id LIMIT 1000", in: reader)
                .map { ($0.id, $0.name) }, uniquingKeysWith: { first, _ in first })
        return try Client.resource.all(
            where: "status = 'active'" + reader.limit(on: "clients"), suffix: "ORDER BY id LIMIT 10000",
            in: reader
        ).map { client in
            DashboardClient(
                id: client.id, name: client.name, package: client.packageID.flatMap { packages[$0] },
                status: client.status.rawValue, monthlyFee: client.monthlyFee?.amount ?? 0,
                satisfaction: client.satisfaction, health: client.health)
        }
    }
    dependencies.clientMetrics = { reader in
        try reader.metrics.clientMetrics().mapValues { metrics in
            metrics.map {
                DashboardMetric(
                    source: $0.source, metric: $0.metric, unit: $0.unit, value: $0.value,
                    previous: $0.previous)
            }
        }
    }
}

private func answerAboutMessages(_ dependencies: inout DashboardDependencies) {
    dependencies.outreach = { reader in
        let counts = try reader.outreachCounts.all()
        return OutreachTotals(sent: counts.sent, replies: counts.replied)
    }
}
