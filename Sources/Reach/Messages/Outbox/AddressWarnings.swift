internal import JSON
internal import Records
internal import Synchronization

/// The reasons against an address that do not forbid it: shown with `sendability`, for people to decide.
struct AddressWarnings {
    let list: [Reason]

    init(_ address: String?, _ hosts: MailHosts?) {
        guard let address = address.flatMap({ EmailAddress($0) }) else {
            list = []
            return
        }
        var found: [Reason] = []
        if address.isDisposable {
            found.append(
                Reason("disposable_address", "The domain \(address.domain) provides disposable addresses."))
        }
        if address.isRole {
            found.append(
                Reason("role_address", "The address \(address.local)@ is shared, not a person's."))
        }
        if let meant = address.suggestion {
            found.append(Reason("possible_slip", "The address may have a typo: is \(meant) meant?"))
        }
        if address.isFreeMail {
            found.append(
                Reason("free_mail", "The address may be private: \(address.domain) is a free email service."))
        }
        if hosts?.takesMail(address.domain) == false {
            found.append(
                Reason(
                    "no_mail_host",
                    "The domain \(address.domain) accepts no email according to its DNS: email would bounce.")
            )
        }
        list = found
    }
}

/// Which domains take mail, as far as the domain name system has said so lately. Nobody waits for it: who asks about a
/// domain that is not known gets it looked up for the next one.
final class MailHosts: Sendable {
    private struct State {
        /// `nil` while it is asked, or where it could not be told.
        var known: [String: Bool?] = [:]
        /// The domains in the order in which they were first asked about; the oldest are dropped first.
        var order: [String] = []
    }

    /// Names that are kept. What is asked again is told anew.
    private static let kept = 10_000

    private let lookups: DomainLookups
    private let state = Mutex(State())

    init(_ lookups: DomainLookups) { self.lookups = lookups }

    /// `nil` where that is not known (yet).
    func takesMail(_ domain: String) -> Bool? {
        let (answer, isNew) = state.withLock { state -> (Bool?, Bool) in
            if let known = state.known[domain] { return (known, false) }
            state.known[domain] = .some(nil)
            state.order.append(domain)
            if state.order.count > Self.kept { state.known[state.order.removeFirst()] = nil }
            return (nil, true)
        }
        if isNew { Task { await look(domain) } }
        return answer
    }

    private func look(_ domain: String) async {
        let answer: Bool? =
            switch await lookups.mailHosts(domain) {
            case .found(let hosts): hosts.contains { !$0.isEmpty && $0 != "." }
            // Without such a record mail goes to the domain's own address (RFC 5321, 5.1).
            case .absent: await hasAddress(domain)
            case .unclear: nil
            }
        state.withLock { state in
            guard state.known[domain] != nil else { return }
            if let answer {
                state.known[domain] = .some(answer)
            } else {
                // The next who asks has it looked up again.
                state.known[domain] = nil
                state.order.removeAll { $0 == domain }
            }
        }
    }

    private func hasAddress(_ domain: String) async -> Bool? {
        switch await lookups.addresses(domain) {
        case .found(let addresses): !addresses.isEmpty
        case .absent: false
        case .unclear: nil
        }
    }
}
