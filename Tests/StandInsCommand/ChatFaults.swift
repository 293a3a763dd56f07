import Foundation
import JSON
import StandIns

/// Faults of a service by which short messages leave: Twilio, Messenger, Instagram or Slack.
struct ChatFaults {
    static let words =
        "Such a service is spoilt as: lost, silent, broken, busy, refused, unwanted, late, twice or forged."
    private static let person = "+15550000002"

    let provider: String
    private let services: Services
    private let service: ServiceStandIn
    /// The end of the path to which messages are posted.
    private let path: String

    /// `nil` where the service is none of these.
    init?(_ provider: String, _ services: Services) {
        switch provider {
        case "twilio": (service, path) = (services.twilio.service, "/Messages.json")
        case "messenger": (service, path) = (services.messenger.service, "/messages")
        case "instagram": (service, path) = (services.instagram.service, "/messages")
        case "slack": (service, path) = (services.slack.service, "/chat.postMessage")
        default: return nil
        }
        (self.provider, self.services) = (provider, services)
    }

    /// A hook, and where it is posted if not at the service's usual endpoint.
    typealias Told = (hook: StandInHook, address: String?)

    /// Lets something go wrong; says what has, and what is to be told to Bureau. `endpoint`: where the service posts.
    func spoil(_ how: String, endpoint: () throws -> String) throws -> (words: String, told: [Told]) {
        if let (turn, words) = turn(how) {
            service.next(turn) { [path] request in
                // A sign that somebody is typing is no message.
                request.method == "POST" && request.target.prefix { $0 != "?" }.hasSuffix(path)
                    && (try? JSONParser.parse(request.body))?["sender_action"] == nil
            }
            return ("the next message \(words)", [])
        }
        switch how {
        case "late":
            guard provider != "slack" else {
                throw Refusal("Slack tells nothing of what becomes of a message.")
            }
            return ("the end of the latest message is told before its beginning", try statuses(endpoint()))
        case "twice":
            let hook = try written("Told twice", endpoint())
            return ("what somebody writes is told twice", [(hook, nil), (hook, nil)])
        case "forged":
            let hook = try written("Forged", endpoint(), isForged: true)
            return ("somebody else tells of a message, and Bureau must not answer 200", [(hook, nil)])
        default: throw Refusal(Self.words)
        }
    }

    // MARK: What becomes of the next message

    private func turn(_ how: String) -> (ServiceStandIn.Turn, words: String)? {
        switch how {
        case "lost": (.cutDone, "is taken, and the connection ends before the answer")
        case "silent": (.silence, "is read, and nothing is answered")
        case "broken": (.answer(503), "is answered by 503, and not taken")
        case "busy":
            (.answer(429, headers: [("Retry-After", "5")]), "is one too many: to come again in five seconds")
        case "refused": (refusal, "is refused, as if the key were no longer good")
        case "unwanted": (unwanted, "is refused for whom it goes to")
        default: nil
        }
    }

    private var refusal: ServiceStandIn.Turn {
        switch provider {
        case "twilio": TwilioStandIn.refusal(401, 20_003)
        case "slack": SlackStandIn.refusal("invalid_auth")
        default: MetaStandIn.fault(401, 190)
        }
    }

    /// STOP was said; the day in which an answer is allowed has passed; the app is not in the channel.
    private var unwanted: ServiceStandIn.Turn {
        switch provider {
        case "twilio": TwilioStandIn.refusal(400, 21_610)
        case "slack": SlackStandIn.refusal("not_in_channel")
        default: MetaStandIn.fault(400, 10, 2_018_278)
        }
    }

    // MARK: What is told

    /// That the latest message has arrived, and afterwards that it has left.
    private func statuses(_ endpoint: String) throws -> [Told] {
        if provider == "twilio" {
            guard let last = services.twilio.taken.last, let sid = last["sid"]?.text else { throw Self.none }
            let address = last["callback"]?.text ?? endpoint
            return ["delivered", "sent", "queued"].map {
                let to = last["to"]?.text ?? Self.person
                return (services.twilio.status($0, of: sid, to: address, recipient: to), address)
            }
        }
        let meta = provider == "messenger" ? services.messenger : services.instagram, now = Date.seconds
        guard let to = meta.taken.last?["recipient"]?["id"]?.text else { throw Self.none }
        let id = JSON.string("m_out_\(meta.taken.count)"), moment = JSON.integer(now * 1000)
        let read: JSONObject =
            meta.kind == .messenger ? ["read": ["watermark": moment]] : ["read": ["mid": id]]
        return [
            (meta.event(read, from: to, at: now), nil),
            (meta.event(["delivery": ["mids": [id], "watermark": moment]], from: to, at: now - 60), nil),
        ]
    }

    private static let none = Refusal("No message has left yet.")

    /// Returns a message that somebody writes; `isForged`: signed by somebody who does not know the secret.
    private func written(_ text: String, _ endpoint: String, isForged: Bool = false) throws -> StandInHook {
        let now = Date.seconds, secret: String? = isForged ? "0123456789abcdef0123456789abcdee" : nil
        switch provider {
        case "twilio":
            let twilio = services.twilio
            return twilio.hook(
                [
                    ("AccountSid", twilio.account), ("Body", text), ("From", Self.person),
                    ("MessageSid", "SM\(now)"), ("NumMedia", "0"), ("SmsStatus", "received"),
                    ("To", twilio.number),
                ], to: endpoint, token: secret)
        case "slack":
            let event: JSON = [
                "type": "message", "channel": "C2", "user": "UC", "text": .string(text),
                "ts": .string("\(now).0001"), "channel_type": "channel",
            ]
            return services.slack.event("Ev\(now)", event, at: now, secret: secret)
        default:
            let meta = provider == "messenger" ? services.messenger : services.instagram
            let message: JSONObject = ["mid": .string("m_\(provider)_\(now)"), "text": .string(text)]
            return meta.event(["message": .object(message)], at: now, secret: secret)
        }
    }
}
