import Foundation
import JSON
import Testing

/// The money of a story and the figures of the dashboards, counted a second time.
extension SellingForWeeks {
    func checkMoney(_ book: SellingBook) throws {
        let (story, owner) = (book.story, book.story.box.owner)
        let deals = Dictionary(uniqueKeysWithValues: try owner.every("/v1/deals").map { ($0.id, $0) })
        let contracts = Dictionary(
            uniqueKeysWithValues: try owner.every("/v1/contracts").map { ($0.text("proposal_id"), $0) })
        let invoices = Dictionary(grouping: try owner.every("/v1/invoices"), by: { $0.text("client_id") })
        var (accepted, declined, signed, billed) = (Set<Int>(), Set<Int>(), Set<Int>(), 0)
        for proposal in try owner.every("/v1/proposals") {
            let number = try #require(story.byContact[proposal.text("contact_id")])
            let person = story.people[number], deal = try #require(deals[proposal.text("deal_id")])
            let needs = Set(person.pains + (deal["needs"]?.array ?? []).map { $0.text("text") })
            let price = QuotedPrice.price(
                of: person, needs: needs.count,
                facesCompetitor: person.manner == .objects && number.isMultiple(of: 2))
            let money: JSON = ["amount": .integer(price), "currency": "USD"]
            #expect(proposal["total"] == money, "\(person) \(proposal)")
            #expect(proposal["status"] != "draft" && deal["value"] == money, "\(deal)")
            if proposal["status"] == "declined" { declined.insert(number) }
            guard proposal["status"] == "accepted" else {
                #expect(contracts[proposal.id] == nil)
                continue
            }
            accepted.insert(number)
            let contract = try #require(contracts[proposal.id])
            #expect(contract["price"] == money)
            guard contract["status"] == "signed" else { continue }
            signed.insert(number)
            #expect(deal["stage"] == "won" && deal["client_id"] == contract["client_id"])
            let own = invoices[contract.text("client_id")] ?? []
            #expect(
                own.map { $0.text("period") }.sorted() == periods(of: contract, story, number), "\(contract)")
            for invoice in own { checkInvoice(invoice, price, story) }
            billed += own.count
        }
        #expect(accepted == story.accepted && declined == story.declined && signed == Set(story.signed.keys))
        #expect(
            signed.count >= 15 && declined.count >= 2, "\(signed.count) signed, \(declined.count) declined")
        let numbers = invoices.values.flatMap(\.self).compactMap { $0["sequence"]?.int }.sorted()
        #expect(numbers == (1...Int64(billed)).map(\.self), "every number once, and none left out")
        let payments = Dictionary(grouping: try owner.every("/v1/payments"), by: { $0.text("invoice_id") })
        #expect(
            payments.mapValues { $0.compactMap { $0["amount"]?["amount"]?.int }.reduce(0, +) } == story.paid)
    }

    private func checkInvoice(_ invoice: JSON, _ price: Int64, _ story: SellingStory) {
        let total = QuotedPrice.withTax(price), paid = story.paid[invoice.id] ?? 0
        func amount(_ name: String) -> Int64? { invoice[name]?["amount"]?.int }
        #expect(amount("subtotal") == price && amount("total") == total, "\(invoice)")
        #expect(amount("paid") == paid && amount("due") == total - paid, "\(invoice)")
        let isLate = invoice.text("due_on") < story.now.day(in: home)
        #expect(
            invoice.text("status") == (paid == total ? "paid" : isLate ? "overdue" : "open"), "\(invoice)")
    }

    /// The months that a client is invoiced for: from the one that it signs in, up to now.
    private func periods(of contract: JSON, _ story: SellingStory, _ number: Int) -> [String] {
        let calendar = calendar(home),
            parts = contract.text("starts_on").split(separator: "-").compactMap { Int($0) }
        guard parts.count == 3, let signedAt = story.signed[number],
            let start = calendar.date(
                from: DateComponents(year: parts[0], month: parts[1], day: parts[2], hour: 6))
        else { return [] }
        let months = (0..<4).compactMap { calendar.date(byAdding: .month, value: $0, to: start) }
        let signedOn = signedAt.day(in: home)
        return zip(months, months.dropFirst()).filter { month, next in
            next.day(in: home) > signedOn && month <= story.now
        }.map { $0.0.day(in: home) }
    }

    func checkDashboards(_ book: SellingBook) throws {
        let owner = book.story.box.owner
        let deals = try owner.every("/v1/deals"), clients = try owner.every("/v1/clients?status=active")
        func worth(_ deals: [JSON]) -> Int64 { deals.compactMap { $0["value"]?["amount"]?.int }.reduce(0, +) }
        func dollars(_ cents: Int64) -> Double { Double(cents) / 100 }
        let board = try owner.get("/api/dashboard/pipeline").ok()
        for stage in board["stages"]?.array ?? [] {
            let own = deals.filter { $0["stage"] == stage["stage"] }
            #expect(
                stage["deals"]?.int == Int64(own.count) && stage["value"]?.double == dollars(worth(own)),
                "\(stage)")
        }
        #expect(
            board["total_deals"]?.int == Int64(deals.count)
                && board["total_value"]?.double == dollars(worth(deals)))
        let overview = try owner.get("/api/dashboard/overview").ok()
        let open = deals.filter { !["won", "lost"].contains($0.text("stage")) }
        #expect(overview["sales"]?["active_deals"]?.int == Int64(open.count))
        #expect(overview["sales"]?["pipeline_value"]?.double == dollars(worth(open)))
        let fees = clients.compactMap { $0["monthly_fee"]?["amount"]?.int }.reduce(0, +)
        #expect(
            clients.count == book.story.signed.count
                && overview["clients"]?["active"]?.int == Int64(clients.count))
        #expect(overview["clients"]?["monthly_revenue"]?.double == dollars(fees))
        let prices = try owner.every("/v1/subscriptions?status=active").compactMap {
            $0["price"]?["amount"]?.int
        }
        #expect(prices.reduce(0, +) == fees)
        let marketing = book.sent.filter(\.isMarketing)
        #expect(overview["outreach"]?["total_sent"]?.int == Int64(marketing.count))
        let answered = marketing.count { !$0.mail.text("replied_at").isEmpty }
        #expect(overview["outreach"]?["total_replies"]?.int == Int64(answered))
        let leads = try owner.every("/v1/leads")
        let qualified = leads.count { !$0.text("qualified_at").isEmpty }
        #expect(overview["leads"]?["total"]?.int == Int64(leads.count))
        #expect(overview["leads"]?["qualified"]?.int == Int64(qualified))
    }
}
