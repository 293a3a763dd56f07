import Foundation
import JSON
import TestRandomness

/// Somebody with whom an agency keeps in touch: since when it knows them, where they are, and what they do one day.
struct Acquaintance: Sendable {
    enum Manner: Sendable {
        case silent
        case answers
        /// Asks in an answer not to be written to any more.
        case saysStop
        /// Follows the link in a mail that ends all mails.
        case clicksAway
        /// Asks by phone not to be written to: a person notes it.
        case isTakenOff
        case bounces
        case buys
        /// Is sold to for a while, and buys nothing.
        case declines
        /// Is in a sequence of the agency's own for a while, which goes first.
        case isCalled
        case asksForMore
    }

    let number: Int
    let manner: Manner
    let place: (country: String, location: String, zone: String)
    /// For how many days the agency has known them when they come in.
    let knownFor: Int
    /// The days of the story on which they come in, and on which they do what they do.
    let comesOn: Int, actsOn: Int
    let actsAt: Int

    var zone: TimeZone { TimeZone(identifier: place.zone) ?? .gmt }
    var email: String { "jane\(number)@example\(number).com" }

    func lead(known now: Date) -> JSON {
        var more: JSONObject = ["country": .string(place.country), "location": .string(place.location)]
        if knownFor > 0 { more["known_since"] = .string((now - Double(knownFor) * 86_400).iso) }
        return ScenarioTests.lead(number, more)
    }

    private static let manners: [(Manner, Int)] = [
        (.silent, 10), (.answers, 4), (.saysStop, 2), (.clicksAway, 2), (.isTakenOff, 1), (.bounces, 1),
        (.buys, 2), (.declines, 2), (.isCalled, 2), (.asksForMore, 2),
    ]
    private static let ages = [0, 0, 10, 45, 85, 200, 340, 400, 600, 800]

    /// Returns so many of them, the same ones for the same seed; every tenth comes later.
    static func all(_ count: Int, days: Int, seed: UInt64) -> [Acquaintance] {
        var chance = SeededGenerator(seed)
        let manners = manners.flatMap { Array(repeating: $0, count: $1) }
        return (0..<count).map { number in
            let comesOn = number % 10 == 9 ? 1 + chance.below(days / 2) : 0
            let age = chance.below(ages.count), more = chance.below(10)
            return Acquaintance(
                number: number, manner: manners[chance.below(manners.count)],
                place: Prospect.places[number % Prospect.places.count], knownFor: ages[age] + more,
                comesOn: comesOn, actsOn: comesOn + 4 + chance.below(days - comesOn - 40),
                actsAt: chance.below(24))
        }
    }
}
