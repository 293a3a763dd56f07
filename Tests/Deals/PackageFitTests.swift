import Records
import Testing

@testable import Deals

@Suite struct PackageFitTests {
    private let packages = SeedPackages.all("USD")

    private func dollars(_ amount: Int64) -> Money { Money(amount: amount * 100, currency: "USD") }

    private func fit(_ prospect: Prospect) throws -> PackageFit {
        try #require(PackageFit(prospect, among: packages))
    }

    @Test(
        arguments: [
            (1_000, "Starter"), (3_000, "Starter"), (5_000, "Starter"), (5_500, "Starter"), (6_000, "Growth"),
            (10_000, "Growth"), (12_000, "Growth"), (15_000, "Enterprise"), (90_000, "Enterprise"),
        ] as [(Int64, String)])
    func `a budget finds its band, and what lies between two the lower one`(
        budget: Int64, name: String
    ) throws {
        #expect(try fit(Prospect(budget: dollars(budget))).package.name == name)
    }

    @Test func `needs decide between two bands, but move nobody out of one`() throws {
        let needs = ["Email automation for our shop", "more content"]
        #expect(try fit(Prospect(budget: dollars(5_500), needs: needs)).package.name == "Growth")
        #expect(try fit(Prospect(budget: dollars(4_000), needs: needs)).package.name == "Starter")
    }

    @Test func `without a budget the size speaks, without both the needs`() throws {
        #expect(try fit(Prospect(employeeCount: 12)).package.name == "Starter")
        #expect(try fit(Prospect(employeeCount: 120)).package.name == "Growth")
        #expect(try fit(Prospect(employeeCount: 5_000)).package.name == "Enterprise")
        #expect(
            try fit(Prospect(needs: ["Our CRM needs integrations and analytics"])).package.name
                == "Enterprise")
        #expect(try fit(Prospect()).package.name == "Starter")
    }

    @Test func `what agrees makes it surer, and each reason is told`() throws {
        let agreed = try fit(Prospect(budget: dollars(8_000), employeeCount: 100))
        let alone = try fit(Prospect(budget: dollars(8_000)))
        let odd = try fit(Prospect(budget: dollars(8_000), employeeCount: 5))
        #expect(agreed.confidence > alone.confidence && alone.confidence > odd.confidence)
        #expect(agreed.reasons.count == 2 && odd.reasons.last?.contains("Starter") == true)
        #expect(try fit(Prospect()).confidence < 0.3)
    }

    @Test func `needs in other languages meet contents in theirs, but not by words of every kind`() {
        var package = packages[0]
        package.contents = [
            "Betreuung von Google Ads", "Automatización de correo", "Beheer van sociale media",
        ]
        #expect(PackageFit.needed(["Auswertung von Google-Anzeigen"], in: package) == [package.contents[0]])
        #expect(PackageFit.needed(["correos automáticos y de venta"], in: package) == [package.contents[1]])
        #expect(PackageFit.needed(["de winkel van de klant", "Betreuung"], in: package).isEmpty)
    }

    @Test(arguments: [
        "Priority support", "Bevorzugte Unterstützung", "Assistance prioritaire", "Soporte prioritario",
        "Assistenza prioritaria", "Apoio prioritário", "Voorrang bij ondersteuning",
    ])
    func `a content promises fast answers in every language`(content: String) {
        #expect(PackageWords.promisesFastAnswers(content) && !PackageWords.promisesFastAnswers("Support"))
    }

    @Test func `a budget in another currency is left out, and that is said`() throws {
        let found = try fit(Prospect(budget: Money(amount: 900_000, currency: "EUR"), employeeCount: 10))
        #expect(found.package.name == "Starter" && found.reasons.contains { $0.contains("currency") })
    }

    @Test func `nothing fits where nothing is offered`() {
        #expect(PackageFit(Prospect(), among: []) == nil)
    }
}

@Suite struct PackagePriceTests {
    private let growth = SeedPackages.all("USD")[1]

    private func price(
        _ prospect: Prospect, _ package: ServicePackage? = nil, margin: Int = 30, discount: Int = 15
    ) -> PackagePrice {
        PackagePrice(package ?? growth, for: prospect, marginMin: margin, discountMax: discount)
    }

    @Test func `nobody out of the ordinary pays the package's own price`() {
        let found = price(Prospect(employeeCount: 100, industry: "technology", timelineDays: 60))
        #expect(found.price == growth.price && found.factors.isEmpty)
    }

