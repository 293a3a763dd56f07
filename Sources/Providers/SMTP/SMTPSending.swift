internal import Agents
internal import Foundation
internal import HTTPClient
internal import Integrations
internal import Mail
internal import Messages
internal import Records

/// The sending that connectors which speak SMTP have in common.
extension SMTPClient {
    /// One attempt. The mail is signed as it leaves: what is signed are its bytes.
    func send(
        _ mail: OutgoingMail, to server: MailServer, as credentials: MailCredentials?, _ permit: Permit
    ) async -> SendOutcome {
        let text = mail.signers.reduce(mail.mime()) { $1.signed($0, at: mail.date) }
        permit.reach.note(bytes: text.count)
        let submission = SMTPSubmission(
            to: server, as: credentials, from: mail.from.address.description,
            to: [mail.to.address.description], text)
        let outcome = await send(submission)
        switch outcome {
        case .accepted, .refused: permit.reach.noteAnswer()
        case .notSent, .unknown: break
        }
        switch outcome {
        case .accepted(let reply): return .accepted(providerID: queueID(reply.text))
        case .refused(let refusal): return SendOutcome(refusal)
        case .notSent(let fault): return .later(code: "not_sent", detail: "\(fault)", after: nil)
        case .unknown(let fault): return .unknown(detail: "\(fault)")
        }
    }

    /// Returns whether a server takes us: it is greeted, and signed in to.
    func check(_ server: MailServer, as credentials: MailCredentials?) async -> IntegrationCheck {
        switch await greet(server, as: credentials) {
        case .accepted: .good("The server greets us and lets us sign in.")
        case .refused(let refusal):
            refusal.isPermanent
                ? .bad(code: "smtp_\(refusal.reply.code)", detail: refusal.words)
                : .unclear(code: "smtp_\(refusal.reply.code)", detail: refusal.words)
        case .notSent(let fault), .unknown(let fault):
            fault.isPermanent
                ? .bad(code: "invalid_server", detail: "\(fault)")
                : .unclear(code: "unreachable", detail: "\(fault)")
        }
    }
}

extension SendRefusal {
    static func invalidServer(_ fault: MailFault) -> SendRefusal {
        SendRefusal(.account, code: "invalid_server", detail: "\(fault)")
    }
}

extension SMTPRefusal {
    fileprivate var words: String { "\(reply.code) \(reply.text)" }
}

extension SendOutcome {
    /// RFC 5321 §4.2, RFC 3463: what is wrong with the recipient, with the mail, and with us.
    init(_ refusal: SMTPRefusal) {
        let (reply, detail) = (refusal.reply, refusal.words)
        let code = "smtp_\(reply.code)"
        guard refusal.isPermanent else {
            self = .later(code: code, detail: detail, after: nil)
            return
        }
        switch refusal.stage {
        case .connect, .tls, .auth, .sender:
            self = .refused(SendRefusal(.account, code: code, detail: detail))
        case .recipient, .data:
            let isMailbox =
                reply.status.map { $0.hasPrefix("5.1.") || $0 == "5.2.1" }
                ?? [550, 551, 553].contains(reply.code)
            self = .refused(SendRefusal(isMailbox ? .recipient : .message, code: code, detail: detail))
        }
    }
}

/// Many servers say by which name they queued it: `queued as 4XyZ`.
private func queueID(_ text: String) -> String? {
    guard let range = text.range(of: "queued as ") else { return nil }
    let id = text[range.upperBound...].prefix { $0.isLetter || $0.isNumber || $0 == "-" }
    return id.isEmpty ? nil : String(id)
}
