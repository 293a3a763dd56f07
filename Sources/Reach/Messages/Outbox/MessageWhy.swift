package import Templates

/// The reason for which a message leaves by itself, as the agency and, in the portal, its recipient read it.
package enum MessageWhy: String, Sendable {
    case waits
    case ticketReceived = "ticket_received", ticketDelayed = "ticket_delayed", ticketAnswered =
        "ticket_answered"
    case ticketEscalated = "ticket_escalated"
    case invoiceSent = "invoice_sent", invoiceOverdue = "invoice_overdue"
    case reportDue = "report_due", reportSent = "report_sent"
    case contractSent = "contract_sent", proposalSent = "proposal_sent"
    case surveyOfAll = "survey_of_all", surveyOfSolved = "survey_of_solved"
    case goalReached = "goal_reached", projectCompleted = "project_completed"
    case clientAnniversary = "client_anniversary", upcomingMilestone = "upcoming_milestone"
    case clientWelcome = "client_welcome", onboardingReminder = "onboarding_reminder"
    case onboardingUpdate = "onboarding_update"
    case campaignWord = "campaign_word"
    case campaignTarget = "campaign_target", campaignThanks = "campaign_thanks"
    case sendingStopped = "sending_stopped", sendingResumed = "sending_resumed"
}

extension MessageWhy {
    /// The reason as it is told; `name` is that of what it is about, such as a ticket's number.
    package func saying(_ name: String = "") -> Saying {
        Saying("message.why", ["why": .text(rawValue), "name": .text(name)])
    }
}
