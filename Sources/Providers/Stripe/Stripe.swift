package import Agents
package import HTTPClient
package import Integrations
internal import JSON
internal import Records
package import Telemetry

/// Stripe, by its hosted checkout: https://docs.stripe.com/api
package struct Stripe: Payments {
    package let name = "stripe"
    package let title = "Stripe"
    package let capabilities: Set<Capability> = [.payments]
    package let credentials = [
        CredentialField("secret_key", "A secret or restricted key: sk_… or rk_…"),
        CredentialField(
            "webhook_secret", required: false, provesHooks: true,
            "The signing secret of the webhook endpoint: whsec_…"),
    ]
    package let settings = [
        SettingField("account", .text(max: 100), "The connected account on whose behalf it works: acct_…")
    ]
    package let baseURL: String? = "https://api.stripe.com"
    package var endpoint: (any HookEndpoint)? { self }

    /// Its answers keep the form of this version, whatever comes after.
    static let version = "2026-06-24.dahlia"

    let service: MailService

    /// `now` is real time: limits are given as moments.
    package init(
        _ outbound: HTTPClient, now: @escaping @Sendable () -> Instant, deadline: Duration = .seconds(30)
    ) {
        service = MailService(name: "stripe", outbound: outbound, now: now, deadline: deadline)
    }

    // MARK: Checkouts

    package func open(
        _ checkout: CheckoutRequest, key: String, _ access: IntegrationAccess, _ permit: Permit
    ) async throws(PaymentFailure) -> OpenedCheckout {
        var form = StripeForm()
        form.add("mode", "payment")
        form.add("client_reference_id", checkout.invoice)
        form.add("metadata[invoice]", checkout.invoice)
        // A session's metadata is not copied to its payment.
        form.add("payment_intent_data[metadata][invoice]", checkout.invoice)
        form.add("line_items[0][price_data][currency]", checkout.amount.currency.lowercased())
        form.add("line_items[0][price_data][unit_amount]", String(checkout.amount.amount))
        form.add("line_items[0][price_data][product_data][name]", checkout.title)
        form.add("line_items[0][quantity]", "1")
        if let email = checkout.email { form.add("customer_email", email) }
        form.add("success_url", checkout.successURL)
        form.add("cancel_url", checkout.cancelURL)
        form.add("expires_at", String(checkout.expiresAt.seconds))
        let answer: JSON
        do throws(PaymentFailure) {
            answer = try await post("/v1/checkout/sessions", form, key: key, access, permit)
        } catch .later(let code, let detail, _) where Self.isStored(code) {
            // Stripe answers a repeated key alike for a day, so the next attempt takes another one.
            throw .refused(code: code, detail: detail)
        }
        guard let session = answer["id"]?.words, let url = answer["url"]?.words, url.hasPrefix("http") else {
            throw .refused(code: "stripe_unreadable", detail: "Stripe's answer has no payment page.")
        }
        permit.reach.note(fields: answer.object?.members.map(\.key) ?? [])
        return OpenedCheckout(session: session, url: url)
    }

    package func close(
        checkout session: String, _ access: IntegrationAccess, _ permit: Permit
    ) async throws(PaymentFailure) -> CheckoutState {
        let path = "/v1/checkout/sessions/\(session.percentEncoded)/expire"
        do throws(PaymentFailure) {
            let answer = try await post(path, StripeForm(), key: "expire_\(session)", access, permit)
            guard answer["status"]?.text == "expired" else {
                throw Self.unreadable("Stripe's answer does not say that the page is closed.")
            }
            return .closed
        } catch {
            // It was paid, or has ended by itself: only an open one can be closed.
            guard case .refused = error else { throw error }
            let state = try await state(ofCheckout: session, access, permit)
            if state == .open { throw error }
            return state
        }
    }

    package func state(
        ofCheckout session: String, _ access: IntegrationAccess, _ permit: Permit
    ) async throws(PaymentFailure) -> CheckoutState {
        let answer = try await get("/v1/checkout/sessions/\(session.percentEncoded)", access, permit)
        if let received = Self.received(answer) { return .paid(received) }
        // A payment that cannot be read must not count as unpaid.
        let isUnpaid = ["unpaid", "no_payment_required"].contains(answer["payment_status"]?.text)
        switch answer["status"]?.text {
        case "open"? where isUnpaid: return .open
        case "complete"? where isUnpaid, "expired"? where isUnpaid: return .closed
        default: throw Self.unreadable("Stripe's answer does not say what became of the page.")
        }
    }

    /// An answer that lacks what such answers always have: what was asked for may have been done.
    private static func unreadable(_ detail: String) -> PaymentFailure {
        .later(code: "stripe_unreadable", detail: detail, after: nil)
    }

    /// Failures of its own are answered once more to the same key, as they were.
    private static func isStored(_ code: String) -> Bool { code == "api_error" || code.hasPrefix("stripe_5") }

    // MARK: Refunds

    package func refund(
        _ refund: RefundRequest, key: String, _ access: IntegrationAccess, _ permit: Permit
    ) async throws(PaymentFailure) -> RefundReceipt {
        var form = StripeForm()
        form.add("payment_intent", refund.intent)
        form.add("amount", String(refund.amount.amount))
        form.add("metadata[refund]", key)
        form.add("expand[]", "charge")
        do throws(PaymentFailure) {
            return try Self.receipt(await post("/v1/refunds", form, key: key, access, permit))
        } catch {
            // The outcome is not known, and the key would get this answer again for a day.
            guard case .later = error,
                let made = try await find(refund: key, of: refund.intent, access, permit)
            else {
                throw error
            }
            return made
        }
    }

    private func find(
        refund key: String, of intent: String, _ access: IntegrationAccess, _ permit: Permit
    ) async throws(PaymentFailure) -> RefundReceipt? {
        let list = try await get(
            "/v1/refunds?payment_intent=\(intent.percentEncoded)&limit=100", access, permit)
        let made = list["data"]?.array?.first {
            $0["metadata"]?["refund"]?.text == key && $0["status"] != "failed"
        }
        guard let made else { return nil }
        return try Self.receipt(made)
    }

    private static func receipt(_ answer: JSON) throws(PaymentFailure) -> RefundReceipt {
        guard let id = answer["id"]?.words, let status = answer["status"]?.words else {
            throw unreadable("Stripe's answer does not say which refund it has made.")
        }
        guard status != "failed", status != "canceled" else {
            throw .refused(
                code: "stripe_refund_\(status)", detail: "Stripe has not made the refund: \(status).")
        }
        return RefundReceipt(id: id, refunded: answer["charge"]?["amount_refunded"]?.int)
    }

    // MARK: Requests

    package func check(_ access: IntegrationAccess) async -> IntegrationCheck {
        await service.check("\(access.baseURL)/v1/balance", headers(access)) { answer in
            guard answer["object"]?.text == "balance", let isLive = answer["livemode"]?.flag else {
                return service.unreadable
            }
            return Self.verdict(onLiveKey: isLive, access.environment)
        }
    }

    /// Test and live are kept apart: with a key of the other mode a client pays with no money, or a test takes some.
    private static func verdict(
        onLiveKey isLive: Bool, _ environment: Integration.Environment
    ) -> IntegrationCheck {
        switch (environment, isLive) {
        case (.live, true): .good("The key is a live one.")
        case (.test, false): .good("The key is one for tests.")
        case (.live, false):
            .doubtful(
                code: "stripe_test_key",
                detail: "The key is one for tests, but the integration is live: nobody pays real money by it."
            )
        case (.test, true):
            .doubtful(
                code: "stripe_live_key",
                detail: "The key is a live one, but the integration is for tests: it would take real money.")
        }
    }

    private func headers(_ access: IntegrationAccess) -> [(name: String, value: String)] {
        var headers = [
            (name: "Authorization", value: "Bearer \(access.credential("secret_key"))"),
            (name: "Stripe-Version", value: Self.version), (name: "Accept", value: "application/json"),
        ]
        if let account = access.setting("account") { headers.append(("Stripe-Account", account)) }
        return headers
    }

    private func post(
        _ path: String, _ form: StripeForm, key: String, _ access: IntegrationAccess, _ permit: Permit
    ) async throws(PaymentFailure) -> JSON {
        let more = [
            (name: "Content-Type", value: "application/x-www-form-urlencoded"),
            (name: "Idempotency-Key", value: key),
        ]
        return try await ask("POST", path, headers(access) + more, form.bytes, access, permit)
    }

    private func get(
        _ path: String, _ access: IntegrationAccess, _ permit: Permit
    ) async throws(PaymentFailure) -> JSON {
        try await ask("GET", path, headers(access), nil, access, permit)
    }

    private func ask(
        _ method: String, _ path: String, _ headers: [(name: String, value: String)], _ body: [UInt8]?,
        _ access: IntegrationAccess, _ permit: Permit
    ) async throws(PaymentFailure) -> JSON {
        let response: HTTPClientResponse
        do {
            var request = HTTPClientRequest(
                method, try OutboundURL(access.baseURL + path), headers: headers, body: body)
            (request.deadline, request.redirectsMax) = (service.deadline, 0)
            request.bodyLimit = .fail(1 << 20)
            permit.reach.note(bytes: body?.count ?? 0)
            response = try await service.outbound.send(request)
            note(response, in: permit.reach)
        } catch let error as HTTPClientError {
            let code = error.code.description
            switch error {
            case .invalidURL, .invalidRequest, .refusedAddress:
                throw .account(code: code, detail: error.description)
            default: throw .later(code: code, detail: error.description, after: nil)
            }
        } catch {
            throw .later(
                code: "cancelled", detail: "The request was interrupted before Stripe had answered.",
                after: nil)
        }
        guard (200..<300).contains(response.status) else { throw failure(response) }
        guard let answer = try? JSONParser.parse(response.body), answer.object != nil else {
            throw .later(
                code: "stripe_unreadable", detail: "The answer is not JSON: check base_url.", after: nil)
        }
        return answer
    }

    private func note(_ response: HTTPClientResponse, in reach: ConnectorCall) {
        reach.note(status: response.status)
        reach.note(bytes: response.body.count)
        guard response.status == 429 else { return }
        var limit = ServiceLimit()
        // It counts by the second, and tells no figures.
        limit.pause = service.pause(after: response) ?? .seconds(1)
        reach.note(limit)
    }

    private func failure(_ response: HTTPClientResponse) -> PaymentFailure {
        let error = (try? JSONParser.parse(response.body))?["error"] ?? .null
        let code = error["code"]?.words ?? error["type"]?.words ?? service.code(response)
        let words = error["message"]?.words ?? service.words(of: response)
        let detail = String((response.header("Request-Id").map { "\(words) (\($0))" } ?? words).prefix(500))
        // A restricted key: the words name the permission.
        if response.status == 403 {
            return .account(
                code: service.refusalCode(response), detail: service.refusalWords(response, detail))
        }
        if response.status == 401 { return .account(code: code, detail: detail) }
        // It knows better than its status tells.
        let mayRetry =
            switch response.header("Stripe-Should-Retry") {
            case "true"?: true
            case "false"?: false
            default: [408, 409, 425, 429].contains(response.status) || response.status >= 500
            }
        return mayRetry
            ? .later(code: code, detail: detail, after: service.pause(after: response))
            : .refused(code: code, detail: detail)
    }
}

/// A form as Stripe reads it, names with brackets.
struct StripeForm {
    private var pairs: [String] = []

    mutating func add(_ name: String, _ value: String) {
        pairs.append("\(name.percentEncoded)=\(value.percentEncoded)")
    }

    var bytes: [UInt8] { Array(pairs.joined(separator: "&").utf8) }
}
