internal import Agents
internal import Database
internal import Jobs
internal import JSON
package import Records
package import Telemetry

/// The time for which a lead has been known, as a word: each has a rhythm in which the agency gets in touch.
package enum LifecycleStage: String, Choice {
    case fresh, warm, nurturing, dormant, archived
    /// A lead that was won; it ages no more.
    case customer

    /// The stages that a lead goes through by its age, in their order.
    package static let byAge: [LifecycleStage] = [.fresh, .warm, .nurturing, .dormant, .archived]
}

/// The kind of text that the person of a lead reads most easily.
package enum TechnicalLevel: String, Choice {
    case developer
    case nonTechnical = "non_technical"
    case businessUser = "business_user"
}

/// The stages by age of an agency: where each begins, and how often one gets in touch there.
package struct LifecyclePlan: Sendable {
    package struct Stage: Hashable, Sendable {
        package let name: LifecycleStage
        /// The first day of age, counted from 0.
        package var from: Int
        package var touchEvery: String

        package var rhythm: Duration { Duration(iso8601: touchEvery) ?? .zero }

        package init(_ name: LifecycleStage, from day: Int, every touch: String) {
            (self.name, from, touchEvery) = (name, day, touch)
        }
    }

    /// One for each of `LifecycleStage.byAge`, in their order; the first begins on day 0.
    package var stages: [Stage]
    /// The zone in whose days leads grow older: where the agency is.
    package var zone = TimeZoneRules.utc

    package static let standard = LifecyclePlan(stages: [
        Stage(.fresh, from: 0, every: "P7D"), Stage(.warm, from: 31, every: "P14D"),
        Stage(.nurturing, from: 91, every: "P30D"), Stage(.dormant, from: 366, every: "P91D"),
        Stage(.archived, from: 731, every: "P365D"),
    ])

    package init(stages: [Stage]) { self.stages = stages }

    package subscript(name: LifecycleStage) -> Stage? { stages.first { $0.name == name } }

    /// Returns the last day of a stage; `nil` for the last one.
    package func lastDay(of name: LifecycleStage) -> Int? {
        guard let place = stages.firstIndex(where: { $0.name == name }), place + 1 < stages.count else {
            return nil
        }
        return stages[place + 1].from - 1
    }

    /// Returns the stage of an age in whole days.
    package func stage(ofAge days: Int) -> LifecycleStage {
        stages.last { $0.from <= days }?.name ?? .fresh
    }

    /// Returns the age of what has been known since a moment: the days of the calendar since the one on which it came,
    /// so that everybody of a day comes into the next stage on the same day.
    package func age(since known: Instant, at now: Instant) -> Int { max(0, day(of: now) - day(of: known)) }

    /// Returns when what has been known since a moment leaves a stage, with the beginning of a day; `nil` for the last
    /// one.
    package func end(of name: LifecycleStage, since known: Instant) -> Instant? {
        lastDay(of: name).map { last in
            let date = CivilDate(daysSinceEpoch: day(of: known) + last + 1)
            return zone.firstInstant(atOrAfter: LocalTime(date, hour: 0))
        }
    }

    private func day(of moment: Instant) -> Int { zone.local(of: moment).date.daysSinceEpoch }
}

extension Lead {
    /// Sets the stage of the lead's age, and when that ends. Who is a customer ages no more, nor does what was put
    /// away.
    mutating func age(by plan: LifecyclePlan, at now: Instant) {
        guard status != .won else {
            (lifecycleStage, lifecycleDue) = (.customer, nil)
            return
        }
        guard status != .archived else {
            lifecycleDue = nil
            return
        }
        let known = knownSince ?? createdAt
        lifecycleStage = plan.stage(ofAge: plan.age(since: known, at: now))
        lifecycleDue = plan.end(of: lifecycleStage, since: known)
    }

    /// Settles since when the lead has been known, and with that its stage, where either may have changed.
    mutating func settleAge(replacing old: Lead?, by plan: LifecyclePlan? = nil, in tx: Transaction) throws {
        if knownSince == nil { knownSince = createdAt }
        if let known = knownSince, known > tx.now, known != createdAt {
            throw Problem(faults: [
                Fault("/known_since", "out_of_range", "known_since must not be in the future.")
            ])
        }
        let isAgeing = status != .won && status != .archived
        let wasAgeing = old.map { $0.status != .won && $0.status != .archived }
        guard old == nil || old?.knownSince != knownSince || wasAgeing != isAgeing || old?.status == .won
        else { return }
        age(by: try plan ?? tx.lifecycle.notedPlan(), at: tx.now)
    }

    /// The payload of the event of a change of stage.
    static func lifecyclePayload(from old: LifecycleStage, to new: LifecycleStage) -> JSON {
        ["from": .string(old.rawValue), "to": .string(new.rawValue)]
    }
}
