package import Agents
internal import Cryptography
package import HTTPClient
package import Integrations
package import JSON
package import Messages
package import People
package import Records
package import Telemetry
internal import Tenancy

/// Text messages by Twilio: https://www.twilio.com/docs/messaging/api
package struct Twilio: ChatSending {
    package let name = "twilio"
    package let title = "Twilio (SMS)"
    package let channel = Channel.sms
    package let capabilities: Set<Capability> = [.chat]
    package let credentials = [
        CredentialField("account_sid", "The account's name, which begins with AC."),
        CredentialField("auth_token", "The account's primary token, with which webhooks are signed, too."),
        CredentialField(
            "api_key_sid", required: false, "A key to send with instead of the token; it begins with SK."),
        CredentialField("api_key_secret", required: false, "The secret of that key."),
    ]
    package let settings = [
        SettingField("from", .text(max: 20), "The number or name that text messages are from."),
        SettingField(
            "messaging_service_sid", .text(max: 64), "The messaging service that chooses the number instead."),
        SettingField(
            "public_url", .text(max: 300),
            "The address under which Twilio reaches this installation, where a proxy stands before it."),
    ]
    package let baseURL: String? = "https://api.twilio.com/2010-04-01"
    package var endpoint: (any HookEndpoint)? { self }
    package let textMax = 1600
    package let findsMessages = true

    let service: MailService

    /// `now` is real time: limits are given as moments.
    package init(
        _ outbound: HTTPClient, now: @escaping @Sendable () -> Instant, deadline: Duration = .seconds(30)
    ) {
        service = MailService(name: "twilio", outbound: outbound, now: now, deadline: deadline)
    }

    package func length(of text: String) -> (count: Int, unit: String) { (text.utf16.count, "characters") }
    package func segments(of text: String) -> Int? { TextSegments(of: text).count }

    package func faults(in credentials: [String: String]) -> [Fault] {
        guard (credentials["api_key_sid"] == nil) != (credentials["api_key_secret"] == nil) else { return [] }
        let absent = credentials["api_key_sid"] == nil ? "api_key_sid" : "api_key_secret"
        return [
            Fault(
                "/credentials/\(absent)", "required", "\(absent) is missing: a key has a name and a secret.")
        ]
    }

    package func missing(_ settings: JSONObject, _ credentials: [String]) -> [String] {
        let hasSender = settings["from"] != nil || settings["messaging_service_sid"] != nil
        return requiredAndAbsent(settings, credentials)
            + (hasSender ? [] : ["from or messaging_service_sid"])
    }

    package func send(
        _ message: OutgoingChat, _ access: IntegrationAccess, _ permit: Permit
    ) async -> SendOutcome {
        guard length(of: message.text).count <= textMax else {
            return .refused(
                SendRefusal(
                    .message, code: "twilio_21617", detail: "The text has more than \(textMax) characters."))
        }
        guard let sender = Self.sender(access) else {
            return .refused(SendRefusal(.account, code: Self.noSender, detail: Self.noSenderDetail))
        }
        var form = [("To", message.address), sender, ("Body", message.text)]
        if let callback = Self.callback(of: message, access) { form.append(("StatusCallback", callback)) }
        let headers = headers(access) + [("Content-Type", "application/x-www-form-urlencoded")]
        let body = form.map { "\($0.0.percentEncoded)=\($0.1.percentEncoded)" }.joined(separator: "&")
        switch await service.handOver(permit, url("Messages.json", access), headers, Array(body.utf8)) {
        // It may have been queued all the same: it is looked up, and not sent again blindly.
        case .outcome(.later(let code, let detail, _)) where code == "twilio_500" || code == "twilio_502":
            return .unknown(detail: detail)
        case .outcome(let outcome): return outcome
        case .answer(let response): return outcome(of: response)
        }
    }

    private func outcome(of response: HTTPClientResponse) -> SendOutcome {
        let answer = try? JSONParser.parse(response.body)
        if (200..<300).contains(response.status) {
            guard let sid = answer?["sid"]?.words else { return service.unknown(response) }
            return .accepted(providerID: sid)
        }
        guard let fault = answer?["code"]?.int else { return service.refused(.account, response) }
        let (code, detail) = ("twilio_\(fault)", answer?["message"]?.words)
        if Self.isLater(Int(fault)) {
            return .later(
                code: code, detail: detail ?? service.words(of: response),
                after: service.pause(after: response))
        }
        return service.refused(Self.cause(of: Int(fault)), response, code: code, detail)
    }

    /// Returns whether the sender's queue is full, which empties by itself.
    private static func isLater(_ code: Int) -> Bool { code == 20_429 || code == 21_611 }

    /// Returns whose fault an error is, by its code: https://www.twilio.com/docs/api/errors
    static func cause(of code: Int) -> SendRefusal.Cause {
        switch code {
        case 21_211, 21_214, 21_217, 21_401, 21_614: .recipient
        case 21_610: .unwanted
        case 20_003, 20_404, 21_212, 21_603, 21_606, 21_659, 20_005, 20_008: .account
        default: .message
        }
    }

    private static let noSender = "twilio_sender_missing"
    private static let noSenderDetail =
        "Neither from nor messaging_service_sid is set: enter the number that text messages are from."

    private static func sender(_ access: IntegrationAccess) -> (String, String)? {
        if let service = access.setting("messaging_service_sid"), !service.isEmpty {
            return ("MessagingServiceSid", service)
        }
        return access.setting("from").flatMap { $0.isEmpty ? nil : ("From", $0) }
    }

    /// Where Twilio tells what becomes of a message. Our name of it is part of the signed address, so that it is known
    /// even where the answer with Twilio's own was lost.
    private static func callback(of message: OutgoingChat, _ access: IntegrationAccess) -> String? {
        guard let hook = access.hook else { return nil }
        let base = Self.publicURL(access) ?? hook.base
        guard base.hasPrefix("http") else { return nil }
        return "\(base)\(hook.path)?message=\(message.messageID)"
    }

    /// The address under which Twilio knows us, where the agency has named it.
    static func publicURL(_ access: IntegrationAccess) -> String? {
        guard var url = access.setting("public_url"), !url.isEmpty else { return nil }
        while url.hasSuffix("/") { url.removeLast() }
        return url
    }

    package func find(_ message: SentChat, _ access: IntegrationAccess) async -> SendLookup {
        let query = "?To=\(message.recipient.percentEncoded)&PageSize=100"
        let answer = await service.look(url("Messages.json", access) + query, headers(access), access.reach)
        guard let list = answer?["messages"]?.array else { return .unclear }
        // Clocks differ by some seconds, and the service's dates have no fractions of them.
        let earliest = message.at - .seconds(60)
        for sent in list {
            // An answer that says less than it should does not show that the message is not there.
            guard let sid = sent["sid"]?.words, let to = sent["to"]?.words, let body = sent["body"]?.text,
                let created = sent["date_created"]?.text.flatMap(TwilioDate.instant)
            else { return .unclear }
            guard !message.others.contains(sid), to == message.recipient, body == message.text,
                sent["direction"]?.text.map({ $0.hasPrefix("outbound") }) ?? true, created >= earliest
            else { continue }
            return .accepted(providerID: sid)
        }
        return .absent
    }

    package func check(_ access: IntegrationAccess) async -> IntegrationCheck {
        guard let sender = Self.sender(access) else {
            return .bad(code: Self.noSender, detail: Self.noSenderDetail)
        }
        let account = "\(access.baseURL)/Accounts/\(access.credential("account_sid").percentEncoded).json"
        let known = await service.check(account, headers(access)) { answer in
            guard let status = answer["status"]?.words, let name = answer["friendly_name"]?.words else {
                return service.unreadable
            }
            guard status == "active" else {
                return .bad(code: "twilio_account_\(status)", detail: "The account is \(status).")
            }
            return .good("The account is \(name).")
        }
        guard case .good = known, sender.0 == "From", sender.1.hasPrefix("+") else { return known }
        let numbers = url("IncomingPhoneNumbers.json?PhoneNumber=\(sender.1.percentEncoded)", access)
        return await service.check(numbers, headers(access)) { answer in
            guard let list = answer["incoming_phone_numbers"]?.array else { return known }
            guard let number = list.first(where: { $0["phone_number"]?.text == sender.1 }) else {
                return .bad(
                    code: "twilio_from_missing", detail: "The account has no number \(sender.1): change from."
                )
            }
            if let hook = access.hook, let told = number["sms_url"]?.text, !told.hasSuffix(hook.path) {
                return .doubtful(
                    code: "twilio_hook_missing",
                    detail:
                        "Answers do not arrive: at Twilio, the number \(sender.1) does not call hook_url when a message comes in."
                )
            }
            return .good("Text messages are sent from \(sender.1).")
        }
    }

    /// A file that came: Twilio sends on to where it is stored, which is not to see our credentials.
    package func fetch(_ media: ChatMedia, _ access: IntegrationAccess) async -> FetchedMedia {
        guard let url = try? OutboundURL(media.id), let own = try? OutboundURL(access.baseURL),
            url.host == own.host || url.host.hasSuffix(".twilio.com")
        else { return .gone(detail: "The file does not lie at Twilio.") }
        do {
            let first = try await service.ask(media.id, headers(access), sizeMax: StoredFile.sizeMax)
            guard (300..<400).contains(first.status) else { return service.content(of: first) }
            guard let place = first.header("Location"), let there = try? OutboundURL(place),
                there.host == own.host || Self.storage.contains(where: { there.host.hasSuffix($0) })
            else { return .gone(detail: "Twilio does not say where the file is.") }
            return await service.fetch(place, [], sizeMax: StoredFile.sizeMax)
        } catch {
            return .later(code: "twilio_unreachable", detail: "The file could not be fetched: \(error)")
        }
    }

    private static let storage = [".twilio.com", ".amazonaws.com", ".twiliocdn.com", ".cloudfront.net"]

    func url(_ method: String, _ access: IntegrationAccess) -> String {
        "\(access.baseURL)/Accounts/\(access.credential("account_sid").percentEncoded)/\(method)"
    }

    func headers(_ access: IntegrationAccess) -> [(name: String, value: String)] {
        let key = access.credential("api_key_sid")
        let pair =
            key.isEmpty
            ? "\(access.credential("account_sid")):\(access.credential("auth_token"))"
            : "\(key):\(access.credential("api_key_secret"))"
        return [
            ("Authorization", "Basic " + Base64.encode(Array(pair.utf8))), ("Accept", "application/json"),
        ]
    }
}

/// Dates as Twilio writes them: `Thu, 01 Jan 2026 00:00:00 +0000`.
enum TwilioDate {
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    static func instant(_ text: String) -> Instant? {
        let parts = text.split(separator: " ")
        guard parts.count == 6, let day = Int(parts[1]), let year = Int(parts[3]), parts[5] == "+0000",
            let month = months.firstIndex(of: String(parts[2]))
        else { return nil }
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return Instant("\(year)-\(two(month + 1))-\(two(day))T\(parts[4])Z")
    }
}
