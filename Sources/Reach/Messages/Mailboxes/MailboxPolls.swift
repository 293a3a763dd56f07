internal import Database
internal import Integrations
internal import JSON
internal import Jobs
internal import Records

/// Begins to poll mailboxes when they are connected or changed; each poll sees to the next.
struct MailboxPolls: EventConsumer {
    let providers: IntegrationProviders

    func begin(_ runtime: Runtime) {}

    func published(_ event: () -> Event, in tx: Transaction) throws {
        guard let integration = try Integration.connected(by: event(), in: tx),
            integration.isPolled(by: providers)
        else { return }
        // The job may wait for just this change, such as new credentials.
        if let job = try tx.jobs.live(MailboxPollJob.self, uniqueKey: integration.id) {
            try tx.jobs.hasten(job)
        }
        try tx.mailboxes.enqueuePoll(of: integration.id)
    }
}

extension Integration {
    /// Returns whether it is a mailbox that is read.
    func isPolled(by providers: IntegrationProviders) -> Bool {
        status == .active && environment == .live && providers[provider] is any MailboxReading
            && (capability == .emailReceiving || settings["receive"]?.flag == true)
    }
}
