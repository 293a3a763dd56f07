package import Records

/// The facts about a prospect by which a package is chosen and priced. Everything that the outcome rests on is here, so
/// that the same prospect gets the same answer.
package struct Prospect: Sendable {
    package var budget: Money?
    package var employeeCount: Int?
    package var industry: String?
    package var timelineDays: Int?
    /// Needs, pain points and tags, in the prospect's words.
    package var needs: [String]
    /// Whether a competitor has been named.
    package var hasCompetitor = false

    package init(
        budget: Money? = nil, employeeCount: Int? = nil, industry: String? = nil, timelineDays: Int? = nil,
        needs: [String] = [], hasCompetitor: Bool = false
    ) {
        (self.budget, self.employeeCount, self.industry) = (budget, employeeCount, industry)
        (self.timelineDays, self.needs, self.hasCompetitor) = (timelineDays, needs, hasCompetitor)
    }
}

/// Which package fits a prospect, and why. `packages` come the smallest first.
package struct PackageFit: Sendable {
    package let package: ServicePackage
    /// The confidence in the fit, from 0 to 1.
    package let confidence: Double
    package let reasons: [String]

    /// `nil` where nothing is offered.
    package init?(_ prospect: Prospect, among packages: [ServicePackage]) {
        guard let currency = packages.first?.price.currency else { return nil }
        let wanted = packages.indices.map { Self.needed(prospect.needs, in: packages[$0]) }
        let bySize = Self.place(prospect.employeeCount, of: packages.count)
        let budget = prospect.budget.flatMap { $0.currency == currency ? $0.amount : nil }
        var reasons: [String] = [], confidence: Double
        var index: Int
        if let budget {
            let band = packages.firstIndex { package in
                (package.budgetFrom?.amount ?? 0) <= budget
                    && package.budgetTo.map { budget <= $0.amount } ?? true
                    && package.budgetFrom != nil
            }
            if let band {
                (index, confidence) = (band, 0.85)
                reasons.append("The budget lies in the band of \(packages[band].name).")
            } else {
                index = packages.lastIndex { ($0.budgetFrom?.amount ?? .max) <= budget } ?? 0
                confidence = 0.65
                let next = index + 1
                let isBelowAll = (packages[index].budgetFrom?.amount ?? 0) > budget
                if !isBelowAll, next < packages.count, wanted[next].count > wanted[index].count {
                    index = next
                    reasons.append(
                        "The budget lies between two bands, and \(wanted[next].joined(separator: ", ")) is needed."
                    )
                } else if isBelowAll {
                    confidence = 0.4
                    reasons.append("The budget is below every band; \(packages[index].name) is the smallest.")
                } else {
                    reasons.append(
                        "The budget lies above the band of \(packages[index].name) and below the next.")
                }
            }
        } else if let bySize {
            (index, confidence) = (bySize, 0.55)
            reasons.append("No budget is known; the size of the company speaks for \(packages[bySize].name).")
            if let best = Self.most(wanted), best > index {
                index = best
                reasons.append("\(wanted[best].joined(separator: ", ")) is needed.")
            }
        } else if let best = Self.most(wanted) {
            (index, confidence) = (best, 0.45)
            reasons.append("No budget is known; \(wanted[best].joined(separator: ", ")) is needed.")
        } else {
            (index, confidence) = (0, 0.25)
            reasons.append("Nothing is known that speaks for a larger one.")
        }
        if prospect.budget != nil, budget == nil {
            reasons.append("The budget is in another currency than the packages, and was left out.")
        }
        if budget != nil, let bySize {
            if bySize == index {
                confidence += 0.1
                reasons.append("The size of the company speaks for it, too.")
            } else {
                confidence -= 0.1
                reasons.append("The size of the company would speak for \(packages[bySize].name).")
            }
        }
        (self.package, self.reasons) = (packages[index], reasons)
        self.confidence = (min(1, max(0, confidence)) * 100).rounded() / 100
    }

    /// Of the sizes of companies, three packages take up to 49, up to 499, and all others.
    private static func place(_ employees: Int?, of count: Int) -> Int? {
        guard let employees, count > 0 else { return nil }
        let third = employees < 50 ? 0 : employees < 500 ? 1 : 2
        return min(count - 1, third * count / 3)
    }

    /// The package whose contents are asked for most; the smaller of two that are equal.
    private static func most(_ wanted: [[String]]) -> Int? {
        wanted.indices.max {
            wanted[$0].count < wanted[$1].count || (wanted[$0].count == wanted[$1].count && $0 > $1)
        }
        .flatMap { wanted[$0].isEmpty ? nil : $0 }
    }

    /// The contents of which some need speaks.
    static func needed(_ needs: [String], in package: ServicePackage) -> [String] {
        let said = Set(needs.flatMap { PackageWords.of($0) })
        guard !said.isEmpty else { return [] }
        return package.contents.filter { content in
            PackageWords.of(content).contains { word in
                !PackageWords.common.contains(word) && said.contains(word)
            }
        }
    }

    /// Returns the need that an item of a proposal answers.
    static func need(_ needs: [String], of item: String) -> String? {
        let sold = Set(PackageWords.of(item)).subtracting(PackageWords.common)
        return needs.first { !sold.isDisjoint(with: PackageWords.of($0)) }
    }

    /// Whether an item of a proposal is part of a package.
    static func isPart(_ item: String, of package: ServicePackage) -> Bool {
        let sold = Set(PackageWords.of(item)).subtracting(PackageWords.common)
        return package.contents.contains { !sold.isDisjoint(with: PackageWords.of($0)) }
    }
}
