internal import JSON
internal import Nouns
internal import Records
internal import Routing
internal import Telemetry

/// The parameters of table 1.3-B, read, and the page that they ask for.
struct LeadListing: Sendable {
    private static let pageMax = 1_000_000

    let query: LeadPageQuery
    private let page: Int, perPage: Int

    init(_ call: Call, statuses: [String]) throws(Problem) {
        try call.allowQuery("page", "per_page", "status", "sort")
        page = try Self.number(call, "page", 1, in: 1...Self.pageMax)
        perPage = try Self.number(call, "per_page", 20, in: 1...200)
        var query = LeadPageQuery(limit: perPage, offset: (page - 1) * perPage)
        if let status = call.query("status") {
            guard statuses.contains(status) else { throw Self.choice("status", statuses) }
            query.status = status
        }
        if let text = call.query("sort") {
            guard let sort = LeadPageQuery.Sort(rawValue: text) else { throw Self.choice("sort", Self.sorts) }
            query.sort = sort
        }
        self.query = query
    }

    func json(_ found: LeadPage) -> JSON {
        [
            "leads": .array(found.leads.map(\.json)), "page": JSON(page), "per_page": JSON(perPage),
            "total": JSON(found.total), "pages": JSON((found.total + perPage - 1) / perPage),
        ]
    }

    static func parameters(_ statuses: [String]) -> [ParameterDoc] {
        [
            .query(
                "page", "The number of the page, from 1.",
                ["type": "integer", "minimum": 1, "maximum": JSON(pageMax), "default": 1]),
            .query(
                "per_page", "How many leads a page has.",
                ["type": "integer", "minimum": 1, "maximum": 200, "default": 20]),
            .query("status", "Only leads of this status.", ["type": "string", "enum": JSON(statuses)]),
            .query("sort", "The order; newest first without it.", ["type": "string", "enum": JSON(sorts)]),
        ]
    }

    private static var sorts: [String] { LeadPageQuery.Sort.allCases.map(\.rawValue) }

    private static func number(
        _ call: Call, _ name: String, _ standard: Int, in range: ClosedRange<Int>
    ) throws(Problem) -> Int {
        guard let text = call.query(name) else { return standard }
        guard let number = Int(text), range.contains(number) else {
            throw Problem(
                .invalidParameter,
                "\(name) must be a number from \(range.lowerBound) to \(range.upperBound).")
        }
        return number
    }

    private static func choice(_ name: String, _ choices: [String]) -> Problem {
        Problem(
            .invalidParameter, "\(name) must be one of \(choices.joined(separator: ", ")).",
            extra: ["choices": JSON(choices)])
    }
}

extension DashboardLead {
    fileprivate var json: JSON {
        [
            "id": JSON(id), "company_name": .string(companyName), "contact_name": JSON(contactName),
            "email": JSON(email), "phone": JSON(phone), "status": .string(status), "score": JSON(score),
            "priority": JSON(priority), "created_date": .string(createdAt.description),
        ]
    }
}
