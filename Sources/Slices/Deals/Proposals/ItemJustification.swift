internal import Records
internal import Templates

/// Justifies the price of each of a proposal's own items: what is billed and how it adds up, whether a package or a
/// need of the lead calls for it, and its share of the total.
struct ItemJustification {
    let text: String

    init(_ proposal: Proposal, _ lead: LeadFacts, _ package: ServicePackage?, _ words: SellingWords) {
        let items = proposal.items.list
        let opening =
            items.count == 1
            ? words(
                "The price is that of one item, and of nothing else.",
                "Der Preis ist der einer einzigen Position und von nichts anderem.")
            : words(
                "The price is the sum of its \(items.count) items, and of nothing else.",
                "Der Preis ist die Summe der \(items.count) Positionen und von nichts anderem.")
        let lines = items.map { Self.line($0, items, proposal.needs, package, words) }
        var text = opening + "\n\n" + lines.map { "- \($0)" }.joined(separator: "\n")
        if let industry = lead.industry, !industry.isEmpty {
            text +=
                "\n\n"
                + words(
                    "It is calculated for \(lead.company.markdownEscaped) (\(industry.markdownEscaped)); what is not listed is not charged.",
                    "Gerechnet ist es für \(lead.company.markdownEscaped) (\(industry.markdownEscaped)); was nicht aufgeführt ist, wird nicht "
                        + "berechnet.")
        }
        self.text = text
    }

    private static func line(
        _ item: OfferItem, _ items: [OfferItem], _ needs: [String], _ package: ServicePackage?,
        _ words: SellingWords
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
            text += words(
                ", \(percent) % of what is billed \(rhythm)",
                ", \(percent) % dessen, was \(rhythm) berechnet wird")
        }
        if let need = PackageFit.need(needs, of: item.description) {
            text += words(
                ". It answers what you told us: “\(need.markdownEscaped)”",
                ". Es antwortet auf das, was Sie uns gesagt haben: „\(need.markdownEscaped)“")
        } else if let package, PackageFit.isPart(item.description, of: package) {
            text += words(
                ". It is part of \(package.name.markdownEscaped)",
                ". Es ist Teil von \(package.name.markdownEscaped)")
        }
        return text + "."
    }

    private static func amount(of item: OfferItem) -> Double {
        Double(item.quantity) * Double(item.unitPrice.amount)
    }
}
