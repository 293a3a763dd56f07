import Foundation
import JSON
import Testing

@testable import People

private typealias Counts = PreferenceLearning.Counts

private func learned(_ own: Counts, _ agency: Counts = [:]) -> [Preference.Name: Preference] {
    PreferenceLearning(own: own, agency: agency).preferences()
}

private func counts(_ weights: [String: Double]) -> [String: PreferenceLearning.Count] {
    weights.mapValues { .init(weight: $0, observations: Int($0)) }
}

struct PreferenceLearnings {
    @Test func `nothing known is what is usual, and nothing sure`() {
        for (name, preference) in learned([:]) {
            #expect(preference.source == .standard && preference.confidence == 0, "\(name)")
        }
        #expect(learned([:])[.hour]?.value == 10)
    }

    @Test func `who has hardly answered is taken for one of the agency's contacts`() {
        let agency: Counts = [.hour: counts(["7": 60, "20": 3])]
        let one = learned([.hour: counts(["20": 1])], agency)[.hour]
        #expect(one?.value == 7 && one?.source == .standard && one?.observations == 1)
        let other = learned([.hour: counts(["20": 9])], agency)[.hour]
        #expect(other?.value == 20 && other?.source == .learned)
        #expect((0.2..<1).contains(other?.confidence ?? 0))
    }

    @Test func `answers around an hour are about that hour, over midnight, too`() {
        #expect(learned([.hour: counts(["14": 3, "15": 2, "16": 3, "9": 3])])[.hour]?.value == 15)
        #expect(learned([.hour: counts(["23": 3, "0": 3, "1": 3, "12": 4])])[.hour]?.value == 0)
    }

    @Test func `the channel is the one of whose messages most are answered, not the one with most answers`() {
        let own: Counts = [
            .channel: counts(["email": 10, "whatsapp": 6]),
            .channelSent: counts(["email": 90, "whatsapp": 7]),
        ]
        let learning = PreferenceLearning(own: own, agency: [:])
        #expect(learning.preferences()[.channel]?.value == "whatsapp")
        #expect(learning.rates(.channel, of: .channelSent).map(\.value) == ["whatsapp", "email"])
    }

    @Test func `types of content that are answered at least half as often as the best are liked`() {
        let own: Counts = [
            .content: counts(["educational": 8, "case_study": 6, "company_news": 1]),
            .contentSent: counts(["educational": 10, "case_study": 10, "company_news": 20]),
        ]
        #expect(learned(own)[.contentTypes]?.value == ["case_study", "educational"])
    }

    @Test func `the day is the one of most answers, and the length that of which most is answered`() {
        let own: Counts = [
            .weekday: counts(["mon": 5, "thu": 9]),
            .length: counts(["short": 6, "long": 8]), .lengthSent: counts(["short": 8, "long": 60]),
        ]
        #expect(learned(own)[.weekday]?.value == "thu" && learned(own)[.weekday]?.source == .learned)
        #expect(learned(own)[.length]?.value == "short" && learned(own)[.length]?.source == .learned)
    }

    @Test func `who answers every week is told from who answers every month`() {
        for (days, usual) in [(1.0, "P1D"), (7, "P7D"), (13, "P14D"), (28, "P14D")] {
            #expect(learned([.answered: answers(every: days)])[.frequency]?.value.text == usual, "\(days)")
        }
        // Where everybody answers once a month, whoever does so, too, is no longer drawn towards a week.
        var learning = PreferenceLearning(
            own: [.answered: answers(every: 28)], agency: [.answered: answers(every: 28, of: 50)])
        learning.average = (50, 730)
        #expect(learning.preferences()[.frequency]?.value == "P30D")
    }

    @Test func `whoever has stopped answering is told as somebody who answers seldom, and not as sure`() {
        let found = learned([.answered: ["day": .init(weight: 0.02, observations: 40)]])[.frequency]
        #expect(found?.value == "P30D" && found?.source == .learned && (found?.confidence ?? 1) < 0.01)
    }

    @Test func `somebody who has answered every week for a month or so does so each week, not each fortnight`() {
        let days = (0..<6).map { Double(3 + 7 * $0) }
        let weight = days.reduce(0) { $0 + exp2(-$1 / 60) }
        let found = learned([.answered: ["day": .init(weight: weight, observations: 6)]])[.frequency]
        #expect(found?.value == "P7D" && found?.observations == 6)
    }

    /// Returns the counts of people who have answered once in so many days, for two years.
    private func answers(every days: Double, of people: Int = 1) -> [String: PreferenceLearning.Count] {
        let each = stride(from: days, through: 730, by: days).map { exp2(-$0 / 60) }
        return [
            "day": .init(
                weight: each.reduce(0, +) * Double(people), observations: each.count * people)
        ]
    }

    @Test func `the more it rests on, the surer it is`() {
        let sure = [4.0, 8, 40, 400].map { learned([.hour: counts(["9": $0])])[.hour]?.confidence ?? 0 }
        #expect(sure == sure.sorted() && Set(sure).count == 4 && sure.allSatisfy { $0 > 0 && $0 < 1 })
    }
}
