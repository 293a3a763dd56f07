internal import Database
internal import Markdown
internal import Platform
internal import Records
internal import Runtime
internal import Telemetry
internal import Templates

/// A proposal as whoever has its link sees it.
struct ProposalPage: PublicDocument {
    let idPrefix = Proposal.idPrefix
    let database: Database

    func page(_ id: String, path: String, in reader: Reader) throws -> PublicPage {
        try Self.page(
            Self.shown(id, in: reader), path: path, database.statedLimits(in: reader), in: reader)
    }

    func paper(_ id: String, in reader: Reader) throws -> Paper {
        try reader.paper(of: Self.shown(id, in: reader))
    }

    func seen(_ id: String, by visitor: Visitor, isRead: Bool, in tx: Transaction) throws {
        if let id = ID<Proposal>(id) { try tx.noteView(of: id, by: visitor, isRead: isRead) }
    }

    private static func shown(_ id: String, in reader: Reader) throws -> Proposal {
        guard let id = ID<Proposal>(id), let proposal = try Proposal.resource.find(id, in: reader),
            proposal.status != .draft
        else { throw Problem(.notFound) }
        return proposal
    }

    /// `problem`: why an answer was not taken, told above the form.
    static func page(
        _ proposal: Proposal, path: String, problem: Problem? = nil, _ limits: [StatedLimits],
        in reader: some Queryable
    ) throws -> PublicPage {
        let tenant = try reader.ownTenant()
        let words = SellingWords(proposal.locale ?? tenant.locale)
        let zone = TimeZoneRules(named: tenant.timeZone) ?? .utc
        var html = HTMLText()
        html.title(proposal.title ?? "", kind: words("Proposal", "Angebot"))
        html.state(proposal, words, zone)
        if let introduction = proposal.introduction { html.markdown(introduction) }
        if !proposal.needs.isEmpty {
            html.heading(words("What we understood", "Was wir verstanden haben"))
            html.list(proposal.needs)
        }
        if !proposal.services.list.isEmpty {
            html.heading(words("What we will do", "Was wir tun werden"))
            html.table(
                head: [
                    (words("Service", "Leistung"), false), (words("What you get", "Was Sie bekommen"), false),
                ],
                rows: proposal.services.list.map { [$0.title, $0.description ?? ""] })
        }
        html.heading(words("Your investment", "Ihre Investition"))
        let price = PriceTable(proposal, words)
        html.table(head: price.head, rows: price.rows, foot: price.totals)
        if let text = proposal.pricingJustification { html.markdown(text) }
        if !proposal.caseStudies.list.isEmpty {
            html.heading(words("What it did for others", "Was andere davon hatten"))
            for study in proposal.caseStudies.list { html.caseStudy(study) }
        }
        let stated = limits.filter { $0.reachesPeople && !$0.cannot.isEmpty }
        if !stated.isEmpty {
            html.heading(words("What our agents cannot do", "Was unsere Agenten nicht können"))
            html.paragraph(
                words(
                    "Some of the work is done by software. These are its limits.",
                    "Einen Teil der Arbeit macht Software. Das sind ihre Grenzen, auf Englisch."))
            html.list(stated.flatMap { agent in agent.cannot.map { "\(agent.title): \($0)" } })
        }
        html.raw(
            "<p><a href=\"\(path.htmlEscaped)/pdf\">\(words("Download as PDF", "Als PDF herunterladen").htmlEscaped)</a></p>"
        )
        if proposal.isOpen, proposal.validUntil.map({ reader.now < $0 }) ?? true {
            html.heading(words("Shall we begin?", "Sollen wir anfangen?"))
            if let text = proposal.callToAction { html.paragraph(text) }
            html.answers(
                path, words, verb: (words("Accept the proposal", "Angebot annehmen"), "accept"),
                consent: words(
                    "I accept this proposal, for my company, and may do so.",
                    "Ich nehme dieses Angebot für mein Unternehmen an und bin dazu befugt."), problem)
        }
        return PublicPage(
            title: proposal.title ?? words("Proposal", "Angebot"), body: html.text, agency: tenant.name,
            color: tenant.brand?.color ?? "#1f4e79", language: words.language, script: "/public/seen.js")
    }
}

/// What it costs, as rows.
struct PriceTable {
    let head: [(String, isAmount: Bool)]
    let rows: [[String]]
    /// What it comes to; where something is billed once, a month and once.
    let totals: [[String]]

    init(_ proposal: Proposal, _ words: SellingWords) {
        let total = proposal.total.map { words.locale.shown($0) } ?? ""
        if proposal.items.list.isEmpty {
            head = [(words("Package", "Paket"), false), (words("Price", "Preis"), true)]
            rows = [[proposal.title ?? "", "\(total) \(words.perMonth)"]]
            totals = []
        } else {
            head = [
                (words("Item", "Position"), false), (words("Quantity", "Menge"), true),
                (words("Each", "Einzeln"), true), (words("Amount", "Betrag"), true),
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
                ? sum(words("Total a month", "Summe im Monat"), .monthly)
                    + sum(words("Total once", "Summe einmalig"), .once)
                : [[words("Total", "Summe"), "", "", total]]
        }
    }
}

extension HTMLText {
    fileprivate mutating func state(_ proposal: Proposal, _ words: SellingWords, _ zone: TimeZoneRules) {
        func day(_ instant: Instant?) -> String {
            instant.map { words.locale.shown(zone.local(of: $0).date) } ?? ""
        }
        switch proposal.status {
        case .accepted:
            done(
                words(
                    "Accepted on \(day(proposal.acceptedAt)) by \(proposal.acceptedBy ?? ""). Thank you.",
                    "Angenommen am \(day(proposal.acceptedAt)) von \(proposal.acceptedBy ?? ""). Vielen Dank."
                ))
        case .declined:
            done(
                words("Declined on \(day(proposal.declinedAt)).", "Abgelehnt am \(day(proposal.declinedAt)).")
            )
        case .expired:
            done(
                words(
                    "This proposal was valid until \(day(proposal.validUntil)). Write to us if you would like a new one.",
                    "Dieses Angebot galt bis \(day(proposal.validUntil)). Schreiben Sie uns, wenn Sie ein neues möchten."
                ))
        case .draft, .sent, .viewed:
            raw(
                "<p class=\"soft\">\(words("Valid until \(day(proposal.validUntil))", "Gültig bis \(day(proposal.validUntil))").htmlEscaped)</p>"
            )
        }
    }

    fileprivate mutating func caseStudy(_ study: CaseStudySummary) {
        raw("<h3>\(study.title.htmlEscaped)</h3>")
        let line = [study.client, study.result].compactMap { $0 }.joined(separator: " · ")
        if !line.isEmpty { raw("<p class=\"soft\">\(line.htmlEscaped)</p>") }
        if let text = study.text { markdown(text) }
    }
}
