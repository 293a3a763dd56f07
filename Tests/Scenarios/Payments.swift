import Foundation
import JSON
import StandIns
import TestRandomness
import Testing

@Suite(.ownThread) struct Payments {
    let server = BureauProcess.shared

    @Test func `by hand: part and rest make it paid, and twice at once counts once`() throws {
        let owner = try server.quietAgency().owner, invoice = try owner.invoice(try owner.makeClient())
        let part = try owner.pay(invoice, 20_000, ["method": "bank_transfer", "payer": "Example"]).ok(201)
        #expect(part.text("status") == "succeeded" && !part.text("received_on").isEmpty)
        #expect(try owner.invoice(invoice.id).text("status") == "open")
        try owner.pay(invoice, 30_001).problem(422, "overpaid")
        let statuses = try together(6) { _ in try server.caller(owner.token).pay(invoice, 30_000).status }
        #expect(statuses.sorted() == [201, 422, 422, 422, 422, 422])
        let paid = try owner.invoice(invoice.id)
        #expect(paid.text("status") == "paid" && paid.cents("due") == 0 && paid["paid_at"] != .null)
        #expect(try owner.told("invoice.paid", of: invoice.id) == ["invoice.paid"])
        #expect(try owner.pay(invoice, 0).faults() == ["/amount/amount": "out_of_range"])
        let euros: JSONObject = ["amount": ["amount": 1, "currency": "EUR"]]
        #expect(try owner.pay(invoice, 1, euros).faults() == ["/amount/currency": "invalid_currency"])
        try owner.pay(try owner.draft(try owner.makeClient()), 1).problem(409)

        // Given back, it is owed again.
        try owner.post("/v1/payments/\(part.id)/refund", ["amount": cents(20_001)]).problem(
            422, "overrefunded")
        let refunds = try together(4) { _ in
            try server.caller(owner.token).post("/v1/payments/\(part.id)/refund").status
        }
        #expect(refunds.sorted() == [200, 409, 409, 409])
        let open = try owner.invoice(invoice.id)
        #expect(open.text("status") == "open" && open.cents("due") == 20_000 && open["paid_at"] == .null)
        #expect(try owner.every("/v1/payments?status=refunded").map(\.id) == [part.id])
    }

    // MARK: Stripe

    private struct Shop {
        let owner: Caller
        let stripe: StripeStandIn
        let door: String
        let client: JSON

        init(_ server: BureauProcess) throws {
            let (owner, stripe) = (try server.quietAgency().owner, try StripeStandIn())
            let made = try owner.post(
                "/v1/integrations",
                [
                    "provider": "stripe", "capability": "payments",
                    "settings": ["base_url": .string(stripe.service.url)],
                    "credentials": [
                        "secret_key": .string(stripe.secretKey),
                        "webhook_secret": .string(stripe.webhookSecret),
                    ],
                ]
            ).ok(201)
            (self.owner, self.stripe, door) = (owner, stripe, made.text("hook_url"))
            client = try owner.makeClient()
        }

        @discardableResult
        func tell(_ type: String, _ object: JSON, _ id: String) throws -> Answer {
            let seconds = Int64(Date().timeIntervalSince1970)
            let hook = stripe.event(type, object, id: id, at: seconds)
            let headers = Dictionary(hook.headers.map { ($0.name, $0.value) }) { first, _ in first }
            return try owner.server.anonymous.request("POST", door, raw: hook.body, headers: headers)
        }

        /// The receipt of an event, once it is worked on.
        func receipt(_ key: String) throws -> JSON {
            try eventually("the receipt of \(key)") {
                try owner.every("/v1/hook-receipts").first {
                    $0.text("key") == key && $0.text("status") != "received"
                }
            }
        }

        func path(_ invoice: JSON) -> String {
            let url = invoice.text("public_url")
            return "/p/" + (url.range(of: "/p/").map { String(url[$0.upperBound...]) } ?? "")
        }

        func session(_ url: String) -> String { url.split(separator: "/").last.map(String.init) ?? "" }
    }

