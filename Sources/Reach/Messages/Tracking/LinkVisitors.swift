package import Database
internal import Synchronization
package import Telemetry

/// Followers of links in the last seconds, by what they show of themselves: people read before they follow another
/// link, and programs do not. Nothing of it is stored.
package final class LinkVisitors: Sendable {
    /// Somebody who follows links: a program at an address, as its requests show them.
    package struct Visitor: Hashable, Sendable {
        private let key: Int

        package init(_ tenant: TenantID, address: String, program: String?) {
            var hasher = Hasher()
            hasher.combine(tenant)
            hasher.combine(address)
            hasher.combine(program)
            key = hasher.finalize()
        }
    }

    /// The judgement of a click, and the clicks before it that turned out to be a program's.
    package struct Verdict: Sendable {
        package let isPerson: Bool
        /// The moments at which people were counted, by their link.
        package let takenBack: [(link: String, moments: [Instant])]
    }

    private struct Recent {
        var clicks: [(link: String, at: Instant, moments: [Instant])] = []
        /// Until when it is known to be a program.
        var programUntil: Instant?
    }

    /// The different links that only a program follows within this time.
    private static let linksMin = 3
    private static let span: Duration = .seconds(2)
    /// More visitors are forgotten, which lets everybody begin anew.
    private static let keptMax = 50_000

    private let recent = Mutex<[Visitor: Recent]>([:])

    package init() {}

    /// Notes that somebody who looks like a person follows a link, which is counted at a moment by the clock of whose
    /// it is.
    package func follow(
        _ link: String, _ visitor: Visitor, at now: Instant, counted moment: Instant
    ) -> Verdict {
        recent.withLock { recent in
            if recent.count > Self.keptMax { recent.removeAll() }
            var own = recent[visitor] ?? Recent()
            defer { recent[visitor] = own }
            own.clicks.removeAll { $0.at + Self.span < now }
            if let until = own.programUntil, until >= now {
                own.programUntil = now + Self.span
                return Verdict(isPerson: false, takenBack: [])
            }
            if let place = own.clicks.firstIndex(where: { $0.link == link }) {
                own.clicks[place].moments.append(moment)
                return Verdict(isPerson: true, takenBack: [])
            }
            guard own.clicks.count + 1 >= Self.linksMin else {
                own.clicks.append((link, now, [moment]))
                return Verdict(isPerson: true, takenBack: [])
            }
            let before = own.clicks.map { (link: $0.link, moments: $0.moments) }
            own = Recent(programUntil: now + Self.span)
            return Verdict(isPerson: false, takenBack: before)
        }
    }
}
