internal import JSON
internal import Records

/// The settings that every integration takes beside `base_url`, whatever its provider.
enum CommonSetting {
    static let cacheFor = "cache_for"
    private static let cacheMax: Duration = .seconds(3650 * 86_400)

    static let all = [
        SettingField(
            cacheFor, .text(max: 20),
            "How long answers are kept, as P30D; without it, as long as each kind of answer is good for."),
        SettingField(
            "max_concurrent", .integer(1...1000),
            "How many calls go there at once; without it, as many as the service takes."),
        SettingField(
            "calls_per_second", .number(0.01...1000),
            "How many calls begin within a second; without it, as many as the service takes."),
    ]

    static subscript(name: String) -> SettingField? { all.first { $0.name == name } }

    /// Adds the fault of a value that its kind alone does not tell.
    static func check(_ name: String, _ value: JSON, at pointer: String, _ faults: inout Faults) {
        guard name == cacheFor, let text = value.text else { return }
        guard let time = Duration(iso8601: text), time > .zero, time <= cacheMax else {
            return faults.add(
                pointer, "invalid_duration", "cache_for must be a duration such as PT12H or P30D.")
        }
    }
}

extension IntegrationProvider {
    /// Whether its answers are kept, so that people are shown for how long.
    var keepsAnswers: Bool {
        !capabilities.isDisjoint(with: [.emailVerification, .companyEnrichment, .leadSource])
    }

    /// The settings that people are shown.
    var shownSettings: [SettingField] { settings + (keepsAnswers ? CommonSetting.all : []) }
}
