internal import Database
internal import Discovery
internal import HTTPServer
internal import Insights
internal import Platform
internal import Records
internal import Runtime
internal import Telemetry

// What one module asks and another answers: they know each other only here.

extension RuntimeQuestions {
    init(answeredBy services: PlatformServices) {
        self.init(
            isStillSignedIn: { principal in services.isStillSignedIn(principal) },
            timeZone: { try $0.ownTenant().timeZone })
    }
}

extension TenantQuestions {
    static let platform: TenantQuestions = {
        var questions = TenantQuestions()
        questions.timeZone = { try $0.ownTenant().timeZone }
        questions.currency = { try $0.ownTenant().currency }
        questions.permissions = { try $1.permissions(of: $0) }
        return questions
    }()
}

extension DashboardSources {
    static let discovery = DashboardSources(leadStatuses: Lead.Status.choices) { reader, query in
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
