internal import HTTPClient
package import Integrations
internal import JSON
internal import Mail
package import Messages
internal import Records

extension Maileroo: MailHooks {
    private static let proofDeadline: Duration = .seconds(5)
    private static let mailSizeMax = 64 << 20, fileSizeMax = 25 << 20

    package func read(_ receipt: HookReceipt, _ access: IntegrationAccess) async throws -> [MailHookEvent] {
        let data = receipt.payload
        guard data["validation_url"] != nil, data["event_id"] == nil else {
            return Self.deliveries(data).map { .delivery($0) }
        }
        // Fetched first: what cannot be had now is asked for again, but the proof is given only once.
        let mail = try await received(data, access)
        try await prove(data, access)
        return [.received(mail)]
    }

    // MARK: Events

    private static func deliveries(_ data: JSON) -> [DeliveryEvent] {
        let about = data["event_data"]
        guard let kind = kind(data["event_type"]?.text, about) else { return [] }
        // One that was not sent names all its recipients at once.
        let recipients = about?["to"]?.array?.compactMap(\.words) ?? [about?["to"]?.words].compactMap { $0 }
        return (recipients.isEmpty ? [nil] : recipients.map { $0 }).map { (recipient: String?) in
            var event = DeliveryEvent(kind)
            event.messageID = data["tags"]?[OutgoingMail.identityKey]?.id()
            event.providerID = data["message_reference_id"]?.words
            event.internetID = data["message_id"]?.text.flatMap { InternetMessageID($0) }
            event.recipient = recipient
            event.at = data["event_time"]?.moment
            (event.agent, event.address) = (about?["user_agent"]?.words, about?["ip"]?.words)
            event.detail = (about?["original_url"] ?? about?["reason"] ?? about?["reject_reason"])?.words
            return event
        }
    }

    private static func kind(_ type: String?, _ about: JSON?) -> DeliveryEvent.Kind? {
        switch type {
        case "delivered"?: .delivered
        case "deferred"?: .deferred
        case "failed"?: .bounce(about?["reason"]?.text)
        case "rejected"?: .rejected
        case "complained"?: .complained
        case "unsubscribed"?: .unsubscribed
        case "opened"?: .opened
        case "clicked"?: .clicked
        default: nil
        }
    }

    // MARK: Mail

    /// Asks the service whether the mail came from it.
    private func prove(_ data: JSON, _ access: IntegrationAccess) async throws {
        let (id, url) = (data["_id"]?.text ?? "", data["validation_url"]?.text ?? "")
        let key = "\(access.integrationID):\(id)"
        guard !proven.contains(key) else { return }
        guard FetchAllowance(Self.inbound(access)).allows(url) else {
            throw MailHookFailure.forged("Its validation_url is not Maileroo's.")
        }
        var asking = service
        asking.deadline = Self.proofDeadline
        let response: HTTPClientResponse
        do {
            response = try await asking.ask(url, [("Accept", "application/json")])
        } catch {
            throw MailHookFailure.unreachable("\(error)")
        }
        access.note(response)
        guard response.status < 500, response.status != 429 else {
            throw MailHookFailure.unreachable("The mail's validation_url answers \(response.status).")
        }
        let isKnown = (try? JSONParser.parse(response.body))?["success"]?.flag
        guard response.status != 200 || isKnown != nil else {
            throw MailHookFailure.unreachable("The mail's validation_url does not answer like Maileroo.")
        }
        guard response.status == 200, isKnown == true else {
            throw MailHookFailure.forged("Maileroo does not know it, or has told so once before.")
        }
        _ = proven.note(key, with: "")
    }

    private func received(_ data: JSON, _ access: IntegrationAccess) async throws -> ReceivedMail {
        let recipients = data["recipients"]?.array?.compactMap(\.text) ?? []
        let (sender, body) = (data["envelope_sender"]?.text, data["body"])
        let stripped = body?["stripped_plaintext"]?.text
        if let url = body?["raw_mime"]?["url"]?.words,
            let mime = try await fetch(url, access, sizeMax: Self.mailSizeMax)
        {
            return ReceivedMail(mime: mime).enveloped(recipients, sender, stripped)
        }
        var pieces = MailPieces()
        for (name, values) in data["headers"]?.object?.members ?? [] {
            for value in values.array ?? [values] { pieces.headers.append((name, value.text ?? "")) }
        }
        pieces.add("Message-ID", data["message_id"]?.text)
        pieces.text = MailPieces.Text(body?["plaintext"]?.text)
        pieces.html = MailPieces.Text(body?["html"]?.text)
        var omitted = 0
        for file in data["attachments"]?.array ?? [] {
            guard let url = file["url"]?.words, (file["size"]?.int ?? 0) <= Self.fileSizeMax,
                let bytes = try await fetch(url, access, sizeMax: Self.fileSizeMax)
            else {
                omitted += 1
                continue
            }
            pieces.files.append(
                MailPieces.File(
                    name: file["filename"]?.words, mediaType: file["content_type"]?.words,
                    contentID: file["content_id"]?.words, bytes: bytes))
        }
        (pieces.recipients, pieces.sender, pieces.stripped) = (recipients, sender, stripped)
        var mail = pieces.mail
        mail.omittedParts += omitted
        return mail
    }

    /// `nil` for what will never be had: it is at a host that is not asked, too large, or gone. The mail is worth
    /// reading without it.
    private func fetch(_ url: String, _ access: IntegrationAccess, sizeMax: Int) async throws -> [UInt8]? {
        let hosts = access.settings["file_hosts"]?.array?.compactMap(\.text) ?? []
        guard FetchAllowance(Self.inbound(access), ["maileroo.net", "maileroo.com"] + hosts).allows(url)
        else {
            return nil
        }
        do {
            let response = try await service.ask(url, [], sizeMax: sizeMax)
            access.note(response)
            switch response.status {
            case 200: return response.body
            case 404, 410: return nil
            default: throw MailHookFailure.unreachable("A part of the mail answers \(response.status).")
            }
        } catch HTTPClientError.tooLarge {
            return nil
        } catch let error as HTTPClientError {
            throw MailHookFailure.unreachable("\(error)")
        }
    }
}