    @Test func `a client pays on the service's page, once`() throws {
        let shop = try Shop(server), owner = shop.owner, visitor = server.anonymous
        let invoice = try owner.invoice(shop.client), path = shop.path(invoice)
        let page = try visitor.get(path, ["Accept": "text/html"])
        #expect(page.text.contains("action=\"\(path)/pay\"") && page.text.contains("$500.00"))
        #expect(page.header("Content-Security-Policy")?.contains("form-action 'self' https:") == true)
        #expect(shop.stripe.opened == 0, "looking opens nothing")
        // Six at once are led to one page.
        let urls = try together(6) { _ in try server.anonymous.post(path + "/pay").json.text("url") }
        #expect(Set(urls).count == 1 && shop.stripe.opened == 1, "\(urls)")
        let form = try visitor.request(
            "POST", path + "/pay", raw: [],
            headers: ["Accept": "text/html", "Content-Type": "application/x-www-form-urlencoded"])
        #expect(form.status == 303 && form.header("Location") == urls[0])
        let session = try #require(shop.stripe.pay(shop.session(urls[0])))
        #expect(session["client_reference_id"]?.text == invoice.id && session["amount_total"] == 50_000)
        #expect(try visitor.get(path + "/paid").text.contains("on its way"))
        try shop.tell(
            "payment_intent.succeeded",
            [
                "id": session["payment_intent"] ?? .null, "amount_received": 50_000, "currency": "usd",
                "metadata": ["invoice": .string(invoice.id)],
            ], "evt_intent"
        ).ok()
        try eventuallyTrue("it is paid") { try owner.invoice(invoice.id).text("status") == "paid" }
        for key in ["evt_1", "evt_2"] { try shop.tell("checkout.session.completed", session, key).ok() }
        #expect(try shop.receipt("evt_2").text("status") == "processed")
        _ = try shop.receipt("evt_1")
        let payments = try owner.every("/v1/payments")
        #expect(payments.count == 1 && payments[0].text("method") == "stripe", "\(payments)")
        #expect(
            payments[0]["checkout_session"] == session["id"] && payments[0].text("invoice_id") == invoice.id)
        #expect(try visitor.get(path + "/paid").text.contains("It is paid"))
        try visitor.post(path + "/pay").problem(409)
        #expect(try owner.told("invoice.paid") == ["invoice.paid"])
    }

    @Test func `nobody pays twice: a second payment is told, and given back`() throws {
        let shop = try Shop(server), owner = shop.owner
        let invoice = try owner.invoice(shop.client)
        let url = try server.anonymous.post(shop.path(invoice) + "/pay").ok().text("url")
        let session = try #require(shop.stripe.pay(shop.session(url)))
        // By transfer, while the client was paying by card.
        try owner.pay(invoice, 50_000).ok(201)
        try shop.tell("checkout.session.completed", session, "evt_1").ok()
        let unapplied = try eventually("the unapplied payment") {
            try owner.every("/v1/payments?status=unapplied").first
        }
        #expect(unapplied["invoice_id"] == .null && unapplied.text("meant_for") == invoice.id)
        #expect(try owner.invoice(invoice.id).cents("paid") == 50_000)
        let alert = try #require(
            try owner.every("/v1/alerts").first { $0.text("kind") == "payment_unapplied" })
        #expect(alert.text("recommended_action").contains("Refund the payment"))
        let asked = try owner.post("/v1/payments/\(unapplied.id)/refund").ok()
        #expect(asked.cents("refunding") == 50_000)
        try eventuallyTrue("it is given back") {
            try owner.get("/v1/payments/\(unapplied.id)").ok().text("status") == "refunded"
        }
        #expect(shop.stripe.refunded == 50_000)
        let now = try owner.get("/v1/alerts/\(alert.id)")
        #expect(now.json["resolved_at"] != .null)
        #expect(try owner.invoice(invoice.id).text("status") == "paid")
    }

    @Test func `what does not match what is due is not taken for it`() throws {
        let shop = try Shop(server), owner = shop.owner
        let invoice = try owner.invoice(shop.client)
        func session(_ id: String, _ more: JSON) -> JSON {
            let whole: JSON = [
                "id": .string(id), "payment_status": "paid", "client_reference_id": .string(invoice.id),
                "amount_total": 50_000, "currency": "usd", "payment_intent": .string("pi_\(id)"),
            ]
            return whole.merging(more)
        }
        let odd: [(JSON, String)] = [
            (session("cs_a", ["currency": "eur"]), "processed"),
            (session("cs_b", ["amount_total": 50_001]), "processed"),
            (session("cs_c", ["amount_total": 1]), "processed"),
            (session("cs_d", ["payment_status": "unpaid"]), "ignored"),
            (session("cs_e", ["client_reference_id": "inv_00000000000000000000000000"]), "ignored"),
            (session("cs_f", ["client_reference_id": nil]), "ignored"),
        ]
        for (index, (object, status)) in odd.enumerated() {
            try shop.tell("checkout.session.completed", object, "evt_\(index)").ok()
            #expect(try shop.receipt("evt_\(index)").text("status") == status, "\(object.serialized)")
        }
        #expect(try owner.invoice(invoice.id).cents("due") == 50_000)
        #expect(
            try owner.every("/v1/payments").map { $0.text("status") } == [
                "unapplied", "unapplied", "unapplied",
            ])
        #expect(try owner.every("/v1/payments?invoice_id=\(invoice.id)").isEmpty)
    }

    @Test func `a page over another amount, or of a paid invoice, is closed`() throws {
        let shop = try Shop(server), owner = shop.owner
        let invoice = try owner.invoice(shop.client), path = shop.path(invoice)
        let first = try server.anonymous.post(path + "/pay").ok().text("url")
        try owner.pay(invoice, 20_000).ok(201)
        try eventuallyTrue("the first page is closed") {
            shop.stripe.status(of: shop.session(first)) == "expired"
        }
        let second = try server.anonymous.post(path + "/pay").ok().text("url")
        #expect(second != first && shop.stripe.opened == 2)
        try owner.pay(invoice, 30_000).ok(201)
        try eventuallyTrue("the second page is closed") {
            shop.stripe.status(of: shop.session(second)) == "expired"
        }
    }

    @Test func `an answer that is lost opens no second page`() throws {
        let shop = try Shop(server), owner = shop.owner
        let path = shop.path(try owner.invoice(shop.client))
        shop.stripe.service.next(.cutAfter)
        try server.anonymous.post(path + "/pay").problem(503, "unavailable")
        let url = try server.anonymous.post(path + "/pay").ok().text("url")
        #expect(shop.stripe.opened == 1 && shop.session(url) == "cs_1")
        let keys = shop.stripe.service.requests.compactMap { $0.header("Idempotency-Key") }
        #expect(keys.count == 2 && keys[0] == keys[1])
    }

    @Test func `refunds go back the way the money came, whoever makes them`() throws {
        let shop = try Shop(server), owner = shop.owner
        let invoice = try owner.invoice(shop.client)
        let url = try server.anonymous.post(shop.path(invoice) + "/pay").ok().text("url")
        let session = try #require(shop.stripe.pay(shop.session(url)))
        try shop.tell("checkout.session.completed", session, "evt_1").ok()
        let payment = try eventually("the payment") { try owner.every("/v1/payments").first }
        shop.stripe.service.next(.answer(StripeStandIn.failure(429, "invalid_request_error", "Slower.")))
        try owner.post("/v1/payments/\(payment.id)/refund", ["amount": cents(10_000)]).ok()
        func now() throws -> JSON { try owner.get("/v1/payments/\(payment.id)").ok() }
        try eventuallyTrue("the refund") { try now().cents("refunded") == 10_000 }
        #expect(try now().text("status") == "partially_refunded" && now().cents("refunding") == 0)
        let charge: JSON = ["payment_intent": session["payment_intent"] ?? .null, "currency": "usd"]
        // That refund once more, as the service tells of it, and another one that was made there.
        try shop.tell("charge.refunded", charge.merging(["amount_refunded": 10_000]), "evt_2").ok()
        _ = try shop.receipt("evt_2")
        #expect(try now().cents("refunded") == 10_000)
        try shop.tell("charge.refunded", charge.merging(["amount_refunded": 15_000]), "evt_3").ok()
        _ = try shop.receipt("evt_3")
        #expect(try now().cents("refunded") == 15_000)
        let open = try owner.invoice(invoice.id)
        #expect(open.text("status") == "open" && open.cents("due") == 15_000)
        // A refusal of the service is told, and the refund can be asked for again.
        shop.stripe.service.next(.answer(StripeStandIn.failure(400, "invalid_request_error", "No.")))
        try owner.post("/v1/payments/\(payment.id)/refund").ok()
        try eventuallyTrue("the alert") {
            try owner.every("/v1/alerts").contains { $0.text("kind") == "refund_failed" }
        }
        #expect(try now().cents("refunding") == 0 && now().cents("refunded") == 15_000)
        #expect(shop.stripe.refunded == 10_000)
    }

    // MARK: Statements

    @Test func `a bank's statement pays the invoices that it names, once`() throws {
        let owner = try server.quietAgency().owner, client = try owner.makeClient()
        let invoices = try (1...5).map { try owner.invoice(client, [item(Int64($0) * 1000)]) }
        func importing(_ text: String) throws -> JSON {
            try owner.post("/v1/payments/import", raw: Array(text.utf8), type: "text/csv").ok()
        }
        let statement = """
            Date;Amount;Reference;Payer\r
            2027-03-01;10,00;"Invoice INV-0001; thanks";Example GmbH\r
            02.03.2027;10,00;inv 0002 first part;Example GmbH\r
            03.03.2027;10,00;inv 0002 first part;Example GmbH\r
            04.03.2027;90,00;INV-0003 INV-0004 and more;Example GmbH\r
            05.03.2027;70,00;INV-0003/INV-0004;Example GmbH\r
            06.03.2027;50,00;for your work;Example GmbH\r
            07.03.2027;-12,00;Rent;Landlord\r
            08.03.2027;soon;INV-0005;Example GmbH\r
            09.03.2027;60,00;INV-0005;Example GmbH\r
            31.02.2027;50,00;INV-0005;Example GmbH\r

            """
        let first = try importing(statement)
        let matched = first["matched"]?.array ?? []
        #expect(
            matched.map { $0.text("number") } == ["INV-0001", "INV-0002", "INV-0002", "INV-0003", "INV-0004"])
        let left = (first["unmatched"]?.array ?? []).map { "\($0["line"]?.int ?? 0) \($0.text("code"))" }
        #expect(
            left == [
                "5 ambiguous", "7 unknown_number", "9 invalid_amount", "10 overpaid", "11 invalid_date",
            ])
        #expect(first["unmatched"]?[1].text("likely_invoice_id") == invoices[4].id && first["outgoing"] == 1)
        let statuses = try invoices.map { try owner.invoice($0.id).text("status") }
        #expect(statuses == ["paid", "paid", "paid", "paid", "open"])
        let again = try importing(statement)
        #expect(again["known"] == 4 && again["matched"] == [])
        #expect(try owner.every("/v1/payments").count == 5)
        #expect(
            try owner.every("/v1/payments?received_on=2027-03-02").map { $0.text("payer") } == [
                "Example GmbH"
            ])
        try owner.post("/v1/payments/import", raw: Array("a,b\n1,2".utf8), type: "text/csv")
            .problem(422, "invalid_statement")
    }

    // MARK: Sums

    /// The sums agree, nothing is negative, and nothing is paid twice, whatever is billed, paid, credited and
    /// given back.
    @Test(arguments: [1, 2, 3] as [UInt64])
    func `in any order, the sums agree`(seed: UInt64) throws {
        var random = SeededGenerator(seed)
        let owner = try server.quietAgency().owner, client = try owner.makeClient()
        try owner.billing(["tax_name": "VAT", "tax_rate": JSON(Int.random(in: 0...2500, using: &random))])
        let invoices = try (0..<3).map { _ in
            let items = (0..<Int.random(in: 1...3, using: &random)).map { _ in
                item(Int64.random(in: 1...9999, using: &random), Int64.random(in: 1...9, using: &random))
            }
            return try owner.invoice(client, items)
        }
        for _ in 0..<60 {
            let invoice = invoices.randomElement(using: &random)!
            let now = try owner.invoice(invoice.id)
            let some = Int64.random(in: 1...max(1, now.cents("total")! / 2), using: &random)
            let answer: Answer
            switch Int.random(in: 0..<10, using: &random) {
            case 0..<5: answer = try owner.pay(invoice, some)
            case 5..<7:
                guard
                    let payment = try owner.every("/v1/payments?invoice_id=\(invoice.id)").randomElement(
                        using: &random)
                else { continue }
                answer = try owner.post("/v1/payments/\(payment.id)/refund", ["amount": cents(some)])
            case 7..<9:
                answer = try owner.post("/v1/invoices/\(invoice.id)/credit", ["items": [item(some / 3 + 1)]])
            default: answer = try owner.post("/v1/invoices/\(invoice.id)/void")
            }
            #expect([200, 201, 409, 422].contains(answer.status), "\(answer)")
            try check(invoice.id, owner)
        }
        let numbers = try owner.every("/v1/invoices").compactMap { $0["sequence"]?.int }.sorted()
        #expect(numbers == Array(1...Int64(numbers.count)))
    }

    private func check(_ id: String, _ owner: Caller) throws {
        let invoice = try owner.invoice(id)
        func amount(_ name: String) -> Int64 { invoice.cents(name) ?? -1 }
        let payments = try owner.every("/v1/payments?invoice_id=\(id)")
        let kept = payments.reduce(0) { $0 + $1.cents("amount")! - $1.cents("refunded")! }
        let notes = try owner.every("/v1/invoices?credit_of=\(id)")
        #expect(amount("paid") == kept && amount("credited") == notes.reduce(0) { $0 + $1.cents("total")! })
        #expect(
            amount("total") == amount("subtotal") + amount("tax_amount")
                && amount("credited") <= amount("total"))
        let rest = amount("total") - amount("credited") - amount("paid")
        let isVoid = invoice.text("status") == "void"
        #expect(amount("due") == (isVoid ? 0 : max(0, rest)) && amount("owed") == max(0, isVoid ? 0 : -rest))
        #expect(
            (amount("due") == 0 && !isVoid) == (invoice.text("status") == "paid"), "\(invoice.serialized)")
        for name in ["subtotal", "tax_amount", "total", "paid", "credited", "due", "owed"] {
            #expect(amount(name) >= 0, "\(name)")
        }
        for payment in payments { #expect(payment.cents("refunded")! <= payment.cents("amount")!) }
    }
}
