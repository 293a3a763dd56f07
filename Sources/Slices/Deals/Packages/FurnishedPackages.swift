internal import Database
internal import Platform
internal import Records
internal import Runtime

/// The packages that a new agency begins with; it changes them as it likes.
enum FurnishedPackages {
    static func all(_ currency: String) -> [ServicePackage] {
        func money(_ amount: Int64?) -> Money? { amount.map { Money(amount: $0, currency: currency) } }
        func package(
            _ name: String, _ tier: ServicePackage.Tier, price: Int64, from: Int64, to: Int64?,
            _ cadence: ServicePackage.Cadence, position: Int, for audience: String,
            _ services: [(String, String)], german: [(String, String)]
        ) -> ServicePackage {
            var package = ServicePackage()
            (package.name, package.tier, package.price) = (
                name, tier, Money(amount: price, currency: currency)
            )
            (package.budgetFrom, package.budgetTo) = (money(from), money(to))
            (package.reportCadence, package.position, package.audience) = (cadence, position, audience)
            package.contents = services.map(\.0)
            package.services = Parts(services.map { ServiceDescription($0.0, $0.1) })
            package.translations = Parts([
                PackageTranslation("de", german.map { ServiceDescription($0.0, $0.1) })
            ])
            return package
        }
        return [
            package(
                "Starter", .starter, price: 250_000, from: 300_000, to: 500_000, .monthly, position: 1,
                for: "Small businesses and startups at an early stage of growth.", starter,
                german: GermanServices.starter),
            package(
                "Growth", .growth, price: 500_000, from: 600_000, to: 1_000_000, .weekly, position: 2,
                for: "Established mid-market businesses that expand.", growth,
                german: GermanServices.growth),
            package(
                "Enterprise", .enterprise, price: 1_000_000, from: 1_500_000, to: nil, .weekly, position: 3,
                for: "Large organisations that need sophisticated automation and work of their own.",
                enterprise, german: GermanServices.enterprise),
        ]
    }

    private static let starter = [
        (
            "SEO",
            "A technical check of your site, the terms that your buyers search for, and the pages that "
                + "should answer them, improved month by month."
        ),
        (
            "Google Ads management",
            "Campaigns set up, bid on and cleaned up every week, with conversions that "
                + "are measured and not assumed."
        ),
        (
            "Social media setup",
            "Profiles that say who you are, a plan for what to post, and the first month of posts."
        ),
        ("Monthly reporting", "What was done, what came of it and what is next, on two pages."),
    ]
    private static let growth = [
        (
            "Advanced SEO",
            "All that search needs: architecture, content, links and speed, with a plan for the "
                + "quarter and rankings that you can follow."
        ),
        (
            "Multi-platform advertising",
            "One budget over search, social and display, moved every week to where "
                + "the next customer costs least."
        ),
        (
            "Content marketing",
            "Articles, guides and case studies that answer what your buyers ask before they buy."
        ),
        (
            "Email automation",
            "Sequences that welcome, remind and win back, written for your segments and measured."
        ),
        ("Social media management", "A calendar, posts and answers on the networks where your buyers are."),
        ("Weekly reporting", "Figures, decisions and the week ahead, every Monday."),
    ]
    private static let enterprise = [
        (
            "Advanced marketing automation",
            "Journeys over every channel, scored leads and handovers to sales that "
                + "happen by themselves."
        ),
        ("Custom analytics", "Attribution and dashboards built on your own data, for your own questions."),
        (
            "Custom integrations",
            "Your CRM, shop and data warehouse connected, so that nobody copies figures."
        ),
        ("Dedicated account management", "One person who knows your business and answers for the result."),
        ("Priority support", "An answer within the hour, on working days, from those who do the work."),
        (
            "Marketing technology stack management",
            "Your tools chosen, run, secured and paid for no more than needed."
        ),
        ("Strategic consulting", "A quarterly review with your leadership: market, positioning, budget."),
    ]
}

extension Transaction {
    func furnishPackages() throws {
        for var package in FurnishedPackages.all(try ownTenant().currency) {
            package.beginLife(id: nextID(), now: now)
            try ServicePackage.resource.insert(&package, in: self)
        }
    }
}
