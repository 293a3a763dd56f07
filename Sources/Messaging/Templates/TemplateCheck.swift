internal import JSON
internal import Templates

/// What would better be otherwise in a template, told with its preview.
enum TemplateCheck {
    static func warnings(of template: MessageTemplate, _ written: Written) -> [JSON] {
        written.missing.map { use in
            [
                "code": "missing_fallback",
                "detail": .string("\(use.path) is empty here, and nothing stands in for it: add a default."),
                "line": JSON(use.line), "column": JSON(use.column),
            ]
        }
    }
}
