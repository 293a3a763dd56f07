internal import Agents
package import Database
internal import JSON
package import Nouns
package import People
package import Records
internal import Telemetry
internal import Tenancy

/// An offering that an agency sells by the month: one row of `packages`.
package struct ServicePackage: ManagedRecord {
    package enum Cadence: String, Choice { case weekly, monthly }
    package enum Tier: String, Choice { case starter, growth, enterprise }

    package var head = Head<Nouns.Package>()
    package var name = ""
    package var price = Money(amount: 0, currency: "USD")
    package var budgetFrom: Money?
    package var budgetTo: Money?
    package var contents: [String] = []
    package var services = Parts<ServiceDescription>()
    package var translations = Parts<PackageTranslation>()
    package var reportCadence = Cadence.monthly
    package var audience: String?
    package var tier: Tier?
    package var cost: Money?
    package var position = 100
    package var archived = false
    /// The plan by which its clients are taken in; the usual one where it is empty.
    package var onboardingSteps = Parts<PlannedStep>()

    package init() {}

    package static let resource = Resource<ServicePackage>(
        "packages", named: "Package", rule: .everyone,
        console: ConsoleForm(
            columns: ["price", "tier", "audience", "archived"],
            form: ["name", "price", "tier", "audience", "contents", "report_cadence"]),
        [
            .text(
                "name", \.name, max: 120, .required, .filterable, .sortable, .searchable, .example("Growth"),
                .about("The name of the package.")),
            .money("price", \.price, .required, .filterable, .sortable, .about("A month.")),
            .money(
                "budget_from", \.budgetFrom,
                .about("The lowest monthly marketing budget that the package suits.")),
            .money(
                "budget_to", \.budgetTo,
                .about("The highest monthly marketing budget that the package suits; null: no limit.")),
            .texts(
                "contents", \.contents, max: 60, length: 200, .searchable,
                .about("The contents of the package.")),
            .parts(
                "services", \.services, max: 60,
                .about(
                    "The services as proposals describe them; those without a description are only named.")),
            .parts(
                "translations", \.translations, max: 20,
                .about("The texts in other languages, for proposals in them.")),
            .choice("report_cadence", \.reportCadence, .standard("monthly"), .filterable),
            .text("audience", \.audience, max: 500, .about("The audience of the package.")),
            .choice("tier", \.tier, .filterable, .about("The tier of clients who have the package.")),
            .money(
                "cost", \.cost,
                .about(
                    "The monthly cost of delivering the package; prices keep the margin above it.")),
            .integer(
                "position", \.position, in: 0...10_000, .standard(100), .sortable,
                .about("Packages with a lower number are listed first.")),
            .boolean(
                "archived", \.archived, .standard(false), .filterable,
                .about("Whether the package is archived, and no longer offered.")),
            .parts(
                "onboarding_steps", \.onboardingSteps, max: 40, .added(in: 1610), .advanced,
                .about("The steps by which its clients are taken in, in their order; none: the usual ones.")),
        ])

    package mutating func prepare(
        replacing old: ServicePackage?, by actor: Actor, in tx: Transaction
    ) throws {
        try tx.packages.requireOwnCurrency([
            ("/price", price), ("/budget_from", budgetFrom), ("/budget_to", budgetTo), ("/cost", cost),
        ])
        if let from = budgetFrom?.amount, let to = budgetTo?.amount, to < from {
            throw Problem(
                faults: [Fault("/budget_to", "out_of_range", "budget_to must not be below budget_from.")])
        }
        var faults = Faults()
        onboardingSteps.check(at: "/onboarding_steps", &faults)
        try faults.throwIfAny()
    }

    package func deleted(by actor: Actor, in tx: Transaction) throws {
        let isUsed = try tx.exists(
            """
            SELECT 1 FROM proposals WHERE tenant_id = \(tx.tenant) AND package_id = \(id)
            UNION ALL SELECT 1 FROM deals WHERE tenant_id = \(tx.tenant) AND package_id = \(id)
            """)
        if isUsed {
            throw Problem(.conflict, "The package is used by deals or proposals: archive it instead.")
        }
    }

    /// Returns its name in a language.
    func name(in locale: String) -> String { translation(for: locale)?.name ?? name }

    private func translation(for locale: String) -> PackageTranslation? {
        translations.list.first { $0.locale == locale }
            ?? translations.list.first { $0.locale.language == locale.language }
    }

    /// Returns the descriptions of its services for proposals in a language: the translation's own, or those of its
    /// contents in their order.
    func described(in locale: String) -> [ServiceDescription] {
        if let own = translation(for: locale)?.services.list, !own.isEmpty { return own }
        return contents.map { content in
            services.list.first { $0.title == content } ?? ServiceDescription(content, nil)
        }
    }
}

/// A service as a proposal tells of it.
package struct ServiceDescription: Part {
    package var title = ""
    package var description: String?

    package init() {}
    package init(_ title: String, _ description: String?) {
        (self.title, self.description) = (title, description)
    }

    package static let schema = Schema<ServiceDescription>(
        "ServiceDescription",
        [
            .text("title", \.title, max: 200, .required, .example("SEO")),
            .text("description", \.description, max: 2000),
        ])
}

/// A package in another language.
package struct PackageTranslation: Part {
    package var locale = ""
    package var name: String?
    package var services = Parts<ServiceDescription>()

    package init() {}
    init(_ locale: String, _ services: [ServiceDescription]) {
        (self.locale, self.services) = (locale, Parts(services))
    }

    package static let schema = Schema<PackageTranslation>(
        "PackageTranslation",
        [
            .text("locale", \.locale, max: 35, .required, .example("de")),
            .text("name", \.name, max: 120),
            .parts("services", \.services, max: 60),
        ])

    package var faults: [Fault] {
        LocaleTag(locale) == nil
            ? [Fault("/locale", "invalid_locale", "locale must be a language tag, such as en or pt-BR.")] : []
    }
}

extension PackageStore {
    /// Returns the packages on offer, the smallest first; at most 100.
    package func offered() throws -> [ServicePackage] {
        try ServicePackage.resource.all(
            where: "archived = 0", suffix: "ORDER BY position, price_amount, id LIMIT 100", in: tx)
    }
}

extension PackageStore where Base == Transaction {
    /// Refuses amounts in another currency than the agency's: its figures are sums.
    package func requireOwnCurrency(_ amounts: [(pointer: String, money: Money?)]) throws {
        let currency = try tx.agency.tenant().currency
        var faults = Faults()
        for (pointer, money) in amounts {
            if let money, money.currency != currency {
                faults.add(
                    "\(pointer)/currency", "invalid_currency",
                    "\(pointer.pointedMember) must be in \(currency), the agency's currency.")
            }
        }
        try faults.throwIfAny()
    }
}
