internal import Telemetry

/// Hands mails to servers of SMTP (RFC 6409). Connections are kept for a while, each for one server and one name
/// to sign in with, and used again. How many mails go to a server at once is the caller's to say: each takes a
/// connection, and beyond `connectionsMax` they wait for one another.
package final class SMTPClient: Sendable {
    private let pool: SMTPPool

    /// `name` is a host's, and ours: servers are greeted with it.
    package init(
        _ configuration: HTTPClientConfiguration, name: String = "localhost", connectionsMax: Int = 64,
        keptFor: Duration = .seconds(30)
    ) {
        let isName = name.utf8.allSatisfy {
            ($0 | 0x20) >= 0x61 && ($0 | 0x20) <= 0x7A || "0123456789.-".utf8.contains($0)
        }
        precondition(isName && !name.isEmpty, "a host's name greets a server")
        pool = SMTPPool(configuration, name: name, connectionsMax: connectionsMax, keptFor: keptFor)
    }

    deinit { pool.close() }

    /// Ends what is on its way, and takes nothing more.
    package func close() { pool.close() }

    /// Greets a server and signs in, and sends nothing: `accepted` where it takes us.
    @concurrent package func greet(
        _ server: MailServer, as credentials: MailCredentials?, deadline: Duration = .seconds(30)
    ) async -> SMTPOutcome {
        await send(SMTPSubmission(asking: server, as: credentials, deadline: deadline))
    }

    /// A task that is cancelled breaks it off; where the mail's end has been sent already, its reply is still
    /// waited for, for a moment.
    @concurrent package func send(_ submission: SMTPSubmission) async -> SMTPOutcome {
        do throws(MailFault) { try submission.check() } catch { return .notSent(error) }
        let job = SMTPJob(submission)
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                job.await(continuation)
                pool.place(job)
            }
        } onCancel: {
            pool.cancel(job)
        }
    }
}
