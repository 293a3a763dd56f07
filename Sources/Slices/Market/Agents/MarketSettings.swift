internal import Agents
internal import JSON
internal import Markup
package import Records

/// An agency's settings for market research.
package struct MarketSettings: AgentSettings {
    package var casesMin = 30
    package var windowDays = 90
    package var errorMax = 0.05
    package var feeds: [String] = []
    package var topics: [String] = []

    package init() {}

    package static let schema = Schema<MarketSettings>(
        "MarketResearchSettings",
        [
            .integer(
                "cases_min", \.casesMin, in: 10...100_000,
                .about("How many cases a finding rests on at least: with fewer nothing is said.")),
            .integer(
                "window_days", \.windowDays, in: 28...365,
                .about("How many days are compared with as many days before them.")),
            .number(
                "error_max", \.errorMax, in: 0.0001...0.2,
                .about("How likely a run may say anything that is chance alone, over all that it tests.")),
            .texts(
                "feeds", \.feeds, max: 20, length: 2000,
                .about("Feeds of the market that are read as often as they change: news, associations, communities.")),
            .texts(
                "topics", \.topics, max: 100, length: 100,
                .about("Words that are counted in feeds and in what leads need, beside those of leads.")),
        ])

    package func check(_ faults: inout Faults) {
        for (index, text) in feeds.enumerated() where PageAddress(text).map({ $0.port != nil }) ?? true {
            faults.add(
                "/feeds/\(index)", "invalid_url",
                "A feed must begin with http:// or https://, without a name and password, on port 80 or 443.")
        }
    }

    var addresses: [PageAddress] { feeds.compactMap { PageAddress($0) } }
}