    @Test func `every factor is told, and their product is the price`() {
        let found = price(Prospect(employeeCount: 2_000, industry: "Healthcare", timelineDays: 7))
        #expect(found.factors.map(\.name) == ["size", "industry", "urgency"])
        // 1.08 × 1.06 × 1.04, to a hundredth of a percent, and up to a whole unit.
        #expect(found.price == Money(amount: 595_300, currency: "USD"))
        #expect(found.factors.allSatisfy { !$0.reason.isEmpty })
    }

    @Test(arguments: [
        "Gesundheitswesen", "Assurances", "Banca privada", "Assicurazioni", "Saúde", "Verzekeringen",
        "Law firm",
    ])
    func `an industry under rules is known in every language`(industry: String) {
        #expect(price(Prospect(industry: industry)).factors.map(\.name) == ["industry"])
    }

    @Test(arguments: ["Handel", "Quality assurance", "Logistique", "Turismo", "Software", "Bouw"])
    func `other industries are not`(industry: String) {
        #expect(price(Prospect(industry: industry)).factors.isEmpty)
    }

    @Test func `the same prospect gets the same price`() {
        let prospect = Prospect(employeeCount: 3, timelineDays: 200, needs: ["a", "b"], hasCompetitor: true)
        #expect(Set((0..<20).map { _ in price(prospect).price }).count == 1)
    }

    @Test func `all factors together keep their bounds`() {
        let dear = Prospect(
            employeeCount: 9_999, industry: "pharma", timelineDays: 1, needs: (0..<20).map { "need \($0)" })
        let found = price(dear)
        #expect(
            found.price == Money(amount: 625_000, currency: "USD") && found.factors.last?.name == "bounds")
    }

    @Test func `no price is below what keeps the margin`() {
        var costly = growth
        costly.cost = Money(amount: 400_000, currency: "USD")
        let cheap = Prospect(employeeCount: 3, timelineDays: 200, hasCompetitor: true)
        let found = price(cheap, costly)
        // 4,000.00 are 70 % of it.
        #expect(
            found.price == Money(amount: 571_500, currency: "USD") && found.factors.last?.name == "margin")
        #expect(price(cheap, discount: 5).price == Money(amount: 475_000, currency: "USD"))
    }

    @Test func `the largest amounts do not overflow`() {
        var huge = growth
        huge.price.amount = Money.amountMax
        huge.cost = Money(amount: Money.amountMax, currency: "USD")
        #expect(price(Prospect(employeeCount: 9_999), huge).price.amount > 0)
    }
}

@Suite struct PackageEdgeTests {
    private let packages = SeedPackages.all("USD")
    private let growth = SeedPackages.all("USD")[1]

    @Test func `a budget of nothing fits the smallest, and one beyond all the largest`() throws {
        let none = try #require(
            PackageFit(Prospect(budget: Money(amount: 0, currency: "USD")), among: packages))
        #expect(none.package.name == "Starter")
        let most = Money(amount: Money.amountMax, currency: "USD")
        #expect(PackageFit(Prospect(budget: most), among: packages)?.package.name == "Enterprise")
    }

    @Test func `a single package fits everybody, and says how sure it is`() throws {
        let found = try #require(PackageFit(Prospect(employeeCount: 5), among: [growth]))
        #expect(found.package.name == "Growth" && (0...1).contains(found.confidence))
    }

    @Test func `a package for nothing costs nothing, whatever is added`() {
        var free = growth
        (free.price.amount, free.cost) = (0, nil)
        let prospect = Prospect(employeeCount: 9_999, industry: "pharma", timelineDays: 1)
        #expect(PackagePrice(free, for: prospect, marginMin: 30, discountMax: 15).price.amount == 0)
    }

    @Test func `a margin of all or more than all cannot be kept, and is not divided by`() {
        var costly = growth
        costly.cost = Money(amount: 100_000, currency: "USD")
        for margin in [0, 99, 100, 101] {
            let found = PackagePrice(costly, for: Prospect(), marginMin: margin, discountMax: 15)
            #expect(found.price.amount >= growth.price.amount && found.price.amount <= Money.amountMax)
        }
    }

    @Test func `a price never leaves its currency, and is never below nothing`() {
        for discount in [0, 15, 100] {
            let prospect = Prospect(employeeCount: 1, timelineDays: 9_999, hasCompetitor: true)
            let found = PackagePrice(growth, for: prospect, marginMin: 0, discountMax: discount)
            #expect(found.price.currency == "USD" && found.price.amount > 0)
        }
    }
}
