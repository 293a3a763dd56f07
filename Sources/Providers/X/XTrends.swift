package import Agents
package import Integrations
package import JSON
internal import Records
package import Social

/// The trends of a place on X, by its WOEID: https://docs.x.com/x-api/trends. X tells them to apps alone.
extension XNetwork: TrendTelling {
    /// The credential by which the app itself asks.
    static let appToken = "app_token"
    private static let countMax = 50, lengthMax = 200

    package func price(ofTrends count: Int, _ settings: JSONObject, call: Int64) -> Int64 {
        price(ofReading: count, settings, call: call)
    }

    package func trends(
        at place: Int, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> [ToldTrend] {
        let token = access.credential(Self.appToken)
        guard !token.isEmpty else {
            throw ToolFailure(
                "app_token_missing", "X tells trends to apps alone: give the integration its app_token.",
                isRetryable: false)
        }
        let path = "/2/trends/by/woeid/\(place)?max_trends=\(Self.countMax)&trend.fields=trend_name,tweet_count"
        let request = ServiceWire.Request(
            "GET", access.baseURL + path, headers: [("Authorization", "Bearer \(token)")])
        let answer = try await ask(request, access, reach, isPartly: true)
        var seen: Set<String> = []
        return Array(
            (answer["data"]?.array ?? []).compactMap { json -> ToldTrend? in
                guard let name = json["trend_name"]?.words, Self.isName(name),
                    seen.insert(name.lowercased()).inserted
                else { return nil }
                let count = json["tweet_count"]?.int.flatMap { $0 >= 0 ? Int($0) : nil }
                return ToldTrend(name, count: count)
            }.prefix(Self.countMax))
    }

    /// Anybody makes trends: what is no line of words is none.
    private static func isName(_ name: String) -> Bool {
        name.count <= lengthMax && name.contains(where: \.isLetter)
            && name.unicodeScalars.allSatisfy { scalar in
                scalar.value >= 0x20 && scalar.value != 0x7F && !scalar.properties.isBidiControl
                    && !scalar.properties.isNoncharacterCodePoint
            }
    }
}
