import JSON
import Records
import Testing

@testable import Templates

/// The names that templates of these tests may use.
let sampleNames = TemplateNames([
    .object(
        "lead",
        [
            .text("company", .required), .text("contact_name"), .text("industry"), .text("notes"),
            .list("pain_points", of: .text), .money("budget"), .instant("created_at", .required),
            .date("founded"), .number("score"), .number("share"), .flag("is_client"), .url("website"),
            .list("offices", of: .object([.text("city", .required), .number("people")])), .open("custom"),
        ]),
    .object("agency", [.text("name", .required)]), .url("booking_url", .required),
    .url("unsubscribe_url", .required),
])

func compile(_ source: String) throws -> Template {
    try Template.compile(source: source, names: sampleNames)
}

private func told(_ source: String) -> [TemplateFault] {
    do throws(TemplateFaults) {
        _ = try Template.compile(source: source, names: sampleNames)
        return []
    } catch {
        return error.faults
    }
}

/// The faults of a source, as `code line:column`.
func faults(_ source: String) -> [String] {
    told(source).map { "\($0.code.rawValue) \($0.line):\($0.column)" }
}

/// Returns the words of the first fault.
func detail(_ source: String) -> String { told(source).first?.detail ?? "" }

/// With the members of a lead.
func rendered(
    _ source: String, _ lead: JSON = [:], for output: Output = .text, locale: String = "en",
    zone: String = "UTC"
) throws -> String {
    try rendering(source, ["lead": lead], for: output, locale: locale, zone: zone).text
}

func rendering(
    _ source: String, _ values: JSON, for output: Output = .text, locale: String = "en", zone: String = "UTC"
) throws -> Template.Rendering {
    try compile(source).render(
        values: values, for: output, locale: TextLocale(locale), zone: #require(TimeZoneRules(named: zone)))
}
