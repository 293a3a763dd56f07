internal import HTTPClient
package import Integrations
internal import JSON
internal import Mail
package import Messages
internal import Records

extension Mailgun: MailHooks {
    package func read(_ receipt: HookReceipt, _ access: IntegrationAccess) async throws -> [MailHookEvent] {
        if let event = receipt.payload["event-data"] {
            return Self.delivery(event).map { [.delivery($0)] } ?? []
        }
        guard let form = HookForm(receipt.payload) else {
            throw MailHookFailure.unreadable("The body is not a form.")
        }
        return [.received(try await received(form, access))]
    }

    // MARK: Events

    private static func delivery(_ data: JSON) -> DeliveryEvent? {
        guard let kind = kind(data) else { return nil }
        var event = DeliveryEvent(kind)
        let message = data["message"]?["headers"]
        event.messageID = data["user-variables"]?[OutgoingMail.identityKey]?.id()
        event.providerID = message?["message-id"]?.words
        event.internetID = message?["message-id"]?.text.flatMap { InternetMessageID($0) }
        event.recipient = data["recipient"]?.words
        event.at = data["timestamp"]?.moment
        event.isMachine = data["client-info"]?["bot"]?.words != nil
        (event.agent, event.address) = (data["client-info"]?["user-agent"]?.words, data["ip"]?.words)
        let status = data["delivery-status"]
        event.detail =
            kind == .clicked
            ? data["url"]?.words
            : status?["message"]?.words ?? status?["description"]?.words ?? data["reason"]?.words
        return event
    }

    private static func kind(_ data: JSON) -> DeliveryEvent.Kind? {
        switch data["event"]?.text {
        case "delivered"?: .delivered
        case "failed"?: failure(data)
        case "rejected"?: .rejected
        case "complained"?: .complained
        case "unsubscribed"?: .unsubscribed
        case "opened"?: .opened
        case "clicked"?: .clicked
        default: nil
        }
    }

    private static func failure(_ data: JSON) -> DeliveryEvent.Kind {
        // It tries again, for hours.
        if data["severity"]?.text == "temporary" { return .deferred }
        let status = data["delivery-status"]
        switch data["reason"]?.text {
        case let reason? where reason.hasPrefix("suppress-"): return .rejected
        // It has tried for long enough.
        case "old"?: return .softBounced
        default:
            if let code = status?["code"]?.int, (400..<500).contains(code) { return .softBounced }
            return .bounce(
                status: status?["bounce-code"]?.text, status?["message"]?.text, status?["description"]?.text)
        }
    }

    // MARK: Mail

    private func received(_ form: HookForm, _ access: IntegrationAccess) async throws -> ReceivedMail {
        let recipients = (form.text("recipient") ?? "").split(separator: ",").map {
            String($0.filter { $0 != " " })
        }
        let (sender, stripped) = (form.text("sender"), form.text("stripped-text"))
        if let mime = form.bytes("body-mime") {
            return ReceivedMail(mime: mime).enveloped(recipients, sender, stripped)
        }
        if form.bytes("body-plain") == nil, form.bytes("body-html") == nil, let url = form.text("message-url")
        {
            return ReceivedMail(mime: try await stored(url, access)).enveloped(recipients, sender, stripped)
        }
        var pieces = MailPieces()
        for pair in form.json("message-headers")?.array ?? [] {
            guard let pair = pair.array, pair.count == 2, let name = pair[0].text, let value = pair[1].text
            else {
                continue
            }
            pieces.headers.append((name, value))
        }
        for name in ["From", "To", "Cc", "Subject", "Date", "Message-Id", "In-Reply-To", "References"] {
            pieces.add(name, form.text(name))
        }
        pieces.text = MailPieces.Text(form.bytes("body-plain"))
        pieces.html = MailPieces.Text(form.bytes("body-html"))
        let contentIDs = form.json("content-id-map")?.object?.members ?? []
        pieces.files = form.files.map { file in
            MailPieces.File(
                name: file.fileName, mediaType: file.mediaType,
                contentID: contentIDs.first { $0.value.text == file.name }?.key, bytes: file.bytes)
        }
        (pieces.recipients, pieces.sender, pieces.stripped) = (recipients, sender, stripped)
        return pieces.mail
    }

    /// A mail that the service keeps for us, for some days.
    private func stored(_ url: String, _ access: IntegrationAccess) async throws -> [UInt8] {
        // Our key goes to the service and to nobody else.
        guard FetchAllowance(access.baseURL, ["mailgun.net", "mailgun.org"]).allows(url) else {
            throw MailHookFailure.unreadable("The mail is kept at an address that is not Mailgun's.")
        }
        let headers = headers(access).filter { $0.name != "Accept" } + [("Accept", "message/rfc2822")]
        let response: HTTPClientResponse
        do {
            response = try await service.ask(url, headers, sizeMax: 64 << 20)
        } catch {
            throw MailHookFailure.unreachable("\(error)")
        }
        access.note(response)
        guard response.status == 200 else {
            let detail = "The mail's address answers \(response.status)."
            throw response.status == 404
                ? MailHookFailure.unreadable(detail) : MailHookFailure.unreachable(detail)
        }
        guard let mime = (try? JSONParser.parse(response.body))?["body-mime"]?.words else {
            throw MailHookFailure.unreadable("The stored document is not a mail.")
        }
        return Array(mime.utf8)
    }
}
