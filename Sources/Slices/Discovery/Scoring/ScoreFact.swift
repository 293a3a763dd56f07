internal import Templates

/// Something that a factor of a score was read from: as programs read it, and as people say it.
enum ScoreFact: Hashable, Sendable {
    /// Nothing is known of what the factor is about.
    case nothing(ScoreFactor)
    case employees(Int)
    /// US dollars a year.
    case revenue(Double)
    case industry(String, fit: IndustryFit)
    case tools([String])
    case technologyCompany, toolsUnknown
    case website, linkedIn, phone, namedContact, title
    case disposableEmail, sharedEmail, freeEmail, companyEmail
    case meetings(Int), replies(Int), opens(Int), painPoints(Int)
    /// From 0 to 100.
    case engaged(Int)
    case stage(String), source(String)
    /// US dollars a month.
    case budget(Double)
    /// A currency in which budgets cannot be compared.
    case currency(String)
    case decides
    case starts(days: Int)
    /// A learned model does not go by what the factor is about, or the lead is like others in it.
    case independent, average

    /// The fact as it is stored: one of a list, whose first word gets a capital.
    var text: String {
        switch self {
        case .nothing(let factor): Self.nothing(factor)
        case .employees(let count): Phrase.count(count, "employee")
        case .revenue(let dollars): "revenue of about \(Phrase.dollars(dollars)) per year"
        case .industry(let name, let fit): "\(name): \(fit.reason)"
        case .tools(let tools): "Uses \(Phrase.list(tools))"
        case .technologyCompany: "A technology company; its tools are not known"
        case .toolsUnknown: "Has a website; its tools are not known"
        case .website: "website"
        case .linkedIn: "LinkedIn page"
        case .phone: "phone number"
        case .namedContact: "named contact"
        case .title: "contact's title"
        case .disposableEmail: "a disposable email address"
        case .sharedEmail: "a shared mailbox"
        case .freeEmail: "a free email address"
        case .companyEmail: "company email address"
        case .meetings(let count): Phrase.count(count, "meeting")
        case .replies(let count): Phrase.count(count, "reply", "replies")
        case .opens(let count): Phrase.count(count, "open")
        case .painPoints(let count): "\(Phrase.count(count, "pain point")) mentioned"
        case .engaged(let score): "engagement of \(score) in 100 over 30 days"
        case .stage(let stage): "already in the stage \"\(stage)\""
        case .source(let source): "source: \(source)"
        case .budget(let dollars): "about \(Phrase.dollars(dollars)) per month"
        case .currency(let currency): "a budget in \(currency), which cannot be compared"
        case .decides: "the contact decides"
        case .starts(let days): "wants to start within \(Phrase.count(days, "day"))"
        case .independent: "Past outcomes do not depend on it"
        case .average: "Like the average of past leads"
        }
    }

    private static func nothing(_ factor: ScoreFactor) -> String {
        switch factor {
        case .companySize: "No employee count or revenue is known"
        case .industry: "No industry is known"
        case .technology: "No technology is known"
        case .onlinePresence: "No website, profile or address is known"
        case .engagement: "No sign of interest yet"
        case .budget: "No budget is known"
        }
    }
}

// MARK: As people say it

extension ScoreFact {
    var said: Saying {
        switch self {
        case .nothing(let factor): Saying("score.nothing", ["factor": .text(factor.rawValue)])
        case .employees(let count): Self.counted("employees", count)
        case .meetings(let count): Self.counted("meetings", count)
        case .replies(let count): Self.counted("replies", count)
        case .opens(let count): Self.counted("opens", count)
        case .painPoints(let count): Self.counted("pain_points", count)
        case .starts(let days): Self.counted("timeline_days", days)
        case .revenue(let dollars): Saying("score.revenue", ["amount": Self.whole(dollars)])
        case .budget(let dollars): Saying("score.budget", ["amount": Self.whole(dollars)])
        case .currency(let currency): Saying("score.currency", ["currency": .text(currency)])
        case .industry(let name, let fit):
            Saying("score.industry", ["industry": .text(name), "fit": .text(fit.code)])
        case .tools(let tools): Saying("score.tools", ["tools": .text(tools.joined(separator: ", "))])
        case .engaged(let score): Saying("score.engaged", ["score": .number(score)])
        case .stage(let stage): Saying("score.stage", ["stage": .text(stage)])
        case .source(let source): Saying("score.source", ["source": .text(source)])
        default: Saying("score.seen", ["what": .text(code)])
        }
    }

    private static func counted(_ what: String, _ count: Int) -> Saying {
        Saying("score.counted", ["what": .text(what), "count": .number(count)])
    }

    /// No amount that is meant is as large.
    private static func whole(_ dollars: Double) -> Saying.Value {
        .number(Int(min(max(dollars, 0), 1e15).rounded()))
    }

    /// The subject of the fact, for programs; by these codes, too, its words are chosen.
    var code: String {
        switch self {
        case .nothing: "nothing"
        case .employees: "employee_count"
        case .revenue: "annual_revenue"
        case .industry: "industry"
        case .tools: "technologies"
        case .technologyCompany: "technology_company"
        case .toolsUnknown: "tools_unknown"
        case .website: "website"
        case .linkedIn: "linkedin_url"
        case .phone: "phone"
        case .namedContact: "contact_name"
        case .title: "contact_title"
        case .disposableEmail: "email_disposable"
        case .sharedEmail: "email_role"
        case .freeEmail: "email_free"
        case .companyEmail: "email"
        case .meetings: "meetings"
        case .replies: "replies"
        case .opens: "opens"
        case .painPoints: "pain_points"
        case .engaged: "engagement"
        case .stage: "status"
        case .source: "source"
        case .budget, .currency: "budget"
        case .decides: "authority"
        case .starts: "timeline_days"
        case .independent: "independent"
        case .average: "average"
        }
    }
}

extension IndustryFit {
    fileprivate var code: String {
        switch self {
        case .technology, .commerce, .services: "target"
        case .regulated: "steady"
        case .publicSector: "slow"
        case .other: "other"
        }
    }
}
