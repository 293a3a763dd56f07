import Cryptography
package import JSON
import Synchronization

/// Twilio's messaging: takes text messages from a number, keeps what it has taken, and posts signed forms.
package final class TwilioStandIn: Sendable {
    package let account = "AC00000000000000000000000000000001"
    package let token = "0123456789abcdef0123456789abcdef"
    package let number = "+15550000001"
    /// The files by the names that stand in their addresses.
    package let files = MediaShelf()
    package let service: ServiceStandIn
    private let kept: Kept

    private final class Kept: Sendable {
        let messages = Mutex<[JSON]>([])
        let stopped = Mutex<Set<String>>([])
        /// Where the number's messages are told, as the account has it; `nil`: nowhere in particular.
        let door = Mutex<String?>(nil)
    }

    /// The messages that it has taken, oldest first.
    package var taken: [JSON] { kept.messages.withLock { $0 } }

    package init() throws {
        let (account, token, number) = (account, token, number)
        let files = files, kept = Kept()
        self.kept = kept
        service = try ServiceStandIn { request in
            if request.path.hasPrefix("/storage/") {
                // The place that stores it does not want to see the account's token.
                guard request.header("Authorization") == nil else { return StandInAnswer(400) }
                var answer = StandInAnswer(200)
                answer.body = files[request.path.split(separator: "/").last.map(String.init) ?? ""] ?? []
                return answer
            }
            let pair = Base64.encode(Array("\(account):\(token)".utf8))
            guard request.header("Authorization") == "Basic \(pair)" else {
                return Self.fault(401, 20_003, "Authenticate")
            }
            if request.path.hasPrefix("/media/") {
                let place = "http://\(request.header("Host") ?? "")/storage/"
                return StandInAnswer(
                    307, headers: [("Location", place + String(request.path.dropFirst("/media/".count)))])
            }
            switch (request.method, request.path) {
            case ("GET", "/Accounts/\(account).json"):
                return StandInAnswer(200, #"{"status":"active","friendly_name":"Acme"}"#)
            case ("GET", "/Accounts/\(account)/IncomingPhoneNumbers.json"):
                var own: JSONObject = ["phone_number": .string(number)]
                if let door = kept.door.withLock({ $0 }) { own["sms_url"] = .string(door) }
                let isOwn = request.query("PhoneNumber").map(FormPairs.decoded) == number
                return StandInAnswer(
                    200,
                    JSON.object(["incoming_phone_numbers": .array(isOwn ? [.object(own)] : [])]).serialized)
            case ("GET", "/Accounts/\(account)/Messages.json"):
                let to = request.query("To").map(FormPairs.decoded)
                let found = kept.messages.withLock { $0 }.filter { to == nil || $0["to"]?.text == to }
                let answer: JSON = [
                    "messages": .array(found.reversed()), "next_page_uri": nil, "page": 0, "page_size": 50,
                ]
                return StandInAnswer(200, answer.serialized)
            case ("POST", "/Accounts/\(account)/Messages.json"):
                return Self.take(FormPairs(request.body), account, kept)
            default: return Self.fault(404, 20_404, "The requested resource was not found")
            }
        }
    }

    private static func take(_ form: FormPairs, _ account: String, _ kept: Kept) -> StandInAnswer {
        guard let to = form["To"], to.hasPrefix("+"), to.count > 7 else {
            return fault(400, 21_211, "The 'To' number is not a valid phone number.")
        }
        guard let from = form["From"] ?? form["MessagingServiceSid"] else {
            return fault(400, 21_603, "A 'From' phone number is required.")
        }
        guard let body = form["Body"], !body.isEmpty else {
            return fault(400, 21_602, "Message body is required.")
        }
        guard body.utf16.count <= 1600 else {
            return fault(400, 21_617, "The concatenated message body exceeds the 1600 character limit.")
        }
        guard !kept.stopped.withLock({ $0.contains(to) }) else {
            return fault(400, 21_610, "Attempt to send to unsubscribed recipient")
        }
        let message = kept.messages.withLock { messages in
            let digits = "\(messages.count + 1)"
            let message: JSON = [
                "sid": .string("SM" + String(repeating: "0", count: 32 - digits.count) + digits),
                "account_sid": .string(account), "to": .string(to), "from": .string(from),
                "body": .string(body), "status": "queued", "direction": "outbound-api",
                "num_segments": "1", "num_media": "0", "price": nil, "price_unit": "USD", "error_code": nil,
                "error_message": nil, "date_sent": nil, "date_created": .string(TwilioMoment.now),
                "callback": JSON(form["StatusCallback"]),
            ]
            messages.append(message)
            return message
        }
        return StandInAnswer(201, message.serialized)
    }

    private static func fault(_ status: Int, _ code: Int, _ words: String) -> StandInAnswer {
        let body: JSON = [
            "code": JSON(code), "message": .string(words), "status": JSON(status),
            "more_info": .string("https://www.twilio.com/docs/errors/\(code)"),
        ]
        return StandInAnswer(status, body.serialized)
    }

    /// A refusal by its code.
    package static func refusal(_ status: Int, _ code: Int) -> ServiceStandIn.Turn {
        .answer(fault(status, code, "No"))
    }

    /// Takes nothing for a number from now on: its holder has said STOP.
    package func stop(_ number: String) { kept.stopped.withLock { _ = $0.insert(number) } }
    /// Sets where the account says that the number's messages go.
    package func tell(at address: String) { kept.door.withLock { $0 = address } }

    package var credentials: JSON { ["account_sid": .string(account), "auth_token": .string(token)] }
    package var settings: JSONObject { ["from": .string(number)] }

    /// A form as Twilio posts it to an address, signed.
    package func hook(
        _ fields: [(String, String)], to address: String, token: String? = nil
    ) -> StandInHook {
        let signed = fields.sorted { Array($0.0.utf8).lexicographicallyPrecedes(Array($1.0.utf8)) }
            .reduce(address) { $0 + $1.0 + $1.1 }
        let code = HMAC.sha1(key: Array((token ?? self.token).utf8), Array(signed.utf8))
        return StandInHook(
            [
                ("Content-Type", "application/x-www-form-urlencoded"),
                ("X-Twilio-Signature", Base64.encode(code)),
            ], FormPairs.encoded(fields))
    }

    /// Returns a message that somebody has written.
    package func message(
        _ sid: String, _ text: String, from sender: String = "+15550000002", to address: String,
        _ more: [(String, String)] = []
    ) -> StandInHook {
        hook(
            [
                ("AccountSid", account), ("Body", text), ("From", sender), ("MessageSid", sid),
                ("NumMedia", "0"), ("SmsStatus", "received"), ("To", number),
            ].filter { own in !more.contains { $0.0 == own.0 } } + more, to: address)
    }

    /// Returns the outcome of a message of ours, told at the address that it named.
    package func status(
        _ status: String, of sid: String, to address: String, recipient: String = "+15550000002",
        code: Int? = nil
    ) -> StandInHook {
        var fields = [
            ("AccountSid", account), ("From", number), ("MessageSid", sid), ("MessageStatus", status),
            ("To", recipient),
        ]
        if let code { fields.append(("ErrorCode", "\(code)")) }
        return hook(fields, to: address)
    }
}

/// Names and values of a form, as browsers and services post them.
package struct FormPairs {
    private let pairs: [(name: String, value: String)]

    package init(_ body: [UInt8]) {
        pairs = String(decoding: body, as: UTF8.self).split(separator: "&").map { pair in
            let halves = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (Self.decoded(String(halves[0])), halves.count > 1 ? Self.decoded(String(halves[1])) : "")
        }
    }

    package subscript(name: String) -> String? { pairs.first { $0.name == name }?.value }

    package static func decoded(_ text: String) -> String {
        var bytes: [UInt8] = [], rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"),
                let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte == UInt8(ascii: "+") ? 0x20 : byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    package static func encoded(_ pairs: [(String, String)]) -> [UInt8] {
        func escaped(_ text: String) -> String {
            text.utf8.reduce(into: "") { result, byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E:
                    result.unicodeScalars.append(Unicode.Scalar(byte))
                case 0x20: result += "+"
                default:
                    let digits = String(byte, radix: 16, uppercase: true)
                    result += "%" + (digits.count < 2 ? "0" : "") + digits
                }
            }
        }
        return Array(pairs.map { "\(escaped($0.0))=\(escaped($0.1))" }.joined(separator: "&").utf8)
    }
}
