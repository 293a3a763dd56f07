internal import Database
internal import Jobs
internal import Records
internal import Tenancy
internal import Wording

/// The packages that a new agency begins with; it changes them as it likes.
enum SeedPackages {
    static func all(_ currency: String) -> [ServicePackage] {
        func money(_ amount: Int64?) -> Money? { amount.map { Money(amount: $0, currency: currency) } }
        func package(
            _ name: String, _ tier: ServicePackage.Tier, price: Int64, from: Int64, to: Int64?,
            _ cadence: ServicePackage.Cadence, position: Int, for audience: String,
            _ services: [String]
        ) -> ServicePackage {
            var package = ServicePackage()
            (package.name, package.tier, package.price) = (
                name, tier, Money(amount: price, currency: currency)
            )
            (package.budgetFrom, package.budgetTo) = (money(from), money(to))
            (package.reportCadence, package.position, package.audience) = (cadence, position, audience)
            let english = described(services, in: "en")
            package.contents = english.map(\.title)
            package.services = Parts(english)
            package.translations = Parts(
                Catalogue.standardFirst.dropFirst().map {
                    PackageTranslation($0, described(services, in: $0))
                })
            return package
        }
        return [
            package(
                "Starter", .starter, price: 250_000, from: 300_000, to: 500_000, .monthly, position: 1,
                for: "Small businesses and startups at an early stage of growth.", starter),
            package(
                "Growth", .growth, price: 500_000, from: 600_000, to: 1_000_000, .weekly, position: 2,
                for: "Established mid-market businesses that expand.", growth),
            package(
                "Enterprise", .enterprise, price: 1_000_000, from: 1_500_000, to: nil, .weekly, position: 3,
                for: "Large organisations that need sophisticated automation and work of their own.",
                enterprise),
        ]
    }

    /// Services by the names of their texts in the catalogues.
    private static let starter = ["seo", "google_ads", "social_setup", "monthly_report"]
    private static let growth = [
        "advanced_seo", "advertising", "content", "email_automation", "social_media", "weekly_report",
    ]
    private static let enterprise = [
        "automation", "analytics", "integrations", "account_management", "priority_support", "tools",
        "consulting",
    ]

    private static func described(_ services: [String], in language: String) -> [ServiceDescription] {
        let words = Wording(language)
        return services.map {
            ServiceDescription(words("service.\($0).title"), words("service.\($0).text"))
        }
    }
}

extension PackageStore where Base == Transaction {
    func seed() throws {
        for var package in SeedPackages.all(try tx.agency.tenant().currency) {
            package.beginLife(id: tx.nextID(), now: tx.now)
            try ServicePackage.resource.insert(&package, in: tx)
        }
    }
}
