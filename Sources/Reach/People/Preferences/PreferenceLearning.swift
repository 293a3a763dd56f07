internal import JSON
internal import Records

/// The answers of somebody, counted with a half-life, and what is learned of them.
struct PreferenceLearning {
    /// After how many days an answer counts half as much.
    static let halfLife = 60.0
    /// As how many answers the average of the agency counts.
    static let prior = 4.0
    /// The weight of answers from which somebody's own habit is told from the average.
    static let enough = 3.0

    /// The weight of what was counted of a value, and the number of times.
    struct Count: Hashable {
        var weight = 0.0
        var observations = 0
    }

    typealias Counts = [PreferenceAspect: [String: Count]]

    let own: Counts
    /// Those of the whole agency.
    let agency: Counts
    /// The number of the agency's contacts who have ever answered, and over how many days theirs were counted.
    var average: (people: Int, days: Double) = (0, 0)

    func preferences() -> [Preference.Name: Preference] {
        [
            .channel: rate(.channel, of: .channelSent, standard: .string(Channel.email.rawValue)),
            .hour: hour(), .weekday: likeliest(.weekday, Preference.Weekday.choices, standard: "tue"),
            .length: rate(.length, of: .lengthSent, standard: "medium"),
            .contentTypes: contents(), .frequency: frequency(),
        ]
    }

    private func total(_ aspect: PreferenceAspect, in counts: Counts) -> Count {
        (counts[aspect] ?? [:]).values.reduce(into: Count()) {
            $0.weight += $1.weight
            $0.observations += $1.observations
        }
    }

    /// Returns how likely each value is: its share of somebody's answers, with the agency's average as so
    /// many answers more.
    private func shares(_ aspect: PreferenceAspect, _ values: [String]) -> [Double] {
        let average = spread(agency[aspect] ?? [:], over: values), mine = total(aspect, in: own).weight
        return values.indices.map { index in
            let weight = own[aspect]?[values[index]]?.weight ?? 0
            return (weight + Self.prior * average[index]) / (mine + Self.prior)
        }
    }

    /// The agency's shares, which begin as equal ones.
    private func spread(_ counts: [String: Count], over values: [String]) -> [Double] {
        let sum = counts.values.reduce(0) { $0 + $1.weight }
        return values.map { value in
            ((counts[value]?.weight ?? 0) + Self.prior / Double(values.count)) / (sum + Self.prior)
        }
    }

    private func likeliest(
        _ aspect: PreferenceAspect, _ values: [String], standard: JSON,
        near: (Int, [Double]) -> Double = { $1[$0] }, value: (String) -> JSON = { .string($0) }
    ) -> Preference {
        let mine = total(aspect, in: own), all = total(aspect, in: agency)
        let shares = shares(aspect, values)
        let scores = values.indices.map { near($0, shares) }
        let best = scores.indices.max { scores[$0] < scores[$1] } ?? 0
        guard mine.weight >= Self.enough else {
            // A contact that has hardly answered is taken for an average one of the agency.
            let isKnown = all.weight >= 10 * Self.enough
            return Preference(
                isKnown ? value(values[best]) : standard, .standard, observations: mine.observations)
        }
        return Preference(
            value(values[best]), .learned, confidence: Self.certainty(min(1, scores[best]), mine.weight),
            observations: mine.observations)
    }

    /// Returns how sure a share is, by how much it rests on.
    private static func certainty(_ share: Double, _ weight: Double) -> Double {
        share * weight / (weight + prior)
    }

    private func hour() -> Preference {
        // Somebody who answers at ten minutes to three may do so at five past three tomorrow.
        likeliest(
            .hour, (0..<24).map(String.init), standard: 10,
            near: { $1[$0] + 0.5 * ($1[($0 + 1) % 24] + $1[($0 + 23) % 24]) },
            value: { Int($0).map { JSON($0) } ?? .null })
    }

