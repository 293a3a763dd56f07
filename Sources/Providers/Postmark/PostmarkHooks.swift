internal import Cryptography
package import Integrations
internal import JSON
internal import Mail
package import Messages
internal import Records

/// One event or one mail a request, as JSON; what proves it is a name and a password.
extension Postmark: HookEndpoint {
    package func open(_ request: HookRequest) throws(HookRefusal) -> [HookItem] {
        let name = request.access.credential("webhook_username")
        let password = request.access.credential("webhook_password")
        guard !name.isEmpty, !password.isEmpty else {
            throw .forged("The integration has no webhook_username and webhook_password.")
        }
        let given = (request.header("Authorization") ?? "").split(separator: " ").map(String.init)
        guard given.count == 2, given[0].lowercased() == "basic",
            constantTimeEqual(given[1], Base64.encode("\(name):\(password)".utf8))
        else { throw .forged("The name and password are not those of this integration.") }
        guard let body = try? JSONParser.parse(request.body), body.object != nil else {
            throw .malformed("The body must be a JSON object.")
        }
        return [HookItem(key: try Self.key(body), type: Self.type(body), payload: body, text: request.body)]
    }

    /// Only mail has no kind of record, or a kind that says so.
    private static func isMail(_ body: JSON) -> Bool {
        let kind = body["RecordType"]?.words
        return kind == "Inbound" || kind == nil && (body["From"] != nil || body["FromFull"] != nil)
    }

    private static func type(_ body: JSON) -> String {
        isMail(body) ? "inbound" : hookType(body["RecordType"]?.text)
    }

    private static func key(_ body: JSON) throws(HookRefusal) -> String {
        let message = body["MessageID"]?.words
        if isMail(body), let message { return hookKey("inbound", message) }
        guard let kind = body["RecordType"]?.words else { throw .malformed("The body has no RecordType.") }
        if let id = body["ID"]?.label { return hookKey(kind, id) }
        let recipient = body["Recipient"]?.words ?? body["Email"]?.words
        guard message != nil || recipient != nil else {
            throw .malformed("The body has neither ID nor MessageID.")
        }
        // A second opening, or a return to the list, is an event of its own.
        let moment = (body["ReceivedAt"] ?? body["ChangedAt"])?.words
        return moment.map { hookKey(kind, message, recipient, $0) } ?? hookKey(kind, message, recipient)
    }
}

extension Postmark: MailHooks {
    package func read(_ receipt: HookReceipt, _ access: IntegrationAccess) async throws -> [MailHookEvent] {
        if Self.isMail(receipt.payload) { return [.received(Self.received(receipt.payload))] }
        return Self.delivery(receipt.payload).map { [.delivery($0)] } ?? []
    }

    private static func delivery(_ data: JSON) -> DeliveryEvent? {
        guard let kind = kind(data) else { return nil }
        var event = DeliveryEvent(kind)
        event.messageID = data["Metadata"]?[OutgoingMail.identityKey]?.id()
        event.providerID = data["MessageID"]?.words
        (event.agent, event.address) = (data["UserAgent"]?.words, data["Geo"]?["IP"]?.words)
        event.recipient = data["Email"]?.words ?? data["Recipient"]?.words
        event.at =
            ["DeliveredAt", "BouncedAt", "ReceivedAt", "ChangedAt"].lazy.compactMap { data[$0]?.moment }.first
        event.detail =
            (kind == .clicked ? data["OriginalLink"] : data["Details"] ?? data["SuppressionReason"])?.words
        return event
    }

    private static func kind(_ data: JSON) -> DeliveryEvent.Kind? {
        switch data["RecordType"]?.text {
        case "Delivery"?: return .delivered
        case "Bounce"?:
            switch data["Type"]?.text {
            // It arrived: this is what the reader's machine says to it.
            case "AutoResponder"?: return nil
            case "SpamComplaint"?, "SpamNotification"?: return .complained
            case "Unsubscribe"?: return .unsubscribed
            default: return data["Inactive"]?.flag == true ? .bounced : .softBounced
            }
        case "SpamComplaint"?: return .complained
        case "SubscriptionChange"?:
            guard data["SuppressSending"]?.flag == true else { return nil }
            switch data["SuppressionReason"]?.text {
            case "HardBounce"?: return .bounced
            case "SpamComplaint"?: return .complained
            default: return .unsubscribed
            }
        case "Open"?: return .opened
        case "Click"?: return .clicked
        default: return nil
        }
    }

    // MARK: Mail

    private static func received(_ data: JSON) -> ReceivedMail {
        let recipients =
            ([data["OriginalRecipient"]] + people(data["ToFull"]).map { $0["Email"] }
            + people(data["CcFull"]).map { $0["Email"] } + people(data["BccFull"]).map { $0["Email"] })
            .compactMap { $0?.words }
        let stripped = data["StrippedTextReply"]?.text
        if let mime = data["RawEmail"]?.words {
            return ReceivedMail(mime: Array(mime.utf8)).enveloped(recipients, nil, stripped)
        }
        var pieces = MailPieces()
        for header in data["Headers"]?.array ?? [] {
            guard let name = header["Name"]?.text, let value = header["Value"]?.text else { continue }
            pieces.headers.append((name, value))
        }
        let from = data["FromFull"]
        pieces.add(
            "From",
            headerMailbox(
                from?["Email"]?.words ?? data["From"]?.words,
                name: from?["Name"]?.words ?? data["FromName"]?.words))
        pieces.add("To", list(data["ToFull"]) ?? data["To"]?.text)
        pieces.add("Cc", list(data["CcFull"]) ?? data["Cc"]?.text)
        pieces.add("Reply-To", data["ReplyTo"]?.text)
        pieces.add("Subject", data["Subject"]?.text.map(encodedWords))
        pieces.add("Date", data["Date"]?.text)
        pieces.text = MailPieces.Text(data["TextBody"]?.text)
        pieces.html = MailPieces.Text(data["HtmlBody"]?.text)
        pieces.files = (data["Attachments"]?.array ?? []).map { file in
            MailPieces.File(
                name: file["Name"]?.words, mediaType: file["ContentType"]?.words,
                contentID: file["ContentID"]?.words,
                bytes: file["Content"]?.text.flatMap { Base64.decode($0) } ?? [])
        }
        (pieces.recipients, pieces.stripped) = (recipients, stripped)
        return pieces.mail
    }

    private static func people(_ list: JSON?) -> [JSON] { list?.array ?? [] }

    private static func list(_ people: JSON?) -> String? {
        let mailboxes = self.people(people).compactMap {
            headerMailbox($0["Email"]?.words, name: $0["Name"]?.words)
        }
        return mailboxes.isEmpty ? nil : mailboxes.joined(separator: ", ")
    }
}
