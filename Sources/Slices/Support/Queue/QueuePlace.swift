internal import Database
internal import Jobs
internal import Nouns
internal import Records

/// Where tickets wait: all of them, or those of a category, a team or a person.
struct QueuePlace: Hashable, Sendable, CustomStringConvertible {
    enum Kind: String, CaseIterable, Sendable { case queue, category, team, assignee }

    let kind: Kind
    let id: String

    init(_ kind: Kind, _ id: some Key) { (self.kind, self.id) = (kind, id.keyText) }

    /// As counters name it.
    var description: String { "\(kind.rawValue).\(id)" }

    static let queue = QueuePlace(.queue, "all")
}

extension Ticket {
    /// None, once it is over.
    fileprivate var places: Set<QueuePlace> {
        guard !isOver else { return [] }
        var places: Set = [QueuePlace(.category, category ?? "general")]
        if let teamID { places.insert(QueuePlace(.team, teamID)) }
        if let assigneeID { places.insert(QueuePlace(.assignee, assigneeID)) }
        return places
    }
}

extension SupportQueueStore where Base == Transaction {
    /// Counts where a ticket waits, and on which day it came there and left.
    func countPlaces(from old: Ticket?, to new: Ticket?) throws {
        let before = old?.places ?? [], after = new?.places ?? []
        guard before != after else { return }
        let day = try localDay().iso
        for (places, flow, change) in [
            (after.subtracting(before), QueueFlow.came, 1), (before.subtracting(after), .went, -1),
        ] {
            for place in places {
                try tx.counters.count("tickets.open.\(place)", change)
                if (new ?? old)?.isSample == true { continue }
                try tx.counters.count("tickets.daily.\(day).\(flow.rawValue).\(place)", 1)
            }
        }
    }
}

/// The ways in which tickets move at a place on a day.
enum QueueFlow: String { case came, went }
