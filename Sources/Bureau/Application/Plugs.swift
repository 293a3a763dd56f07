internal import Database
internal import Deals
internal import Delivery
internal import Discovery
internal import HTTPServer
internal import Insights
internal import Messaging
internal import Platform
internal import Records
internal import Runtime
internal import Telemetry

// What one module asks and another answers: they know each other only here.

extension RuntimeQuestions {
    init(answeredBy services: PlatformServices) {
        self.init(
            isStillSignedIn: { principal in services.isStillSignedIn(principal) },
            timeZone: { try $0.ownTimeZone() })
    }
}

extension TenantQuestions {
    static let platform: TenantQuestions = {
        var questions = TenantQuestions()
        questions.timeZone = { try $0.ownTimeZone() }
        questions.currency = { try $0.ownTenant().currency }
        questions.permissions = { try $1.permissions(of: $0) }
        questions.clientStanding = { reader, id in
            try ID<Client>(id).flatMap { try Client.resource.find($0, in: reader) }.map { client in
                ClientStanding(
                    name: client.name, tier: client.tier.rawValue, worth: try reader.worth(of: client))
            }
        }
        questions.connectors = { reader, tool in
            guard tool == CallModelTool.name else { return [] }
            return try LanguageModel.resource.all(
                where: "enabled = 1", suffix: "ORDER BY position, id", in: reader
            ).map(\.id.text)
        }
        return questions
    }()
}

extension DashboardSources {
    /// As the slices answer.
    static let slices: DashboardSources = {
        var sources = discovery
        sources.deals = { reader in
            var figures: [DealStage: DealFigures] = [:]
            for (stage, figure) in try reader.dealFigures() {
                guard let stage = DealStage(rawValue: stage.rawValue) else { continue }
                figures[stage] = DealFigures(deals: figure.deals, value: figure.value)
            }
            return figures
        }
        sources.clients = { reader in
            let packages = try Dictionary(
                ServicePackage.resource.all(where: "1 = 1", suffix: "ORDER BY id LIMIT 1000", in: reader)
                    .map { ($0.id.text, $0.name) }, uniquingKeysWith: { first, _ in first })
            return try Client.resource.all(
                where: "status = 'active'" + reader.limit(on: "clients"), suffix: "ORDER BY id LIMIT 10000",
                in: reader
            ).map { client in
                DashboardClient(
                    id: client.id.text, name: client.name, package: client.packageID.flatMap { packages[$0] },
                    status: client.status.rawValue, monthlyFee: client.monthlyFee?.amount ?? 0,
                    satisfaction: client.satisfaction, health: client.health)
            }
        }
        sources.clientMetrics = { reader in
            try reader.clientMetrics().mapValues { metrics in
                metrics.map {
                    DashboardMetric(
                        source: $0.source, metric: $0.metric, unit: $0.unit, value: $0.value,
                        previous: $0.previous)
                }
            }
        }
        sources.journey = { reader, id in
            try ID<Contact>(id).flatMap { try Contact.resource.find($0, in: reader) }.map {
                try reader.journey(of: $0)
            }
        }
        sources.outreach = { reader in
            let counts = try reader.outreachCounts()
            return OutreachTotals(sent: counts.sent, replies: counts.replied)
        }
        return sources
    }()

    private static let discovery = DashboardSources(leadStatuses: Lead.Status.choices) { reader, query in
        let order: LeadOrder =
            switch query.sort {
            case .createdDate: .newest
            case .score: .highestScore
            case .companyName: .companyName
            }
        let page = try reader.leadPage(
            status: query.status, order: order, limit: query.limit, offset: query.offset)
        return LeadPage(
            leads: page.leads.map { lead in
                DashboardLead(
                    id: lead.id.text, companyName: lead.company, contactName: lead.contactName,
                    email: lead.email,
                    phone: lead.phone, status: lead.status.rawValue, score: lead.score,
                    priority: lead.priority?.rawValue, createdAt: lead.createdAt)
            }, total: page.total)
    }
}
