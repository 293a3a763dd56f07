internal import Records
internal import Templates
internal import Wording

/// Justifies the price of each of a proposal's own items: what is billed and how it adds up, whether a package or a
/// need of the lead calls for it, and its share of the total.
struct ItemJustification {
    let text: String

    init(_ proposal: Proposal, _ lead: LeadFacts, _ package: ServicePackage?, _ words: SellingCopy) {
        let items = proposal.items.list
        let opening = words("proposal.items", ["count": .number(items.count)])
        let lines = items.map { Self.line($0, items, proposal.needs, package, words) }
        var text = opening + "\n\n" + lines.map { "- \($0)" }.joined(separator: "\n")
        if let industry = lead.industry, !industry.isEmpty {
            text +=
                "\n\n"
                + words(
                    "proposal.calculated_for",
                    [
                        "company": .text(lead.company.markdownEscaped),
                        "industry": .text(industry.markdownEscaped),
                    ])
        }
        self.text = text
    }

    private static func line(
        _ item: OfferItem, _ items: [OfferItem], _ needs: [String], _ package: ServicePackage?,
        _ words: SellingCopy
    ) -> String {
        let sum = amount(of: item),
            total = items.filter { $0.billed == item.billed }.reduce(0) { $0 + amount(of: $1) }
        let unit = words.locale.shown(item.unitPrice)
        let whole = words.locale.shown(Money(amount: Int64(sum), currency: item.unitPrice.currency))
        let rhythm = item.billed == .once ? words.once : words.perMonth
        var text = "**\(item.description.markdownEscaped)**: "
        text += item.quantity == 1 ? "\(unit) \(rhythm)" : "\(item.quantity) × \(unit) = \(whole) \(rhythm)"
        if items.count > 1, total > 0 {
            let percent = Int((100 * sum / total).rounded())
            text +=
                ", " + words("proposal.share", ["percent": .number(percent), "rhythm": .text(rhythm)])
        }
        if let need = PackageFit.need(needs, of: item.description) {
            text += ". " + words("proposal.answers_need", ["need": .text(need.markdownEscaped)])
        } else if let package, PackageFit.isPart(item.description, of: package) {
            text += ". " + words("proposal.part_of", ["package": .text(package.name.markdownEscaped)])
        }
        return text + "."
    }

    private static func amount(of item: OfferItem) -> Double {
        Double(item.quantity) * Double(item.unitPrice.amount)
    }
}
