import Foundation
import JSON
import StandIns
import Synchronization
import Testing

/// A mail service that takes every mail in its own time, but for what a test has it answer.
final class ScriptedMailService: Sendable {
    /// The requests that it has seen.
    private final class Book: Sendable {
        let asked = Mutex<[ContinuousClock.Instant]>([]), mails = Mutex<[String]>([])
    }

    /// `postmark`, `mailgun` or `sendgrid`.
    let provider: String
    let service: ServiceStandIn
    private let book: Book

    /// `answer` is told how many mails came before; where it answers nothing the mail is taken.
    init(
        _ provider: String, delay: Duration = .zero, isUp: Bool = true,
        _ answer: @escaping @Sendable (Int) -> StandInAnswer? = { _ in nil }
    ) throws {
        let book = Book()
        (self.provider, self.book) = (provider, book)
        service = try ServiceStandIn(isUp: isUp) { request in
            guard request.method == "POST" else { return StandInAnswer(200, Self.found) }
            let number = book.asked.withLock { asked in
                asked.append(.now)
                return asked.count - 1
            }
            usleep(UInt32(delay / .microseconds(1)))
            let said = answer(number) ?? Self.taken(provider, number)
            if said.status < 300, let to = request.text.firstMatch(of: /[a-z0-9.]+@example[0-9]*\.com/) {
                book.mails.withLock { $0.append(String(to.0)) }
            }
            return said
        }
    }

    /// When it was asked to take a mail.
    var asked: [ContinuousClock.Instant] { book.asked.withLock { $0 } }
    /// To whom the mails went that it took.
    var mails: [String] { book.mails.withLock { $0 } }

    /// The answer of a service that takes a mail.
    static func taken(
        _ provider: String, _ number: Int, headers: [(String, String)] = [], more: JSONObject = [:]
    ) -> StandInAnswer {
        var answer: JSONObject =
            switch provider {
            case "postmark": ["MessageID": .string("m\(number)"), "ErrorCode": 0, "Message": "OK"]
            case "mailgun": ["id": .string("<m\(number)@mg.acme.test>"), "message": "Queued."]
            default: [:]
            }
        for (name, value) in more.members { answer[name] = value }
        let isEmpty = answer.members.isEmpty
        return StandInAnswer(
            isEmpty ? 202 : 200, isEmpty ? "" : JSON.object(answer).serialized,
            headers: headers + [("X-Message-Id", "m\(number)")])
    }

    /// Anything that is looked for.
    private static let found =
        #"{"TotalCount":0,"Messages":[],"items":[],"ID":1,"Name":"Acme","scopes":["mail.send"],"#
        + #""domain":{"state":"active"}}"#

    var credentials: JSON {
        switch provider {
        case "postmark": ["server_token": "t", "webhook_username": "bureau", "webhook_password": "s3cret"]
        case "mailgun": ["api_key": "k", "webhook_signing_key": "s"]
        default: ["api_key": "k"]
        }
    }
}

extension Agency {
    func connect(
        _ mail: ScriptedMailService, priority: Int = 1, _ more: JSONObject = [:]
    ) throws -> JSON {
        let made = try connect(
            mail.provider, mail.service.url, credentials: mail.credentials,
            settings: mail.provider == "mailgun" ? ["domain": "mg.acme.test"] : [:], priority: priority)
        return more.members.isEmpty
            ? made : try owner.patch("/v1/integrations/\(made.id)", .object(more)).ok()
    }

    /// Asks for a mail to each of so many new contacts.
    func mail(_ numbers: Range<Int>) throws -> [JSON] {
        try numbers.map { try send(try makeContact($0), ["purpose": "transactional"]) }
    }

    /// The calls of the tool that sends, the oldest first, once none is under way.
    func sendingCalls(
        _ filter: String = "", sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> [JSON] {
        try eventually("the end of what is under way", sourceLocation: sourceLocation) {
            let calls = try owner.every("/v1/tool-calls?tool=send_message\(filter)")
            let isOver = !calls.isEmpty && calls.allSatisfy { $0.text("state") != "held" }
            return isOver ? Array(calls.reversed()) : .none
        }
    }

    func use(of integration: JSON) throws -> JSON {
        try owner.get("/v1/integrations/\(integration.id)/use").ok()
    }

    func openAlerts(of integration: JSON) throws -> [JSON] {
        try owner.every("/v1/alerts?open=true").filter { $0["subject"]?["id"] == .string(integration.id) }
    }
}

/// The code of why a call went where it went.
func why(_ call: JSON) -> String { call["why"]?.text("code") ?? "" }