    /// The value of which most is answered of what was sent.
    private func rate(
        _ aspect: PreferenceAspect, of sent: PreferenceAspect, standard: JSON
    ) -> Preference {
        let mine = total(aspect, in: own)
        guard mine.weight >= Self.enough, let best = rates(aspect, of: sent).first else {
            return Preference(standard, .standard, observations: mine.observations)
        }
        return Preference(
            .string(best.value), .learned, confidence: Self.certainty(best.rate, mine.weight),
            observations: mine.observations)
    }

    /// The values that somebody answers, best first, each with the share of what was sent that was answered, and the
    /// agency's share as so many messages more.
    func rates(_ aspect: PreferenceAspect, of sent: PreferenceAspect) -> [(value: String, rate: Double)] {
        let found = (own[aspect] ?? [:]).filter { $0.value.weight > 0 }.map { value, answered in
            let average = Self.share(agency[aspect]?[value], of: agency[sent]?[value], 0.1, 10 * Self.prior)
            return (value, Self.share(answered, of: own[sent]?[value], average, Self.prior))
        }
        return found.sorted { ($1.1, $0.0) < ($0.1, $1.0) }
    }

    private static func share(
        _ answered: Count?, of sent: Count?, _ average: Double, _ prior: Double
    ) -> Double {
        let part = answered?.weight ?? 0
        // Messages that were recorded by hand were sent by somebody else.
        let whole = max(part, sent?.weight ?? 0)
        return (part + prior * average) / (whole + prior)
    }

    /// The types that are answered at least half as often as the best one.
    private func contents() -> Preference {
        let mine = total(.content, in: own)
        let rates = rates(.content, of: .contentSent)
        guard mine.weight >= Self.enough, let best = rates.first else {
            return Preference([], .standard, observations: mine.observations)
        }
        let liked = rates.filter { $0.rate >= best.rate / 2 }.map(\.value).sorted()
        return Preference(
            JSON(liked), .learned, confidence: Self.certainty(best.rate, mine.weight),
            observations: mine.observations)
    }

    /// Returns how often somebody answers: in days with an answer of the days that were counted, with those
    /// of the agency's average as so many answers more.
    private func frequency() -> Preference {
        let mine = total(.answered, in: own)
        // Of whom no answer has come for long this tells something, too.
        guard mine.observations >= Int(Self.enough) else {
            return Preference("P7D", .standard, observations: mine.observations)
        }
        let usual = [1.0, 2, 3, 7, 14, 30, 91]
        let days = (Self.days(of: mine) + Self.prior * averageDays) / (mine.weight + Self.prior)
        let nearest = usual.min { max($0 / days, days / $0) < max($1 / days, days / $1) } ?? 7
        return Preference(
            .string("P\(Int(nearest))D"), .learned, confidence: Self.certainty(0.5, mine.weight),
            observations: mine.observations)
    }

    /// The days between two answers of a contact of the agency's, on average of all who ever answered; a week where
    /// nobody knows.
    private var averageDays: Double {
        let all = total(.answered, in: agency)
        guard all.weight >= 10 * Self.enough, average.people > 0 else { return 7 }
        return Self.weight(ofDays: average.days) * Double(average.people) / all.weight
    }

    /// The weight that the last days have together, if each weighed one when it was.
    private static func weight(ofDays days: Double) -> Double {
        halfLife / 0.6931 * (1 - Weight.exp2(-days / halfLife))
    }

    /// The days over which answers were counted, as they weigh now. Of answers that are spread evenly over days, the
    /// more days these are, the less each weighs on average: from that mean, they are found.
    private static func days(of count: Count) -> Double {
        guard count.observations > 0 else { return 0 }
        let mean = min(1, count.weight / Double(count.observations))
        var (low, high) = (0.0, 40 * halfLife)
        for _ in 0..<30 {
            let middle = (low + high) / 2
            if weight(ofDays: middle) > mean * middle { low = middle } else { high = middle }
        }
        return weight(ofDays: low)
    }
}
