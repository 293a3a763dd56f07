package import Agents
package import Integrations
package import JSON
package import Telemetry

/// A network that takes back what stands there. Whatever is taken away twice is gone all the same, so that a call whose
/// answer was lost may be made again.
package protocol SocialRemoving: SocialPublishing {
    /// Takes a part of a post away; that it is gone already is no failure.
    func remove(
        _ part: String, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure)
    /// Returns whether a part still stands.
    func stands(
        _ part: String, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> Bool
    /// Returns the price of taking a part away, in millionths of a minor unit, where any call costs `call`.
    func price(ofRemoving settings: JSONObject, call: Int64) -> Int64
}

extension SocialRemoving {
    package func price(ofRemoving settings: JSONObject, call: Int64) -> Int64 { call }
}

/// A network at which films that stand get other words and other thumbnails. What is set is absolute: setting it twice
/// leaves it as it is.
package protocol FilmChanging: SocialPublishing {
    /// Returns the words about a film as they stand there now.
    func words(
        of film: String, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> FilmText
    /// Sets some of the words about a film, and returns all of them as they were before.
    func set(
        _ change: FilmText.Change, of film: String, _ access: IntegrationAccess, _ reach: ConnectorCall
    ) async throws(ToolFailure) -> FilmText
    func setThumbnail(
        _ picture: [UInt8], _ type: String, of film: String, _ access: IntegrationAccess,
        _ reach: ConnectorCall
    ) async throws(ToolFailure)
}

/// The words about a film at its network.
package struct FilmText: Hashable, Sendable {
    package var title = "", text = ""
    package var tags: [String] = []

    package init() {}

    /// The words that are to be others; `nil`: they stay.
    package struct Change: Hashable, Sendable {
        package var title: String?, text: String?
        package var tags: [String]?

        package init(title: String?, text: String?, tags: [String]?) {
            (self.title, self.text, self.tags) = (title, text, tags)
        }

        package var isEmpty: Bool { title == nil && text == nil && tags == nil }
    }

    /// Returns whether they are as a change wants them. Networks trim what they are given.
    package func are(_ change: Change) -> Bool {
        func same(_ wanted: String?, _ own: String) -> Bool {
            wanted.map { Self.plain($0).trimmedText == own.trimmedText } ?? true
        }
        return same(change.title, title) && same(change.text, text)
            && (change.tags.map { $0.map { Self.plain($0).trimmedText } == tags.map(\.trimmedText) } ?? true)
    }

    /// A text without angle brackets, which networks of films do not take.
    package static func plain(_ text: String) -> String {
        text.replacing("<", with: "‹").replacing(">", with: "›")
    }
}

extension String {
    fileprivate var trimmedText: Substring {
        var text = self[...]
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }
}

/// A network that tells how films do day by day.
package protocol FilmMeasuring: SocialPublishing {
    /// Returns how a film did on days that are over, by their dates; a day that is left out is not known.
    func days(
        of film: String, from first: CivilDate, to last: CivilDate, _ access: IntegrationAccess,
        _ reach: ConnectorCall
    ) async throws(ToolFailure) -> [CivilDate: FilmDay]
}

/// The figures of a film on one day.
package struct FilmDay: Hashable, Sendable {
    package let views: Int, minutes: Int

    package init(views: Int, minutes: Int) { (self.views, self.minutes) = (views, minutes) }
}
