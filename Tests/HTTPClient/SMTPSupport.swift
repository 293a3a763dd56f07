import StandIns
import Testing

@testable import HTTPClient

func makeSMTPClient(
    connectionsMax: Int = 64, _ change: (inout HTTPClientConfiguration) -> Void = { _ in }
) -> SMTPClient {
    SMTPClient(mailConfiguration(change), name: "bureau.test", connectionsMax: connectionsMax)
}

/// For servers on 127.0.0.1, whatever name they are given.
func mailConfiguration(
    _ change: (inout HTTPClientConfiguration) -> Void = { _ in }
) -> HTTPClientConfiguration {
    var addresses = AddressGuard(allowsPrivate: false)
    addresses.exceptions = [IPAddress(v4: 0x7F00_0001)]
    var configuration = HTTPClientConfiguration(addresses)
    configuration.lookUp = { _ in [IPAddress(v4: 0x7F00_0001)] }
    change(&configuration)
    return configuration
}

let smallMail = "Subject: Hello\r\n\r\nHello Ann,\r\n.\r\n..two dots\r\nBye\r\n"

func submission(
    _ url: String, upgrade: MailServer.Security = .none, as credentials: MailCredentials? = nil,
    text: String = smallMail, _ change: (inout SMTPSubmission) -> Void = { _ in }
) throws -> SMTPSubmission {
    var submission = SMTPSubmission(
        to: try MailServer(url, upgrade: upgrade), as: credentials, from: "bounce+1@bureau.test",
        to: ["ann@example.com"], Array(text.utf8))
    change(&submission)
    return submission
}

extension SMTPOutcome {
    var accepted: SMTPReply? { if case .accepted(let reply) = self { reply } else { nil } }
    var refusal: SMTPRefusal? { if case .refused(let refusal) = self { refusal } else { nil } }
    var notSent: MailFault? { if case .notSent(let fault) = self { fault } else { nil } }
    var unknown: MailFault? { if case .unknown(let fault) = self { fault } else { nil } }
}
