package import Integrations
internal import JSON
internal import Mail
package import Messages
internal import Records

extension SendGrid: MailHooks {
    package func read(_ receipt: HookReceipt, _ access: IntegrationAccess) async throws -> [MailHookEvent] {
        if let form = HookForm(receipt.payload) { return [.received(Self.received(form))] }
        return Self.delivery(receipt.payload).map { [.delivery($0)] } ?? []
    }

    private static func delivery(_ data: JSON) -> DeliveryEvent? {
        guard let kind = kind(data) else { return nil }
        var event = DeliveryEvent(kind)
        event.messageID = data[OutgoingMail.identityKey]?.id()
        // The part after the first dot names the attempt.
        event.providerID = data["sg_message_id"]?.words.map { String($0.prefix { $0 != "." }) }
        event.internetID = data["smtp-id"]?.text.flatMap { InternetMessageID($0) }
        event.recipient = data["email"]?.words
        event.at = data["timestamp"]?.moment
        event.isMachine = data["sg_machine_open"]?.flag == true
        (event.agent, event.address) = (data["useragent"]?.words, data["ip"]?.words)
        event.detail = (kind == .clicked ? data["url"] : data["reason"] ?? data["response"])?.words
        return event
    }

    private static func kind(_ data: JSON) -> DeliveryEvent.Kind? {
        switch data["event"]?.text {
        case "delivered"?: .delivered
        case "deferred"?: .deferred
        // A block passes: the address is as good as before.
        case "bounce"?:
            data["type"]?.text == "blocked"
                ? .softBounced : .bounce(status: data["status"]?.text, data["reason"]?.text)
        case "dropped"?: .rejected
        case "spamreport"?: .complained
        case "unsubscribe"?, "group_unsubscribe"?: .unsubscribed
        case "open"?: .opened
        case "click"?: .clicked
        default: nil
        }
    }

    // MARK: Mail

    private static func received(_ form: HookForm) -> ReceivedMail {
        let envelope = form.json("envelope")
        let recipients = envelope?["to"]?.array?.compactMap(\.text) ?? []
        let sender = envelope?["from"]?.text
        if let mime = form.bytes("email") {
            return ReceivedMail(mime: mime).enveloped(recipients, sender, nil)
        }
        let charsets = form.json("charsets")
        var pieces = MailPieces()
        pieces.headers = headers(form)
        for name in ["From", "To", "Cc"] { pieces.add(name, form.text(name)) }
        pieces.add("Subject", form.text("subject").map(encodedWords))
        pieces.text = MailPieces.Text(form.bytes("text"), charset: charsets?["text"]?.text)
        pieces.html = MailPieces.Text(form.bytes("html"), charset: charsets?["html"]?.text)
        let about = form.json("attachment-info")
        pieces.files = form.files.map { file in
            let info = about?[file.name]
            return MailPieces.File(
                name: info?["filename"]?.words ?? file.fileName,
                mediaType: info?["type"]?.words ?? file.mediaType,
                contentID: info?["content-id"]?.words, bytes: file.bytes)
        }
        (pieces.recipients, pieces.sender) = (recipients, sender)
        return pieces.mail
    }
}
