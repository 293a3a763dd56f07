package import Agents
package import Database
package import Nouns
internal import Tenancy

/// The questions that the portfolio asks the slices beside delivery.
package struct PortfolioDependencies: Asking {
    /// Returns the industries and sizes of the companies that leads are of.
    @ModuleNeed("which companies clients are", for: "the portfolio of clients")
    package var companies: @Sendable (any Queryable, [LeadID]) throws -> [LeadID: ClientCompany]

    package init() {}
}

/// The kind of company that a client is.
package struct ClientCompany: Sendable {
    package let industry: String?
    package let employees: Int?

    package init(industry: String?, employees: Int?) {
        (self.industry, self.employees) = (industry, employees)
    }

    /// The size, as offices of statistics tell companies apart.
    var size: String? {
        employees.map { $0 < 10 ? "micro" : $0 < 50 ? "small" : $0 < 250 ? "medium" : "large" }
    }
}
