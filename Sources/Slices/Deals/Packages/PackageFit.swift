package import Records
package import Templates

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

/// The package that fits a prospect, with the reasons. `packages` come the smallest first.
package struct PackageFit: Sendable {
    package let package: ServicePackage
    /// The confidence in the fit, from 0 to 1.
    package let confidence: Double
    /// The reasons, in the words of whoever reads them.
    package let said: [Saying]

    /// The reasons as programs read them.
    package var reasons: [String] { said.map(\.english) }

    /// `nil` where nothing is offered.
    package init?(_ prospect: Prospect, among packages: [ServicePackage]) {
        guard let currency = packages.first?.price.currency else { return nil }
        let wanted = packages.indices.map { Self.needed(prospect.needs, in: packages[$0]) }
        let bySize = Self.place(prospect.employeeCount, of: packages.count)
        let budget = prospect.budget.flatMap { $0.currency == currency ? $0.amount : nil }
        var reasons: [Saying] = [], confidence: Double
        func name(_ index: Int) -> Saying.Value { .text(packages[index].name) }
        func needed(_ index: Int) -> Saying.Value { .text(wanted[index].joined(separator: ", ")) }
        var index: Int
        if let budget {
            let band = packages.firstIndex { package in
                (package.budgetFrom?.amount ?? 0) <= budget
                    && package.budgetTo.map { budget <= $0.amount } ?? true
                    && package.budgetFrom != nil
            }
            if let band {
                (index, confidence) = (band, 0.85)
                reasons.append(Saying("package.in_band", ["package": name(band)]))
            } else {
                index = packages.lastIndex { ($0.budgetFrom?.amount ?? .max) <= budget } ?? 0
                confidence = 0.65
                let next = index + 1
                let isBelowAll = (packages[index].budgetFrom?.amount ?? 0) > budget
                if !isBelowAll, next < packages.count, wanted[next].count > wanted[index].count {
                    index = next
                    reasons.append(Saying("package.between", ["wanted": needed(next)]))
                } else if isBelowAll {
                    confidence = 0.4
                    reasons.append(Saying("package.below", ["package": name(index)]))
                } else {
                    reasons.append(Saying("package.above", ["package": name(index)]))
                }
            }
        } else if let bySize {
            (index, confidence) = (bySize, 0.55)
            reasons.append(Saying("package.by_size", ["package": name(bySize)]))
            if let best = Self.most(wanted), best > index {
                index = best
                reasons.append(Saying("package.needed", ["known": .text("other"), "wanted": needed(best)]))
            }
        } else if let best = Self.most(wanted) {
            (index, confidence) = (best, 0.45)
            reasons.append(Saying("package.needed", ["known": .flag(false), "wanted": needed(best)]))
        } else {
            (index, confidence) = (0, 0.25)
            reasons.append(Saying("package.nothing"))
        }
        if prospect.budget != nil, budget == nil {
            reasons.append(Saying("package.currency"))
        }
        if budget != nil, let bySize {
            if bySize == index {
                confidence += 0.1
                reasons.append(Saying("package.size_too"))
            } else {
                confidence -= 0.1
                reasons.append(Saying("package.size_other", ["package": name(bySize)]))
            }
        }
        (package, said) = (packages[index], reasons)
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

    /// Returns whether an item of a proposal is part of a package.
    static func isPart(_ item: String, of package: ServicePackage) -> Bool {
        let sold = Set(PackageWords.of(item)).subtracting(PackageWords.common)
        return package.contents.contains { !sold.isDisjoint(with: PackageWords.of($0)) }
    }
}
