internal import Agents
internal import Database
internal import Markdown
internal import Nouns
internal import Records
internal import Telemetry
internal import Templates
internal import Tenancy
internal import Wording

/// A proposal as whoever has its link sees it.
struct ProposalPage: PublicDocument {
    let database: Database

    func page(_ id: ID<Proposal>, path: String, in reader: Reader) throws -> PublicPage {
        try Self.page(
            Self.shown(id, in: reader), path: path, database.statedLimits(in: reader), in: reader)
    }

    func paper(_ id: ID<Proposal>, in reader: Reader) throws -> SaleDocumentCopy {
        try reader.proposals.paper(of: Self.shown(id, in: reader))
    }

    func seen(_ id: ID<Proposal>, by visitor: Visitor, isRead: Bool, in tx: Transaction) throws {
        try tx.proposals.noteView(of: id, by: visitor, isRead: isRead)
    }

    private static func shown(_ id: ID<Proposal>, in reader: Reader) throws -> Proposal {
        guard let proposal = try Proposal.resource.find(id, in: reader), proposal.status != .draft
        else { throw Problem(.notFound) }
        return proposal
    }

    /// `problem`: why an answer was not taken, told above the form.
    static func page(
        _ proposal: Proposal, path: String, problem: Problem? = nil, _ limits: [StatedLimits],
        in reader: some Queryable
    ) throws -> PublicPage {
        let tenant = try reader.agency.tenant()
        let words = SellingCopy(try reader.wordings.find(proposal.locale ?? tenant.locale))
        let zone = TimeZoneRules(named: tenant.timeZone) ?? .utc
        var html = HTMLText()
        html.title(proposal.title ?? "", kind: words("proposal.proposal"))
        html.state(proposal, words, zone)
        if let introduction = proposal.introduction { html.markdown(introduction) }
        if !proposal.needs.isEmpty {
            html.heading(words("proposal.understood"))
            html.list(proposal.needs)
        }
        if !proposal.services.list.isEmpty {
            html.heading(words("proposal.what_we_do"))
            html.table(
                head: [
                    (words("proposal.service"), false), (words("proposal.what_you_get"), false),
                ],
                rows: proposal.services.list.map { [$0.title, $0.description ?? ""] })
        }
        html.heading(words("proposal.investment"))
        let price = PriceTable(proposal, words)
        html.table(head: price.head, rows: price.rows, foot: price.totals)
        if let text = proposal.pricingJustification { html.markdown(text) }
        if !proposal.caseStudies.list.isEmpty {
            html.heading(words("proposal.case_studies"))
            for study in proposal.caseStudies.list { html.caseStudy(study) }
        }
        let stated = limits.filter { $0.reachesPeople && !$0.cannot.isEmpty }
        if !stated.isEmpty {
            html.heading(words("proposal.limits"))
            html.paragraph(
                words("proposal.limits_about"))
            html.list(stated.flatMap { $0.said(in: words) })
        }
        html.raw(
            "<p><a href=\"\(path.htmlEscaped)/pdf\">\(words("document.download").htmlEscaped)</a></p>"
        )
        if proposal.isOpen, proposal.validUntil.map({ reader.now < $0 }) ?? true {
            html.heading(words("proposal.begin"))
            if let text = proposal.callToAction { html.paragraph(text) }
            html.answers(
                path, words, verb: (words("proposal.accept"), "accept"),
                consent: words("proposal.consent"), problem)
        }
        return PublicPage(
            title: proposal.title ?? words("proposal.proposal"), body: html.text, agency: tenant.name,
            color: tenant.brand?.color ?? "#1f4e79", language: words.language, script: "/public/seen.js")
    }
}

/// The price of a proposal, as rows.
struct PriceTable {
    let head: [(String, isAmount: Bool)]
    let rows: [[String]]
    /// The totals; where something is billed once, that of a month and that of what is billed once.
    let totals: [[String]]

    init(_ proposal: Proposal, _ words: SellingCopy) {
        let total = proposal.total.map { words.locale.shown($0) } ?? ""
        if proposal.items.list.isEmpty {
            head = [(words("price.package"), false), (words("price.price"), true)]
            rows = [[proposal.title ?? "", "\(total) \(words.perMonth)"]]
            totals = []
        } else {
            head = [
                (words("price.item"), false), (words("price.quantity"), true),
                (words("price.each"), true), (words("price.amount"), true),
            ]
            rows = proposal.items.list.map { item in
                [
                    item.billed == .once ? "\(item.description) (\(words.once))" : item.description,
                    String(item.quantity), words.locale.shown(item.unitPrice),
                    words.locale.shown(
                        Money(amount: item.line.amount ?? 0, currency: item.unitPrice.currency)),
                ]
            }
            func sum(_ name: String, _ billed: OfferItem.Billed) -> [[String]] {
                guard let sum = try? proposal.items.checkedSum(billed), sum.amount > 0 else { return [] }
                return [[name, "", "", words.locale.shown(sum)]]
            }
            totals =
                proposal.items.list.contains { $0.billed == .once }
                ? sum(words("price.total_monthly"), .monthly)
                    + sum(words("price.total_once"), .once)
                : [[words("price.total"), "", "", total]]
        }
    }
}

extension HTMLText {
    fileprivate mutating func state(_ proposal: Proposal, _ words: SellingCopy, _ zone: TimeZoneRules) {
        func day(_ instant: Instant?) -> String {
            instant.map { words.locale.shown(zone.local(of: $0).date) } ?? ""
        }
        switch proposal.status {
        case .accepted:
            done(
                words(
                    "proposal.accepted",
                    ["day": .text(day(proposal.acceptedAt)), "name": .text(proposal.acceptedBy ?? "")]))
        case .declined:
            done(words("proposal.declined", ["day": .text(day(proposal.declinedAt))]))
        case .expired:
            done(words("proposal.expired", ["day": .text(day(proposal.validUntil))]))
        case .withdrawn:
            done(words("proposal.withdrawn", ["day": .text(day(proposal.withdrawnAt))]))
        case .draft, .sent, .viewed:
            let end = words("proposal.valid_until", ["day": .text(day(proposal.validUntil))])
            raw("<p class=\"soft\">\(end.htmlEscaped)</p>")
        }
    }

    fileprivate mutating func caseStudy(_ study: CaseStudySummary) {
        raw("<h3>\(study.title.htmlEscaped)</h3>")
        let line = [study.client, study.result].compactMap { $0 }.joined(separator: " · ")
        if !line.isEmpty { raw("<p class=\"soft\">\(line.htmlEscaped)</p>") }
        if let text = study.text { markdown(text) }
        if let words = study.testimonial { markdown(words) }
    }
}

extension StatedLimits {
    /// The limits in a client's language, each behind what the agent is called; in English where there are no words of
    /// the agent's.
    fileprivate func said(in words: SellingCopy) -> [String] {
        let own = words.limits(of: name)
        let called = own.isEmpty ? title : words("limit.\(name).title")
        return (own.isEmpty ? cannot : own).map { "\(called): \($0)" }
    }
}
