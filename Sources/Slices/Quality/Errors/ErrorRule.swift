internal import JSON
package import Records

/// The way in which the agency wants certain errors to be told: by the beginning of their code, or of what fails.
package struct ErrorRule: Part {
    package var match = ""
    package var category: ErrorPattern.Category?
    package var severity: ErrorPattern.Severity?

    package init() {}

    package static let schema = Schema<ErrorRule>(
        "ErrorRule",
        [
            .text(
                "match", \.match, max: 100, .required, .example("http_5"),
                .about("The beginning of the error's code, or of the component's name.")),
            .choice("category", \.category, .about("The category of such errors.")),
            .choice("severity", \.severity, .about("Their severity, however often they come.")),
        ])
}
