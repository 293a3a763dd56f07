internal import Records
internal import Synchronization
internal import Telemetry

/// The domains that take mail, as far as the domain name system has said so lately.
package final class MailHosts: Sendable {
    private struct Known {
        /// `nil` where it could not be told.
        let answer: Bool?
        let until: Instant
    }

    private struct State {
        var known: [String: Known] = [:]
        /// The domains in the order in which they were first asked about; the oldest are dropped first.
        var order: [String] = []
        var asked: Set<String> = []
        var knowsTheWorld = false
    }

    /// Names that are kept. What is asked again is told anew.
    private static let kept = 10_000
    /// A domain that takes mail will do so tomorrow; one that takes none may be repaired.
    private static let goodFor: Duration = .seconds(86_400), badFor: Duration = .seconds(3600)
    private static let unclearFor: Duration = .seconds(30)

    private let lookups: DomainLookups
    private let state = Mutex(State())

    package init(_ lookups: DomainLookups) { self.lookups = lookups }

    /// Returns what is known, and waits for nothing: who asks about a domain that is not known gets it looked up for
    /// the next one. `nil` where it is not known (yet).
    package func takesMail(_ domain: String) -> Bool? {
        guard let asked = name(domain) else { return nil }
        let (known, isNew) = state.withLock { state -> (Known?, Bool) in
            let known = state.known[asked].flatMap { $0.until > .steadyClock() ? $0 : nil }
            return (known, known == nil && state.asked.insert(asked).inserted)
        }
        if isNew { Task { await keep(asked) } }
        return known?.answer
    }

    /// Looks a domain up unless it is known; `nil` where it cannot be told.
    package func look(_ domain: String) async -> Bool? {
        guard let asked = name(domain) else { return nil }
        let known = state.withLock { $0.known[asked].flatMap { $0.until > .steadyClock() ? $0 : nil } }
        if let known { return known.answer }
        return await keep(asked)
    }

    /// The name as it is asked for: in ASCII. `nil` for one of which nobody who is asked knows anything.
    private func name(_ domain: String) -> String? {
        guard lookups.knowsReserved || !Self.isReserved(domain) else { return nil }
        return domain
    }

    private static let reserved = ["example", "test", "invalid", "localhost"]

    static func isReserved(_ domain: String) -> Bool {
        let labels = domain.split(separator: ".").map(String.init)
        if let last = labels.last, reserved.contains(last) { return true }
        return labels.count >= 2 && labels[labels.count - 2] == "example"
            && ["com", "net", "org"].contains(labels[labels.count - 1])
    }

    @discardableResult private func keep(_ domain: String) async -> Bool? {
        var answer = await lookUp(domain)
        if answer == false, await !knowsTheWorld() { answer = nil }
        let time = answer == nil ? Self.unclearFor : answer == true ? Self.goodFor : Self.badFor
        state.withLock { state in
            state.asked.remove(domain)
            if state.known.updateValue(Known(answer: answer, until: .steadyClock() + time), forKey: domain)
                == nil
            {
                state.order.append(domain)
                if state.order.count > Self.kept { state.known[state.order.removeFirst()] = nil }
            }
        }
        return answer
    }

    /// Returns whether the name servers know anything of the world outside: in a network without it they say
    /// of every domain that it is not there, which says nothing.
    private func knowsTheWorld() async -> Bool {
        if lookups.knowsReserved || state.withLock({ $0.knowsTheWorld }) { return true }
        let isKnown = await lookUp(Self.surelyThere) == true
        if isKnown { state.withLock { $0.knowsTheWorld = true } }
        return isKnown
    }

    private static let surelyThere = "gmail.com"

    private func lookUp(_ domain: String) async -> Bool? {
        switch await lookups.mailHosts(domain) {
        case .found(let hosts): hosts.contains { !$0.isEmpty && $0 != "." }
        // Without such a record mail goes to the domain's own address (RFC 5321, 5.1).
        case .absent: await hasAddress(domain)
        case .unclear: nil
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
