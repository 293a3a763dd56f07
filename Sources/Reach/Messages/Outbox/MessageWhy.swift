internal import Database
internal import Jobs
package import People
internal import Tenancy
internal import Wording

/// Why a message leaves by itself, as its recipient reads it in the portal.
package enum MessageWhy: String, Sendable {
    case waits
    case ticketReceived = "ticket_received", ticketDelayed = "ticket_delayed", ticketAnswered =
        "ticket_answered"
    case invoiceSent = "invoice_sent", invoiceOverdue = "invoice_overdue"
    case reportDue = "report_due", reportSent = "report_sent"
    case contractSent = "contract_sent", proposalSent = "proposal_sent"
    case surveyOfAll = "survey_of_all", surveyOfSolved = "survey_of_solved"
    case sendingStopped = "sending_stopped", sendingResumed = "sending_resumed"
}

extension OutboxStore {
    /// Returns the reason in the recipient's language; `name` is that of what it is about, such as a ticket's number.
    package func words(of why: MessageWhy, _ name: String = "", for contact: Contact?) throws -> String {
        let words = try tx.wordings.find(contact?.locale ?? tx.agency.tenant().locale)
        return words("message.why", ["why": .text(why.rawValue), "name": .text(name)])
    }
}
