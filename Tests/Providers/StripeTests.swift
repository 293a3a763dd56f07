import Cryptography
import HTTPClient
import Integrations
import JSON
import Nouns
import Providers
import Records
import StandIns
import Telemetry
import Testing

@Suite struct StripeTests {
    private let standIn: StripeStandIn
    private let stripe: Stripe
    private let access: IntegrationAccess

    init() throws {
        standIn = try StripeStandIn()
        stripe = Stripe(makeClient(), now: { MailRig.now })
        access = makeAccess(
            standIn.service.url, ["account": "acct_1"],
            ["secret_key": standIn.secretKey, "webhook_secret": standIn.webhookSecret])
    }

    private let checkout = CheckoutRequest(
        invoice: "inv_1", amount: Money(amount: 50_000, currency: "EUR"), title: "INV-0001 & more",
        email: nil, successURL: "https://a.test/p/t/paid", cancelURL: "https://a.test/p/t",
        expiresAt: Instant(seconds: 1_767_300_000))

    // MARK: Requests

    @Test func `a checkout is asked for as a form, to the byte`() async throws {
        let opened = try await stripe.open(checkout, key: "chk_1", access, .trial)
        #expect(opened.session == "cs_1" && opened.url == "https://checkout.stripe.test/c/cs_1")
        let request = standIn.service.requests[0]
        #expect(request.method == "POST" && request.target == "/v1/checkout/sessions")
        #expect(request.header("Authorization") == "Bearer sk_test_bureau")
        #expect(request.header("Stripe-Version") == "2026-06-24.dahlia")
        #expect(request.header("Stripe-Account") == "acct_1")
        #expect(request.header("Idempotency-Key") == "chk_1")
        #expect(request.header("Content-Type") == "application/x-www-form-urlencoded")
        #expect(
            request.text
                == "mode=payment&client_reference_id=inv_1&metadata%5Binvoice%5D=inv_1"
                + "&payment_intent_data%5Bmetadata%5D%5Binvoice%5D=inv_1"
                + "&line_items%5B0%5D%5Bprice_data%5D%5Bcurrency%5D=eur"
                + "&line_items%5B0%5D%5Bprice_data%5D%5Bunit_amount%5D=50000"
                + "&line_items%5B0%5D%5Bprice_data%5D%5Bproduct_data%5D%5Bname%5D=INV-0001%20%26%20more"
                + "&line_items%5B0%5D%5Bquantity%5D=1&success_url=https%3A%2F%2Fa.test%2Fp%2Ft%2Fpaid"
                + "&cancel_url=https%3A%2F%2Fa.test%2Fp%2Ft&expires_at=1767300000")
    }

    @Test func `the same key opens one page, however often it is asked`() async throws {
        let first = try await stripe.open(checkout, key: "chk_1", access, .trial)
        #expect(try await stripe.open(checkout, key: "chk_1", access, .trial) == first)
        #expect(standIn.opened == 1)
        _ = try await stripe.open(checkout, key: "chk_2", access, .trial)
        #expect(standIn.opened == 2)
    }

    @Test func `a page is closed once, and one that was paid says so`() async throws {
        let one = try await stripe.open(checkout, key: "1", access, .trial).session
        #expect(try await stripe.state(ofCheckout: one, access, .trial) == .open)
        #expect(try await stripe.close(checkout: one, access, .trial) == .closed)
        #expect(try await stripe.state(ofCheckout: one, access, .trial) == .closed)
        let two = try await stripe.open(checkout, key: "2", access, .trial).session
        _ = standIn.pay(two)
        let paid = ReceivedPayment(
            session: two, intent: "pi_\(two)", invoice: "inv_1",
            amount: Money(amount: 50_000, currency: "EUR"),
            payer: "Ann Example")
        #expect(try await stripe.close(checkout: two, access, .trial) == .paid(paid))
    }

    @Test func `money is given back once for each key, and what it comes to is told`() async throws {
        let session = try await stripe.open(checkout, key: "1", access, .trial).session
        _ = standIn.pay(session)
        let request = RefundRequest(intent: "pi_\(session)", amount: Money(amount: 20_000, currency: "EUR"))
        let receipt = try await stripe.refund(request, key: "ref_1", access, .trial)
        #expect(receipt == RefundReceipt(id: "re_1", refunded: 20_000))
        #expect(
            try await stripe.refund(request, key: "ref_1", access, .trial) == receipt
                && standIn.refunded == 20_000)
        #expect(try await stripe.refund(request, key: "ref_2", access, .trial).refunded == 40_000)
        let failure = await failure {
            try await self.stripe.refund(request, key: "ref_3", self.access, .trial)
        }
        guard case .refused("charge_already_refunded", let detail) = failure else {
            Issue.record("\(String(describing: failure))")
            return
        }
        #expect(detail.contains("req_standin"), "whom to name to the service's people")
    }

    @Test func `a refund whose answer is lost is found by its key`() async throws {
        let session = try await stripe.open(checkout, key: "1", access, .trial).session
        _ = standIn.pay(session)
        let request = RefundRequest(intent: "pi_\(session)", amount: Money(amount: 20_000, currency: "EUR"))
        _ = try await stripe.refund(request, key: "ref_1", access, .trial)
        standIn.service.next(.answer(500, #"{"error":{"type":"api_error","message":"Sorry."}}"#))
        #expect(
            try await stripe.refund(request, key: "ref_1", access, .trial).id == "re_1"
                && standIn.refunded == 20_000)
        standIn.service.next(.answer(500, #"{"error":{"type":"api_error","message":"Sorry."}}"#))
        let failure = await failure {
            try await self.stripe.refund(request, key: "ref_2", self.access, .trial)
        }
        #expect(failure == .later(code: "api_error", detail: "Sorry.", after: nil))
        #expect(standIn.refunded == 20_000)
    }

    @Test(arguments: [
        (400, nil, "refused"), (402, nil, "refused"), (404, nil, "refused"), (401, nil, "account"),
        (409, nil, "later"), (429, nil, "later"), (409, "false", "refused"), (400, "true", "later"),
        (503, "false", "refused"),
    ])
    func `its header says better than the status whether to ask again`(
        _ status: Int, _ header: String?, _ expected: String
    ) async throws {
        let headers = header.map { [("Stripe-Should-Retry", $0)] } ?? []
        standIn.service.next(
            .answer(
                StripeStandIn.failure(
                    status, "invalid_request_error", "No.", code: "some_code", headers: headers)))
        let failure = await failure {
            try await self.stripe.open(self.checkout, key: "1", self.access, .trial)
        }
        let name =
            switch failure {
            case .refused?: "refused"
            case .account?: "account"
            case .later?: "later"
            case nil: "none"
            }
        #expect(name == expected && failure?.code == "some_code" && failure?.detail == "No. (req_standin)")
    }

    @Test func `a failure that would be answered again to the same key asks for another one`() async throws {
        standIn.service.next(.answer(StripeStandIn.failure(500, "api_error", "Sorry.")))
        let failure = await failure {
            try await self.stripe.open(self.checkout, key: "1", self.access, .trial)
        }
        #expect(failure == .refused(code: "api_error", detail: "Sorry. (req_standin)"))
    }

    @Test func `a connection that ends is no answer`() async throws {
        standIn.service.next(.cutAfter, .cutWithin(.init(200, #"{"id":"cs_9""#)))
        for _ in 0..<2 {
            let failure = await failure {
                try await self.stripe.open(self.checkout, key: "1", self.access, .trial)
            }
            guard case .later? = failure else {
                Issue.record("\(String(describing: failure))")
                return
            }
        }
        #expect(try await stripe.open(checkout, key: "1", access, .trial).session == "cs_1")
    }

    @Test func `a restricted key that may not do it lacks a permission, which the words name`() async throws {
        func no() -> ServiceStandIn.Turn {
            .answer(
                StripeStandIn.failure(
                    403, "invalid_request_error", "It needs rak_checkout_session_write.", code: "some_code"))
        }
        standIn.service.next(no(), no())
        let failure = await failure {
            try await self.stripe.open(self.checkout, key: "1", self.access, .trial)
        }
        guard case .account("permission_missing", let detail)? = failure else {
            Issue.record("\(String(describing: failure))")
            return
        }
        #expect(detail.contains("rak_checkout_session_write") && detail.contains("req_standin"))
        guard case .bad("permission_missing", let said) = await stripe.check(access) else {
            Issue.record("it is bad")
            return
        }
        #expect(said == "The credentials lack a permission: It needs rak_checkout_session_write.")
    }

    /// Returns access by a key in an integration that is live, or for tests.
    private func placed(in environment: Integration.Environment) -> IntegrationAccess {
        IntegrationAccess(
            integrationID: integrationID, baseURL: access.baseURL, settings: access.settings,
            credentials: access.credentials, environment: environment)
    }

    @Test(
        arguments: [
            (Integration.Environment.live, true, "good"), (.test, false, "good"),
            (.live, false, "doubtful stripe_test_key"), (.test, true, "doubtful stripe_live_key"),
        ] as [(Integration.Environment, Bool, String)])
    func `a key of the other mode works, but not as it is meant to`(
        _ environment: Integration.Environment, _ isLive: Bool, _ verdict: String
    ) async {
        standIn.service.next(.answer(200, #"{"object":"balance","livemode":\#(isLive)}"#))
        #expect(await stripe.check(placed(in: environment)).verdict == verdict)
    }

    @Test func `a key is tried without doing anything`() async throws {
        guard case .good(let words) = await stripe.check(placed(in: .test)) else {
            Issue.record("it is good")
            return
        }
        #expect(words.contains("tests") && standIn.service.requests[0].target == "/v1/balance")
        let other = makeAccess(standIn.service.url, [:], ["secret_key": "sk_other"])
        guard case .bad("stripe_401", _) = await stripe.check(other) else {
            Issue.record("it is bad")
            return
        }
    }

    private func failure<T>(_ body: () async throws -> T) async -> PaymentFailure? {
        do {
            _ = try await body()
            return nil
        } catch {
            return error as? PaymentFailure
        }
    }

    // MARK: Door

    private func open(_ hook: StandInHook, at seconds: Int64, secret: String? = nil) throws -> [HookItem] {
        let access = makeAccess(
            "", [:], ["secret_key": standIn.secretKey, "webhook_secret": secret ?? standIn.webhookSecret])
        return try stripe.open(
            HookRequest(
                headers: hook.headers, body: hook.body, now: Instant(seconds: seconds), access: access))
    }

    /// As the service's own documentation has it signed.
    @Test func `the published example is let in, for five minutes either way`() throws {
        let body =
            #"{"id":"evt_1","object":"event","api_version":"2026-06-24.dahlia","created":1767225600,"#
            + #""type":"invoice.paid","data":{"object":{"id":"in_1","object":"invoice"}},"livemode":false}"#
        let signature = "eba0cb64de103bbba96721f044eddbbe8a8288c537717dab90c39d7daf402074"
        let hook = StandInHook([("Stripe-Signature", "t=1767225600,v1=\(signature)")], Array(body.utf8))
        for offset: Int64 in [0, 300, -300] {
            let items = try open(hook, at: 1_767_225_600 + offset)
            #expect(items.count == 1 && items[0].key == "evt_1" && items[0].type == "invoice.paid")
        }
        for offset: Int64 in [301, -301] {
            #expect(throws: HookRefusal.self) { try open(hook, at: 1_767_225_600 + offset) }
        }
    }

    @Test
    func `any of several signatures may be ours; other schemes, other bodies and no secret are refused`()
        throws
    {
        let now: Int64 = 1_767_225_600
        let rolled = standIn.event("x.y", [:], id: "evt_2", at: now, older: "whsec_older")
        #expect(try open(rolled, at: now).count == 1)
        #expect(try open(rolled, at: now, secret: "whsec_older").count == 1)
        #expect(throws: HookRefusal.self) { try open(rolled, at: now, secret: "whsec_other") }
        #expect(throws: HookRefusal.self) { try open(rolled, at: now, secret: "") }
        var altered = rolled
        altered.body.append(0x20)
        #expect(throws: HookRefusal.self) { try open(altered, at: now) }
        let header = rolled.headers[1].value
        for wrong in [
            "", "t=\(now)", "v1=00", header.replacing("v1=", with: "v0="),
            header.replacing("t=", with: "t=1"),
        ] {
            let hook = StandInHook([("Stripe-Signature", wrong)], rolled.body)
            #expect(throws: HookRefusal.self, "\(wrong)") { try open(hook, at: now) }
        }
        #expect(throws: HookRefusal.self) { try open(StandInHook([], rolled.body), at: now) }
        let thin = standIn.sign(
            Array(#"{"id":"evt_3","object":"v2.core.event","type":"v1.x"}"#.utf8), at: now)
        #expect(throws: HookRefusal.self) { try open(thin, at: now) }
    }

    // MARK: Events

    private func read(
        _ type: String, _ object: JSON, livemode: Bool = false, key: String = "sk_test_1"
    ) -> PaymentEvent? {
        let payload: JSON = ["data": ["object": object], "livemode": .bool(livemode)]
        let receipt = HookReceipt(
            HookItem(key: "evt", type: type, payload: payload), id: .unset, integrationID: integrationID,
            provider: "stripe", at: MailRig.now)
        return stripe.read(receipt, makeAccess("", [:], ["secret_key": key]))
    }

    @Test func `what it tells is understood`() {
        let session: JSON = [
            "id": "cs_1", "payment_status": "paid", "client_reference_id": "inv_1", "amount_total": 700,
            "currency": "usd", "payment_intent": "pi_1",
        ]
        let paid = ReceivedPayment(
            session: "cs_1", intent: "pi_1", invoice: "inv_1", amount: Money(amount: 700, currency: "USD"),
            payer: nil)
        for type in ["checkout.session.completed", "checkout.session.async_payment_succeeded"] {
            #expect(read(type, session) == .paid(paid))
        }
        for status: JSON in ["unpaid", "no_payment_required"] {
            let event = read("checkout.session.completed", session.merging(["payment_status": status]))
            #expect(event == .noted("the payment is not paid yet"))
        }
        #expect(read("checkout.session.expired", session) == .closed(session: "cs_1"))
        #expect(
            read("charge.refunded", ["payment_intent": "pi_1", "amount_refunded": 300, "currency": "usd"])
                == .refunded(intent: "pi_1", total: Money(amount: 300, currency: "USD")))
        let intent: JSON = [
            "id": "pi_1", "amount_received": 700, "currency": "usd", "metadata": ["invoice": "inv_1"],
        ]
        guard case .paid(let received)? = read("payment_intent.succeeded", intent) else {
            Issue.record("it is paid")
            return
        }
        #expect(received.intent == "pi_1" && received.invoice == "inv_1" && received.session == nil)
        #expect(read("customer.created", ["id": "cus_1"]) == nil)
    }

    @Test func `test and live are kept apart`() {
        let session: JSON = [
            "id": "cs_1", "payment_status": "paid", "amount_total": 1, "currency": "usd",
            "payment_intent": "pi_1",
        ]
        func isTaken(_ livemode: Bool, _ key: String) -> Bool {
            if case .paid? = read("checkout.session.completed", session, livemode: livemode, key: key) {
                true
            } else {
                false
            }
        }
        #expect(isTaken(false, "sk_test_1") && isTaken(true, "sk_live_1") && isTaken(true, "rk_live_1"))
        #expect(!isTaken(true, "sk_test_1") && !isTaken(false, "sk_live_1") && isTaken(false, "sk_test"))
    }
}
