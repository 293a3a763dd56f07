internal import Cryptography
package import Integrations
internal import JSON
internal import Records
internal import Telemetry

/// Events, signed over their bytes with the time: https://docs.stripe.com/webhooks
extension Stripe: HookEndpoint {
    private static let tolerance: Duration = .seconds(300)
    /// Signatures of one header that are looked at.
    private static let signaturesMax = 10

    package func open(_ request: HookRequest) throws(HookRefusal) -> [HookItem] {
        try verify(request)
        guard let event = try? JSONParser.parse(request.body), let id = event["id"]?.words,
            let type = event["type"]?.words
        else { throw .malformed("The body is not an event.") }
        guard event["object"]?.text == "event" else {
            throw .malformed("Only snapshot events are understood: create the endpoint without thin events.")
        }
        return [HookItem(key: hookKey(id), type: hookType(type), payload: event, text: request.body)]
    }

    private func verify(_ request: HookRequest) throws(HookRefusal) {
        guard let header = request.header("Stripe-Signature") else {
            throw .forged("The header Stripe-Signature is needed.")
        }
        let secret = request.access.credential("webhook_secret")
        guard !secret.isEmpty else { throw .forged("The integration has no webhook_secret.") }
        var stamp: Substring?, signatures: [Substring] = []
        for part in header.split(separator: ",") {
            let pair = part.split(separator: "=", maxSplits: 1)
            guard pair.count == 2 else { continue }
            switch pair[0].drop(while: { $0 == " " }) {
            case "t": stamp = stamp ?? pair[1]
            case "v1" where signatures.count < Self.signaturesMax: signatures.append(pair[1])
            default: break
            }
        }
        guard let stamp, let seconds = Int64(stamp) else { throw .forged("The signature has no time.") }
        // The whole text is the key, its prefix included.
        let expected = HMAC.sha256(key: Array(secret.utf8), Array("\(stamp).".utf8) + request.body)
        let isGenuine = signatures.contains { given in
            Hex.decode(String(given)).map { constantTimeEqual($0, expected) } ?? false
        }
        guard isGenuine else { throw .forged("The signature is not that of this integration's secret.") }
        guard let age = age(of: seconds, request.now), age <= Self.tolerance else {
            throw .forged("It was signed too long ago, or in the future.")
        }
    }
}

extension Stripe {
    package func read(_ receipt: HookReceipt, _ access: IntegrationAccess) -> PaymentEvent? {
        let key = access.credential("secret_key"), isLive = receipt.payload["livemode"] == true
        if key.contains(isLive ? "_test" : "_live") {
            return .noted("the event is of the other mode than the key: test and live are kept apart")
        }
        guard let object = receipt.payload["data"]?["object"] else { return nil }
        switch receipt.type {
        case "checkout.session.completed", "checkout.session.async_payment_succeeded":
            if let received = Self.received(object) { return .paid(received) }
            return .noted(
                object["payment_status"]?.text == "paid"
                    ? "the payment cannot be read: look it up at Stripe" : "the payment is not paid yet")
        case "checkout.session.expired", "checkout.session.async_payment_failed":
            return object["id"]?.words.map { .closed(session: $0) }
        case "payment_intent.succeeded":
            guard let id = object["id"]?.words, let invoice = object["metadata"]?["invoice"]?.words,
                let amount = Self.money(object["amount_received"], object["currency"])
            else { return .noted("the payment does not belong to an invoice") }
            return .paid(
                ReceivedPayment(
                    session: nil, intent: id, invoice: invoice, amount: amount,
                    payer: object["receipt_email"]?.words))
        case "payment_intent.payment_failed":
            return .noted(object["last_payment_error"]?["message"]?.words ?? "a try to pay failed")
        case "charge.refunded":
            guard let intent = object["payment_intent"]?.words,
                let total = Self.money(object["amount_refunded"], object["currency"])
            else { return nil }
            return .refunded(intent: intent, total: total)
        case "charge.dispute.created":
            guard let intent = object["payment_intent"]?.words,
                let amount = Self.money(object["amount"], object["currency"])
            else { return nil }
            return .disputed(intent: intent, amount: amount, reason: object["reason"]?.words ?? "general")
        default: return nil
        }
    }

    /// Returns the payment that a checkout session has received; `nil` where there is none, or none yet, or it cannot
    /// be read.
    static func received(_ session: JSON) -> ReceivedPayment? {
        guard session["payment_status"]?.text == "paid", let id = session["id"]?.words,
            let intent = session["payment_intent"]?.words ?? session["payment_intent"]?["id"]?.words,
            let amount = money(session["amount_total"], session["currency"])
        else { return nil }
        return ReceivedPayment(
            session: id, intent: intent,
            invoice: session["client_reference_id"]?.words ?? session["metadata"]?["invoice"]?.words,
            amount: amount,
            payer: session["customer_details"]?["name"]?.words ?? session["customer_details"]?["email"]?.words
        )
    }

    private static func money(_ amount: JSON?, _ currency: JSON?) -> Money? {
        guard let amount = amount?.int, amount > 0, amount <= Money.amountMax,
            let currency = currency?.text.flatMap({ Currency($0) })
        else { return nil }
        return Money(amount: amount, currency: currency.code)
    }
}
