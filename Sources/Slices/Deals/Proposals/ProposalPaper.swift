internal import Database
internal import Documents
internal import JSON
internal import Markdown
internal import Nouns
internal import People
internal import Records
internal import Telemetry
internal import Templates
internal import Tenancy
internal import Wording

extension ProposalStore {
    /// A proposal as a document, in its language and the agency's brand.
    func paper(of proposal: Proposal) throws -> SaleDocumentCopy {
        let tenant = try tx.agency.tenant()
        let words = SellingCopy(try tx.wordings.find(proposal.locale ?? tenant.locale))
        let zone = TimeZoneRules(named: tenant.timeZone) ?? .utc
        let contact = try proposal.contactID.flatMap { try Contact.resource.find($0, in: tx) }
        let company = try proposal.dealID.flatMap { try Deal.resource.find($0, in: tx) }?.name
        func day(_ instant: Instant) -> String { words.locale.shown(zone.local(of: instant).date) }
        let made = proposal.sentAt ?? proposal.createdAt

        var facts = [
            Fact(
                words("proposal.prepared_for"),
                [company, contact?.name].compactMap { $0 }.joined(separator: "\n")),
            Fact(words("proposal.date"), day(made)),
        ]
        if let end = proposal.validUntil { facts.append(Fact(words("proposal.valid_until_fact"), day(end))) }
        var blocks: [Block] = [.cover(Cover(kind: words("proposal.proposal"), facts: facts))]
        if let introduction = proposal.introduction { blocks.append(.markdown(introduction)) }
        if !proposal.needs.isEmpty {
            blocks.append(.heading(level: 1, words("proposal.understood")))
            blocks.append(.list(Markdown.List(items: proposal.needs.map { [.paragraph([.text($0)])] })))
        }
        if !proposal.services.list.isEmpty {
            blocks.append(.heading(level: 1, words("proposal.what_we_do")))
            blocks.append(
                .table(
                    Table(
                        columns: [
                            .init(words("proposal.service"), width: .share(1)),
                            .init(words("proposal.what_you_get"), width: .share(2)),
                        ],
                        rows: proposal.services.list.map { service in
                            Table.Row([
                                [.strong([.text(service.title)])],
                                service.description.map { [.text($0)] } ?? [],
                            ])
                        })))
        }
        blocks.append(.heading(level: 1, words("proposal.investment")))
        blocks.append(.table(PriceTable(proposal, words).table))
        if let text = proposal.pricingJustification { blocks.append(.markdown(text)) }
        if !proposal.caseStudies.list.isEmpty {
            blocks.append(.heading(level: 1, words("proposal.case_studies")))
            for study in proposal.caseStudies.list { blocks += study.blocks }
        }
        if let text = proposal.callToAction {
            var call = CallToAction(title: words("proposal.begin"), text: text)
            if proposal.isOpen, let url = proposal.publicURL {
                call.button = (words("proposal.accept"), url)
            }
            blocks.append(.callToAction(call))
        }
        var document = Document(
            title: proposal.title ?? words("proposal.proposal"), language: words.language,
            brand: try tx.salesPages.paperBrand(), created: made, blocks: blocks)
        document.pageFormat = words.pageFormat
        document.metadata = ["kind": "proposal", "proposal": "\(proposal.id)"]
        return SaleDocumentCopy(document.title, .document(document))
    }
}

extension PriceTable {
    var table: Table {
        Table(
            columns: head.enumerated().map { index, column in
                .init(column.0, column.isAmount ? .end : .start, width: index == 0 ? .share(1) : .fit)
            },
            rows: rows.map { Table.Row($0) } + totals.map { Table.Row($0, .total) })
    }
}

extension CaseStudySummary {
    fileprivate var blocks: [Block] {
        let line = [client, result].compactMap { $0 }.joined(separator: " · ")
        return [.heading(level: 2, title)] + (line.isEmpty ? [] : [.paragraph([.emphasis([.text(line)])])])
            + [text, testimonial].compactMap { $0.map { .markdown($0) } }
    }
}
