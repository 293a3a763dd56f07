package import JSON
package import Records

/// The text of a mail with places for values: a small, logic-poor language in the manner of Liquid.
///
///     Hi {{ lead.contact_name | first_name | default: "there" }},
///     {% if lead.pain_points %}
///     {% for point in lead.pain_points limit: 3 %}
///     - {{ point }}
///     {% endfor %}
///     {% endif %}
///
/// It has no code, no includes and no effects; what it costs is bounded (`TemplateLimits`). A line that
/// holds nothing but tags is no line of the result. `docs/templates.md` is the page for those who write
/// templates.
package struct Template: Sendable {
    package let source: String
    let nodes: [Node]
    /// Names that may be missing, are put out without a `default`, and in no block that asks for them.
    package let withoutFallback: [Use]
    /// Every name that occurs, as it is written.
    package let named: Set<String>

    /// The result of one rendering.
    package struct Rendering: Hashable, Sendable {
        package let text: String
        /// Names that were empty, and had nothing to stand in; each once.
        package let missing: [Use]
    }

    /// Every fault of the source is told, not only the first one.
    package static func compile(
        source: String, names: TemplateNames
    ) throws(TemplateFaults) -> Template {
        let compiled = try Compiler.compile(source, names)
        return Template(
            source: source, nodes: compiled.nodes, withoutFallback: compiled.bare, named: compiled.named)
    }

    /// Values that the names do not speak of are never reached. Throws `too_large` when the values make more
    /// of the template than its limits allow; nothing else can go wrong.
    package func render(
        values: JSON, for output: Output, locale: TextLocale, zone: TimeZoneRules
    ) throws(TemplateFaults) -> Rendering {
        var renderer = Renderer(values, output, ValueFormat(locale: locale, zone: zone))
        do throws(Renderer.Exceeded) {
            try renderer.run(nodes)
        } catch {
            var map = SourceMap(Array(source.utf8))
            let place = map.place(of: error.offset)
            throw TemplateFaults(
                [TemplateFault(.tooLarge, line: place.line, column: place.column, error.detail)])
        }
        let isLine = if case .subject = output { true } else { false }
        return Rendering(
            text: isLine ? Escape.line(renderer.bytes) : String(decoding: renderer.bytes, as: UTF8.self),
            missing: renderer.missing)
    }
}
