package import JSON

extension SocialNetwork {
    /// The setting of an integration that says what a thousand posts with a link cost, in minor units.
    package static let linkPrice = "link_price"

    /// Returns the price of a part of a post, in millionths of a minor unit, where any call costs `call`. With a link
    /// it costs more on X: as the integration says, or else as much more as X's list of prices has it.
    package func price(of part: String, _ settings: JSONObject, call: Int64) -> Int64 {
        guard self == .x, call > 0, TextLinks.first(in: part[...]) != nil else { return call }
        return settings[Self.linkPrice]?.int.map { $0 * 1000 } ?? call * 40 / 3
    }
}
