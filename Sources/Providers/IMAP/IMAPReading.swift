internal import HTTPClient
internal import Mail
internal import Messages
internal import Telemetry

/// A folder over IMAP, as polls want it.
struct IMAPReading: OpenMailbox {
    let mailbox: IMAPMailbox

    static func open(
        _ folder: String, on server: MailServer, as credentials: MailCredentials, readOnly: Bool,
        by client: IMAPClient
    ) async throws(MailboxFailure) -> IMAPReading {
        do throws(IMAPError) {
            return IMAPReading(
                mailbox: try await client.open(
                    folder, on: server, as: credentials, readOnly: readOnly, deadline: .seconds(120)))
        } catch {
            throw MailboxFailure(error)
        }
    }

    var validity: UInt32 { mailbox.state.validity }

    func lastUID() async throws(MailboxFailure) -> UInt32 {
        if let next = mailbox.state.nextUID { return next &- 1 }
        return try await uids(above: 0).last ?? 0
    }

    func uids(above last: UInt32) async throws(MailboxFailure) -> [UInt32] {
        do throws(IMAPError) { return try await mailbox.uids(above: last) } catch {
            throw MailboxFailure(error)
        }
    }

    func glance(at uid: UInt32) async throws(MailboxFailure) -> MailboxEnvelope? {
        do throws(IMAPError) {
            return try await mailbox.glance(at: uid).map { glance in
                MailboxEnvelope(
                    size: glance.size, receivedAt: glance.receivedAt,
                    messageID: ReceivedMail(mime: glance.names).messageID?.description)
            }
        } catch {
            throw MailboxFailure(error)
        }
    }

    func fetch(_ uid: UInt32, sizeMax: Int) async throws(MailboxFailure) -> MailboxItem {
        do throws(IMAPError) {
            return try await mailbox.fetch(uid, sizeMax: sizeMax).map { .mail($0.bytes) } ?? .gone
        } catch {
            if case .fault(.tooLarge(limit: sizeMax)) = error { return .tooLarge }
            throw MailboxFailure(error)
        }
    }

    func markSeen(_ uid: UInt32) async throws(MailboxFailure) {
        do throws(IMAPError) { try await mailbox.markSeen(uid) } catch { throw MailboxFailure(error) }
    }

    func close() { mailbox.close() }
}

extension MailboxFailure {
    init(_ error: IMAPError) {
        switch error {
        case .signInRefused: self = .signInRefused(error.description)
        case .refused, .fault: self = .unreachable(error.description)
        }
    }
}
